using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanBook;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>Loans on several funds, and money paid ahead, through the whole service.</summary>
public sealed class LoanFundingHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_loan_of_two_funds_is_promised_paid_out_and_repaid_by_both()
    {
        var book = await Open(service);
        var second = await SecondFund(book, 3_000_000);
        var loanId = await Propose(book, second);

        await book.Approve(loanId);
        Assert.Equal("2000000", (await book.Partner.Get($"/v1/funds/{second}")).Amount("committed"));
        await book.Disburse(loanId);
        await book.Repay(loanId, 100_001, "2026-02-05");

        // By hand: 90,000 of interest, 60,000 + 30,000; 10,001 of principal, 6,667 + 3,334.
        var first = await book.Partner.Get($"/v1/funds/{book.FundId}");
        Assert.Equal(("3993333", "0"), (first.Amount("outstanding"), first.Amount("committed")));
        var other = await book.Partner.Get($"/v1/funds/{second}");
        Assert.Equal(("1996666", "1033334"), (other.Amount("outstanding"), other.Amount("cash")));
        var loan = await book.Partner.Get($"/v1/loans/{loanId}");
        AssertAmount("5989999", loan, "outstanding", "principal");
        Assert.Equal(["4000000", "2000000"], loan["funding"].AsArray().Select(share => share!["principal"]!["amount"]!.GetValue<string>()));
        Assert.Contains(loanId.ToString(), (await book.Partner.Get($"/v1/loans?fundId={second}")).Text, StringComparison.Ordinal);
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
    }

    [Fact]
    public async Task Each_fund_must_have_its_share_to_lend()
    {
        var book = await Open(service);
        var second = await SecondFund(book, 1_999_999);
        var loanId = await Propose(book, second);

        var refused = await book.Partner.PostRefused(
            $"/v1/loans/{loanId}/approvals", new { effectiveOn = "2026-01-04", decisionReference = "BA-1" }, "insufficient-lendable-funds");

        Assert.Contains("1.999.999", refused.Value("detail"), StringComparison.Ordinal);
        Assert.Equal("0", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("committed"));
        await book.Partner.Post(
            $"/v1/loans/{loanId}/approvals", new { effectiveOn = "2026-01-04", decisionReference = "BA-1", principal = Idr(5_999_997) });
        Assert.Equal("1999999", (await book.Partner.Get($"/v1/funds/{second}")).Amount("committed"));
    }

    [Fact]
    public async Task A_funding_that_can_not_be_is_refused_and_nothing_is_written()
    {
        var book = await Open(service);
        var second = await SecondFund(book, 3_000_000);
        var foreign = await SecondFund(await Open(service), 3_000_000);
        var last = await service.LastNumber(book.Partner.Tenant);

        await Refused(book, "funding-required", fundId: null, funding: null);
        await Refused(book, "funding-required", book.FundId, [(book.FundId, 6_000_000)]);
        await Refused(book, "funding-required", fundId: null, []);
        await Refused(book, "funding-differs-from-principal", fundId: null, [(book.FundId, 4_000_000), (second, 1_999_999)]);
        await Refused(book, "fund-named-twice", fundId: null, [(second, 4_000_000), (second, 2_000_000)]);
        await Refused(book, "unknown-fund", fundId: null, [(book.FundId, 4_000_000), (foreign, 2_000_000)]);
        await Refused(book, "amount-not-positive", fundId: null, [(book.FundId, 6_000_000), (second, 0)]);

        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));
    }

    [Fact]
    public async Task What_is_paid_ahead_is_held_and_can_be_given_back()
    {
        var book = await Open(service, advance: "hold");
        var loanId = await book.Lend();
        var paid = await book.Repay(loanId, 500_000, "2026-02-05");
        Assert.Equal(("60000", "334000", "106000"), (paid.Amount("interest"), paid.Amount("principal"), paid.Amount("advance")));
        AssertAmount("106000", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-03-04"), "advance");
        AssertAmount("3620000", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-03-05"), "outstanding", "principal");

        await Refund(book, loanId, 106_001, HttpStatusCode.UnprocessableEntity);
        var refund = await Refund(book, loanId, 100_000);

        Assert.Equal("100000", (await book.Partner.Get(refund.Headers.Location!.OriginalString)).Amount("amount"));
        AssertAmount("6000", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-03-04"), "advance");
        AssertAmount("3666000", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-03-05"), "outstanding", "principal");
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = paid.Id }, "later-facts-depend-on-it");
        await book.Partner.Post("/v1/reversals", new { transactionId = refund.Id });
        AssertAmount("3620000", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-03-05"), "outstanding", "principal");
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
    }

    [Fact]
    public async Task What_is_paid_ahead_brings_the_principal_down_and_the_schedule_shows_it()
    {
        var book = await Open(service, advance: "reduce-principal", effect: "shorten");
        var loanId = await book.Lend();

        await book.Repay(loanId, 1_394_000, "2026-02-05");

        var rows = (await book.Partner.Get($"/v1/loans/{loanId}/schedule"))["instalments"].AsArray();
        Assert.Equal(9, rows.Count);
        Assert.Equal("45000", rows[1]!["due"]!["interest"]!["amount"]!.GetValue<string>());
        var before = (await book.Partner.Get($"/v1/loans/{loanId}/schedule?effectiveOn=2026-02-04"))["instalments"].AsArray();
        Assert.Equal(12, before.Count);
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
    }

    [Fact]
    public async Task An_effect_belongs_to_reduce_principal_alone()
    {
        var partner = await service.NewTenant();

        await Product("hold", "shorten");
        await Product("reduce-principal", effect: null);

        Task Product(string advance, string? effect) => partner.PostRefused(
            "/v1/loan-products",
            new
            {
                code = "SPP",
                name = "SPP",
                currency = "IDR",
                interest = new { method = "flat", ratePercent = "1.5", per = "month" },
                repayment = new { every = 1, unit = "month" },
                advance,
                effect,
            },
            "effect-with-reduce-principal");
    }

    private static Task<Reply> Refund(LoanBook book, Guid loanId, long amount, HttpStatusCode expect = HttpStatusCode.Created) => book.Partner.Post(
        $"/v1/loans/{loanId}/advance-refunds", new { amount = Idr(amount), to = "cash", effectiveOn = "2026-02-20" }, expect);

    private static async Task<Guid> SecondFund(LoanBook book, long capital)
    {
        var fund = await book.Partner.Post("/v1/funds", new { code = "DB2", name = "Dana kedua", currency = "IDR" });
        await book.Partner.Post($"/v1/funds/{fund.Id}/contributions", new
        {
            amount = Idr(capital),
            effectiveOn = "2026-01-02",
            purpose = "revolving-capital",
            source = "Yayasan Beta",
        });
        return fund.Id;
    }

    private static async Task<Guid> Propose(LoanBook book, Guid second) =>
        (await book.Partner.Post("/v1/loans", Proposal(book, null, [(book.FundId, 4_000_000), (second, 2_000_000)]))).Id;

    private static Task Refused(LoanBook book, string code, Guid? fundId, (Guid FundId, long Principal)[]? funding) =>
        book.Partner.PostRefused("/v1/loans", Proposal(book, fundId, funding), code);

    private static object Proposal(LoanBook book, Guid? fundId, (Guid FundId, long Principal)[]? funding) => new
    {
        fundId,
        funding = funding?.Select(share => new { fundId = share.FundId, principal = Idr(share.Principal) }),
        productId = book.ProductId,
        memberId = book.MemberId,
        principal = Idr(6_000_000),
        instalments = 12,
        purpose = "Modal kios",
        proposedOn = "2026-01-03",
    };
}
