using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Calendars;

/// <summary>On which days a tenant works.</summary>
public static class CalendarsModule
{
    public static FactTypes.Builder AddCalendars(this FactTypes.Builder facts) =>
        facts.Stream<TenantCalendar>(typeof(WorkingDaysSet), typeof(HolidaysImported), typeof(HolidaysRemoved));
}
