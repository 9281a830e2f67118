namespace Kupang.Ledger.Loans.Schedules;

/// <summary>When instalments fall due.</summary>
internal static class DueDates
{
    /// <summary>
    /// A due date after this year is refused: what follows (moving, interest to a day) needs room in the calendar.
    /// </summary>
    private const int LastYear = 9998;

    private const int LongestWaitForMeeting = 366;

    /// <summary>
    /// The contract dates. Each is counted from the anchor itself and not from the date before it, so that a loan of
    /// the 31st falls due on 28 February and again on 31 March. The anchor is the first due date where it is given, and
    /// else the disbursement, one period before the first. Where the village has a collection day it is that day of the
    /// months instead. Null when a date would lie beyond the calendar.
    /// </summary>
    public static DateOnly[]? Contract(
        RepaymentFrequency frequency, int instalments, DateOnly disbursedOn, DateOnly? firstDueOn)
    {
        var (anchor, offset) = firstDueOn is { } given ? (given, 0) : (disbursedOn, 1);
        var collectionDay = firstDueOn is null ? frequency.CollectionDay : null;
        var late = collectionDay is not null && disbursedOn.Day > frequency.CutOffDay ? 1 : 0;
        var dates = new DateOnly[instalments];
        for (var index = 0; index < instalments; index++)
        {
            if (Add(anchor, frequency.Unit, ((long)frequency.Every * (index + offset)) + late) is not { } date)
            {
                return null;
            }

            dates[index] = collectionDay is { } day
                ? new DateOnly(date.Year, date.Month, int.Min(day, DateTime.DaysInMonth(date.Year, date.Month)))
                : date;
        }

        return dates;
    }

    /// <summary>
    /// The date after the holiday rule. A day that would move to before the disbursement moves forward instead: nobody
    /// owes an instalment before there is a loan.
    /// </summary>
    public static DateOnly Move(DateOnly contractDueOn, HolidayRule rule, DateOnly disbursedOn, WorkingCalendar calendar) =>
        rule switch
        {
            _ when rule == HolidayRule.SameDay || calendar.IsWorkingDay(contractDueOn) => contractDueOn,
            HolidayRule.PreviousWorkingDay => Previous(contractDueOn, disbursedOn, calendar) ?? Next(contractDueOn, calendar),
            HolidayRule.NextMeeting => NextMeeting(contractDueOn, calendar) ?? Next(contractDueOn, calendar),
            _ => Next(contractDueOn, calendar),
        };

    /// <summary>
    /// The dates after the holiday rule, which never decrease: where one moves beyond the next, such as to a meeting far
    /// ahead, that one falls due with it.
    /// </summary>
    public static IEnumerable<DateOnly> Move(IEnumerable<DateOnly> contractDueOn, HolidayRule rule, DateOnly disbursedOn, WorkingCalendar calendar) =>
        NeverBack(contractDueOn.Select(date => Move(date, rule, disbursedOn, calendar)));

    /// <summary>
    /// The due dates of a loan that is running, by a calendar that has changed. Only those after a day move, and none to that
    /// day or before it. A date whose day of the contract has passed moves on from where it stands.
    /// </summary>
    public static IEnumerable<DateOnly> MoveAhead(IEnumerable<Instalment> schedule, HolidayRule rule, DateOnly day, WorkingCalendar calendar) =>
        NeverBack(schedule.Select(row => row.DueOn <= day
            ? row.DueOn
            : Move(row.ContractDueOn > day ? row.ContractDueOn : row.DueOn, rule, day.AddDays(1), calendar)));

    private static IEnumerable<DateOnly> NeverBack(IEnumerable<DateOnly> dates)
    {
        var last = DateOnly.MinValue;
        foreach (var date in dates)
        {
            last = date > last ? date : last;
            yield return last;
        }
    }

    /// <summary>There always is one: a calendar's holidays end, and a week has a working day.</summary>
    private static DateOnly Next(DateOnly day, WorkingCalendar calendar)
    {
        while (!calendar.IsWorkingDay(day))
        {
            day = day.AddDays(1);
        }

        return day;
    }

    private static DateOnly? Previous(DateOnly day, DateOnly earliest, WorkingCalendar calendar)
    {
        for (var number = day.DayNumber; number >= earliest.DayNumber; number--)
        {
            if (calendar.IsWorkingDay(DateOnly.FromDayNumber(number)))
            {
                return DateOnly.FromDayNumber(number);
            }
        }

        return null;
    }

    /// <summary>Null when the group does not meet on a working day within the year that follows.</summary>
    private static DateOnly? NextMeeting(DateOnly day, WorkingCalendar calendar)
    {
        for (var number = day.DayNumber + 1; calendar.Meetings is not null && number <= day.DayNumber + LongestWaitForMeeting; number++)
        {
            var next = DateOnly.FromDayNumber(number);
            if (calendar.Meetings.FallsOn(next) && calendar.IsWorkingDay(next))
            {
                return next;
            }
        }

        return null;
    }

    private static DateOnly? Add(DateOnly anchor, FrequencyUnit unit, long count)
    {
        if (unit == FrequencyUnit.Month)
        {
            var month = (anchor.Year * 12L) + anchor.Month - 1 + count;
            return month / 12 <= LastYear ? anchor.AddMonths((int)count) : null;
        }

        var days = unit == FrequencyUnit.Week ? count * 7 : count;
        return anchor.DayNumber + days <= new DateOnly(LastYear, 12, 31).DayNumber ? anchor.AddDays((int)days) : null;
    }
}
