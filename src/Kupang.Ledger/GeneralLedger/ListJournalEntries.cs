using System.Globalization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.GeneralLedger;

/// <summary>One money fact as the journal shows it, with all its lines.</summary>
public sealed record JournalEntry(
    long Sequence,
    Guid EventId,
    string Type,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    DateTimeOffset RecordedAt,
    VoucherKind VoucherKind,
    string Description,
    IReadOnlyList<JournalEntryLine> Lines)
{
    public static JournalEntry Of(RecordedFact fact, string alias) => new(
        fact.Envelope.Sequence,
        fact.EventId,
        alias,
        fact.Envelope.EffectiveOn,
        fact.Envelope.BookedOn,
        fact.Envelope.RecordedAt,
        fact.Envelope.VoucherKind,
        FactDescription.Of(alias, fact.Data),
        [.. ((IMoneyFact)fact.Data).Lines.Select(JournalEntryLine.Of)]);
}

public static class ListJournalEntriesEndpoint
{
    [WolverineGet("/v1/journal-entries", OperationId = "listJournalEntries")]
    [Tags("Books"), Answers(typeof(Page<JournalEntry>), 200)]
    [Query("account", "fundId", "from", "to", "basis", "limit", "cursor", "knownAt", "knownAtSequence", OnlyThese = true), QueryWords("basis", typeof(Basis))]
    public static async Task<IResult> Get(HttpContext http)
    {
        http.AllowQuery("account", "fundId", "from", "to", "basis", "limit", "cursor", "knownAt", "knownAtSequence");
        var caller = Caller.Of(http);
        var limit = http.Limit();
        var known = http.KnownAsOf();
        var cursor = Cursor.Of(http);
        await using var snapshot = await http.OpenSnapshot(caller, cursor is null ? known : new KnownAs(cursor.Sequence));

        // One more than the page holds tells whether there is another page.
        var numbers = await Numbers(http, snapshot, cursor?.After ?? 0, limit + 1);
        var page = numbers.Take(limit).ToArray();
        var facts = await snapshot.FactsNumbered(page, http.RequestAborted);
        var types = http.RequestServices.GetRequiredService<FactTypes>();
        JournalEntry[] entries = [.. facts.Select(fact => JournalEntry.Of(fact, types.Of(fact.Data).Alias))];
        return StoredJson.Of(
            caller.Tenant,
            new Page<JournalEntry>(entries, numbers.Count > limit ? http.NextLink(new Cursor(page[^1], snapshot.Sequence)) : null));
    }

    /// <summary>The numbers of the facts that have a line which meets every filter.</summary>
    private static Task<List<long>> Numbers(HttpContext http, Snapshot snapshot, long after, int limit)
    {
        var day = (http.QueryWord<Basis>("basis") ?? Basis.Booked).Column();
        List<object?> values = [after, limit];

        // Only what was asked for stands in the statement, so that one which is planned once still finds the lines of a fund.
        return snapshot.Query(
            $"""
            select distinct n from ledger.journal_line
             where tenant_id = $1 and n <= $2 and n > $3 and account ~ '^[0-9]'
             {Filter(AccountOf(http), "and (account = {0} or starts_with(account, {0} || '.'))")}
             {Filter(http.QueryId("fundId"), "and fund_id = {0}")}
             {Filter(http.QueryDay("from"), $"and {day} >= {{0}}")}
             {Filter(http.QueryDay("to"), $"and {day} <= {{0}}")}
             order by n limit $4
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

    private static string? AccountOf(HttpContext http) =>
        http.QueryText("account") is not { } code ? null
        : ChartOfAccounts.Find(new AccountCode(code)) is not null ? code
        : throw RequestProblem.Of("malformed-request", "account", "invalid-value", "The chart has no such account or group.");
}
