using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Calendars;

/// <summary>Brings in a table of holidays, as the decree of a year has them, or those that an area has besides.</summary>
/// <param name="Year">Of which year the table is: then every day of it lies in that year.</param>
/// <param name="AreaCode">Where they are kept: the beginning of a national area code. Left out, everywhere.</param>
public sealed record ImportHolidays(
    ImmutableArray<Holiday> Holidays,
    int? Year = null,
    [property: JsonConverter(typeof(AreaConverter))] string? AreaCode = null,
    [property: TextLimit(120)] string? DecisionReference = null) : DatedCommand;

/// <summary>An area: a province, a regency or city, a district, or a village.</summary>
public sealed class AreaConverter() : FormedTextConverter("An area is the first 2, 4 or 6 digits of a national area code, or all 10.")
{
    public override bool HasForm(string text) => text.Length is 2 or 4 or 6 or 10 && text.All(char.IsAsciiDigit);
}

public static class ImportHolidaysDecider
{
    /// <summary>More than a year has days is no table of holidays.</summary>
    public const int Most = 366;

    public static Decision Decide(ImportHolidays command, TransactionId id, TenantCalendar calendar, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((CheckTable(command) ?? DateRules.Check(effectiveOn, moment)) is { } refusal)
        {
            return refusal;
        }

        var known = calendar.Holidays(effectiveOn).Where(holiday => holiday.AreaCode == command.AreaCode)
            .ToDictionary(holiday => holiday.Date, holiday => holiday.Name);
        return command.Holidays.All(holiday => known.GetValueOrDefault(holiday.Date) == holiday.Name)
            ? Decision.AlreadyRecorded()
            : Decision.Record(new NewFact(
                TenantCalendar.StreamId,
                new HolidaysImported(
                    id, [.. command.Holidays.OrderBy(holiday => holiday.Date)], command.Year, command.AreaCode, command.DecisionReference, command.ExternalId),
                BookDay.Open(effectiveOn),
                EventOf: id.Value));
    }

    private static Decision? CheckTable(ImportHolidays command)
    {
        if (command.Holidays.Length is 0 or > Most)
        {
            return Decision.Refuse("holidays-not-a-table", "/holidays", new Figure("most", Most));
        }

        HashSet<DateOnly> dates = [];
        foreach (var (index, holiday) in command.Holidays.Index())
        {
            if (!dates.Add(holiday.Date))
            {
                return Decision.Refuse("holiday-named-twice", $"/holidays/{index}/date", new Figure("date", holiday.Date));
            }

            if (command.Year is { } year && holiday.Date.Year != year)
            {
                return Decision.Refuse("holiday-in-another-year", $"/holidays/{index}/date", new Figure("date", holiday.Date), new Figure("year", year));
            }
        }

        return null;
    }
}

public static class ImportHolidaysEndpoint
{
    [WolverinePost("/v1/holidays", OperationId = "importHolidays")]
    [Tags("Calendar"), Takes(typeof(ImportHolidays)), TakesCsv("date,name"), Answers(typeof(HolidaysAnswer), 201)]
    [Query("year", "areaCode", OnlyThese = true)]
    public static async Task<IResult> Post(HttpContext http) => await http.Change<ImportHolidays>(
        "importHolidays",
        http.HasCsvBody() ? await ReadCsv(http) : await http.ReadChange(),
        ImportHolidaysDecider.Decide,
        (command, calendar, moment) => new Answer(
            201,
            HolidaysAnswer.OfTable(
                calendar, command.AreaCode, command.Holidays.Min(holiday => holiday.Date), command.Holidays.Max(holiday => holiday.Date), moment),
            "/v1/holidays"));

    /// <summary>A table as a spreadsheet saves it, with the year and the area beside it in the query: the same request as the JSON that it becomes.</summary>
    private static async ValueTask<ReadOnlyMemory<byte>> ReadCsv(HttpContext http)
    {
        http.AllowQuery("year", "areaCode");
        var command = new ImportHolidays(
            HolidayCsv.Read(await http.ReadBytes(CalendarChangeEndpoint.LongestBody)), (int?)http.QueryNumber("year", 1900, 2199), http.QueryText("areaCode"));
        return JsonSerializer.SerializeToUtf8Bytes(command, LedgerJson.Options);
    }
}
