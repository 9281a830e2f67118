using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Http;

/// <summary>As of which day a read is, and up to which knowledge.</summary>
public sealed record AsOf(DateOnly EffectiveOn);

/// <summary>Reads that answer one thing, as of a day and as known at a number or an instant.</summary>
public static class ReadEndpoints
{
    private static readonly string[] Axes = ["effectiveOn", "knownAt", "knownAtSequence"];

    /// <summary>Answers one thing, or 404 when there is none.</summary>
    public static async Task<IResult> Read(
        this HttpContext http, Func<Snapshot, AsOf, CancellationToken, Task<object?>> read, params string[] parameters)
    {
        http.AllowQuery([.. Axes, .. parameters]);
        var caller = Caller.Of(http);
        await using var snapshot = await http.OpenSnapshot(caller, http.KnownAsOf());
        var value = await read(snapshot, new AsOf(http.QueryDay("effectiveOn") ?? snapshot.Today), http.RequestAborted);
        return value switch
        {
            null => new ProblemResult("not-found"),
            IVersioned versioned => StoredJson.Of(caller.Tenant, value, EtagOf(versioned.Version)),
            _ => StoredJson.Of(caller.Tenant, value),
        };
    }

    /// <summary>Answers a page of the parts of one thing, pinned to the number that the first page was read at.</summary>
    public static async Task<IResult> ReadPage(
        this HttpContext http, Cursor? cursor, Func<Snapshot, AsOf, CancellationToken, Task<object?>> read, params string[] parameters)
    {
        http.AllowQuery([.. Axes, "limit", "cursor", .. parameters]);
        var caller = Caller.Of(http);
        await using var snapshot = await http.OpenSnapshot(caller, cursor is null ? KnownAsOf(http) : new KnownAs(cursor.Sequence));
        return await read(snapshot, new AsOf(http.QueryDay("effectiveOn") ?? snapshot.Today), http.RequestAborted) is { } page
            ? StoredJson.Of(caller.Tenant, page)
            : new ProblemResult("not-found");
    }

    /// <summary>Answers a page of rows made from the facts of one thing, in the order of their numbers.</summary>
    /// <typeparam name="TFirst">The fact that makes such a thing; another kind of thing is not found.</typeparam>
    /// <typeparam name="TRow">What is told of a fact.</typeparam>
    /// <param name="rows">All rows as of a day; a row's number is its fact's.</param>
    public static Task<IResult> ReadRows<TFirst, TRow>(
        this HttpContext http, Guid streamId, Func<IReadOnlyList<RecordedFact>, DateOnly, IEnumerable<TRow>> rows, Func<TRow, long> numberOf)
    {
        var cursor = Cursor.Of(http);
        var limit = http.Limit();
        return http.ReadPage(cursor, async (snapshot, asOf, cancellation) =>
        {
            var facts = await snapshot.FactsOf([streamId], cancellation);
            if (facts is not [{ Data: TFirst }, ..])
            {
                return null;
            }

            var found = rows(facts, asOf.EffectiveOn).Where(row => numberOf(row) > (cursor?.After ?? 0)).Take(limit + 1).ToList();
            var page = found.Take(limit).ToArray();
            return new Page<TRow>(page, found.Count > limit ? http.NextLink(new Cursor(numberOf(page[^1]), snapshot.Sequence)) : null);
        });
    }

    /// <summary>Answers what one fact was, by the id of the thing it made; the stream must be the one the route names.</summary>
    public static Task<IResult> ReadFact<TFact>(this HttpContext http, Guid streamId, Guid thing, Func<RecordedFact, long, object> present) =>
        http.Read(async (snapshot, _, cancellation) =>
            await snapshot.FactMaking(thing, cancellation) is { Data: TFact } fact && fact.StreamId == streamId
                ? present(fact, snapshot.Sequence)
                : null);

    public static async Task<Snapshot> OpenSnapshot(this HttpContext http, Caller caller, KnownAs known)
    {
        try
        {
            return await http.RequestServices.GetRequiredService<LedgerReader>().Open(caller.Tenant, known, http.RequestAborted);
        }
        catch (SequenceNotReached beyond)
        {
            throw RequestProblem.Of(
                "sequence-not-reached",
                "knownAtSequence",
                "sequence-not-reached",
                string.Create(CultureInfo.InvariantCulture, $"The last number is {beyond.Last}."),
                new Figure("last", beyond.Last));
        }
    }

    public static string EtagOf(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The version that a change was decided on, from <c>If-Match</c>.</summary>
    public static long RequireVersion(this HttpContext http)
    {
        var header = http.Request.Headers.IfMatch;
        return header.Count == 0 ? throw RequestProblem.Of("precondition-required")
            : header.Count == 1 && long.TryParse(header[0]!.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
            : throw RequestProblem.Of("precondition-failed");
    }

    /// <summary>Up to which knowledge the request wants to read.</summary>
    public static KnownAs KnownAsOf(this HttpContext http)
    {
        var sequence = http.QueryNumber("knownAtSequence", 0, long.MaxValue);
        if (http.Request.Query["knownAt"] is not [{ } text])
        {
            return new KnownAs(sequence);
        }

        if (sequence is not null)
        {
            throw RequestProblem.Of("malformed-request", "knownAt", "invalid-value", "Name knownAt or knownAtSequence, not both.");
        }

        // A plus sign in a query stands for a space, so an offset may arrive as one.
        return DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            && text.Contains('T', StringComparison.Ordinal)
            ? new KnownAs(At: instant)
            : throw RequestProblem.Of("malformed-request", "knownAt", "invalid-value", "An instant is written 2026-11-24T09:00:00Z.");
    }
}

/// <summary>
/// An answer that says its version, which also goes out as its <c>ETag</c>: a list gives each item's, and a kept answer is
/// repeated with the one it had.
/// </summary>
public interface IVersioned
{
    long Version { get; }
}

/// <summary>A page of a list, and where the next one begins.</summary>
public sealed record Page<TItem>(IReadOnlyList<TItem> Items, string? Next);

/// <summary>Where a list goes on: behind which place, and as of which number, so that paging is one consistent view.</summary>
public sealed record Cursor(long After, long Sequence)
{
    public const int DefaultLimit = 50;
    public const int LargestLimit = 200;

    public string Write() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, LedgerJson.Options));

