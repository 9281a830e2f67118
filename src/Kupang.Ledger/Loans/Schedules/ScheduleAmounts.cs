using System.Numerics;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>The amounts of a schedule by the method of its interest, or why there are none.</summary>
internal sealed record ScheduleAmounts(Row[] Rows, ScheduleResult.Refused? Refusal = null)
{
    public static ScheduleAmounts Of(ScheduleTerms terms, Amortisation loan, PartRounding rounding)
    {
        var amounts = terms.Interest.Method switch
        {
            _ when terms.Harvest is { } harvest => Harvest(terms, loan, rounding, harvest),
            InterestMethod.DecliningEqualInstalments => EqualInstalments(terms, loan, rounding),
            InterestMethod.DecliningEqualPrincipal => EqualPrincipal(terms, loan, rounding),
            InterestMethod.Flat when terms.Interest.DayCount is not null => FlatByDays(terms, loan, rounding),
            _ => Flat(terms, loan, rounding),
        };
        return amounts.Refusal is null ? amounts with { Rows = Defer(amounts.Rows, terms.Grace) } : amounts;
    }

    private static ScheduleAmounts EqualInstalments(ScheduleTerms terms, Amortisation loan, PartRounding rounding)
    {
        var exact = loan.EqualInstalment();
        var instalment = RoundedAmount.Round(new Fraction(exact, BigInteger.One), rounding.Multiple, rounding.Mode);
        var rows = loan.Declining(interest => interest.HalfEven(), interest => instalment - interest);
        if (loan.Repaying == 1
            || (instalment.Sign > 0 && rows[^1].Principal.Sign > 0 && rows.All(row => row.Principal.Sign >= 0)))
        {
            return new ScheduleAmounts(rows);
        }

        // No multiple helps when one period is so long that even the exact instalment does not pay its interest.
        var possible = loan.PossibleInstalments(exact);
        return exact.Sign > 0 && exact < possible.Least
            ? Refused(ScheduleRefusals.TermsOutOfRange("firstDueOn"))
            : TooCoarse(terms, loan, rounding, [possible]);
    }

    private static ScheduleAmounts EqualPrincipal(ScheduleTerms terms, Amortisation loan, PartRounding rounding)
    {
        var part = rounding.Principal(loan.EqualPart.Exact);
        return loan.Repaying == 1 || loan.EqualPart.Allows(part)
            ? new ScheduleAmounts(loan.Declining(rounding.Interest, _ => part))
            : TooCoarse(terms, loan, rounding with { Multiple = rounding.OfPrincipal }, [loan.EqualPart]);
    }

    /// <summary>
    /// Interest P x r x n, rounded once and divided evenly over the rows that have any; a row never takes more than is left.
    /// </summary>
    private static ScheduleAmounts Flat(ScheduleTerms terms, Amortisation loan, PartRounding rounding)
    {
        var free = terms.Grace.InterestFreeInstalments ?? 0;
        var (charged, left) = (loan.Rows - free, loan.FlatInterest());
        var interestPart = new RoundedAmount(
            new Fraction(left, charged), Least: 1, Most: charged == 1 ? left : (left - 1) / (charged - 1));
        List<IRoundedParts> rounded = [];
        if (loan.Repaying > 1 && (!rounding.OfPrincipal.IsOne || rounding.OfInterest.IsOne))
        {
            rounded.Add(loan.EqualPart);
        }

        if (!rounding.OfInterest.IsOne && charged > 1 && left.Sign > 0)
        {
            rounded.Add(new InterestParts(interestPart));
        }

        // Where only interest is rounded and the principal can't be divided, no multiple helps.
        var (principal, interest) = (rounding.Principal(loan.EqualPart.Exact), rounding.Interest(interestPart.Exact));
        if (loan.Repaying > 1 && rounding.OfPrincipal.IsOne && !rounding.OfInterest.IsOne && !loan.EqualPart.Allows(principal))
        {
            return Refused(TooManyInstalments(terms, loan));
        }

        if (!rounded.TrueForAll(part => part.Allow(rounding.Multiple, rounding.Mode)))
        {
            return TooCoarse(terms, loan, rounding, rounded);
        }

        var rows = new Row[loan.Rows];
        for (var row = 0; row < rows.Length; row++)
        {
            var part = row < free ? 0 : row == rows.Length - 1 ? left : BigInteger.Min(interest, left);
            left -= part;
            rows[row] = new Row(loan.PartOf(row, principal), part);
        }

        return new ScheduleAmounts(rows);
    }

