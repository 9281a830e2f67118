using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;
using static Kupang.Ledger.Tests.GeneralLedger.SampleBook;

namespace Kupang.Ledger.Tests.Funds;

public sealed class VoucherHttpTests(LedgerService service)
{
    private static readonly string[] VoucherNames = ["expense", "bank interest", "bank charge", "withdrawal", "deposit", "memorial"];

    [Fact]
    public async Task Each_kind_of_voucher_has_its_lines_and_its_own_series_of_numbers()
    {
        var book = await Open(service);

        Assert.Equal(
            ["5.1.01.01 D 1200000", "1.1.01.03 C 1200000", "3.1.01.02 D 1200000", "4.2.02.01 C 1200000"], EntryLines(book.Replies["expense"]["lines"]));
        Assert.Equal(["1.1.01.02 D 85000", "4.2.01.01 C 85000"], EntryLines(book.Replies["bank interest"]["lines"]));
        Assert.Equal(["5.3.01.01 D 12500", "1.1.01.02 C 12500"], EntryLines(book.Replies["bank charge"]["lines"]));
        Assert.Equal(["1.1.01.02 D 500000", "1.1.01.01 C 500000"], EntryLines(book.Replies["deposit"]["lines"]));
        Assert.Equal(["5.1.01.01 D 300000", "2.1.04.02 C 300000"], EntryLines(book.Replies["memorial"]["lines"]));
        Assert.Equal(
            ["BKK-2026-000001", "BKM-2026-000001", "BKK-2026-000002", "BT-2026-000001", "BT-2026-000002", "BM-2026-000001"],
            VoucherNames.Select(name => book.Replies[name].Value("number")));
        Assert.All(book.Replies.Where(reply => reply.Key is not ("capital" or "operations")), reply => Assert.Empty(reply.Value["warnings"].AsArray()));
    }

