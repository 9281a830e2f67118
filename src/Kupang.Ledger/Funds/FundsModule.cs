using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Funds;

/// <summary>Funds and their donors.</summary>
public static class FundsModule
{
    public static FactTypes.Builder AddFunds(this FactTypes.Builder facts) => facts
        .Stream<Donor>(typeof(DonorRegistered))
        .Stream<Fund>(
            typeof(FundOpened),
            typeof(FundAmended),
            typeof(FundPeriodClosed),
            typeof(ClassificationPolicyAdopted),
            typeof(ContributionReceived),
            typeof(CapitalReturned),
            typeof(ContributionReversed),
            typeof(CapitalReturnReversed))
        .Stream<Voucher>(typeof(VoucherRecorded), typeof(VoucherReversed));
}
