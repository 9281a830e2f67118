using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Cycles;

/// <summary>Groups that save and lend their own money in cycles, and divide everything at the end (ASKA, VSLA).</summary>
public static class CyclesModule
{
    public static FactTypes.Builder AddCycles(this FactTypes.Builder facts) => facts
        .Stream<Cycle>(
            typeof(CycleOpened),
            typeof(CycleRevised),
            typeof(CycleWithdrawn),
            typeof(SharesPurchased),
            typeof(SocialFundContributed),
            typeof(SocialFundPaid),
            typeof(FineCharged),
            typeof(FinePaid),
            typeof(CycleMemberPaidOut),
            typeof(CycleSharedOut),
            typeof(FineReversed),
            typeof(CycleEntryReversed),
            typeof(CycleShareOutReversed));
}
