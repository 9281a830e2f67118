using System.Numerics;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>The rate of one period between two due dates, as an exact fraction: 1.5 % a month is 3/200.</summary>
internal static class PeriodRate
{
    /// <summary>
    /// The rate quoted times the length of the period, both measured in parts of a year of 12 months, 52 weeks and 365
    /// days: 1 % a month is 1 % x 12/52 a week. A rate for the term is spread evenly over the instalments.
    /// </summary>
    public static Fraction Of(InterestTerms interest, RepaymentFrequency frequency, int instalments)
    {
        var rate = Fraction.Of(interest.RatePercent.Percent).Times(1, 100);
        return interest switch
        {
            { Method: InterestMethod.None } => new Fraction(BigInteger.Zero, BigInteger.One),
            { Per: RatePeriod.Term } => rate.Times(1, instalments),
            _ => rate.Times((BigInteger)frequency.Every * PerYear(interest.Per), frequency.UnitsPerYear),
        };
    }

    private static int PerYear(RatePeriod period) => period switch
    {
        RatePeriod.Week => 52,
        RatePeriod.Month => 12,
        _ => 1,
    };
}
