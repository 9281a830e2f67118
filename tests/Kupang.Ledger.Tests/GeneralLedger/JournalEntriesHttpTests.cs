using System.Net;
using System.Text.Json.Nodes;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;

namespace Kupang.Ledger.Tests.GeneralLedger;

public sealed class JournalEntriesHttpTests(LedgerService service)
{
    [Fact]
    public async Task The_journal_shows_every_money_fact_with_its_lines_in_the_order_of_recording()
    {
        var book = await SampleBook.Open(service);

        var entries = (await book.Partner.Get("/v1/journal-entries"))["items"].AsArray();

        Assert.Equal([4, 5, 6, 7, 8, 9, 10, 11, 12], Sequences(entries));
        var expense = entries[2]!;
        Assert.Equal(
            ["5.1.01.01 D 1200000", "1.1.01.03 C 1200000", "3.1.01.02 D 1200000", "4.2.02.01 C 1200000"], SampleBook.EntryLines(expense["lines"]!));
        Assert.Equal("voucher_recorded", expense["type"]!.GetValue<string>());
        Assert.Equal("Bukti kas dan memorial BKK-2026-000001", expense["description"]!.GetValue<string>());
        Assert.Equal(("2026-02-10", "2026-02-10"), (expense["effectiveOn"]!.GetValue<string>(), expense["bookedOn"]!.GetValue<string>()));
        Assert.Equal("donor", entries[0]!["lines"]![1]!["party"]!["kind"]!.GetValue<string>());
        Assert.Equal(book.FundId, expense["lines"]![0]!["fundId"]!.GetValue<Guid>());
    }

    [Theory]
    [InlineData("account=1.1.01.01", new[] { 9, 10 })]
    [InlineData("account=1.1.01.03", new[] { 5, 6 })]
    [InlineData("account=5", new[] { 6, 8, 11 })]
    [InlineData("account=5.1", new[] { 6, 11 })]
    [InlineData("from=2026-03-09", new[] { 10, 11, 12 })]
    [InlineData("to=2026-01-05", new[] { 4, 5 })]
    [InlineData("from=2026-02-28&to=2026-02-28&basis=effective", new[] { 7, 8 })]
    [InlineData("account=1.1.01.02&from=2026-03-01&to=2026-03-31", new[] { 9, 10 })]
    [InlineData("knownAtSequence=6", new[] { 4, 5, 6 })]
    [InlineData("fundId=0192c8a0-0000-7000-8000-000000000000", new int[0])]
    public async Task Filters_narrow_the_journal(string query, int[] expected)
    {
        var book = await SampleBook.Open(service);

        Assert.Equal(expected, Sequences((await book.Partner.Get($"/v1/journal-entries?{query}"))["items"].AsArray()));
    }

    [Fact]
    public async Task Pages_follow_each_other_as_of_the_number_of_the_first()
    {
        var book = await SampleBook.Open(service);

        var first = await book.Partner.Get($"/v1/journal-entries?limit=4&fundId={book.FundId}");
        await SampleBook.Voucher(book.Partner, book.FundId, "cash-in", "2026-01-06", "1.1.01.02", "4.2.01.01", 100);
        var second = await book.Partner.Get(first.Value("next"));
        var third = await book.Partner.Get(second.Value("next"));

        Assert.Equal([4, 5, 6, 7], Sequences(first["items"].AsArray()));
        Assert.Equal([8, 9, 10, 11], Sequences(second["items"].AsArray()));
        Assert.Equal([12], Sequences(third["items"].AsArray()));
        Assert.Null(third.Body["next"]);
        Assert.Equal(10, (await book.Partner.Get("/v1/journal-entries"))["items"].AsArray().Count);
    }

    [Fact]
    public async Task A_page_that_ends_with_the_journal_has_no_next()
    {
        var book = await SampleBook.Open(service);

        Assert.Null((await book.Partner.Get("/v1/journal-entries?limit=9")).Body["next"]);
    }

    [Theory]
    [InlineData("account=9.9.99.99")]
    [InlineData("account=committed")]
    [InlineData("from=2026-02-30")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("page=2")]
    public async Task What_can_not_be_read_is_said(string query)
    {
        var partner = await service.NewTenant();

        Assert.Equal("malformed-request", (await partner.Get($"/v1/journal-entries?{query}", HttpStatusCode.BadRequest)).Value("code"));
    }

    [Fact]
    public async Task A_cursor_of_somebodys_own_making_is_refused()
    {
        var partner = await service.NewTenant();

        Assert.Equal("invalid-cursor", (await partner.Get("/v1/journal-entries?cursor=abc", HttpStatusCode.BadRequest)).Value("code"));
    }

    private static int[] Sequences(JsonArray entries) => [.. entries.Select(entry => entry!["sequence"]!.GetValue<int>())];
}
