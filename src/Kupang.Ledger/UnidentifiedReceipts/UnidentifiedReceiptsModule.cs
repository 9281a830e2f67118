using Kupang.Ledger.Writing;

namespace Kupang.Ledger.UnidentifiedReceipts;

/// <summary>Money that came in and that nobody can place yet.</summary>
public static class UnidentifiedReceiptsModule
{
    public static FactTypes.Builder AddUnidentifiedReceipts(this FactTypes.Builder facts) => facts
        .Stream<UnidentifiedReceipt>(
            typeof(UnidentifiedReceiptRecorded),
            typeof(UnidentifiedReceiptApplied),
            typeof(UnidentifiedReceiptApplicationReversed),
            typeof(UnidentifiedReceiptReversed));
}
