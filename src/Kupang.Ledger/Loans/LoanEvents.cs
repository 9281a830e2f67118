using System.Collections.Immutable;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

// Every fact that a loan or a loan product can hold. These records are stored for ever: add a member as optional, never
// rename or retype one. The contract tests pin how each is stored. A fact that moves money carries its lines in the books.

/// <summary>A product is offered: the terms that loans may be made on.</summary>
public sealed record LoanProductDefined(
    LoanProductId ProductId, string Number, string Code, string Name, LoanTerms Terms, ProductLimits Limits, string? ExternalId = null);

/// <summary>From now on the product is offered like this. Loans proposed before keep the terms they copied.</summary>
public sealed record LoanProductRevised(LoanProductId ProductId, int ProductVersion, string Name, LoanTerms Terms, ProductLimits Limits);

/// <summary>A member asks for a loan. The terms are the product's of that moment.</summary>
public sealed record LoanProposed(
    LoanId LoanId,
    string Number,
    ImmutableArray<FundingShare> Funding,
    LoanProductId ProductId,
    int ProductVersion,
    LoanTerms Terms,
    MemberId MemberId,
    Money Principal,
    int Instalments,
    Encrypted Purpose,
    LoanProfile Profile,
    GroupId? GroupId = null,
    string? ExternalId = null,
    LoanId? Refinances = null) : IHasParticipants, IBeginsALoan
{
    public IEnumerable<MemberId> Participants() => [MemberId];
}

/// <summary>The committee said yes; the fund keeps the money ready.</summary>
public sealed record LoanApproved(
    TransactionId ApprovalId, LoanId LoanId, Money Principal, ImmutableArray<FundingShare> Funding, string DecisionReference) : IMemorandumFact
{
    public IEnumerable<MemorandumLine> Memoranda(BookDay day) =>
        Funding.Select(share => new MemorandumLine(Memorandum.Committed, share.FundId, share.Principal, day));
}

/// <summary>The committee said no.</summary>
public sealed record LoanRejected(TransactionId RejectionId, LoanId LoanId, Encrypted Reason);

/// <summary>The loan will not be paid out. What was kept ready for it is free again.</summary>
public sealed record LoanCancelled(TransactionId CancellationId, LoanId LoanId, ImmutableArray<FundingShare> Released, Encrypted Reason) : IMemorandumFact
{
    public IEnumerable<MemorandumLine> Memoranda(BookDay day) =>
        Released.Select(share => new MemorandumLine(Memorandum.Committed, share.FundId, -share.Principal, day));
}

/// <summary>The money was paid out, and the schedule is fixed. Deductions were kept back from it.</summary>
/// <param name="Principal">What was paid out: the whole principal, or the first tranche of it.</param>
public sealed record LoanDisbursed(
    TransactionId DisbursementId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    Money Principal,
    ImmutableArray<FundingShare> Funding,
    ImmutableArray<Deduction> Deductions,
    ImmutableArray<Instalment> Schedule,
    JournalLines Lines,
    RefinancedLoan? Refinanced = null) : IMoneyFact, IMemorandumFact, IPaysOutALoan, INumberedFact
{
    public IEnumerable<MemorandumLine> Memoranda(BookDay day) => Funding.SelectMany(share => new[]
    {
        new MemorandumLine(Memorandum.Committed, share.FundId, -share.Principal, day),
        new MemorandumLine(Memorandum.Disbursed, share.FundId, share.Principal, day),
    });
}

/// <summary>A further part of the principal was paid out.</summary>
/// <param name="Rows">How this part is paid back: on the due dates of the instalments that were not due then.</param>
/// <param name="Schedule">The whole schedule from this day on.</param>
public sealed record LoanTrancheDisbursed(
    TransactionId DisbursementId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    Money Principal,
    ImmutableArray<FundingShare> Funding,
    ImmutableArray<Deduction> Deductions,
    ImmutableArray<Instalment> Rows,
    ImmutableArray<Instalment> Schedule,
    JournalLines Lines) : IMoneyFact, IMemorandumFact, INumberedFact
{
    public IEnumerable<MemorandumLine> Memoranda(BookDay day) => Funding.SelectMany(share => new[]
    {
        new MemorandumLine(Memorandum.Committed, share.FundId, -share.Principal, day),
        new MemorandumLine(Memorandum.Disbursed, share.FundId, share.Principal, day),
    });
}

