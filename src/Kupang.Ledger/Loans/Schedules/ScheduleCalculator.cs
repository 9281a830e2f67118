using System.Collections.Immutable;
using System.Numerics;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>
/// Makes the schedule of a loan. Interest is by period: a first period that is longer or shorter than the others counts
/// as one of them. Everything is counted in exact fractions of whole minor units and rounded where the rule says so,
/// never before: interest half-even to the minor unit, the equal part as <see cref="RoundingTerms"/> say.
/// </summary>
public static class ScheduleCalculator
{
    public const int MaximumInstalments = 600;

    /// <param name="terms">The terms of the product.</param>
    /// <param name="principal">What is lent, in the currency of the terms.</param>
    /// <param name="instalments">How many rows the schedule has, those of the grace period included.</param>
    /// <param name="disbursedOn">The day the loan is paid out.</param>
    /// <param name="firstDueOn">
    /// The first contract date, whose day the later ones keep. Null for one period after the disbursement; then they
    /// keep the day of the disbursement, which a short first month does not change.
    /// </param>
    /// <param name="workingWeek">What the holiday rule of the terms moves by.</param>
    public static ScheduleResult Calculate(
        ScheduleTerms terms,
        Money principal,
        int instalments,
        DateOnly disbursedOn,
        DateOnly? firstDueOn,
        WorkingWeek workingWeek)
    {
        if ((Check(terms) ?? Check(terms, principal, instalments, disbursedOn, firstDueOn)) is { } refused)
        {
            return refused;
        }

        if (DueDates.Contract(terms.Repayment, instalments, disbursedOn, firstDueOn) is not { } contractDueOn)
        {
            return ScheduleRefusals.TermsOutOfRange("instalments");
        }

        var amortisation = new Amortisation(
            principal.MinorUnits,
            PeriodRate.Of(terms.Interest, terms.Repayment, instalments),
            terms.Grace.PrincipalInstalments,
            instalments - terms.Grace.PrincipalInstalments);

        // A row of a declining loan never has more interest than the first, so this bounds every amount that follows.
        if (amortisation.InterestOn(principal.MinorUnits) > Money.MaximumMinorUnits)
        {
            return InterestOutOfRange();
        }

        var (rows, coarse) = Amounts(terms, amortisation);
        if (coarse is not null)
        {
            return coarse;
        }

        if (rows.Aggregate(BigInteger.Zero, (sum, row) => sum + row.Interest) > Money.MaximumMinorUnits)
        {
            return InterestOutOfRange();
        }

        return new ScheduleResult.Made(new Schedule([.. rows.Select((row, index) => new Instalment(
            index + 1,
            contractDueOn[index],
            DueDates.Move(contractDueOn[index], terms.Holidays, disbursedOn, workingWeek.IsWorkingDay),
            Money.OfMinorUnits((long)row.Principal, terms.Currency),
            Money.OfMinorUnits((long)row.Interest, terms.Currency)))]));
    }

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

        if (terms.Repayment.Every < 1)
        {
            return ScheduleRefusals.TermsOutOfRange("every");
        }

        if (terms.Grace.PrincipalInstalments < 0)
        {
            return ScheduleRefusals.TermsOutOfRange("principalInstalments");
        }

        return terms.Rounding is null || MultipleInMinorUnits(terms) is not null
            ? null
            : ScheduleRefusals.TermsOutOfRange("multiple");
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

        if (terms.Grace.PrincipalInstalments >= instalments)
        {
            return ScheduleRefusals.GraceTooLong(terms.Grace.PrincipalInstalments, instalments);
        }

        return firstDueOn < disbursedOn
            ? ScheduleRefusals.FirstDueOnBeforeDisbursement(firstDueOn.Value, disbursedOn)
            : null;
    }

    private static (ImmutableArray<Row> Rows, ScheduleResult.Refused? Coarse) Amounts(
        ScheduleTerms terms, Amortisation loan)
    {
        var multiple = MultipleInMinorUnits(terms) ?? 1;
        var mode = terms.Rounding?.Mode ?? RoundingMode.Nearest;

        if (terms.Interest.Method == InterestMethod.DecliningEqualInstalments)
        {
            var exact = loan.EqualInstalment();
            var instalment = RoundedAmount.Round(new Fraction(exact, BigInteger.One), multiple, mode);
            ImmutableArray<Row> rows = [.. loan.DecliningEqualInstalments(instalment)];
            return loan.Repaying == 1
                || (instalment.Sign > 0 && rows[^1].Principal.Sign > 0 && rows.All(row => row.Principal.Sign >= 0))
                ? (rows, null)
                : ([], TooCoarse(terms, loan, loan.PossibleInstalments(exact), multiple, mode));
        }

        var part = RoundedAmount.Round(loan.EqualPart.Exact, multiple, mode);
        if (!loan.EqualPart.Allows(part) && loan.Repaying > 1)
        {
            return ([], TooCoarse(terms, loan, loan.EqualPart, multiple, mode));
        }

        return terms.Interest.Method == InterestMethod.DecliningEqualPrincipal
            ? ([.. loan.DecliningEqualPrincipal(part)], null)
            : ([.. loan.Flat(part)], null);
    }

    private static ScheduleResult.Refused TooCoarse(
        ScheduleTerms terms, Amortisation loan, RoundedAmount amount, BigInteger multiple, RoundingMode mode) =>
        amount.LargestMultipleBelow(multiple, mode) is { } largest
            ? ScheduleRefusals.RoundingTooCoarse(multiple, largest, terms.Currency)
            : ScheduleRefusals.TooManyInstalments(
                Money.OfMinorUnits((long)loan.Principal, terms.Currency), loan.Grace + loan.Repaying);

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
