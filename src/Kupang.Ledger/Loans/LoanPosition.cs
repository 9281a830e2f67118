using System.Collections.Immutable;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>What a loan is owed or paid, part by part, in one currency.</summary>
public sealed record LoanAmounts(Money Principal, Money Interest, Money Fee, Money Penalty)
{
    public static LoanAmounts Zero(Currency currency) => Of(Money.Zero(currency), Money.Zero(currency));

    /// <summary>Principal and interest, without charges.</summary>
    public static LoanAmounts Of(Money principal, Money interest) =>
        new(principal, interest, Money.Zero(principal.Currency), Money.Zero(principal.Currency));

    public Money Total => Principal + Interest + Fee + Penalty;

    public static LoanAmounts operator +(LoanAmounts left, LoanAmounts right) =>
        new(left.Principal + right.Principal, left.Interest + right.Interest, left.Fee + right.Fee, left.Penalty + right.Penalty);

    public static LoanAmounts operator -(LoanAmounts left, LoanAmounts right) =>
        new(left.Principal - right.Principal, left.Interest - right.Interest, left.Fee - right.Fee, left.Penalty - right.Penalty);
}

/// <summary>One instalment as it stands on a day.</summary>
/// <param name="LetOff">What of it was waived or written off.</param>
public sealed record InstalmentPosition(Instalment Instalment, LoanAmounts Due, LoanAmounts Paid, LoanAmounts LetOff)
{
    public LoanAmounts Open => Due - Paid - LetOff;
}

/// <summary>
/// How a loan stands on a day: a function of its facts and the day, never of a nightly run. Facts dated after the day are
/// left out.
/// </summary>
/// <param name="Outstanding">What is not yet paid of the whole schedule, with the fees charged and the penalty borne until the day.</param>
/// <param name="Arrears">What was due by the day and is not paid, never below zero.</param>
/// <param name="Waived">What was let off by a decision.</param>
/// <param name="Claim">What is still claimed of a loan that left the books.</param>
/// <param name="DaysPastDue">
/// Days since the due date of the oldest instalment of which more than the tolerated amount of principal and interest is
/// unpaid; the due day is 0. Fees and penalties never count.
/// </param>
public sealed record LoanPosition(
    LoanStatus Status,
    LoanAmounts Outstanding,
    LoanAmounts Arrears,
    LoanAmounts Paid,
    LoanAmounts Waived,
    Money Claim,
    Money Advance,
    int DaysPastDue,
    DateOnly? OldestDueOn,
    ImmutableArray<InstalmentPosition> Instalments)
{
    public static LoanPosition Of(Loan loan, DateOnly day)
    {
        var currency = loan.Currency;
        if (loan.ReturnedDisbursements.Find(returned => returned.Step.EffectiveOn <= day && day < returned.ReturnedOn) is { } past)
        {
            // The money was out on that day, whatever became of it.
            return Of(AsPaidOut(loan, past), day);
        }

        if (loan.Disbursement is null || loan.Disbursement.EffectiveOn > day)
        {
            var nothing = LoanAmounts.Zero(currency);
            return new LoanPosition(
                StatusBefore(loan, day), nothing, nothing, nothing, nothing, Money.Zero(currency), Money.Zero(currency), DaysPastDue: 0, OldestDueOn: null, []);
        }

        return LoanOnDay.Of(loan, day).Position();
    }

    private static Loan AsPaidOut(Loan loan, ReturnedDisbursement past) => loan with
    {
        Disbursement = past.Step,
        FirstSchedule = past.Schedule,
        FirstFunding = loan.Funding,
        Entries = [],
        ReturnedDisbursements = [],
    };

    private static LoanStatus StatusBefore(Loan loan, DateOnly day) =>
        loan.Rejection?.EffectiveOn <= day ? LoanStatus.Rejected
        : loan.Cancellation?.EffectiveOn <= day ? LoanStatus.Cancelled
        : loan.Approval?.EffectiveOn <= day ? LoanStatus.Approved
        : LoanStatus.Proposed;
}

/// <summary>Goes through what happened to a loan until a day, by what each entry is known to pay.</summary>
internal sealed class LoanOnDay
{
    private readonly Loan loan;
    private readonly DateOnly day;
    private readonly PenaltyAccrual? penalties;
    private readonly List<PaidParts> paid;
    private readonly Dictionary<SplitComponent, long> sums = [];
    private ImmutableArray<Instalment> schedule;
    private long feesCharged;
    private bool isWrittenOff;
    private bool isForgiven;
    private Money undisbursed;

