using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Tests.GeneralLedger;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Funds;

public sealed class CapitalReturnHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_return_takes_from_capital_and_bank_and_names_the_donor()
    {
        var book = await SampleBook.Open(service);
        var made = book.Replies["return"];

        Assert.Equal(("PM-2026-000001", "10000000", "grant"), (made.Value("number"), made.Amount("amount"), made.Value("nature")));
        Assert.Equal(book.Replies["capital"].Value("donorId"), made.Value("donorId"));
        Assert.Equal(made.Headers.Location!.OriginalString, $"/v1/funds/{book.FundId}/capital-returns/{made.Id}");
        Assert.Equal("10000000", (await book.Partner.Get(made.Headers.Location.OriginalString)).Amount("amount"));
        var entry = (await book.Partner.Get("/v1/journal-entries?from=2026-04-01"))["items"][0]!;
        Assert.Equal(["3.1.01.01 D 10000000", "1.1.01.02 C 10000000"], SampleBook.EntryLines(entry["lines"]!));
        Assert.Equal(made.Value("donorId"), entry["lines"]![0]!["party"]!["id"]!.GetValue<string>());
        Assert.Equal("40000000", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("capital"));
    }

    [Fact]
    public async Task What_can_be_lent_limits_what_goes_back()
    {
        var book = await SampleBook.Open(service);
        var donor = book.Replies["capital"].Value("donorId");
        var path = $"/v1/funds/{book.FundId}/capital-returns";

        // Capital of 40,000,000 less the loss of 227,500 that no surplus covers.
        var refused = await book.Partner.PostRefused(path, new { amount = Idr(39_772_501), source = donor }, "insufficient-lendable-funds");
        Assert.Equal(("39772500", "39772501"), (refused.Amount("available"), refused.Amount("required")));
        Assert.Equal("/amount", refused["errors"][0]!["pointer"]!.GetValue<string>());

        await book.Partner.Post(path, new { amount = Idr(39_772_500), source = donor });
        Assert.Equal("0", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("lendable"));
    }

    [Fact]
    public async Task A_donors_loan_goes_back_from_the_liability()
    {
        var book = await SampleBook.Open(service);
        await book.Partner.Post(
            $"/v1/funds/{book.FundId}/contributions",
            new { amount = Idr(5_000_000), effectiveOn = "2026-05-01", purpose = "revolving-capital", nature = "loan", source = "Bank Beta" });

        await book.Partner.Post(
            $"/v1/funds/{book.FundId}/capital-returns", new { amount = Idr(5_000_000), effectiveOn = "2026-06-01", nature = "loan", source = "Bank Beta" });

        var entry = (await book.Partner.Get("/v1/journal-entries?from=2026-06-01"))["items"][0]!;
        Assert.Equal(["2.2.01.01 D 5000000", "1.1.01.02 C 5000000"], SampleBook.EntryLines(entry["lines"]!));
        Assert.Equal("40000000", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("capital"));
    }

    [Fact]
    public async Task No_donor_gets_more_than_he_gave()
    {
        var book = await SampleBook.Open(service);
        var (contributions, returns) = ($"/v1/funds/{book.FundId}/contributions", $"/v1/funds/{book.FundId}/capital-returns");
        await book.Partner.Post(contributions, new { amount = Idr(2_000_000), purpose = "revolving-capital", nature = "grant", source = "Bank Beta" });
        await book.Partner.Post(contributions, new { amount = Idr(1_000_000), purpose = "revolving-capital", nature = "equity", source = "Bank Beta" });
        await book.Partner.Post(contributions, new { amount = Idr(5_000_000), purpose = "revolving-capital", nature = "loan", source = "Bank Beta" });
        await book.Partner.Post(contributions, new { amount = Idr(9_000_000), purpose = "operations", source = "Bank Beta" });

        // The fund could spare the money of Yayasan Alfa, but it is not Bank Beta's.
        await AssertRefused(3_000_001, "grant", contributed: "3000000");
        await AssertRefused(5_000_001, "loan", contributed: "5000000");
        await Return(2_500_000, "equity");
        await Return(500_000, "grant");
        await AssertRefused(1, "equity", contributed: "0");
        await Return(5_000_000, "loan");
        await AssertRefused(1, "loan", contributed: "0");

        Task<Reply> Return(long amount, string nature) => book.Partner.Post(returns, new { amount = Idr(amount), nature, source = "Bank Beta" });

        async Task AssertRefused(long amount, string nature, string contributed)
        {
            var refused = await book.Partner.PostRefused(returns, new { amount = Idr(amount), nature, source = "Bank Beta" }, "more-than-contributed");
            Assert.Equal((contributed, $"{amount}"), (refused.Amount("contributed"), refused.Amount("required")));
            Assert.Equal("/amount", refused["errors"][0]!["pointer"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task What_a_donor_gave_to_another_fund_stays_there()
    {
        var book = await SampleBook.Open(service);
        var other = await book.Partner.Post("/v1/funds", new { code = "DP", name = "Dana perempuan", currency = "IDR" });
        await book.Partner.Post(
            $"/v1/funds/{other.Id}/contributions", new { amount = Idr(1_000_000), purpose = "revolving-capital", source = "Bank Beta" });

        await book.Partner.PostRefused(
            $"/v1/funds/{other.Id}/capital-returns", new { amount = Idr(1), source = "Yayasan Alfa" }, "more-than-contributed");
    }

    [Theory]
    [InlineData("Yayasan Omega")]
    [InlineData("0192c8a0-0000-7000-8000-000000000000")]
    public async Task Money_goes_back_only_to_a_known_donor(string source)
    {
        var book = await SampleBook.Open(service);

        var refused = await book.Partner.PostRefused($"/v1/funds/{book.FundId}/capital-returns", new { amount = Idr(1), source }, "unknown-donor");

        Assert.Equal("/source", refused["errors"][0]!["pointer"]!.GetValue<string>());
        Assert.DoesNotContain('{', refused.Value("detail"));
        Assert.Single((await book.Partner.Get("/v1/donors"))["items"].AsArray());
    }

    [Fact]
    public async Task Days_amounts_and_funds_are_checked_as_everywhere()
    {
        var book = await SampleBook.Open(service);
        var path = $"/v1/funds/{book.FundId}/capital-returns";

        await book.Partner.PostRefused(path, new { amount = Idr(1), effectiveOn = "2026-11-25", source = "Yayasan Alfa" }, "in-the-future");
        await book.Partner.PostRefused(path, new { amount = Idr(0), source = "Yayasan Alfa" }, "amount-not-positive");
        await book.Partner.PostRefused(path, new { amount = new { amount = "1.00", currency = "EUR" }, source = "Yayasan Alfa" }, "wrong-currency");
        await book.Partner.PostRefused(
            $"/v1/funds/{Guid.CreateVersion7()}/capital-returns", new { amount = Idr(1), source = "Yayasan Alfa" }, "not-found", HttpStatusCode.NotFound);
        await book.Partner.Get($"{path}/{book.Replies["capital"].Id}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Money_back_in_cash_from_an_empty_box_is_pointed_out()
    {
        var book = await SampleBook.Open(service);

        var reply = await book.Partner.Post(
            $"/v1/funds/{book.FundId}/capital-returns", new { amount = Idr(1_500_001), source = "Yayasan Alfa", channel = "cash" });

        Assert.Equal("cash-below-zero", reply["warnings"][0]!.GetValue<string>());
    }
}
