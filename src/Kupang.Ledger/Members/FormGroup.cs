using System.Collections.Immutable;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Members;

/// <summary>People who agreed to be a group are made known to the ledger.</summary>
/// <param name="FormedOn">The day they agreed; it may lie long before the books were opened.</param>
/// <param name="Members">Who belongs to it, each once; at most one chair, one secretary and one treasurer.</param>
public sealed record FormGroup(
    [property: TextLimit(120)] string Name,
    DateOnly FormedOn,
    ImmutableArray<GroupSeat> Members,
    [property: TextLimit(120)] string? Village = null,
    GroupMeeting? Meeting = null) : Command;

public static class FormGroupDecider
{
    /// <param name="memberOf">The member with an id, or null when it is nobody's.</param>
    /// <param name="key">The group's own key, for notes about it.</param>
    public static Decision Decide(FormGroup command, GroupId id, Func<MemberId, Member?> memberOf, SubjectKey key, Moment moment)
    {
        if (command.FormedOn > moment.Today)
        {
            return Decision.Refuse(
                "in-the-future", "/formedOn", new Figure("effectiveOn", command.FormedOn), new Figure("today", moment.Today));
        }

        if ((CheckSeats(command.Members, memberOf) ?? MeetingRules.Check(command.Meeting)) is { } refusal)
        {
            return refusal;
        }

        return Decision.Record(new NewFact(
                id.Value,
                new GroupFormed(
                    id, moment.NextNumber("KL"), command.Name, command.Members, command.Village, command.Meeting, command.ExternalId),
                BookDay.Open(command.FormedOn),
                EventOf: id.Value))
            .WithKeys(key);
    }

    private static Decision? CheckSeats(ImmutableArray<GroupSeat> seats, Func<MemberId, Member?> memberOf)
    {
        HashSet<MemberId> seated = [];
        HashSet<GroupRole> taken = [];
        foreach (var (index, seat) in seats.Index())
        {
            if (memberOf(seat.MemberId) is not { } member)
            {
                return Decision.Refuse("unknown-member", $"/members/{index}/memberId", new Figure("memberId", seat.MemberId.ToString()));
            }

            if (member.ErasedOn is not null)
            {
                return Decision.Refuse("member-erased", $"/members/{index}/memberId");
            }

            if (!seated.Add(seat.MemberId))
            {
                return Decision.Refuse("already-in-group", $"/members/{index}/memberId", new Figure("memberId", seat.MemberId.ToString()));
            }

            if (seat.Role != GroupRole.Member && !taken.Add(seat.Role))
            {
                return Decision.Refuse("role-taken", $"/members/{index}/role");
            }
        }

        return null;
    }
}

public static class FormGroupEndpoint
{
    private const int MostMembers = 500;

    [WolverinePost("/v1/groups", OperationId = "formGroup")]
    [Tags("Groups"), Takes(typeof(FormGroup)), Answers(typeof(GroupAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<FormGroup>("formGroup", command =>
    {
        if (command.Members.IsDefault || command.Members.Length > MostMembers)
        {
            throw RequestProblem.Malformed("/members", "invalid-value", $"A group is formed by at most {MostMembers} members.");
        }

        var id = new GroupId(command.NewId());
        return new WriteSlice
        {
            Needs = _ => [Need.Of<Group>(id.Value), .. command.Members.Select(seat => Need.Of<Member>(seat.MemberId.Value))],
            Decide = (states, moment) => FormGroupDecider.Decide(
                command, id, memberId => states.Find<Member>(memberId.Value), SubjectKey.New(id.Value), moment),
            Answer = (states, moment) => new Answer(201, GroupAnswer.Of(states, id.Value, moment), $"/v1/groups/{id}"),
        };
    });
}
