using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Arisan;

// The facts of an arisan, the rotating pot without interest. These records are stored for ever: add a member as optional,
// never rename or retype one.

/// <summary>A group begins an arisan: everybody pays the same at each round, and each receives one pot.</summary>
/// <param name="Seats">Who takes part, each once; in the order of receiving where the order is a rota.</param>
public sealed record ArisanStarted(
    ArisanId ArisanId,
    string Number,
    GroupId GroupId,
    FundId FundId,
    Money Contribution,
    ArisanRhythm Rhythm,
    DateOnly StartsOn,
    ImmutableArray<MemberId> Seats,
    ArisanOrder Order,
    string? ExternalId = null) : IHasParticipants
{
    public IEnumerable<MemberId> Participants() => Seats;
}

/// <summary>Who receives the pot of a round was drawn.</summary>
public sealed record ArisanReceiverDrawn(TransactionId DrawId, ArisanId ArisanId, FundId FundId, int Round, MemberId MemberId, string? ExternalId = null) : IArisanFact
{
    TransactionId IArisanFact.TransactionId => DrawId;
}

/// <summary>Somebody paid for a round, or a part of it.</summary>
public sealed record ArisanContributed(
    TransactionId ContributionId,
    string Number,
    ArisanId ArisanId,
    FundId FundId,
    MemberId MemberId,
    int Round,
    Money Amount,
    JournalLines Lines,
    string? ExternalId = null) : IMoneyFact, INumberedFact, IArisanFact
{
    TransactionId IArisanFact.TransactionId => ContributionId;
}

/// <summary>The pot of a round was paid to its receiver, as far as it was there.</summary>
public sealed record ArisanPotPaid(
    TransactionId PaymentId,
    string Number,
    ArisanId ArisanId,
    FundId FundId,
    MemberId MemberId,
    int Round,
    Money Amount,
    JournalLines Lines,
    string? ExternalId = null) : IMoneyFact, INumberedFact, IArisanFact
{
    TransactionId IArisanFact.TransactionId => PaymentId;
}

/// <summary>
/// Somebody left before receiving a pot. Nothing more is paid from then on; in the round that would have been the leaver's,
/// those pay back to whose pots the leaver had paid.
/// </summary>
public sealed record ArisanMemberLeft(TransactionId DepartureId, ArisanId ArisanId, FundId FundId, MemberId MemberId, string? ExternalId = null) : IArisanFact
{
    TransactionId IArisanFact.TransactionId => DepartureId;
}

/// <summary>A payment of an arisan was never made, or its money went back.</summary>
public sealed record ArisanEntryReversed(
    TransactionId ReversalId,
    TransactionId TransactionId,
    string Number,
    ArisanId ArisanId,
    FundId FundId,
    ReversalKind Kind,
    Money Amount,
    JournalLines Lines,
    Encrypted? Reason = null) : IReversal, IMoneyFact, INumberedFact;

/// <summary>A draw or a departure was written down by mistake.</summary>
public sealed record ArisanStepReversed(
    TransactionId ReversalId, TransactionId TransactionId, ArisanId ArisanId, FundId FundId, ReversalKind Kind, Encrypted? Reason = null) : IReversal;

/// <summary>A fact of an arisan that can be taken back by the id of what it made.</summary>
public interface IArisanFact
{
    TransactionId TransactionId { get; }

    FundId FundId { get; }

    MemberId MemberId { get; }
}

/// <summary>How often there is a round: every so many weeks or months, counted from the first day.</summary>
public sealed record ArisanRhythm(int Every, ArisanUnit Unit);

public enum ArisanUnit
{
    Week,
    Month,
}

/// <summary>How it is known who receives a pot.</summary>
public enum ArisanOrder
{
    /// <summary>In the order of the seats.</summary>
    Rota,

    /// <summary>By lot at each round.</summary>
    Drawn,
}
