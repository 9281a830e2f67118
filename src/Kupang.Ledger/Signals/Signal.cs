using Kupang.Ledger.CashBoxes;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Signals;

public enum SignalKind
{
    ReceiptGap,
    PostingLag,
    UndepositedCash,
    IdenticalAmounts,
    MovedBetweenBorrowers,
    OutsideMeetingDay,
    AfterCashClose,
}

/// <summary>Something that a supervisor looks at. It says what happened and proves nothing about anybody.</summary>
/// <param name="Sequences">The facts it is about, by number; none where it is about a fact that is missing.</param>
/// <param name="On">The day it is about.</param>
/// <param name="Days">How long, where it is about a time.</param>
/// <param name="StaffId">Who took the money, had the box or holds the receipts.</param>
/// <param name="ReceiptNumber">The receipt, or the first of several that are missing, up to <paramref name="ReceiptNumberTo"/>.</param>
public sealed record Signal(
    SignalKind Kind,
    IReadOnlyList<long> Sequences,
    DateOnly? On = null,
    int? Days = null,
    Money? Amount = null,
    StaffId? StaffId = null,
    IReadOnlyList<LoanId>? LoanIds = null,
    MoneyAccountId? MoneyAccountId = null,
    ReceiptBookId? ReceiptBookId = null,
    string? ReceiptNumber = null,
    string? ReceiptNumberTo = null,
    string? Detail = null);

/// <summary>What makes a signal, in words, and from which count on.</summary>
public sealed record SignalDefinition(SignalKind Kind, string Meaning, int? Threshold = null);

/// <summary>A fact, and the business day on which it was recorded.</summary>
public sealed record SeenFact(RecordedFact Fact, DateOnly RecordedOn)
{
    public Envelope Envelope => Fact.Envelope;

    public StaffId? Handler => Envelope.HandledBy ?? Envelope.Actor.StaffId;
}

/// <summary>How each signal is found. Pure functions over facts and what they add up to.</summary>
public static class SignalRules
{
    /// <summary>A fact from the field is keyed in within so many days; an officer without a signal comes by within them.</summary>
    public const int LagDays = 3;

    /// <summary>Cash is banked within so many days.</summary>
    public const int CashDays = 3;

    /// <summary>As many loans that pay the very same sum to one person on one day.</summary>
    public const int Cluster = 5;

    public static IReadOnlyList<SignalDefinition> Definitions { get; } =
    [
        new(SignalKind.ReceiptGap, "A number of a receipt book that is missing below the highest used one of its range, was never given out, was used by another holder than it was given to, or was declared void and used."),
        new(SignalKind.PostingLag, "A money fact that was recorded more than so many days after it happened.", LagDays),
        new(SignalKind.UndepositedCash, "A cash box that holds more than its limit, or money that came in more than so many days ago; the last money in is taken to be the last out.", CashDays),
        new(SignalKind.IdenticalAmounts, "So many loans or more of which the same person took the very same sum on the same day.", Cluster),
        new(SignalKind.MovedBetweenBorrowers, "A repayment that was taken back and then recorded for another loan, under the same receipt or with the same sum on the same day."),
        new(SignalKind.OutsideMeetingDay, "A repayment of a group's loan on a day on which the group does not meet."),
        new(SignalKind.AfterCashClose, "A fact that changed the cash of a day after it was counted and closed."),
    ];

    public static IEnumerable<Signal> PostingLags(IEnumerable<SeenFact> facts) =>
        from seen in facts
        let days = seen.RecordedOn.DayNumber - seen.Envelope.EffectiveOn.DayNumber
        where days > LagDays && seen.Fact.Data is IMoneyFact and INumberedFact and not IReversal
        select new Signal(SignalKind.PostingLag, [seen.Envelope.Sequence], seen.Envelope.EffectiveOn, days, StaffId: seen.Handler);

    public static IEnumerable<Signal> AfterCashClose(IEnumerable<SeenFact> facts) =>
        from seen in facts
        where seen.Envelope.AfterCashClose == true
        select new Signal(
            SignalKind.AfterCashClose, [seen.Envelope.Sequence], seen.Envelope.EffectiveOn, StaffId: seen.Handler, MoneyAccountId: seen.Envelope.MoneyAccount);

    public static IEnumerable<Signal> IdenticalAmounts(IEnumerable<SeenFact> facts) =>
        from seen in facts
        where seen.Fact.Data is RepaymentRecorded && seen.Handler is not null
        let repayment = (RepaymentRecorded)seen.Fact.Data
        group (seen, repayment) by (seen.Handler, seen.Envelope.EffectiveOn, repayment.Amount) into same
        let loans = same.Select(row => row.repayment.LoanId).Distinct().ToArray()
        where loans.Length >= Cluster
        select new Signal(
            SignalKind.IdenticalAmounts,
            [.. same.Select(row => row.seen.Envelope.Sequence).Order()],
            same.Key.EffectiveOn,
            Amount: same.Key.Amount,
            StaffId: same.Key.Handler,
            LoanIds: loans);

