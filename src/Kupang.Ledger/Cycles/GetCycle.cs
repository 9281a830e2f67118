using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Cycles;

/// <summary>A cycle as its treasurer sees it.</summary>
/// <param name="SocialFund">What the fund holds for its social fund, whichever cycle it came in.</param>
/// <param name="BroughtIn">What the fund had earned and not shared out when the cycle began.</param>
public sealed record CycleAnswer(
    CycleId Id,
    string Number,
    string? ExternalId,
    int Ordinal,
    GroupId GroupId,
    FundId FundId,
    CycleStatus Status,
    DateOnly StartsOn,
    CycleTerms Terms,
    int Shares,
    Money Savings,
    Money SocialFund,
    Money FinesOwed,
    Money BroughtIn,
    IReadOnlyList<CycleMember> Members,
    CycleId? PreviousCycleId,
    CycleId? NextCycleId,
    TransactionId? ShareOutId,
    long AsOfSequence)
{
    public static CycleAnswer Of(Cycle cycle, FundBalances balances, long sequence)
    {
        var (holdings, fines) = (cycle.Holdings(), cycle.Fines().ToArray());
        var social = cycle.Of<SocialFundContributed>().ToLookup(contribution => contribution.MemberId, contribution => contribution.Amount);
        return new CycleAnswer(
            cycle.Id,
            cycle.Number,
            cycle.ExternalId,
            cycle.Ordinal,
            cycle.GroupId,
            cycle.FundId,
            cycle.Status,
            cycle.StartsOn,
            cycle.Terms,
            holdings.Sum(holding => holding.Shares),
            Money.Sum(holdings.Select(holding => holding.PaidIn), cycle.Currency),
            Money.OfMinorUnits(-balances[AccountCode.SocialFund.Value], cycle.Currency),
            Money.Sum(fines.Select(fine => fine.Owed), cycle.Currency),
            cycle.Opening.Surplus,
            [.. holdings.Select(holding => holding.MemberId).Union(social.Select(member => member.Key)).Union(fines.Select(fine => fine.Fine.MemberId)).Select(Row)],
            cycle.PreviousCycleId,
            cycle.ShareOut?.NextCycleId,
            cycle.ShareOut?.ShareOutId,
            sequence);

        CycleMember Row(MemberId memberId)
        {
            var holding = holdings.FirstOrDefault(known => known.MemberId == memberId);
            return new CycleMember(
                memberId,
                holding?.Shares ?? 0,
                holding?.PaidIn ?? Money.Zero(cycle.Currency),
                Money.Sum(social[memberId], cycle.Currency),
                Money.Sum(fines.Where(fine => fine.Fine.MemberId == memberId).Select(fine => fine.Owed), cycle.Currency));
        }
    }
}

/// <param name="SocialFund">What the member has paid into the social fund in this cycle.</param>
public sealed record CycleMember(MemberId MemberId, int Shares, Money PaidIn, Money SocialFund, Money FinesOwed);

/// <summary>The facts of a cycle by which money moved or was asked for. Pure: facts in, rows out.</summary>
public static class CycleEntries
{
    public static IEnumerable<CycleEntryAnswer> Of(IReadOnlyList<RecordedFact> facts, DateOnly effectiveOn)
    {
        var reversals = facts.Select(fact => fact.Data).OfType<IReversal>().ToDictionary(reversal => reversal.TransactionId, reversal => reversal.ReversalId);
        return facts.Where(fact => fact.Data is ICycleFact && fact.Envelope.EffectiveOn <= effectiveOn).Select(fact => CycleEntryAnswer.Of(
            fact, reversals.TryGetValue(((ICycleFact)fact.Data).TransactionId, out var reversal) ? reversal : null));
    }
}

public static class GetCycleEndpoint
{
    [WolverineGet("/v1/cycles/{cycleId}", OperationId = "getCycle")]
    [Tags("Cycles"), Answers(typeof(CycleAnswer), 200)]
    public static Task<IResult> Get(Guid cycleId, HttpContext http) => http.Read(async (snapshot, asOf, cancellation) =>
        await snapshot.Find<Cycle>(cycleId, cancellation) is { } cycle
            ? CycleAnswer.Of(cycle.On(asOf.EffectiveOn), await FundReads.Balances(snapshot, cycle.FundId, asOf.EffectiveOn, cancellation), snapshot.Sequence)
            : null);

    [WolverineGet("/v1/cycles", OperationId = "listCycles")]
    [Tags("Cycles"), Answers(typeof(Page<CycleAnswer>), 200), Query("groupId", "fundId")]
    public static Task<IResult> List(HttpContext http) => http.List<Cycle>(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["groupId"] = "group_id", ["fundId"] = "fund_id" },
        [],
        async (cycle, snapshot) => CycleAnswer.Of(
            cycle.On(snapshot.Today), await FundReads.Balances(snapshot, cycle.FundId, snapshot.Today, http.RequestAborted), snapshot.Sequence));

    [WolverineGet("/v1/cycles/{cycleId}/entries", OperationId = "listCycleEntries")]
    [Tags("Cycles"), Answers(typeof(Page<CycleEntryAnswer>), 200), Query("effectiveOn", "knownAt", "knownAtSequence", "limit", "cursor", OnlyThese = true)]
    public static Task<IResult> Entries(Guid cycleId, HttpContext http) =>
        http.ReadRows<CycleOpened, CycleEntryAnswer>(cycleId, CycleEntries.Of, row => row.Sequence);

    [WolverineGet("/v1/cycles/{cycleId}/entries/{entryId}", OperationId = "getCycleEntry")]
    [Tags("Cycles"), Answers(typeof(CycleEntryAnswer), 200)]
    public static Task<IResult> Entry(Guid cycleId, Guid entryId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        CycleEntries.Of(await snapshot.FactsOf([cycleId], cancellation), DateOnly.MaxValue).FirstOrDefault(entry => entry.Id.Value == entryId));
}
