using Kupang.Ledger.Writing;

namespace Kupang.Ledger.SurplusSharing;

/// <summary>Sharing a year's surplus among members and purposes (SHU).</summary>
public static class SurplusSharingModule
{
    public static FactTypes.Builder AddSurplusSharing(this FactTypes.Builder facts) => facts
        .Stream<SurplusYear>(typeof(SurplusShared), typeof(SurplusPaid), typeof(SurplusEntryReversed));
}
