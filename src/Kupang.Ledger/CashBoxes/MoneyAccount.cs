using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.CashBoxes;

/// <summary>A cash box or a bank account; what it holds is in its balances (<see cref="MoneyAccountBalances"/>).</summary>
public sealed record MoneyAccount(
    MoneyAccountId Id,
    string Number,
    MoneyAccountKind MoneyAccountKind,
    Encrypted Name,
    Currency Currency,
    AccountCode Account,
    FundId? FundId,
    Money? OpenLimit,
    Encrypted? BankAccountNumber,
    string? ExternalId) : IStreamState<MoneyAccount>, IListed, IHoldsMoney
{
    public static string Kind => "money-account";

    /// <summary>Who answered for it, each from a day on.</summary>
    public ImmutableList<OfficerAssignment> Custodians { get; init; } = [];

    public DateOnly? ClosedThrough { get; init; }

    /// <summary>What was counted when it was last closed.</summary>
    public Money? Carried { get; init; }

    /// <summary>The day that was opened and is not closed, if there is one.</summary>
    public DateOnly? OpenDay { get; init; }

    public Listing Listing => new(Id.Value, Number, ExternalId, FundId: FundId?.Value);

    public bool IsCashBox => MoneyAccountKind == MoneyAccountKind.CashBox;

    /// <summary>Who answered for it on a day; the first one also for what is dated before.</summary>
    public StaffId? CustodianOn(DateOnly day) => OfficerAssignment.On(day, Custodians) ?? Custodians.MinBy(custodian => custodian.From)?.OfficerId;

    public static MoneyAccount After(MoneyAccount? state, RecordedFact fact)
    {
        var day = fact.Envelope.EffectiveOn;
        return fact.Data switch
        {
            MoneyAccountOpened opened => new MoneyAccount(
                opened.MoneyAccountId,
                opened.Number,
                opened.Kind,
                opened.Name,
                Currency.FromCode(opened.Currency),
                opened.Account,
                opened.FundId,
                opened.OpenLimit,
                opened.BankAccountNumber,
                opened.ExternalId)
            {
                Custodians = opened.CustodianId is { } custodian ? [OfficerAssignment.Of(custodian, fact)] : [],
            },
            MoneyAccountCustodianAssigned assigned => state! with { Custodians = state.Custodians.Add(OfficerAssignment.Of(assigned.CustodianId, fact)) },
            CashDayOpened => state! with { OpenDay = day },
            CashDayClosed closed => state! with { ClosedThrough = day, Carried = closed.Total, OpenDay = null },
            _ => throw new InvalidOperationException($"A money account knows no {fact.Data.GetType().Name}."),
        };
    }
}

/// <summary>Cash that was counted short or over, until it is settled.</summary>
/// <param name="Fact">How it went into the books.</param>
public sealed record CashDifference(RecordedFact Fact) : IStreamState<CashDifference>, IListed
{
    public static string Kind => "cash-difference";

    /// <summary>What settled it, those that stand.</summary>
    public ImmutableList<CashResolution> Resolutions { get; init; } = [];

    /// <summary>The reversal that took it back, if one did.</summary>
    public TransactionId? ReversedBy { get; init; }

    public CashDifferenceRecorded Recorded => (CashDifferenceRecorded)Fact.Data;

    /// <summary>What of it is not settled.</summary>
    public Money Open => ReversedBy is not null
        ? Money.Zero(Recorded.Amount.Currency)
        : Recorded.Amount - Money.Sum(Resolutions.Select(resolution => resolution.Amount), Recorded.Amount.Currency);

    public CashDifferenceStatus Status => ReversedBy is not null ? CashDifferenceStatus.Reversed : Open.IsZero ? CashDifferenceStatus.Resolved : CashDifferenceStatus.Open;

    public Listing Listing => new(Recorded.DifferenceId.Value, Recorded.Number, FundId: Recorded.FundId.Value);

    public static CashDifference After(CashDifference? state, RecordedFact fact) => fact.Data switch
    {
        CashDifferenceRecorded => new CashDifference(fact),
        CashDifferenceResolved resolved => state! with
        {
            Resolutions = state.Resolutions.Add(new CashResolution(
                resolved.ResolutionId, resolved.Number, resolved.Kind, resolved.Amount, fact.Envelope.EffectiveOn, resolved.DecisionReference)),
        },
        CashDifferenceResolutionReversed reversed => state! with
        {
            Resolutions = state.Resolutions.RemoveAll(resolution => resolution.Id == reversed.TransactionId),
        },
        CashDifferenceReversed reversed => state! with { ReversedBy = reversed.ReversalId },
        _ => throw new InvalidOperationException($"A cash difference knows no {fact.Data.GetType().Name}."),
    };
}

/// <summary>What settled all or part of a cash difference.</summary>
public sealed record CashResolution(
    TransactionId Id, string Number, CashResolutionKind Kind, Money Amount, DateOnly EffectiveOn, string? DecisionReference);

public enum CashDifferenceStatus
{
    Open,
    Resolved,
    Reversed,
}
