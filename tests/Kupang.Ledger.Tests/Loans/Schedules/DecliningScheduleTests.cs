using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Xunit;
using static Kupang.Ledger.Loans.Schedules.InterestMethod;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

public sealed class DecliningScheduleTests
{
    private static readonly decimal[] SixMillionAtTwoPercent =
        [720_000, 708_000, 696_000, 684_000, 672_000, 660_000, 648_000, 636_000, 624_000, 612_000];

    [Fact]
    public void Menurun_six_million_at_two_percent_in_ten_months()
    {
        var schedule = Make(Terms(DecliningEqualPrincipal, 2), 6_000_000, 10);

        Assert.Equal(SixMillionAtTwoPercent, Totals(schedule));
        Assert.Equal(Repeat(600_000, 10), Principals(schedule));
        Assert.Equal(Money.Rupiah(660_000), schedule.TotalInterest);
    }

    [Fact]
    public void Menurun_rounds_the_principal_part_and_charges_what_is_really_owed() =>
        // 1,000,000 / 3 up to 5,000 is 335,000: interest 2 % of 1,000,000, of 665,000 and of 330,000.
        Assert.Equal(
            [(335_000, 20_000), (335_000, 13_300), (330_000, 6_600)],
            Parts(Make(Terms(DecliningEqualPrincipal, 2, Up(5_000)), 1_000_000, 3)));

    [Fact]
    public void Menurun_charges_the_whole_principal_until_the_grace_is_over()
    {
        var schedule = Make(Terms(DecliningEqualPrincipal, 2, grace: 2), 6_000_000, 12);

        Assert.Equal([120_000, 120_000, .. SixMillionAtTwoPercent], Totals(schedule));
    }

    /// <summary>
    /// 10 % a year is 1/120 a month: on 300 that is exactly 2.5 and on 420 exactly 3.5. A decimal of 1/120 falls short
    /// of both.
    /// </summary>
    [Theory]
    [InlineData(300, 2)]
    [InlineData(420, 4)]
    [InlineData(540, 4)]
    public void Interest_of_exactly_half_a_rupiah_goes_to_the_even_one(int principal, int interest) =>
        Assert.Equal(
            [(principal, interest)],
            Parts(Make(Terms(DecliningEqualPrincipal, 10, per: RatePeriod.Year), principal, 1)));

    [Fact]
    public void Anuitas_ten_million_at_one_percent_in_twelve_months()
    {
        var schedule = Make(Terms(DecliningEqualInstalments, 1, Up(100)), 10_000_000, 12);

        Assert.Equal([.. Repeat(888_500, 11), 888_346], Totals(schedule));
        Assert.Equal((788_500, 100_000), Parts(schedule).First());
        Assert.Equal((879_550, 8_796), Parts(schedule).Last());
        Assert.Equal(Money.Rupiah(661_846), schedule.TotalInterest);
    }

    /// <summary>
    /// 1.01^3 = 1.030301, so A = 10 x 1.030301 / 0.030301 = 340.0221 and the rows go 10.00 on 1,000.00, 6.6998 on
    /// 669.98 and 3.3666 on 336.66.
    /// </summary>
    [Fact]
    public void Anuitas_a_thousand_dollars_at_one_percent_in_three_months() =>
        Assert.Equal(
            [(330.02m, 10.00m), (333.32m, 6.70m), (336.66m, 3.37m)],
            Parts(Make(Terms(DecliningEqualInstalments, 1, currency: Currency.UnitedStatesDollar), 1_000, 3)));

    [Theory]
    [InlineData(RoundingMode.Up, 889_000)]
    [InlineData(RoundingMode.Nearest, 888_000)]
    [InlineData(RoundingMode.Down, 888_000)]
    public void Anuitas_rounds_the_whole_instalment(RoundingMode mode, int instalment) =>
        Assert.Equal(
            Repeat(instalment, 11),
            Totals(Make(Terms(DecliningEqualInstalments, 1, new(1_000, mode)), 10_000_000, 12)).Take(11));

    [Fact]
    public void Anuitas_after_a_grace_is_as_if_the_loan_began_then()
    {
        var schedule = Make(Terms(DecliningEqualInstalments, 1, Up(100), grace: 2), 10_000_000, 14);

        Assert.Equal([100_000, 100_000, .. Repeat(888_500, 11), 888_346], Totals(schedule));
    }

    [Fact]
    public void Anuitas_without_a_rate_divides_the_principal() =>
        Assert.Equal(
            [(333_333, 0), (333_333, 0), (333_334, 0)], Parts(Make(Terms(DecliningEqualInstalments, 0), 1_000_000, 3)));

    [Fact]
    public void One_instalment_pays_principal_and_interest_of_one_period()
    {
        foreach (var method in (InterestMethod[])[DecliningEqualPrincipal, DecliningEqualInstalments])
        {
            Assert.Equal([(1_000_000, 20_000)], Parts(Make(Terms(method, 2, Up(300_000)), 1_000_000, 1)));
            Assert.Equal([(1_000_000, 20_000)], Parts(Make(Terms(method, 2, Down(5_000_000)), 1_000_000, 1)));
        }
    }

    [Fact]
    public void Qardhul_hasan_has_no_interest_whatever_rate_is_written()
    {
        var schedule = Make(Terms(None, 5, Up(50_000)), 1_000_000, 3);

        Assert.Equal([(350_000, 0), (350_000, 0), (300_000, 0)], Parts(schedule));
        Assert.True(schedule.TotalInterest.IsZero);
    }
}
