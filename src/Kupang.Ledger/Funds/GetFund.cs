using System.Globalization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Funds;

/// <summary>A fund as its manager sees it: what it is, what it holds, and what can be lent.</summary>
/// <param name="Turns">Disbursed so far, divided by capital: how often the money has gone round.</param>
/// <param name="ClosedThrough">The last day whose books are closed, if any are.</param>
public sealed record FundAnswer(
    FundId Id,
    string Number,
    string? ExternalId,
    string Code,
    string Name,
    string Currency,
    FundKind Kind,
    string? Restriction,
    FundTerms Terms,
    Money Capital,
    Money Operations,
    Money Outstanding,
    Money Committed,
    Money Lendable,
    LendableLimit LimitedBy,
    Money Cash,
    Money WrittenOff,
    string Turns,
    DateOnly? ClosedThrough,
    long AsOfSequence,
    long Version) : IVersioned
{
    public static FundAnswer Of(States states, FundId id, Moment moment)
    {
        var fund = states.Find<Fund>(id.Value)!;
        return Of(fund, states.Balances(id), moment.Sequence);
    }

    public static FundAnswer Of(Fund fund, FundBalances balances, long sequence)
    {
        var position = FundPosition.Of(balances, fund);
        return new FundAnswer(
            fund.Id,
            fund.Number,
            fund.ExternalId,
            fund.Code,
            fund.Name,
            fund.Currency.Code,
            fund.FundKind,
            fund.Restriction,
            fund.Terms,
            position.Capital,
            position.Operations,
            position.Outstanding,
            position.Committed,
            position.Lendable,
            position.LimitedBy,
            position.Cash,
            WrittenOff: Money.OfMinorUnits(balances[Memorandum.WrittenOff], fund.Currency),
            TurnsOf(position),
            fund.ClosedThrough,
            sequence,
            fund.Version);
    }

    private static string TurnsOf(FundPosition position) => position.Capital.IsPositive
        ? decimal.Round(position.Disbursed.Amount / position.Capital.Amount, 2, MidpointRounding.ToEven).ToString("0.00", CultureInfo.InvariantCulture)
        : "0.00";
}

public static class GetFundEndpoint
{
    [WolverineGet("/v1/funds/{fundId}", OperationId = "getFund")]
    [Tags("Funds"), Answers(typeof(FundAnswer), 200)]
    public static Task<IResult> Get(Guid fundId, HttpContext http) => http.Read(async (snapshot, asOf, cancellation) =>
        await snapshot.Find<Fund>(fundId, cancellation) is { } fund
            ? FundAnswer.Of(fund, await FundReads.Balances(snapshot, fund.Id, asOf.EffectiveOn, cancellation), snapshot.Sequence)
            : null);
}

public static class ListFundsEndpoint
{
    [WolverineGet("/v1/funds", OperationId = "listFunds")]
    [Tags("Funds"), Answers(typeof(Page<FundAnswer>), 200), Query("effectiveOn")]
    public static Task<IResult> Get(HttpContext http) => http.List<Fund>(
        new Dictionary<string, string>(StringComparer.Ordinal),
        ["effectiveOn"],
        async (fund, snapshot) => FundAnswer.Of(
            fund, await FundReads.Balances(snapshot, fund.Id, http.QueryDay("effectiveOn") ?? snapshot.Today, http.RequestAborted), snapshot.Sequence));
}

/// <summary>The balances of a fund as of a day and a number.</summary>
public static class FundReads
{
    public static async Task<FundBalances> Balances(Snapshot snapshot, FundId fundId, DateOnly effectiveOn, CancellationToken cancellation)
    {
        // Running totals hold everything known; an earlier view adds up the lines it knew.
        var sql = snapshot.IsWhole
            ? "select account, sum(amount)::bigint from ledger.daily_balance where tenant_id = $1 and $2::bigint is not null and fund_id = $3 and effective_on <= $4 group by account"
            : "select account, sum(amount)::bigint from ledger.journal_line where tenant_id = $1 and n <= $2 and fund_id = $3 and effective_on <= $4 group by account";
        var figures = await snapshot.Query(sql, reader => (Account: reader.GetString(0), Amount: reader.GetInt64(1)), cancellation, fundId.Value, effectiveOn);
        return figures.Aggregate(FundBalances.Empty(fundId), (balances, figure) => balances.Add(figure.Account, figure.Amount));
    }
}
