using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Staff;

/// <summary>Registers somebody who works for the tenant. One word is a whole name for many.</summary>
public sealed record RegisterStaff([property: TextLimit(120)] string Name, [property: TextLimit(60)] string Role) : Command;

public static class RegisterStaffDecider
{
    /// <param name="key">The person's own key.</param>
    public static Decision Decide(RegisterStaff command, StaffId id, SubjectKey key, Moment moment) =>
        Decision.Record(new NewFact(
                id.Value,
                new StaffRegistered(id, moment.NextNumber("PT"), key.Encrypt(command.Name), command.Role, command.ExternalId),
                BookDay.Open(moment.Today),
                EventOf: id.Value))
            .WithKeys(key);
}

public static class RegisterStaffEndpoint
{
    [WolverinePost("/v1/staff", OperationId = "registerStaff")]
    [Tags("Staff"), Takes(typeof(RegisterStaff)), Answers(typeof(StaffAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<RegisterStaff>("registerStaff", command =>
    {
        var id = new StaffId(command.NewId());
        return new WriteSlice
        {
            Needs = _ => [Need.Of<StaffMember>(id.Value)],
            Decide = (_, moment) => RegisterStaffDecider.Decide(command, id, SubjectKey.New(id.Value), moment),
            Answer = (states, moment) => new Answer(201, StaffAnswer.Of(states.Find<StaffMember>(id.Value)!, moment.Sequence), $"/v1/staff/{id}"),
        };
    });
}
