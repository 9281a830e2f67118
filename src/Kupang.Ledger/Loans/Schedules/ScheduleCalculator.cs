using System.Numerics;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>
/// Makes the schedule of a loan. Everything is counted in exact fractions of whole minor units and rounded where the rule
/// says so, never before: interest half-even to the minor unit, what <see cref="RoundingTerms"/> name to its multiple.
/// </summary>
public static class ScheduleCalculator
{
    public const int MaximumInstalments = 600;

    private const int LastDayOfAMonth = 31;

    /// <param name="terms">The terms of the product.</param>
    /// <param name="principal">What is lent, in the currency of the terms.</param>
    /// <param name="instalments">How many rows the schedule has, those of the grace period included.</param>
    /// <param name="disbursedOn">The day the loan is paid out.</param>
    /// <param name="firstDueOn">
    /// The first contract date, whose day the later ones keep. Null for one period after the disbursement; then they
    /// keep the day of the disbursement, which a short first month does not change.
    /// </param>
    /// <param name="calendar">What the holiday rule of the terms moves by.</param>
    public static ScheduleResult Calculate(
        ScheduleTerms terms,
        Money principal,
        int instalments,
        DateOnly disbursedOn,
        DateOnly? firstDueOn,
        WorkingCalendar calendar)
    {
        if ((Check(terms) ?? Check(terms, principal, instalments, disbursedOn, firstDueOn)) is { } refused)
        {
            return refused;
        }

        return ContractDates(terms, instalments, disbursedOn, firstDueOn) is { } contractDueOn
            ? On(terms, principal, disbursedOn, contractDueOn, calendar)
            : ScheduleRefusals.TermsOutOfRange("instalments");
    }

    /// <summary>The same on contract dates that are known already, such as those of a loan of which more is paid out.</summary>
    internal static ScheduleResult On(ScheduleTerms terms, Money principal, DateOnly disbursedOn, DateOnly[] contractDueOn, WorkingCalendar calendar)
    {
        var loan = new Amortisation(
            principal.MinorUnits, PeriodRates.Of(terms, disbursedOn, contractDueOn), terms.Grace.PrincipalInstalments);

        // Less is owed later than at first, so the interest of the longest period on all of it bounds what follows.
        if (Enumerable.Range(0, loan.Rows).Any(row => loan.InterestOn(loan.Principal, row).HalfEven() > Money.MaximumMinorUnits))
        {
            return InterestOutOfRange();
        }

        var rounding = new PartRounding(MultipleInMinorUnits(terms) ?? 1, terms.Rounding?.Mode ?? RoundingMode.Nearest, terms.Rounding?.AppliesTo);
        var amounts = ScheduleAmounts.Of(terms, loan, rounding);
        if (amounts.Refusal is { } none)
        {
            return none;
        }

        if (amounts.Rows.Aggregate(BigInteger.Zero, (sum, row) => sum + row.Interest) > Money.MaximumMinorUnits)
        {
            return InterestOutOfRange();
        }

        DateOnly[] dueOn = [.. DueDates.Move(contractDueOn, terms.Holidays, disbursedOn, calendar)];
        return new ScheduleResult.Made(new Schedule([.. amounts.Rows.Select((row, index) => new Instalment(
            index + 1,
            contractDueOn[index],
            dueOn[index],
            Money.OfMinorUnits((long)row.Principal, terms.Currency),
            Money.OfMinorUnits((long)row.Interest, terms.Currency)))]));
    }

    private static DateOnly[]? ContractDates(ScheduleTerms terms, int instalments, DateOnly disbursedOn, DateOnly? firstDueOn) =>
        terms.Harvest is { } harvest
            ? [.. harvest.Instalments.Select(part => part.DueOn)]
            : DueDates.Contract(terms.Repayment, instalments, disbursedOn, firstDueOn);

    /// <summary>
    /// Whether terms can make any schedule at all, so that a product can be refused before there is a loan.
    /// </summary>
    public static ScheduleResult.Refused? Check(ScheduleTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);

        if (terms.Interest.Method != InterestMethod.None && terms.Interest.RatePercent.Percent < 0)
        {
            return ScheduleRefusals.TermsOutOfRange("ratePercent");
        }

