using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.UnidentifiedReceipts;

// The facts of money that came in and belongs to a borrower nobody knows yet. These records are stored for ever: add a
// member as optional, never rename or retype one.

/// <summary>Money came in that nobody can place: for an unknown, a repaid or a not yet disbursed loan.</summary>
public sealed record UnidentifiedReceiptRecorded(
    TransactionId ReceiptId, string Number, FundId FundId, Money Amount, JournalLines Lines, string? ExternalId = null) : IMoneyFact, INumberedFact;

/// <summary>Of the money so much was found to be for a loan; the repayment beside this fact moves it.</summary>
public sealed record UnidentifiedReceiptApplied(TransactionId ReceiptId, TransactionId RepaymentId, LoanId LoanId, Money Amount);

/// <summary>It was for another loan after all: the repayment is taken back, and the money waits again.</summary>
public sealed record UnidentifiedReceiptApplicationReversed(TransactionId ReceiptId, TransactionId RepaymentId, LoanId LoanId, Money Amount);

/// <summary>The money was never received, or went back to whoever sent it.</summary>
public sealed record UnidentifiedReceiptReversed(
    TransactionId ReversalId, TransactionId TransactionId, string Number, FundId FundId, ReversalKind Kind, Money Amount, JournalLines Lines, Encrypted? Reason = null)
    : IReversal, IMoneyFact, INumberedFact;
