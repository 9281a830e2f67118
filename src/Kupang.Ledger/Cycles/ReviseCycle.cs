using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Cycles;

/// <summary>The group agrees on the terms of a cycle in which nothing was paid yet, such as the one that a share-out opened.</summary>
public sealed record ReviseCycle(
    DateOnly StartsOn,
    Money SharePrice,
    int MaximumSharesPerMeeting,
    Money? SocialFundContribution = null,
    ImmutableArray<FineTariff>? Fines = null,
    Money? PayoutMultiple = null,
    bool CatchUp = false,
    LeaverRule Leavers = LeaverRule.SharePrice) : Command
{
    [JsonIgnore]
    public CycleTerms Terms => new(SharePrice, MaximumSharesPerMeeting, SocialFundContribution, Fines, PayoutMultiple, CatchUp, Leavers);
}

public static class ReviseCycleDecider
{
    public static Decision Decide(ReviseCycle command, CycleContext context, Moment moment)
    {
        var cycle = context.Cycle;
        return cycle.Status != CycleStatus.Open
                ? Decision.Refuse("cycle-closed", pointer: null, new Figure("cycleStatus", LedgerJson.WordOf(cycle.Status)))
            : cycle.Standing.Count > 0 ? Decision.Refuse("cycle-has-entries", pointer: null, new Figure("entries", cycle.Standing.Count))
            : CycleTermsRules.Check(command.Terms, cycle.Currency)
                ?? CycleTermsRules.CheckStart(command.StartsOn, context.Group, moment)
                ?? Decision.Record(new NewFact(
                    cycle.Id.Value, new CycleRevised(cycle.Id, command.Terms, command.StartsOn), BookDay.Open(moment.Today), EventOf: command.Id));
    }
}

public static class ReviseCycleEndpoint
{
    [WolverinePost("/v1/cycles/{cycleId}/revisions", OperationId = "reviseCycle")]
    [Tags("Cycles"), Takes(typeof(ReviseCycle)), Answers(typeof(CycleAnswer), 201)]
    public static Task<IResult> Post(Guid cycleId, HttpContext http) => http.Record<ReviseCycle>("reviseCycle", command => CycleSlice.Of(
        cycleId,
        about: null,
        (context, _, moment) => ReviseCycleDecider.Decide(command, context, moment),
        (states, moment) =>
        {
            var cycle = states.Find<Cycle>(cycleId)!;
            return new Answer(201, CycleAnswer.Of(cycle, states.Balances(cycle.FundId), moment.Sequence), $"/v1/cycles/{cycleId}");
        }));
}
