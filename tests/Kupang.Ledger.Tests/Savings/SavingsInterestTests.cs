using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.Savings;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Members;
using Xunit;
using static Kupang.Ledger.Tests.Savings.SavingsHistory;

namespace Kupang.Ledger.Tests.Savings;

/// <summary>
/// What savings earn, by hand. October 2026: 1,000,000 from the 1st on, 400,000 taken out on the 16th, so 15 days of 1,000,000
/// and 16 of 600,000.
/// </summary>
public sealed class SavingsInterestTests
{
    private static readonly DateOnly October = new(2026, 10, 1);

    /// <summary>
    /// 24,600,000 rupiah-days × 6 % ÷ 365 = 4,043.84. Day by day: 1,000,000 earns 164.3836 and 600,000 earns 98.6301;
    /// 15 × 164.3836 + 16 × 98.6301 = 2,465.75 + 1,578.08 = 4,043.84.
    /// </summary>
    [Theory]
    [InlineData(DayCount.Actual365, 4_044)]
    [InlineData(DayCount.ActualActual, 4_044)]
    [InlineData(DayCount.Actual360, 4_100)] // 24,600,000 × 6 % ÷ 360 = 4,100
    public void By_daily_balance(DayCount dayCount, long expected) =>
        Assert.Equal(Money.Rupiah(expected), SavingsInterest.Of(Saved(Yearly(dayCount)).Account, October));

    /// <summary>0.5 % a month on daily balances: 24,600,000 ÷ 31 days = 793,548.39 on average, of which 0.5 % is 3,967.74.</summary>
    [Fact]
    public void By_daily_balance_at_a_rate_a_month() => Assert.Equal(
        Money.Rupiah(3_968),
        SavingsInterest.Of(Saved(new SavingsInterestRule(new Percentage(0.5m), RatePeriod.Month, InterestBasis.DailyBalance)).Account, October));

    /// <summary>The least was 600,000: 0.5 % of it is 3,000, and so is a twelfth of 6 %.</summary>
    [Theory]
    [InlineData("0.5", RatePeriod.Month)]
    [InlineData("6", RatePeriod.Year)]
    public void By_minimum_monthly_balance(string rate, RatePeriod per)
    {
        var rule = new SavingsInterestRule(
            new Percentage(decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture)), per, InterestBasis.MinimumMonthlyBalance);

        Assert.Equal(Money.Rupiah(3_000), SavingsInterest.Of(Saved(rule).Account, October));
        Assert.Equal(Money.Rupiah(0), SavingsInterest.Of(History(rule).Deposit(1_000_000, Day(10, 2)).Account, October));
    }

    /// <summary>1 % of 50 is half a rupiah, of 150 one and a half: the even neighbour of each is 0 and 2.</summary>
    [Theory]
    [InlineData(50, 0)]
    [InlineData(150, 2)]
    [InlineData(250, 2)]
    public void Half_a_rupiah_goes_to_the_even_one(long balance, long expected) => Assert.Equal(
        Money.Rupiah(expected),
        SavingsInterest.Of(
            History(new SavingsInterestRule(new Percentage(1m), RatePeriod.Month, InterestBasis.MinimumMonthlyBalance)).Deposit(balance, Day(9, 1)).Account, October));

    /// <summary>The 4,043.84 rounded down to a hundred; and with 700,000 as the least that earns, only 15 days of 1,000,000: 2,465.75.</summary>
    [Fact]
    public void The_multiple_and_the_least_that_earns_are_the_products()
    {
        var rule = Yearly(DayCount.Actual365);

        Assert.Equal(Money.Rupiah(4_000), SavingsInterest.Of(Saved(rule with { Rounding = new SavingsRounding("100", RoundingMode.Down) }).Account, October));
        Assert.Equal(Money.Rupiah(2_466), SavingsInterest.Of(Saved(rule with { MinimumBalance = "700000" }).Account, October));
    }

    /// <summary>
    /// 100,000 more were taken out on the 10th, and it becomes known in November: 9 days of 1,000,000, 6 of 900,000 and 16 of
    /// 500,000 are 22,400,000 rupiah-days, × 6 % ÷ 365 = 3,682.19. The second run credits 3,682 − 4,044 = −362.
    /// </summary>
    [Fact]
    public void A_run_credits_only_what_differs_from_what_was_credited_for_the_month()
    {
        var history = Saved(Yearly(DayCount.Actual365));
        history.Record(history.DecideInterest("2026-10"));
        Assert.IsType<Decision.NothingToRecord>(history.DecideInterest("2026-10"));
        Assert.Equal(Money.Rupiah(604_044), history.Account.Balance);

        history.Withdraw(100_000, Day(10, 10));
        var again = history.DecideInterest("2026-10");

        var credited = Assert.IsType<SavingsInterestCredited>(Assert.IsType<Decision.ToRecord>(again).Facts[0].Data);
        Assert.Equal((Money.Rupiah(3_682), Money.Rupiah(-362)), (credited.Earned, credited.Amount));
        Assert.Equal(
            [("5.1.03.01", -362L), ("2.1.01.03", 362L)], credited.Lines.Select(line => (line.Account.Value, line.Amount.MinorUnits)));
        Assert.IsType<Decision.NothingToRecord>(history.Record(again).DecideInterest("2026-10"));
    }

    /// <summary>The 3,000 of October stand in November's balance: 0.5 % of 603,000 is 3,015; but not in October's own.</summary>
    [Fact]
    public void What_was_credited_earns_in_the_months_after_its_own()
    {
        var rule = new SavingsInterestRule(new Percentage(0.5m), RatePeriod.Month, InterestBasis.MinimumMonthlyBalance);
        var history = Saved(rule);
        history.Record(history.DecideInterest("2026-10"));

        Assert.Equal(Money.Rupiah(3_015), SavingsInterest.Of(history.Account, Day(11, 1)));
        history.DecideInterest("2026-11").IsRefused("month-not-over", "/month");
    }

    private static SavingsInterestRule Yearly(DayCount dayCount) => new(new Percentage(6m), RatePeriod.Year, InterestBasis.DailyBalance, dayCount);

    private static SavingsHistory History(SavingsInterestRule rule) => new(Voluntary() with { Interest = rule });

    private static SavingsHistory Saved(SavingsInterestRule rule) => History(rule).Deposit(1_000_000, October).Withdraw(400_000, Day(10, 16));
}
