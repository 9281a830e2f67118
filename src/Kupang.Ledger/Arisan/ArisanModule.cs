using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Arisan;

/// <summary>The rotating pot of a group (ROSCA): no interest, everybody receives once.</summary>
public static class ArisanModule
{
    public static FactTypes.Builder AddArisan(this FactTypes.Builder facts) => facts
        .Stream<ArisanCircle>(
            typeof(ArisanStarted),
            typeof(ArisanReceiverDrawn),
            typeof(ArisanContributed),
            typeof(ArisanPotPaid),
            typeof(ArisanMemberLeft),
            typeof(ArisanEntryReversed),
            typeof(ArisanStepReversed));
}
