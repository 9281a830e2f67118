using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.GeneralLedger;

public sealed class TrialBalanceHttpTests(LedgerService service)
{
    private static readonly string[] AtTheEnd =
    [
        "1.1.01.01 1500000 0",
        "1.1.01.02 38572500 0",
        "1.1.01.03 5800000 0",
        "2.1.04.02 0 300000",
        "3.1.01.01 0 40000000",
        "3.1.01.02 0 5800000",
        "4.2.01.01 0 85000",
        "4.2.02.01 0 1200000",
        "5.1.01.01 1500000 0",
        "5.3.01.01 12500 0",
    ];

    private static readonly string[] BeforeTheReturn = [AtTheEnd[0], "1.1.01.02 48572500 0", .. AtTheEnd[2..4], "3.1.01.01 0 50000000", .. AtTheEnd[5..]];

    [Theory]
    [InlineData("booked")]
    [InlineData("effective")]
    public async Task A_small_book_adds_up_as_it_does_by_hand(string basis)
    {
        var book = await SampleBook.Open(service);

        var read = await book.Partner.Get($"/v1/trial-balance?basis={basis}");

        Assert.Equal(AtTheEnd, SampleBook.Lines(read));
        Assert.Equal("47385000", read["totals"]["debit"]!["amount"]!.GetValue<string>());
        Assert.Equal("47385000", read["totals"]["credit"]!["amount"]!.GetValue<string>());
        Assert.Equal((basis, "2026-11-24", 12L), (read.Value("basis"), read.Value("effectiveOn"), read["asOfSequence"].GetValue<long>()));
        Assert.Equal("Kas", read["lines"][0]!["name"]!.GetValue<string>());
        Assert.Equal(AtTheEnd, SampleBook.Lines(await book.Partner.Get($"/v1/trial-balance?basis={basis}&fundId={book.FundId}")));
    }

    [Fact]
    public async Task A_read_that_names_a_number_is_for_ever_what_it_was_when_that_number_was_the_last()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", new { code = "DB", name = "Dana bergulir", currency = "IDR" });
        await partner.Post(
            $"/v1/funds/{fund.Id}/contributions",
            new { amount = Idr(9_000_000), effectiveOn = "2026-01-05", purpose = "revolving-capital", source = "Yayasan Alfa" });
        string[] paths =
        [
            "/v1/trial-balance?knownAtSequence=4",
            "/v1/trial-balance?knownAtSequence=4&basis=effective&effectiveOn=2026-01-05",
            "/v1/journal-entries?knownAtSequence=4",
            $"/v1/funds/{fund.Id}?knownAtSequence=4",
            $"/v1/funds/{fund.Id}/statement?knownAtSequence=4&from=2026-01-01",
        ];
        var then = new List<string>();
        foreach (var path in paths)
        {
            then.Add((await partner.Get(path)).Text);
        }

        // A late fact of the same day and a later one; neither was known then.
        await SampleBook.Voucher(partner, fund.Id, "cash-out", "2026-01-05", "5.3.01.01", "1.1.01.02", 2_500);
        await SampleBook.Voucher(partner, fund.Id, "cash-in", "2026-02-05", "1.1.01.02", "4.2.01.01", 700);

        foreach (var (path, text) in paths.Zip(then))
        {
            Assert.Equal(text, (await partner.Get(path)).Text);
        }

