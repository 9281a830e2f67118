using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Xunit;
using static Kupang.Ledger.Loans.Schedules.DayCount;
using static Kupang.Ledger.Loans.Schedules.InterestMethod;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

/// <summary>
/// Principals are chosen so that a day costs a round sum: 36,500,000 at 12 % of a year of 365 days, and 36,000,000 of one
/// of 360, cost 12,000 a day. From 15 January 2026 the months have 31, 28 and 31 days.
/// </summary>
public sealed class DayCountTests
{
    [Theory]
    [InlineData(Actual365, 36_500_000, 372_000, 336_000, 372_000)]
    [InlineData(Actual360, 36_000_000, 372_000, 336_000, 372_000)]
    [InlineData(ActualActual, 36_500_000, 372_000, 336_000, 372_000)]
    [InlineData(Thirty360, 36_000_000, 360_000, 360_000, 360_000)]
    [InlineData(Thirty365, 36_500_000, 360_000, 360_000, 360_000)]
    public void A_month_has_its_own_days_or_thirty(DayCount dayCount, int principal, int first, int second, int third) =>
        Assert.Equal([first, second, third], Interests(Make(Yearly(Flat, dayCount), principal, 3)));

    /// <summary>16 days to 31 December 2027 and 15 in 2028, which has 366: of 365 x 366 x 1,000 a day is 43,920 or 43,800.</summary>
    [Fact]
    public void The_days_up_to_31_December_are_the_old_years()
    {
        Assert.Equal(
            [(16 * 43_920) + (15 * 43_800)],
            Interests(Make(Yearly(DecliningEqualPrincipal, ActualActual), 133_590_000, 1, Day("2027-12-15"))));

        var daily = Yearly(DecliningEqualPrincipal, ActualActual, new RepaymentFrequency(1, FrequencyUnit.Day));
        Assert.Equal([43_920], Interests(Make(daily, 133_590_000, 1, Day("2027-12-30"))));
        Assert.Equal([43_800], Interests(Make(daily, 133_590_000, 1, Day("2027-12-31"))));
        Assert.Equal([43_920], Interests(Make(daily, 133_590_000, 1, Day("2028-12-31"))));
    }

    [Fact]
    public void A_period_of_years_is_split_at_every_turn()
    {
        // From 1 July 2027: 183 days of 2027, 366 of 2028, 182 of 2029.
        var threeYears = Yearly(DecliningEqualPrincipal, ActualActual, new RepaymentFrequency(24, FrequencyUnit.Month));

        Assert.Equal([(183 * 43_920) + (366 * 43_800) + (182 * 43_920)], Interests(Make(threeYears, 133_590_000, 1, Day("2027-07-01"))));
    }

    /// <summary>49 days to 5 March, then 31. By months of thirty days the first is a month and 18 of the 28 days after it.</summary>
    [Theory]
    [InlineData(Actual365, 36_500_000, 588_000)]
    [InlineData(Thirty360, 36_000_000, 591_429)] // 12,000 x 30 x (1 + 18/28) = 591,428.57
    public void A_longer_first_period_costs_more(DayCount dayCount, int principal, int first) =>
        Assert.Equal(first, Interests(Make(Yearly(DecliningEqualPrincipal, dayCount), principal, 3, firstDueOn: Day("2026-03-05"))).First());

    [Fact]
    public void A_shorter_first_period_costs_less_and_none_costs_nothing()
    {
        var terms = Yearly(DecliningEqualPrincipal, Actual365);

        Assert.Equal([(12_166_667, 120_000), (12_166_667, 248_000)], Parts(Make(terms, 36_500_000, 3, firstDueOn: Day("2026-01-25"))).Take(2)
            .Select(row => (row.Principal, decimal.Round(row.Interest / 1000) * 1000)));
        Assert.Equal(0, Interests(Make(terms, 36_500_000, 3, firstDueOn: DisbursementDay)).First());
    }

    [Fact]
    public void By_period_the_first_is_one_of_them_however_long() =>
        Assert.Equal(
            [360_000, 360_000, 360_000],
            Interests(Make(Terms(Flat, 1), 36_000_000, 3, firstDueOn: Day("2026-03-05"))));