    public static Cursor? Of(HttpContext http)
    {
        if (http.Request.Query["cursor"] is not [{ } text])
        {
            return null;
        }

        try
        {
            return text.Length <= 200 && JsonSerializer.Deserialize<Cursor>(Base64Url.DecodeFromChars(text), LedgerJson.Options) is { After: >= 0, Sequence: >= 0 } cursor
                ? cursor
                : throw RequestProblem.Of("invalid-cursor");
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException)
        {
            throw RequestProblem.Of("invalid-cursor");
        }
    }
}

/// <summary>Reads that answer a list, page by page.</summary>
public static class ListEndpoints
{
    private const int ScanLimit = 1_000;
    private static readonly string[] Common = ["limit", "cursor", "number", "externalId"];

    /// <summary>
    /// Lists the things of one kind in the order they were made. Items that the filter refuses are passed over; the filter
    /// sees each thing as of the number the list is pinned to.
    /// </summary>
    public static async Task<IResult> List<TState>(
        this HttpContext http, IReadOnlyDictionary<string, string> idFilters, string[] parameters, Func<TState, Snapshot, ValueTask<object?>> present)
        where TState : class, IStreamState<TState>
    {
        http.AllowQuery([.. Common, .. idFilters.Keys, .. parameters]);
        var caller = Caller.Of(http);
        var limit = http.Limit();
        var cursor = Cursor.Of(http);
        await using var snapshot = await http.OpenSnapshot(caller, new KnownAs(cursor?.Sequence));
        var after = cursor?.After ?? 0;
        List<object> items = [];
        var scanned = 0;
        while (true)
        {
            var rows = await ListingPage(http, snapshot, TState.Kind, idFilters, after, limit);
            var states = await snapshot.FindAll<TState>([.. rows.Select(row => row.Id)], http.RequestAborted);
            foreach (var row in rows)
            {
                after = row.Sequence;
                scanned++;
                if (states.TryGetValue(row.Id, out var state) && await present(state, snapshot) is { } item)
                {
                    items.Add(item);
                }

                if (items.Count == limit)
                {
                    break;
                }
            }

            var isEnd = rows.Count < limit;
            if (items.Count == limit || isEnd || scanned >= ScanLimit)
            {
                var hasMore = !isEnd || (items.Count == limit && rows[^1].Sequence > after);
                return StoredJson.Of(caller.Tenant, new Page<object>(items, hasMore ? http.NextLink(new Cursor(after, snapshot.Sequence)) : null));
            }
        }
    }

    public static int Limit(this HttpContext http) => (int)(http.QueryNumber("limit", 1, Cursor.LargestLimit) ?? Cursor.DefaultLimit);

    /// <summary>The same request, further on.</summary>
    public static string NextLink(this HttpContext http, Cursor cursor)
    {
        var link = new StringBuilder(http.Request.Path.Value).Append("?cursor=").Append(cursor.Write());
        foreach (var (name, values) in http.Request.Query.Where(parameter => !string.Equals(parameter.Key, "cursor", StringComparison.Ordinal)))
        {
            link.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(values[0]!));
        }

        return link.ToString();
    }

    private static Task<List<(Guid Id, long Sequence)>> ListingPage(
        HttpContext http, Snapshot snapshot, string kind, IReadOnlyDictionary<string, string> idFilters, long after, int limit)
    {
        var sql = new StringBuilder("select id, n from ledger.listing where tenant_id = $1 and n <= $2 and kind = $3 and n > $4");
        List<object?> values = [kind, after];
        foreach (var (parameter, column) in idFilters.Where(filter => http.Request.Query.ContainsKey(filter.Key)))
        {
            values.Add(http.QueryId(parameter));

            // What belongs to several funds is listed under none, what came to a group later is named so beside the list, and
            // whoever presents it looks closer.
            var also = column switch
            {
                "fund_id" => " or fund_id is null",
                "group_id" => string.Create(
                    CultureInfo.InvariantCulture,
                    $" or id in (select stream_id from ledger.natural_key where tenant_id = $1 and kind = '{NameClaim.InGroup}' || ${values.Count + 2}::uuid)"),
                _ => "",
            };
            sql.Append(CultureInfo.InvariantCulture, $" and ({column} = ${values.Count + 2}{also})");
        }

        foreach (var (parameter, column) in new[] { ("number", "number"), ("externalId", "external_id") })
        {
            if (http.QueryText(parameter) is { } text)
            {
                values.Add(text);
                sql.Append(CultureInfo.InvariantCulture, $" and {column} = ${values.Count + 2}");
            }
        }

        values.Add(limit);
        sql.Append(CultureInfo.InvariantCulture, $" order by n limit ${values.Count + 2}");
        return snapshot.Query(sql.ToString(), reader => (reader.GetGuid(0), reader.GetInt64(1)), http.RequestAborted, [.. values]);
    }
}
