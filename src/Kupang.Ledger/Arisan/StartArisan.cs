using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Arisan;

/// <summary>A group begins an arisan; there are as many rounds as seats.</summary>
/// <param name="FundId">The group's own fund, which holds what is paid and not yet received.</param>
/// <param name="StartsOn">The day of the first round, which may lie ahead.</param>
/// <param name="Seats">Who takes part, each once, at least two; in the order of receiving where the order is a rota.</param>
public sealed record StartArisan(
    FundId FundId,
    Money Contribution,
    int Every,
    ArisanUnit Unit,
    DateOnly StartsOn,
    ImmutableArray<MemberId> Seats,
    ArisanOrder Order = ArisanOrder.Rota) : Command;

public static class StartArisanDecider
{
    private const int LongestStep = 12;

    public static Decision Decide(StartArisan command, ArisanId id, Group? group, Fund? fund, Moment moment)
    {
        if (group is null)
        {
            return Decision.NotFound();
        }

        if (fund is null)
        {
            return Decision.Refuse("unknown-fund", "/fundId", new Figure("fundId", command.FundId.ToString()));
        }

        if (fund.FundKind != FundKind.GroupOwn)
        {
            return Decision.Refuse("fund-not-group-own", "/fundId");
        }

        if ((AmountRules.Check(command.Contribution, fund.Currency, "/contribution")
            ?? CheckRhythm(command, moment)
            ?? CheckSeats(command.Seats, group, moment.Today)) is { } refusal)
        {
            return refusal;
        }

        return Decision.Record(new NewFact(
            id.Value,
            new ArisanStarted(
                id,
                moment.NextNumber("AR"),
                group.Id,
                fund.Id,
                command.Contribution,
                new ArisanRhythm(command.Every, command.Unit),
                command.StartsOn,
                command.Seats,
                command.Order,
                command.ExternalId),
            BookDay.Open(moment.Today),
            EventOf: id.Value));
    }

    private static Decision? CheckRhythm(StartArisan command, Moment moment) =>
        command.Every is < 1 or > LongestStep ? Decision.Refuse("arisan-terms-out-of-range", "/every", new Figure("term", "every"))
        : moment.BooksOpenFrom is { } open && command.StartsOn < open ? DateRules.Check(command.StartsOn, moment, "/startsOn")
        : command.StartsOn > moment.Today.AddYears(1) ? Decision.Refuse("arisan-terms-out-of-range", "/startsOn", new Figure("term", "startsOn"))
        : command.Contribution.MinorUnits > Money.MaximumMinorUnits / StartArisanEndpoint.MostSeats
            ? Decision.Refuse("arisan-terms-out-of-range", "/contribution", new Figure("term", "contribution"))
        : null;

    private static Decision? CheckSeats(ImmutableArray<MemberId> seats, Group group, DateOnly today)
    {
        if (seats.Length < 2)
        {
            return Decision.Refuse("arisan-terms-out-of-range", "/seats", new Figure("term", "seats"));
        }

        foreach (var (index, memberId) in seats.Index())
        {
            if (!group.HasMember(memberId, today))
            {
                return Decision.Refuse("not-in-group", $"/seats/{index}", new Figure("memberId", memberId.ToString()));
            }

            if (seats.Take(index).Contains(memberId))
            {
                return Decision.Refuse("seat-named-twice", $"/seats/{index}", new Figure("memberId", memberId.ToString()));
            }
        }

        return null;
    }
}

public static class StartArisanEndpoint
{
    public const int MostSeats = 200;

    [WolverinePost("/v1/groups/{groupId}/arisan", OperationId = "startArisan")]
    [Tags("Arisan"), Takes(typeof(StartArisan)), Answers(typeof(ArisanAnswer), 201)]
    public static Task<IResult> Post(Guid groupId, HttpContext http) => http.Record<StartArisan>("startArisan", command =>
    {
        if (command.Seats.IsDefault || command.Seats.Length > MostSeats)
        {
            throw RequestProblem.Malformed("/seats", "invalid-value", $"An arisan has at most {MostSeats} seats.");
        }

        var id = new ArisanId(command.NewId());
        return new WriteSlice
        {
            Needs = _ => [Need.Of<ArisanCircle>(id.Value), Need.Of<Group>(groupId), Need.Of<Fund>(command.FundId.Value)],
            Decide = (states, moment) => StartArisanDecider.Decide(
                command, id, states.Find<Group>(groupId), states.Find<Fund>(command.FundId.Value), moment),
            Answer = (states, moment) => new Answer(
                201, ArisanAnswer.Of(states.Find<ArisanCircle>(id.Value)!, moment.Today, moment.Sequence), $"/v1/arisan/{id}"),
        };
    });
}