    [Fact]
    public void A_month_from_the_last_day_is_a_whole_one()
    {
        // 31 January to 28 February and on to 31 March: thirty days each, in both directions.
        Assert.Equal([360_000, 360_000], Interests(Make(Yearly(Flat, Thirty360), 36_000_000, 2, Day("2026-01-31"))));
        Assert.Equal([360_000, 360_000], Interests(Make(Yearly(Flat, Thirty360), 36_000_000, 2, Day("2026-02-28"), Day("2026-03-31"))));
    }

    [Theory]
    [InlineData(Thirty360)]
    [InlineData(Actual360)]
    public void Weeks_and_days_are_counted_as_they_are(DayCount dayCount)
    {
        Assert.Equal(
            [84_000, 84_000], Interests(Make(Yearly(Flat, dayCount, new RepaymentFrequency(1, FrequencyUnit.Week)), 36_000_000, 2)));
        Assert.Equal(
            [120_000, 120_000], Interests(Make(Yearly(Flat, dayCount, new RepaymentFrequency(10, FrequencyUnit.Day)), 36_000_000, 2)));
    }

    [Fact]
    public void A_rate_of_a_month_or_a_week_is_brought_to_the_year_first()
    {
        // 1 % a month is 12 % a year, 0.25 % a week 13 %: 13,000 a day.
        Assert.Equal([372_000], Interests(Make(Terms(Flat, 1, dayCount: Actual365), 36_500_000, 1)));
        Assert.Equal([403_000], Interests(Make(Terms(Flat, 0.25m, per: RatePeriod.Week, dayCount: Actual365), 36_500_000, 1)));
    }

    [Fact]
    public void A_rate_for_the_term_is_divided_by_the_days() =>
        // 10 % of 9,000,000 over 90 days: 10,000 a day.
        Assert.Equal(
            [310_000, 280_000, 310_000], Interests(Make(Terms(Flat, 10, per: RatePeriod.Term, dayCount: Actual365), 9_000_000, 3)));

    /// <summary>36,500,000 + 1,080,000 in three is 12,526,666.67; what interest leaves of it is principal.</summary>
    [Fact]
    public void A_flat_loan_by_days_has_equal_instalments() =>
        Assert.Equal(
            [(12_154_667, 372_000), (12_190_667, 336_000), (12_154_666, 372_000)], Parts(Make(Yearly(Flat, Actual365), 36_500_000, 3)));

    [Fact]
    public void Unless_its_principal_is_rounded() =>
        Assert.Equal(
            [(12_200_000, 372_000), (12_200_000, 336_000), (12_100_000, 372_000)],
            Parts(Make(Yearly(Flat, Actual365) with { Rounding = Up(100_000) }, 36_500_000, 3)));

    [Fact]
    public void A_first_period_so_long_that_its_interest_is_the_instalment_pays_no_principal()
    {
        // A hundred days at 12,000 and two months: 1,200,000 + 372,000 + 360,000 in three is 644,000 + a third of 3,650,000.
        var terms = Yearly(Flat, Actual365) with { Interest = new InterestTerms(Flat, new Percentage(120), RatePeriod.Year, Actual365) };
        var rows = Parts(Make(terms, 3_650_000, 3, firstDueOn: DisbursementDay.AddDays(200))).ToList();

        Assert.Equal((0, 2_400_000), rows[0]);
        Assert.Equal(3_650_000, rows.Sum(row => row.Principal));
    }

    /// <summary>In equal instalments nothing is left to pay the principal with, and the debt may not grow.</summary>
    [Fact]
    public void A_first_period_so_long_that_the_instalment_does_not_pay_its_interest_is_refused() =>
        Refused(
            Calculate(Terms(DecliningEqualInstalments, 5, dayCount: Actual365), 1_000_000, 24, firstDueOn: DisbursementDay.AddDays(200)),
            "terms-out-of-range",
            "firstDueOn");

    [Theory]
    [InlineData(None)]
    [InlineData(FixedMargin)]
    public void What_has_no_interest_in_time_has_no_day_count(InterestMethod method) =>
        Refused(Calculate(Terms(method, 1, dayCount: Actual365), 1_000_000, 3), "terms-out-of-range", "dayCount");

    private static ScheduleTerms Yearly(InterestMethod method, DayCount dayCount, RepaymentFrequency? repayment = null) =>
        Terms(method, 12, per: RatePeriod.Year, repayment: repayment, dayCount: dayCount);
}
