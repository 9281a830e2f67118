using System.Globalization;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Xunit;
using static Kupang.Ledger.Loans.Schedules.InterestMethod;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

public sealed class FlatScheduleTests
{
    [Theory]
    [InlineData(1_000, RoundingMode.Up, 394_000, 386_000)]
    [InlineData(500, RoundingMode.Nearest, 393_500, 391_500)]
    [InlineData(1_000, RoundingMode.Down, 393_000, 397_000)]
    public void Four_million_at_one_and_a_half_percent_in_twelve_months(
        int multiple, RoundingMode mode, int each, int last)
    {
        var schedule = Make(Terms(Flat, 1.5m, new RoundingTerms(multiple, mode)), 4_000_000, 12);

        Assert.Equal([.. Repeat(each, 11), last], Totals(schedule));
        Assert.Equal(Repeat(60_000, 12), Interests(schedule));
        Assert.Equal(Money.Rupiah(4_720_000), schedule.Total);
        Assert.Equal(Money.Rupiah(4_000_000), schedule.TotalPrincipal);
        Assert.Equal(Money.Rupiah(720_000), schedule.TotalInterest);
    }

    [Fact]
    public void Without_rounding_the_part_goes_to_the_rupiah_and_the_last_takes_the_rest()
    {
        // 4,000,000 / 12 = 333,333.33; 11 x 333,333 = 3,666,663 leaves 333,337.
        var expected = (decimal[])[.. Repeat(333_333, 11), 333_337];

        Assert.Equal(expected, Principals(Make(Terms(Flat, 1.5m), 4_000_000, 12)));
        Assert.Equal(expected, Principals(Make(Terms(Flat, 1.5m, Up(1)), 4_000_000, 12)));
    }

    [Fact]
    public void Half_way_between_two_multiples_the_even_one_is_taken()
    {
        // 10,000 / 4 = 2,500 goes to 2 thousands; 14,000 / 4 = 3,500 goes to 4 thousands.
        Assert.Equal([2_000, 2_000, 2_000, 4_000], Principals(Make(Terms(Flat, 0, Nearest(1_000)), 10_000, 4)));
        Assert.Equal([4_000, 4_000, 4_000, 2_000], Principals(Make(Terms(Flat, 0, Nearest(1_000)), 14_000, 4)));
    }

    [Fact]
    public void A_part_just_above_a_multiple_goes_up_by_a_whole_one() =>
        // 12,001 / 3 = 4,000.33, more than 4 thousands.
        Assert.Equal([5_000, 5_000, 2_001], Principals(Make(Terms(Flat, 0, Up(1_000)), 12_001, 3)));

    [Fact]
    public void A_multiple_may_be_a_fraction_of_a_unit()
    {
        // 100.00 / 3 = 33.3333: up to 5 cents 33.35, up to whole euros 34. 10.000 / 3 = 3.3333: nearest 5 fils 3.335.
        Assert.Equal(
            [33.35m, 33.35m, 33.30m], Principals(Make(Terms(Flat, 0, Up(0.05m), currency: Currency.Euro), 100, 3)));
        Assert.Equal([34m, 34m, 32m], Principals(Make(Terms(Flat, 0, Up(1), currency: Currency.Euro), 100, 3)));
        Assert.Equal(
            [3.335m, 3.335m, 3.330m],
            Principals(Make(Terms(Flat, 0, Nearest(0.005m), currency: Currency.FromCode("KWD")), 10, 3)));
    }

    [Fact]
    public void Interest_is_rounded_once_for_the_loan_and_then_divided()
    {
        // 1,000,000 x 1.3 % x 3 = 39,000: 13,000 each. 1,000,001 x 1 % x 3 = 30,000.03, so 30,000: 10,000 each.
        Assert.Equal([13_000, 13_000, 13_000], Interests(Make(Terms(Flat, 1.3m), 1_000_000, 3)));
        Assert.Equal([10_000, 10_000, 10_000], Interests(Make(Terms(Flat, 1), 1_000_001, 3)));

        // 10,033 x 1 % x 3 = 300.99, so 301: 100.33 each, and the last has 101.
        Assert.Equal([100, 100, 101], Interests(Make(Terms(Flat, 1), 10_033, 3)));

        // 50 x 1 % x 5 = 2.5, so 2: 0.4 each. 70 x 1 % x 5 = 3.5, so 4: 0.8 each, and the last has none left.
        Assert.Equal([0, 0, 0, 0, 2], Interests(Make(Terms(Flat, 1), 50, 5)));
        Assert.Equal([1, 1, 1, 1, 0], Interests(Make(Terms(Flat, 1), 70, 5)));
    }

