using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Cycles;

// The facts of savings-and-loan cycles (ASKA, VSLA). These records are stored for ever: add a member as optional, never
// rename or retype one. Loans of the group's own money are ordinary loans of the same fund, with facts of their own.

/// <summary>A group begins a cycle: from this day on its members buy shares, until everything is shared out.</summary>
/// <param name="Ordinal">Which cycle of the fund it is; 1 is the first.</param>
/// <param name="Opening">What the fund's books had come to by then; what the cycle earns is counted from there.</param>
public sealed record CycleOpened(
    CycleId CycleId,
    string Number,
    int Ordinal,
    GroupId GroupId,
    FundId FundId,
    CycleTerms Terms,
    DateOnly StartsOn,
    PoolFigures Opening,
    CycleId? PreviousCycleId = null,
    string? ExternalId = null);

/// <summary>The group agreed on other terms or another first day before anything was paid in the cycle.</summary>
public sealed record CycleRevised(CycleId CycleId, CycleTerms Terms, DateOnly StartsOn);

/// <summary>The share-out that opened the cycle was taken back, so it never began.</summary>
public sealed record CycleWithdrawn(CycleId CycleId, TransactionId ShareOutId);

/// <summary>A member bought shares at the cycle's price.</summary>
/// <param name="ForMeetingOn">The earlier meeting that was caught up on; left out when bought for the day of the fact.</param>
public sealed record SharesPurchased(
    TransactionId PurchaseId,
    string Number,
    CycleId CycleId,
    FundId FundId,
    MemberId MemberId,
    int Shares,
    Money Amount,
    JournalLines Lines,
    DateOnly? ForMeetingOn = null,
    string? ExternalId = null) : IMoneyFact, INumberedFact, ICycleFact, IHasParticipants
{
    TransactionId ICycleFact.TransactionId => PurchaseId;

    MemberId? ICycleFact.MemberId => MemberId;

    public IEnumerable<MemberId> Participants() => [MemberId];
}

/// <summary>A member paid into the social fund, which is nobody's share and never lent.</summary>
public sealed record SocialFundContributed(
    TransactionId ContributionId,
    string Number,
    CycleId CycleId,
    FundId FundId,
    MemberId MemberId,
    Money Amount,
    JournalLines Lines,
    string? ExternalId = null) : IMoneyFact, INumberedFact, ICycleFact, IHasParticipants
{
    TransactionId ICycleFact.TransactionId => ContributionId;

    MemberId? ICycleFact.MemberId => MemberId;

    public IEnumerable<MemberId> Participants() => [MemberId];
}

/// <summary>The social fund helped a member: an illness, a death, a fire. Why stands as a code in the envelope.</summary>
public sealed record SocialFundPaid(
    TransactionId PaymentId,
    string Number,
    CycleId CycleId,
    FundId FundId,
    MemberId MemberId,
    Money Amount,
    JournalLines Lines,
    string? ExternalId = null) : IMoneyFact, INumberedFact, ICycleFact, IHasParticipants
{
    TransactionId ICycleFact.TransactionId => PaymentId;

    MemberId? ICycleFact.MemberId => MemberId;

    public IEnumerable<MemberId> Participants() => [MemberId];
}

/// <summary>The group fined a member. It is income when it is paid, so nothing is posted yet.</summary>
public sealed record FineCharged(
    TransactionId FineId, CycleId CycleId, FundId FundId, MemberId MemberId, string Code, Money Amount, string? ExternalId = null)
    : ICycleFact, IHasParticipants
{
    TransactionId ICycleFact.TransactionId => FineId;

    MemberId? ICycleFact.MemberId => MemberId;

    public IEnumerable<MemberId> Participants() => [MemberId];
}

/// <summary>A fine was paid, or a part of it.</summary>
public sealed record FinePaid(
    TransactionId PaymentId,
    string Number,
    CycleId CycleId,
    FundId FundId,
    MemberId MemberId,
    TransactionId FineId,
    Money Amount,
    JournalLines Lines,
    string? ExternalId = null) : IMoneyFact, INumberedFact, ICycleFact
{
    TransactionId ICycleFact.TransactionId => PaymentId;

    MemberId? ICycleFact.MemberId => MemberId;
}

/// <summary>A member left in the middle of the cycle and was paid for the shares, less what the member owed.</summary>
public sealed record CycleMemberPaidOut(
    TransactionId PayoutId,
    string Number,
    CycleId CycleId,
    FundId FundId,
    MemberPortion Portion,
    JournalLines Lines,
    string? ExternalId = null) : IMoneyFact, INumberedFact, ICycleFact
{
    TransactionId ICycleFact.TransactionId => PayoutId;

    MemberId? ICycleFact.MemberId => Portion.MemberId;
}

