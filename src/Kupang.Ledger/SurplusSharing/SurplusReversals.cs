using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.SurplusSharing;

/// <summary>Takes back a payment of surplus, or a distribution of which nothing is paid.</summary>
public static class SurplusReversals
{
    public static Decision Decide(ReversalOrder order, RecordedFact original, SurplusYear year, Moment moment)
    {
        var payments = original.Data is SurplusShared ? year.Standing.Select(fact => fact.Data).OfType<SurplusPaid>().Select(paid => paid.PaymentId).ToArray() : [];
        return payments.Length > 0 ? LoanRules.DependsOn(payments)
            : original.Data is SurplusShared && order.Kind == ReversalKind.Returned ? Decision.Refuse("reversible-only-as-error", "/kind")
            : original.Data switch
            {
                SurplusShared shared => Record(shared.Distributable, shared.Lines),
                SurplusPaid paid => Record(paid.Amount, paid.Lines),
                _ => throw new ArgumentOutOfRangeException(nameof(original), original.Data.GetType().Name, "Not a fact of a surplus."),
            };

        Decision Record(Money amount, JournalLines lines) => Decision.Record(new NewFact(
            original.StreamId,
            new SurplusEntryReversed(
                order.Id,
                order.TransactionId,
                moment.NextNumber("PB"),
                ((ISurplusFact)original.Data).FundId,
                order.Kind,
                amount,
                order.LinesOf(lines),
                order.Reason),
            order.Day,
            EventOf: order.Id.Value));
    }
}
