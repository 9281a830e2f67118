using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Reporting;

/// <summary>A part of the portfolio.</summary>
/// <param name="Key">The id, area code or sector; left out for loans that have none.</param>
/// <param name="Number">The printed number of what the id belongs to.</param>
public sealed record PortfolioPart(string? Key, string? Number, PortfolioFigures Figures);

/// <summary>What must be the same whatever it is added up from.</summary>
/// <param name="Classes">Of all classes, and what is not classed.</param>
/// <param name="Portfolio">Of all loans.</param>
/// <param name="Receivables">The receivable accounts of the trial balance, on the same basis and day.</param>
/// <param name="Difference">Receivables less portfolio: always zero.</param>
public sealed record PortfolioTies(Money Classes, Money Portfolio, Money Receivables, Money Difference);

/// <summary>The portfolio of a day: what is owed, how late it is, its classes, and the allowance they require.</summary>
/// <param name="Basis">
/// Booked: what the books show, by the days on which facts count, so that a closed month adds up to its trial balance. Effective:
/// what was owed by the days on which things happened. How late a loan is, is a matter of those days on either basis: a payment
/// that becomes known after its month was closed ends the arrears on the day it was made, though the books still show what it
/// paid. The report as it was made before a late fact is had by <c>knownAt</c>.
/// </param>
public sealed record PortfolioAnswer(
    FundId? FundId,
    string Currency,
    DateOnly EffectiveOn,
    Basis Basis,
    PortfolioGrouping? By,
    PortfolioFigures Total,
    IReadOnlyList<PortfolioPart>? Parts,
    PortfolioTies Ties,
    IReadOnlyList<FigureDefinition> Definitions,
    long AsOfSequence);

public static class GetPortfolioEndpoint
{
    private static readonly FigureDefinition[] Definitions =
    [
        new("par", "Saldo pokok pinjaman yang menunggak lebih dari n hari, dibagi seluruh saldo pokok; dihitung saldo seluruhnya, bukan tunggakannya.",
            "Outstanding principal of loans more than n days past due, divided by all outstanding principal; the whole balance counts, not what is overdue."),
        new("par30-or-restructured", "Seperti par 30, ditambah saldo pinjaman yang pernah dijadwalkan ulang.",
            "As par 30, with the balance of loans that were ever rescheduled."),
        new("daysPastDue", "Hari sejak jatuh tempo angsuran tertua yang belum lunas melebihi toleransi produk; hari jatuh tempo adalah 0, denda dan biaya tidak dihitung.",
            "Days since the due date of the oldest instalment with more than the product's tolerance unpaid; the due day is 0, penalties and fees never count."),
        new("class", "Kelas menurut kebijakan dana yang berlaku pada hari itu; pinjaman dari beberapa dana dihitung di setiap dana menurut bagiannya.",
            "The class by the fund's policy in force on the day; a loan of several funds counts in each with its share."),
        new("allowanceRequired", "Saldo pokok kelas dikali bobotnya, dibulatkan per dana dan kelas pembukuan ke genap terdekat.",
            "A class's outstanding principal times its percentage, rounded half-even for each fund and booking class."),
        new("allowanceBooked", "Saldo akun 1.1.04 pada hari dan basis itu.", "The balance of the accounts 1.1.04 on that day and basis."),
    ];

    [WolverineGet("/v1/portfolio", OperationId = "getPortfolio")]
    [Tags("Reports"), Answers(typeof(PortfolioAnswer), 200)]
    [Query("fundId", "currency", "basis", "by", "policy", "policyVersion", "format")]
    [QueryWords("basis", typeof(Basis)), QueryWords("by", typeof(PortfolioGrouping)), QueryWords("format", typeof(ReportFormat))]
    public static Task<IResult> Get(HttpContext http)
    {
        var by = http.QueryWord<PortfolioGrouping>("by");
        return http.Report(
            async (snapshot, cancellation) => await http.View(snapshot) is { } view ? await Make(snapshot, view, by, cancellation) : null,
            "effectiveOn",
            "basis",
            "by",
            "policy",
            "policyVersion");
    }

    private static async Task<Report> Make(Snapshot snapshot, PortfolioView view, PortfolioGrouping? by, CancellationToken cancellation)
    {
        var sums = await PortfolioQueries.Positions(snapshot, view, by: null, cancellation);
        var allowance = await PortfolioQueries.Books(snapshot, view, PortfolioQueries.Allowance, from: null, cancellation);
        var receivables = await PortfolioQueries.Books(snapshot, view, PortfolioQueries.Receivables, from: null, cancellation);
        var total = PortfolioFigures.Of(view, sums, view.Amount(-allowance.SelectMany(fund => fund).Sum(balance => balance.MinorUnits)));
        var owed = view.Amount(receivables.SelectMany(fund => fund).Sum(balance => balance.MinorUnits));
        var classes = Money.Sum(total.Classes.Select(of => of.Outstanding), view.Currency) + total.Unclassified;
        var answer = new PortfolioAnswer(
            view.Scope.FundId,
            view.Currency.Code,
            view.Day,
            view.Basis,
            by,
            total,
            by is { } grouping ? await Parts(snapshot, view, grouping, allowance, cancellation) : null,
            new PortfolioTies(classes, total.Outstanding, owed, owed - total.Outstanding),
            Definitions,
            snapshot.Sequence);
        return new Report(answer, TableOf(answer), DefinitionTable.Of(Definitions));
    }

