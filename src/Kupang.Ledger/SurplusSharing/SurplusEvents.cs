using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.SurplusSharing;

// The facts of sharing a year's surplus (SHU). These records are stored for ever: add a member as optional, never rename or
// retype one.

/// <summary>The annual meeting shared a year's surplus by set percentages.</summary>
/// <param name="Surplus">The result of the year by the closed books.</param>
/// <param name="RiskRise">By how much collectibility risk rose that the books hold no allowance for; not shared.</param>
/// <param name="EarlierLoss">What losses of earlier years took of it; not shared.</param>
/// <param name="Multiple">Members' amounts were cut off to a multiple of it.</param>
/// <param name="Parts">What each item came to, before anything was cut off.</param>
/// <param name="Remainder">What cutting off left; it is in the reserve beside the reserve's own part.</param>
public sealed record SurplusShared(
    TransactionId DistributionId,
    string Number,
    FundId FundId,
    int Year,
    Money Surplus,
    Money RiskRise,
    Money EarlierLoss,
    Money Distributable,
    SavingsBasis SavingsBasis,
    Money Multiple,
    ImmutableArray<SurplusPart> Parts,
    ImmutableArray<MemberSurplus> Members,
    Money Remainder,
    JournalLines Lines,
    string DecisionReference,
    string? ExternalId = null) : IMoneyFact, INumberedFact, ISurplusFact, IHasParticipants
{
    TransactionId ISurplusFact.TransactionId => DistributionId;

    MemberId? ISurplusFact.MemberId => null;

    public IEnumerable<MemberId> Participants() => Members.Select(member => member.MemberId);
}

/// <summary>A member was paid of the surplus.</summary>
public sealed record SurplusPaid(
    TransactionId PaymentId,
    string Number,
    TransactionId DistributionId,
    FundId FundId,
    MemberId MemberId,
    Money Amount,
    JournalLines Lines,
    string? ExternalId = null) : IMoneyFact, INumberedFact, ISurplusFact
{
    TransactionId ISurplusFact.TransactionId => PaymentId;

    MemberId? ISurplusFact.MemberId => MemberId;
}

/// <summary>A distribution was decided by mistake, or a payment of it was never made or went back.</summary>
public sealed record SurplusEntryReversed(
    TransactionId ReversalId,
    TransactionId TransactionId,
    string Number,
    FundId FundId,
    ReversalKind Kind,
    Money Amount,
    JournalLines Lines,
    Encrypted? Reason = null) : IReversal, IMoneyFact, INumberedFact;

/// <summary>A fact of a year's surplus that can be taken back by the id of what it made.</summary>
public interface ISurplusFact
{
    TransactionId TransactionId { get; }

    FundId FundId { get; }

    MemberId? MemberId { get; }
}

/// <summary>What a surplus is shared for.</summary>
public enum SurplusItem
{
    /// <summary>To the members by what they have saved.</summary>
    Savings,

    /// <summary>To the members by the interest they have paid.</summary>
    LoanInterest,

    /// <summary>Against risk (3.2.01.02); what cutting off leaves comes here too.</summary>
    Reserve,

    /// <summary>Kept as surplus of earlier years (3.2.01.01).</summary>
    Retained,

    Social,
    Management,
    Education,
    Community,
    Village,
    Investors,
    Bkad,
}

/// <summary>Which savings count.</summary>
public enum SavingsBasis
{
    /// <summary>Those on the last day of the year.</summary>
    YearEnd,

    /// <summary>The average of the twelve month ends, so that money that came in December counts for little.</summary>
    MonthEndAverage,
}

public sealed record SurplusPart(SurplusItem Item, Percentage Percent, Money Amount);

/// <param name="Savings">By what the member's part of the savings item was measured: savings on the basis chosen, the sum of twelve month ends for the average.</param>
/// <param name="InterestPaid">Interest paid in the year.</param>
public sealed record MemberSurplus(MemberId MemberId, Money Savings, Money InterestPaid, Money BySavings, Money ByInterest);