/// <summary>A tranche was never paid out as it was written. The funds keep it ready again.</summary>
public sealed record LoanTrancheReversed(
    TransactionId ReversalId,
    TransactionId TransactionId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    ReversalKind Kind,
    Money Amount,
    ImmutableArray<FundingShare> Funding,
    JournalLines Lines,
    Encrypted? Reason = null) : IReversal, IMoneyFact, IMemorandumFact, INumberedFact
{
    public IEnumerable<MemorandumLine> Memoranda(BookDay day) => Funding.SelectMany(share => new[]
    {
        new MemorandumLine(Memorandum.Committed, share.FundId, share.Principal, day),
        new MemorandumLine(Memorandum.Disbursed, share.FundId, -share.Principal, day),
    });
}

/// <summary>What is left of the principal will not be paid out. What was kept ready for it is free again.</summary>
public sealed record LoanRemainderCancelled(TransactionId CancellationId, LoanId LoanId, ImmutableArray<FundingShare> Released, Encrypted Reason) : IMemorandumFact
{
    public IEnumerable<MemorandumLine> Memoranda(BookDay day) =>
        Released.Select(share => new MemorandumLine(Memorandum.Committed, share.FundId, -share.Principal, day));
}

/// <summary>A payment, and what it paid: the split is part of the fact, so a later change of rules does not rewrite history.</summary>
/// <param name="Schedule">The whole schedule from this payment on, when it brought the principal down ahead of time.</param>
/// <param name="AppliedFrom">The receipt that held the money while nobody could place it.</param>
public sealed record RepaymentRecorded(
    TransactionId RepaymentId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    Money Amount,
    ImmutableArray<SplitPart> Split,
    JournalLines Lines,
    string? ExternalId = null,
    ImmutableArray<Instalment>? Schedule = null,
    TransactionId? AppliedFrom = null) : IMoneyFact, INumberedFact;

/// <summary>Of what a member had paid ahead, something was given back. What it would have paid later is taken back beside this fact.</summary>
public sealed record AdvanceRefunded(
    TransactionId RefundId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    Money Amount,
    ImmutableArray<SplitPart> Split,
    JournalLines Lines,
    string? ExternalId = null) : IMoneyFact, INumberedFact;

/// <summary>A refund was never made, or its money came back: then it counts as paid in on that day.</summary>
public sealed record AdvanceRefundReversed(
    TransactionId ReversalId,
    TransactionId TransactionId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    ReversalKind Kind,
    Money Amount,
    JournalLines Lines,
    Encrypted? Reason = null) : IReversal, IMoneyFact, INumberedFact;

/// <summary>
/// A payment that became known late changed what the payments after it had paid. They keep their identity; the lines are
/// the differences, each on the day of the payment whose split moved.
/// </summary>
/// <param name="WrittenOff">By how much more or less was written off of which fund, where that moved.</param>
public sealed record RepaymentsReallocated(
    TransactionId ReallocationId,
    LoanId LoanId,
    TransactionId CausedBy,
    ImmutableArray<NewSplit> Splits,
    JournalLines Lines,
    ImmutableArray<FundAmount>? WrittenOff = null) : IMoneyFact, IMemorandumFact
{
    public IEnumerable<MemorandumLine> Memoranda(BookDay day) => FundAmount.Memoranda(WrittenOff ?? [], day);
}

/// <summary>
/// The same, when each payment still pays as much interest and principal as before, only of other instalments: the books
/// do not change.
/// </summary>
public sealed record RepaymentsReassigned(
    TransactionId ReallocationId, LoanId LoanId, TransactionId CausedBy, ImmutableArray<NewSplit> Splits);

/// <summary>An approval is taken back as if it had not been given; what was kept ready is free again.</summary>
public sealed record LoanApprovalReversed(
    TransactionId ReversalId, TransactionId TransactionId, LoanId LoanId, ReversalKind Kind, ImmutableArray<FundingShare> Released, Encrypted? Reason = null)
    : IReversal, IMemorandumFact
{
    public IEnumerable<MemorandumLine> Memoranda(BookDay day) =>
        Released.Select(share => new MemorandumLine(Memorandum.Committed, share.FundId, -share.Principal, day));
}

/// <summary>A payment out did not happen, or came back. The loan is approved as before it, and the fund keeps the money ready.</summary>
public sealed record LoanDisbursementReversed(
    TransactionId ReversalId,
    TransactionId TransactionId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    ReversalKind Kind,
    Money Amount,
    ImmutableArray<FundingShare> Funding,
    JournalLines Lines,
    Encrypted? Reason = null) : IReversal, IMoneyFact, IMemorandumFact, ITakesALoanBack, INumberedFact
{
    public IEnumerable<MemorandumLine> Memoranda(BookDay day) => Funding.SelectMany(share => new[]
    {
        new MemorandumLine(Memorandum.Committed, share.FundId, share.Principal, day),
        new MemorandumLine(Memorandum.Disbursed, share.FundId, -share.Principal, day),
    });
}

