using System.Net;
using System.Text.Json.Nodes;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Tests.GeneralLedger;
using Xunit;

namespace Kupang.Ledger.Tests.Funds;

public sealed class FundMasterDataHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_fund_is_renamed_by_whoever_read_its_newest_version()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", new { code = "DB", name = "Dana bergulir", currency = "IDR" });
        var path = $"/v1/funds/{fund.Id}";
        var etag = (await partner.Get(path)).Headers.ETag!.Tag;

        Assert.Equal("precondition-required", (await partner.Patch(path, new { name = "Dana Mawar" }, etag: null, (HttpStatusCode)428)).Value("code"));
        var changed = await partner.Patch(path, new { name = "Dana Mawar" }, etag);
        Assert.Equal("Dana Mawar", changed.Value("name"));

        // The same change again is the same request; another one was decided on an old version.
        Assert.Equal(changed.Text, (await partner.Patch(path, new { name = "Dana Mawar" }, etag)).Text);
        Assert.Equal("precondition-failed", (await partner.Patch(path, new { name = "Dana Melati" }, etag, HttpStatusCode.PreconditionFailed)).Value("code"));

        var newer = (await partner.Get(path)).Headers.ETag!.Tag;
        Assert.NotEqual(etag, newer);
        Assert.Equal("Dana Melati", (await partner.Patch(path, new { name = "Dana Melati" }, newer)).Value("name"));
        Assert.Equal("Dana Melati", (await partner.Get(path)).Value("name"));
        Assert.Equal("Dana Mawar", (await partner.Get($"{path}?knownAtSequence=3")).Value("name"));
    }

    [Fact]
    public async Task What_was_changed_can_be_changed_again_without_reading_it()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", new { code = "DB", name = "Dana bergulir", currency = "IDR" });
        var path = $"/v1/funds/{fund.Id}";

        var mawar = await partner.Patch(path, new { name = "Dana Mawar" }, $"\"{fund["version"]}\"");
        var melati = await partner.Patch(path, new { name = "Dana Melati" }, mawar.Headers.ETag!.Tag);
        Assert.Equal((await partner.Get(path)).Headers.ETag!.Tag, melati.Headers.ETag!.Tag);
        Assert.Equal(3, (await partner.Get("/v1/funds"))["items"][0]!["version"]!.GetValue<int>());

        // A change that changes nothing keeps the version, and a kept answer says the one it said before.
        Assert.Equal(melati.Headers.ETag, (await partner.Patch(path, new { name = "Dana Melati" }, melati.Headers.ETag.Tag)).Headers.ETag);
        Assert.Equal(mawar.Headers.ETag, (await partner.Patch(path, new { name = "Dana Mawar" }, "\"1\"")).Headers.ETag);
        Assert.Null((await partner.Patch(path, new { name = "Dana Anggrek" }, "\"1\"", HttpStatusCode.PreconditionFailed)).Headers.ETag);
    }

    [Fact]
    public async Task Money_that_comes_in_does_not_make_what_was_read_of_a_fund_old()
    {
        var book = await SampleBook.Open(service);

        await book.Partner.Patch($"/v1/funds/{book.FundId}", new { name = "Dana Mawar" }, "\"1\"");
    }

    [Fact]
    public async Task Only_the_name_and_the_terms_of_a_fund_can_change()
    {
        var book = await SampleBook.Open(service);
        var path = $"/v1/funds/{book.FundId}";

        await book.Partner.Patch(path, new { name = "Dana Mawar", code = "DM" }, "\"1\"", HttpStatusCode.BadRequest);
        await book.Partner.Patch(path, new { name = "Dana Mawar", externalId = "7" }, "\"1\"", HttpStatusCode.BadRequest);
        await book.Partner.Patch(path, new { name = " " }, "\"1\"", HttpStatusCode.BadRequest);
        await book.Partner.Patch(path, new { }, "\"1\"", HttpStatusCode.UnprocessableEntity);
        await book.Partner.Patch($"/v1/funds/{Guid.CreateVersion7()}", new { name = "Dana Mawar" }, "\"1\"", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_statement_runs_from_opening_to_closing()
    {
        var book = await SampleBook.Open(service);

        var read = await book.Partner.Get($"/v1/funds/{book.FundId}/statement?from=2026-02-01&to=2026-03-31");

        Assert.Equal(
            ("57000000", "55872500", "2026-02-01", "2026-03-31", "booked"),
            (read.Amount("opening"), read.Amount("closing"), read.Value("from"), read.Value("to"), read.Value("basis")));
        Assert.Equal(
            [
                "6 BKK-2026-000001 2026-02-10 in - out 1200000 balance 55800000",
                "7 BKM-2026-000001 2026-02-28 in 85000 out - balance 55885000",
                "8 BKK-2026-000002 2026-02-28 in - out 12500 balance 55872500",
                "9 BT-2026-000001 2026-03-02 in 2000000 out 2000000 balance 55872500",
                "10 BT-2026-000002 2026-03-09 in 500000 out 500000 balance 55872500",
            ],
            Movements(read));
        Assert.Equal("Bukti kas dan memorial BKK-2026-000001", read["movements"][0]!["description"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_statement_without_days_holds_everything_and_says_what_each_donor_has_in_the_fund()
    {
        var book = await SampleBook.Open(service);

        var read = await book.Partner.Get($"/v1/funds/{book.FundId}/statement");

        Assert.Equal(("0", "45872500", 8), (read.Amount("opening"), read.Amount("closing"), read["movements"].AsArray().Count));
        Assert.Equal((await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("cash"), read.Amount("closing"));
        var donor = Assert.Single(read["donors"].AsArray())!;
        Assert.Equal("Yayasan Alfa", donor["name"]!.GetValue<string>());
        Assert.Equal(
            ("57000000", "10000000", "40000000", "7000000", "0"),
            (Amount(donor["contributed"]), Amount(donor["returned"]), Amount(donor["capital"]), Amount(donor["operations"]), Amount(donor["loan"])));
        Assert.Equal(12, read["asOfSequence"].GetValue<int>());
    }

    [Fact]
    public async Task A_late_fact_stands_at_its_day_in_a_statement_and_not_in_what_was_known_before()
    {
        var book = await SampleBook.Open(service);
        var path = $"/v1/funds/{book.FundId}/statement?to=2026-01-31&basis=effective";
        await SampleBook.Voucher(book.Partner, book.FundId, "cash-in", "2026-01-04", "1.1.01.02", "4.2.01.01", 100);

        Assert.Equal("13 BKM-2026-000002 2026-01-04 in 100 out - balance 100", Movements(await book.Partner.Get(path))[0]);
        Assert.Equal("4 KT-2026-000001 2026-01-05 in 50000000 out - balance 50000000", Movements(await book.Partner.Get(path + "&knownAtSequence=12"))[0]);
    }

    [Fact]
    public async Task A_statement_of_nothing_or_of_days_that_run_backwards_is_refused()
    {
        var book = await SampleBook.Open(service);

        await book.Partner.Get($"/v1/funds/{book.FundId}/statement?from=2026-03-01&to=2026-02-01", HttpStatusCode.BadRequest);
        await book.Partner.Get($"/v1/funds/{Guid.CreateVersion7()}/statement", HttpStatusCode.NotFound);
        await (await service.NewTenant()).Get($"/v1/funds/{book.FundId}/statement", HttpStatusCode.NotFound);
    }

    private static string[] Movements(Reply statement) =>
    [
        .. statement["movements"].AsArray().Select(movement =>
            $"{movement!["sequence"]} {movement["number"]} {movement["effectiveOn"]} in {Amount(movement["in"])} out {Amount(movement["out"])} balance {Amount(movement["balance"])}"),
    ];

    private static string Amount(JsonNode? money) => money?["amount"]!.GetValue<string>() ?? "-";
}
