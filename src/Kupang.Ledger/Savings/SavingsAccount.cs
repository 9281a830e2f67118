using System.Collections.Immutable;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Savings;

/// <summary>What moves money of an account, in the order in which it counts on one day: what comes in before what goes out.</summary>
public enum SavingsMovementKind
{
    Deposit,
    TransferIn,
    Withdrawal,
    TransferOut,
    PayOut,
    Interest,
    Reversal,
}

/// <summary>One movement of an account.</summary>
/// <param name="Id">Of the fact that it is; both sides of a transfer have the transfer's.</param>
/// <param name="Amount">Below zero for what went out.</param>
/// <param name="InterestMonth">The month that an interest, or a reversal of one, is for.</param>
/// <param name="Reverses">The movement that this one takes back.</param>
public sealed record SavingsMovement(
    TransactionId Id, SavingsMovementKind Kind, Money Amount, BookDay Day, long Sequence, string? InterestMonth = null, TransactionId? Reverses = null)
{
    public bool ComesBefore(SavingsMovement other) =>
        (Day.EffectiveOn, Kind, Sequence).CompareTo((other.Day.EffectiveOn, other.Kind, other.Sequence)) < 0;
}

/// <summary>A part of an account that may not be taken out.</summary>
public sealed record SavingsHold(TransactionId Id, Money Amount, DateOnly EffectiveOn, string? ReasonCode, LoanId? LoanId)
{
    public ImmutableList<SavingsHoldRelease> Releases { get; init; } = [];

    public Money Released => Money.Sum(Releases.Select(release => release.Amount), Amount.Currency);

    /// <summary>What of it still holds, over everything known.</summary>
    public Money Open => Amount - Released;
}

public sealed record SavingsHoldRelease(TransactionId Id, Money Amount, DateOnly EffectiveOn);

/// <param name="IsPaidOut">Whether money was paid out with it.</param>
public sealed record SavingsClosing(TransactionId Id, DateOnly EffectiveOn, bool IsPaidOut);

