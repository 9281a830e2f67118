using Kupang.Ledger.Writing;

namespace Kupang.Ledger.CashBoxes;

/// <summary>Cash boxes and bank accounts, the counting of cash, what was counted short or over, and receipt books.</summary>
public static class CashBoxesModule
{
    public static FactTypes.Builder AddCashBoxes(this FactTypes.Builder facts) => facts
        .Stream<MoneyAccount>(typeof(MoneyAccountOpened), typeof(MoneyAccountCustodianAssigned), typeof(CashDayOpened), typeof(CashDayClosed))
        .Stream<CashDifference>(
            typeof(CashDifferenceRecorded),
            typeof(CashDifferenceResolved),
            typeof(CashDifferenceReversed),
            typeof(CashDifferenceResolutionReversed))
        .Stream<ReceiptBook>(typeof(ReceiptRangeIssued), typeof(ReceiptsVoided));
}
