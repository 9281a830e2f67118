using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.RateCaps;

/// <summary>Decides what loans may cost in a year, by both readings. What is left out has no cap from then on.</summary>
public sealed record SetRateCaps(
    Percentage? FlatPercentPerYear = null,
    Percentage? EffectivePercentPerYear = null,
    [property: TextLimit(120)] string? DecisionReference = null) : DatedCommand;

/// <summary>The caps in force on a day.</summary>
public sealed record RateCapsAnswer(
    Percentage? FlatPercentPerYear, Percentage? EffectivePercentPerYear, DateOnly EffectiveOn, long AsOfSequence)
{
    public static RateCapsAnswer Of(TenantRateCaps caps, DateOnly day, long sequence) =>
        new(caps.On(day).FlatPercentPerYear, caps.On(day).EffectivePercentPerYear, day, sequence);
}

public static class SetRateCapsDecider
{
    public static Decision Decide(SetRateCaps command, TransactionId id, TenantRateCaps caps, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return DateRules.Check(effectiveOn, moment) is { } refusal ? refusal
            : caps.On(effectiveOn) == new RateCap(command.FlatPercentPerYear, command.EffectivePercentPerYear) ? Decision.AlreadyRecorded()
            : Decision.Record(new NewFact(
                TenantRateCaps.StreamId,
                new RateCapsSet(id, command.FlatPercentPerYear, command.EffectivePercentPerYear, command.DecisionReference, command.ExternalId),
                BookDay.Open(effectiveOn),
                EventOf: id.Value));
    }
}

public static class SetRateCapsEndpoint
{
    [WolverinePost("/v1/rate-caps", OperationId = "setRateCaps")]
    [Tags("Loan products"), Takes(typeof(SetRateCaps)), Answers(typeof(RateCapsAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<SetRateCaps>("setRateCaps", command =>
    {
        var id = new TransactionId(command.NewId());
        return new WriteSlice
        {
            Needs = _ => [Need.Of<TenantRateCaps>(TenantRateCaps.StreamId)],
            Decide = (states, moment) => SetRateCapsDecider.Decide(command, id, TenantRateCaps.In(states), moment),
            Answer = (states, moment) => new Answer(
                201, RateCapsAnswer.Of(TenantRateCaps.In(states), command.EffectiveOn ?? moment.Today, moment.Sequence), "/v1/rate-caps"),
        };
    });
}

public static class GetRateCapsEndpoint
{
    [WolverineGet("/v1/rate-caps", OperationId = "getRateCaps")]
    [Tags("Loan products"), Answers(typeof(RateCapsAnswer), 200)]
    public static Task<IResult> Get(HttpContext http) => http.Read(async (snapshot, asOf, cancellation) => RateCapsAnswer.Of(
        await snapshot.Find<TenantRateCaps>(TenantRateCaps.StreamId, cancellation) ?? TenantRateCaps.Undecided, asOf.EffectiveOn, snapshot.Sequence));
}
