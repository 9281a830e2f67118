using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Tests.GeneralLedger;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>A <em>murabahah</em> through the whole service: 3,000,000 at a margin of 300,000 over three months.</summary>
public sealed class LoanMarginHttpTests(LedgerService service)
{
    private static readonly object Margin = new { method = "fixed-margin", ratePercent = "10", per = "term" };
    private static readonly object Monthly = new { every = 1, unit = "month" };

    [Fact]
    public async Task A_margin_is_owed_from_the_sale_on_and_income_when_it_is_received()
    {
        var book = await LoanBook.Open(service);
        var loanId = await Lend(book);
        var trial = $"/v1/trial-balance?fundId={book.FundId}&effectiveOn=";

        Assert.Equal(
            ["1.1.01.02 97000000 0", "1.1.03.07 3300000 0", "1.1.03.08 0 300000", "3.1.01.01 0 100000000"],
            SampleBook.Lines(await book.Partner.Get(trial + "2026-01-05")));
        var fund = await book.Partner.Get($"/v1/funds/{book.FundId}");
        Assert.Equal(("3000000", "97000000"), (fund.Amount("outstanding"), fund.Amount("lendable")));
        var paid = await book.Repay(loanId, 600_000, "2026-02-05");
        Assert.Equal(("100000", "500000"), (paid.Amount("interest"), paid.Amount("principal")));
        string[] afterThePayment =
        [
            "1.1.01.01 600000 0", "1.1.01.02 97000000 0", "1.1.03.07 2700000 0", "1.1.03.08 0 200000", "3.1.01.01 0 100000000", "4.1.02.02 0 100000",
        ];
        Assert.Equal(afterThePayment, SampleBook.Lines(await book.Partner.Get(trial + "2026-02-05")));
        Assert.Equal("2500000", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("outstanding"));
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);

        await book.Partner.Post("/v1/reversals", new { transactionId = paid.Id });
        Assert.Equal("3000000", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("outstanding"));
        await book.Repay(loanId, 3_300_000, "2026-02-06");
        Assert.Equal("repaid", (await book.Partner.Get($"/v1/loans/{loanId}")).Value("status"));
        Assert.Equal(
            ["1.1.01.01 3300000 0", "1.1.01.02 97000000 0", "3.1.01.01 0 100000000", "4.1.02.02 0 300000"],
            SampleBook.Lines(await book.Partner.Get(trial + "2026-02-06")).Where(line => !line.EndsWith(" 0 0", StringComparison.Ordinal)));
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
    }

    [Fact]
    public async Task A_sale_that_is_taken_back_leaves_nothing_deferred()
    {
        var book = await LoanBook.Open(service);
        var loanId = await Propose(book);
        await book.Approve(loanId);
        var sale = await book.Disburse(loanId);

        await book.Partner.Post("/v1/reversals", new { transactionId = sale.Id, kind = "returned", effectiveOn = "2026-01-20" });

        Assert.Equal(
            ["1.1.01.02 100000000 0", "3.1.01.01 0 100000000"],
            SampleBook.Lines(await book.Partner.Get("/v1/trial-balance?effectiveOn=2026-01-20")).Where(line => !line.EndsWith(" 0 0", StringComparison.Ordinal)));
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
    }

    [Fact]
    public async Task A_product_whose_margin_would_change_is_refused()
    {
        var partner = await service.NewTenant();

        await Refused("/maximumTranches", new { code = "MRB", name = "Murabahah", currency = "IDR", interest = Margin, repayment = Monthly, maximumTranches = 2 });
        await Refused("/advance", new { code = "MRB", name = "Murabahah", currency = "IDR", interest = Margin, repayment = Monthly, advance = "reduce-principal", effect = "shorten" });
        await Refused(
            "/penalty/kind",
            new { code = "MRB", name = "Murabahah", currency = "IDR", interest = Margin, repayment = Monthly, penalty = new { kind = "flat-per-instalment", amount = "5000" } });

        async Task Refused(string pointer, object product)
        {
            var refused = await partner.PostRefused("/v1/loan-products", product, "terms-out-of-range");
            Assert.Equal(pointer, refused["errors"][0]!["pointer"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_margin_is_part_of_the_price_and_not_let_off()
    {
        var book = await LoanBook.Open(service);
        var loanId = await Lend(book);

        await book.Partner.PostRefused(
            $"/v1/loans/{loanId}/waivers",
            new { component = "interest", amount = Idr(100_000), effectiveOn = "2026-02-05", decisionReference = "BA-2" },
            "margin-can-not-be-waived");
    }

    private static async Task<Guid> Propose(LoanBook book)
    {
        var product = await book.Partner.Post(
            "/v1/loan-products", new { code = "MRB", name = "Murabahah", currency = "IDR", interest = Margin, repayment = Monthly, bookingClass = "uep" });
        return (await book.Partner.Post("/v1/loans", new
        {
            fundId = book.FundId,
            productId = product.Id,
            memberId = book.MemberId,
            principal = Idr(3_000_000),
            instalments = 3,
            purpose = "Mesin jahit",
            proposedOn = "2026-01-03",
        })).Id;
    }

    private static async Task<Guid> Lend(LoanBook book)
    {
        var loanId = await Propose(book);
        await book.Approve(loanId);
        await book.Disburse(loanId);
        return loanId;
    }
}
