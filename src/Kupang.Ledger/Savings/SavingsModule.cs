using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Savings;

/// <summary>Savings accounts, the products they are kept on, and what they earn.</summary>
public static class SavingsModule
{
    public static FactTypes.Builder AddSavings(this FactTypes.Builder facts) => facts
        .Stream<SavingsProduct>(typeof(SavingsProductDefined), typeof(SavingsProductRevised))
        .Stream<SavingsAccount>(
            typeof(SavingsAccountOpened),
            typeof(SavingsDeposited),
            typeof(SavingsWithdrawn),
            typeof(SavingsTransferred),
            typeof(SavingsTransferReceived),
            typeof(SavingsTransferTakenBack),
            typeof(SavingsInterestCredited),
            typeof(SavingsHeld),
            typeof(SavingsHoldReleased),
            typeof(SavingsAccountPaidOut),
            typeof(SavingsAccountClosed),
            typeof(SavingsEntryReversed))
        .Stream<SavingsInterestRun>(typeof(SavingsInterestRunRecorded));
}
