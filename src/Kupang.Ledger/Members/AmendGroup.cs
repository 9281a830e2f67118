using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Members;

/// <summary>Changes what a group is called or when it meets. What is left out stays as it is.</summary>
public sealed record AmendGroup([property: TextLimit(120)] string? Name = null, GroupMeeting? Meeting = null) : Command, IConditionalCommand;

public static class AmendGroupDecider
{
    /// <param name="version">The version that the caller read.</param>
    public static Decision Decide(AmendGroup command, long version, Group? group, Moment moment) => group switch
    {
        null => Decision.NotFound(),
        _ when group.Version != version => Decision.Changed(),
        _ when command is { Name: null, Meeting: null } => Decision.Refuse("nothing-to-change", pointer: ""),
        _ => MeetingRules.Check(command.Meeting)
            ?? Decision.Record(new NewFact(group.Id.Value, new GroupAmended(group.Id, command.Name, command.Meeting), BookDay.Open(moment.Today))),
    };
}

public static class AmendGroupEndpoint
{
    [WolverinePatch("/v1/groups/{groupId}", OperationId = "amendGroup")]
    [Tags("Groups"), Takes(typeof(AmendGroup)), Answers(typeof(GroupAnswer), 200)]
    public static Task<IResult> Patch(Guid groupId, HttpContext http)
    {
        var version = http.RequireVersion();
        return http.Record<AmendGroup>("amendGroup", command => new WriteSlice
        {
            Needs = _ => [Need.Of<Group>(groupId)],
            Decide = (states, moment) => AmendGroupDecider.Decide(command, version, states.Find<Group>(groupId), moment),
            Answer = (states, moment) => new Answer(200, GroupAnswer.Of(states, groupId, moment)),
        });
    }
}
