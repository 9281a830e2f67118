using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.UnidentifiedReceipts;

/// <summary>Money that waits for whom it is for.</summary>
/// <param name="Fact">How it came in.</param>
public sealed record UnidentifiedReceipt(RecordedFact Fact) : IStreamState<UnidentifiedReceipt>, IListed
{
    public static string Kind => "unidentified-receipt";

    /// <summary>The repayments that it was found to be, those that stand.</summary>
    public ImmutableList<ReceiptApplication> Applications { get; init; } = [];

    /// <summary>The reversal that took it back, if one did.</summary>
    public TransactionId? ReversedBy { get; init; }

    public UnidentifiedReceiptRecorded Recorded => (UnidentifiedReceiptRecorded)Fact.Data;

    public DateOnly EffectiveOn => Fact.Envelope.EffectiveOn;

    /// <summary>What of it still waits.</summary>
    public Money Unapplied => ReversedBy is not null
        ? Money.Zero(Recorded.Amount.Currency)
        : Recorded.Amount - Money.Sum(Applications.Select(application => application.Amount), Recorded.Amount.Currency);

    public ReceiptStatus Status => ReversedBy is not null ? ReceiptStatus.Reversed : Unapplied.IsZero ? ReceiptStatus.Applied : ReceiptStatus.Open;

    public Listing Listing => new(Recorded.ReceiptId.Value, Recorded.Number, Recorded.ExternalId, FundId: Recorded.FundId.Value);

    public static UnidentifiedReceipt After(UnidentifiedReceipt? state, RecordedFact fact) => fact.Data switch
    {
        UnidentifiedReceiptRecorded => new UnidentifiedReceipt(fact),
        UnidentifiedReceiptApplied applied => state! with
        {
            Applications = state.Applications.Add(new ReceiptApplication(applied.RepaymentId, applied.LoanId, applied.Amount, fact.Envelope.EffectiveOn)),
        },
        UnidentifiedReceiptApplicationReversed reversed => state! with
        {
            Applications = state.Applications.RemoveAll(application => application.RepaymentId == reversed.RepaymentId),
        },
        UnidentifiedReceiptReversed reversed => state! with { ReversedBy = reversed.ReversalId },
        _ => throw new InvalidOperationException($"An unidentified receipt knows no {fact.Data.GetType().Name}."),
    };
}

/// <summary>A repayment that money was found to be.</summary>
public sealed record ReceiptApplication(TransactionId RepaymentId, LoanId LoanId, Money Amount, DateOnly EffectiveOn);

public enum ReceiptStatus
{
    /// <summary>Some of it waits.</summary>
    Open,

    /// <summary>All of it was placed.</summary>
    Applied,

    Reversed,
}
