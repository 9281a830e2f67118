using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Reporting;

/// <summary>Ratios of a period, made of the books on one basis and of how late loans are on its last day.</summary>
/// <param name="GrossPortfolioBefore">What was owed on the day before the first.</param>
/// <param name="AveragePortfolio">Half of what was owed before the period and at its end together, rounded half-even.</param>
/// <param name="Turns">Disbursed since the funds opened, divided by their capital: how often the money has gone round; two decimals.</param>
public sealed record PortfolioRatiosAnswer(
    FundId? FundId,
    string Currency,
    DateOnly From,
    DateOnly To,
    Basis Basis,
    Money GrossPortfolioBefore,
    Money GrossPortfolio,
    Money AveragePortfolio,
    IReadOnlyList<ReportRatio> Ratios,
    TurnsFigure Turns,
    IReadOnlyList<FigureDefinition> Definitions,
    long AsOfSequence);

public sealed record TurnsFigure(Money Disbursed, Money Capital, string? Turns);

public static class GetPortfolioRatiosEndpoint
{
    private const string LoanIncome = "^4\\.1\\.0[12]\\.";
    private const string LossExpense = "^5\\.1\\.04\\.";
    private const string RunningCosts = "^5\\.";
    private const string Capital = "^3\\.1\\.01\\.01$";

    private static readonly FigureDefinition[] Definitions =
    [
        new("write-off", "Pokok yang dihapusbukukan dalam periode atas cadangan atau beban (dikurangi yang dibatalkan), dibagi saldo rata-rata.",
            "Principal written off in the period against allowance or expense (less what was taken back), divided by the average portfolio."),
        new("risk-coverage", "Cadangan pada akhir periode dibagi saldo pinjaman yang menunggak lebih dari 30 hari.",
            "Allowance at the end of the period divided by the outstanding principal of loans more than 30 days past due."),
        new("provision-expense", "Beban penyisihan periode dibagi saldo rata-rata.", "Loan loss expense of the period divided by the average portfolio."),
        new("yield", "Jasa, denda dan administrasi yang diterima dalam periode dibagi saldo rata-rata; tidak disetahunkan.",
            "Interest, penalties and fees received in the period divided by the average portfolio; not annualised."),
        new("yield-annualised", "Yang sama dikali 365 dibagi hari periode.", "The same times 365 divided by the days of the period."),
        new("operating-expense", "Semua beban periode kecuali penyisihan, dibagi saldo rata-rata.", "All expenses of the period but loan losses, divided by the average portfolio."),
        new("turns", "Semua pencairan sampai akhir periode dibagi modal bergulir; putaran, bukan persen.",
            "All disbursements until the end of the period divided by revolving capital; times, not per cent."),
    ];

    [WolverineGet("/v1/portfolio/ratios", OperationId = "getPortfolioRatios")]
    [Tags("Reports"), Answers(typeof(PortfolioRatiosAnswer), 200)]
    [Query("from", "to", "knownAt", "knownAtSequence", "fundId", "currency", "basis", "format", OnlyThese = true)]
    [QueryWords("basis", typeof(Basis)), QueryWords("format", typeof(ReportFormat))]
    public static Task<IResult> Get(HttpContext http) => http.Report(
        async (snapshot, cancellation) =>
        {
            var (from, to) = http.Period(snapshot);
            return await http.View(snapshot, to) is { } view ? await Make(snapshot, view, from, cancellation) : null;
        },
        "from",
        "to",
        "basis");

    private static async Task<Report> Make(Snapshot snapshot, PortfolioView view, DateOnly from, CancellationToken cancellation)
    {
        var before = await Sum(view with { Day = from.AddDays(-1) }, PortfolioQueries.Receivables);
        var now = await Sum(view, PortfolioQueries.Receivables);
        var average = view.Amount(decimal.ToInt64(decimal.Round((before.MinorUnits + now.MinorUnits) / 2m, MidpointRounding.ToEven)));
        var late = (await PortfolioQueries.Positions(snapshot, view, by: null, cancellation)).Where(sum => sum.DaysPastDue(view.Day) > 30);
        var income = -await Sum(view, LoanIncome, from);
        var losses = await Sum(view, LossExpense, from);
        var costs = await Sum(view, RunningCosts, from) - losses;
        var disbursed = await Sum(view, $"^{Memorandum.Disbursed}$");
        var capital = -await Sum(view, Capital);
        var annualised = view.Amount(decimal.ToInt64(decimal.Round(
            income.MinorUnits * 365m / (view.Day.DayNumber - from.DayNumber + 1), MidpointRounding.ToEven)));
        var answer = new PortfolioRatiosAnswer(
            view.Scope.FundId,
            view.Currency.Code,
            from,
            view.Day,
            view.Basis,
            before,
            now,
            average,
            [
                ReportRatio.Of("write-off", view.Amount(await PortfolioQueries.WrittenOff(snapshot, view, from, cancellation)), average),
                ReportRatio.Of("risk-coverage", -await Sum(view, PortfolioQueries.Allowance), view.Amount(late.Sum(sum => sum.Outstanding))),
                ReportRatio.Of("provision-expense", losses, average),
                ReportRatio.Of("yield", income, average),
                ReportRatio.Of("yield-annualised", annualised, average),
                ReportRatio.Of("operating-expense", costs, average),
            ],
            new TurnsFigure(disbursed, capital, capital.IsPositive ? ReportRatio.QuotientOf(disbursed.MinorUnits, capital) : null),
            Definitions,
            snapshot.Sequence);
        return new Report(answer, TableOf(answer), DefinitionTable.Of(Definitions));

        async Task<Money> Sum(PortfolioView until, string accounts, DateOnly? since = null) => view.Amount(
            (await PortfolioQueries.Books(snapshot, until, accounts, since, cancellation)).SelectMany(fund => fund).Sum(balance => balance.MinorUnits));
    }

    private static ReportTable TableOf(PortfolioRatiosAnswer answer)
    {
        return new ReportTable(
            "ratios",
            ["figure", "numerator", "denominator", "percent", "times", "currency", "from", "to", "basis", "asOfSequence"],
            [
                .. answer.Ratios.Select(ratio => Row(ratio.Figure, ratio.Numerator, ratio.Denominator, ratio.Percent, times: null)),
                Row("turns", answer.Turns.Disbursed, answer.Turns.Capital, percent: null, answer.Turns.Turns),
            ]);

        IReadOnlyList<object?> Row(string figure, Money numerator, Money denominator, string? percent, string? times) =>
        [
            figure, numerator, denominator, DefinitionTable.NumberOf(percent), DefinitionTable.NumberOf(times), answer.Currency, answer.From, answer.To,
            LedgerJson.WordOf(answer.Basis), answer.AsOfSequence,
        ];
    }
}
