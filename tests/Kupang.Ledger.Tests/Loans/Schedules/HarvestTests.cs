using System.Globalization;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Xunit;
using static Kupang.Ledger.Loans.Schedules.InterestMethod;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

/// <summary>
/// 10,000,000 at 1.5 % a month, lent on 24 November 2026 and paid back with two harvests: 60 % on 30 April 2027, in the
/// sixth month, and 40 % on 30 September, in the eleventh.
/// </summary>
public sealed class HarvestTests
{
    private static readonly string[] TwoHarvests = ["2027-04-30 60", "2027-09-30 40"];

    [Fact]
    public void Flat_interest_is_charged_for_the_months_that_were_begun() =>
        Assert.Equal([(6_000_000, 990_000), (4_000_000, 660_000)], Parts(Lend(Terms(Flat, 1.5m), TwoHarvests)));

    [Fact]
    public void Or_for_as_many_months_as_were_agreed() =>
        Assert.Equal([900_000, 600_000], Interests(Lend(Charging(10), TwoHarvests)));

    [Fact]
    public void Interest_can_have_shares_of_its_own() =>
        Assert.Equal([(6_000_000, 0), (4_000_000, 1_650_000)], Parts(Lend(Terms(Flat, 1.5m), "2027-04-30 60 0", "2027-09-30 40 100")));

    [Fact]
    public void Interest_on_what_is_owed_is_of_the_months_since_the_last() =>
        // Six months of 150,000, then five of 60,000.
        Assert.Equal([(6_000_000, 900_000), (4_000_000, 300_000)], Parts(Lend(Terms(DecliningEqualPrincipal, 1.5m), TwoHarvests)));

    /// <summary>157 days to the first and 310 to the last: 10,000,000 x 18 % x 310 / 365 = 1,528,767.12, of which 60 %.</summary>
    [Fact]
    public void By_days_it_is_of_the_days()
    {
        var terms = Terms(Flat, 18, per: RatePeriod.Year, dayCount: DayCount.Actual365);

        Assert.Equal([917_260, 611_507], Interests(Lend(terms, TwoHarvests)));
        // 774,246.58 on ten million for 157 days, 301,808.22 on four for 153.
        Assert.Equal([774_247, 301_808], Interests(Lend(terms with { Interest = terms.Interest with { Method = DecliningEqualPrincipal } }, TwoHarvests)));
    }

    [Fact]
    public void A_rate_for_the_term_a_margin_and_no_interest_are_shared_alike()
    {
        Assert.Equal([600_000, 400_000], Interests(Lend(Terms(Flat, 10, per: RatePeriod.Term), TwoHarvests)));
        Assert.Equal([600_000, 400_000], Interests(Lend(Terms(FixedMargin, 10, per: RatePeriod.Term), TwoHarvests)));
        Assert.Equal([(6_000_000, 0), (4_000_000, 0)], Parts(Lend(Terms(None, 0), TwoHarvests)));
    }

    [Fact]
    public void What_shares_do_not_divide_the_last_takes()
    {
        var thirds = (string[])["2027-04-30 33.333333", "2027-07-31 33.333333", "2027-09-30 33.333334"];

        Assert.Equal([3_333_333, 3_333_333, 3_333_334], Principals(Lend(Terms(None, 0), thirds)));
        Assert.Equal([3_400_000, 3_400_000, 3_200_000], Principals(Lend(Terms(None, 0, Up(100_000)), thirds)));
    }

    [Fact]
    public void An_instalment_before_the_harvest_may_pay_interest_only() =>
        Assert.Equal(
            [(0, 450_000), (10_000_000, 1_200_000)],
            Parts(Lend(Terms(DecliningEqualPrincipal, 1.5m), "2027-02-24 0", "2027-09-30 100")));

