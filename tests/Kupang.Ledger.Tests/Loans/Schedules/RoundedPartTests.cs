using Kupang.Ledger.Loans.Schedules;
using Xunit;
using static Kupang.Ledger.Loans.Schedules.InterestMethod;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

/// <summary>
/// Which part goes to the multiple. 4,000,000 over 12 is 333,333.33 a month; 1.27 % flat is 609,600, 50,800 a month.
/// </summary>
public sealed class RoundedPartTests
{
    [Theory]
    [InlineData(RoundedPart.Principal, 334_000, 326_000, 50_800, 50_800)]
    [InlineData(RoundedPart.Interest, 333_333, 333_337, 51_000, 48_600)]
    [InlineData(RoundedPart.Both, 334_000, 326_000, 51_000, 48_600)]
    public void Flat(RoundedPart appliesTo, int principal, int lastPrincipal, int interest, int lastInterest)
    {
        var schedule = Make(FlatTerms(1_000, RoundingMode.Up, appliesTo), 4_000_000, 12);

        Assert.Equal([.. Repeat(principal, 11), lastPrincipal], Principals(schedule));
        Assert.Equal([.. Repeat(interest, 11), lastInterest], Interests(schedule));
    }

    [Fact]
    public void The_last_row_takes_what_rounding_down_left() =>
        Assert.Equal([.. Repeat(50_000, 11), 59_600], Interests(Make(FlatTerms(1_000, RoundingMode.Down, RoundedPart.Interest), 4_000_000, 12)));

    /// <summary>
    /// 1.25 % of 6,000,000 down to 600,000. Half way between two thousands the even one: 67.5 is 68, 52.5 is 52, 37.5 is 38.
    /// </summary>
    [Fact]
    public void Menurun_rounds_the_interest_of_each_row() =>
        Assert.Equal(
            [75_000, 68_000, 60_000, 52_000, 45_000, 38_000, 30_000, 22_000, 15_000, 8_000],
            Interests(Make(Terms(DecliningEqualPrincipal, 1.25m, new RoundingTerms(1_000, RoundingMode.Nearest, RoundedPart.Both)), 6_000_000, 10)));

    [Fact]
    public void Interest_smaller_than_the_multiple_can_be_rounded_away_row_by_row_and_not_as_a_whole()
    {
        Assert.Equal(
            Repeat(0, 4),
            Interests(Make(Terms(DecliningEqualPrincipal, 0.1m, new RoundingTerms(1_000, RoundingMode.Down, RoundedPart.Interest)), 400_000, 4)));
        Assert.Equal(
            "400", Largest(Calculate(Terms(InterestMethod.Flat, 0.1m, new RoundingTerms(1_000, RoundingMode.Down, RoundedPart.Interest)), 400_000, 4)));
    }

    /// <summary>Eleven parts of 55,418 leave something of 609,600, eleven of 55,419 do not.</summary>
    [Fact]
    public void The_largest_multiple_that_works_for_the_interest_is_named() =>
        Assert.Equal("55418", Largest(Calculate(FlatTerms(100_000, RoundingMode.Up, RoundedPart.Interest), 4_000_000, 12)));

    /// <summary>
    /// A part of the principal is at most 363,636, which is seven multiples of 51,948; of the interest, one of them.
    /// </summary>
    [Fact]
    public void For_both_it_is_one_that_works_for_both()
    {
        Assert.Equal("51948", Largest(Calculate(FlatTerms(100_000, RoundingMode.Up, RoundedPart.Both), 4_000_000, 12)));
        Make(FlatTerms(51_948, RoundingMode.Up, RoundedPart.Both), 4_000_000, 12);
        for (var between = 51_949; between < 52_500; between++)
        {
            Refused(Calculate(FlatTerms(between, RoundingMode.Up, RoundedPart.Both), 4_000_000, 12), "rounding-too-coarse");
        }
    }

    [Fact]
    public void Interest_too_small_for_any_multiple_is_left_as_it_is() =>
        // 1 % of 100 three times is 3: one each, and any multiple above one leaves the last nothing.
        Assert.Equal("1", Largest(Calculate(Terms(InterestMethod.Flat, 1, new RoundingTerms(5, RoundingMode.Up, RoundedPart.Interest)), 100, 3)));

    [Theory]
    [InlineData(RoundedPart.Principal)]
    [InlineData(RoundedPart.Interest)]
    public void In_equal_instalments_the_instalment_is_rounded_and_no_part_of_it(RoundedPart appliesTo)
    {
        Refused(
            Calculate(Terms(DecliningEqualInstalments, 1, new RoundingTerms(100, RoundingMode.Up, appliesTo)), 10_000_000, 12),
            "terms-out-of-range",
            "appliesTo");
        Assert.Equal(
            Make(Terms(DecliningEqualInstalments, 1, Up(100)), 10_000_000, 12),
            Make(Terms(DecliningEqualInstalments, 1, new RoundingTerms(100, RoundingMode.Up, RoundedPart.Both)), 10_000_000, 12));
    }

    private static ScheduleTerms FlatTerms(int multiple, RoundingMode mode, RoundedPart appliesTo) =>
        Terms(InterestMethod.Flat, 1.27m, new RoundingTerms(multiple, mode, appliesTo));

    private static string Largest(ScheduleResult result) =>
        (string)Refused(result, "rounding-too-coarse").Figures.Single(figure => figure.Name == "largestMultiple").Value;
}
