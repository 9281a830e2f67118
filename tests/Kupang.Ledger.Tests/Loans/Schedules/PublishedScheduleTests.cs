using System.Globalization;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Xunit;
using static Kupang.Ledger.Loans.Schedules.InterestMethod;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

/// <summary>
/// Schedules that a peer publishes in its own tests: Apache Fineract, end-to-end cases by their number (RS01, C3152) and
/// its ProgressiveEMICalculatorTest by the name of the case. They agree row by row to the last cent. Rows are written
/// principal+interest. Left out are the peer's cases in which it moves the instalment once more to bring the last row nearer
/// to the others (most are tagged "iterate"): here the last row takes the rest.
/// </summary>
public sealed class PublishedScheduleTests
{
    private static readonly RepaymentFrequency Weekly = new(1, FrequencyUnit.Week);
    private static readonly RepaymentFrequency Fortnightly = new(2, FrequencyUnit.Week);
    private static readonly RepaymentFrequency TwoMonthly = new(2, FrequencyUnit.Month);
    private static readonly RepaymentFrequency FifteenDaily = new(15, FrequencyUnit.Day);

    [Fact]
    public void RS01_flat_by_period_in_whole_units() => AssertRows(
        Flat, "12", null, 5_000, 18, "2022-11-01", [.. Enumerable.Repeat("278+50", 17), "274+50"], multiple: 1);

    [Fact]
    public void RS02_anuitas_by_period_in_whole_units() => AssertRows(
        DecliningEqualInstalments, "12", null, 5_000, 18, "2022-11-01",
        [
            "255+50", "257.55+47.45", "260.13+44.87", "262.73+42.27", "265.35+39.65", "268.01+36.99", "270.69+34.31",
            "273.39+31.61", "276.13+28.87", "278.89+26.11", "281.68+23.32", "284.5+20.5", "287.34+17.66", "290.21+14.79",
            "293.12+11.88", "296.05+8.95", "299.01+5.99", "300.22+3",
        ],
        multiple: 1);

    [Fact]
    public void RS03_anuitas_by_days_of_365_in_whole_units() => AssertRows(
        DecliningEqualInstalments, "12", DayCount.Actual365, 5_000, 18, "2022-11-01",
        [
            "255.68+49.32", "256.65+48.35", "259.26+45.74", "266.08+38.92", "264.62+40.38", "268.53+36.47", "270.05+34.95",
            "273.84+31.16", "275.59+29.41", "278.4+26.6", "282.01+22.99", "284.11+20.89", "287.59+17.41", "289.94+15.06",
            "292.9+12.1", "296.47+8.53", "298.9+6.1", "299.38+2.95",
        ],
        multiple: 1);

    [Fact]
    public void RS04_menurun_by_period() => AssertRows(
        DecliningEqualPrincipal, "12", null, 5_000, 18, "2022-11-01",
        [
            "277.78+50", "277.78+47.22", "277.78+44.44", "277.78+41.67", "277.78+38.89", "277.78+36.11", "277.78+33.33",
            "277.78+30.56", "277.78+27.78", "277.78+25", "277.78+22.22", "277.78+19.44", "277.78+16.67", "277.78+13.89",
            "277.78+11.11", "277.78+8.33", "277.78+5.56", "277.74+2.78",
        ]);

    [Fact]
    public void RS05_anuitas_after_three_months_without_principal() => AssertRows(
        DecliningEqualInstalments, "12", null, 5_000, 18, "2022-11-01",
        [
            "0+50", "0+50", "0+50", "311+50", "314.11+46.89", "317.25+43.75", "320.42+40.58", "323.63+37.37", "326.86+34.14",
            "330.13+30.87", "333.43+27.57", "336.77+24.23", "340.14+20.86", "343.54+17.46", "346.97+14.03", "350.44+10.56",
            "353.95+7.05", "351.36+3.51",
        ],
        multiple: 1,
        grace: 3);

    [Theory]
    [InlineData("C3152", "12", "1623.75+101.81 1640.42+85.14 1661.51+64.05 1673.98+51.58 1692.11+33.45 1708.23+17.36")]
    [InlineData("C3153", "9.4822", "1632.67+80.45 1645.92+67.2 1662.62+50.5 1672.49+40.63 1686.8+26.32 1699.5+13.65")]
    public void Anuitas_over_the_turn_of_a_year_of_365_to_one_of_366(string peersCase, string rate, string rows) =>
        AssertRows(DecliningEqualInstalments, rate, DayCount.ActualActual, 10_000, 6, "2023-12-12", rows.Split(' '), peersCase: peersCase);

