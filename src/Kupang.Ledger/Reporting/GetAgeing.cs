using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Wolverine.Http;

namespace Kupang.Ledger.Reporting;

/// <summary>Loans, and what is overdue, of one age in days.</summary>
/// <param name="FromDays">The least days past due; 0 is not past due.</param>
/// <param name="ToDays">The most; left out for the oldest.</param>
/// <param name="Outstanding">Principal of loans whose oldest unpaid instalment is of this age.</param>
/// <param name="OverduePrincipal">Principal of instalments that are themselves of this age, of whatever loan.</param>
public sealed record AgeBucket(
    int FromDays, int? ToDays, long Loans, Money Outstanding, string? PercentOfPortfolio, Money OverduePrincipal, Money OverdueInterest);

/// <summary>The portfolio by age: how long loans, and what is overdue of them, have been past due.</summary>
public sealed record AgeingAnswer(
    FundId? FundId,
    string Currency,
    DateOnly EffectiveOn,
    Basis Basis,
    IReadOnlyList<AgeBucket> Buckets,
    Money Outstanding,
    Money OverduePrincipal,
    Money OverdueInterest,
    ReportRatio ArrearsRate,
    IReadOnlyList<FigureDefinition> Definitions,
    long AsOfSequence);

public static class GetAgeingEndpoint
{
    private static readonly int[] Bounds = [0, 30, 60, 90, 180];

    private static readonly FigureDefinition[] Definitions =
    [
        new("outstanding", "Saldo pokok pinjaman menurut umur angsuran tertuanya yang belum lunas melebihi toleransi.",
            "Outstanding principal of loans by the age of their oldest instalment with more than the tolerance unpaid."),
        new("overdue", "Pokok dan jasa angsuran yang jatuh tempo dan belum dibayar, menurut umur angsuran itu sendiri; yang jatuh tempo hari itu berumur 0.",
            "Principal and interest of instalments that are due and not paid, by each instalment's own age; what falls due on the day has age 0."),
        new("arrears-rate", "Pokok yang jatuh tempo dan belum dibayar, dibagi seluruh saldo pokok.", "Overdue principal divided by all outstanding principal."),
    ];

    [WolverineGet("/v1/portfolio/ageing", OperationId = "getAgeing")]
    [Tags("Reports"), Answers(typeof(AgeingAnswer), 200)]
    [Query("fundId", "currency", "basis", "format"), QueryWords("basis", typeof(Basis)), QueryWords("format", typeof(ReportFormat))]
    public static Task<IResult> Get(HttpContext http) => http.Report(
        async (snapshot, cancellation) =>
        {
            if (await http.View(snapshot) is not { } view)
            {
                return null;
            }

            var loans = await PortfolioQueries.Positions(snapshot, view, by: null, cancellation);
            var overdue = await PortfolioQueries.OverdueByDueDate(snapshot, view, cancellation);
            var answer = Of(view, loans, overdue, snapshot.Sequence);
            return new Report(answer, TableOf(answer), DefinitionTable.Of(Definitions));
        },
        "effectiveOn",
        "basis");

    private static AgeingAnswer Of(
        PortfolioView view, IReadOnlyList<PositionSum> loans, IReadOnlyList<(DateOnly DueOn, long Principal, long Interest)> overdue, long sequence)
    {
        var outstanding = view.Amount(loans.Sum(sum => sum.Outstanding));
        var byAge = loans.ToLookup(sum => BucketOf(sum.DaysPastDue(view.Day)));
        var overdueByAge = overdue.ToLookup(due => BucketOf(view.Day.DayNumber - due.DueOn.DayNumber));
        var overduePrincipal = view.Amount(overdue.Sum(due => due.Principal));
        return new AgeingAnswer(
            view.Scope.FundId,
            view.Currency.Code,
            view.Day,
            view.Basis,
            [
                .. Enumerable.Range(0, Bounds.Length + 1).Select(bucket =>
                {
                    var owed = view.Amount(byAge[bucket].Sum(sum => sum.Outstanding));
                    return new AgeBucket(
                        bucket == 0 ? 0 : Bounds[bucket - 1] + 1,
                        bucket < Bounds.Length ? Bounds[bucket] : null,
                        byAge[bucket].Sum(sum => sum.Loans),
                        owed,
                        ReportRatio.Of("age", owed, outstanding).Percent,
                        view.Amount(overdueByAge[bucket].Sum(due => due.Principal)),
                        view.Amount(overdueByAge[bucket].Sum(due => due.Interest)));
                }),
            ],
            outstanding,
            overduePrincipal,
            view.Amount(overdue.Sum(due => due.Interest)),
            ReportRatio.Of("arrears-rate", overduePrincipal, outstanding),
            Definitions,
            sequence);
    }

    private static int BucketOf(int days) => Bounds.Count(bound => days > bound);

    private static ReportTable TableOf(AgeingAnswer answer) => new(
        "ageing",
        ["fromDays", "toDays", "loans", "outstanding", "percentOfPortfolio", "overduePrincipal", "overdueInterest", "currency", "effectiveOn", "basis", "asOfSequence"],
        [
            .. answer.Buckets.Select(bucket => (IReadOnlyList<object?>)
            [
                bucket.FromDays, bucket.ToDays, bucket.Loans, bucket.Outstanding, DefinitionTable.NumberOf(bucket.PercentOfPortfolio), bucket.OverduePrincipal,
                bucket.OverdueInterest, answer.Currency, answer.EffectiveOn, LedgerJson.WordOf(answer.Basis), answer.AsOfSequence,
            ]),
        ]);
}
