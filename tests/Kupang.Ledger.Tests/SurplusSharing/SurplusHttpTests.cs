using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.SurplusSharing;

/// <summary>
/// 2025: Ana borrowed 3,000,000 on 1 March and paid 60,000 of interest, Beta 1,000,000 on 1 October and 20,000; of each a
/// tenth was kept back as savings, 300,000 and 100,000. Costs were 8,001: the surplus is 71,999. Risk rose by 10,000, so
/// 61,999 are shared: 40 % by savings, 20 % by interest, 25 % reserve, 15 % social, members' amounts in hundreds.
/// </summary>
public sealed class SurplusHttpTests(LedgerService service)
{
    private static readonly object[] Percentages =
    [
        new { item = "savings", percent = "40" }, new { item = "loan-interest", percent = "20" }, new { item = "reserve", percent = "25" }, new { item = "social", percent = "15" },
    ];

    /// <summary>
    /// By hand: savings 24,799 (24,799.6): Ana 3/4 = 18,599 to 18,500, Beta 6,199 to 6,100. Interest 12,399: Ana 60/80 = 9,299
    /// to 9,200, Beta 3,099 to 3,000. Reserve 15,499, social 9,299. Together 61,598, so 401 go to the reserve: 15,900.
    /// By month ends Ana has 10 x 300,000 and Beta 3 x 100,000: 10/11 = 22,544 to 22,500, and 2,254 to 2,200.
    /// </summary>
    [Fact]
    public async Task A_closed_years_surplus_is_shared_to_the_last_rupiah_and_paid()
    {
        var book = await Book.Open(service);
        await book.Close();
        await book.Spend(5_000, "2025-12-30");
        var averaged = await book.Partner.Post(book.Path("-previews"), Book.Plan("month-end-average"), HttpStatusCode.OK);
        Assert.Equal(("71999", "61999", "22500", "2200"), (averaged.Amount("surplus"), averaged.Amount("distributable"), By(averaged, book.Ana, "bySavings"), By(averaged, book.Beta, "bySavings")));

        var shared = await book.Share();

        Assert.Equal(("18500", "9200"), (By(shared, book.Ana, "bySavings"), By(shared, book.Ana, "byInterest")));
        Assert.Equal(("6100", "3000"), (By(shared, book.Beta, "bySavings"), By(shared, book.Beta, "byInterest")));
        Assert.Equal(["24799", "12399", "15499", "9299"], shared["parts"].AsArray().Select(part => part!["amount"]!["amount"]!.GetValue<string>()));
        Assert.Equal("401", shared.Amount("remainder"));
        var entry = (await book.Partner.Get($"/v1/journal-entries?fundId={book.FundId}&account=3.2.02.01"))["items"].AsArray().Single()!;
        Assert.Equal(
            [("3.2.02.01", 61_999), ("2.1.04.06", -27_700), ("2.1.04.06", -9_100), ("2.1.04.07", -9_299), ("3.2.01.02", -15_900)],
            entry["lines"]!.AsArray().Select(line => (line!["account"]!.GetValue<string>(), Signed(line))));
        Assert.Equal(shared.Text, (await book.Partner.Get($"{book.Path()}/{shared.Id}")).Text);

        var paid = await book.Partner.Post($"{book.Path()}/{shared.Id}/payments", new { memberId = book.Ana, amount = Idr(20_000), effectiveOn = "2026-02-09" });
        Assert.Equal(paid.Value("id"), (await book.Partner.Get($"{book.Path()}/{shared.Id}/payments/{paid.Id}")).Value("id"));
        Assert.Equal("7700", (await book.Partner.Post($"{book.Path()}/{shared.Id}/payments", new { memberId = book.Ana, effectiveOn = "2026-02-16" })).Amount("amount"));
        await book.Partner.PostRefused($"{book.Path()}/{shared.Id}/payments", new { memberId = book.Ana }, "no-surplus-owed");
        await book.AssertBooksAgree();
    }

