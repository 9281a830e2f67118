using Kupang.Ledger.Calendars;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

/// <summary>
/// The days that a loan's due dates move by: the tenant's working week, the holidays of where the borrower lived when the
/// loan was proposed, and the meetings of the group through which he borrows.
/// </summary>
internal static class LoanCalendar
{
    public static IEnumerable<Need> Needs(Loan loan)
    {
        yield return Need.Of<TenantCalendar>(TenantCalendar.StreamId);
        if (GroupOf(loan) is { } groupId)
        {
            yield return Need.Of<Group>(groupId.Value);
        }
    }

    public static WorkingCalendar Of(Loan loan, States states, DateOnly today) =>
        Of(loan, TenantCalendar.In(states), GroupOf(loan) is { } groupId ? states.Find<Group>(groupId.Value) : null, today);

    /// <param name="group">The loan's group, where its dates follow the meetings.</param>
    public static WorkingCalendar Of(Loan loan, TenantCalendar calendar, Group? group, DateOnly today) => new(
        WorkingWeek.Of(calendar.WorkingDays(today)),
        [.. calendar.HolidaysAt(loan.Profile.AreaCode, today).Select(holiday => holiday.Date)],
        MeetingsOf(group?.Meeting));

    /// <summary>The group whose meetings the loan's dates follow, if they do: the one it is of now.</summary>
    public static GroupId? GroupOf(Loan loan) => loan.Terms.Holidays == HolidayRule.NextMeeting ? loan.GroupOn(DateOnly.MaxValue) : null;

    /// <summary>So many periods later; in months on the anchor day, or the last day of a month that is shorter.</summary>
    /// <param name="anchor">The day of the month; 0 for the day's own.</param>
    public static DateOnly Later(DateOnly day, RepaymentFrequency frequency, int periods, int anchor)
    {
        if (frequency.Unit != FrequencyUnit.Month)
        {
            return day.AddDays(frequency.Every * periods * (frequency.Unit == FrequencyUnit.Week ? 7 : 1));
        }

        var month = day.AddMonths(frequency.Every * periods);
        return anchor == 0 ? month : new DateOnly(month.Year, month.Month, Math.Min(anchor, DateTime.DaysInMonth(month.Year, month.Month)));
    }

    /// <summary>Why the dates of a loan can't follow meetings, or null.</summary>
    public static Decision? CheckMeetings(Loan loan, WorkingCalendar calendar) =>
        loan.Terms.Holidays != HolidayRule.NextMeeting || calendar.Meetings is not null ? null
        : GroupOf(loan) is { } groupId ? Decision.Refuse("group-without-meeting-day", pointer: null, new Figure("groupId", groupId.ToString()))
        : Decision.Refuse("loan-without-group");

    /// <summary>Null where no day can be told: the group keeps to none, or skips weeks or months and does not say which.</summary>
    private static MeetingDays? MeetingsOf(GroupMeeting? meeting) => meeting switch
    {
        { Every: 1, Weekday: { } weekday, WeekOfMonth: { } week } => new MeetingDays.OnWeekOfMonth(week, weekday),
        { Every: 1, Weekday: { } weekday } => new MeetingDays.OnWeekday(weekday),
        { Every: 1, DayOfMonth: { } day } => new MeetingDays.OnDayOfMonth(day),
        _ => null,
    };
}
