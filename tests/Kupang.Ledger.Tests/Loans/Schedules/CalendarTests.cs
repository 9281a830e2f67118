using Kupang.Ledger.Loans.Schedules;
using Xunit;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

/// <summary>
/// When a village is collected from. In March 2026 Nyepi is Thursday the 19th and Idul Fitri Friday the 20th and Saturday
/// the 21st; the 22nd is a Sunday.
/// </summary>
public sealed class CalendarTests
{
    private static readonly WorkingCalendar March = WorkingCalendar.Of(
        WorkingWeek.MondayToSaturday, Day("2026-03-19"), Day("2026-03-20"), Day("2026-03-21"));

    [Theory]
    [InlineData(HolidayRule.SameDay, "2026-03-20")]
    [InlineData(HolidayRule.NextWorkingDay, "2026-03-23")]
    [InlineData(HolidayRule.PreviousWorkingDay, "2026-03-18")]
    [InlineData(HolidayRule.NextMeeting, "2026-03-25")]
    public void Holidays_move_the_due_date_and_not_the_contract(HolidayRule rule, string dueOn)
    {
        var row = Row(rule, "2026-02-20", March with { Meetings = new MeetingDays.OnWeekday(DayOfWeek.Wednesday) });

        Assert.Equal((Day("2026-03-20"), Day(dueOn)), (row.ContractDueOn, row.DueOn));
    }

    [Theory]
    [InlineData(HolidayRule.NextWorkingDay)]
    [InlineData(HolidayRule.PreviousWorkingDay)]
    [InlineData(HolidayRule.NextMeeting)]
    public void A_working_day_stays_where_it_is(HolidayRule rule) =>
        Assert.Equal(Day("2026-03-18"), Row(rule, "2026-02-18", March with { Meetings = new MeetingDays.OnDayOfMonth(25) }).DueOn);

    [Fact]
    public void Meetings_fall_on_a_weekday_a_day_of_the_month_or_a_week_of_it()
    {
        Assert.Equal(Day("2026-03-24"), Next(new MeetingDays.OnWeekday(DayOfWeek.Tuesday)));
        Assert.Equal(Day("2026-03-31"), Next(new MeetingDays.OnDayOfMonth(31)));
        Assert.Equal(Day("2026-04-02"), Next(new MeetingDays.OnWeekOfMonth(1, DayOfWeek.Thursday)));
        Assert.Equal(Day("2026-03-26"), Next(new MeetingDays.OnWeekOfMonth(4, DayOfWeek.Thursday)));
        Assert.Equal(Day("2026-03-31"), Next(new MeetingDays.OnWeekOfMonth(5, DayOfWeek.Tuesday)));
        Assert.Equal(Day("2026-03-27"), Next(new MeetingDays.OnWeekOfMonth(5, DayOfWeek.Friday)));
    }

    [Fact]
    public void A_meeting_on_a_holiday_is_not_held_and_the_next_one_is() =>
        // The meeting of Saturday the 21st falls to Idul Fitri.
        Assert.Equal(Day("2026-03-28"), Next(new MeetingDays.OnWeekday(DayOfWeek.Saturday)));

    [Fact]
    public void Without_a_meeting_on_working_days_it_is_the_next_working_day()
    {
        Assert.Equal(Day("2026-03-23"), Row(HolidayRule.NextMeeting, "2026-02-20", March).DueOn);
        Assert.Equal(Day("2026-03-23"), Next(new MeetingDays.OnWeekday(DayOfWeek.Sunday)));
    }

    [Fact]
    public void A_day_of_31_is_the_last_of_a_shorter_month() =>
        Assert.True(new MeetingDays.OnDayOfMonth(31).FallsOn(Day("2026-02-28")) && !new MeetingDays.OnDayOfMonth(31).FallsOn(Day("2026-03-30")));

    [Fact]
    public void Two_calendars_are_equal_when_their_days_are()
    {
        var again = WorkingCalendar.Of(WorkingWeek.MondayToSaturday, Day("2026-03-21"), Day("2026-03-20"), Day("2026-03-19"));

        Assert.Equal(March, again);
        Assert.Equal(March.GetHashCode(), again.GetHashCode());
        Assert.NotEqual(March, WorkingWeek.MondayToSaturday);
    }

    [Theory]
    [InlineData("2026-01-05", "2026-02-10 2026-03-10 2026-04-10")]
    [InlineData("2026-01-20", "2026-02-10 2026-03-10 2026-04-10")]
    [InlineData("2026-01-21", "2026-03-10 2026-04-10 2026-05-10")]
    [InlineData("2026-01-31", "2026-03-10 2026-04-10 2026-05-10")]
    public void A_village_is_collected_from_on_its_day_and_what_is_paid_out_after_the_cut_off_waits(string disbursedOn, string dates) =>
        Assert.Equal(dates.Split(' ').Select(Day), ContractDates(new RepaymentFrequency(1, FrequencyUnit.Month, 10, 20), disbursedOn));

    [Fact]
    public void A_collection_day_of_31_is_the_last_of_each_month() =>
        Assert.Equal(
            [Day("2026-02-28"), Day("2026-03-31"), Day("2026-04-30")],
            ContractDates(new RepaymentFrequency(1, FrequencyUnit.Month, 31), "2026-01-29"));

    [Fact]
    public void A_first_due_date_that_was_agreed_comes_before_the_villages_day() =>
        Assert.Equal(
            [Day("2026-02-15"), Day("2026-03-15"), Day("2026-04-15")],
            ContractDates(new RepaymentFrequency(1, FrequencyUnit.Month, 10, 20), "2026-01-21", "2026-02-15"));

    [Fact]
    public void Only_months_have_a_collection_day_and_only_it_a_cut_off()
    {
        Refused(Calculate(Of(new RepaymentFrequency(1, FrequencyUnit.Week, 10)), 1_000_000, 3), "terms-out-of-range", "collectionDay");
        Refused(Calculate(Of(new RepaymentFrequency(1, FrequencyUnit.Month, 32)), 1_000_000, 3), "terms-out-of-range", "collectionDay");
        Refused(Calculate(Of(new RepaymentFrequency(1, FrequencyUnit.Month, 10, 0)), 1_000_000, 3), "terms-out-of-range", "cutOffDay");
        Refused(Calculate(Of(new RepaymentFrequency(1, FrequencyUnit.Month, CutOffDay: 20)), 1_000_000, 3), "terms-out-of-range", "cutOffDay");
    }

    private static ScheduleTerms Of(RepaymentFrequency repayment) => Terms(InterestMethod.Flat, 1, repayment: repayment);

    private static IEnumerable<DateOnly> ContractDates(RepaymentFrequency repayment, string disbursedOn, string? firstDueOn = null) =>
        Make(Of(repayment), 1_000_000, 3, Day(disbursedOn), firstDueOn is null ? null : Day(firstDueOn)).Instalments.Select(row => row.ContractDueOn);

    private static DateOnly Next(MeetingDays meetings) => Row(HolidayRule.NextMeeting, "2026-02-20", March with { Meetings = meetings }).DueOn;

    private static Instalment Row(HolidayRule rule, string disbursedOn, WorkingCalendar calendar) =>
        Made(ScheduleCalculator.Calculate(
            Terms(InterestMethod.Flat, 1, holidays: rule), Kupang.Ledger.SharedKernel.Money.Rupiah(1_000_000), 1, Day(disbursedOn), null, calendar)).Instalments[0];
}