    /// <summary>
    /// Interest of each period on the principal lent. The instalments are equal, and pay what principal their interest
    /// leaves; where a multiple is asked for, it is for equal principal parts as in every flat loan.
    /// </summary>
    private static ScheduleAmounts FlatByDays(ScheduleTerms terms, Amortisation loan, PartRounding rounding)
    {
        BigInteger[] interest = [.. Enumerable.Range(0, loan.Rows).Select(row => rounding.Interest(loan.InterestOn(loan.Principal, row)))];
        if (!rounding.Multiple.IsOne)
        {
            var part = rounding.Principal(loan.EqualPart.Exact);
            return loan.Repaying == 1 || loan.EqualPart.Allows(part)
                ? new ScheduleAmounts([.. interest.Select((charged, row) => new Row(loan.PartOf(row, part), charged))])
                : TooCoarse(terms, loan, rounding with { Multiple = rounding.OfPrincipal }, [loan.EqualPart]);
        }

        var toPay = interest.Skip(loan.Grace).Aggregate(loan.Principal, (sum, charged) => sum + charged);
        var instalment = Fraction.HalfEven(toPay, loan.Repaying);
        var (left, rows) = (loan.Principal, new Row[loan.Rows]);
        for (var row = 0; row < rows.Length; row++)
        {
            var principal = row == rows.Length - 1 ? left
                : row < loan.Grace ? 0
                : BigInteger.Clamp(instalment - interest[row], 0, left);
            left -= principal;
            rows[row] = new Row(principal, interest[row]);
        }

        return rows[^1].Principal.Sign > 0 ? new ScheduleAmounts(rows) : Refused(TooManyInstalments(terms, loan));
    }

    /// <summary>
    /// Shares of the principal on the loan's own days. Interest on the principal lent is counted for the loan and shared;
    /// interest on what is owed is counted row by row.
    /// </summary>
    private static ScheduleAmounts Harvest(
        ScheduleTerms terms, Amortisation loan, PartRounding rounding, HarvestPlan harvest)
    {
        var shares = harvest.Instalments;
        var principal = new UnequalParts(
            loan.Principal, [.. shares.Select(share => ShareOf(loan.Principal, share.PrincipalPercent))], LeastForLast: 1);
        var interest = InterestToShare(terms.Interest, loan);
        var interestParts = new UnequalParts(
            interest,
            [.. shares.Select(share => ShareOf(interest, share.InterestPercent ?? share.PrincipalPercent))],
            LeastForLast: interest.IsZero || shares[^1].InterestPercent is { Percent: 0 } ? 0 : 1);
        List<IRoundedParts> rounded = [];
        if (!rounding.OfPrincipal.IsOne)
        {
            rounded.Add(principal);
        }

        if (!rounding.OfInterest.IsOne)
        {
            rounded.Add(new InterestParts(interestParts));
        }

        // Where it is not rounded and still can't be shared, no multiple of the interest helps.
        var parts = principal.Rounded(rounding.OfPrincipal, rounding.Mode);
        if (rounding.OfPrincipal.IsOne && parts[^1].Sign <= 0)
        {
            return Refused(TooManyInstalments(terms, loan));
        }

        if (!rounded.TrueForAll(part => part.Allow(rounding.Multiple, rounding.Mode)))
        {
            return TooCoarse(terms, loan, rounding, rounded);
        }

        if (terms.Interest.Method == InterestMethod.DecliningEqualPrincipal)
        {
            var row = 0;
            return new ScheduleAmounts(loan.Declining(rounding.Interest, _ => parts[row++]));
        }

        return new ScheduleAmounts(
            [.. parts.Zip(interestParts.Rounded(rounding.OfInterest, rounding.Mode), (part, charged) => new Row(part, charged))]);
    }

    private static BigInteger InterestToShare(InterestTerms interest, Amortisation loan)
    {
        if (interest.Method is not (InterestMethod.Flat or InterestMethod.FixedMargin))
        {
            return BigInteger.Zero;
        }

        var perMonth = PeriodRates.PerMonth(interest);
        return interest.ChargedPeriods is { } months
            ? Fraction.HalfEven(loan.Principal * perMonth.Numerator * months, perMonth.Denominator)
            : loan.FlatInterest();
    }

    private static Fraction ShareOf(BigInteger sum, Percentage percent)
    {
        var share = Fraction.Of(percent.Percent);
        return new Fraction(sum * share.Numerator, share.Denominator * 100);
    }

    /// <summary>Interest that the first rows are let off paying is paid by the next row, or by all that are left.</summary>
    private static Row[] Defer(Row[] rows, GraceTerms grace)
    {
        if (grace.InterestPaymentInstalments is not (> 0 and var deferring))
        {
            return rows;
        }

        var left = BigInteger.Zero;
        for (var row = 0; row < deferring; row++)
        {
            left += rows[row].Interest;
            rows[row] = rows[row] with { Interest = 0 };
        }

        var paying = grace.DeferredInterest == DeferredInterest.Spread ? rows.Length - deferring : 1;
        var part = Fraction.HalfEven(left, paying);
        for (var row = deferring; row < deferring + paying; row++)
        {
            var paid = row == deferring + paying - 1 ? left : BigInteger.Min(part, left);
            left -= paid;
            rows[row] = rows[row] with { Interest = rows[row].Interest + paid };
        }

        return rows;
    }

    private static ScheduleAmounts Refused(ScheduleResult.Refused refusal) => new([], refusal);

    private static ScheduleAmounts TooCoarse(
        ScheduleTerms terms, Amortisation loan, PartRounding rounding, IReadOnlyList<IRoundedParts> parts) =>
        Refused(rounding.LargestBelow(parts) is { } largest
            ? ScheduleRefusals.RoundingTooCoarse(rounding.Multiple, largest, terms.Currency)
            : TooManyInstalments(terms, loan));

    private static ScheduleResult.Refused TooManyInstalments(ScheduleTerms terms, Amortisation loan) =>
        ScheduleRefusals.TooManyInstalments(Money.OfMinorUnits((long)loan.Principal, terms.Currency), loan.Rows);
}
