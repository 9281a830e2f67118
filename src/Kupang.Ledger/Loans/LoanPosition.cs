using System.Collections.Immutable;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>Principal and interest of something, in one currency.</summary>
public sealed record LoanAmounts(Money Principal, Money Interest)
{
    public static LoanAmounts Zero(Currency currency) => new(Money.Zero(currency), Money.Zero(currency));

    public Money Total => Principal + Interest;

    public static LoanAmounts operator +(LoanAmounts left, LoanAmounts right) =>
        new(left.Principal + right.Principal, left.Interest + right.Interest);

    public static LoanAmounts operator -(LoanAmounts left, LoanAmounts right) =>
        new(left.Principal - right.Principal, left.Interest - right.Interest);
}

/// <summary>One instalment as it stands on a day.</summary>
public sealed record InstalmentPosition(Instalment Instalment, LoanAmounts Due, LoanAmounts Paid)
{
    public LoanAmounts Open => Due - Paid;
}

/// <summary>
/// How a loan stands on a day: a function of its facts and the day, never of a nightly run. Facts dated after the day are
/// left out.
/// </summary>
/// <param name="Outstanding">What is not yet paid of the whole schedule.</param>
/// <param name="Arrears">What was due by the day and is not paid, never below zero.</param>
/// <param name="DaysPastDue">
/// Days since the due date of the oldest instalment of which more than the tolerated amount is unpaid; the due day is 0.
/// </param>
public sealed record LoanPosition(
    LoanStatus Status,
    LoanAmounts Outstanding,
    LoanAmounts Arrears,
    LoanAmounts Paid,
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
            return new LoanPosition(StatusBefore(loan, day), nothing, nothing, nothing, Money.Zero(currency), DaysPastDue: 0, OldestDueOn: null, []);
        }

        // What is held for a later due date is an advance until then.
        var parts = loan.Payments.Where(payment => payment.EffectiveOn <= day)
            .SelectMany(payment => payment.Split)
            .Select(part => part.AppliedOn > day ? part with { Instalment = null, Component = SplitComponent.Advance } : part)
            .ToArray();
        var instalments = InstalmentsOn(loan, ScheduleOn(loan, day), parts);
        var due = instalments.Where(instalment => instalment.Instalment.DueOn <= day).ToArray();
        var paidAhead = Sum(parts.Where(part => part.Instalment is null && part.Component == SplitComponent.Principal), currency);
        var outstanding = Sum(instalments.Select(instalment => instalment.Open), currency);
        var tolerance = loan.Terms.Tolerance();
        var oldest = due.FirstOrDefault(instalment => instalment.Open.Total > tolerance)?.Instalment.DueOn;
        return new LoanPosition(
            outstanding.Total.IsZero ? LoanStatus.Repaid : LoanStatus.Active,
            outstanding,
            Sum(due.Select(instalment => instalment.Open), currency),
            Sum(instalments.Select(instalment => instalment.Paid), currency) + new LoanAmounts(paidAhead, Money.Zero(currency)),
            Sum(parts.Where(part => part.Component == SplitComponent.Advance), currency),
            oldest is { } since ? day.DayNumber - since.DayNumber : 0,
            oldest,
            instalments);
    }

    private static Loan AsPaidOut(Loan loan, ReturnedDisbursement past) => loan with
    {
        Disbursement = past.Step,
        FirstSchedule = past.Schedule,
        Payments = [],
        ReturnedDisbursements = [],
    };

    /// <summary>As the last payment up to a day left it.</summary>
    private static ImmutableArray<Instalment> ScheduleOn(Loan loan, DateOnly day) =>
        loan.Terms.Advance == AdvanceRule.ReducePrincipal
        && loan.Payments.FindLast(payment => payment.EffectiveOn <= day && payment.Schedule is not null) is { } last
            ? last.Schedule!.Value
            : loan.FirstSchedule;

    private static ImmutableArray<InstalmentPosition> InstalmentsOn(Loan loan, ImmutableArray<Instalment> schedule, SplitPart[] parts)
    {
        var paid = new PaidParts[loan.FirstSchedule.Length];
        foreach (var part in parts)
        {
            if (part.Instalment is { } number)
            {
                paid[number - 1] = paid[number - 1].Add(part.Component, part.Amount.MinorUnits);
            }
        }

        return [.. schedule.Select((row, index) => new InstalmentPosition(
            row,
            new LoanAmounts(row.Principal, row.Interest),
            new LoanAmounts(
                Money.OfMinorUnits(paid[index].Principal, loan.Currency), Money.OfMinorUnits(paid[index].Interest, loan.Currency))))];
    }

    private static LoanStatus StatusBefore(Loan loan, DateOnly day) =>
        loan.Rejection?.EffectiveOn <= day ? LoanStatus.Rejected
        : loan.Cancellation?.EffectiveOn <= day ? LoanStatus.Cancelled
        : loan.Approval?.EffectiveOn <= day ? LoanStatus.Approved
        : LoanStatus.Proposed;

    private static LoanAmounts Sum(IEnumerable<LoanAmounts> amounts, Currency currency) =>
        amounts.Aggregate(LoanAmounts.Zero(currency), (sum, amount) => sum + amount);

    private static Money Sum(IEnumerable<SplitPart> parts, Currency currency) => Money.Sum(parts.Select(part => part.Amount), currency);
}
