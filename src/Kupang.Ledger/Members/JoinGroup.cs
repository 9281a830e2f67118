using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Members;

/// <summary>A member comes into a group.</summary>
public sealed record JoinGroup(MemberId MemberId, GroupRole Role = GroupRole.Member) : DatedCommand;

public static class JoinGroupDecider
{
    /// <param name="member">Who joins, or null when the id is nobody's.</param>
    public static Decision Decide(JoinGroup command, Group? group, Member? member, Moment moment)
    {
        if (group is null)
        {
            return Decision.NotFound();
        }

        if (member is null)
        {
            return Decision.Refuse("unknown-member", "/memberId", new Figure("memberId", command.MemberId.ToString()));
        }

        if (member.ErasedOn is not null)
        {
            return Decision.Refuse("member-erased", "/memberId");
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if (DateRules.Check(effectiveOn, moment) is { } refusal)
        {
            return refusal;
        }

        if (effectiveOn < group.FormedOn)
        {
            return Decision.Refuse(
                "before-group-formed", "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("formedOn", group.FormedOn));
        }

        // A joining that is recorded late must not overlap what the ledger knows to have come after it.
        var meanwhile = group.Memberships.Where(membership => !membership.HasEndedBy(effectiveOn)).ToArray();
        return meanwhile.Any(membership => membership.MemberId == command.MemberId)
                ? Decision.Refuse("already-in-group", "/memberId", new Figure("memberId", command.MemberId.ToString()))
            : command.Role != GroupRole.Member && meanwhile.Any(membership => membership.Role == command.Role)
                ? Decision.Refuse("role-taken", "/role")
            : Decision.Record(new NewFact(
                group.Id.Value,
                new GroupMemberJoined(group.Id, command.MemberId, command.Role, command.ExternalId),
                BookDay.Open(effectiveOn),
                EventOf: command.Id));
    }
}

public static class JoinGroupEndpoint
{
    [WolverinePost("/v1/groups/{groupId}/members", OperationId = "joinGroup")]
    [Tags("Groups"), Takes(typeof(JoinGroup)), Answers(typeof(GroupAnswer), 201)]
    public static Task<IResult> Post(Guid groupId, HttpContext http) => http.Record<JoinGroup>("joinGroup", command => new WriteSlice
    {
        NoteAbout = _ => command.MemberId.Value,
        PaperContent = $"{groupId}|{command.MemberId}|{command.Role}|{command.EffectiveOn:O}",
        Needs = _ => [Need.Of<Group>(groupId), Need.Of<Member>(command.MemberId.Value)],
        Decide = (states, moment) => JoinGroupDecider.Decide(
            command, states.Find<Group>(groupId), states.Find<Member>(command.MemberId.Value), moment),
        Answer = (states, moment) => new Answer(201, GroupAnswer.Of(states, groupId, moment), $"/v1/groups/{groupId}"),
    });
}
