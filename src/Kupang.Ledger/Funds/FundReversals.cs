using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Funds;

/// <summary>A reversal that may take place: of which fact, in which way, and on which days.</summary>
/// <param name="Fund">The fund whose books are open or closed for a day.</param>
public sealed record ReversalOrder(
    TransactionId Id, TransactionId TransactionId, ReversalKind Kind, Fund Fund, BookDay Day, Encrypted? Reason)
{
    /// <summary>
    /// The original's lines with the other sign: each on its own day when it never happened, all on the day the money went
    /// back when it did. A day that is closed counts on the first open one.
    /// </summary>
    public JournalLines LinesOf(JournalLines original) =>
        original.Reversed(effectiveOn => Kind == ReversalKind.EnteredInError ? Fund.DayOf(effectiveOn) : Day);
}

/// <summary>Takes back money of donors and vouchers. It may leave less than nothing to lend: that is shown, and never stops a truth.</summary>
public static class FundReversals
{
    public static Decision Decide(ReversalOrder order, RecordedFact original, Moment moment)
    {
        var number = moment.NextNumber("PB");
        object fact = original.Data switch
        {
            ContributionReceived received => new ContributionReversed(
                order.Id, order.TransactionId, number, received.FundId, order.Kind, received.Amount, order.LinesOf(received.Lines), order.Reason),
            CapitalReturned returned => new CapitalReturnReversed(
                order.Id, order.TransactionId, number, returned.FundId, order.Kind, returned.Amount, order.LinesOf(returned.Lines), order.Reason),
            VoucherRecorded voucher => new VoucherReversed(
                order.Id, order.TransactionId, number, voucher.FundId, order.Kind, voucher.Amount, order.LinesOf(voucher.Lines), order.Reason),
            _ => throw new ArgumentOutOfRangeException(nameof(original), original.Data.GetType().Name, "Not a fact of a fund."),
        };
        return Decision.Record(new NewFact(original.StreamId, fact, order.Day, EventOf: order.Id.Value));
    }
}
