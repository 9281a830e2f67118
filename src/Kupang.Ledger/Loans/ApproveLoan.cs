using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>The committee says yes, to what was asked for or to another amount. The fund keeps the money ready.</summary>
public sealed record ApproveLoan([property: TextLimit(100)] string DecisionReference, Money? Principal = null) : DatedCommand;

public sealed record ApprovalAnswer(
    TransactionId Id, LoanId LoanId, Money Principal, string DecisionReference, DateOnly EffectiveOn, LoanStatus Status, long AsOfSequence)
{
    public static ApprovalAnswer Of(RecordedFact fact, long sequence)
    {
        var approved = (LoanApproved)fact.Data;
        return new ApprovalAnswer(
            approved.ApprovalId, approved.LoanId, approved.Principal, approved.DecisionReference, fact.Envelope.EffectiveOn, LoanStatus.Approved, sequence);
    }
}

public static class ApproveLoanDecider
{
    public static Decision Decide(ApproveLoan command, TransactionId id, Loan loan, Fund fund, FundBalances balances, ProductLimits limits, Moment moment)
    {
        if (loan.Status != LoanStatus.Proposed)
        {
            return LoanRules.WrongStatus("loan-not-proposed", loan);
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        var principal = command.Principal ?? loan.Principal;
        if ((DateRules.Check(effectiveOn, moment)
            ?? LoanRules.NotBefore(effectiveOn, loan.ProposedOn, "before-proposal")
            ?? AmountRules.Check(principal, loan.Currency, "/principal")
            ?? limits.Refuse(principal, loan.InstalmentCount)
            ?? FundRestriction.Refuse(fund, loan.Profile)) is { } refusal)
        {
            return refusal;
        }

        var lendable = FundPosition.Of(balances, fund.Currency).Lendable;
        return principal > lendable
            ? Decision.Refuse("insufficient-lendable-funds", pointer: null, new Figure("available", lendable), new Figure("required", principal))
            : Decision.Record(new NewFact(
                loan.Id.Value,
                new LoanApproved(id, loan.Id, principal, [new FundingShare(fund.Id, principal)], command.DecisionReference),
                fund.DayOf(effectiveOn),
                EventOf: id.Value));
    }
}

public static class ApproveLoanEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/approvals", OperationId = "approveLoan")]
    [Tags("Loans"), Takes(typeof(ApproveLoan)), Answers(typeof(ApprovalAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<ApproveLoan>("approveLoan", command =>
    {
        var id = new TransactionId(command.NewId());
        return LoanSlice.Of(
            loanId,
            loan => [Need.Balances(loan.FundId), Need.Of<LoanProduct>(loan.ProductId.Value)],
            (loan, fund, states, moment) => ApproveLoanDecider.Decide(
                command, id, loan, fund, states.Balances(loan.FundId), states.Find<LoanProduct>(loan.ProductId.Value)!.Limits, moment),
            (_, moment) => new Answer(
                201, ApprovalAnswer.Of(moment.Recorded<LoanApproved>(), moment.Sequence), $"/v1/loans/{loanId}/approvals/{id}")) with
        {
            PaperContent = $"{loanId}|approval",
        };
    });

    [WolverineGet("/v1/loans/{loanId}/approvals/{approvalId}", OperationId = "getApproval")]
    [Tags("Loans"), Answers(typeof(ApprovalAnswer), 200)]
    public static Task<IResult> Get(Guid loanId, Guid approvalId, HttpContext http) =>
        http.ReadFact<LoanApproved>(loanId, approvalId, ApprovalAnswer.Of);
}
