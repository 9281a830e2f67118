using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Members;

/// <summary>Which rhythms of meetings there are.</summary>
internal static class MeetingRules
{
    private const int LongestPause = 52;
    private const int LastDayOfAMonth = 31;

    /// <summary>Stands for the last one, whether fourth or fifth.</summary>
    private const int LastWeekOfAMonth = 5;

    /// <summary>Why a rhythm is refused, or null: weeks go with a day of the week, months with a day of the month or a weekday in one of its weeks.</summary>
    public static Decision? Check(GroupMeeting? meeting) => meeting switch
    {
        null => null,
        { Every: < 1 or > LongestPause } => Decision.Refuse("meeting-not-possible", "/meeting/every"),
        { Unit: MeetingUnit.Week, DayOfMonth: not null } => Decision.Refuse("meeting-not-possible", "/meeting/dayOfMonth"),
        { Unit: MeetingUnit.Week, WeekOfMonth: not null } or { Weekday: null, WeekOfMonth: not null } or { WeekOfMonth: < 1 or > LastWeekOfAMonth } =>
            Decision.Refuse("meeting-not-possible", "/meeting/weekOfMonth"),
        { DayOfMonth: not null, WeekOfMonth: not null } => Decision.Refuse("meeting-not-possible", "/meeting/dayOfMonth"),
        { Unit: MeetingUnit.Month, Weekday: not null, WeekOfMonth: null } => Decision.Refuse("meeting-not-possible", "/meeting/weekday"),
        { DayOfMonth: < 1 or > LastDayOfAMonth } => Decision.Refuse("meeting-not-possible", "/meeting/dayOfMonth"),
        _ => null,
    };
}
