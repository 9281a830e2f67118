using Kupang.Ledger.Http;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Calendars;

/// <summary>The holidays from one day to another, both included, by what was decided up to <paramref name="EffectiveOn"/>.</summary>
public sealed record HolidaysAnswer(DateOnly From, DateOnly To, IReadOnlyList<TableHoliday> Holidays, DateOnly EffectiveOn, long AsOfSequence)
{
    /// <summary>One table, as it stands after a change of it.</summary>
    public static HolidaysAnswer OfTable(TenantCalendar calendar, string? areaCode, DateOnly from, DateOnly to, Moment moment) =>
        Of(calendar.Holidays(moment.Today).Where(holiday => holiday.AreaCode == areaCode), from, to, moment.Today, moment.Sequence);

    public static HolidaysAnswer Of(IEnumerable<TableHoliday> holidays, DateOnly from, DateOnly to, DateOnly day, long sequence) =>
        new(from, to, [.. holidays.Where(holiday => holiday.Date >= from && holiday.Date <= to)], day, sequence);
}

public static class GetHolidaysEndpoint
{
    private const int MostYears = 10;

    /// <summary>Without days, the year that is looked at; with an area, what is kept there; without one, all tables.</summary>
    [WolverineGet("/v1/holidays", OperationId = "getHolidays")]
    [Tags("Calendar"), Answers(typeof(HolidaysAnswer), 200), Query("from", "to", "areaCode")]
    public static Task<IResult> Get(HttpContext http)
    {
        var areaCode = http.QueryText("areaCode");
        if (areaCode is not null && !new AreaConverter().HasForm(areaCode))
        {
            throw RequestProblem.Malformed("areaCode", "invalid-value", new AreaConverter().Form);
        }

        return http.Read(
            async (snapshot, asOf, cancellation) =>
            {
                var from = http.QueryDay("from") ?? new DateOnly((http.QueryDay("to") ?? asOf.EffectiveOn).Year, 1, 1);
                var to = http.QueryDay("to") ?? new DateOnly(from.Year, 12, 31);
                if (to < from || to.Year - from.Year > MostYears)
                {
                    throw RequestProblem.Malformed("to", "invalid-value", $"The last day is not before the first, and at most {MostYears} years after it.");
                }

                var calendar = await snapshot.Find<TenantCalendar>(TenantCalendar.StreamId, cancellation) ?? TenantCalendar.Undecided;
                var holidays = areaCode is null ? calendar.Holidays(asOf.EffectiveOn) : calendar.HolidaysAt(areaCode, asOf.EffectiveOn);
                return HolidaysAnswer.Of(holidays, from, to, asOf.EffectiveOn, snapshot.Sequence);
            },
            "from",
            "to",
            "areaCode");
    }
}