/// <summary>
/// The cycle's money was divided by shares and the cycle closed; debts were kept back from each payout, and what they pay
/// stands beside this fact as repayments of the loans. The next cycle begins with what was carried.
/// </summary>
/// <param name="Pool">What was divided first: the cash that is the members', and what those with shares still owed.</param>
/// <param name="Multiple">Payouts were cut off to a multiple of it.</param>
/// <param name="Carried">Cash that no payout took: what cutting off left, in the box for the next cycle.</param>
public sealed record CycleSharedOut(
    TransactionId ShareOutId,
    string Number,
    CycleId CycleId,
    GroupId GroupId,
    FundId FundId,
    Money Pool,
    int TotalShares,
    Money Multiple,
    ImmutableArray<MemberPortion> Portions,
    Money Carried,
    CycleId NextCycleId,
    JournalLines Lines,
    string? DecisionReference = null,
    string? ExternalId = null) : IMoneyFact, INumberedFact, ICycleFact
{
    TransactionId ICycleFact.TransactionId => ShareOutId;

    MemberId? ICycleFact.MemberId => null;
}

/// <summary>A fine was charged by mistake.</summary>
public sealed record FineReversed(
    TransactionId ReversalId, TransactionId TransactionId, CycleId CycleId, FundId FundId, ReversalKind Kind, Money Amount, Encrypted? Reason = null) : IReversal;

/// <summary>A payment of a cycle was never made, or its money went back.</summary>
public sealed record CycleEntryReversed(
    TransactionId ReversalId,
    TransactionId TransactionId,
    string Number,
    CycleId CycleId,
    FundId FundId,
    ReversalKind Kind,
    Money Amount,
    JournalLines Lines,
    Encrypted? Reason = null) : IReversal, IMoneyFact, INumberedFact;

/// <summary>A share-out is taken back as if it had not been made: the cycle is open again, and the loans it repaid are owed.</summary>
public sealed record CycleShareOutReversed(
    TransactionId ReversalId,
    TransactionId TransactionId,
    string Number,
    CycleId CycleId,
    FundId FundId,
    ReversalKind Kind,
    Money Amount,
    JournalLines Lines,
    Encrypted? Reason = null) : IReversal, IMoneyFact, INumberedFact;

/// <summary>A fact of a cycle that can be taken back by the id of what it made.</summary>
public interface ICycleFact
{
    TransactionId TransactionId { get; }

    FundId FundId { get; }

    /// <summary>Whom it is about; nobody alone when about all.</summary>
    MemberId? MemberId { get; }
}

/// <summary>What a group agrees on for a cycle.</summary>
/// <param name="MaximumSharesPerMeeting">How many shares a member may buy at one meeting.</param>
/// <param name="SocialFundContribution">What each member pays into the social fund at a meeting, when there is one.</param>
/// <param name="Fines">What the group fines for, and how much.</param>
/// <param name="PayoutMultiple">Payouts are cut off to a multiple of it; the smallest unit when left out.</param>
/// <param name="CatchUp">Whether somebody may later buy shares for a meeting that was missed or lay before joining.</param>
/// <param name="Leavers">What somebody gets who leaves in the middle.</param>
public sealed record CycleTerms(
    Money SharePrice,
    int MaximumSharesPerMeeting,
    Money? SocialFundContribution = null,
    ImmutableArray<FineTariff>? Fines = null,
    Money? PayoutMultiple = null,
    bool CatchUp = false,
    LeaverRule Leavers = LeaverRule.SharePrice);

/// <summary>A fine by its code, in clear: it says what for and not whom.</summary>
public sealed record FineTariff([property: JsonConverter(typeof(FineCodeConverter))] string Code, Money Amount);

public enum LeaverRule
{
    /// <summary>What was paid for the shares, or their value when they have lost some.</summary>
    SharePrice,

    /// <summary>What the shares are worth by the books on that day.</summary>
    ShareValue,
}

/// <summary>What one member got of a division.</summary>
/// <param name="PaidIn">What was paid for the shares.</param>
/// <param name="Payout">What the shares were worth: cash and debts kept back together.</param>
/// <param name="Cash">What was paid into the member's hand.</param>
/// <param name="Unpaid">What of the debts was more than the payout, and stays a claim. Such a member left the division.</param>
public sealed record MemberPortion(
    MemberId MemberId,
    int Shares,
    Money PaidIn,
    Money Payout,
    Money Cash,
    Money Unpaid,
    ImmutableArray<OffsetLoan> Loans,
    ImmutableArray<OffsetFine> Fines);

/// <summary>What of a payout repaid a loan, and the repayment of the loan that says so.</summary>
public sealed record OffsetLoan(LoanId LoanId, TransactionId RepaymentId, Money Amount);

/// <summary>What of a payout paid a fine.</summary>
public sealed record OffsetFine(TransactionId FineId, Money Amount);

/// <summary>What a fund's books have come to since it was opened, as far as a cycle divides it. Each is zero or more but for corrections.</summary>
/// <param name="LoanIncome">Interest, fees and recoveries (4.1.01.01–03, 4.1.02, 4.1.03).</param>
/// <param name="Fines">Penalties and group fines (4.1.01.04–06, 4.1.04).</param>
/// <param name="OtherIncome">Bank interest and the like (4.2).</param>
/// <param name="Losses">Expenses and losses (5).</param>
/// <param name="Retained">Surplus brought in less what was shared out (3.2).</param>
public sealed record PoolFigures(Money LoanIncome, Money Fines, Money OtherIncome, Money Losses, Money Retained)
{
    /// <summary>What belongs to nobody by name yet.</summary>
    [JsonIgnore]
    public Money Surplus => LoanIncome + Fines + OtherIncome - Losses + Retained;
}
