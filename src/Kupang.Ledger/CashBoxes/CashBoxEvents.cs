using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.CashBoxes;

// The facts of cash boxes, bank accounts and receipt books. These records are stored for ever: add a member as optional,
// never rename or retype one.

/// <summary>A cash box or a bank account is kept from now on. Its name may be a person's, so it is readable only with the box's own key.</summary>
/// <param name="Account">The account of the chart that its lines stand on.</param>
/// <param name="FundId">The only fund whose money it holds; absent where several share it.</param>
/// <param name="CustodianId">Who answers for what is in it, from the day on that stands in the envelope.</param>
/// <param name="OpenLimit">What it may hold before it is to be emptied.</param>
public sealed record MoneyAccountOpened(
    MoneyAccountId MoneyAccountId,
    string Number,
    MoneyAccountKind Kind,
    Encrypted Name,
    string Currency,
    AccountCode Account,
    FundId? FundId = null,
    StaffId? CustodianId = null,
    Money? OpenLimit = null,
    Encrypted? BankAccountNumber = null,
    string? ExternalId = null);

/// <summary>Somebody else answers for what is in the box, from the day on that stands in the envelope.</summary>
public sealed record MoneyAccountCustodianAssigned(MoneyAccountId MoneyAccountId, StaffId CustodianId, string? ExternalId = null);

/// <summary>A day of a cash box began.</summary>
/// <param name="Books">What the books say was in it when the day began.</param>
/// <param name="Carried">What was counted when it was last closed; absent while it never was.</param>
public sealed record CashDayOpened(
    TransactionId OpeningId, MoneyAccountId MoneyAccountId, StaffId CustodianId, Money Books, Money? Carried = null, string? ExternalId = null);

/// <summary>The cash of a box was counted at the end of a day, and the day closed.</summary>
/// <param name="Counted">The notes and coins, each denomination once.</param>
/// <param name="Total">What they add up to.</param>
/// <param name="Books">What the books said was in the box at the end of that day, as known when it was closed.</param>
/// <param name="Difference">Counted less books: negative where cash is missing.</param>
/// <param name="DifferenceId">The fact that put the difference into the books, where there is one.</param>
/// <param name="Reason">In words, under the key of the custodian.</param>
public sealed record CashDayClosed(
    TransactionId ClosingId,
    string Number,
    MoneyAccountId MoneyAccountId,
    StaffId CustodianId,
    ImmutableArray<CountedPieces> Counted,
    Money Total,
    Money Books,
    Money Difference,
    TransactionId? DifferenceId = null,
    Encrypted? Reason = null,
    string? ExternalId = null) : INumberedFact;

/// <summary>Counted cash was less or more than the books said: who had the box owes what is missing; what is too much is owed to whoever it is from.</summary>
/// <param name="StaffId">Who answered for the box on that day.</param>
public sealed record CashDifferenceRecorded(
    TransactionId DifferenceId,
    string Number,
    CashDifferenceKind Kind,
    MoneyAccountId MoneyAccountId,
    FundId FundId,
    StaffId StaffId,
    Money Amount,
    JournalLines Lines,
    Encrypted? Reason = null) : IMoneyFact, INumberedFact;

/// <summary>All or part of a cash difference is settled.</summary>
/// <param name="MoneyAccountId">The box that the money went into or came out of; absent where none moved.</param>
public sealed record CashDifferenceResolved(
    TransactionId ResolutionId,
    string Number,
    TransactionId DifferenceId,
    CashResolutionKind Kind,
    Money Amount,
    JournalLines Lines,
    MoneyAccountId? MoneyAccountId = null,
    string? DecisionReference = null,
    string? ExternalId = null) : IMoneyFact, INumberedFact;

/// <summary>The cash was miscounted: there was no difference.</summary>
public sealed record CashDifferenceReversed(
    TransactionId ReversalId, TransactionId TransactionId, string Number, ReversalKind Kind, Money Amount, JournalLines Lines, Encrypted? Reason = null)
    : IReversal, IMoneyFact, INumberedFact;

/// <summary>A cash difference was not settled after all.</summary>
public sealed record CashDifferenceResolutionReversed(
    TransactionId ReversalId, TransactionId TransactionId, string Number, ReversalKind Kind, Money Amount, JournalLines Lines, Encrypted? Reason = null)
    : IReversal, IMoneyFact, INumberedFact;

public enum MoneyAccountKind
{
    CashBox,
    BankAccount,
}

public enum CashDifferenceKind
{
    /// <summary>Less was counted than the books say.</summary>
    Short,

    /// <summary>More was counted than the books say.</summary>
    Over,
}

/// <summary>How a cash difference ends.</summary>
public enum CashResolutionKind
{
    /// <summary>The person paid what was missing, or what was too much went back to whom it was from.</summary>
    Repaid,

    /// <summary>By decision, what is missing is a cost, and what is too much is income.</summary>
    WrittenOff,

    /// <summary>The missing cash turned up, or the entry that explains what was too much was made.</summary>
    Found,
}

/// <summary>Receipt numbers were given out, both ends among them, to a person of the staff or to a device. The first range makes the book.</summary>
public sealed record ReceiptRangeIssued(
    ReceiptBookId ReceiptBookId,
    string Number,
    string Book,
    long From,
    long To,
    string? Prefix = null,
    StaffId? StaffId = null,
    string? DeviceId = null,
    string? ExternalId = null);

/// <summary>Receipt forms were spoiled or handed back, and will not be used; the day and the reason stand in the envelope.</summary>
public sealed record ReceiptsVoided(ReceiptBookId ReceiptBookId, long From, long To, string? ExternalId = null);