    [Theory]
    [InlineData("C3154", "12", "16.25+1 16.41+0.84 16.58+0.67 16.74+0.51 16.91+0.34 17.11+0.17")]
    [InlineData("C3155", "9.4822", "16.34+0.79 16.47+0.66 16.6+0.53 16.73+0.4 16.86+0.27 17+0.13")]
    [InlineData("early pay-off, as lent", "7", "16.43+0.58 16.52+0.49 16.62+0.39 16.72+0.29 16.81+0.2 16.9+0.1")]
    public void Anuitas_by_months_of_30_days(string peersCase, string rate, string rows) =>
        AssertRows(DecliningEqualInstalments, rate, DayCount.Thirty360, 100, 6, "2024-01-01", rows.Split(' '), peersCase: peersCase);

    [Fact]
    public void C3157_anuitas_every_two_months_of_30_days() => AssertRows(
        DecliningEqualInstalments, "12", DayCount.Thirty360, 100, 3, "2024-01-01", ["32.68+2", "33.33+1.35", "33.99+0.68"], TwoMonthly);

    [Fact]
    public void C3158_anuitas_every_two_weeks_of_a_year_of_360() => AssertRows(
        DecliningEqualInstalments, "9.4822", DayCount.Thirty360, 100, 6, "2024-01-01",
        ["16.51+0.37", "16.57+0.31", "16.63+0.25", "16.69+0.19", "16.76+0.12", "16.84+0.06"], Fortnightly);

    [Theory]
    [InlineData("C3159", "12", "16.23+1.02 16.45+0.8 16.56+0.69 16.75+0.5 16.9+0.35 17.11+0.17")]
    [InlineData("C3160", "9.4822", "16.32+0.81 16.5+0.63 16.59+0.54 16.74+0.39 16.86+0.27 16.99+0.13")]
    [InlineData("C3167", "15.678", "16.1+1.33 16.38+1.05 16.53+0.9 16.77+0.66 16.97+0.46 17.25+0.22")]
    public void Anuitas_by_days_of_365_in_a_leap_year(string peersCase, string rate, string rows) =>
        AssertRows(DecliningEqualInstalments, rate, DayCount.Actual365, 100, 6, "2024-01-01", rows.Split(' '), peersCase: peersCase);

    [Fact]
    public void Anuitas_every_fifteen_days_of_360() => AssertRows(
        DecliningEqualInstalments, "9.4822", DayCount.Actual360, 100, 6, "2024-01-01",
        ["16.5+0.4", "16.57+0.33", "16.64+0.26", "16.7+0.2", "16.77+0.13", "16.82+0.07"],
        FifteenDaily,
        peersCase: "dayInYears360_daysInMonthDoesntMatter_repayEvery15Days");

    /// <summary>A year of 364 days has 52 weeks: that is interest by period.</summary>
    [Fact]
    public void Anuitas_every_week_by_period() => AssertRows(
        DecliningEqualInstalments, "9.4822", null, 100, 6, "2024-01-01",
        ["16.59+0.18", "16.62+0.15", "16.65+0.12", "16.68+0.09", "16.71+0.06", "16.75+0.03"],
        Weekly,
        peersCase: "dayInYears364_daysInMonthActual_repayEvery1Week");

    [Theory]
    [InlineData("C3893, before its second tranche", "12", 1_000, "2024-06-01", "333.55+9.84 333.23+10.16 333.22+10.16")]
    [InlineData("C3894, after its down payment", "12", 750, "2024-06-01", "250.16+7.38 249.92+7.62 249.92+7.62")]
    [InlineData("C3897", "4", 100, "2024-01-01", "33.33+0.34 33.35+0.32 33.32+0.34")]
    [InlineData("C3898, after its down payment", "4", 750, "2024-01-01", "249.95+2.54 250.11+2.38 249.94+2.54")]
    public void Flat_by_the_days_of_a_leap_year(string peersCase, string rate, int principal, string disbursedOn, string rows) =>
        AssertRows(Flat, rate, DayCount.ActualActual, principal, 3, disbursedOn, rows.Split(' '), peersCase: peersCase);

    private static void AssertRows(
        InterestMethod method,
        string rate,
        DayCount? dayCount,
        decimal principal,
        int instalments,
        string disbursedOn,
        string[] rows,
        RepaymentFrequency? repayment = null,
        int? multiple = null,
        int grace = 0,
        string? peersCase = null)
    {
        var terms = Terms(
            method,
            decimal.Parse(rate, CultureInfo.InvariantCulture),
            multiple is { } whole ? Nearest(whole) : null,
            grace,
            RatePeriod.Year,
            repayment,
            currency: Currency.Euro,
            dayCount: dayCount);
        var schedule = Make(terms, principal, instalments, Day(disbursedOn));

        Assert.True(
            rows.SequenceEqual(Parts(schedule).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Principal:0.##}+{row.Interest:0.##}"))),
            $"{peersCase}: {string.Join(' ', Parts(schedule))}");
    }
}
