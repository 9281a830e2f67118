using System.Net;
using System.Text.Json.Nodes;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Tests.GeneralLedger;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Audit;

public sealed class AuditHttpTests(LedgerService service)
{
    [Fact]
    public async Task The_feed_gives_every_fact_whole_and_in_order()
    {
        var book = await SampleBook.Open(service);

        var items = (await book.Partner.Get("/v1/events"))["items"].AsArray();

        Assert.Equal(Enumerable.Range(1, 12), items.Select(item => item!["sequence"]!.GetValue<int>()));
        Assert.Equal(
            ["api_key_issued", "fund_opened", "donor_registered", "contribution_received", "contribution_received", "voucher_recorded"],
            items.Take(6).Select(item => item!["type"]!.GetValue<string>()));
        var contribution = items[3]!;
        Assert.Equal("50000000", contribution["data"]!["amount"]!["amount"]!.GetValue<string>());
        Assert.Equal(2, contribution["data"]!["lines"]!.AsArray().Count);
        Assert.Equal("receiveContribution", contribution["envelope"]!["operation"]!.GetValue<string>());
        Assert.Equal("2026-01-05", contribution["envelope"]!["effectiveOn"]!.GetValue<string>());
        Assert.Equal(book.FundId, contribution["streamId"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task A_name_stays_encrypted_in_the_feed()
    {
        var book = await SampleBook.Open(service);

        var read = await book.Partner.Get("/v1/events");

        Assert.DoesNotContain("Alfa", read.Text, StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(read["items"][2]!["data"]!["name"]!["cipher"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_partner_follows_the_feed_from_where_it_stopped()
    {
        var book = await SampleBook.Open(service);

        var first = await book.Partner.Get("/v1/events?limit=5");
        Assert.Equal("/v1/events?after=5&limit=5", first.Value("next"));
        var second = await book.Partner.Get(first.Value("next"));
        var third = await book.Partner.Get(second.Value("next"));
        Assert.Equal([11, 12], third["items"].AsArray().Select(item => item!["sequence"]!.GetValue<int>()));
        Assert.Null(third.Body["next"]);

        Assert.Empty((await book.Partner.Get("/v1/events?after=12"))["items"].AsArray());
        await SampleBook.Voucher(book.Partner, book.FundId, "cash-in", "2026-01-06", "1.1.01.02", "4.2.01.01", 100);
        Assert.Equal([13], (await book.Partner.Get("/v1/events?after=12"))["items"].AsArray().Select(item => item!["sequence"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("after=-1")]
    [InlineData("after=x")]
    [InlineData("cursor=abc")]
    public async Task What_can_not_be_read_is_said(string query)
    {
        var partner = await service.NewTenant();

        await partner.Get($"/v1/events?{query}", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Refused_attempts_are_listed_page_by_page_and_nothing_else_is()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", new { code = "DB", name = "Dana bergulir", currency = "IDR" });
        await partner.PostRefused("/v1/funds", new { code = "DB", name = "Lain", currency = "IDR" }, "fund-code-taken");
        await partner.PostRefused("/v1/funds", new { code = "X", name = "Lain", currency = "XXX" }, "unknown-currency");
        await partner.PostRefused(
            $"/v1/funds/{fund.Id}/contributions",
            new { amount = Idr(0), purpose = "operations", source = "Yayasan Alfa" },
            "amount-not-positive");
        await partner.PostRefused(
            $"/v1/funds/{Guid.CreateVersion7()}/contributions",
            new { amount = Idr(1), purpose = "operations", source = "Yayasan Alfa" },
            "not-found",
            HttpStatusCode.NotFound);

        var all = (await partner.Get("/v1/refusals"))["items"].AsArray();
        Assert.Equal(["amount-not-positive", "fund-code-taken", "unknown-currency"], all.Select(Code).Order());
        var taken = all.Single(item => Code(item) == "fund-code-taken")!;
        Assert.Equal(["at", "actor", "operation", "code"], taken.AsObject().Select(member => member.Key));
        Assert.Equal("openFund", taken["operation"]!.GetValue<string>());
        Assert.NotEqual(Guid.Empty, taken["actor"]!["keyId"]!.GetValue<Guid>());

        var first = await partner.Get("/v1/refusals?limit=2");
        var second = await partner.Get(first.Value("next"));
        Assert.Equal(all.Select(Code), first["items"].AsArray().Concat(second["items"].AsArray()).Select(Code));
        Assert.Null(second.Body["next"]);
        Assert.Empty((await (await service.NewTenant()).Get("/v1/refusals"))["items"].AsArray());
        Assert.Equal("invalid-cursor", (await partner.Get("/v1/refusals?cursor=abc", HttpStatusCode.BadRequest)).Value("code"));
    }

    private static string Code(JsonNode? refusal) => refusal!["code"]!.GetValue<string>();
}
