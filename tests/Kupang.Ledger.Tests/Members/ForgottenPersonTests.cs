using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Members;

/// <summary>
/// A person whose every text is unmistakable goes through the ledger: registered, lent to, repaid in full, forgotten ten
/// years later. The service has a database, a log and a clock of its own, so that all of them can be searched whole.
/// </summary>
public sealed partial class ForgottenPersonTests : IAsyncDisposable
{
    private const string NikOfKanaria = "5371025309870777";
    private const string Erased = "[DIHAPUS]";

    /// <summary>All that anybody ever said about the person, in the requests below.</summary>
    private static readonly string[] Texts =
    [
        "Kanaria Burungemas", NikOfKanaria, "5371••••••••0777", "1987-09-13", "+6289900112233", "Kampung Zambrud", "Dusun Zirkonia", "samping mercusuar nilakandi",
        "anyaman kulitkerang", "anyaman akarbahar", "beli bibit lobsterbiru", "rumah kontrakan pelangi", "suaminya pelaut samudrajingga",
        "dibayar iparnya dari Pulaukaca", "pindah ke Tanjungtopaz", "batal karena sakit zamrudin", "diminta Bank Batuakik",
    ];

    private readonly LedgerService service = new() { LogsEverything = true };
    private readonly List<(string Path, object Body, string Key, Reply Reply)> sent = [];
    private LoanBook book = null!;
    private Guid memberId;
    private Guid groupId;
    private Guid loanId;
    private long lastNumber;

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Nothing_about_a_person_stands_in_clear_anywhere_and_after_the_erasure_nothing_can_be_opened()
    {
        await Live();
        await AssertNothingStandsInClear();
        var opened = await AllThatOpens();
        Assert.All(Texts, text => Assert.True(Traces.IsIn(opened, text), text));
        var (tenantKey, wrapped) = await KeysThatOpen();
        var reads = await Reads();
        var money = await ReadsOfMoney();

        await Erase();

        await AssertNothingStandsInClear();
        opened = await AllThatOpens();
        Assert.All(Texts, text => Assert.False(Traces.IsIn(opened, text), text));
        var dump = await service.Dump();
        Assert.All([wrapped, Nik.HashOf(NikOfKanaria, tenantKey)], key => Assert.DoesNotContain(key, dump, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(money, await ReadsOfMoney());
        Assert.Equal(reads.Select(WithoutPerson), await Reads());
        await AssertEverybodyIsToldTheSame();
        await AssertNothingMoreIsRecorded();
    }

    /// <summary>The person's whole life in the ledger; each request is remembered, to be sent again.</summary>
    private async Task Live()
    {
        book = await LoanBook.Open(service);
        memberId = (await Post("/v1/members", new
        {
            name = "Kanaria Burungemas",
            sex = "female",
            nik = NikOfKanaria,
            birthDate = "1987-09-13",
            phone = "+6289900112233",
            village = "Kampung Zambrud",
            address = new { areaCode = "5371031003", dusun = "Dusun Zirkonia", rt = "004", rw = "002", landmark = "samping mercusuar nilakandi" },
            business = "anyaman kulitkerang",
            sector = "craft",
        })).Id;
        await book.Partner.Patch($"/v1/members/{memberId}", new { business = "anyaman akarbahar" }, "\"1\"");
        await book.Partner.PostRefused("/v1/members", new { name = "Kanaria Burungemas", sex = "female", nik = NikOfKanaria }, "nik-already-registered");
        await book.Partner.PostRefused(
            "/v1/members", $$"""{"name":"Kanaria Burungemas","sex":"?","nik":"{{NikOfKanaria}}"}""", "malformed-request", HttpStatusCode.BadRequest);
        groupId = (await Post("/v1/groups", new { name = "Melati", formedOn = "2026-01-02", members = new[] { new { memberId = book.MemberId } } })).Id;
        await Post($"/v1/groups/{groupId}/members", new { memberId, effectiveOn = "2026-01-03", note = "rumah kontrakan pelangi" });
        await Post($"/v1/members/{memberId}/nik-disclosures", new { reasonCode = "credit-check", note = "diminta Bank Batuakik" });

        loanId = (await Post("/v1/loans", Proposal("beli bibit lobsterbiru"))).Id;
        await Post($"/v1/loans/{loanId}/approvals", new { effectiveOn = "2026-01-04", decisionReference = "BA-1", note = "suaminya pelaut samudrajingga" });
        await Post($"/v1/loans/{loanId}/disbursements", new { effectiveOn = "2026-01-05", method = "cash", note = "rumah kontrakan pelangi" });
        await Post(
            $"/v1/loans/{loanId}/repayments",
            new { amount = Idr(4_720_000), effectiveOn = "2026-02-05", method = "cash", receiptNumber = "KW-1", note = "dibayar iparnya dari Pulaukaca" });
        var second = await Post("/v1/loans", Proposal("beli bibit lobsterbiru"));
        await Post($"/v1/loans/{second.Id}/cancellations", new { reason = "batal karena sakit zamrudin" });
        await Post($"/v1/groups/{groupId}/departures", new { memberId, effectiveOn = "2026-06-30", reasonCode = "moved-away", note = "pindah ke Tanjungtopaz" });

        lastNumber = await service.LastNumber(book.Partner.Tenant);
    }

    private object Proposal(string purpose) => new
    {
        fundId = book.FundId,
        productId = book.ProductId,
        memberId,
        principal = Idr(4_000_000),
        instalments = 12,
        purpose,
        proposedOn = "2026-01-03",
    };

    private async Task Erase()
    {
        var path = $"/v1/members/{memberId}/erasures";
        var clock = (FakeTimeProvider)(await service.Services()).GetRequiredService<TimeProvider>();
        Assert.Equal("2036-02-05", (await book.Partner.PostRefused(path, new { reasonCode = "own-request" }, "retention-running")).Value("endsOn"));
        clock.SetUtcNow(new DateTimeOffset(2036, 2, 5, 4, 0, 0, TimeSpan.Zero));

        var erased = await Post(path, new { reasonCode = "own-request" });

        Assert.Equal((Erased, "2036-02-05", $"/v1/members/{memberId}"), (erased.Value("name"), erased.Value("erasedOn"), erased.Headers.Location!.OriginalString));
    }

    /// <summary>The log as it is stored and as partners copy it, a whole backup of the database, and what was logged.</summary>
    private async Task AssertNothingStandsInClear()
    {
        var dump = await service.Dump();
        var feed = (await book.Partner.Get("/v1/events?limit=200")).Text;
        var log = string.Join('\n', service.Log);
        Assert.All([dump, feed], stored => Assert.Contains(memberId.ToString(), stored, StringComparison.Ordinal));
        Assert.All(["/v1/members", "Trace Microsoft.AspNetCore"], text => Assert.Contains(text, log, StringComparison.Ordinal));
        Assert.All(Texts, text => Assert.Equal((text, false, false, false), (text, Traces.IsIn(dump, text), Traces.IsIn(feed, text), Traces.IsIn(log, text))));
    }

    /// <summary>Every text in the log that any key of the tenant's still opens.</summary>
    private async Task<string> AllThatOpens()
    {
        var texts = Encrypted((await book.Partner.Get("/v1/events?limit=200")).Body).ToArray();
        var keys = await (await service.Services()).GetRequiredService<SubjectKeys>()
            .Of(book.Partner.Tenant, [.. texts.Select(text => text.Subject).Distinct()], TestContext.Current.CancellationToken);
        return string.Join('\n', texts.Where(text => keys.ContainsKey(text.Subject)).Select(text => keys[text.Subject].Decrypt(text)));
    }

    private static IEnumerable<Encrypted> Encrypted(JsonNode? node) => node switch
    {
        JsonObject members when members["cipher"] is { } cipher => [new Encrypted(members["subject"]!.GetValue<Guid>(), cipher.GetValue<string>())],
        JsonObject members => members.SelectMany(member => Encrypted(member.Value)),
        JsonArray items => items.SelectMany(Encrypted),
        _ => [],
    };

    /// <summary>The tenant's key, and the person's as the database holds it.</summary>
    private async Task<(TenantKey TenantKey, string Wrapped)> KeysThatOpen()
    {
        var tenantKey = await (await service.Services()).GetRequiredService<TenantKeys>().Of(book.Partner.Tenant, TestContext.Current.CancellationToken);
        await using var owner = await service.OpenOwnerConnection();
        await using var command = new Npgsql.NpgsqlCommand($"select encode(wrapped_key, 'hex') from ledger.subject_key where subject_id = '{memberId}'", owner);
        var wrapped = (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        var dump = await service.Dump();
        Assert.All([wrapped, Nik.HashOf(NikOfKanaria, tenantKey)], key => Assert.Contains(key, dump, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(memberId, SubjectKey.Unwrap(memberId, Convert.FromHexString(wrapped), tenantKey.Bytes).Subject);
        return (tenantKey, wrapped);
    }

    /// <summary>What was told about the person and all the person did, as it was known before the erasure.</summary>
    private Task<string[]> Reads() => Told(
        $"?effectiveOn=2026-11-24&knownAtSequence={lastNumber}",
        $"/v1/members/{memberId}",
        $"/v1/members/{memberId}/nik-disclosures",
        $"/v1/loans/{loanId}",
        $"/v1/loans/{loanId}/schedule",
        $"/v1/loans/{loanId}/transactions",
        $"/v1/groups/{groupId}");

    /// <summary>What names nobody: as it was known before the erasure, and as it is known now but for the number it is known at.</summary>
    private async Task<string[]> ReadsOfMoney()
    {
        string[] paths = [$"/v1/funds/{book.FundId}", $"/v1/funds/{book.FundId}/statement", "/v1/trial-balance", $"/v1/loans/{loanId}/schedule"];
        var now = await Told("?effectiveOn=2026-11-24", paths);
        return
        [
            .. await Told($"?effectiveOn=2026-11-24&knownAtSequence={lastNumber}", paths),
            .. await Told($"?knownAtSequence={lastNumber}", "/v1/journal-entries"),
            .. now.Select(text => NumberItIsKnownAt().Replace(text, "")),
        ];
    }

    private Task<string[]> Told(string query, params string[] paths) =>
        Task.WhenAll(paths.Select(async path => (await book.Partner.Get(path + query)).Text));

    /// <summary>Whoever repeats an old request, or reads, is told as before, with the person left out.</summary>
    private async Task AssertEverybodyIsToldTheSame()
    {
        foreach (var (path, body, key, reply) in sent)
        {
            var again = await book.Partner.Post(path, body, idempotencyKey: key);
            Assert.Equal(WithoutPerson(reply.Text), again.Text);
            Assert.True(again.Headers.Contains("Idempotent-Replayed"));
        }

        var member = await book.Partner.Get($"/v1/members/{memberId}");
        Assert.Equal(
            (Erased, Erased, Erased, Erased, Erased, "2036-02-05"),
            (member.Value("name"), member.Value("nik"), member.Value("phone"), member.Value("birthDate"), member.Value("business"), member.Value("erasedOn")));
        Assert.Equal(Erased, member["address"]["landmark"]!.GetValue<string>());
        var listed = (await book.Partner.Get("/v1/members"))["items"].AsArray().Single(item => item!["id"]!.GetValue<Guid>() == memberId)!;
        Assert.True(JsonNode.DeepEquals(member.Body, listed));
        Assert.Equal(Erased, (await book.Partner.Get($"/v1/loans?memberId={memberId}"))["items"][0]!["purpose"]!.GetValue<string>());
        Assert.Equal("Melati", (await book.Partner.Get($"/v1/groups/{groupId}")).Value("name"));
    }

    private async Task AssertNothingMoreIsRecorded()
    {
        var partner = book.Partner;
        var before = await service.LastNumber(partner.Tenant);
        var etag = (await partner.Get($"/v1/members/{memberId}")).Headers.ETag!.Tag;
        Assert.Equal("member-erased", (await partner.Patch($"/v1/members/{memberId}", new { name = "Ria" }, etag, HttpStatusCode.UnprocessableEntity)).Value("code"));
        await partner.PostRefused("/v1/loans", Proposal("Modal kios"), "member-erased");
        await partner.PostRefused($"/v1/groups/{groupId}/members", new { memberId }, "member-erased");
        await partner.PostRefused("/v1/groups", new { name = "Mawar", formedOn = "2026-01-02", members = new[] { new { memberId } } }, "member-erased");
        await partner.PostRefused($"/v1/members/{memberId}/nik-disclosures", new { reasonCode = "credit-check" }, "member-erased");
        await partner.Post($"/v1/members/{memberId}/erasures", new { reasonCode = "own-request" }, HttpStatusCode.OK);
        Assert.Equal(before, await service.LastNumber(partner.Tenant));

        // Who comes back is a new member, and the old number stands in nobody's way.
        Assert.NotEqual(memberId, (await partner.Post("/v1/members", new { name = "Kanaria Burungemas", sex = "female", nik = NikOfKanaria })).Id);
    }

    private async Task<Reply> Post(string path, object body)
    {
        var key = Guid.CreateVersion7().ToString();
        var reply = await book.Partner.Post(path, body, idempotencyKey: key);
        sent.Add((path, body, key, reply));
        return reply;
    }

    private static string WithoutPerson(string text) =>
        Texts.Concat(["004", "002"]).Aggregate(text, (rest, known) => rest.Replace($"\"{known}\"", $"\"{Erased}\"", StringComparison.Ordinal));

    [GeneratedRegex(",?\"asOfSequence\":[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NumberItIsKnownAt();
}
