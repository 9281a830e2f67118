using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Savings;

// The facts of savings. These records are stored for ever: add a member as optional, never rename or retype one. The owner of
// an account is a member or a group, by an opaque id.

/// <summary>Savings can be kept on these terms from now on.</summary>
public sealed record SavingsProductDefined(
    SavingsProductId ProductId, string Number, string Code, string Name, SavingsTerms Terms, string? ExternalId = null);

/// <summary>Accounts that are opened from now on are kept on these terms; those that are open keep their own.</summary>
public sealed record SavingsProductRevised(SavingsProductId ProductId, int ProductVersion, string Name, SavingsTerms Terms);

/// <summary>A member or a group may save with a fund, on the terms that the product had then.</summary>
public sealed record SavingsAccountOpened(
    SavingsAccountId AccountId,
    string Number,
    FundId FundId,
    Party Owner,
    SavingsProductId ProductId,
    int ProductVersion,
    SavingsTerms Terms,
    string? ExternalId = null) : IHasParticipants
{
    public IEnumerable<MemberId> Participants() => Owner.Kind == PartyKind.Member ? [new MemberId(Owner.Id)] : [];
}

/// <summary>A fact that moves money of a savings account.</summary>
public interface ISavingsEntry : IMoneyFact, INumberedFact
{
    TransactionId EntryId { get; }

    SavingsAccountId AccountId { get; }

    FundId FundId { get; }

    Party Owner { get; }

    /// <summary>As the fact names it, whichever way the money went.</summary>
    Money Amount { get; }
}

/// <summary>Money was paid in.</summary>
public sealed record SavingsDeposited(
    TransactionId DepositId, string Number, SavingsAccountId AccountId, FundId FundId, Party Owner, Money Amount, JournalLines Lines, string? ExternalId = null)
    : ISavingsEntry
{
    TransactionId ISavingsEntry.EntryId => DepositId;
}

/// <summary>Money was paid out.</summary>
public sealed record SavingsWithdrawn(
    TransactionId WithdrawalId, string Number, SavingsAccountId AccountId, FundId FundId, Party Owner, Money Amount, JournalLines Lines, string? ExternalId = null)
    : ISavingsEntry
{
    TransactionId ISavingsEntry.EntryId => WithdrawalId;
}

/// <summary>Money went to another account. Its lines are those of both; the other account's own fact stands beside this one.</summary>
public sealed record SavingsTransferred(
    TransactionId TransferId,
    string Number,
    SavingsAccountId AccountId,
    FundId FundId,
    Party Owner,
    SavingsAccountId ToAccountId,
    Money Amount,
    JournalLines Lines,
    string? ExternalId = null) : ISavingsEntry
{
    TransactionId ISavingsEntry.EntryId => TransferId;
}

/// <summary>Money came from another account, by the transfer beside this fact.</summary>
public sealed record SavingsTransferReceived(
    TransactionId TransferId, string Number, SavingsAccountId AccountId, SavingsAccountId FromAccountId, Money Amount) : INumberedFact;

/// <summary>A transfer that came in was taken back, by the reversal beside this fact.</summary>
public sealed record SavingsTransferTakenBack(
    TransactionId ReversalId, TransactionId TransferId, string Number, SavingsAccountId AccountId, Money Amount) : INumberedFact;

/// <summary>
/// What the savings of a month earned, less what was credited for it before: below zero when a fact that became known late
/// makes it less.
/// </summary>
/// <param name="Month">As <c>2026-10</c>.</param>
/// <param name="Earned">What the month earned in all, as far as was known.</param>
public sealed record SavingsInterestCredited(
    TransactionId InterestId,
    string Number,
    SavingsAccountId AccountId,
    FundId FundId,
    Party Owner,
    TransactionId RunId,
    string Month,
    Money Earned,
    Money Amount,
    JournalLines Lines) : ISavingsEntry
{
    TransactionId ISavingsEntry.EntryId => InterestId;
}

/// <summary>The interest of a fund's accounts for a month was counted, and these so many differed from what was credited.</summary>
/// <param name="Amount">What the run credited in all.</param>
public sealed record SavingsInterestRunRecorded(TransactionId RunId, string Number, FundId FundId, string Month, int Accounts, Money Amount, string? ExternalId = null)
    : INumberedFact;

/// <summary>Part of an account may not be taken out from now on: pledged for a loan, or for another reason in the envelope.</summary>
/// <param name="LoanId">The loan it is pledged for, if it is for one.</param>
public sealed record SavingsHeld(TransactionId HoldId, SavingsAccountId AccountId, Money Amount, LoanId? LoanId = null, string? ExternalId = null);

/// <summary>So much of a hold is free again.</summary>
public sealed record SavingsHoldReleased(TransactionId ReleaseId, SavingsAccountId AccountId, TransactionId HoldId, Money Amount, string? ExternalId = null);

/// <summary>All that was left was paid out, and the account is closed.</summary>
public sealed record SavingsAccountPaidOut(
    TransactionId ClosingId, string Number, SavingsAccountId AccountId, FundId FundId, Party Owner, Money Amount, JournalLines Lines, string? ExternalId = null)
    : ISavingsEntry
{
    TransactionId ISavingsEntry.EntryId => ClosingId;
}

/// <summary>An account with nothing in it is closed.</summary>
public sealed record SavingsAccountClosed(TransactionId ClosingId, SavingsAccountId AccountId, string? ExternalId = null);

/// <summary>A movement of an account never happened, or the money went back; an account that it closed is open again.</summary>
public sealed record SavingsEntryReversed(
    TransactionId ReversalId,
    TransactionId TransactionId,
    string Number,
    SavingsAccountId AccountId,
    FundId FundId,
    Party Owner,
    ReversalKind Kind,
    Money Amount,
    JournalLines Lines,
    Encrypted? Reason = null) : ISavingsEntry, IReversal
{
    TransactionId ISavingsEntry.EntryId => ReversalId;
}