    private LoanOnDay(Loan loan, DateOnly day)
    {
        (this.loan, this.day, schedule) = (loan, day, loan.FirstSchedule);
        penalties = PenaltyAccrual.Of(loan);
        paid = [.. new PaidParts[Math.Max(loan.Paid.Length, loan.FirstSchedule.Length)]];
        undisbursed = loan.Principal - Money.Sum(loan.FirstFunding.Select(share => share.Principal), loan.Currency);
    }

    public static LoanOnDay Of(Loan loan, DateOnly day)
    {
        var on = new LoanOnDay(loan, day);
        foreach (var entry in loan.Entries.TakeWhile(entry => entry.EffectiveOn <= day))
        {
            on.Add(entry);
        }

        on.penalties?.AccrueTo(day, on.schedule, on.paid);
        return on;
    }

    private void Add(LoanEntry entry)
    {
        penalties?.AccrueTo(entry.EffectiveOn, schedule, paid);
        foreach (var part in entry.Split)
        {
            // What is held for a later due date is an advance until then.
            Count(part.AppliedOn > day ? part with { Instalment = null, Component = SplitComponent.Advance } : part);
        }

        schedule = entry.Schedule ?? schedule;
        feesCharged += entry.Kind == EntryKind.Fee ? entry.Amount.MinorUnits : 0;
        undisbursed -= entry.Kind == EntryKind.Tranche ? entry.Amount : Money.Zero(loan.Currency);
        isWrittenOff |= entry.Kind == EntryKind.WriteOff;
        isForgiven |= entry.Kind == EntryKind.Forgiveness;
    }

    private void Count(SplitPart part)
    {
        if (part.Instalment is { } number)
        {
            paid[number - 1] = paid[number - 1].Add(part.Component, part.Amount.MinorUnits);
        }

        sums[part.Component] = Sum(part.Component) + part.Amount.MinorUnits;
    }

    private long Sum(params IEnumerable<SplitComponent> components) => components.Sum(component => sums.GetValueOrDefault(component));

    public LoanPosition Position()
    {
        ImmutableArray<InstalmentPosition> instalments = [.. schedule.Select(PositionOf)];
        var due = instalments.Where(instalment => instalment.Instalment.DueOn <= day).ToArray();
        var charges = new LoanAmounts(
            Zero,
            Zero,
            Amount(feesCharged - Sum(SplitComponent.Fee, SplitComponent.FeeWaived, SplitComponent.FeeWrittenOff)),
            Amount(Math.Max(0, (penalties?.UntilNow() ?? 0) - Sum(SplitComponent.Penalty, SplitComponent.PenaltyWaived, SplitComponent.PenaltyWrittenOff))));
        var outstanding = Add(instalments.Select(instalment => instalment.Open)) + charges;
        var tolerance = loan.Terms.Tolerance();
        var oldest = due.FirstOrDefault(instalment => instalment.Open.Total > tolerance)?.Instalment.DueOn;
        return new LoanPosition(
            isWrittenOff ? LoanStatus.WrittenOff : outstanding.Total.IsZero && undisbursed.IsZero ? LoanStatus.Repaid : LoanStatus.Active,
            outstanding,
            Add(due.Select(instalment => instalment.Open)) + charges,
            new LoanAmounts(
                Amount(Sum(SplitComponent.Principal)), Amount(Sum(SplitComponent.Interest)), Amount(Sum(SplitComponent.Fee)), Amount(Sum(SplitComponent.Penalty))),
            new LoanAmounts(
                Zero, Amount(Sum(SplitComponent.InterestWaived)), Amount(Sum(SplitComponent.FeeWaived)), Amount(Sum(SplitComponent.PenaltyWaived))),
            isForgiven ? Zero : Amount(Claimed - Sum(SplitComponent.Recovery)),
            Amount(Sum(SplitComponent.Advance)),
            oldest is { } since ? day.DayNumber - since.DayNumber : 0,
            oldest,
            instalments);
    }

    private long Claimed => Sum(
        SplitComponent.PrincipalWrittenOff, SplitComponent.InterestWrittenOff, SplitComponent.FeeWrittenOff, SplitComponent.PenaltyWrittenOff);

    private InstalmentPosition PositionOf(Instalment row)
    {
        var parts = paid[row.Number - 1];
        return new InstalmentPosition(
            row,
            LoanAmounts.Of(row.Principal, row.Interest),
            LoanAmounts.Of(Amount(parts.Principal), Amount(parts.Interest)),
            LoanAmounts.Of(Amount(parts.PrincipalLetOff), Amount(parts.InterestLetOff)));
    }

    private Money Zero => Money.Zero(loan.Currency);

    private Money Amount(long minorUnits) => Money.OfMinorUnits(minorUnits, loan.Currency);

    private LoanAmounts Add(IEnumerable<LoanAmounts> amounts) => amounts.Aggregate(LoanAmounts.Zero(loan.Currency), (sum, amount) => sum + amount);
}