    [Fact]
    public async Task A_mistaken_distribution_is_taken_back_and_decided_again()
    {
        var book = await Book.Open(service);
        await book.Close();
        var shared = await book.Share();
        var paid = await book.Partner.Post($"{book.Path()}/{shared.Id}/payments", new { memberId = book.Beta, effectiveOn = "2026-02-09" });
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = shared.Id }, "later-facts-depend-on-it");

        await book.Partner.Post("/v1/reversals", new { transactionId = paid.Id, kind = "returned", effectiveOn = "2026-02-10" });
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = shared.Id, kind = "returned" }, "reversible-only-as-error");
        await book.Partner.Post("/v1/reversals", new { transactionId = shared.Id, reason = "persentase keliru" });

        await book.Partner.PostRefused($"{book.Path()}/{shared.Id}/payments", new { memberId = book.Ana }, "not-found", HttpStatusCode.NotFound);
        var again = await book.Share();
        Assert.NotEqual(shared.Value("number"), again.Value("number"));
        await book.AssertBooksAgree();
    }

    [Fact]
    public async Task What_can_not_be_shared_is_refused_and_nothing_is_written()
    {
        var book = await Book.Open(service);
        await book.Partner.PostRefused(book.Path(), Book.Decision(), "year-not-closed");
        await book.Close();
        var last = await service.LastNumber(book.Partner.Tenant);

        await book.Partner.PostRefused(book.Path(), Book.Decision(year: 2026), "year-not-over");
        await book.Partner.PostRefused(book.Path(), Book.Decision(effectiveOn: "2025-12-31"), "year-not-over");
        await book.Partner.PostRefused(book.Path(), Book.Decision(effectiveOn: "2026-11-25"), "in-the-future");
        await book.Partner.PostRefused(book.Path(), Book.Decision(percentages: [new { item = "reserve", percent = "99.999999" }]), "percentages-not-whole");
        await book.Partner.PostRefused(book.Path(), Book.Decision(percentages: [new { item = "reserve", percent = "999999999999" }]), "percentages-not-whole");
        await book.Partner.PostRefused(
            book.Path(), Book.Decision(percentages: [new { item = "reserve", percent = "50" }, new { item = "reserve", percent = "50" }]), "item-named-twice");
        await book.Partner.PostRefused(book.Path(), Book.Decision(multiple: 0), "amount-not-positive");
        await book.Partner.PostRefused(book.Path(), Book.Decision(riskRise: 71_999), "nothing-to-share");
        await book.Partner.PostRefused(book.Path("-previews"), Book.Plan(riskRise: 0), "amount-not-positive");
        await book.Partner.PostRefused($"/v1/funds/{Guid.CreateVersion7()}/surplus-distributions", Book.Decision(), "not-found", HttpStatusCode.NotFound);
        await book.Partner.PostRefused($"/v1/funds/{Guid.CreateVersion7()}/surplus-distribution-previews", Book.Plan(), "not-found", HttpStatusCode.NotFound);
        await book.Partner.PostRefused($"{book.Path()}/{Guid.CreateVersion7()}/payments", new { memberId = book.Ana }, "not-found", HttpStatusCode.NotFound);
        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));

        var shared = await book.Share();
        await book.Partner.PostRefused(book.Path(), Book.Decision(), "surplus-already-shared");
        var payments = $"{book.Path()}/{shared.Id}/payments";
        await book.Partner.PostRefused(payments, new { memberId = book.Ana, amount = Idr(27_701) }, "exceeds-surplus-owed");
        await book.Partner.PostRefused(payments, new { memberId = book.Ana, effectiveOn = "2026-02-01" }, "before-distribution");
        await book.Partner.PostRefused(payments, new { memberId = book.Ana, channel = "offset" }, "method-required");
        await book.Partner.PostRefused(payments, new { memberId = Guid.CreateVersion7() }, "no-surplus-owed");
    }

    /// <summary>A fund with bank interest and nobody in it.</summary>
    [Fact]
    public async Task An_item_for_members_needs_members()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", new { code = "DB", name = "Dana", currency = "IDR" });
        await partner.Post("/v1/vouchers", new
        {
            kind = "cash-in",
            fundId = fund.Id,
            effectiveOn = "2025-06-30",
            lines = new object[] { new { account = "1.1.01.02", debit = Idr(1_000) }, new { account = "4.2.01.01", credit = Idr(1_000) } },
        });
        await partner.Post($"/v1/funds/{fund.Id}/closings", new { closedThrough = "2025-12-31", decisionReference = "RAT", effectiveOn = "2026-01-15" });

        foreach (var item in new[] { "savings", "loan-interest" })
        {
            await partner.PostRefused(
                $"/v1/funds/{fund.Id}/surplus-distributions",
                new { year = 2025, percentages = new[] { new { item, percent = "100" } }, decisionReference = "RAT", effectiveOn = "2026-02-02" },
                "nobody-to-share-with");
        }
    }

    private static string By(Reply division, Guid memberId, string what) =>
        division["members"].AsArray().Single(member => member!["memberId"]!.GetValue<string>() == memberId.ToString())![what]!["amount"]!.GetValue<string>();

    private static int Signed(System.Text.Json.Nodes.JsonNode line) =>
        line["debit"] is { } debit ? int.Parse(debit["amount"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)
        : -int.Parse(line["credit"]!["amount"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Book(LedgerService Service, TenantClient Partner, Guid FundId, Guid Ana, Guid Beta)
    {
        public static async Task<Book> Open(LedgerService service)
        {
            var partner = await service.NewTenant();
            var fund = await partner.Post("/v1/funds", new { code = "UBSP", name = "UBSP Sehati", currency = "IDR" });
            await partner.Post(
                $"/v1/funds/{fund.Id}/contributions", new { amount = Idr(10_000_000), effectiveOn = "2025-01-02", purpose = "revolving-capital", source = "Anggota" });
            var product = await partner.Post("/v1/loan-products", new
            {
                code = "UBSP",
                name = "Pinjaman anggota",
                currency = "IDR",
                interest = new { method = "flat", ratePercent = "2", per = "month" },
                repayment = new { every = 1, unit = "month" },
            });
            var ana = await Borrow("Ana", 3_000_000, 300_000, 3_060_000, "2025-03-01", "2025-04-01");
            var beta = await Borrow("Beta", 1_000_000, 100_000, 1_020_000, "2025-10-01", "2025-11-01");
            var book = new Book(service, partner, fund.Id, ana, beta);
            await book.Spend(8_001, "2025-12-15");
            return book;

            async Task<Guid> Borrow(string name, long principal, long savings, long repaid, string on, string back)
            {
                var memberId = (await partner.Post("/v1/members", new { name, sex = "female" })).Id;
                var loan = await partner.Post("/v1/loans", new { fundId = fund.Id, productId = product.Id, memberId, principal = Idr(principal), instalments = 1, purpose = "Kios", proposedOn = on });
                await partner.Post($"/v1/loans/{loan.Id}/approvals", new { effectiveOn = on, decisionReference = "BA-1" });
                await partner.Post(
                    $"/v1/loans/{loan.Id}/disbursements", new { effectiveOn = on, method = "bank", deductions = new[] { new { kind = "compulsory-savings", amount = Idr(savings) } } });
                await partner.Post($"/v1/loans/{loan.Id}/repayments", new { amount = Idr(repaid), effectiveOn = back, method = "bank" });
                return memberId;
            }
        }

        public Task<Reply> Spend(long amount, string effectiveOn) => Partner.Post("/v1/vouchers", new
        {
            kind = "cash-out",
            fundId = FundId,
            effectiveOn,
            lines = new object[] { new { account = "5.1.01.01", debit = Idr(amount) }, new { account = "1.1.01.02", credit = Idr(amount) } },
        });

        public Task<Reply> Close() =>
            Partner.Post($"/v1/funds/{FundId}/closings", new { closedThrough = "2025-12-31", decisionReference = "RAT-2026", effectiveOn = "2026-01-15" });

        public string Path(string suffix = "s") => $"/v1/funds/{FundId}/surplus-distribution{suffix}";

        public static object Plan(string savingsBasis = "year-end", long riskRise = 10_000) =>
            new { year = 2025, percentages = Percentages, savingsBasis, multiple = Idr(100), riskRise = Idr(riskRise) };

        public static object Decision(int year = 2025, string effectiveOn = "2026-02-02", object[]? percentages = null, long multiple = 100, long riskRise = 10_000) =>
            new { year, percentages = percentages ?? Percentages, multiple = Idr(multiple), riskRise = Idr(riskRise), decisionReference = "RAT-2026", effectiveOn };

        public Task<Reply> Share() => Partner.Post(Path(), Decision());

        public async Task AssertBooksAgree() => Assert.Null((await Service.CheckBooks(Partner.Tenant)).Difference);
    }
}
