using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.CashBoxes;

/// <summary>Takes back a cash difference that was a miscount, or what settled one.</summary>
public static class CashDifferenceReversals
{
    public static Decision Decide(ReversalOrder order, RecordedFact original, CashDifference difference, Moment moment)
    {
        if (original.Data is CashDifferenceResolved resolved)
        {
            return Decision.Record(new NewFact(
                original.StreamId,
                new CashDifferenceResolutionReversed(
                    order.Id, order.TransactionId, moment.NextNumber("PB"), order.Kind, resolved.Amount, order.LinesOf(resolved.Lines), order.Reason),
                order.Day,
                EventOf: order.Id.Value));
        }

        if (difference.Resolutions.Count > 0)
        {
            return Decision.Refuse(
                "later-facts-depend-on-it",
                "/transactionId",
                new Figure("later", string.Join(", ", difference.Resolutions.Select(resolution => resolution.Id))));
        }

        var recorded = difference.Recorded;
        return Decision.Record(new NewFact(
            original.StreamId,
            new CashDifferenceReversed(
                order.Id, order.TransactionId, moment.NextNumber("PB"), order.Kind, recorded.Amount, order.LinesOf(recorded.Lines), order.Reason),
            order.Day,
            EventOf: order.Id.Value));
    }
}
