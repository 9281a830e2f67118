using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Members;

/// <summary>Which rhythms of meetings there are.</summary>
internal static class MeetingRules
{
    private const int LongestPause = 52;
    private const int LastDayOfAMonth = 31;

    /// <summary>Why a rhythm is refused, or null: weeks go with a day of the week, months with a day of the month.</summary>
    public static Decision? Check(GroupMeeting? meeting) => meeting switch
    {
        null => null,
        { Every: < 1 or > LongestPause } => Decision.Refuse("meeting-not-possible", "/meeting/every"),
        { Unit: MeetingUnit.Week, DayOfMonth: not null } => Decision.Refuse("meeting-not-possible", "/meeting/dayOfMonth"),
        { Unit: MeetingUnit.Month, Weekday: not null } => Decision.Refuse("meeting-not-possible", "/meeting/weekday"),
        { DayOfMonth: < 1 or > LastDayOfAMonth } => Decision.Refuse("meeting-not-possible", "/meeting/dayOfMonth"),
        _ => null,
    };
}
