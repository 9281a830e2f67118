using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Staff;

/// <summary>The people who work for the tenant.</summary>
public static class StaffModule
{
    public static FactTypes.Builder AddStaff(this FactTypes.Builder facts) =>
        facts.Stream<StaffMember>(typeof(StaffRegistered), typeof(StaffDeparted));
}
