using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Audit;

/// <summary>What a fact happened to: its loan, fund, voucher or group.</summary>
public sealed record PaperSubject(string Kind, Guid Id);

/// <summary>One fact that was ever written on a paper, whether it stands or was taken back.</summary>
/// <param name="Id">The thing it made, such as a repayment; nothing when it made none of its own.</param>
/// <param name="FundIds">The funds whose money or promises it moved.</param>
/// <param name="Reverses">The fact that this one takes back.</param>
/// <param name="ReversedBy">The fact that takes this one back: its number was free again, and the next row may be what replaced it.</param>
public sealed record PaperFact(
    Paper Paper,
    long Sequence,
    Guid EventId,
    Guid? Id,
    string Type,
    string? Number,
    PaperSubject About,
    IReadOnlyList<Guid> FundIds,
    Money? Amount,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    DateTimeOffset RecordedAt,
    string Operation,
    Actor Actor,
    ImmutableArray<Approver>? ApprovedBy,
    StaffId? HandledBy,
    Channel? Channel,
    string? ReasonCode,
    Guid? Reverses,
    Guid? ReversedBy);

/// <summary>
/// A fact as the log keeps it, with its papers. What all facts call alike is read off its stored form, which is a contract for
/// ever, so that facts of later stages are listed without a word about them here.
/// </summary>
internal sealed record StoredPaperFact(Guid EventId, Guid StreamId, string Type, JsonElement Data, Envelope Envelope, Guid[] FundIds)
{
    public PaperFact Of(string tenant, FactTypes types, IReadOnlyDictionary<Guid, Guid> reversals)
    {
        var made = EventIds.For(tenant, EventId);
        return new PaperFact(
            Envelope.Paper!,
            Envelope.Sequence,
            EventId,
            Data.EnumerateObject().Any(member => IdOf(member.Value) == made) ? made : null,
            Type,
            Data.TryGetProperty("number", out var number) ? number.GetString() : null,
            new PaperSubject(types.ByAlias(Type).Stream.Name, StreamId),
            FundIds,
            Data.TryGetProperty("amount", out var amount) || Data.TryGetProperty("principal", out amount) ? amount.Deserialize<Money>(LedgerJson.Options) : null,
            Envelope.EffectiveOn,
            Envelope.BookedOn,
            Envelope.RecordedAt,
            Envelope.Operation,
            Envelope.Actor,
            Envelope.ApprovedBy,
            Envelope.HandledBy,
            Envelope.Channel,
            Envelope.ReasonCode,
            Data.TryGetProperty("reversalId", out _) && Data.TryGetProperty("transactionId", out var reversed) ? IdOf(reversed) : null,
            reversals.TryGetValue(made, out var reversal) ? reversal : null);
    }

    private static Guid? IdOf(JsonElement value) => value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var id) ? id : null;
}

public static class ListPapersEndpoint
{
    private const string PaperAt = "select l.paper_number from ledger.fact l where l.tenant_id = $1 and l.n = {0}";

    [WolverineGet("/v1/papers", OperationId = "listPapers")]
    [Tags("Audit"), Answers(typeof(Page<PaperFact>), 200), Query("book", "number", "limit", "cursor", "knownAt", "knownAtSequence", OnlyThese = true)]
    public static async Task<IResult> Get(HttpContext http)
    {
        http.AllowQuery("book", "number", "limit", "cursor", "knownAt", "knownAtSequence");
        var caller = Caller.Of(http);
        var limit = http.Limit();
        var known = http.KnownAsOf();
        var cursor = Cursor.Of(http);
        await using var snapshot = await http.OpenSnapshot(caller, cursor is null ? known : new KnownAs(cursor.Sequence));

        // One more than the page holds tells whether there is another page.
        var numbers = await Numbers(http, snapshot, cursor?.After, limit + 1);
        var page = numbers.Take(limit).ToArray();
        var facts = await Facts(http, snapshot, page);
        var reversals = await Reversals(http, snapshot, [.. facts.Values.Select(fact => fact.StreamId).Distinct()]);
        var types = http.RequestServices.GetRequiredService<FactTypes>();
        return StoredJson.Of(
            caller.Tenant,
            new Page<PaperFact>(
                [.. page.Select(number => facts[number].Of(caller.Tenant, types, reversals))],
                numbers.Count > limit ? http.NextLink(new Cursor(page[^1], snapshot.Sequence)) : null));
    }

    /// <summary>
    /// The facts of one paper, or of all papers of a book: in the order in which a book is numbered, 9 before 10, and facts on
    /// one paper as they were recorded.
    /// </summary>
    private static Task<List<long>> Numbers(HttpContext http, Snapshot snapshot, long? after, int limit)
    {
        List<object?> values = [http.QueryText("book") ?? Paper.MainBook, limit];

        // Only what was asked for stands in the statement, so that the index on papers serves each.
        return snapshot.Query(
            $"""
            select n from ledger.fact
             where tenant_id = $1 and n <= $2 and paper_book = $3
             {Filter(http.QueryText("number"), "and length(paper_number) = length({0}) and paper_number = {0}")}
             {Filter(after, $"and (length(paper_number), paper_number, n) > (length(({PaperAt})), ({PaperAt}), {{0}})")}
             order by length(paper_number), paper_number, n limit $4
            """,
            reader => reader.GetInt64(0),
            http.RequestAborted,
            [.. values]);

        string Filter(object? value, string condition)
        {
            if (value is null)
            {
                return "";
            }

            values.Add(value);
            return condition.Replace("{0}", string.Create(CultureInfo.InvariantCulture, $"${values.Count + 2}"), StringComparison.Ordinal);
        }
    }

    private static async Task<IReadOnlyDictionary<long, StoredPaperFact>> Facts(HttpContext http, Snapshot snapshot, long[] numbers) => (await snapshot.Query(
        """
        select e.id, e.stream_id, e.type, e.data::text, (e.headers -> 'envelope')::text,
               array(select distinct l.fund_id from ledger.journal_line l where l.tenant_id = f.tenant_id and l.n = f.n order by l.fund_id)
          from ledger.fact f join ledger.mt_events e on e.id = f.event_id
         where f.tenant_id = $1 and f.n <= $2 and f.n = any($3)
        """,
        reader => new StoredPaperFact(
            reader.GetGuid(0),
            reader.GetGuid(1),
            reader.GetString(2),
            JsonElement.Parse(reader.GetString(3)),
            JsonSerializer.Deserialize<Envelope>(reader.GetString(4), LedgerJson.Options)!,
            reader.GetFieldValue<Guid[]>(5)),
        http.RequestAborted,
        numbers)).ToDictionary(fact => fact.Envelope.Sequence);

    /// <summary>What was taken back in these streams as far as this view knows, and by which fact.</summary>
    private static async Task<IReadOnlyDictionary<Guid, Guid>> Reversals(HttpContext http, Snapshot snapshot, Guid[] streams) => (await snapshot.Query(
        """
        select (data ->> 'transactionId')::uuid, (data ->> 'reversalId')::uuid from ledger.mt_events
         where tenant_id = $1 and (headers -> 'envelope' ->> 'sequence')::bigint <= $2 and stream_id = any($3) and data ? 'reversalId'
        """,
        reader => (Reversed: reader.GetGuid(0), Reversal: reader.GetGuid(1)),
        http.RequestAborted,
        streams)).ToDictionary(pair => pair.Reversed, pair => pair.Reversal);
}