/// <summary>
/// A payment was never made, or its money went back. The lines are the payment's with the other sign; what it was found to
/// pay since it was recorded is taken back by the reallocation beside this fact.
/// </summary>
public sealed record RepaymentReversed(
    TransactionId ReversalId,
    TransactionId TransactionId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    ReversalKind Kind,
    Money Amount,
    JournalLines Lines,
    Encrypted? Reason = null) : IReversal, IMoneyFact, INumberedFact;

/// <summary>The borrower owes a fee from the day in the envelope on. It is income when it is paid.</summary>
/// <param name="Kind">What it is for, in a word of the partner's that names nobody.</param>
public sealed record LoanFeeCharged(
    TransactionId FeeId, string Number, LoanId LoanId, MemberId MemberId, string Kind, Money Amount, string? ExternalId = null) : INumberedFact;

/// <summary>A penalty, a fee or interest that was not received yet is let off by a decision. No money moves.</summary>
/// <param name="Split">What it lets off, as far as was known.</param>
public sealed record LoanChargeWaived(
    TransactionId WaiverId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    ChargeComponent Component,
    Money Amount,
    ImmutableArray<SplitPart> Split,
    string DecisionReference,
    string? ExternalId = null) : INumberedFact;

/// <summary>A loan was paid off before its time; the interest it was let off is among the split.</summary>
/// <param name="RefinancedBy">The loan that paid it off, where another did.</param>
/// <param name="PaidArrears">What of it was overdue then.</param>
/// <param name="Schedule">The whole schedule from this day on, when it brought the principal down ahead of time.</param>
public sealed record LoanSettled(
    TransactionId SettlementId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    Money Amount,
    SettlementPolicy Policy,
    ImmutableArray<SplitPart> Split,
    JournalLines Lines,
    string? DecisionReference = null,
    string? ExternalId = null,
    ImmutableArray<Instalment>? Schedule = null,
    LoanId? RefinancedBy = null,
    Money? PaidArrears = null) : IMoneyFact, INumberedFact, IPaysALoan
{
    TransactionId IPaysALoan.Id => SettlementId;
}

/// <summary>What was open of a loan is to be paid by other instalments. No money moves.</summary>
/// <param name="Rows">The new instalments, with the overdue interest among theirs.</param>
/// <param name="Terms">What their schedule hangs on.</param>
/// <param name="Schedule">The whole schedule from this day on.</param>
public sealed record LoanRescheduled(
    TransactionId ReschedulingId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    ImmutableArray<Instalment> Rows,
    Money OverdueInterest,
    LoanTerms Terms,
    ImmutableArray<Instalment> Schedule,
    string DecisionReference,
    string? ExternalId = null) : INumberedFact;

/// <summary>A loan left the books; its claim lives.</summary>
/// <param name="Amount">The principal.</param>
/// <param name="Claim">That, and interest, fees and penalty that were due.</param>
/// <param name="Allowance">What each fund's allowance held; the loss beyond it is an expense.</param>
public sealed record LoanWrittenOff(
    TransactionId WriteOffId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    Money Amount,
    Money Claim,
    ImmutableArray<FundAmount> Allowance,
    ImmutableArray<SplitPart> Split,
    JournalLines Lines,
    string DecisionReference,
    string? ExternalId = null) : IMoneyFact, IMemorandumFact, INumberedFact, IPaysALoan
{
    TransactionId IPaysALoan.Id => WriteOffId;

    public IEnumerable<MemorandumLine> Memoranda(BookDay day) => FundAmount.Memoranda(FundAmount.WrittenOffOf(Split, Allowance[0].FundId), day);
}

/// <summary>Of a loan that left the books something was paid. It is income.</summary>
public sealed record RecoveryRecorded(
    TransactionId RecoveryId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    Money Amount,
    ImmutableArray<SplitPart> Split,
    JournalLines Lines,
    string? ExternalId = null) : IMoneyFact, INumberedFact, IPaysALoan
{
    TransactionId IPaysALoan.Id => RecoveryId;
}

/// <summary>What was still claimed is given up.</summary>
public sealed record ClaimForgiven(
    TransactionId ForgivenessId, string Number, LoanId LoanId, MemberId MemberId, Money Amount, string DecisionReference, string? ExternalId = null) : INumberedFact;

