using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Staff;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Members;

/// <summary>A person of the staff looks after a group from a day on. Loans proposed through the group are his or hers from then on.</summary>
public sealed record AssignGroupOfficer(StaffId StaffId) : DatedCommand;

public static class AssignGroupOfficerDecider
{
    public static Decision Decide(AssignGroupOfficer command, Group? group, StaffMember? officer, Moment moment)
    {
        if (group is null)
        {
            return Decision.NotFound();
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return officer is not { MayAct: true } ? Decision.Refuse("unknown-staff", "/staffId", new Figure("staffId", command.StaffId.ToString()))
            : DateRules.Check(effectiveOn, moment) is { } refusal ? refusal
            : effectiveOn < group.FormedOn
                ? Decision.Refuse("before-group-formed", "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("formedOn", group.FormedOn))
            : group.OfficerOn(effectiveOn) == command.StaffId ? Decision.AlreadyRecorded()
            : Decision.Record(new NewFact(
                group.Id.Value,
                new GroupOfficerAssigned(group.Id, command.StaffId, command.ExternalId),
                BookDay.Open(effectiveOn),
                EventOf: command.Id));
    }
}

public static class AssignGroupOfficerEndpoint
{
    [WolverinePost("/v1/groups/{groupId}/officer-assignments", OperationId = "assignGroupOfficer")]
    [Tags("Groups"), Takes(typeof(AssignGroupOfficer)), Answers(typeof(GroupAnswer), 201)]
    public static Task<IResult> Post(Guid groupId, HttpContext http) => http.Record<AssignGroupOfficer>("assignGroupOfficer", command => new WriteSlice
    {
        NoteAbout = _ => groupId,
        PaperContent = $"{groupId}|{command.StaffId}|{command.EffectiveOn:O}",
        Needs = _ => [Need.Of<Group>(groupId), Need.Of<StaffMember>(command.StaffId.Value)],
        Decide = (states, moment) => AssignGroupOfficerDecider.Decide(
            command, states.Find<Group>(groupId), states.Find<StaffMember>(command.StaffId.Value), moment),
        Answer = (states, moment) => new Answer(201, GroupAnswer.Of(states, groupId, moment), $"/v1/groups/{groupId}"),
    });
}
