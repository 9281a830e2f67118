using System.Data;
using System.Globalization;
using System.Text;
using Kupang.Ledger.SharedKernel;
using MiniExcelLibs;

namespace Kupang.Ledger.Http;

/// <summary>The forms in which a report can be had.</summary>
public enum ReportFormat
{
    Json,
    Csv,
    Xlsx,
}

/// <summary>A report as rows and columns. A cell is a text, a number, an amount of money, a day, an id or nothing.</summary>
public sealed record ReportTable(string Name, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

/// <summary>An answer and the same as tables: the first is the report, further ones explain it.</summary>
public sealed record Report(object Answer, params IReadOnlyList<ReportTable> Tables);

/// <summary>
/// Answers a table as a file. Amounts are in units of their currency. A text that a spreadsheet would take for a formula has an
/// apostrophe before it.
/// </summary>
public sealed class TableResult(Report report, ReportFormat format) : IResult
{
    public const string Csv = "text/csv";
    public const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>What is asked for by <c>format</c>, else by <c>Accept</c>, else JSON.</summary>
    public static ReportFormat FormatOf(HttpContext http)
    {
        if (http.QueryWord<ReportFormat>("format") is { } named)
        {
            return named;
        }

        var accepted = http.Request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1).Select(type => type.MediaType.Value);
        return accepted.Select(type => type switch { Csv => ReportFormat.Csv, Xlsx => ReportFormat.Xlsx, _ => ReportFormat.Json }).FirstOrDefault();
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (type, extension, bytes) = format == ReportFormat.Csv
            ? ($"{Csv}; charset=utf-8", "csv", Encoding.UTF8.GetBytes(CsvOf(report.Tables[0])))
            : (Xlsx, "xlsx", await WorkbookOf(report.Tables, httpContext.RequestAborted));
        var response = httpContext.Response;
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept";
        response.Headers.ContentDisposition = $"attachment; filename=\"{report.Tables[0].Name}.{extension}\"";
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }

    /// <summary>As RFC 4180 has it: commas, quotes where they are needed, lines that end in CR and LF.</summary>
    public static string CsvOf(ReportTable table)
    {
        var text = new StringBuilder();
        foreach (var row in table.Rows.Prepend([.. table.Columns]))
        {
            text.AppendJoin(',', row.Select(CellOf)).Append("\r\n");
        }

        return text.ToString();
    }

    private static string CellOf(object? value)
    {
        var text = value switch
        {
            null => "",
            string words => words.Length > 0 && words[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + words : words,
            Money money => money.ToAmountText(),
            DateOnly day => BusinessDateConverter.Write(day),
            IFormattable other => other.ToString(format: null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static async Task<byte[]> WorkbookOf(IReadOnlyList<ReportTable> tables, CancellationToken cancellation)
    {
        using var workbook = new DataSet { Locale = CultureInfo.InvariantCulture };
        foreach (var table in tables)
        {
            var sheet = workbook.Tables.Add(table.Name);
            foreach (var column in table.Columns)
            {
                sheet.Columns.Add(column, typeof(object));
            }

            foreach (var row in table.Rows)
            {
                sheet.Rows.Add([.. row.Select(ValueOf)]);
            }
        }

        using var stream = new MemoryStream();
        await stream.SaveAsAsync(workbook, cancellationToken: cancellation);
        return stream.ToArray();
    }

    private static object? ValueOf(object? value) => value switch
    {
        Money money => money.Amount,
        DateOnly day => day.ToDateTime(TimeOnly.MinValue),
        IId id => id.ToString(),
        Guid id => id.ToString(),
        _ => value,
    };
}