        Assert.Equal(["1.1.01.02 8998200 0", "3.1.01.01 0 9000000", "4.2.01.01 0 700", "5.3.01.01 2500 0"], SampleBook.Lines(await partner.Get("/v1/trial-balance")));
    }

    [Fact]
    public async Task Each_axis_takes_away_what_was_not_yet_there()
    {
        var book = await SampleBook.Open(service);

        Assert.Equal(BeforeTheReturn, SampleBook.Lines(await book.Partner.Get("/v1/trial-balance?effectiveOn=2026-03-31")));
        Assert.Equal(BeforeTheReturn, SampleBook.Lines(await book.Partner.Get($"/v1/trial-balance?knownAtSequence={SampleBook.BeforeTheReturn}")));
        Assert.Empty(SampleBook.Lines(await book.Partner.Get("/v1/trial-balance?knownAt=2026-11-24T03:59:59Z")));

        // The tests share a clock, which some of them move by minutes.
        Assert.Equal(AtTheEnd, SampleBook.Lines(await book.Partner.Get("/v1/trial-balance?knownAt=2026-11-24T12:30:00%2B08:00")));
    }

    [Fact]
    public async Task A_fact_of_a_closed_day_counts_on_its_day_by_effect_and_on_the_first_open_day_by_booking()
    {
        var book = await SampleBook.Open(service);
        await book.Partner.Post($"/v1/funds/{book.FundId}/closings", new { closedThrough = "2026-01-31", decisionReference = "BA-2" });
        await SampleBook.Voucher(book.Partner, book.FundId, "cash-out", "2026-01-20", "5.3.01.01", "1.1.01.02", 40_000);

        var january = "/v1/trial-balance?effectiveOn=2026-01-31&basis=";
        Assert.Equal(
            ["1.1.01.02 50000000 0", "1.1.01.03 7000000 0", "3.1.01.01 0 50000000", "3.1.01.02 0 7000000"],
            SampleBook.Lines(await book.Partner.Get(january + "booked")));
        Assert.Equal(
            ["1.1.01.02 49960000 0", "1.1.01.03 7000000 0", "3.1.01.01 0 50000000", "3.1.01.02 0 7000000", "5.3.01.01 40000 0"],
            SampleBook.Lines(await book.Partner.Get(january + "effective")));
        Assert.Equal(
            SampleBook.Lines(await book.Partner.Get("/v1/trial-balance?effectiveOn=2026-02-01&basis=booked")),
            SampleBook.Lines(await book.Partner.Get("/v1/trial-balance?effectiveOn=2026-02-01&basis=effective")));

        // The same by adding up the lines instead of reading the totals, since a fact more is known by now.
        await SampleBook.Voucher(book.Partner, book.FundId, "cash-in", "2026-01-20", "1.1.01.02", "4.2.01.01", 1);
        Assert.Contains("5.3.01.01 40000 0", SampleBook.Lines(await book.Partner.Get(january + "effective&knownAtSequence=14")));
        Assert.DoesNotContain("5.3.01.01 40000 0", SampleBook.Lines(await book.Partner.Get(january + "booked&knownAtSequence=14")));
    }

    [Fact]
    public async Task A_groups_own_box_stays_out_of_the_total_unless_it_is_asked_for()
    {
        var book = await SampleBook.Open(service);
        var box = await book.Partner.Post("/v1/funds", new { code = "KM", name = "Kas kelompok Mawar", currency = "IDR", kind = "group-own" });
        await book.Partner.Post(
            $"/v1/funds/{box.Id}/contributions",
            new { amount = Idr(150_000), effectiveOn = "2026-05-05", purpose = "revolving-capital", source = "Kelompok Mawar", channel = "cash" });

        Assert.Equal(AtTheEnd, SampleBook.Lines(await book.Partner.Get("/v1/trial-balance")));
        Assert.Equal(["1.1.01.01 150000 0", "3.1.01.01 0 150000"], SampleBook.Lines(await book.Partner.Get($"/v1/trial-balance?fundId={box.Id}")));
    }

    [Fact]
    public async Task Books_in_two_currencies_are_never_added_together()
    {
        var book = await SampleBook.Open(service);
        var euros = await book.Partner.Post("/v1/funds", new { code = "EU", name = "Dana euro", currency = "EUR" });
        await book.Partner.Post(
            $"/v1/funds/{euros.Id}/contributions",
            new { amount = new { amount = "1000.50", currency = "EUR" }, effectiveOn = "2026-05-05", purpose = "revolving-capital", source = "Yayasan Alfa" });

        var unnamed = await book.Partner.Get("/v1/trial-balance", HttpStatusCode.BadRequest);
        Assert.Equal("currency", unnamed["errors"][0]!["pointer"]!.GetValue<string>());
        Assert.Equal(AtTheEnd, SampleBook.Lines(await book.Partner.Get("/v1/trial-balance?currency=IDR")));
        Assert.Equal(["1.1.01.02 1000.50 0.00", "3.1.01.01 0.00 1000.50"], SampleBook.Lines(await book.Partner.Get("/v1/trial-balance?currency=EUR")));
        Assert.Equal("1000.50", (await book.Partner.Get($"/v1/trial-balance?fundId={euros.Id}"))["totals"]["debit"]!["amount"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("currency=XXX", HttpStatusCode.BadRequest)]
    [InlineData("currency=EUR", HttpStatusCode.BadRequest)]
    [InlineData("basis=cash", HttpStatusCode.BadRequest)]
    [InlineData("fundId=all", HttpStatusCode.BadRequest)]
    [InlineData("knownAtSequence=999", HttpStatusCode.BadRequest)]
    [InlineData("knownAtSequence=1&knownAt=2026-11-24T00:00:00Z", HttpStatusCode.BadRequest)]
    [InlineData("fundId=0192c8a0-0000-7000-8000-000000000000", HttpStatusCode.NotFound)]
    public async Task What_can_not_be_read_is_said(string query, HttpStatusCode status)
    {
        var book = await SampleBook.Open(service);

        await book.Partner.Get($"/v1/trial-balance?{query}", status);
    }

    [Fact]
    public async Task A_tenant_without_funds_has_an_empty_trial_balance_in_rupiah()
    {
        var partner = await service.NewTenant();

        var read = await partner.Get("/v1/trial-balance");

        Assert.Empty(SampleBook.Lines(read));
        Assert.Equal("IDR", read["totals"]["debit"]!["currency"]!.GetValue<string>());
    }
}
