using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Staff;

public static class StaffModule
{
    public static FactTypes.Builder AddStaff(this FactTypes.Builder facts) => facts;
}
