using System.Collections.Immutable;
using Kupang.Ledger.Calendars;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>The days that instalments are collected on, as a caller names them. What is left out is as the tenant's calendar has it.</summary>
/// <param name="Meeting">When the borrower's group meets.</param>
public sealed record CalendarRule(
    ImmutableArray<DayOfWeek>? WorkingDays = null, ImmutableArray<DateOnly>? Holidays = null, MeetingRule? Meeting = null)
{
    public Decision? Check(string pointer) =>
        WorkingDays is [] ? Decision.Refuse("terms-out-of-range", $"{pointer}/workingDays", new Figure("term", "workingDays"))
        : Meeting?.Check($"{pointer}/meeting");

    /// <summary>Only for a rule that <see cref="Check"/> has passed.</summary>
    public WorkingCalendar ForSchedule(TenantCalendar tenant, DateOnly today) => new(
        WorkingWeek.Of(WorkingDays ?? tenant.WorkingDays(today)),
        [.. Holidays ?? tenant.HolidaysAt(areaCode: null, today).Select(holiday => holiday.Date)],
        Meeting?.ForSchedule());
}

/// <summary>A group meets on a weekday, every week or in one week of the month, or on a day of the month.</summary>
/// <param name="WeekOfMonth">1 to 4, or 5 for the last.</param>
public sealed record MeetingRule(DayOfWeek? Weekday = null, int? WeekOfMonth = null, int? DayOfMonth = null)
{
    public Decision? Check(string pointer) => this switch
    {
        { Weekday: null, DayOfMonth: >= 1 and <= 31, WeekOfMonth: null }
            or { Weekday: not null, DayOfMonth: null, WeekOfMonth: null or (>= 1 and <= 5) } => null,
        _ => Decision.Refuse("meeting-not-possible", pointer),
    };

    public MeetingDays ForSchedule() => this switch
    {
        { DayOfMonth: { } day } => new MeetingDays.OnDayOfMonth(day),
        { WeekOfMonth: { } week } => new MeetingDays.OnWeekOfMonth(week, Weekday!.Value),
        _ => new MeetingDays.OnWeekday(Weekday!.Value),
    };
}
