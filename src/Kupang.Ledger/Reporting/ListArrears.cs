using Kupang.Ledger.Http;
using Kupang.Ledger.Policies;
using Kupang.Ledger.SharedKernel;
using Wolverine.Http;

namespace Kupang.Ledger.Reporting;

/// <summary>A loan that is past due, to one fund.</summary>
/// <param name="Arrears">What was due by the day and is not paid: principal, interest, and both.</param>
/// <param name="Class">By the fund's policy, or the one asked for; left out when there is none.</param>
public sealed record ArrearsItem(
    LoanId LoanId,
    string Number,
    FundId FundId,
    MemberId MemberId,
    GroupId? GroupId,
    LoanProductId ProductId,
    StaffId? OfficerId,
    string? AreaCode,
    string? Sector,
    bool IsRestructured,
    Money Outstanding,
    ArrearsAmounts Arrears,
    DateOnly OldestDueOn,
    int DaysPastDue,
    int MonthsInArrears,
    int InstalmentsOverdue,
    LoanClassAnswer? Class);

public sealed record ArrearsAmounts(Money Principal, Money Interest, Money Total);

public sealed record LoanClassAnswer(string Policy, int Version, int Number, string Code, string Name);

/// <summary>A page of the arrears list (<em>daftar tunggakan</em>): the longest past due first.</summary>
public sealed record ArrearsListAnswer(
    FundId? FundId,
    string Currency,
    DateOnly EffectiveOn,
    Basis Basis,
    IReadOnlyList<ArrearsItem> Items,
    string? Next,
    IReadOnlyList<FigureDefinition> Definitions,
    long AsOfSequence);

public static class ListArrearsEndpoint
{
    private const int MostOfAFile = 100_000;

    private static readonly FigureDefinition[] Definitions =
    [
        new("arrears", "Yang jatuh tempo sampai hari itu dikurangi yang dibayar atau dihapus, per angsuran.",
            "What fell due by the day less what was paid or let off, instalment by instalment."),
        new("daysPastDue", "Hari sejak jatuh tempo angsuran tertua yang belum lunas melebihi toleransi produk; hanya pinjaman dengan lebih dari 0 hari tercantum.",
            "Days since the due date of the oldest instalment with more than the product's tolerance unpaid; only loans with more than 0 are listed."),
        new("monthsInArrears", "Bulan sejak tanggal itu, bagian bulan dihitung satu.", "Months since that day, a part counting as one."),
    ];

    [WolverineGet("/v1/portfolio/arrears-list", OperationId = "listArrears")]
    [Tags("Reports"), Answers(typeof(ArrearsListAnswer), 200)]
    [Query("fundId", "currency", "basis", "policy", "policyVersion", "format", "limit", "cursor")]
    [QueryWords("basis", typeof(Basis)), QueryWords("format", typeof(ReportFormat))]
    public static Task<IResult> Get(HttpContext http)
    {
        var cursor = Cursor.Of(http);
        var limit = TableResult.FormatOf(http) == ReportFormat.Json ? http.Limit() : MostOfAFile;
        return http.Report(
            cursor,
            async (snapshot, cancellation) =>
            {
                if (await http.View(snapshot) is not { } view)
                {
                    return null;
                }

                var skip = cursor?.After ?? 0;
                var rows = await PortfolioQueries.Arrears(snapshot, view, skip, limit + 1, cancellation);
                var answer = new ArrearsListAnswer(
                    view.Scope.FundId,
                    view.Currency.Code,
                    view.Day,
                    view.Basis,
                    [.. rows.Take(limit).Select(row => ItemOf(view, row))],
                    rows.Count > limit ? http.NextLink(new Cursor(skip + limit, snapshot.Sequence)) : null,
                    Definitions,
                    snapshot.Sequence);
                return new Report(answer, TableOf(answer), DefinitionTable.Of(Definitions));
            },
            "effectiveOn",
            "basis",
            "policy",
            "policyVersion",
            "limit",
            "cursor");
    }

    private static ArrearsItem ItemOf(PortfolioView view, ArrearsRow row)
    {
        var lateness = new Lateness(view.Day, row.OldestDueOn, row.Rhythm, row.InstalmentsOverdue);
        return new ArrearsItem(
            row.LoanId,
            row.Number,
            row.FundId,
            row.MemberId,
            row.GroupId,
            row.ProductId,
            row.OfficerId,
            row.AreaCode,
            row.Sector,
            row.IsRestructured,
            view.Amount(row.Outstanding),
            new ArrearsAmounts(view.Amount(row.ArrearsPrincipal), view.Amount(row.ArrearsInterest), view.Amount(row.ArrearsPrincipal + row.ArrearsInterest)),
            row.OldestDueOn,
            lateness.Of(ArrearsMeasure.Days),
            lateness.Of(ArrearsMeasure.Months),
            row.InstalmentsOverdue,
            view.PolicyOf(row.FundId) is { } policy ? ClassIn(policy, policy.ClassOf(lateness)) : null);
    }

    private static LoanClassAnswer ClassIn(ClassificationPolicy policy, int index) =>
        new(policy.Code, policy.Version, index + 1, policy.Classes[index].Code, policy.Classes[index].Name);

    private static ReportTable TableOf(ArrearsListAnswer answer) => new(
        "arrears-list",
        [
            "number", "loanId", "fundId", "memberId", "groupId", "productId", "officerId", "areaCode", "sector", "isRestructured", "outstanding",
            "arrearsPrincipal", "arrearsInterest", "arrearsTotal", "oldestDueOn", "daysPastDue", "monthsInArrears", "instalmentsOverdue", "policy",
            "policyVersion", "class", "className", "currency", "effectiveOn", "basis", "asOfSequence",
        ],
        [
            .. answer.Items.Select(item => (IReadOnlyList<object?>)
            [
                item.Number, item.LoanId, item.FundId, item.MemberId, item.GroupId, item.ProductId, item.OfficerId, item.AreaCode, item.Sector,
                item.IsRestructured, item.Outstanding, item.Arrears.Principal, item.Arrears.Interest, item.Arrears.Total, item.OldestDueOn,
                item.DaysPastDue, item.MonthsInArrears, item.InstalmentsOverdue, item.Class?.Policy, item.Class?.Version, item.Class?.Code,
                item.Class?.Name, answer.Currency, answer.EffectiveOn, LedgerJson.WordOf(answer.Basis), answer.AsOfSequence,
            ]),
        ]);
}