/// <summary>The principal of a borrower who died was paid by an insurer, or by the fund out of its premiums.</summary>
public sealed record InsuranceClaimPaid(
    TransactionId ClaimId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    Money Amount,
    ClaimPayer PaidBy,
    ImmutableArray<SplitPart> Split,
    JournalLines Lines,
    string DecisionReference,
    string? ExternalId = null,
    ImmutableArray<Instalment>? Schedule = null) : IMoneyFact, INumberedFact, IPaysALoan
{
    TransactionId IPaysALoan.Id => ClaimId;
}

/// <summary>A settlement, write-off, recovery or insurance claim is taken back; what moves by it stands in the reallocation beside this fact.</summary>
public sealed record LoanTurnReversed(
    TransactionId ReversalId,
    TransactionId TransactionId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    ReversalKind Kind,
    Money Amount,
    JournalLines Lines,
    Encrypted? Reason = null,
    ImmutableArray<FundAmount>? WrittenOff = null) : IReversal, IMoneyFact, IMemorandumFact, INumberedFact
{
    public IEnumerable<MemorandumLine> Memoranda(BookDay day) => FundAmount.Memoranda(WrittenOff ?? [], day);
}

/// <summary>From the day in the envelope on the loan is of another group, or of none.</summary>
public sealed record LoanTransferred(TransactionId TransferId, LoanId LoanId, GroupId? GroupId = null, string? ExternalId = null);

/// <summary>A fact whose split says what it pays of a loan.</summary>
internal interface IPaysALoan : IMoneyFact
{
    TransactionId Id { get; }

    LoanId LoanId { get; }

    MemberId MemberId { get; }

    ImmutableArray<SplitPart> Split { get; }
}

/// <summary>A fact of a loan that moved no money is taken back as entered in error. What payments paid by it moves beside this fact.</summary>
public sealed record LoanEntryReversed(
    TransactionId ReversalId, TransactionId TransactionId, string Number, LoanId LoanId, MemberId MemberId, ReversalKind Kind, Encrypted? Reason = null)
    : IReversal, INumberedFact;

/// <summary>How much of a loan comes from which fund.</summary>
public sealed record FundingShare(FundId FundId, Money Principal);

public sealed record Deduction(DeductionKind Kind, Money Amount);

public enum DeductionKind
{
    AdministrationFee,
    CompulsorySavings,
    InsurancePremium,

    /// <summary>What another loan of the borrower is paid off with.</summary>
    Refinancing,
}

/// <summary>
/// What part of a payment paid which part of which instalment. An advance belongs to none, and neither does principal that
/// was paid ahead of time to bring down what is lent.
/// </summary>
/// <param name="AppliedOn">The day on which an advance becomes this part; left out for the day of the payment.</param>
/// <param name="FundId">Whose money it is, when a loan draws on several funds; left out when on one.</param>
public sealed record SplitPart(
    int? Instalment, DateOnly? DueOn, SplitComponent Component, Money Amount, DateOnly? AppliedOn = null, FundId? FundId = null)
{
    /// <summary>Whether it is paid with money, and not let off.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsMoney => IsMoneyOf(Component);

    public static bool IsMoneyOf(SplitComponent component) => component <= SplitComponent.Recovery;
}

/// <summary>What a part of a payment pays, or what is let off without a payment.</summary>
public enum SplitComponent
{
    Interest,
    Principal,
    Penalty,
    Advance,
    Fee,

    /// <summary>Claimed after the write-off.</summary>
    Recovery,
    InterestWaived,
    FeeWaived,
    PenaltyWaived,
    PrincipalWrittenOff,
    InterestWrittenOff,
    FeeWrittenOff,
    PenaltyWrittenOff,
}

/// <summary>What a payment paid from now on, and the schedule from it on where it made another.</summary>
public sealed record NewSplit(TransactionId RepaymentId, ImmutableArray<SplitPart> Split, ImmutableArray<Instalment>? Schedule = null);

/// <summary>
/// Who borrowed, in words that name nobody, frozen when the loan was proposed: reports stay as they are when a person moves
/// or is erased.
/// </summary>
/// <param name="LoanCycle">Which loan of this member it is; 1 is the first.</param>
public sealed record LoanProfile(
    Sex Sex,
    string? AgeBand,
    string? AreaCode,
    string? Sector,
    string? PurposeCode,
    bool FirstLoan,
    int LoanCycle,
    StaffId? OfficerId,
    string? Programme);

/// <summary>A person of the staff looks after the loan from the day on that stands in the envelope.</summary>
public sealed record LoanOfficerAssigned(TransactionId AssignmentId, LoanId LoanId, StaffId OfficerId, string? ExternalId = null);
