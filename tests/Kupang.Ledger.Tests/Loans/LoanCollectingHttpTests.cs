using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanBook;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>Penalties, fees, waivers and tranches as a partner sees them.</summary>
public sealed class LoanCollectingHttpTests(LedgerService service)
{
    private static readonly string[] OwnOrder = ["interest", "principal", "fee", "penalty"];

    /// <summary>
    /// 4,000,000 at 1.5 % flat: 394,000 fall due on 5 February. On the 15th ten days of 0.1 % are owed, 3,940, and a fee of
    /// 10,000; 5,000 of the fee are let off. 402,940 then pay all of it.
    /// </summary>
    [Fact]
    public async Task A_late_borrower_owes_penalty_and_fee_until_they_are_paid_or_let_off()
    {
        var book = await Collecting();
        var loanId = await book.Lend();
        var fee = await book.Partner.Post($"/v1/loans/{loanId}/fees", new { amount = Idr(10_000), kind = "legalisation", effectiveOn = "2026-02-01" });
        var waiver = await book.Partner.Post(
            $"/v1/loans/{loanId}/waivers", new { component = "fee", amount = Idr(5_000), decisionReference = "BA-9", effectiveOn = "2026-02-15" });

        var loan = await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-02-15");
        AssertAmount("3940", loan, "arrears", "penalty");
        AssertAmount("5000", loan, "arrears", "fee");
        AssertAmount("5000", loan, "waived", "fee");

        var repayment = await book.Repay(loanId, 402_940, "2026-02-15");
        AssertAmount("3940", repayment, "penalty");
        AssertAmount("5000", repayment, "fee");
        AssertAmount("60000", repayment, "interest");
        AssertAmount("334000", repayment, "principal");
        AssertAmount("0", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-03-04"), "outstanding", "penalty");
        Assert.Equal("legalisation", (await book.Partner.Get($"/v1/loans/{loanId}/fees/{fee.Id}")).Body["kind"]!.GetValue<string>());
        Assert.Equal("BA-9", (await book.Partner.Get($"/v1/loans/{loanId}/waivers/{waiver.Id}")).Body["decisionReference"]!.GetValue<string>());
        var transactions = (await book.Partner.Get($"/v1/loans/{loanId}/transactions")).Body["items"]!.AsArray();
        Assert.Equal(["proposal", "approval", "disbursement", "fee", "waiver", "repayment"], transactions.Select(row => row!["type"]!.GetValue<string>()));
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
    }

    [Fact]
    public async Task What_can_not_be_charged_or_let_off_is_refused_and_nothing_is_written()
    {
        var book = await Collecting();
        var loanId = await book.Lend();
        var last = await service.LastNumber(book.Partner.Tenant);

        await book.Partner.PostRefused($"/v1/loans/{loanId}/fees", new { amount = Idr(0), kind = "x" }, "amount-not-positive");
        await book.Partner.PostRefused($"/v1/loans/{loanId}/fees", new { amount = Idr(1), kind = "x", effectiveOn = "2026-01-04" }, "before-disbursement");
        await book.Partner.PostRefused($"/v1/loans/{loanId}/fees", new { amount = Idr(1), kind = "x", effectiveOn = "2099-01-04" }, "in-the-future");
        await book.Partner.PostRefused(
            $"/v1/loans/{loanId}/waivers", new { component = "penalty", amount = Idr(1), decisionReference = "BA", effectiveOn = "2026-02-05" }, "exceeds-open-charge");
        await book.Partner.Post(
            $"/v1/loans/{loanId}/waivers", new { component = "principal", amount = Idr(1), decisionReference = "BA" }, HttpStatusCode.BadRequest);
        await book.Partner.Post($"/v1/loans/{loanId}/waivers", new { component = "fee", amount = Idr(1) }, HttpStatusCode.BadRequest);
        var proposed = await book.Propose();
        await book.Partner.PostRefused($"/v1/loans/{proposed}/fees", new { amount = Idr(1), kind = "x" }, "loan-not-active");
        await book.Partner.Post($"/v1/loans/{Guid.CreateVersion7()}/fees", new { amount = Idr(1), kind = "x" }, HttpStatusCode.NotFound);

        Assert.Equal(last + 1, await service.LastNumber(book.Partner.Tenant));
    }

    /// <summary>2,400,000 of 4,000,000 are paid out at first, the rest on 10 March; the fund keeps it ready until then.</summary>
    [Fact]
    public async Task A_loan_is_paid_out_in_tranches_and_what_is_left_can_be_cancelled()
    {
        var book = await Collecting();
        var loanId = await book.Propose();
        await book.Approve(loanId);
        var first = await book.Partner.Post($"/v1/loans/{loanId}/disbursements", new { effectiveOn = "2026-01-05", method = "bank", principal = Idr(2_400_000) });
        AssertAmount("2400000", first, "principal");
        AssertAmount("1600000", await book.Partner.Get("/v1/funds/" + book.FundId), "committed");
        await book.Partner.PostRefused(
            $"/v1/loans/{loanId}/disbursements", new { effectiveOn = "2026-03-10", method = "bank", principal = Idr(1_600_001) }, "exceeds-approved");

        var second = await book.Partner.Post($"/v1/loans/{loanId}/disbursements", new { effectiveOn = "2026-03-10", method = "bank", principal = Idr(1_000_000) });

        AssertAmount("3400000", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-03-10"), "outstanding", "principal");
        AssertAmount("600000", await book.Partner.Get($"/v1/loans/{loanId}"), "undisbursed");
        Assert.Equal(12, (await book.Partner.Get($"/v1/loans/{loanId}/disbursements/{second.Id}")).Body["instalments"]!.AsArray().Count);

        var cancelled = await book.Partner.Post($"/v1/loans/{loanId}/cancellations", new { effectiveOn = "2026-03-11", reason = "Usaha cukup" });
        Assert.Equal("active", cancelled.Body["status"]!.GetValue<string>());
        Assert.Equal("active", (await book.Partner.Get($"/v1/loans/{loanId}/cancellations/{cancelled.Id}")).Body["status"]!.GetValue<string>());
        AssertAmount("0", await book.Partner.Get("/v1/funds/" + book.FundId), "committed");
        AssertAmount("3400000", await book.Partner.Get($"/v1/loans/{loanId}"), "principal");
        await book.Partner.PostRefused($"/v1/loans/{loanId}/disbursements", new { effectiveOn = "2026-03-11", method = "bank" }, "loan-not-approved");

        await book.Partner.Post("/v1/reversals", new { transactionId = second.Id, reasonCode = "typing-error" });
        AssertAmount("2400000", await book.Partner.Get($"/v1/loans/{loanId}"), "outstanding", "principal");
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
    }

    [Fact]
    public async Task A_product_names_its_penalty_and_its_order_and_can_be_revised_in_them()
    {
        var book = await Collecting();
        var product = await book.Partner.Get("/v1/loan-products/" + book.ProductId);
        Assert.Equal("0.1", product.Body["penalty"]!["ratePercentPerDay"]!.GetValue<string>());
        Assert.Equal(3, product.Body["maximumTranches"]!.GetValue<int>());

        await book.Partner.PostRefused("/v1/loan-products", Product("P2", new { kind = "per-day" }), "terms-out-of-range");
        await book.Partner.PostRefused("/v1/loan-products", Product("P3", new { kind = "none", amount = "5" }), "terms-out-of-range");
        await book.Partner.Post("/v1/loan-products", Product("P4", new { kind = "weekly" }), HttpStatusCode.BadRequest);
        var own = await book.Partner.Post("/v1/loan-products", Product("P5", new { kind = "flat-per-instalment", amount = "5000", capPercent = "10" }, "custom", new
        {
            order = OwnOrder,
            processing = "vertical",
        }));
        Assert.Equal("vertical", own.Body["allocationRule"]!["processing"]!.GetValue<string>());
        await book.Partner.PostRefused("/v1/loan-products", Product("P6", new { kind = "none" }, "custom"), "allocation-rule-incomplete");
    }

    private async Task<LoanBook> Collecting()
    {
        var book = await Open(service);
        var product = await book.Partner.Post("/v1/loan-products", Product("DENDA", new { kind = "per-day", ratePercentPerDay = "0.1" }));
        return book.On(product.Id);
    }

    private static object Product(string code, object penalty, string allocation = "oldest-instalment-first", object? allocationRule = null) => new
    {
        code,
        name = "Dengan denda",
        currency = "IDR",
        interest = new { method = "flat", ratePercent = "1.5", per = "month" },
        repayment = new { every = 1, unit = "month" },
        rounding = new { multiple = "1000", mode = "up" },
        bookingClass = "spp",
        maximumTranches = 3,
        penalty,
        allocation,
        allocationRule,
    };
}
