using System.Globalization;
using System.Numerics;
using CsCheck;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Xunit;
using static Kupang.Ledger.Loans.Schedules.InterestMethod;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

public sealed class EffectiveRateTests
{
    /// <summary>36,000,000 is divided by each of these numbers of months without a remainder.</summary>
    [Theory]
    [InlineData("1", 12, "21.46")]
    [InlineData("1", 24, "21.57")]
    [InlineData("1.25", 12, "26.62")]
    [InlineData("1.5", 10, "31.50")]
    [InlineData("1.5", 12, "31.72")]
    [InlineData("1.5", 18, "31.76")]
    [InlineData("2", 10, "41.52")]
    public void A_flat_loan_costs_nearly_twice_what_it_says(string percent, int instalments, string nominal)
    {
        var schedule = Make(Terms(Flat, Number(percent)), 36_000_000, instalments);

        Assert.Equal(Number(nominal), Rate(schedule).NominalAprPercent);
    }

    [Fact]
    public void One_and_a_half_percent_flat_in_twelve_months_compounds_to_more_than_a_third() =>
        Assert.Equal(36.76m, Rate(Make(Terms(Flat, 1.5m), 36_000_000, 12)).EffectiveAnnualPercent);

    [Fact]
    public void What_is_deducted_at_disbursement_makes_a_loan_dearer()
    {
        var schedule = Make(Terms(Flat, 1.5m), 36_000_000, 10);
        var rate = EffectiveRateCalculator.Of(Money.Rupiah(36_000_000 * 97L / 100), schedule, Monthly);

        Assert.Equal((38.65m, 46.29m), (rate.NominalAprPercent, rate.EffectiveAnnualPercent));
    }

    /// <summary>1.02^12 = 1.268242: what a declining loan charges is what it costs.</summary>
    [Theory]
    [InlineData(DecliningEqualPrincipal)]
    [InlineData(DecliningEqualInstalments)]
    public void A_declining_loan_costs_what_it_says(InterestMethod method) =>
        Assert.Equal(new EffectiveRate(2m, 24m, 26.82m), Rate(Make(Terms(method, 2), 500_000_000_000, 10)));

    /// <summary>
    /// 1 % a week: 52 % a year nominal, 1.01^52 = 1.677689. A month is 52/12 weeks, and 1.677689^(1/12) = 1.044063,
    /// since 1.044063^12 = 1.67769.
    /// </summary>
    [Fact]
    public void A_weekly_rate_is_compounded_over_fifty_two_weeks()
    {
        var weekly = new RepaymentFrequency(1, FrequencyUnit.Week);
        var terms = Terms(DecliningEqualPrincipal, 1, per: RatePeriod.Week, repayment: weekly);
        var schedule = Make(terms, 50_000_000_000, 10);

        Assert.Equal(new EffectiveRate(4.41m, 52m, 67.77m), Rate(schedule, weekly));
    }

    [Fact]
    public void A_loan_without_interest_costs_nothing() =>
        Assert.Equal(new EffectiveRate(0, 0, 0), Rate(Make(Terms(None, 0), 1_000_000, 7)));

    [Fact]
    public void A_borrower_who_receives_more_than_is_paid_back_has_no_negative_rate() =>
        Assert.Equal(
            new EffectiveRate(0, 0, 0),
            EffectiveRateCalculator.Of(Money.Rupiah(1_000_001), Make(Terms(None, 0), 1_000_000, 7), Monthly));

