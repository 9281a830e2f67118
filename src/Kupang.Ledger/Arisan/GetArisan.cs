using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Wolverine.Http;

namespace Kupang.Ledger.Arisan;

/// <summary>An arisan as of a day.</summary>
/// <param name="Held">What was paid in and not yet received.</param>
public sealed record ArisanAnswer(
    ArisanId Id,
    string Number,
    string? ExternalId,
    GroupId GroupId,
    FundId FundId,
    Money Contribution,
    ArisanRhythm Rhythm,
    DateOnly StartsOn,
    ArisanOrder Order,
    bool Settled,
    Money Held,
    IReadOnlyList<ArisanRound> Rounds,
    IReadOnlyList<ArisanSeat> Seats,
    long AsOfSequence)
{
    public static ArisanAnswer Of(ArisanCircle circle, DateOnly day, long sequence) => new(
        circle.Id,
        circle.Number,
        circle.ExternalId,
        circle.GroupId,
        circle.FundId,
        circle.Contribution,
        circle.Rhythm,
        circle.StartsOn,
        circle.Order,
        circle.IsSettled,
        Money.Sum(circle.Rounds.Select(round => circle.CollectedFor(round) - circle.PaidOutOf(round)), circle.Currency),
        [.. circle.Rounds.Select(round => new ArisanRound(
            round,
            circle.DayOf(round),
            circle.ReceiverOf(round),
            Money.Sum(circle.Seats.Select(memberId => circle.DueOf(memberId, round)), circle.Currency),
            circle.CollectedFor(round),
            circle.PaidOutOf(round)))],
        [.. circle.Seats.Select(memberId => new ArisanSeat(
            memberId,
            circle.RoundOf(memberId),
            circle.PaidBy(memberId),
            circle.ReceivedBy(memberId),
            Money.Sum(circle.Rounds.Where(round => circle.DayOf(round) <= day).Select(round => circle.OwedBy(memberId, round)), circle.Currency),
            circle.HasLeft(memberId)))],
        sequence);
}

/// <param name="Pot">What everybody pays for it together.</param>
public sealed record ArisanRound(int Round, DateOnly On, MemberId? ReceiverId, Money Pot, Money Collected, Money PaidOut);

/// <param name="Round">The round whose pot it is; none while it is to be drawn.</param>
/// <param name="Owed">What is not paid of the rounds until the day.</param>
public sealed record ArisanSeat(MemberId MemberId, int? Round, Money Paid, Money Received, Money Owed, bool HasLeft);

/// <summary>The facts of an arisan. Pure: facts in, rows out.</summary>
public static class ArisanEntries
{
    public static IEnumerable<ArisanEntryAnswer> Of(IReadOnlyList<RecordedFact> facts, DateOnly effectiveOn)
    {
        var reversals = facts.Select(fact => fact.Data).OfType<IReversal>().ToDictionary(reversal => reversal.TransactionId, reversal => reversal.ReversalId);
        return facts.Where(fact => fact.Data is IArisanFact && fact.Envelope.EffectiveOn <= effectiveOn).Select(fact => ArisanEntryAnswer.Of(
            fact, reversals.TryGetValue(((IArisanFact)fact.Data).TransactionId, out var reversal) ? reversal : null));
    }
}

public static class GetArisanEndpoint
{
    [WolverineGet("/v1/arisan/{arisanId}", OperationId = "getArisan")]
    [Tags("Arisan"), Answers(typeof(ArisanAnswer), 200)]
    public static Task<IResult> Get(Guid arisanId, HttpContext http) => http.Read(async (snapshot, asOf, cancellation) =>
        await snapshot.Find<ArisanCircle>(arisanId, cancellation) is { } circle
            ? ArisanAnswer.Of(circle.On(asOf.EffectiveOn), asOf.EffectiveOn, snapshot.Sequence)
            : null);

    [WolverineGet("/v1/arisan", OperationId = "listArisan")]
    [Tags("Arisan"), Answers(typeof(Page<ArisanAnswer>), 200), Query("groupId", "fundId")]
    public static Task<IResult> List(HttpContext http) => http.List<ArisanCircle>(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["groupId"] = "group_id", ["fundId"] = "fund_id" },
        [],
        (circle, snapshot) => ValueTask.FromResult<object?>(ArisanAnswer.Of(circle.On(snapshot.Today), snapshot.Today, snapshot.Sequence)));

    [WolverineGet("/v1/arisan/{arisanId}/entries", OperationId = "listArisanEntries")]
    [Tags("Arisan"), Answers(typeof(Page<ArisanEntryAnswer>), 200), Query("effectiveOn", "knownAt", "knownAtSequence", "limit", "cursor", OnlyThese = true)]
    public static Task<IResult> Entries(Guid arisanId, HttpContext http) =>
        http.ReadRows<ArisanStarted, ArisanEntryAnswer>(arisanId, ArisanEntries.Of, row => row.Sequence);

    [WolverineGet("/v1/arisan/{arisanId}/entries/{entryId}", OperationId = "getArisanEntry")]
    [Tags("Arisan"), Answers(typeof(ArisanEntryAnswer), 200)]
    public static Task<IResult> Entry(Guid arisanId, Guid entryId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        ArisanEntries.Of(await snapshot.FactsOf([arisanId], cancellation), DateOnly.MaxValue).FirstOrDefault(entry => entry.Id.Value == entryId));
}
