using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// The cards as they are sent: as JSON, or as a sheet (<c>text/csv</c>) with the fund, the cut-over day, the currency and the
/// totals beside it in the query.
/// </summary>
/// <param name="Json">It as JSON: what makes two requests the same.</param>
/// <param name="Errors">What can't be read, by row and column.</param>
/// <param name="Rows">Of each card that could be read, the number of its row.</param>
internal sealed record SentCardsEndpoint(MigrateLoans Command, ReadOnlyMemory<byte> Json, bool IsDryRun, IReadOnlyList<MigrationError> Errors, IReadOnlyList<int>? Rows = null)
{
    /// <param name="index">Among the cards that could be read, from 1.</param>
    public int RowOf(int index) => Rows?[index - 1] ?? index;

    public static async Task<SentCardsEndpoint> Read(HttpContext http)
    {
        if (!http.HasCsvBody())
        {
            http.AllowQuery("dryRun");
            var body = await http.ReadBody(WriteEndpoints.LongestBody);
            return new SentCardsEndpoint(RequestJson.Read<MigrateLoans>(body), body, IsDry(http), []);
        }

        http.AllowQuery("dryRun", "fundId", "cutOverOn", "currency", "count", "principal", "outstanding", "paidInterest");
        var text = Decode(await http.ReadBytes(WriteEndpoints.LongestBody));
        var currency = Text(http, "currency") is var code && Currency.IsKnown(code) ? Currency.FromCode(code) : throw Invalid("currency");
        var read = MigrationSheet.Read(text, currency);
        var command = new MigrateLoans(
            new FundId(http.QueryId("fundId") ?? throw Missing("fundId")),
            http.QueryDay("cutOverOn") ?? throw Missing("cutOverOn"),
            new MigrationControl(
                (int)(http.QueryNumber("count", 0, 1_000_000) ?? throw Missing("count")), Total(http, "principal", currency), Total(http, "outstanding", currency), Total(http, "paidInterest", currency)),
            read.Cards);
        return new SentCardsEndpoint(command, JsonSerializer.SerializeToUtf8Bytes(command, LedgerJson.Options), IsDry(http), read.Errors, read.Rows);
    }

    private static string Decode(ReadOnlyMemory<byte> body)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(body.Span).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw RequestProblem.Malformed("", "invalid-text", "The sheet is not UTF-8.", e);
        }
    }

    private static bool IsDry(HttpContext http) => http.QueryText("dryRun") switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw Invalid("dryRun"),
    };

    private static string Text(HttpContext http, string name) => http.QueryText(name) ?? throw Missing(name);

    private static Money Total(HttpContext http, string name, Currency currency) => MigrationSheet.MoneyOf(Text(http, name), currency) ?? throw Invalid(name);

    private static RequestProblem Missing(string name) => RequestProblem.Of("malformed-request", name, "required", "A sheet names it in the query.");

    private static RequestProblem Invalid(string name) => RequestProblem.Of("malformed-request", name, "invalid-value", "The value is not of the kind that stands here.");
}

/// <summary>A sheet of cards, whose first line names its columns as the JSON names its members.</summary>
public static class MigrationSheet
{
    public const string AllColumns =
        "cardNumber,memberId,memberExternalId,productCode,principal,instalments,disbursedOn,firstDueOn,paidPrincipal,paidInterest,advance,purpose";

    private static readonly string[] Columns = AllColumns.Split(',');

    private static readonly string[] Required = ["cardNumber", "productCode", "principal", "instalments", "disbursedOn", "paidPrincipal", "paidInterest", "purpose"];

    /// <summary>The cards of a sheet. Cells are parted by commas, or by semicolons where the first line has more of these.</summary>
    public static (ImmutableArray<MigratingLoan> Cards, IReadOnlyList<int> Rows, IReadOnlyList<MigrationError> Errors) Read(string text, Currency currency)
    {
        var firstLine = text.AsSpan(0, text.IndexOf('\n') is >= 0 and var end ? end : text.Length);
        var lines = Cells(text, firstLine.Count(';') > firstLine.Count(',') ? ';' : ',');
        if (lines is not [var header, ..])
        {
            throw RequestProblem.Malformed("", "required", "The sheet has no line.");
        }

        if (header.FirstOrDefault(name => !Columns.Contains(name)) is { } unknown)
        {
            throw RequestProblem.Malformed("/loans", "unknown-member", $"There is no column '{unknown[..Math.Min(unknown.Length, 40)]}'; the columns are {string.Join(", ", Columns)}.");
        }

        if (header.Distinct().Count() < header.Count || Required.FirstOrDefault(name => !header.Contains(name)) is not null)
        {
            throw RequestProblem.Malformed("/loans", "required", $"Each column stands once, and these must: {string.Join(", ", Required)}.");
        }

        List<MigratingLoan> cards = [];
        List<int> rows = [];
        List<MigrationError> errors = [];
        foreach (var (index, line) in lines.Skip(1).Index())
        {
            var row = new Row(index + 1, header, line, currency);
            if (row.Card() is { } card)
            {
                cards.Add(card);
                rows.Add(index + 1);
            }

            errors.AddRange(row.Errors);
        }

        return ([.. cards], rows, errors);
    }

