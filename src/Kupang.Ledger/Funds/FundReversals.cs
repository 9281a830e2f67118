using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Funds;

/// <summary>A reversal that may take place: of which fact, in which way, and on which days.</summary>
/// <param name="Funds">The funds that the fact moved money of.</param>
public sealed record ReversalOrder(
    TransactionId Id, TransactionId TransactionId, ReversalKind Kind, FundBooks Funds, BookDay Day, Encrypted? Reason)
{
    /// <summary>Whether it goes with the reversal of another fact, which cannot be undone without it.</summary>
    public bool IsPartOfAnother { get; init; }

    /// <summary>
    /// The original's lines with the other sign: each on its own day when it never happened; on the day the money went back
    /// when it did, but for what was to happen later, which does not. A day that is closed counts on the first open one.
    /// </summary>
    public JournalLines LinesOf(JournalLines original) => original.Reversed(line => Funds.DayOf(
        line.FundId, Kind == ReversalKind.EnteredInError || line.EffectiveOn > Day.EffectiveOn ? line.EffectiveOn : Day.EffectiveOn));
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
