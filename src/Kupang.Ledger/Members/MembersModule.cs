using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Members;

public static class MembersModule
{
    public static FactTypes.Builder AddMembers(this FactTypes.Builder facts) => facts;
}