    /// <summary>
    /// Two thirds up to 3,000,000 are 6,000,000 each. Twice two of 2,499,999 leave four rupiah, and no more than that does.
    /// </summary>
    [Fact]
    public void Rounding_that_leaves_the_last_nothing_is_refused_with_the_largest_multiple_that_works()
    {
        var thirds = (string[])["2027-04-30 33.333333", "2027-07-31 33.333333", "2027-09-30 33.333334"];
        var refused = Refused(Calculate(Terms(None, 0, Up(3_000_000)), thirds), "rounding-too-coarse");

        Assert.Equal("2499999", refused.Figures.Single(figure => figure.Name == "largestMultiple").Value);
        Lend(Terms(None, 0, Up(2_499_999)), thirds);
        for (var between = 2_500_000; between < 2_500_100; between++)
        {
            Refused(Calculate(Terms(None, 0, Up(between)), thirds), "rounding-too-coarse");
        }
    }

    [Fact]
    public void Days_and_shares_make_sense()
    {
        Refused(Calculate(Terms(Flat, 1), "2027-04-30 60", "2027-04-30 40"), "custom-dates-not-ascending");
        Refused(Calculate(Terms(Flat, 1), "2027-04-30 60", "2027-09-30 39.999999"), "custom-shares-not-whole", "99.999999");
        Refused(Calculate(Terms(Flat, 1), "2027-04-30 100", "2027-09-30 0"), "custom-shares-not-whole", "principalPercent");
        Refused(Calculate(Terms(Flat, 1), "2027-04-30 60 100", "2027-09-30 40"), "custom-shares-not-whole", "interestPercent");
        Refused(Calculate(Terms(Flat, 1), []), "terms-out-of-range", "custom");
        Refused(Calculate(Terms(Flat, 1), "2026-11-23 60", "2027-09-30 40"), "first-due-on-before-disbursement");
    }

    [Fact]
    public void What_would_say_otherwise_is_refused()
    {
        Refused(Calculate(Terms(DecliningEqualInstalments, 1), TwoHarvests), "terms-out-of-range", "custom");
        Refused(Calculate(Terms(Flat, 1, grace: 1), TwoHarvests), "terms-out-of-range", "grace");
        Refused(Calculate(Terms(DecliningEqualPrincipal, 1), "2027-04-30 60 50", "2027-09-30 40 50"), "terms-out-of-range", "interestPercent");
        Refused(Calculate(Charging(0), TwoHarvests), "terms-out-of-range", "chargedPeriods");
        Refused(ScheduleSample.Calculate(Charging(10), 10_000_000, 2), "terms-out-of-range", "chargedPeriods");
        Refused(ScheduleSample.Calculate(Terms(Flat, 1) with { Harvest = Plan(TwoHarvests) }, 10_000_000, 3), "instalments-not-custom");
        Refused(
            ScheduleSample.Calculate(Terms(Flat, 1) with { Harvest = Plan(TwoHarvests) }, 10_000_000, 2, firstDueOn: Day("2027-04-30")),
            "terms-out-of-range",
            "firstDueOn");
    }

    [Fact]
    public void Two_plans_are_equal_when_all_their_instalments_are()
    {
        Assert.Equal(Plan(TwoHarvests), Plan(TwoHarvests));
        Assert.Equal(Plan(TwoHarvests).GetHashCode(), Plan(TwoHarvests).GetHashCode());
        Assert.NotEqual(Plan(TwoHarvests), Plan("2027-04-30 60", "2027-09-29 40"));
    }

    private static ScheduleTerms Charging(int months) =>
        Terms(Flat, 1.5m) with { Interest = new InterestTerms(Flat, new Percentage(1.5m), RatePeriod.Month, ChargedPeriods: months) };

    private static Schedule Lend(ScheduleTerms terms, params string[] instalments) => Made(Calculate(terms, instalments));

    private static ScheduleResult Calculate(ScheduleTerms terms, params string[] instalments) => ScheduleSample.Calculate(
        terms with { Harvest = Plan(instalments) }, 10_000_000, int.Max(1, instalments.Length), Day("2026-11-24"));

    /// <summary>A day, a share of the principal, and perhaps one of the interest.</summary>
    private static HarvestPlan Plan(params string[] instalments) => new(
        [
            .. instalments.Select(text => text.Split(' ')).Select(words => new CustomInstalment(
                Day(words[0]), Percent(words[1]), words.Length > 2 ? Percent(words[2]) : null)),
        ]);

    private static Percentage Percent(string text) => new(decimal.Parse(text, CultureInfo.InvariantCulture));
}
