using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Members;

/// <summary>A group as of a day.</summary>
/// <param name="OfficerId">Who of the staff looks after it on that day.</param>
/// <param name="Members">Who is in it on that day.</param>
/// <param name="FormerMembers">Who had left it by that day.</param>
public sealed record GroupAnswer(
    GroupId Id,
    string Number,
    string? ExternalId,
    string Name,
    string? Village,
    DateOnly FormedOn,
    GroupMeeting? Meeting,
    StaffId? OfficerId,
    IReadOnlyList<Membership> Members,
    IReadOnlyList<Membership> FormerMembers,
    long AsOfSequence,
    long Version) : IVersioned
{
    public static GroupAnswer Of(States states, Guid id, Moment moment) => Of(states.Find<Group>(id)!, moment.Today, moment.Sequence);

    public static GroupAnswer Of(Group group, DateOnly day, long sequence) => new(
        group.Id,
        group.Number,
        group.ExternalId,
        group.Name,
        group.Village,
        group.FormedOn,
        group.Meeting,
        group.OfficerOn(day),
        [.. group.Memberships.Where(membership => membership.IsOn(day))],
        [.. group.Memberships.Where(membership => membership.HasEndedBy(day))],
        sequence,
        group.Version);
}

public static class GetGroupEndpoint
{
    [WolverineGet("/v1/groups/{groupId}", OperationId = "getGroup")]
    [Tags("Groups"), Answers(typeof(GroupAnswer), 200)]
    public static Task<IResult> Get(Guid groupId, HttpContext http) => http.Read(async (snapshot, asOf, cancellation) =>
        await snapshot.Find<Group>(groupId, cancellation) is { } group ? GroupAnswer.Of(group, asOf.EffectiveOn, snapshot.Sequence) : null);
}

public static class ListGroupsEndpoint
{
    [WolverineGet("/v1/groups", OperationId = "listGroups")]
    [Tags("Groups"), Query("memberId", "effectiveOn"), Answers(typeof(Page<GroupAnswer>), 200)]
    public static Task<IResult> Get(HttpContext http)
    {
        var memberId = http.QueryId("memberId");
        var effectiveOn = http.QueryDay("effectiveOn");
        return http.List<Group>(new Dictionary<string, string>(StringComparer.Ordinal), ["memberId", "effectiveOn"], (group, snapshot) =>
        {
            var day = effectiveOn ?? snapshot.Today;
            return ValueTask.FromResult<object?>(memberId is { } wanted && !group.HasMember(new MemberId(wanted), day)
                ? null
                : GroupAnswer.Of(group, day, snapshot.Sequence));
        });
    }
}
