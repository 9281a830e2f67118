using System.Collections.Immutable;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>The committee says yes, to what was asked for or to another amount. The fund keeps the money ready.</summary>
public sealed record ApproveLoan([property: TextLimit(100)] string DecisionReference, Money? Principal = null) : DatedCommand;

public sealed record ApprovalAnswer(
    TransactionId Id, LoanId LoanId, Money Principal, ImmutableArray<FundingShare> Funding, string DecisionReference, DateOnly EffectiveOn, LoanStatus Status, long AsOfSequence)
{
    public static ApprovalAnswer Of(RecordedFact fact, long sequence)
    {
        var approved = (LoanApproved)fact.Data;
        return new ApprovalAnswer(
            approved.ApprovalId, approved.LoanId, approved.Principal, approved.Funding, approved.DecisionReference, fact.Envelope.EffectiveOn, LoanStatus.Approved, sequence);
    }
}

public static class ApproveLoanDecider
{
    /// <param name="lenders">The funds it was asked of, in the order of the proposal.</param>
    public static Decision Decide(ApproveLoan command, TransactionId id, Loan loan, IReadOnlyList<LendingFund> lenders, ProductLimits limits, Moment moment)
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
            ?? LendingRules.CheckRestrictions(lenders, loan.Profile)) is { } refusal)
        {
            return refusal;
        }

        // Another amount is asked of the funds in the proportion of the first.
        var shares = principal.ProRata([.. loan.Funding.Select(share => share.Principal.MinorUnits)]);
        ImmutableArray<FundingShare> funding = [.. loan.Funding.Zip(shares, (share, part) => share with { Principal = part }).Where(share => share.Principal.IsPositive)];
        return LendingRules.CheckLendable(funding, lenders, isCommitted: false)
            ?? Decision.Record(new NewFact(
                loan.Id.Value,
                new LoanApproved(id, loan.Id, principal, funding, command.DecisionReference),
                lenders[0].Fund.DayOf(effectiveOn),
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
            loan => [.. LendingFund.Needs(loan), Need.Of<LoanProduct>(loan.ProductId.Value)],
            (loan, funds, states, moment) => ApproveLoanDecider.Decide(
                command, id, loan, LendingFund.Of(loan, funds, states), states.Find<LoanProduct>(loan.ProductId.Value)!.Limits, moment),
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
