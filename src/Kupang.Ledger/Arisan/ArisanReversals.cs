using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Arisan;

/// <summary>Takes back a fact of an arisan, unless others rest on it.</summary>
public static class ArisanReversals
{
    public static Decision Decide(ReversalOrder order, RecordedFact original, ArisanCircle circle, Moment moment)
    {
        var fact = (IArisanFact)original.Data;
        return LaterThan(original, fact, circle) is { Length: > 0 } later ? LoanRules.DependsOn(later)
            : fact is ArisanReceiverDrawn or ArisanMemberLeft && order.Kind == ReversalKind.Returned ? Decision.Refuse("reversible-only-as-error", "/kind")
            : Record(order, circle, fact switch
            {
                ArisanContributed paid => Entry(order, moment, circle, paid.Amount, paid.Lines),
                ArisanPotPaid pot => Entry(order, moment, circle, pot.Amount, pot.Lines),
                _ => new ArisanStepReversed(order.Id, order.TransactionId, circle.Id, circle.FundId, order.Kind, order.Reason),
            });
    }

    /// <summary>
    /// A contribution rests under a pot that would not be there without it, a draw under the pot paid by it, and all of them
    /// under a departure: what is owed after one hangs on what was paid before it.
    /// </summary>
    private static TransactionId[] LaterThan(RecordedFact original, IArisanFact fact, ArisanCircle circle)
    {
        var after = circle.Standing.Where(known => known.Envelope.Sequence > original.Envelope.Sequence).Select(known => (IArisanFact)known.Data);
        return
        [
            .. after.Where(later => fact switch
            {
                ArisanContributed paid => later is ArisanMemberLeft
                    || (later is ArisanPotPaid pot && pot.Round == paid.Round && circle.CollectedFor(paid.Round) - paid.Amount < circle.PaidOutOf(paid.Round)),
                ArisanReceiverDrawn draw => later is ArisanMemberLeft || (later is ArisanPotPaid pot && pot.Round == draw.Round),
                ArisanMemberLeft => true,
                _ => later is ArisanMemberLeft,
            }).Select(later => later.TransactionId),
        ];
    }

    private static ArisanEntryReversed Entry(ReversalOrder order, Moment moment, ArisanCircle circle, Money amount, JournalLines lines) => new(
        order.Id, order.TransactionId, moment.NextNumber("PB"), circle.Id, circle.FundId, order.Kind, amount, order.LinesOf(lines), order.Reason);

    private static Decision Record(ReversalOrder order, ArisanCircle circle, object reversal) =>
        Decision.Record(new NewFact(circle.Id.Value, reversal, order.Day, EventOf: order.Id.Value));
}
