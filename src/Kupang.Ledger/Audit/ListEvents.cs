using System.Globalization;
using System.Text.Json;
using Kupang.Ledger.Http;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Audit;

/// <summary>One fact whole, as it is stored: texts about persons stay encrypted.</summary>
public sealed record StoredEvent(long Sequence, Guid EventId, Guid StreamId, string Type, JsonElement Data, JsonElement Envelope);

public static class ListEventsEndpoint
{
    [WolverineGet("/v1/events", OperationId = "listEvents")]
    [Tags("Audit"), Answers(typeof(Page<StoredEvent>), 200), Query("after", "limit", OnlyThese = true)]
    public static async Task<IResult> Get(HttpContext http)
    {
        http.AllowQuery("after", "limit");
        var caller = Caller.Of(http);
        var limit = http.Limit();
        var after = http.QueryNumber("after", 0, long.MaxValue) ?? 0;
        await using var snapshot = await http.OpenSnapshot(caller, KnownAs.Now);

        // One more than the page holds tells whether there is another page.
        var events = await snapshot.Query(
            """
            select f.n, e.id, e.stream_id, e.type, e.data::text, (e.headers -> 'envelope')::text
              from ledger.fact f join ledger.mt_events e on e.id = f.event_id
             where f.tenant_id = $1 and f.n <= $2 and f.n > $3 order by f.n limit $4
            """,
            reader => new StoredEvent(
                reader.GetInt64(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetString(3), Json(reader.GetString(4)), Json(reader.GetString(5))),
            http.RequestAborted,
            after,
            limit + 1);
        StoredEvent[] page = [.. events.Take(limit)];
        var next = events.Count > limit ? string.Create(CultureInfo.InvariantCulture, $"/v1/events?after={page[^1].Sequence}&limit={limit}") : null;
        return StoredJson.Of(caller.Tenant, new Page<StoredEvent>(page, next));
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
