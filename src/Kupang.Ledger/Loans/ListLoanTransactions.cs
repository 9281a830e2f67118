using System.Collections.Immutable;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>One fact of a loan, with who, when and why.</summary>
/// <param name="Split">What a payment pays, as far as is known at this view's number; nothing when it was entered in error.</param>
/// <param name="BookedSplit">What it was thought to pay when it was recorded.</param>
/// <param name="BalanceAfter">The principal still owed over all facts up to this one.</param>
/// <param name="Reverses">The fact that this one takes back.</param>
/// <param name="ReversedBy">The fact that takes this one back.</param>
public sealed record LoanTransactionAnswer(
    long Sequence,
    Guid Id,
    string Type,
    string? Number,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    DateTimeOffset RecordedAt,
    string Operation,
    Actor Actor,
    ImmutableArray<Approver>? ApprovedBy,
    StaffId? HandledBy,
    Channel? Channel,
    string? BankReference,
    Paper? Paper,
    ImmutableArray<Evidence>? Evidence,
    string? ReasonCode,
    Personal? Note,
    Money? Amount,
    ImmutableArray<SplitPart>? Split,
    ImmutableArray<SplitPart>? BookedSplit,
    Money BalanceAfter,
    TransactionId? Reverses,
    TransactionId? ReversedBy);

/// <summary>A loan's facts as an auditor reads them. Pure: facts in, rows out.</summary>
public static class LoanTransactions
{
    public static IEnumerable<LoanTransactionAnswer> Of(IReadOnlyList<RecordedFact> facts, DateOnly effectiveOn)
    {
        var whole = facts.Aggregate<RecordedFact, Loan?>(null, Loan.After);
        var reversals = facts.Select(fact => fact.Data).OfType<IReversal>().ToDictionary(reversal => reversal.TransactionId, reversal => reversal.ReversalId);
        Loan? loan = null;
        foreach (var fact in facts)
        {
            loan = Loan.After(loan, fact);
            if (fact.Envelope.EffectiveOn <= effectiveOn)
            {
                yield return RowOf(fact, loan, whole!, reversals);
            }
        }
    }

    private static LoanTransactionAnswer RowOf(
        RecordedFact fact, Loan loan, Loan whole, Dictionary<TransactionId, TransactionId> reversals)
    {
        var envelope = fact.Envelope;
        var (id, type, number, amount) = Describe(fact.Data);
        var booked = fact.Data switch
        {
            RepaymentRecorded repayment => repayment.Split,
            AdvanceRefunded refund => refund.Split,
            LoanMigrated migrated => migrated.Split,
            LoanChargeWaived waived => waived.Split,
            IPaysALoan paying => paying.Split,
            _ => (ImmutableArray<SplitPart>?)null,
        };
        return new LoanTransactionAnswer(
            envelope.Sequence,
            id,
            type,
            number,
            envelope.EffectiveOn,
            envelope.BookedOn,
            envelope.RecordedAt,
            envelope.Operation,
            envelope.Actor,
            envelope.ApprovedBy,
            envelope.HandledBy,
            envelope.Channel,
            envelope.BankReference,
            envelope.Paper,
            envelope.Evidence,
            envelope.ReasonCode,
            envelope.Note is { } note ? new Personal(note) : null,
            amount,
            booked is null ? null : whole.Entries.Find(entry => entry.Id.Value == id)?.Split,
            booked,
            PrincipalOwed(loan),
            (fact.Data as IReversal)?.TransactionId,
            reversals.TryGetValue(new TransactionId(id), out var reversal) ? reversal : null);
    }

