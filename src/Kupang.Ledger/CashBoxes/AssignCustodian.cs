using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Staff;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.CashBoxes;

/// <summary>Somebody else answers for a box from a day on.</summary>
public sealed record AssignCustodian(StaffId StaffId) : DatedCommand;

public static class AssignCustodianDecider
{
    public static Decision Decide(AssignCustodian command, MoneyAccount? box, StaffMember? custodian, Moment moment)
    {
        if (box is null)
        {
            return Decision.NotFound();
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return custodian is not { MayAct: true } ? Decision.Refuse("unknown-staff", "/staffId", new Figure("staffId", command.StaffId.ToString()))
            : DateRules.Check(effectiveOn, moment) is { } refusal ? refusal
            : effectiveOn <= box.ClosedThrough
                ? Decision.Refuse("cash-day-closed", "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("closedThrough", box.ClosedThrough.Value))
            : box.CustodianOn(effectiveOn) == command.StaffId ? Decision.AlreadyRecorded()
            : Decision.Record(new NewFact(
                box.Id.Value,
                new MoneyAccountCustodianAssigned(box.Id, command.StaffId, command.ExternalId),
                BookDay.Open(effectiveOn),
                EventOf: command.Id));
    }
}

public static class AssignCustodianEndpoint
{
    [WolverinePost("/v1/money-accounts/{moneyAccountId}/custodians", OperationId = "assignCustodian")]
    [Tags("Cash"), Takes(typeof(AssignCustodian)), Answers(typeof(MoneyAccountAnswer), 201)]
    public static Task<IResult> Post(Guid moneyAccountId, HttpContext http) => http.Record<AssignCustodian>("assignCustodian", command =>
    {
        var id = new MoneyAccountId(moneyAccountId);
        return new WriteSlice
        {
            PaperContent = $"{moneyAccountId}|{command.StaffId}|{command.EffectiveOn:O}",
            NoteAbout = _ => moneyAccountId,
            Needs = _ => [Need.Of<MoneyAccount>(moneyAccountId), Need.Balances(id), Need.Of<StaffMember>(command.StaffId.Value)],
            Decide = (states, moment) => AssignCustodianDecider.Decide(
                command, states.Find<MoneyAccount>(moneyAccountId), states.Find<StaffMember>(command.StaffId.Value), moment),
            Answer = (states, moment) => new Answer(201, MoneyAccountAnswer.Of(states, id, moment), $"/v1/money-accounts/{moneyAccountId}"),
        };
    });
}
