using System.Collections.Immutable;
using Kupang.Ledger.Policies;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Funds;

// The facts of funds and donors. These records are stored for ever: add a member as optional, never rename or retype one.

/// <summary>Somebody who gives or lends money to funds. The name is readable only with the donor's key.</summary>
public sealed record DonorRegistered(DonorId DonorId, string Number, DonorKind Kind, Encrypted Name, string? ExternalId = null);

/// <summary>A fund was opened, with books that balance by themselves.</summary>
public sealed record FundOpened(
    FundId FundId,
    string Number,
    string Code,
    string Name,
    string Currency,
    FundKind Kind,
    FundTerms Terms,
    string? Restriction = null,
    string? ExternalId = null);

/// <summary>The fund is called otherwise, or lends on other terms, from now on. Terms that are absent did not change.</summary>
public sealed record FundAmended(FundId FundId, string Name, FundTerms? Terms = null);

/// <summary>The fund's books are closed through a day: what is dated until then and comes later counts on the day after it.</summary>
public sealed record FundPeriodClosed(TransactionId ClosingId, FundId FundId, DateOnly ClosedThrough, string DecisionReference, string? ExternalId = null);

/// <summary>
/// From the day in the envelope on the fund's loans are classed by this policy. It stands here whole: what was decided can be
/// read when no program knows the policy any more.
/// </summary>
public sealed record ClassificationPolicyAdopted(
    TransactionId AdoptionId, FundId FundId, ClassificationPolicy Policy, string DecisionReference, string? ExternalId = null);

/// <summary>A donor's money came in.</summary>
public sealed record ContributionReceived(
    TransactionId ContributionId,
    string Number,
    FundId FundId,
    DonorId DonorId,
    Money Amount,
    ContributionPurpose Purpose,
    ContributionNature Nature,
    JournalLines Lines,
    string? AgreementReference = null,
    string? ExternalId = null) : IMoneyFact, INumberedFact;

/// <summary>Money went back to the donor it came from.</summary>
public sealed record CapitalReturned(
    TransactionId CapitalReturnId,
    string Number,
    FundId FundId,
    DonorId DonorId,
    Money Amount,
    ContributionNature Nature,
    JournalLines Lines,
    string? ExternalId = null) : IMoneyFact, INumberedFact;

/// <summary>Money or figures moved by a hand-made voucher: an expense, a bank charge, a deposit to the bank.</summary>
public sealed record VoucherRecorded(
    TransactionId VoucherId,
    string Number,
    FundId FundId,
    VoucherType Kind,
    Money Amount,
    JournalLines Lines,
    string? ExternalId = null) : IMoneyFact, INumberedFact;

/// <summary>A contribution was never received, or went back.</summary>
public sealed record ContributionReversed(
    TransactionId ReversalId, TransactionId TransactionId, string Number, FundId FundId, ReversalKind Kind, Money Amount, JournalLines Lines, Encrypted? Reason = null)
    : IReversal, IMoneyFact, INumberedFact;

/// <summary>A return of capital was never made, or came back.</summary>
public sealed record CapitalReturnReversed(
    TransactionId ReversalId, TransactionId TransactionId, string Number, FundId FundId, ReversalKind Kind, Money Amount, JournalLines Lines, Encrypted? Reason = null)
    : IReversal, IMoneyFact, INumberedFact;

/// <summary>A voucher was never carried out, or its money went back.</summary>
public sealed record VoucherReversed(
    TransactionId ReversalId, TransactionId TransactionId, string Number, FundId FundId, ReversalKind Kind, Money Amount, JournalLines Lines, Encrypted? Reason = null)
    : IReversal, IMoneyFact, INumberedFact;

public enum DonorKind
{
    Government,
    Ngo,
    Company,
    Community,
    Person,
    Other,
}

public enum FundKind
{
    /// <summary>Money that is lent, comes back and is lent again.</summary>
    Revolving,

    /// <summary>Money for running costs only.</summary>
    Operations,

    /// <summary>A savings group's own box: not the organisation's asset.</summary>
    GroupOwn,
}

/// <param name="InterestRecognition">When interest counts as income.</param>
/// <param name="LendsTo">Whom the fund lends to; everybody when left out.</param>
/// <param name="LendsSavings">Whether the fund lends what its members save with it; it does not when left out.</param>
/// <param name="ReservePercent">What part of the savings it keeps back then; none when left out.</param>
public sealed record FundTerms(
    InterestRecognition InterestRecognition = InterestRecognition.Cash,
    LendingRestriction? LendsTo = null,
    bool? LendsSavings = null,
    Percentage? ReservePercent = null);

/// <summary>
/// Whom a fund lends to, in words that a loan's profile keeps: a borrower meets each list that is given by one of its words.
/// </summary>
public sealed record LendingRestriction(
    ImmutableArray<Sex>? Sexes = null,
    ImmutableArray<Sector>? Sectors = null,
    ImmutableArray<AreaPrefix>? AreaCodes = null,
    ImmutableArray<PurposeCode>? PurposeCodes = null);

public enum InterestRecognition
{
    /// <summary>When it is received.</summary>
    Cash,
}

public enum ContributionPurpose
{
    RevolvingCapital,
    Operations,
}

public enum ContributionNature
{
    Grant,
    Equity,
    Loan,
}

/// <summary>Which printed voucher it is: <c>BKM</c>, <c>BKK</c>, a transfer between boxes, or <c>BM</c>.</summary>
public enum VoucherType
{
    CashIn,
    CashOut,
    Transfer,
    Memorial,
}
