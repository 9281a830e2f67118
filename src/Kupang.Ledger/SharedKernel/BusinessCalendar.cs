namespace Kupang.Ledger.SharedKernel;

/// <summary>Which day it is for the books: the tenant's own day, whatever the server's time zone.</summary>
public static class BusinessCalendar
{
    /// <summary>Central Indonesian time (WITA), in which Kupang lies: UTC+8 the whole year.</summary>
    public const string DefaultTimeZone = "Asia/Makassar";

    public static DateOnly DayOf(DateTimeOffset instant, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
}
