using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Staff;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>A person of the staff looks after a loan from a day on. Whom it was proposed under stays in its profile.</summary>
public sealed record AssignLoanOfficer(StaffId StaffId) : DatedCommand;

public static class AssignLoanOfficerDecider
{
    public static Decision Decide(AssignLoanOfficer command, TransactionId id, Loan loan, FundBooks funds, StaffMember? officer, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return officer is not { MayAct: true }
                ? Decision.Refuse("unknown-staff", "/staffId", new Figure("staffId", command.StaffId.ToString()))
            : (DateRules.Check(effectiveOn, moment) ?? LoanRules.NotBefore(effectiveOn, loan.ProposedOn, "before-proposal")) is { } refusal
                ? refusal
            : loan.OfficerOn(effectiveOn) == command.StaffId
                ? Decision.AlreadyRecorded()
            : Decision.Record(new NewFact(
                loan.Id.Value, new LoanOfficerAssigned(id, loan.Id, command.StaffId, command.ExternalId), funds.DayOf(loan.FundId, effectiveOn), EventOf: id.Value));
    }
}

public static class AssignLoanOfficerEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/officer-assignments", OperationId = "assignLoanOfficer")]
    [Tags("Loans"), Takes(typeof(AssignLoanOfficer)), Answers(typeof(LoanAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<AssignLoanOfficer>("assignLoanOfficer", command =>
    {
        var id = new TransactionId(command.NewId());
        return LoanSlice.Of(
            loanId,
            _ => [Need.Of<StaffMember>(command.StaffId.Value)],
            (loan, funds, states, moment) => AssignLoanOfficerDecider.Decide(
                command, id, loan, funds, states.Find<StaffMember>(command.StaffId.Value), moment),
            (states, moment) => new Answer(201, LoanAnswer.Of(states.Find<Loan>(loanId)!, moment.Today, moment.Sequence), $"/v1/loans/{loanId}")) with
        {
            PaperContent = $"{loanId}|officer|{command.StaffId}|{command.EffectiveOn:O}",
        };
    });
}
