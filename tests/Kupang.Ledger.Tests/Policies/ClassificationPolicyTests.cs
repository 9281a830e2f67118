using System.Collections.Immutable;
using System.Globalization;
using Kupang.Ledger.Policies;
using Kupang.Ledger.SharedKernel;
using Xunit;

namespace Kupang.Ledger.Tests.Policies;

/// <summary>Which class a loan is in, counted with a calendar: the day, the oldest unpaid due date, and what each table says.</summary>
public sealed class ClassificationPolicyTests
{
    /// <summary>Due on 5 January 2026 and not paid: the months of arrears begin on the 6th of each month.</summary>
    [Theory]
    [InlineData("2026-01-05", 0)]
    [InlineData("2026-01-06", 1)]
    [InlineData("2026-02-05", 1)]
    [InlineData("2026-02-06", 2)]
    [InlineData("2026-04-05", 3)]
    [InlineData("2026-04-06", 4)]
    [InlineData("2027-01-05", 12)]
    [InlineData("2027-01-06", 13)]
    public void Months_in_arrears_count_from_the_due_date_and_a_part_counts_as_one(string day, int months) =>
        Assert.Equal(months, new Lateness(Day(day), new DateOnly(2026, 1, 5), RepaymentRhythm.Monthly).Of(ArrearsMeasure.Months));

    /// <summary>Due on 31 January: the first month ends with February, the second with 31 March.</summary>
    [Theory]
    [InlineData("2026-02-28", 1)]
    [InlineData("2026-03-01", 2)]
    [InlineData("2026-03-31", 2)]
    [InlineData("2026-04-30", 3)]
    [InlineData("2026-05-01", 4)]
    public void A_month_in_arrears_ends_at_a_shorter_months_end(string day, int months) =>
        Assert.Equal(months, new Lateness(Day(day), new DateOnly(2026, 1, 31), RepaymentRhythm.Monthly).Of(ArrearsMeasure.Months));

    [Theory]
    [InlineData("2026-01-05", 0, 0)]
    [InlineData("2026-01-06", 1, 1)]
    [InlineData("2026-01-12", 7, 1)]
    [InlineData("2026-01-13", 8, 2)]
    [InlineData("2026-02-02", 28, 4)]
    [InlineData("2026-02-03", 29, 5)]
    public void A_part_of_a_week_counts_as_one(string day, int days, int weeks)
    {
        var lateness = new Lateness(Day(day), new DateOnly(2026, 1, 5), RepaymentRhythm.Weekly);

        Assert.Equal((days, weeks), (lateness.Of(ArrearsMeasure.Days), lateness.Of(ArrearsMeasure.Weeks)));
    }

    /// <summary>The oldest unpaid instalment of a monthly loan was due on 5 January 2026.</summary>
    [Theory]
    [InlineData("DBM_3", 1, "2026-01-05", "lancar")]
    [InlineData("DBM_3", 1, "2026-04-05", "lancar")]
    [InlineData("DBM_3", 1, "2026-04-06", "diragukan")]
    [InlineData("DBM_3", 1, "2026-06-05", "diragukan")]
    [InlineData("DBM_3", 1, "2026-06-06", "macet")]
    [InlineData("DBM_3", 2, "2026-07-05", "lancar")]
    [InlineData("DBM_3", 2, "2026-07-06", "diragukan")]
    [InlineData("DBM_3", 2, "2027-01-06", "macet")]
    [InlineData("POJK62_3", 1, "2026-04-05", "lancar")]
    [InlineData("POJK62_3", 1, "2026-10-05", "diragukan")]
    [InlineData("POJK62_3", 1, "2026-10-06", "macet")]
    [InlineData("PNPM_5", 1, "2026-01-05", "kolek-1")]
    [InlineData("PNPM_5", 1, "2026-01-06", "kolek-2")]
    [InlineData("PNPM_5", 1, "2026-03-06", "kolek-3")]
    [InlineData("PNPM_5", 1, "2026-05-06", "kolek-4")]
    [InlineData("PNPM_5", 1, "2026-07-06", "kolek-5")]
    [InlineData("BPR_5", 1, "2026-01-05", "lancar")]
    [InlineData("BPR_5", 1, "2026-04-05", "dpk")]
    [InlineData("BPR_5", 1, "2026-04-06", "kurang-lancar")]
    [InlineData("BPR_5", 1, "2026-05-05", "kurang-lancar")]
    [InlineData("BPR_5", 1, "2026-05-06", "diragukan")]
    [InlineData("BPR_5", 1, "2026-07-04", "diragukan")]
    [InlineData("BPR_5", 1, "2026-07-05", "macet")]
    public void A_monthly_loan_is_in_the_class_that_its_table_says(string code, int version, string day, string loanClass)
    {
        var policy = ShippedPolicies.Find(code, version)!;

        Assert.Equal(loanClass, policy.Classes[policy.ClassOf(new Lateness(Day(day), new DateOnly(2026, 1, 5), RepaymentRhythm.Monthly))].Code);
    }

