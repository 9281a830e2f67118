using System.Collections.Immutable;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>
/// On which days instalments are collected: a week, the holidays in it, and when the group of the loan meets. Two
/// calendars are equal when they have the same week, holidays and meetings.
/// </summary>
/// <param name="Holidays">Days of the week without work, each with its date.</param>
/// <param name="Meetings">Null when the borrower has no group, or it keeps to no day.</param>
public sealed record WorkingCalendar(WorkingWeek Week, ImmutableSortedSet<DateOnly> Holidays, MeetingDays? Meetings = null)
{
    /// <summary>A week without holidays is a calendar.</summary>
    public static implicit operator WorkingCalendar(WorkingWeek week) => Of(week);

    public static WorkingCalendar Of(WorkingWeek week, params IEnumerable<DateOnly> holidays) => new(week, [.. holidays]);

    public bool IsWorkingDay(DateOnly day) => Week.IsWorkingDay(day) && !Holidays.Contains(day);

    public bool Equals(WorkingCalendar? other) =>
        other is not null && Week == other.Week && Meetings == other.Meetings && Holidays.SetEquals(other.Holidays);

    public override int GetHashCode() => HashCode.Combine(Week, Meetings, Holidays.Count);
}

/// <summary>The days on which a group meets.</summary>
public abstract record MeetingDays
{
    private MeetingDays()
    {
    }

    public abstract bool FallsOn(DateOnly day);

    public sealed record OnWeekday(DayOfWeek Weekday) : MeetingDays
    {
        public override bool FallsOn(DateOnly day) => day.DayOfWeek == Weekday;
    }

    /// <param name="Day">In a shorter month, its last day.</param>
    public sealed record OnDayOfMonth(int Day) : MeetingDays
    {
        public override bool FallsOn(DateOnly day) => day.Day == int.Min(Day, DateTime.DaysInMonth(day.Year, day.Month));
    }

    /// <param name="Week">1 for the first such weekday of a month to 4; 5 is the last, whether fourth or fifth.</param>
    public sealed record OnWeekOfMonth(int Week, DayOfWeek Weekday) : MeetingDays
    {
        private const int Last = 5;

        public override bool FallsOn(DateOnly day) =>
            day.DayOfWeek == Weekday
            && (Week == Last ? day.Day > DateTime.DaysInMonth(day.Year, day.Month) - 7 : ((day.Day - 1) / 7) + 1 == Week);
    }
}