    /// <param name="takenBack">The repayment that a reversal took back.</param>
    public static IEnumerable<Signal> MovedBetweenBorrowers(IReadOnlyList<SeenFact> facts, Func<TransactionId, RecordedFact?> takenBack)
    {
        foreach (var reversal in facts)
        {
            if (reversal.Fact.Data is not RepaymentReversed reversed || takenBack(reversed.TransactionId) is not { Data: RepaymentRecorded before } original)
            {
                continue;
            }

            foreach (var later in facts.Where(seen => seen.Envelope.Sequence > reversal.Envelope.Sequence))
            {
                if (later.Fact.Data is RepaymentRecorded after && after.LoanId != before.LoanId && IsSame(original, before, later.Fact, after))
                {
                    yield return new Signal(
                        SignalKind.MovedBetweenBorrowers,
                        [original.Envelope.Sequence, reversal.Envelope.Sequence, later.Envelope.Sequence],
                        later.Envelope.EffectiveOn,
                        Amount: after.Amount,
                        StaffId: later.Handler,
                        LoanIds: [before.LoanId, after.LoanId],
                        ReceiptNumber: later.Envelope.Paper?.Number);
                }
            }
        }
    }

    /// <param name="groupOf">The group that a loan belongs to, if it is one's.</param>
    public static IEnumerable<Signal> OutsideMeetingDay(IEnumerable<SeenFact> facts, Func<LoanId, Group?> groupOf) =>
        from seen in facts
        where seen.Fact.Data is RepaymentRecorded
        let loanId = ((RepaymentRecorded)seen.Fact.Data).LoanId
        where groupOf(loanId)?.Meeting is { } meeting && !MeetsOn(meeting, seen.Envelope.EffectiveOn)
        select new Signal(SignalKind.OutsideMeetingDay, [seen.Envelope.Sequence], seen.Envelope.EffectiveOn, StaffId: seen.Handler, LoanIds: [loanId]);

    /// <summary>The last money in is taken to be the last out, so what is left came in last: the age is the least that it can be.</summary>
    /// <param name="received">What came in on each day, whatever went out on it.</param>
    public static Signal? UndepositedCash(MoneyAccount box, long balance, IEnumerable<(DateOnly Day, long MinorUnits)> received, DateOnly day)
    {
        if (!box.IsCashBox || balance <= 0)
        {
            return null;
        }

        var since = day;
        var found = 0L;
        foreach (var (on, minorUnits) in received.Where(of => of.Day <= day).OrderByDescending(of => of.Day))
        {
            since = on;
            if ((found += minorUnits) >= balance)
            {
                break;
            }
        }

        var days = day.DayNumber - since.DayNumber;
        var isOverLimit = balance > box.OpenLimit?.MinorUnits;
        return isOverLimit || days > CashDays
            ? new Signal(
                SignalKind.UndepositedCash,
                [],
                since,
                days,
                Money.OfMinorUnits(balance, box.Currency),
                box.CustodianOn(day),
                MoneyAccountId: box.Id,
                Detail: isOverLimit ? "open-limit-exceeded" : "too-long")
            : null;
    }

    public static IEnumerable<Signal> ReceiptGaps(ReceiptGapsAnswer gaps)
    {
        foreach (var missing in gaps.Missing)
        {
            yield return new Signal(
                SignalKind.ReceiptGap,
                [],
                StaffId: missing.StaffId,
                ReceiptBookId: gaps.ReceiptBookId,
                ReceiptNumber: string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{gaps.Prefix}{missing.From}"),
                ReceiptNumberTo: string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{gaps.Prefix}{missing.To}"),
                Detail: "missing");
        }

        foreach (var (odd, detail) in gaps.OutsideRanges.Select(odd => (odd, "never-given-out"))
            .Concat(gaps.OtherHolder.Select(odd => (odd, "other-holder")))
            .Concat(gaps.UsedThoughVoided.Select(odd => (odd, "used-though-void"))))
        {
            yield return new Signal(SignalKind.ReceiptGap, odd.Sequences, ReceiptBookId: gaps.ReceiptBookId, ReceiptNumber: odd.Number, Detail: detail);
        }
    }

    private static bool IsSame(RecordedFact one, RepaymentRecorded before, RecordedFact other, RepaymentRecorded after) =>
        (one.Envelope.Paper is { } paper && paper == other.Envelope.Paper)
        || (before.Amount == after.Amount && one.Envelope.EffectiveOn == other.Envelope.EffectiveOn);

    /// <summary>A group that keeps to no day meets on any; the 31st of a short month is its last day.</summary>
    private static bool MeetsOn(GroupMeeting meeting, DateOnly day) =>
        (meeting.Weekday is null || meeting.Weekday == day.DayOfWeek)
        && (meeting.DayOfMonth is not { } dayOfMonth || day.Day == Math.Min(dayOfMonth, DateTime.DaysInMonth(day.Year, day.Month)));
}
