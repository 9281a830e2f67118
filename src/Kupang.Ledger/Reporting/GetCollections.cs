using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Reporting;

/// <summary>How much of what fell due was collected, principal and interest together.</summary>
public sealed record CollectionFigures(ReportRatio OnTime, ReportRatio Current, ReportRatio Cumulative);

public sealed record CollectionPart(string? Key, string? Number, CollectionFigures Figures);

/// <summary>Collections of a period, by the days on which things happened.</summary>
public sealed record CollectionsAnswer(
    FundId? FundId,
    string Currency,
    DateOnly From,
    DateOnly To,
    PortfolioGrouping? By,
    CollectionFigures Total,
    IReadOnlyList<CollectionPart>? Parts,
    IReadOnlyList<FigureDefinition> Definitions,
    long AsOfSequence);

public static class GetCollectionsEndpoint
{
    private static readonly FigureDefinition[] Definitions =
    [
        new("on-time", "Yang dibayar sampai akhir hari jatuh temponya, dari angsuran yang jatuh tempo dalam periode, dibagi angsuran itu.",
            "What was paid by the end of its due date of instalments that fell due in the period, divided by those instalments."),
        new("current", "Yang diterima dalam periode untuk angsuran yang jatuh tempo sampai akhir periode (tunggakan lama termasuk, pembayaran untuk angsuran sesudahnya tidak), dibagi angsuran yang jatuh tempo dalam periode.",
            "What was received in the period for instalments due by its end (old arrears among them, payments of later instalments not), divided by the instalments that fell due in the period."),
        new("cumulative", "Semua yang dibayar sampai akhir periode dari angsuran yang jatuh tempo sampai hari itu, dibagi semua angsuran itu.",
            "All that was paid by the end of the period of instalments due by then, divided by all those instalments."),
    ];

    [WolverineGet("/v1/portfolio/collections", OperationId = "getCollections")]
    [Tags("Reports"), Answers(typeof(CollectionsAnswer), 200)]
    [Query("from", "to", "knownAt", "knownAtSequence", "fundId", "currency", "by", "format", OnlyThese = true)]
    [QueryWords("by", typeof(PortfolioGrouping)), QueryWords("format", typeof(ReportFormat))]
    public static Task<IResult> Get(HttpContext http)
    {
        var by = http.QueryWord<PortfolioGrouping>("by");
        if (by is PortfolioGrouping.Officer or PortfolioGrouping.Group)
        {
            throw RequestProblem.Of("malformed-request", "by", "invalid-value", "Collections are by fund, product, village or sector: officers and groups change during a period.");
        }

        return http.Report(
            async (snapshot, cancellation) =>
            {
                var (from, to) = http.Period(snapshot);
                return await http.View(snapshot, to) is { } view ? await Make(snapshot, view, from, by, cancellation) : null;
            },
            "from",
            "to",
            "by");
    }

    private static async Task<Report> Make(Snapshot snapshot, PortfolioView view, DateOnly from, PortfolioGrouping? by, CancellationToken cancellation)
    {
        var sums = await PortfolioQueries.Collections(snapshot, view, from, by, cancellation);
        var numbers = await PortfolioQueries.NumbersOf(snapshot, sums.Select(sum => sum.Key).Where(key => Guid.TryParse(key, out _)).Select(key => Guid.Parse(key!)), cancellation);
        var total = new CollectionSum(
            Key: null,
            sums.Sum(sum => sum.DueInPeriod),
            sums.Sum(sum => sum.OnTime),
            sums.Sum(sum => sum.DueUntil),
            sums.Sum(sum => sum.PaidUntil),
            sums.Sum(sum => sum.PaidBefore));
        var answer = new CollectionsAnswer(
            view.Scope.FundId,
            view.Currency.Code,
            from,
            view.Day,
            by,
            FiguresOf(view, total),
            by is null
                ? null
                : [.. sums.Select(sum => new CollectionPart(sum.Key, Guid.TryParse(sum.Key, out var id) ? numbers.GetValueOrDefault(id) : null, FiguresOf(view, sum)))],
            Definitions,
            snapshot.Sequence);
        return new Report(answer, TableOf(answer), DefinitionTable.Of(Definitions));
    }

    private static CollectionFigures FiguresOf(PortfolioView view, CollectionSum sum) => new(
        ReportRatio.Of("on-time", view.Amount(sum.OnTime), view.Amount(sum.DueInPeriod)),
        ReportRatio.Of("current", view.Amount(sum.PaidUntil - sum.PaidBefore), view.Amount(sum.DueInPeriod)),
        ReportRatio.Of("cumulative", view.Amount(sum.PaidUntil), view.Amount(sum.DueUntil)));

    private static ReportTable TableOf(CollectionsAnswer answer)
    {
        var parts = (answer.Parts ?? []).Prepend(new CollectionPart(Key: null, Number: null, answer.Total));
        return new ReportTable(
            "collections",
            ["by", "key", "number", "figure", "numerator", "denominator", "percent", "currency", "from", "to", "asOfSequence"],
            [
                .. parts.Index().SelectMany(part => new[] { part.Item.Figures.OnTime, part.Item.Figures.Current, part.Item.Figures.Cumulative }
                    .Select(ratio => (IReadOnlyList<object?>)
                    [
                        part.Index == 0 ? "total" : LedgerJson.WordOf(answer.By!.Value), part.Item.Key, part.Item.Number, ratio.Figure, ratio.Numerator, ratio.Denominator,
                        DefinitionTable.NumberOf(ratio.Percent), answer.Currency, answer.From, answer.To, answer.AsOfSequence,
                    ])),
            ]);
    }
}