    [Fact]
    public void A_row_never_has_less_than_no_interest() =>
        // 1,400 x 0.05 % x 10 = 7: 0.7 each is 1, and after seven rows nothing is left.
        Assert.Equal([.. Repeat(1, 7), .. Repeat(0, 3)], Interests(Make(Terms(Flat, 0.05m), 1_400, 10)));

    [Fact]
    public void Grace_rows_carry_interest_and_are_counted_among_the_instalments()
    {
        var schedule = Make(Terms(Flat, 1.5m, grace: 2), 4_000_000, 12);

        Assert.Equal([0, 0, .. Repeat(400_000, 10)], Principals(schedule));
        Assert.Equal(Repeat(60_000, 12), Interests(schedule));
    }

    [Theory]
    [InlineData("18", RatePeriod.Year, 1, FrequencyUnit.Month, 15_000)] // 18 / 12 = 1.5 %
    [InlineData("12", RatePeriod.Year, 3, FrequencyUnit.Month, 30_000)] // 12 / 12 x 3 = 3 %
    [InlineData("26", RatePeriod.Year, 2, FrequencyUnit.Week, 10_000)] // 26 / 52 x 2 = 1 %
    [InlineData("36.5", RatePeriod.Year, 1, FrequencyUnit.Day, 1_000)] // 36.5 / 365 = 0.1 %
    [InlineData("1.3", RatePeriod.Month, 1, FrequencyUnit.Week, 3_000)] // 1.3 x 12 / 52 = 0.3 %
    [InlineData("7.3", RatePeriod.Month, 10, FrequencyUnit.Day, 24_000)] // 7.3 x 12 / 365 x 10 = 2.4 %
    [InlineData("0.5", RatePeriod.Week, 4, FrequencyUnit.Week, 20_000)] // 0.5 x 4 = 2 %
    [InlineData("0.3", RatePeriod.Week, 1, FrequencyUnit.Month, 13_000)] // 0.3 x 52 / 12 = 1.3 %
    [InlineData("10", RatePeriod.Term, 1, FrequencyUnit.Week, 10_000)] // 10 % of the whole over 10 rows
    public void A_rate_is_brought_to_the_period_between_instalments(
        string percent, RatePeriod per, int every, FrequencyUnit unit, int interest)
    {
        var rate = decimal.Parse(percent, CultureInfo.InvariantCulture);
        var terms = Terms(Flat, rate, per: per, repayment: new RepaymentFrequency(every, unit));

        Assert.Equal(Repeat(interest, 10), Interests(Make(terms, 1_000_000, 10)));
    }

    [Fact]
    public void A_year_of_weeks_costs_what_a_year_of_months_costs()
    {
        // 5,200,000 x 1 % x 12 = 624,000; in 52 weeks 12,000 each.
        var schedule = Make(Terms(Flat, 1, repayment: new RepaymentFrequency(1, FrequencyUnit.Week)), 5_200_000, 52);

        Assert.Equal(Enumerable.Repeat((100_000m, 12_000m), 52), Parts(schedule));
    }

    /// <summary>Goods of 12,000,000 sold for 13,200,000: the margin is agreed once and earned in equal parts.</summary>
    [Fact]
    public void A_margin_is_counted_like_flat_interest()
    {
        var schedule = Make(Terms(FixedMargin, 10, Up(50_000), per: RatePeriod.Term), 12_000_000, 9);

        Assert.Equal([.. Repeat(1_350_000, 8), 1_200_000], Principals(schedule));
        Assert.Equal([.. Repeat(133_333, 8), 133_336], Interests(schedule));
    }
}
