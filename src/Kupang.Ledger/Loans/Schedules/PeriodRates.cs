using System.Collections.Immutable;
using System.Numerics;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>
/// The rates of a loan's periods in their order, as exact fractions over one denominator: 1.5 % a month is 3/200.
/// </summary>
internal sealed record PeriodRates(ImmutableArray<BigInteger> Numerators, BigInteger Denominator)
{
    public int Count => Numerators.Length;

    /// <summary>
    /// The rate quoted times the length of each period, both measured in parts of a year of 12 months, 52 weeks and 365
    /// days: 1 % a month is 1 % x 12/52 a week. With a day count a period is as long as that says. A rate for the term is
    /// divided over the periods by their length. Where no interest is counted the rate is nothing.
    /// </summary>
    public static PeriodRates Of(ScheduleTerms terms, DateOnly disbursedOn, DateOnly[] contractDueOn)
    {
        var (interest, rows) = (terms.Interest, contractDueOn.Length);
        if (interest.Method == InterestMethod.None)
        {
            return new PeriodRates([.. Enumerable.Repeat(BigInteger.Zero, rows)], BigInteger.One);
        }

        var rate = RateOf(interest);
        var lengths = PeriodLengths.Of(terms, disbursedOn, contractDueOn);
        if (interest.Per == RatePeriod.Term)
        {
            var term = lengths.Aggregate((sum, length) => sum.Plus(length));
            rate = term.Numerator.IsZero ? term : rate.Times(term.Denominator, term.Numerator);
        }
        else
        {
            rate = rate.Times(PerYear(interest.Per), 1);
        }

        var rates = new Fraction[rows];
        for (var row = 0; row < rows; row++)
        {
            rates[row] = row > 0 && lengths[row] == lengths[row - 1] ? rates[row - 1] : rate.Times(lengths[row].Numerator, lengths[row].Denominator);
        }

        rates.AsSpan(0, terms.Grace.InterestFreeInstalments ?? 0).Fill(new Fraction(BigInteger.Zero, BigInteger.One));
        return OverOneDenominator(rates);
    }

    /// <summary>The rates of the periods from one on.</summary>
    public PeriodRates From(int row) => this with { Numerators = Numerators[row..] };

    /// <summary>The rate of a month, for a rate that is not quoted for the term.</summary>
    public static Fraction PerMonth(InterestTerms interest) => RateOf(interest).Times(PerYear(interest.Per), 12);

    private static Fraction RateOf(InterestTerms interest) => Fraction.Of(interest.RatePercent.Percent).Times(1, 100);

    private static PeriodRates OverOneDenominator(Fraction[] rates)
    {
        var denominator = BigInteger.One;
        foreach (var rate in rates)
        {
            if (!(denominator % rate.Denominator).IsZero)
            {
                denominator = denominator / BigInteger.GreatestCommonDivisor(denominator, rate.Denominator) * rate.Denominator;
            }
        }

        return new PeriodRates([.. rates.Select(rate => rate.Numerator * (denominator / rate.Denominator))], denominator);
    }

    private static int PerYear(RatePeriod period) => period switch
    {
        RatePeriod.Week => 52,
        RatePeriod.Month => 12,
        _ => 1,
    };
}

/// <summary>How long each period of a loan is, in parts of a year.</summary>
internal static class PeriodLengths
{
    public static Fraction[] Of(ScheduleTerms terms, DateOnly disbursedOn, DateOnly[] contractDueOn)
    {
        if (terms.Interest.DayCount is { } rule)
        {
            return [.. contractDueOn.Select((to, index) => YearFraction.Of(
                rule, index == 0 ? disbursedOn : contractDueOn[index - 1], to, MonthsOf(terms, disbursedOn, contractDueOn, index)))];
        }

        if (terms.Harvest is null)
        {
            // Interest by period: the first counts as one of them, however long it really is.
            return [.. Enumerable.Repeat(new Fraction(terms.Repayment.Every, terms.Repayment.UnitsPerYear), contractDueOn.Length)];
        }

        int[] begun = [0, .. contractDueOn.Select(to => YearFraction.BegunMonths(disbursedOn, to))];
        return [.. contractDueOn.Select((_, index) => new Fraction(begun[index + 1] - begun[index], 12))];
    }

    /// <summary>
    /// Whether the first period is as long as the others: then the disbursement is one period before the first due date,
    /// or the first due date one period after the disbursement.
    /// </summary>
    public static bool BeginsWithWholePeriod(RepaymentFrequency repayment, DateOnly disbursedOn, DateOnly firstDueOn)
    {
        if (repayment.Unit != FrequencyUnit.Month)
        {
            return firstDueOn.DayNumber - disbursedOn.DayNumber == (repayment.Unit == FrequencyUnit.Week ? 7L : 1L) * repayment.Every;
        }

        var months = ((firstDueOn.Year - disbursedOn.Year) * 12) + firstDueOn.Month - disbursedOn.Month;
        return months == repayment.Every && (disbursedOn.AddMonths(months) == firstDueOn || firstDueOn.AddMonths(-months) == disbursedOn);
    }

    /// <summary>The months of a period of months: a whole one has as many as the loan is paid in, whichever they are.</summary>
    private static Fraction? MonthsOf(ScheduleTerms terms, DateOnly disbursedOn, DateOnly[] contractDueOn, int index)
    {
        if (terms.Harvest is null && terms.Repayment.Unit != FrequencyUnit.Month)
        {
            return null;
        }

        var isWhole = terms.Harvest is null && (index > 0 || BeginsWithWholePeriod(terms.Repayment, disbursedOn, contractDueOn[0]));
        return isWhole
            ? new Fraction(terms.Repayment.Every, BigInteger.One)
            : YearFraction.Months(index == 0 ? disbursedOn : contractDueOn[index - 1], contractDueOn[index]);
    }
}