    [Fact]
    public async Task A_voucher_is_read_again_at_its_own_address()
    {
        var book = await Open(service);
        var made = book.Replies["bank charge"];

        var read = await book.Partner.Get($"/v1/vouchers/{made.Id}");

        Assert.Equal(made["lines"].ToJsonString(), read["lines"].ToJsonString());
        Assert.Equal(("cash-out", "12500", book.FundId), (read.Value("kind"), read.Amount("amount"), Guid.Parse(read.Value("fundId"))));
        Assert.Equal($"/v1/vouchers/{made.Id}", made.Headers.Location!.OriginalString);
        await book.Partner.Get($"/v1/vouchers/{book.Replies["capital"].Id}", HttpStatusCode.NotFound);
        await (await service.NewTenant()).Get($"/v1/vouchers/{made.Id}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Vouchers_are_listed_and_found_by_their_number()
    {
        var book = await Open(service);

        var all = (await book.Partner.Get($"/v1/vouchers?fundId={book.FundId}"))["items"].AsArray();
        Assert.Equal(VoucherNames.Select(name => book.Replies[name].Value("number")), all.Select(item => item!["number"]!.GetValue<string>()));
        var found = Assert.Single((await book.Partner.Get("/v1/vouchers?number=BKK-2026-000002"))["items"].AsArray());
        Assert.Equal(book.Replies["bank charge"].Id, found!["id"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task The_same_paper_again_is_the_same_voucher_and_another_voucher_on_it_is_refused()
    {
        var book = await Open(service);
        object Body(long amount) => new
        {
            kind = "cash-in",
            fundId = book.FundId,
            effectiveOn = "2026-05-04",
            paper = new { kind = "cash-in", book = "BKM", number = "17" },
            lines = new object[] { new { account = "1.1.01.02", debit = Idr(amount) }, new { account = "4.2.01.01", credit = Idr(amount) } },
        };

        var made = await book.Partner.Post("/v1/vouchers", Body(900));
        var again = await book.Partner.Post("/v1/vouchers", Body(900), HttpStatusCode.OK);

        Assert.Equal(made.Text, again.Text);
        Assert.Equal("17", made["paper"]["number"]!.GetValue<string>());
        await book.Partner.PostRefused("/v1/vouchers", Body(901), "receipt-number-taken");
    }

    [Fact]
    public async Task Cash_paid_from_an_empty_box_is_recorded_and_pointed_out()
    {
        var book = await Open(service);

        var reply = await Voucher(book.Partner, book.FundId, "cash-out", "2026-05-04", "5.1.01.01", "1.1.01.01", 1_500_001);

        Assert.Equal("cash-below-zero", reply["warnings"][0]!.GetValue<string>());
        Assert.Contains("1.1.01.01 0 1", Lines(await book.Partner.Get("/v1/trial-balance")));
    }

    [Fact]
    public async Task What_a_voucher_may_not_say_is_refused_with_a_code_and_a_pointer()
    {
        var book = await Open(service);
        object Debit(string account, long amount = 100) => new { account, debit = Idr(amount) };
        object Credit(string account, long amount = 100) => new { account, credit = Idr(amount) };
        var euro = new { amount = "1.00", currency = "EUR" };
        var most = 1_000_000_000_000_000;

        await Refused("unknown-account", "/lines/1/account", "cash-out", Debit("5.1.01.01"), Credit("1.1.01.99"));
        await Refused("unknown-account", "/lines/0/account", "cash-out", Debit("5.1"), Credit("1.1.01.01"));
        await Refused("control-account", "/lines/1/account", "memorial", Debit("5.1.01.01"), Credit("3.1.01.01"));
        await Refused("control-account", "/lines/0/account", "cash-out", Debit("1.1.03.01"), Credit("1.1.01.01"));
        await Refused("too-few-lines", "/lines", "cash-out");
        await Refused("too-few-lines", "/lines", "cash-out", Debit("5.1.01.01"));
        await Refused("too-many-lines", "/lines", "memorial", [.. Enumerable.Range(0, 201).Select(_ => Debit("5.1.01.01"))]);
        await Refused("one-side-per-line", "/lines/0", "cash-out", new { account = "5.1.01.01" }, Credit("1.1.01.01"));
        await Refused("one-side-per-line", "/lines/0", "cash-out", new { account = "5.1.01.01", debit = Idr(1), credit = Idr(1) }, Credit("1.1.01.01"));
        await Refused("amount-not-positive", "/lines/0/debit", "cash-out", Debit("5.1.01.01", 0), Credit("1.1.01.01"));
        await Refused("amount-not-positive", "/lines/1/credit", "cash-out", Debit("5.1.01.01"), Credit("1.1.01.01", -100));
        await Refused("wrong-currency", "/lines/0/debit", "cash-out", new { account = "5.1.01.01", debit = euro }, Credit("1.1.01.01"));
        await Refused("lines-do-not-balance", "/lines", "cash-out", Debit("5.1.01.01", 101), Credit("1.1.01.01"));
        await Refused(
            "amount-too-large", "/lines", "memorial", Debit("5.1.01.01", most), Debit("5.1.01.01", most), Credit("2.1.04.02", most), Credit("2.1.04.02", most));
        await Refused("voucher-kind-does-not-fit", "/kind", "cash-in", Debit("5.1.01.01"), Credit("1.1.01.01"));
        await Refused("voucher-kind-does-not-fit", "/kind", "cash-out", Debit("1.1.01.01"), Credit("4.2.01.01"));
        await Refused("voucher-kind-does-not-fit", "/kind", "transfer", Debit("5.1.01.01"), Credit("1.1.01.01"));
        await Refused("voucher-kind-does-not-fit", "/kind", "memorial", Debit("1.1.01.01"), Credit("1.1.01.02"));

        await book.Partner.PostRefused("/v1/vouchers", VoucherBody(book.FundId, "memorial", "2026-11-25", Debit("5.1.01.01"), Credit("2.1.04.02")), "in-the-future");
        var unknown = await book.Partner.PostRefused(
            "/v1/vouchers", VoucherBody(Guid.CreateVersion7(), "memorial", "2026-05-04", Debit("5.1.01.01"), Credit("2.1.04.02")), "unknown-fund");
        Assert.Equal("/fundId", unknown["errors"][0]!["pointer"]!.GetValue<string>());
        Assert.Equal(9, (await book.Partner.Get("/v1/journal-entries"))["items"].AsArray().Count);

        async Task Refused(string code, string pointer, string kind, params object[] lines)
        {
            var reply = await book.Partner.PostRefused("/v1/vouchers", VoucherBody(book.FundId, kind, "2026-05-04", lines), code);
            Assert.Equal(pointer, reply["errors"][0]!["pointer"]!.GetValue<string>());
            Assert.DoesNotContain('{', reply.Value("detail"));
        }
    }

    [Theory]
    [InlineData("""{"kind":"cash-out","fundId":"0192c8a0-0000-7000-8000-000000000000","lines":[null,null]}""")]
    [InlineData("""{"kind":"cash-out","fundId":"0192c8a0-0000-7000-8000-000000000000"}""")]
    [InlineData("""{"kind":"receipt","fundId":"0192c8a0-0000-7000-8000-000000000000","lines":[]}""")]
    [InlineData("""{"kind":"cash-out","fundId":"0192c8a0-0000-7000-8000-000000000000","lines":[{"account":"kas"}]}""")]
    [InlineData("""{"kind":"cash-out","fundId":"0192c8a0-0000-7000-8000-000000000000","lines":[{"account":"1.1.01.01","debit":"100"}]}""")]
    public async Task A_voucher_that_can_not_be_read_is_malformed(string body)
    {
        var partner = await service.NewTenant();

        await partner.PostRefused("/v1/vouchers", body, "malformed-request", HttpStatusCode.BadRequest);
    }
}
