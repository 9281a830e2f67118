using Kupang.Ledger.Loans.Schedules;
using Xunit;
using static Kupang.Ledger.Loans.Schedules.InterestMethod;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

/// <summary>What the first instalments of a loan are let off: principal, paying interest, or interest altogether.</summary>
public sealed class GraceTests
{
    private static readonly ScheduleTerms FourMillionFlat = Terms(Flat, 1.5m); // 60,000 a month
    private static readonly ScheduleTerms SixMillionMenurun = Terms(DecliningEqualPrincipal, 2); // 120,000, 108,000, 96,000 …

    [Fact]
    public void Interest_that_is_not_paid_yet_is_paid_by_the_next_instalment()
    {
        var grace = new GraceTerms(InterestPaymentInstalments: 4);

        Assert.Equal([0, 0, 0, 0, 300_000, .. Repeat(60_000, 7)], Interests(Make(FourMillionFlat.With(grace), 4_000_000, 12)));
        Assert.Equal([0, 0, 0, 0, 480_000, 60_000, 48_000, 36_000, 24_000, 12_000], Interests(Make(SixMillionMenurun.With(grace), 6_000_000, 10)));
    }

    [Fact]
    public void Or_spread_over_all_that_are_left()
    {
        var grace = new GraceTerms(InterestPaymentInstalments: 4, DeferredInterest: DeferredInterest.Spread);

        // 240,000 over 8 is 30,000 each; 120,000 + 108,000 + 96,000 + 84,000 = 408,000 over 6 is 68,000 each.
        Assert.Equal([0, 0, 0, 0, .. Repeat(90_000, 8)], Interests(Make(FourMillionFlat.With(grace), 4_000_000, 12)));
        Assert.Equal(
            [0, 0, 0, 0, 140_000, 128_000, 116_000, 104_000, 92_000, 80_000], Interests(Make(SixMillionMenurun.With(grace), 6_000_000, 10)));
    }

    [Fact]
    public void What_does_not_spread_evenly_is_paid_by_the_last() =>
        // 1 % of 10,000 twice is 200, over 3 rows 67 + 67 + 66.
        Assert.Equal(
            [0, 0, 167, 167, 166],
            Interests(Make(Terms(Flat, 1).With(new GraceTerms(InterestPaymentInstalments: 2, DeferredInterest: DeferredInterest.Spread)), 10_000, 5)));

    [Fact]
    public void What_is_put_off_changes_no_principal()
    {
        var grace = new GraceTerms(InterestPaymentInstalments: 3);

        foreach (var terms in (ScheduleTerms[])[FourMillionFlat, SixMillionMenurun, Terms(DecliningEqualInstalments, 1, Up(100))])
        {
            var (plain, put) = (Make(terms, 4_000_000, 12), Make(terms.With(grace), 4_000_000, 12));
            Assert.Equal(Principals(plain), Principals(put));
            Assert.Equal(plain.TotalInterest, put.TotalInterest);
        }
    }

    [Fact]
    public void Free_instalments_have_no_interest_at_all()
    {
        var grace = new GraceTerms(InterestFreeInstalments: 2);

        Assert.Equal([0, 0, .. Repeat(60_000, 10)], Interests(Make(FourMillionFlat.With(grace), 4_000_000, 12)));
        Assert.Equal(
            [0, 0, 96_000, 84_000, 72_000, 60_000, 48_000, 36_000, 24_000, 12_000], Interests(Make(SixMillionMenurun.With(grace), 6_000_000, 10)));
    }

    /// <summary>
    /// Rates 0, 1 %, 1 %: S = 1, 2.01, 3.0301, so A = 3,000,000 x 1.0201 / 3.0301 = 1,009,966.67. Then 1 % of 1,990,033 is
    /// 19,900 and of 999,966 is 10,000.
    /// </summary>
    [Fact]
    public void Anuitas_with_a_free_month_pays_the_same_each_month() =>
        Assert.Equal(
            [(1_009_967, 0), (990_067, 19_900), (999_966, 10_000)],
            Parts(Make(Terms(DecliningEqualInstalments, 1).With(new GraceTerms(InterestFreeInstalments: 1)), 3_000_000, 3)));

    /// <summary>The first two have nothing at all; after that the loan is as if it had begun then.</summary>
    [Fact]
    public void Free_of_principal_and_interest_a_loan_begins_later() =>
        Assert.Equal(
            [0, 0, .. Repeat(888_500, 11), 888_346],
            Totals(Make(Terms(DecliningEqualInstalments, 1, Up(100)).With(new GraceTerms(2, InterestFreeInstalments: 2)), 10_000_000, 14)));

    /// <summary>The Dana PEM custom: nothing for four months, then all interest of those months with the fifth instalment.</summary>
    [Fact]
    public void Nothing_is_paid_for_four_months_and_their_interest_with_the_fifth() =>
        Assert.Equal(
            [(0, 0), (0, 0), (0, 0), (0, 0), (500_000, 300_000), .. Enumerable.Repeat((500_000m, 60_000m), 7)],
            Parts(Make(FourMillionFlat.With(new GraceTerms(4, InterestPaymentInstalments: 4)), 4_000_000, 12)));

    [Fact]
    public void Free_rows_that_are_also_let_off_paying_owe_nothing_later() =>
        Assert.Equal(
            [0, 0, 0, 120_000, .. Repeat(60_000, 8)],
            Interests(Make(FourMillionFlat.With(new GraceTerms(InterestPaymentInstalments: 3, InterestFreeInstalments: 2)), 4_000_000, 12)));

    [Fact]
    public void An_instalment_is_left_that_pays()
    {
        Refused(Calculate(FourMillionFlat.With(new GraceTerms(InterestPaymentInstalments: 12)), 4_000_000, 12), "grace-too-long");
        Refused(Calculate(FourMillionFlat.With(new GraceTerms(InterestFreeInstalments: 12)), 4_000_000, 12), "grace-too-long");
        Refused(Calculate(FourMillionFlat.With(new GraceTerms(InterestPaymentInstalments: -1)), 4_000_000, 12), "terms-out-of-range", "interestPaymentInstalments");
        Refused(Calculate(FourMillionFlat.With(new GraceTerms(InterestFreeInstalments: -1)), 4_000_000, 12), "terms-out-of-range", "interestFreeInstalments");
    }
}