        return CheckInterest(terms) ?? CheckRepayment(terms) ?? CheckGrace(terms) ?? CheckRounding(terms);
    }

    private static ScheduleResult.Refused? CheckInterest(ScheduleTerms terms)
    {
        var interest = terms.Interest;
        if (interest.DayCount is not null && interest.Method is InterestMethod.None or InterestMethod.FixedMargin)
        {
            return ScheduleRefusals.TermsOutOfRange("dayCount");
        }

        // So many months are charged instead of the time that passes, which a rate for the term or a day count would measure.
        return interest.ChargedPeriods is { } charged
            && (charged is < 1 or > MaximumInstalments
                || terms.Harvest is null
                || interest is not { Method: InterestMethod.Flat or InterestMethod.FixedMargin, Per: not RatePeriod.Term, DayCount: null })
            ? ScheduleRefusals.TermsOutOfRange("chargedPeriods")
            : null;
    }

    private static ScheduleResult.Refused? CheckRepayment(ScheduleTerms terms)
    {
        var (every, unit, collectionDay, cutOffDay) = terms.Repayment;
        if (terms.Harvest is { } harvest)
        {
            return harvest.Check() ?? CheckHarvest(terms, harvest);
        }

        if (every < 1)
        {
            return ScheduleRefusals.TermsOutOfRange("every");
        }

        if (collectionDay is < 1 or > LastDayOfAMonth || (collectionDay is not null && unit != FrequencyUnit.Month))
        {
            return ScheduleRefusals.TermsOutOfRange("collectionDay");
        }

        return cutOffDay is < 1 or > LastDayOfAMonth || (cutOffDay is not null && collectionDay is null)
            ? ScheduleRefusals.TermsOutOfRange("cutOffDay")
            : null;
    }

    /// <summary>Shares of the principal say themselves what is due when: equal instalments and a grace would say otherwise.</summary>
    private static ScheduleResult.Refused? CheckHarvest(ScheduleTerms terms, HarvestPlan harvest)
    {
        if (terms.Interest.Method == InterestMethod.DecliningEqualInstalments)
        {
            return ScheduleRefusals.TermsOutOfRange("custom");
        }

        if (harvest.Instalments[0].InterestPercent is not null
            && terms.Interest.Method is InterestMethod.DecliningEqualPrincipal or InterestMethod.None)
        {
            return ScheduleRefusals.TermsOutOfRange("interestPercent");
        }

        return Array.TrueForAll(GraceOf(terms.Grace), grace => grace.Rows == 0) ? null : ScheduleRefusals.TermsOutOfRange("grace");
    }

    private static ScheduleResult.Refused? CheckGrace(ScheduleTerms terms) =>
        GraceOf(terms.Grace).Where(grace => grace.Rows < 0).Select(grace => ScheduleRefusals.TermsOutOfRange(grace.Term)).FirstOrDefault();

    private static (string Term, int Rows)[] GraceOf(GraceTerms grace) =>
    [
        ("principalInstalments", grace.PrincipalInstalments),
        ("interestPaymentInstalments", grace.InterestPaymentInstalments ?? 0),
        ("interestFreeInstalments", grace.InterestFreeInstalments ?? 0),
    ];

    private static ScheduleResult.Refused? CheckRounding(ScheduleTerms terms)
    {
        if (terms.Rounding is null)
        {
            return null;
        }

        // Parts of equal instalments that are rounded by themselves would make them unequal.
        if (terms is { Interest.Method: InterestMethod.DecliningEqualInstalments, Rounding.AppliesTo: RoundedPart.Principal or RoundedPart.Interest })
        {
            return ScheduleRefusals.TermsOutOfRange("appliesTo");
        }

        return MultipleInMinorUnits(terms) is null ? ScheduleRefusals.TermsOutOfRange("multiple") : null;
    }

    private static ScheduleResult.Refused? Check(
        ScheduleTerms terms, Money principal, int instalments, DateOnly disbursedOn, DateOnly? firstDueOn)
    {
        if (principal.Currency != terms.Currency)
        {
            return ScheduleRefusals.WrongCurrency(terms.Currency, principal);
        }

        if (!principal.IsPositive)
        {
            return ScheduleRefusals.PrincipalNotPositive(principal);
        }

        if (principal.MinorUnits > Money.MaximumMinorUnits)
        {
            return ScheduleRefusals.TermsOutOfRange("principal");
        }

        if (instalments is < 1 or > MaximumInstalments)
        {
            return ScheduleRefusals.InstalmentsOutOfRange(instalments, MaximumInstalments);
        }

        if (terms.Harvest is { } harvest)
        {
            return Check(harvest, instalments, disbursedOn, firstDueOn);
        }

        if (GraceOf(terms.Grace).FirstOrDefault(grace => grace.Rows >= instalments) is { Term: not null } tooLong)
        {
            return ScheduleRefusals.GraceTooLong(tooLong.Rows, instalments);
        }

        return firstDueOn < disbursedOn
            ? ScheduleRefusals.FirstDueOnBeforeDisbursement(firstDueOn.Value, disbursedOn)
            : null;
    }

    private static ScheduleResult.Refused? Check(HarvestPlan harvest, int instalments, DateOnly disbursedOn, DateOnly? firstDueOn)
    {
        if (instalments != harvest.Instalments.Length)
        {
            return ScheduleRefusals.InstalmentsNotCustom(instalments, harvest.Instalments.Length);
        }

        if (firstDueOn is not null)
        {
            return ScheduleRefusals.TermsOutOfRange("firstDueOn");
        }

        return harvest.Instalments[0].DueOn < disbursedOn
            ? ScheduleRefusals.FirstDueOnBeforeDisbursement(harvest.Instalments[0].DueOn, disbursedOn)
            : null;
    }

    private static ScheduleResult.Refused InterestOutOfRange() =>
        ScheduleRefusals.TermsOutOfRange("ratePercent");

    private static BigInteger? MultipleInMinorUnits(ScheduleTerms terms)
    {
        if (terms.Rounding is not { Multiple: > 0 } rounding || rounding.Multiple > Money.MaximumMinorUnits)
        {
            return null;
        }

        var minorUnits = rounding.Multiple * terms.Currency.MinorUnitsPerUnit;
        return minorUnits == decimal.Truncate(minorUnits) ? new BigInteger(minorUnits) : null;
    }
}
