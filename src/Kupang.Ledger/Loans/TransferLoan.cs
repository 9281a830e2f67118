using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>From a day on the loan is of another group, or of none: its borrower has moved to it.</summary>
public sealed record TransferLoan(GroupId? GroupId = null) : DatedCommand;

public static class TransferLoanDecider
{
    public static Decision Decide(TransferLoan command, TransactionId id, Loan loan, FundBooks funds, Group? group, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return command.GroupId is { } unknown && group is null
                ? Decision.Refuse("unknown-group", "/groupId", new Figure("groupId", unknown.ToString()))
            : (DateRules.Check(effectiveOn, moment) ?? LoanRules.NotBefore(effectiveOn, loan.ProposedOn, "before-proposal")) is { } refusal
                ? refusal
            : group is not null && !group.HasMember(loan.MemberId, effectiveOn) ? Decision.Refuse("not-in-group", "/groupId")
            : loan.GroupOn(effectiveOn) == command.GroupId ? Decision.AlreadyRecorded()
            : Decision.Record(new NewFact(
                    loan.Id.Value, new LoanTransferred(id, loan.Id, command.GroupId, command.ExternalId), funds.DayOf(loan.FundId, effectiveOn), EventOf: id.Value))
                .WithClaims([.. FirstOf(command.GroupId, loan)]);
    }

    /// <summary>The name by which the loan is found in a group that it was never of.</summary>
    private static IEnumerable<NameClaim> FirstOf(GroupId? groupId, Loan loan) =>
        groupId is { } to && to != loan.GroupId && !loan.Transfers.Exists(transfer => transfer.GroupId == to) ? [NameClaim.OfGroup(to, loan.Id.Value)] : [];
}

public static class TransferLoanEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/transfers", OperationId = "transferLoan")]
    [Tags("Loans"), Takes(typeof(TransferLoan)), Answers(typeof(LoanAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<TransferLoan>("transferLoan", command =>
    {
        var id = new TransactionId(command.NewId());
        return LoanSlice.Of(
            loanId,
            _ => command.GroupId is { } groupId ? [Need.Of<Group>(groupId.Value)] : [],
            (loan, funds, states, moment) => TransferLoanDecider.Decide(
                command, id, loan, funds, command.GroupId is { } groupId ? states.Find<Group>(groupId.Value) : null, moment),
            (states, moment) => new Answer(201, LoanAnswer.Of(states.Find<Loan>(loanId)!, moment.Today, moment.Sequence), $"/v1/loans/{loanId}")) with
        {
            PaperContent = $"{loanId}|transfer|{command.GroupId}|{command.EffectiveOn:O}",
        };
    });
}
