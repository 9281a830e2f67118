using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Audit;

/// <summary>A command that a rule refused: an auditor looks for attempts.</summary>
public sealed record RefusedAttempt(DateTimeOffset At, Actor Actor, string Operation, string Code);

public static class ListRefusalsEndpoint
{
    private const int IdBytes = 16;

    [WolverineGet("/v1/refusals", OperationId = "listRefusals")]
    [Tags("Audit"), Answers(typeof(Page<RefusedAttempt>), 200), Query("limit", "cursor", OnlyThese = true)]
    public static async Task<IResult> Get(HttpContext http)
    {
        http.AllowQuery("limit", "cursor");
        var caller = Caller.Of(http);
        var limit = http.Limit();
        await using var snapshot = await http.OpenSnapshot(caller, KnownAs.Now);

        // A refusal has no number, since nothing was recorded; its id sorts by time. One more than the page holds tells
        // whether there is another page.
        var refusals = await snapshot.Query(
            """
            select id, at, actor::text, operation, code from ledger.refusal
             where tenant_id = $1 and $2::bigint is not null and id > $3 order by id limit $4
            """,
            reader => (Id: reader.GetGuid(0), Refusal: new RefusedAttempt(
                reader.GetFieldValue<DateTimeOffset>(1),
                JsonSerializer.Deserialize<Actor>(reader.GetString(2), LedgerJson.Options)!,
                reader.GetString(3),
                reader.GetString(4))),
            http.RequestAborted,
            CursorOf(http),
            limit + 1);
        var page = refusals.Take(limit).ToArray();
        return StoredJson.Of(
            caller.Tenant,
            new Page<RefusedAttempt>([.. page.Select(row => row.Refusal)], refusals.Count > limit ? NextLink(page[^1].Id, limit) : null));
    }

    private static string NextLink(Guid last, int limit) => string.Create(
        CultureInfo.InvariantCulture, $"/v1/refusals?cursor={Base64Url.EncodeToString(last.ToByteArray(bigEndian: true))}&limit={limit}");

    private static Guid CursorOf(HttpContext http)
    {
        if (http.Request.Query["cursor"] is not [{ } text])
        {
            return Guid.Empty;
        }

        Span<byte> bytes = stackalloc byte[IdBytes];
        return Base64Url.IsValid(text, out var length) && length == IdBytes && Base64Url.TryDecodeFromChars(text, bytes, out _)
            ? new Guid(bytes, bigEndian: true)
            : throw RequestProblem.Of("invalid-cursor");
    }
}