    /// <summary>POJK 62/2015 looks at how often a loan is paid: 4 and 8 days, 4 and 8 weeks, 1 and 2 missed payments.</summary>
    [Theory]
    [InlineData(RepaymentRhythm.Daily, "2026-01-09", 9, "lancar")]
    [InlineData(RepaymentRhythm.Daily, "2026-01-10", 9, "diragukan")]
    [InlineData(RepaymentRhythm.Daily, "2026-01-14", 9, "macet")]
    [InlineData(RepaymentRhythm.Weekly, "2026-02-02", 9, "lancar")]
    [InlineData(RepaymentRhythm.Weekly, "2026-02-03", 9, "diragukan")]
    [InlineData(RepaymentRhythm.Weekly, "2026-03-03", 9, "macet")]
    [InlineData(RepaymentRhythm.Seasonal, "2027-01-05", 1, "lancar")]
    [InlineData(RepaymentRhythm.Seasonal, "2027-01-05", 2, "diragukan")]
    [InlineData(RepaymentRhythm.Seasonal, "2027-01-05", 3, "macet")]
    public void What_is_late_depends_on_how_often_a_loan_is_paid(RepaymentRhythm rhythm, string day, int overdue, string loanClass)
    {
        var policy = ShippedPolicies.Find("POJK62_3", version: null)!;

        Assert.Equal(loanClass, policy.Classes[policy.ClassOf(new Lateness(Day(day), new DateOnly(2026, 1, 5), rhythm, overdue))].Code);
    }

    [Theory]
    [InlineData("DBM_3", 2)]
    [InlineData("BPR_5", 1)]
    public void A_loan_that_owes_nothing_yet_is_in_the_first_class(string code, int version) =>
        Assert.Equal(0, ShippedPolicies.Find(code, version)!.ClassOf(new Lateness(new DateOnly(2026, 3, 31), OldestDueOn: null, RepaymentRhythm.Monthly)));

    [Fact]
    public void The_newest_version_is_meant_when_none_is_named() => Assert.Equal(2, ShippedPolicies.Find("DBM_3", version: null)!.Version);

    [Fact]
    public void What_a_source_leaves_open_cannot_be_used() => Assert.Equal(
        ["URBAN_PNPM_5 /classes/0/allowancePercent", "KSP_4 /rules"],
        ShippedPolicies.All.Where(policy => !policy.IsComplete).Select(policy => $"{policy.Code} {policy.Fault()}"));

    /// <summary>0.5 % of 1,234,500 is 6,172.5: half to even is 6,172; of 1,234,700 it is 6,173.5: 6,174.</summary>
    [Theory]
    [InlineData(1_234_500, 6_172)]
    [InlineData(1_234_700, 6_174)]
    [InlineData(0, 0)]
    public void Allowance_is_rounded_half_to_even(long outstanding, long allowance) =>
        Assert.Equal(Money.Rupiah(allowance), ShippedPolicies.Find("BPR_5", 1)!.AllowanceOf(0, Money.Rupiah(outstanding)));

    [Fact]
    public void A_table_that_contradicts_itself_is_told_where()
    {
        var policy = ShippedPolicies.Find("BPR_5", 1)!;
        Assert.Equal("/classes", (policy with { Classes = [policy.Classes[0]] }).Fault());
        Assert.Equal("/classes/4/code", (policy with { Classes = policy.Classes.SetItem(4, policy.Classes[4] with { Code = "dpk" }) }).Fault());
        Assert.Equal("/classes/2/allowancePercent", (policy with { Classes = policy.Classes.SetItem(2, policy.Classes[2] with { AllowancePercent = new Percentage(1) }) }).Fault());
        Assert.Equal("/classes/4/allowancePercent", (policy with { Classes = policy.Classes.SetItem(4, policy.Classes[4] with { AllowancePercent = new Percentage(101) }) }).Fault());
        Assert.Equal("/rules/0/upTo", WithRules(new ClassRule(ArrearsMeasure.Days, [0, 90, 120])));
        Assert.Equal("/rules/0/upTo", WithRules(new ClassRule(ArrearsMeasure.Days, [0, 90, 90, 180])));
        Assert.Equal("/rules/1/rhythm", WithRules(policy.Rules[0], policy.Rules[0]));
        Assert.Equal("/rules", WithRules(policy.Rules[0] with { Rhythm = RepaymentRhythm.Daily }));

        string? WithRules(params ImmutableArray<ClassRule> rules) => (policy with { Rules = rules }).Fault();
    }

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
