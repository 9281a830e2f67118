using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Wolverine.Http;

namespace Kupang.Ledger.CashBoxes;

/// <summary>Cash that was counted short or over.</summary>
/// <param name="StaffId">Who had the box on that day; a shortage is owed by that person.</param>
/// <param name="Open">What of it is not settled.</param>
public sealed record CashDifferenceAnswer(
    TransactionId Id,
    string Number,
    CashDifferenceKind Kind,
    MoneyAccountId MoneyAccountId,
    FundId FundId,
    StaffId StaffId,
    Money Amount,
    Money Open,
    CashDifferenceStatus Status,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    Personal? Reason,
    IReadOnlyList<CashResolution> Resolutions,
    TransactionId? ReversedBy,
    long AsOfSequence)
{
    public static CashDifferenceAnswer Of(CashDifference difference, long sequence)
    {
        var recorded = difference.Recorded;
        return new CashDifferenceAnswer(
            recorded.DifferenceId,
            recorded.Number,
            recorded.Kind,
            recorded.MoneyAccountId,
            recorded.FundId,
            recorded.StaffId,
            recorded.Amount,
            difference.Open,
            difference.Status,
            difference.Fact.Envelope.EffectiveOn,
            difference.Fact.Envelope.BookedOn,
            recorded.Reason is { } reason ? new Personal(reason) : null,
            difference.Resolutions,
            difference.ReversedBy,
            sequence);
    }
}

public static class GetCashDifferenceEndpoint
{
    [WolverineGet("/v1/cash-differences/{differenceId}", OperationId = "getCashDifference")]
    [Tags("Cash"), Answers(typeof(CashDifferenceAnswer), 200)]
    public static Task<IResult> Get(Guid differenceId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.Find<CashDifference>(differenceId, cancellation) is { } difference ? CashDifferenceAnswer.Of(difference, snapshot.Sequence) : null);

    [WolverineGet("/v1/cash-differences", OperationId = "listCashDifferences")]
    [Tags("Cash"), Answers(typeof(Page<CashDifferenceAnswer>), 200), Query("fundId", "kind", "staffId", "status")]
    [QueryWords("kind", typeof(CashDifferenceKind)), QueryWords("status", typeof(CashDifferenceStatus))]
    public static Task<IResult> List(HttpContext http)
    {
        var kind = http.QueryWord<CashDifferenceKind>("kind");
        var status = http.QueryWord<CashDifferenceStatus>("status");
        var staffId = http.QueryId("staffId");
        return http.List<CashDifference>(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["fundId"] = "fund_id" },
            ["kind", "staffId", "status"],
            (difference, snapshot) => ValueTask.FromResult<object?>(
                (kind ?? difference.Recorded.Kind) == difference.Recorded.Kind
                && (status ?? difference.Status) == difference.Status
                && (staffId ?? difference.Recorded.StaffId.Value) == difference.Recorded.StaffId.Value
                    ? CashDifferenceAnswer.Of(difference, snapshot.Sequence)
                    : null));
    }
}
