using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Calendars;

/// <summary>
/// A table of holidays as a spreadsheet saves it: a first line that names the columns <c>date</c> and <c>name</c>, and a line a
/// day. The columns are divided by commas, or by semicolons as spreadsheets in Indonesian do; a field may stand in quotes.
/// </summary>
internal static class HolidayCsv
{
    private const int MostErrors = 50;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="RequestProblem">All that is wrong with the table, by line and column, up to the first fifty.</exception>
    public static ImmutableArray<Holiday> Read(ReadOnlyMemory<byte> body)
    {
        var lines = TextOf(body).TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        var divider = lines[0].Trim() switch
        {
            "date,name" => ',',
            "date;name" => ';',
            _ => throw RequestProblem.Malformed("/1", "invalid-value", "The first line names the columns: date,name."),
        };
        List<ProblemError> errors = [];
        Dictionary<DateOnly, int> lineOf = [];
        List<Holiday> holidays = [];
        foreach (var (index, line) in lines.Index().Skip(1).Where(line => !string.IsNullOrWhiteSpace(line.Item)))
        {
            var number = index + 1;
            if (FieldsOf(line, divider) is not [var date, var name])
            {
                errors.Add(Error(number, "", "invalid-value", "A line has a date and a name."));
                continue;
            }

            var isDay = BusinessDateConverter.TryParse(date, out var day);
            if (!isDay)
            {
                errors.Add(Error(number, "/date", "invalid-value", "A day is written 2026-11-24 and exists in the calendar."));
            }
            else if (!lineOf.TryAdd(day, number))
            {
                errors.Add(Error(number, "/date", "duplicate-day", string.Create(CultureInfo.InvariantCulture, $"The day stands in line {lineOf[day]} already.")));
            }

            if (!TextConverter.IsProper(name, Holiday.LongestName))
            {
                errors.Add(Error(number, "/name", "invalid-value", $"A name has 1 to {Holiday.LongestName} characters."));
            }

            holidays.Add(new Holiday(day, name));
        }

        return errors.Count == 0 ? [.. holidays] : throw RequestProblem.Malformed([.. errors.Take(MostErrors)]);
    }

    private static string TextOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            return Utf8.GetString(body.Span);
        }
        catch (DecoderFallbackException notText)
        {
            throw RequestProblem.Malformed("", "invalid-text", "The table is text in UTF-8.", notText);
        }
    }

    /// <summary>The fields of a line, or nothing where its quotes are not as they must be. A quote inside quotes stands twice.</summary>
    private static string[]? FieldsOf(string line, char divider)
    {
        List<string> fields = [];
        var rest = line.AsSpan();
        while (true)
        {
            rest = rest.TrimStart();
            if (rest is not ['"', ..])
            {
                var end = rest.IndexOf(divider);
                fields.Add((end < 0 ? rest : rest[..end]).Trim().ToString());
                if (end < 0)
                {
                    return [.. fields];
                }

                rest = rest[(end + 1)..];
                continue;
            }

            if (EndOfQuotes(rest) is not { } close)
            {
                return null;
            }

            fields.Add(rest[1..close].ToString().Replace("\"\"", "\"", StringComparison.Ordinal).Trim());
            rest = rest[(close + 1)..].TrimStart();
            if (rest.IsEmpty)
            {
                return [.. fields];
            }

            if (rest[0] != divider)
            {
                return null;
            }

            rest = rest[1..];
        }
    }

    private static int? EndOfQuotes(ReadOnlySpan<char> text)
    {
        for (var index = 1; index < text.Length; index++)
        {
            if (text[index] != '"')
            {
                continue;
            }

            if (index + 1 == text.Length || text[index + 1] != '"')
            {
                return index;
            }

            index++;
        }

        return null;
    }

    private static ProblemError Error(int line, string column, string code, string detail) =>
        new(string.Create(CultureInfo.InvariantCulture, $"/{line}{column}"), code, detail);
}
