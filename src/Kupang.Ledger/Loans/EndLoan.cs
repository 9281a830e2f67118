using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>The committee says no. The reason is in words, kept encrypted under the member's key.</summary>
public sealed record RejectLoan([property: TextLimit(500)] string Reason) : DatedCommand;

/// <summary>The loan will not be paid out after all. What the fund kept ready for it is free again.</summary>
public sealed record CancelLoan([property: TextLimit(500)] string Reason) : DatedCommand;

public sealed record LoanEndedAnswer(TransactionId Id, LoanId LoanId, LoanStatus Status, DateOnly EffectiveOn, Personal Reason, long AsOfSequence)
{
    public static LoanEndedAnswer Of(RecordedFact fact, long sequence) => fact.Data switch
    {
        LoanRejected rejected => new LoanEndedAnswer(
            rejected.RejectionId, rejected.LoanId, LoanStatus.Rejected, fact.Envelope.EffectiveOn, new Personal(rejected.Reason), sequence),
        LoanRemainderCancelled cancelled => new LoanEndedAnswer(
            cancelled.CancellationId, cancelled.LoanId, LoanStatus.Active, fact.Envelope.EffectiveOn, new Personal(cancelled.Reason), sequence),
        LoanCancelled cancelled => new LoanEndedAnswer(
            cancelled.CancellationId, cancelled.LoanId, LoanStatus.Cancelled, fact.Envelope.EffectiveOn, new Personal(cancelled.Reason), sequence),
        _ => throw new InvalidOperationException("A loan ends before its disbursement by a rejection or a cancellation."),
    };
}

public static class RejectLoanDecider
{
    public static Decision Decide(RejectLoan command, TransactionId id, Loan loan, FundBooks funds, SubjectKey? memberKey, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return loan.Status != LoanStatus.Proposed ? LoanRules.WrongStatus("loan-not-proposed", loan)
            : memberKey is null ? Decision.Refuse("member-erased")
            : DateRules.Check(effectiveOn, moment)
                ?? LoanRules.NotBefore(effectiveOn, loan.ProposedOn, "before-proposal")
                ?? Decision.Record(new NewFact(
                    loan.Id.Value, new LoanRejected(id, loan.Id, memberKey.Encrypt(command.Reason)), funds.DayOf(loan.FundId, effectiveOn), EventOf: id.Value));
    }
}

public static class CancelLoanDecider
{
    public static Decision Decide(CancelLoan command, TransactionId id, Loan loan, FundBooks funds, SubjectKey? memberKey, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return loan.Undisbursed.IsPositive && memberKey is not null ? CancelRemainder(command, id, loan, funds, memberKey, effectiveOn, moment)
            : loan.Status is not (LoanStatus.Proposed or LoanStatus.Approved) ? LoanRules.WrongStatus("loan-already-paid-out-or-ended", loan)
            : memberKey is null ? Decision.Refuse("member-erased")
            : DateRules.Check(effectiveOn, moment)
                ?? LoanRules.NotBefore(effectiveOn, loan.Approval?.EffectiveOn ?? loan.ProposedOn, "before-approval")
                ?? Decision.Record(new NewFact(
                    loan.Id.Value,
                    new LoanCancelled(id, loan.Id, loan.Approval is null ? [] : loan.Funding, memberKey.Encrypt(command.Reason)),
                    funds.DayOf(loan.FundId, effectiveOn),
                    EventOf: id.Value));
    }

    /// <summary>What was paid out stays a loan; no further tranche follows.</summary>
    private static Decision CancelRemainder(
        CancelLoan command, TransactionId id, Loan loan, FundBooks funds, SubjectKey memberKey, DateOnly effectiveOn, Moment moment)
    {
        var left = LoanTranches.FundingOf(loan, loan.Undisbursed);
        return RecordRepaymentDecider.CheckDay(effectiveOn, loan, moment)
            ?? Decision.Record(new NewFact(
                loan.Id.Value,
                new LoanRemainderCancelled(id, loan.Id, left, memberKey.Encrypt(command.Reason)),
                funds.DayOf(loan.FundId, effectiveOn),
                EventOf: id.Value));
    }
}

public static class EndLoanEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/rejections", OperationId = "rejectLoan")]
    [Tags("Loans"), Takes(typeof(RejectLoan)), Answers(typeof(LoanEndedAnswer), 201)]
    public static Task<IResult> Reject(Guid loanId, HttpContext http) => http.Record<RejectLoan>("rejectLoan", command =>
    {
        var id = new TransactionId(command.NewId());
        return SliceOf(
            loanId, "rejection", $"rejections/{id}", (loan, funds, key, moment) => RejectLoanDecider.Decide(command, id, loan, funds, key, moment));
    });

    [WolverinePost("/v1/loans/{loanId}/cancellations", OperationId = "cancelLoan")]
    [Tags("Loans"), Takes(typeof(CancelLoan)), Answers(typeof(LoanEndedAnswer), 201)]
    public static Task<IResult> Cancel(Guid loanId, HttpContext http) => http.Record<CancelLoan>("cancelLoan", command =>
    {
        var id = new TransactionId(command.NewId());
        return SliceOf(
            loanId, "cancellation", $"cancellations/{id}", (loan, funds, key, moment) => CancelLoanDecider.Decide(command, id, loan, funds, key, moment));
    });

    [WolverineGet("/v1/loans/{loanId}/rejections/{rejectionId}", OperationId = "getRejection")]
    [Tags("Loans"), Answers(typeof(LoanEndedAnswer), 200)]
    public static Task<IResult> GetRejection(Guid loanId, Guid rejectionId, HttpContext http) =>
        http.ReadFact<LoanRejected>(loanId, rejectionId, LoanEndedAnswer.Of);

    [WolverineGet("/v1/loans/{loanId}/cancellations/{cancellationId}", OperationId = "getCancellation")]
    [Tags("Loans"), Answers(typeof(LoanEndedAnswer), 200)]
    public static Task<IResult> GetCancellation(Guid loanId, Guid cancellationId, HttpContext http) =>
        http.Read(async (snapshot, _, cancellation) =>
            await snapshot.FactMaking(cancellationId, cancellation) is { Data: LoanCancelled or LoanRemainderCancelled } fact && fact.StreamId == loanId
                ? LoanEndedAnswer.Of(fact, snapshot.Sequence)
                : null);

    private static WriteSlice SliceOf(Guid loanId, string what, string location, Func<Loan, FundBooks, SubjectKey?, Moment, Decision> decide) =>
        LoanSlice.Of(
            loanId,
            loan => [.. LendingFund.Needs(loan), Need.SubjectKey(loan.MemberId.Value)],
            (loan, funds, states, moment) => decide(loan, funds, states.KeyOf(loan.MemberId.Value), moment),
            (_, moment) => new Answer(201, LoanEndedAnswer.Of(moment.Facts[0], moment.Sequence), $"/v1/loans/{loanId}/{location}")) with
        {
            PaperContent = $"{loanId}|{what}",
        };
}