/// <summary>What somebody has saved with a fund. A reversal is a movement of its own: nothing that was written disappears.</summary>
/// <param name="Owner">A member or a group.</param>
public sealed record SavingsAccount(
    SavingsAccountId Id,
    string Number,
    string? ExternalId,
    FundId FundId,
    Party Owner,
    SavingsProductId ProductId,
    int ProductVersion,
    SavingsTerms Terms,
    DateOnly OpenedOn) : IStreamState<SavingsAccount>, IListed, IBindsMembers, IHoldsPledges
{
    public static string Kind => "savings-account";

    /// <summary>By day, then by kind, then by the order of recording.</summary>
    public ImmutableList<SavingsMovement> Movements { get; init; } = [];

    public ImmutableList<SavingsHold> Holds { get; init; } = [];

    public SavingsClosing? Closing { get; init; }

    public Currency Currency => Currency.FromCode(Terms.Currency);

    /// <summary>Over everything known.</summary>
    public Money Balance => Money.Sum(Movements.Select(movement => movement.Amount), Currency);

    public Money Held => Money.Sum(Holds.Select(hold => hold.Open), Currency);

    Guid IHoldsPledges.Id => Id.Value;

    /// <summary>What of it is held for a loan.</summary>
    public Money PledgedFor(LoanId loanId) => Money.Sum(Holds.Where(hold => hold.LoanId == loanId).Select(hold => hold.Open), Currency);

    public Listing Listing => new(
        Id.Value,
        Number,
        ExternalId,
        FundId: FundId.Value,
        GroupId: Owner.Kind == PartyKind.Group ? Owner.Id : null,
        MemberId: Owner.Kind == PartyKind.Member ? Owner.Id : null,
        ProductId: ProductId.Value);

    /// <summary>Whoever has an account is not forgotten before it is closed.</summary>
    public bool Binds(MemberId memberId) => Closing is null && Owner == new Party(PartyKind.Member, memberId.Value);

    /// <summary>At the end of a day.</summary>
    public Money BalanceOn(DateOnly day) =>
        Money.Sum(Movements.Where(movement => movement.Day.EffectiveOn <= day).Select(movement => movement.Amount), Currency);

    public Money HeldOn(DateOnly day) => Money.Sum(
        Holds.Where(hold => hold.EffectiveOn <= day).Select(hold =>
            hold.Amount - Money.Sum(hold.Releases.Where(release => release.EffectiveOn <= day).Select(release => release.Amount), Currency)),
        Currency);

    /// <summary>Whether a movement was taken back.</summary>
    public bool IsReversed(SavingsMovement movement) => Movements.Any(other => other.Reverses == movement.Id);

    public static SavingsAccount After(SavingsAccount? state, RecordedFact fact) => fact.Data switch
    {
        SavingsAccountOpened opened => new SavingsAccount(
            opened.AccountId,
            opened.Number,
            opened.ExternalId,
            opened.FundId,
            opened.Owner,
            opened.ProductId,
            opened.ProductVersion,
            opened.Terms,
            fact.Envelope.EffectiveOn),
        SavingsDeposited deposited => state!.With(fact, deposited.DepositId, SavingsMovementKind.Deposit, deposited.Amount),
        SavingsWithdrawn withdrawn => state!.With(fact, withdrawn.WithdrawalId, SavingsMovementKind.Withdrawal, -withdrawn.Amount),
        SavingsTransferred transferred => state!.With(fact, transferred.TransferId, SavingsMovementKind.TransferOut, -transferred.Amount),
        SavingsTransferReceived received => state!.With(fact, received.TransferId, SavingsMovementKind.TransferIn, received.Amount),
        SavingsTransferTakenBack back => state!.Without(fact, back.ReversalId, back.TransferId),
        SavingsInterestCredited interest => state!.With(fact, interest.InterestId, SavingsMovementKind.Interest, interest.Amount, interest.Month),
        SavingsHeld held => state! with
        {
            Holds = state.Holds.Add(new SavingsHold(held.HoldId, held.Amount, fact.Envelope.EffectiveOn, fact.Envelope.ReasonCode, held.LoanId)),
        },
        SavingsHoldReleased released => state!.With(released, fact.Envelope.EffectiveOn),
        SavingsAccountPaidOut paid => state!.With(fact, paid.ClosingId, SavingsMovementKind.PayOut, -paid.Amount) with
        {
            Closing = new SavingsClosing(paid.ClosingId, fact.Envelope.EffectiveOn, IsPaidOut: true),
        },
        SavingsAccountClosed closed => state! with { Closing = new SavingsClosing(closed.ClosingId, fact.Envelope.EffectiveOn, IsPaidOut: false) },
        SavingsEntryReversed reversed => state!.Without(fact, reversed.ReversalId, reversed.TransactionId),
        _ => throw new InvalidOperationException($"A savings account knows no {fact.Data.GetType().Name}."),
    };

    private SavingsAccount With(RecordedFact fact, TransactionId id, SavingsMovementKind kind, Money amount, string? month = null) =>
        With(new SavingsMovement(id, kind, amount, fact.Envelope.Day, fact.Envelope.Sequence, month));

    private SavingsAccount With(SavingsMovement movement)
    {
        var place = Movements.Count;
        while (place > 0 && movement.ComesBefore(Movements[place - 1]))
        {
            place--;
        }

        return this with { Movements = Movements.Insert(place, movement) };
    }

    private SavingsAccount With(SavingsHoldReleased released, DateOnly effectiveOn)
    {
        var hold = Holds.Find(known => known.Id == released.HoldId)!;
        return this with
        {
            Holds = Holds.Replace(hold, hold with { Releases = hold.Releases.Add(new SavingsHoldRelease(released.ReleaseId, released.Amount, effectiveOn)) }),
        };
    }

    private SavingsAccount Without(RecordedFact fact, TransactionId reversalId, TransactionId id)
    {
        var movement = Movements.Find(known => known.Id == id && known.Kind != SavingsMovementKind.Reversal)!;
        var back = new SavingsMovement(
            reversalId, SavingsMovementKind.Reversal, -movement.Amount, fact.Envelope.Day, fact.Envelope.Sequence, movement.InterestMonth, movement.Id);

        // What was closed rests on the movement or was closed by it: the account is open again.
        return With(back) with { Closing = null };
    }
}
