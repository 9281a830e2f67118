using System.Globalization;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Xunit;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

public sealed class DueDateTests
{
    [Fact]
    public void Without_a_first_due_date_it_is_one_period_after_the_loan_is_paid_out() =>
        Assert.Equal(
            ["2026-02-15", "2026-03-15", "2026-04-15"], ContractDates(FrequencyUnit.Month, 1, "2026-01-15", null));

    [Fact]
    public void The_first_due_date_can_be_agreed() =>
        Assert.Equal(
            ["2026-03-05", "2026-04-05", "2026-05-05"],
            ContractDates(FrequencyUnit.Month, 1, "2026-01-15", "2026-03-05"));

    [Fact]
    public void The_31st_is_the_last_day_of_a_shorter_month_and_comes_back()
    {
        Assert.Equal(
            ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"],
            ContractDates(FrequencyUnit.Month, 1, "2026-01-02", "2026-01-31", 4));
        Assert.Equal(
            ["2026-02-28", "2026-03-31", "2026-04-30"], ContractDates(FrequencyUnit.Month, 1, "2026-01-31", null));
    }

    [Fact]
    public void In_a_leap_year_the_30th_of_February_is_the_29th() =>
        Assert.Equal(
            ["2028-02-29", "2028-03-30", "2028-04-30"], ContractDates(FrequencyUnit.Month, 1, "2028-01-30", null));

    [Fact]
    public void Once_a_year_from_a_leap_day() =>
        Assert.Equal(
            ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"],
            ContractDates(FrequencyUnit.Month, 12, "2028-02-29", null, 4));

    [Fact]
    public void A_weekly_loan_keeps_its_day_of_the_week() =>
        Assert.Equal(
            ["2026-12-24", "2026-12-31", "2027-01-07"], ContractDates(FrequencyUnit.Week, 1, "2026-12-17", null));

    [Fact]
    public void Days_are_counted_over_a_leap_day() =>
        Assert.Equal(
            ["2028-02-27", "2028-03-08", "2028-03-18"], ContractDates(FrequencyUnit.Day, 10, "2028-02-17", null));

    /// <summary>1 November 2026 is a Sunday, 1 December a Tuesday.</summary>
    [Theory]
    [InlineData(HolidayRule.SameDay, "2026-11-01")]
    [InlineData(HolidayRule.NextWorkingDay, "2026-11-02")]
    [InlineData(HolidayRule.PreviousWorkingDay, "2026-10-31")]
    public void A_Sunday_is_moved_by_the_holiday_rule_and_the_contract_date_stays(HolidayRule rule, string dueOn)
    {
        var rows = Calculated(rule, WorkingWeek.MondayToSaturday, "2026-10-01", null).Instalments;

        Assert.Equal(("2026-11-01", dueOn), (Text(rows[0].ContractDueOn), Text(rows[0].DueOn)));
        Assert.Equal(("2026-12-01", "2026-12-01"), (Text(rows[1].ContractDueOn), Text(rows[1].DueOn)));
    }

    [Fact]
    public void A_branch_with_another_week_moves_by_its_own()
    {
        var sundayToThursday = WorkingWeek.Of(
            DayOfWeek.Sunday, DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday);

        // 2 October 2026 is a Friday.
        Assert.Equal(
            "2026-10-04",
            Text(Calculated(HolidayRule.NextWorkingDay, sundayToThursday, "2026-09-02", null).Instalments[0].DueOn));
        Assert.Equal(
            "2026-10-01",
            Text(Calculated(HolidayRule.PreviousWorkingDay, sundayToThursday, "2026-09-02", null)
                .Instalments[0].DueOn));
    }

    [Fact]
    public void Nothing_is_due_before_the_loan_is_paid_out() =>
        Assert.Equal(
            "2026-11-02",
            Text(Calculated(HolidayRule.PreviousWorkingDay, WorkingWeek.MondayToSaturday, "2026-11-01", "2026-11-01")
                .Instalments[0].DueOn));

    [Fact]
    public void A_working_week_has_a_working_day_and_is_equal_to_another_with_the_same_days()
    {
        Assert.Throws<ArgumentException>(() => WorkingWeek.Of());
        Assert.Equal(
            WorkingWeek.Of(DayOfWeek.Monday, DayOfWeek.Friday), WorkingWeek.Of(DayOfWeek.Friday, DayOfWeek.Monday));
        Assert.NotEqual(WorkingWeek.Of(DayOfWeek.Monday), WorkingWeek.Of(DayOfWeek.Friday));
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Friday], WorkingWeek.Of(DayOfWeek.Friday, DayOfWeek.Monday).Days);
    }

    [Fact]
    public void Two_schedules_are_equal_when_all_their_rows_are()
    {
        var schedule = Make(Terms(InterestMethod.Flat, 1), 1_000_000, 3);
        var again = Make(Terms(InterestMethod.Flat, 1), 1_000_000, 3);
        var later = schedule.Instalments[1] with { DueOn = schedule.Instalments[1].DueOn.AddDays(1) };

        Assert.Equal(schedule, again);
        Assert.Equal(schedule.GetHashCode(), again.GetHashCode());
        Assert.NotEqual(schedule, schedule with { Instalments = schedule.Instalments.SetItem(1, later) });
    }

    private static IEnumerable<string> ContractDates(
        FrequencyUnit unit, int every, string disbursedOn, string? firstDueOn, int instalments = 3) =>
        Made(ScheduleCalculator.Calculate(
                Terms(InterestMethod.Flat, 1, repayment: new RepaymentFrequency(every, unit)),
                Money.Rupiah(1_000_000),
                instalments,
                Date(disbursedOn),
                firstDueOn is null ? null : Date(firstDueOn),
                WorkingWeek.MondayToSaturday))
            .Instalments.Select(row => Text(row.ContractDueOn));

    private static Schedule Calculated(HolidayRule rule, WorkingWeek week, string disbursedOn, string? firstDueOn) =>
        Made(ScheduleCalculator.Calculate(
            Terms(InterestMethod.Flat, 1, holidays: rule),
            Money.Rupiah(1_000_000),
            2,
            Date(disbursedOn),
            firstDueOn is null ? null : Date(firstDueOn),
            week));

    private static DateOnly Date(string text) =>
        DateOnly.ParseExact(text, "O", CultureInfo.InvariantCulture);

    private static string Text(DateOnly date) => date.ToString("O", CultureInfo.InvariantCulture);
}
