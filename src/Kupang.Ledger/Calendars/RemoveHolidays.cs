using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Calendars;

/// <summary>Takes days out of a table of holidays. A holiday that moves is taken out here, and its new day imported.</summary>
/// <param name="AreaCode">Whose table it is; left out, that of everywhere.</param>
public sealed record RemoveHolidays(
    ImmutableArray<DateOnly> Dates,
    [property: JsonConverter(typeof(AreaConverter))] string? AreaCode = null,
    [property: TextLimit(120)] string? DecisionReference = null,
    [property: JsonConverter(typeof(ReasonCodeConverter))] string? ReasonCode = null) : DatedCommand;

public static class RemoveHolidaysDecider
{
    public static Decision Decide(RemoveHolidays command, TransactionId id, TenantCalendar calendar, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return CheckDates(command, calendar, effectiveOn)
            ?? DateRules.Check(effectiveOn, moment)
            ?? Decision.Record(new NewFact(
                TenantCalendar.StreamId,
                new HolidaysRemoved(id, [.. command.Dates.Order()], command.AreaCode, command.DecisionReference, command.ExternalId),
                BookDay.Open(effectiveOn),
                EventOf: id.Value,
                command.ReasonCode));
    }

    private static Decision? CheckDates(RemoveHolidays command, TenantCalendar calendar, DateOnly effectiveOn)
    {
        if (command.Dates.Length is 0 or > ImportHolidaysDecider.Most)
        {
            return Decision.Refuse("holidays-not-a-table", "/dates", new Figure("most", ImportHolidaysDecider.Most));
        }

        var known = calendar.Holidays(effectiveOn).Where(holiday => holiday.AreaCode == command.AreaCode).Select(holiday => holiday.Date).ToHashSet();
        foreach (var (index, date) in command.Dates.Index())
        {
            if (command.Dates.IndexOf(date) < index)
            {
                return Decision.Refuse("holiday-named-twice", $"/dates/{index}", new Figure("date", date));
            }

            if (!known.Contains(date))
            {
                return Decision.Refuse("unknown-holiday", $"/dates/{index}", new Figure("date", date));
            }
        }

        return null;
    }
}

public static class RemoveHolidaysEndpoint
{
    [WolverinePost("/v1/holiday-removals", OperationId = "removeHolidays")]
    [Tags("Calendar"), Takes(typeof(RemoveHolidays)), Answers(typeof(HolidaysAnswer), 201)]
    public static async Task<IResult> Post(HttpContext http) => await http.Change<RemoveHolidays>(
        "removeHolidays",
        await http.ReadChange(),
        RemoveHolidaysDecider.Decide,
        (command, calendar, moment) => new Answer(
            201, HolidaysAnswer.OfTable(calendar, command.AreaCode, command.Dates.Min(), command.Dates.Max(), moment), "/v1/holidays"));
}