    private static async Task<IReadOnlyList<PortfolioPart>> Parts(
        Snapshot snapshot, PortfolioView view, PortfolioGrouping grouping, ILookup<FundId, (string Account, long MinorUnits)> allowance, CancellationToken cancellation)
    {
        var sums = (await PortfolioQueries.Positions(snapshot, view, grouping, cancellation)).ToLookup(sum => sum.Key, StringComparer.Ordinal);
        var numbers = await PortfolioQueries.NumbersOf(snapshot, sums.Select(part => part.Key).Where(key => Guid.TryParse(key, out _)).Select(key => Guid.Parse(key!)), cancellation);
        return
        [
            .. from part in sums
               let number = Guid.TryParse(part.Key, out var id) ? numbers.GetValueOrDefault(id) : null
               orderby part.Key is null, number ?? part.Key
               let booked = grouping == PortfolioGrouping.Fund ? view.Amount(-allowance[new FundId(Guid.Parse(part.Key!))].Sum(balance => balance.MinorUnits)) : (Money?)null
               select new PortfolioPart(part.Key, number, PortfolioFigures.Of(view, [.. part], booked)),
        ];
    }

    /// <summary>One row a figure: as it stands alone in a sheet it says what it is of, by which policy, and as of when.</summary>
    private static ReportTable TableOf(PortfolioAnswer answer)
    {
        IEnumerable<IReadOnlyList<object?>> rows = Rows(null, null, answer.Total);
        rows = (answer.Parts ?? []).Aggregate(rows, (all, part) => all.Concat(Rows(part.Key ?? "", part.Number, part.Figures)));
        return new ReportTable(
            "portfolio",
            ["by", "key", "number", "figure", "of", "name", "policy", "policyVersion", "loans", "numerator", "denominator", "percent", "currency", "effectiveOn", "basis", "asOfSequence"],
            [.. rows]);

        IEnumerable<IReadOnlyList<object?>> Rows(string? key, string? number, PortfolioFigures figures)
        {
            yield return Row("outstanding", null, null, null, figures.Loans, figures.Outstanding, null, null);
            foreach (var par in figures.PortfolioAtRisk)
            {
                yield return Row("par", par.Days, null, null, par.Loans, par.Numerator, par.Denominator, par.Percent);
            }

            var (restructured, classless) = (figures.AtRiskOrRestructured, figures.Unclassified);
            yield return Row(restructured.Figure, null, null, null, null, restructured.Numerator, restructured.Denominator, restructured.Percent);
            foreach (var of in figures.Classes)
            {
                yield return Row("class", of.Code, of.Name, of, of.Loans, of.Outstanding, figures.Outstanding, null);
                yield return Row("allowanceRequired", of.Code, of.Name, of, of.Loans, of.AllowanceRequired, of.Outstanding, of.AllowancePercent.ToString());
            }

            yield return Row("unclassified", null, null, null, null, classless, figures.Outstanding, null);
            yield return Row("allowanceRequired", null, null, null, null, figures.AllowanceRequired, null, null);
            if (figures.AllowanceBooked is { } booked)
            {
                yield return Row("allowanceBooked", null, null, null, null, booked, null, null);
            }

            IReadOnlyList<object?> Row(
                string figure, object? of, string? name, ClassFigure? policy, long? loans, Money numerator, Money? denominator, string? percent) =>
            [
                key is null ? "total" : LedgerJson.WordOf(answer.By!.Value), key, number, figure, of, name, policy?.Policy, policy?.Version, loans, numerator,
                denominator, DefinitionTable.NumberOf(percent), answer.Currency, answer.EffectiveOn, LedgerJson.WordOf(answer.Basis), answer.AsOfSequence,
            ];
        }
    }
}

/// <summary>How figures are defined, as a sheet of its own.</summary>
internal static class DefinitionTable
{
    public static ReportTable Of(IEnumerable<FigureDefinition> definitions) => new(
        "definitions",
        ["figure", "indonesian", "english"],
        [.. definitions.Select(definition => (IReadOnlyList<object?>)[definition.Figure, definition.Indonesian, definition.English])]);

    /// <summary>A percentage as a number, so that a sheet can count with it.</summary>
    public static object? NumberOf(string? percent) =>
        percent is null ? null : decimal.Parse(percent, System.Globalization.CultureInfo.InvariantCulture);
}
