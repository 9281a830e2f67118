using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.UnidentifiedReceipts;

/// <summary>Takes back money that waits, once nothing is paid of it; and lets it wait again when what it paid is taken back.</summary>
public static class UnidentifiedReceiptReversals
{
    public static Decision Decide(ReversalOrder order, UnidentifiedReceipt receipt, Moment moment) => receipt.Applications.Count > 0
        ? LoanRules.DependsOn([.. receipt.Applications.Select(application => application.RepaymentId)])
        : Decision.Record(new NewFact(
            receipt.Recorded.ReceiptId.Value,
            new UnidentifiedReceiptReversed(
                order.Id,
                order.TransactionId,
                moment.NextNumber("PB"),
                receipt.Recorded.FundId,
                order.Kind,
                receipt.Recorded.Amount,
                order.LinesOf(receipt.Recorded.Lines),
                order.Reason),
            order.Day,
            EventOf: order.Id.Value));

    /// <param name="reversal">What was decided about the repayment.</param>
    public static Decision WithMoneyWaitingAgain(Decision reversal, TransactionId receiptId, RepaymentRecorded repayment, BookDay day) =>
        reversal is Decision.ToRecord recorded
            ? Decision.Record(
            [
                new NewFact(
                    receiptId.Value,
                    new UnidentifiedReceiptApplicationReversed(receiptId, repayment.RepaymentId, repayment.LoanId, repayment.Amount),
                    day),
                .. recorded.Facts,
            ])
            : reversal;
}
