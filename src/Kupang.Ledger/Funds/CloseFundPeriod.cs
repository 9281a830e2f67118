using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Funds;

/// <summary>
/// Closes a fund's books through a day, for ever: no report of that time changes again. What is dated in it and becomes known
/// later keeps its day and counts on the first open one.
/// </summary>
/// <param name="ClosedThrough">The last day of the period; over by the day it is decided.</param>
public sealed record CloseFundPeriod(DateOnly ClosedThrough, [property: TextLimit(100)] string DecisionReference) : DatedCommand;

public sealed record ClosingAnswer(
    TransactionId Id, string? ExternalId, FundId FundId, DateOnly ClosedThrough, string DecisionReference, DateOnly EffectiveOn, long AsOfSequence)
{
    public static ClosingAnswer Of(RecordedFact fact, long sequence)
    {
        var closed = (FundPeriodClosed)fact.Data;
        return new ClosingAnswer(
            closed.ClosingId, closed.ExternalId, closed.FundId, closed.ClosedThrough, closed.DecisionReference, fact.Envelope.EffectiveOn, sequence);
    }
}

public static class CloseFundPeriodDecider
{
    public static Decision Decide(CloseFundPeriod command, TransactionId id, Fund? fund, Moment moment)
    {
        if (fund is null)
        {
            return Decision.NotFound();
        }

        var decidedOn = command.EffectiveOn ?? moment.Today;
        return DateRules.Check(decidedOn, moment)
            ?? (command.ClosedThrough >= decidedOn
                ? Decision.Refuse(
                    "period-not-over", "/closedThrough", new Figure("closedThrough", command.ClosedThrough), new Figure("effectiveOn", decidedOn))
            : fund.ClosedThrough is { } closed && command.ClosedThrough <= closed
                ? Decision.Refuse("already-closed", "/closedThrough", new Figure("closedThrough", closed))
            : Decision.Record(new NewFact(
                fund.Id.Value,
                new FundPeriodClosed(id, fund.Id, command.ClosedThrough, command.DecisionReference, command.ExternalId),
                BookDay.Open(decidedOn),
                EventOf: id.Value)));
    }
}

public static class CloseFundPeriodEndpoint
{
    [WolverinePost("/v1/funds/{fundId}/closings", OperationId = "closeFundPeriod")]
    [Tags("Funds"), Takes(typeof(CloseFundPeriod)), Answers(typeof(ClosingAnswer), 201)]
    public static Task<IResult> Post(Guid fundId, HttpContext http) => http.Record<CloseFundPeriod>("closeFundPeriod", command =>
    {
        var id = new TransactionId(command.NewId());
        return new WriteSlice
        {
            PaperContent = $"{fundId}|closing|{command.ClosedThrough:O}|{command.EffectiveOn:O}",
            NoteAbout = _ => fundId,
            Needs = _ => [Need.Of<Fund>(fundId)],
            Decide = (states, moment) => CloseFundPeriodDecider.Decide(command, id, states.Find<Fund>(fundId), moment),
            Answer = (_, moment) => new Answer(201, ClosingAnswer.Of(moment.Recorded<FundPeriodClosed>(), moment.Sequence), $"/v1/funds/{fundId}/closings/{id}"),
        };
    });

    [WolverineGet("/v1/funds/{fundId}/closings/{closingId}", OperationId = "getClosing")]
    [Tags("Funds"), Answers(typeof(ClosingAnswer), 200)]
    public static Task<IResult> Get(Guid fundId, Guid closingId, HttpContext http) =>
        http.ReadFact<FundPeriodClosed>(fundId, closingId, ClosingAnswer.Of);
}
