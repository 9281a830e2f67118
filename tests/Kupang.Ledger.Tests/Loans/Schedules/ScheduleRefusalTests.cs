using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Xunit;
using static Kupang.Ledger.Loans.Schedules.InterestMethod;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

public sealed class ScheduleRefusalTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void The_principal_is_more_than_nothing(int principal) =>
        AssertRefused("principal-not-positive", Calculate(Terms(Flat, 1), principal, 12));

    [Theory]
    [InlineData(0)]
    [InlineData(601)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void There_are_one_to_six_hundred_instalments(int instalments) =>
        AssertRefused("instalments-out-of-range", Calculate(Terms(Flat, 1), 1_000_000, instalments));

    [Fact]
    public void The_principal_is_in_the_currency_of_the_terms() =>
        AssertRefused(
            "wrong-currency",
            ScheduleCalculator.Calculate(
                Terms(Flat, 1),
                new Money(100, Currency.Euro),
                12,
                DisbursementDay,
                null,
                WorkingWeek.MondayToSaturday));

    [Fact]
    public void The_first_instalment_is_not_due_before_the_loan_is_paid_out() =>
        AssertRefused(
            "first-due-on-before-disbursement",
            ScheduleCalculator.Calculate(
                Terms(Flat, 1),
                Money.Rupiah(1_000_000),
                12,
                DisbursementDay,
                DisbursementDay.AddDays(-1),
                WorkingWeek.MondayToSaturday));

    [Fact]
    public void An_instalment_after_the_grace_pays_the_principal()
    {
        AssertRefused("grace-too-long", Calculate(Terms(Flat, 1, grace: 12), 1_000_000, 12));
        AssertRefused("grace-too-long", Calculate(Terms(Flat, 1, grace: int.MaxValue), 1_000_000, 12));
        Assert.Equal([.. Repeat(0, 11), 1_000_000], Principals(Make(Terms(Flat, 1, grace: 11), 1_000_000, 12)));
    }

    public static TheoryData<ScheduleTerms> TermsWithoutAnySchedule =>
    [
        Terms(Flat, -0.5m),
        Terms(Flat, 1, grace: -1),
        Terms(Flat, 1, repayment: new RepaymentFrequency(0, FrequencyUnit.Month)),
        Terms(Flat, 1, Up(0)),
        Terms(Flat, 1, Up(-1_000)),
        Terms(Flat, 1, Up(0.5m)),
        Terms(Flat, 1, Up(0.001m), currency: Currency.Euro),
        Terms(Flat, 1, Up(decimal.MaxValue), currency: Currency.Euro),
    ];

    [Theory]
    [MemberData(nameof(TermsWithoutAnySchedule))]
    public void Terms_that_never_make_a_schedule_are_refused_before_there_is_a_loan(ScheduleTerms terms)
    {
        Assert.Equal("terms-out-of-range", ScheduleCalculator.Check(terms)?.Code);
        AssertRefused("terms-out-of-range", Calculate(terms, 1_000_000, 12));
    }

    [Fact]
    public void Good_terms_pass_the_check() => Assert.Null(ScheduleCalculator.Check(Terms(Flat, 1.5m, Up(1_000))));

    [Theory]
    [InlineData(Flat)]
    [InlineData(DecliningEqualPrincipal)]
    [InlineData(DecliningEqualInstalments)]
    public void What_is_too_large_to_count_is_refused_and_does_not_break(InterestMethod method)
    {
        const decimal largest = Money.MaximumMinorUnits;

        Assert.Equal(Money.Rupiah(Money.MaximumMinorUnits), Make(Terms(method, 0.01m), largest, 600).TotalPrincipal);
        AssertRefused("terms-out-of-range", Calculate(Terms(method, 0.01m), largest + 1, 12));
        AssertRefused("terms-out-of-range", Calculate(Terms(method, 999_999_999_999m), largest, 600));
        AssertRefused("terms-out-of-range", Calculate(Terms(method, decimal.MaxValue), largest, 600));
        AssertRefused("terms-out-of-range", Calculate(Terms(method, 90), largest, 600));

        // The smallest rate that a decimal can hold is no trouble: it never comes to half a rupiah.
        Assert.True(Make(Terms(method, 0.0000000000000000000000000001m), 1_000_000, 600).TotalInterest.IsZero);
    }

    [Theory]
    [InlineData(int.MaxValue, FrequencyUnit.Month)]
    [InlineData(int.MaxValue, FrequencyUnit.Week)]
    [InlineData(int.MaxValue, FrequencyUnit.Day)]
    [InlineData(8_000, FrequencyUnit.Month)]
    public void A_last_instalment_beyond_the_calendar_is_refused(int every, FrequencyUnit unit) =>
        AssertRefused(
            "terms-out-of-range",
            Calculate(Terms(None, 0, repayment: new RepaymentFrequency(every, unit)), 1_000_000, 12));

    /// <summary>
    /// 4,000,000 / 12 = 333,333.33. The largest part of which eleven leave something is 363,636 (11 x 363,636 =
    /// 3,999,996), and it is one multiple of itself or two of 181,818; the largest multiple not above the part itself
    /// is 333,333.
    /// </summary>
    [Theory]
    [InlineData(500_000, RoundingMode.Up, "363636")]
    [InlineData(200_000, RoundingMode.Up, "181818")]
    [InlineData(500_000, RoundingMode.Nearest, "363636")]
    [InlineData(1_000_000, RoundingMode.Nearest, "363636")]
    [InlineData(500_000, RoundingMode.Down, "333333")]
    public void Rounding_that_leaves_nothing_for_a_row_is_refused_with_the_largest_multiple_that_works(
        int multiple, RoundingMode mode, string largest)
    {
        foreach (var method in (InterestMethod[])[Flat, DecliningEqualPrincipal, None])
        {
            var refused = AssertRefused(
                "rounding-too-coarse", Calculate(Terms(method, 1, new RoundingTerms(multiple, mode)), 4_000_000, 12));

            Assert.Equal(largest.ToString(), LargestMultiple(refused));
        }
    }

    /// <summary>
    /// The instalment is 888,488. Down to a million it is nothing; the largest multiple that it holds once is itself.
    /// </summary>
    [Fact]
    public void An_instalment_that_does_not_pay_its_interest_is_refused()
    {
        var refused = AssertRefused(
            "rounding-too-coarse", Calculate(Terms(DecliningEqualInstalments, 1, Down(1_000_000)), 10_000_000, 12));

        Assert.Equal("888488", LargestMultiple(refused));
    }

    /// <summary>
    /// 20 at 200 % twice is 45 each. Less than 40 does not pay the interest, 60 leaves nothing for the last. The nearest
    /// 19s are 2, that is 38; 45 is two and a half 18s, so the even 2, that is 36; the nearest 17s are 3, that is 51.
    /// </summary>
    [Fact]
    public void The_even_multiple_of_two_as_near_can_be_the_one_that_does_not_work()
    {
        var refused = AssertRefused(
            "rounding-too-coarse", Calculate(Terms(DecliningEqualInstalments, 200, Nearest(19)), 20, 2));

        Assert.Equal("17", LargestMultiple(refused));
        Assert.Equal([51, 27], Totals(Make(Terms(DecliningEqualInstalments, 200, Nearest(17)), 20, 2)));
    }

    [Fact]
    public void The_largest_multiple_is_named_in_the_units_of_the_currency()
    {
        // 1.00 / 3 = 0.3333; two parts of 0.49 leave two cents.
        var terms = Terms(None, 0, Up(2), currency: Currency.Euro);
        var refused = AssertRefused("rounding-too-coarse", Calculate(terms, 1, 3));

        Assert.Equal("0.49", LargestMultiple(refused));
    }

    [Theory]
    [InlineData(Flat)]
    [InlineData(DecliningEqualPrincipal)]
    [InlineData(DecliningEqualInstalments)]
    [InlineData(None)]
    public void A_principal_too_small_to_be_divided_is_refused(InterestMethod method)
    {
        // 5 / 12 is no rupiah. 20 / 12 is 2 rupiah, and eleven of those are more than 20.
        AssertRefused("too-many-instalments", Calculate(Terms(method, 0), 5, 12));
        AssertRefused("too-many-instalments", Calculate(Terms(method, 0, Up(1_000)), 5, 12));
        AssertRefused("too-many-instalments", Calculate(Terms(method, 0), 20, 12));
        Assert.Equal([.. Repeat(1, 11), 2], Principals(Make(Terms(method, 0), 13, 12)));
    }

    private static ScheduleResult.Refused AssertRefused(string code, ScheduleResult result)
    {
        var refused = Assert.IsType<ScheduleResult.Refused>(result);
        Assert.Equal(code, refused.Code);
        return refused;
    }

    private static string LargestMultiple(ScheduleResult.Refused refused) =>
        (string)refused.Figures.Single(figure => figure.Name == "largestMultiple").Value;
}