    [Fact]
    public void There_is_no_rate_on_nothing() =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => EffectiveRateCalculator.Of(Money.Rupiah(0), Make(Terms(Flat, 1), 1_000_000, 7), Monthly));

    [Fact]
    public void A_rate_beyond_every_scale_is_shown_as_the_highest()
    {
        var daily = new RepaymentFrequency(1, FrequencyUnit.Day);
        var schedule = Made(ScheduleCalculator.Calculate(
            Terms(Flat, 100, per: RatePeriod.Term, repayment: daily),
            Money.Rupiah(Money.MaximumMinorUnits),
            1,
            DisbursementDay,
            null,
            WorkingWeek.MondayToSaturday));

        var doubled = Rate(schedule, daily);
        Assert.Equal(36_500m, doubled.NominalAprPercent);
        Assert.Equal(EffectiveRate.HighestPercent, doubled.EffectiveAnnualPercent);

        var aRupiah = EffectiveRateCalculator.Of(Money.Rupiah(1), schedule, daily);
        Assert.Equal(EffectiveRate.HighestPercent, aRupiah.NominalAprPercent);
    }

    /// <summary>
    /// 2^(365/12) = 2^30 x 2^(5/12) with 2^(5/12) = 1.3348398541700344: the ratio of the fifth semitone, known to every
    /// tuner. Twelve digits of the power are shown.
    /// </summary>
    [Fact]
    public void A_power_with_a_fraction_is_exact_to_all_digits_shown()
    {
        var daily = new RepaymentFrequency(1, FrequencyUnit.Day);
        var schedule = Make(Terms(Flat, 100, per: RatePeriod.Term, repayment: daily), 1_000_000, 1);

        // 1,073,741,824 x 1.3348398541700344 = 1,433,273,379.94...
        var power = decimal.Round(((1_073_741_824m * 1.3348398541700343648m) - 1) * 100, 2);
        Assert.Equal(power, Rate(schedule, daily).MonthlyIrrPercent);
    }

    /// <summary>
    /// The second method: whole numbers of 40 decimals, no logarithm and no Newton. Just below the rate of a period the
    /// instalments are worth more than was received, just above less; and the rates shown, half a hundredth down and
    /// up, give powers below and above the power of that rate, all brought to whole exponents.
    /// </summary>
    [Fact]
    public void The_instalments_are_worth_what_was_received_at_the_rate_shown() =>
        Gen.Select(
            Gen.Int[1, 2_000], // hundredths of a percent a month
            Gen.Int[1, 24],
            Gen.Long[100_000, 50_000_000_000],
            Gen.Int[80, 100], // percent of the principal that is received
            Gen.Enum<FrequencyUnit>(),
            Gen.Int[1, 6]).Sample(
            (rate, instalments, principal, received, unit, every) =>
            {
                var frequency = new RepaymentFrequency(every, unit);
                var schedule = Make(Terms(Flat, rate / 100m, repayment: frequency), principal, instalments);
                var cash = Money.Rupiah(principal * received / 100);
                var shown = EffectiveRateCalculator.Of(cash, schedule, frequency);
                var period = EffectiveRateCalculator.PeriodRateOf(cash, schedule);

                if (schedule.Total <= cash)
                {
                    return period == 0;
                }

                var (units, growth) = (frequency.UnitsPerYear, Fixed.Of(1 + period));
                var nominal = shown.NominalAprPercent * every / units / 100;
                var half = 0.00005000001m;
                return WorthMore(schedule, period - 1e-18m, cash)
                    && !WorthMore(schedule, period + 1e-18m, cash)
                    && decimal.Abs(nominal - period) <= half * every / units
                    && IsPower(shown.MonthlyIrrPercent, 12 * every, growth, units)
                    && IsPower(shown.EffectiveAnnualPercent, every, growth, units);
            },
            iter: 20_000);

    /// <summary>
    /// The example that a spreadsheet's own manual gives for XIRR: 10,000 on 1 January 2008, and back 2,750 on 1 March, 4,250
    /// on 30 October, 3,250 on 15 February and 2,750 on 1 April. 37.336 %; 1.37336^(1/12) = 1.026793.
    /// </summary>
    [Fact]
    public void Irregular_dates_are_counted_by_days()
    {
        var rate = EffectiveRateCalculator.ByDays(
            Money.Rupiah(10_000_000),
            Paying(("2008-03-01", 2_750_000), ("2008-10-30", 4_250_000), ("2009-02-15", 3_250_000), ("2009-04-01", 2_750_000)),
            Day("2008-01-01"));

        Assert.Equal(new EffectiveRate(2.68m, 32.15m, 37.34m), rate);
    }

    [Fact]
    public void A_fifth_more_after_a_year_of_365_days_is_twenty_percent()
    {
        // 1.2^(1/12) = 1.0153095.
        Assert.Equal(
            new EffectiveRate(1.53m, 18.37m, 20m),
            EffectiveRateCalculator.ByDays(Money.Rupiah(1_000_000), Paying(("2027-01-15", 1_200_000)), DisbursementDay));
        Assert.Equal(
            new EffectiveRate(0, 0, 0),
            EffectiveRateCalculator.ByDays(Money.Rupiah(1_000_000), Paying(("2027-01-15", 1_000_000)), DisbursementDay));
    }

    [Fact]
    public void Paid_back_with_more_on_the_same_day_it_is_the_highest()
    {
        var highest = new EffectiveRate(EffectiveRate.HighestPercent, EffectiveRate.HighestPercent, EffectiveRate.HighestPercent);

        Assert.Equal(highest, EffectiveRateCalculator.ByDays(Money.Rupiah(1_000), Paying(("2026-01-15", 1_001)), DisbursementDay));
        Assert.Equal(highest, EffectiveRateCalculator.ByDays(Money.Rupiah(1), Paying(("2026-01-16", Money.MaximumMinorUnits)), DisbursementDay));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => EffectiveRateCalculator.ByDays(Money.Rupiah(0), Paying(("2026-01-16", 1)), DisbursementDay));
    }

    /// <summary>Dates of one rhythm are periods, whatever the months have of days; one day later they are not.</summary>
    [Fact]
    public void A_loan_with_a_rhythm_is_counted_by_periods_and_with_a_broken_period_by_days()
    {
        var terms = Terms(Flat, 1.5m);
        var regular = Make(terms, 36_000_000, 12, firstDueOn: Day("2026-02-15"));
        var broken = Make(terms, 36_000_000, 12, firstDueOn: Day("2026-03-01"));

        Assert.Equal(31.72m, EffectiveRateCalculator.Of(regular.TotalPrincipal, regular, terms, DisbursementDay).NominalAprPercent);
        Assert.Equal(
            EffectiveRateCalculator.ByDays(broken.TotalPrincipal, broken, DisbursementDay),
            EffectiveRateCalculator.Of(broken.TotalPrincipal, broken, terms, DisbursementDay));
        Assert.True(EffectiveRateCalculator.Of(broken.TotalPrincipal, broken, terms, DisbursementDay).NominalAprPercent < 31.72m);
    }

    /// <summary>
    /// The second method: binary powers, tried just below and just above the rate shown. There the instalments are worth more
    /// and less than was received.
    /// </summary>
    [Fact]
    public void By_days_too_the_instalments_are_worth_what_was_received_at_the_rate_shown() =>
        Gen.Select(
            Gen.Int[1, 1_000], // hundredths of a percent a month
            Gen.Int[1, 24],
            Gen.Long[1_000_000, 50_000_000_000],
            Gen.Int[80, 100], // percent of the principal that is received
            Gen.Int[1, 120]).Sample(
            (rate, instalments, principal, received, firstDueAfter) =>
            {
                var schedule = Make(Terms(Flat, rate / 100m), principal, instalments, firstDueOn: DisbursementDay.AddDays(firstDueAfter));
                var cash = Money.Rupiah(principal * received / 100);
                var annual = EffectiveRateCalculator.ByDays(cash, schedule, DisbursementDay).EffectiveAnnualPercent;

                double WorthAt(decimal percent) => schedule.Instalments.Sum(row => row.Total.MinorUnits
                    / Math.Pow(1 + ((double)percent / 100), (row.ContractDueOn.DayNumber - DisbursementDay.DayNumber) / 365d));
                return annual == EffectiveRate.HighestPercent
                    || (WorthAt(annual * 0.9999m - 0.0051m) >= cash.MinorUnits && WorthAt(annual * 1.0001m + 0.0051m) <= cash.MinorUnits);
            },
            iter: 20_000);

    private static Schedule Paying(params (string DueOn, long Amount)[] payments) => new(
        [.. payments.Select((payment, index) => new Instalment(
            index + 1, Day(payment.DueOn), Day(payment.DueOn), Money.Rupiah(payment.Amount), Money.Rupiah(0)))]);

    private static bool IsPower(decimal percent, int exponent, BigInteger growth, int periods)
    {
        var power = Fixed.Power(growth, periods);
        return percent == EffectiveRate.HighestPercent
            ? power > Fixed.Power(Fixed.Of(9_999_999_999m), exponent)
            : Fixed.Power(Fixed.Of(1 + (percent / 100) - 0.00005000001m), exponent) <= power
                && Fixed.Power(Fixed.Of(1 + (percent / 100) + 0.00005000001m), exponent) >= power;
    }

    private static bool WorthMore(Schedule schedule, decimal rate, Money received)
    {
        // By Horner, the last instalment first: ((c3 / g) + c2) / g ...
        var growth = Fixed.Of(1 + rate);
        var worth = schedule.Instalments.Reverse().Aggregate(
            BigInteger.Zero, (sum, row) => Fixed.Divide(sum + (row.Total.MinorUnits * Fixed.One), growth));
        return worth > received.MinorUnits * Fixed.One;
    }

    private static EffectiveRate Rate(Schedule schedule, RepaymentFrequency? frequency = null) =>
        EffectiveRateCalculator.Of(schedule.TotalPrincipal, schedule, frequency ?? Monthly);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Numbers of 40 decimals in whole numbers.</summary>
    private static class Fixed
    {
        public static readonly BigInteger One = BigInteger.Pow(10, 40);

        public static BigInteger Of(decimal value) =>
            (new BigInteger(decimal.Truncate(value)) * One)
            + (new BigInteger((value - decimal.Truncate(value)) * 1e28m) * BigInteger.Pow(10, 12));

        public static BigInteger Divide(BigInteger dividend, BigInteger divisor) => dividend * One / divisor;

        public static BigInteger Power(BigInteger value, int exponent)
        {
            var (result, square) = (One, value);
            for (; exponent > 0; exponent >>= 1)
            {
                result = (exponent & 1) == 1 ? result * square / One : result;
                square = square * square / One;
            }

            return result;
        }
    }
}