    /// <summary>Lines of cells; a cell in quotes may hold what parts cells and lines, and a quote twice. Empty lines are passed over.</summary>
    private static List<List<string>> Cells(string text, char comma)
    {
        List<List<string>> lines = [];
        List<string> line = [];
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var at = 0; at <= text.Length; at++)
        {
            var c = at < text.Length ? text[at] : '\n';
            if (isQuoted && at < text.Length)
            {
                if (c == '"' && at + 1 < text.Length && text[at + 1] == '"')
                {
                    cell.Append('"');
                    at++;
                }
                else if (c == '"')
                {
                    isQuoted = false;
                }
                else
                {
                    cell.Append(c);
                }
            }
            else if (c == '"' && cell.Length == 0)
            {
                isQuoted = true;
            }
            else if (c == comma || c == '\n')
            {
                line.Add(cell.ToString().Trim());
                cell.Clear();
                if (c == '\n')
                {
                    lines.Add(line);
                    line = [];
                }
            }
            else
            {
                cell.Append(c);
            }
        }

        lines.RemoveAll(cells => cells.TrueForAll(string.IsNullOrEmpty));
        return lines;
    }

    internal static Money? MoneyOf(string text, Currency currency) =>
        LoanTerms.Decimal(text) is { } amount && amount * currency.MinorUnitsPerUnit % 1 == 0 && amount * currency.MinorUnitsPerUnit <= Money.MaximumMinorUnits
            ? new Money(amount, currency)
            : null;

    /// <summary>One line of the sheet, read cell by cell.</summary>
    private sealed class Row(int number, List<string> header, List<string> cells, Currency currency)
    {
        public List<MigrationError> Errors { get; } = [];

        /// <summary>Null when something of it can't be read.</summary>
        public MigratingLoan? Card()
        {
            if (cells.Count != header.Count)
            {
                Errors.Add(new MigrationError(number, "", "invalid-value", $"The line has {cells.Count} cells and the first line {header.Count}."));
                return null;
            }

            var card = new MigratingLoan(
                Text("cardNumber", 60) ?? "",
                Text("productCode", 30) ?? "",
                Amount("principal"),
                Number("instalments"),
                Day("disbursedOn") ?? default,
                Amount("paidPrincipal"),
                Amount("paidInterest"),
                Text("purpose", 500) ?? "",
                Id("memberId"),
                Text("memberExternalId", 100),
                Day("firstDueOn"),
                Cell("advance") is null ? null : Amount("advance"));
            return Errors.Count == 0 ? card : null;
        }

        private string? Cell(string column)
        {
            var place = header.IndexOf(column);
            return place < 0 || cells[place].Length == 0 ? null : cells[place];
        }

        private string? Text(string column, int limit)
        {
            var text = Cell(column);
            return text is null ? (Required.Contains(column) ? Fail<string>(column, "required") : null)
                : TextConverter.IsProper(text, limit) ? text
                : Fail<string>(column, "invalid-value");
        }

        private Money Amount(string column) =>
            Cell(column) is not { } text ? Zero(column, "required") : MoneyOf(text, currency) ?? Zero(column, "invalid-value");

        private Money Zero(string column, string code)
        {
            Fail<string>(column, code);
            return Money.Zero(currency);
        }

        private int Number(string column)
        {
            if (Cell(column) is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return value;
            }

            Fail<string>(column, Cell(column) is null ? "required" : "invalid-value");
            return 0;
        }

        private DateOnly? Day(string column)
        {
            if (Cell(column) is not { } text)
            {
                if (Required.Contains(column))
                {
                    Fail<string>(column, "required");
                }

                return null;
            }

            if (BusinessDateConverter.TryParse(text, out var day))
            {
                return day;
            }

            Fail<string>(column, "invalid-value");
            return null;
        }

        private MemberId? Id(string column)
        {
            if (Cell(column) is not { } text)
            {
                return null;
            }

            if (Guid.TryParse(text, out var id))
            {
                return new MemberId(id);
            }

            Fail<string>(column, "invalid-value");
            return null;
        }

        private T? Fail<T>(string column, string code)
            where T : class
        {
            Errors.Add(new MigrationError(number, column, code, code == "required" ? "The cell is empty." : "The cell does not hold what the column is for."));
            return null;
        }
    }
}
