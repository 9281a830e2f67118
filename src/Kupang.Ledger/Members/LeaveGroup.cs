using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Members;

/// <summary>A member is no longer in a group from a day on.</summary>
public sealed record LeaveGroup(
    MemberId MemberId, [property: JsonConverter(typeof(ReasonCodeConverter))] string? ReasonCode = null) : DatedCommand;

public static class LeaveGroupDecider
{
    public static Decision Decide(LeaveGroup command, Group? group, Moment moment)
    {
        if (group is null)
        {
            return Decision.NotFound();
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if (DateRules.Check(effectiveOn, moment) is { } refusal)
        {
            return refusal;
        }

        var standing = group.Memberships.FirstOrDefault(membership => membership.MemberId == command.MemberId && membership.LeftOn is null);
        return standing is null
                ? Decision.Refuse("not-in-group", "/memberId", new Figure("memberId", command.MemberId.ToString()))
            : effectiveOn < standing.JoinedOn
                ? Decision.Refuse(
                    "before-joining", "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("joinedOn", standing.JoinedOn))
            : Decision.Record(new NewFact(
                group.Id.Value,
                new GroupMemberDeparted(group.Id, command.MemberId, command.ExternalId),
                BookDay.Open(effectiveOn),
                EventOf: command.Id,
                ReasonCode: command.ReasonCode));
    }
}

public static class LeaveGroupEndpoint
{
    [WolverinePost("/v1/groups/{groupId}/departures", OperationId = "leaveGroup")]
    [Tags("Groups"), Takes(typeof(LeaveGroup)), Answers(typeof(GroupAnswer), 201)]
    public static Task<IResult> Post(Guid groupId, HttpContext http) => http.Record<LeaveGroup>("leaveGroup", command => new WriteSlice
    {
        NoteAbout = _ => command.MemberId.Value,
        PaperContent = $"{groupId}|{command.MemberId}|{command.EffectiveOn:O}",
        Needs = _ => [Need.Of<Group>(groupId)],
        Decide = (states, moment) => LeaveGroupDecider.Decide(command, states.Find<Group>(groupId), moment),
        Answer = (states, moment) => new Answer(201, GroupAnswer.Of(states, groupId, moment), $"/v1/groups/{groupId}"),
    });
}