    private static (Guid Id, string Type, string? Number, Money? Amount) Describe(object data) => data switch
    {
        LoanProposed fact => (fact.LoanId.Value, "proposal", fact.Number, fact.Principal),
        LoanMigrated fact => (fact.MigrationId.Value, "migration", fact.Number, fact.Principal - fact.PaidPrincipal),
        LoanMigrationReversed fact => (fact.ReversalId.Value, "reversal", fact.Number, fact.Amount),
        LoanApproved fact => (fact.ApprovalId.Value, "approval", null, fact.Principal),
        LoanRejected fact => (fact.RejectionId.Value, "rejection", null, null),
        LoanCancelled fact => (fact.CancellationId.Value, "cancellation", null, null),
        LoanDisbursed fact => (fact.DisbursementId.Value, "disbursement", fact.Number, fact.Principal),
        LoanTrancheDisbursed fact => (fact.DisbursementId.Value, "disbursement", fact.Number, fact.Principal),
        LoanTrancheReversed fact => (fact.ReversalId.Value, "reversal", fact.Number, fact.Amount),
        LoanRemainderCancelled fact => (fact.CancellationId.Value, "cancellation", null, null),
        RepaymentRecorded fact => (fact.RepaymentId.Value, "repayment", fact.Number, fact.Amount),
        AdvanceRefunded fact => (fact.RefundId.Value, "advance-refund", fact.Number, fact.Amount),
        AdvanceRefundReversed fact => (fact.ReversalId.Value, "reversal", fact.Number, fact.Amount),
        RepaymentsReallocated fact => (fact.ReallocationId.Value, "reallocation", null, null),
        RepaymentsReassigned fact => (fact.ReallocationId.Value, "reallocation", null, null),
        LoanApprovalReversed fact => (fact.ReversalId.Value, "reversal", null, null),
        LoanDisbursementReversed fact => (fact.ReversalId.Value, "reversal", fact.Number, fact.Amount),
        LoanOfficerAssigned fact => (fact.AssignmentId.Value, "officer-assignment", null, null),
        LoanDueDatesMoved fact => (fact.MoveId.Value, "due-dates-move", null, null),
        RepaymentReversed fact => (fact.ReversalId.Value, "reversal", fact.Number, fact.Amount),
        LoanSettled fact => (fact.SettlementId.Value, "settlement", fact.Number, fact.Amount),
        LoanRescheduled fact => (fact.ReschedulingId.Value, "rescheduling", fact.Number, null),
        LoanWrittenOff fact => (fact.WriteOffId.Value, "write-off", fact.Number, fact.Amount),
        RecoveryRecorded fact => (fact.RecoveryId.Value, "recovery", fact.Number, fact.Amount),
        ClaimForgiven fact => (fact.ForgivenessId.Value, "forgiveness", fact.Number, fact.Amount),
        InsuranceClaimPaid fact => (fact.ClaimId.Value, "insurance-claim", fact.Number, fact.Amount),
        LoanTurnReversed fact => (fact.ReversalId.Value, "reversal", fact.Number, fact.Amount),
        LoanTransferred fact => (fact.TransferId.Value, "transfer", null, null),
        LoanFeeCharged fact => (fact.FeeId.Value, "fee", fact.Number, fact.Amount),
        LoanChargeWaived fact => (fact.WaiverId.Value, "waiver", fact.Number, fact.Amount),
        LoanEntryReversed fact => (fact.ReversalId.Value, "reversal", fact.Number, null),
        _ => throw new InvalidOperationException($"A loan knows no {data.GetType().Name}."),
    };

    private static Money PrincipalOwed(Loan loan) => Money.OfMinorUnits(loan.Schedule.Sum(row => loan.Paid[row.Number - 1].OpenPrincipal(row)), loan.Currency);
}

public static class ListLoanTransactionsEndpoint
{
    [WolverineGet("/v1/loans/{loanId}/transactions", OperationId = "listLoanTransactions")]
    [Tags("Loans"), Answers(typeof(Page<LoanTransactionAnswer>), 200)]
    [Query("effectiveOn", "knownAt", "knownAtSequence", "limit", "cursor", OnlyThese = true)]
    public static Task<IResult> Get(Guid loanId, HttpContext http) =>
        http.ReadRows<IBeginsALoan, LoanTransactionAnswer>(loanId, LoanTransactions.Of, row => row.Sequence);
}
