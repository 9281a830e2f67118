using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanBook;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>The turns a loan can take as a partner sees them, each followed by a payment dated before it, and their refusals.</summary>
public sealed class LoanTurnHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_quote_is_paid_and_a_late_payment_becomes_an_advance()
    {
        var (book, loanId) = await FourPaid();
        var quotes = (await book.Partner.Get($"/v1/loans/{loanId}/settlement-quotes?effectiveOn=2026-05-20")).Body["quotes"]!.AsArray();
        Assert.Equal(
            ["current-period 2724000", "full-interest 3144000", "half-rebate 2904000", "rule-of-78 2811692"],
            quotes.Select(quote => $"{quote!["policy"]} {quote["amount"]!["amount"]}"));
        await book.Partner.PostRefused($"/v1/loans/{loanId}/settlements", Settlement(2_000_000), "settlement-amount-differs");
        await book.Partner.PostRefused($"/v1/loans/{loanId}/settlements", Settlement(2_724_000, decision: null), "decision-required");

        var settled = await book.Partner.Post($"/v1/loans/{loanId}/settlements", Settlement(2_724_000));
        await book.Repay(loanId, 394_000, "2026-05-10");

        var loan = await book.Partner.Get($"/v1/loans/{loanId}");
        Assert.Equal("repaid", loan.Value("status"));
        Assert.Equal("settled-early", loan.Body["flags"]![0]!.GetValue<string>());
        AssertAmount("394000", loan, "advance");
        AssertAmount("2724000", await book.Partner.Get($"/v1/loans/{loanId}/settlements/{settled.Id}"), "amount");
        await Agree(book);
    }

    [Fact]
    public async Task Loans_are_written_off_recovered_and_given_up()
    {
        var (book, loanId) = await FourPaid();
        await book.Partner.PostRefused($"/v1/loans/{loanId}/recoveries", new { amount = Idr(1), method = "cash" }, "loan-not-written-off");

        var writeOff = await book.Partner.Post($"/v1/loans/{loanId}/write-offs", new { decisionReference = "BA-7", effectiveOn = "2026-08-20" });
        AssertAmount("2664000", writeOff, "amount");
        AssertAmount("2844000", writeOff, "claim");
        AssertAmount("2664000", await book.Partner.Get($"/v1/funds/{book.FundId}"), "writtenOff");
        await book.Partner.PostRefused($"/v1/loans/{loanId}/write-offs", new { decisionReference = "BA-7" }, "loan-not-active");
        await book.Partner.PostRefused(
            $"/v1/loans/{loanId}/repayments", new { amount = Idr(1), method = "cash", effectiveOn = "2026-08-21", receiptNumber = "X1" }, "loan-not-active");
        await book.Partner.PostRefused($"/v1/loans/{loanId}/recoveries", new { amount = Idr(1), method = "cash", effectiveOn = "2026-08-19" }, "before-write-off");
        await book.Partner.PostRefused($"/v1/loans/{loanId}/recoveries", new { amount = Idr(2_844_001), method = "cash" }, "exceeds-claim");

        await book.Repay(loanId, 394_000, "2026-06-05");
        AssertAmount("2330000", await book.Partner.Get($"/v1/funds/{book.FundId}"), "writtenOff");
        AssertAmount("2450000", await book.Partner.Get($"/v1/loans/{loanId}"), "claim");
        var recovery = await book.Partner.Post($"/v1/loans/{loanId}/recoveries", new { amount = Idr(450_000), method = "cash", effectiveOn = "2026-09-01" });
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = writeOff.Id }, "later-facts-depend-on-it");
        var forgiveness = await book.Partner.Post($"/v1/loans/{loanId}/forgivenesses", new { decisionReference = "BA-8", effectiveOn = "2026-10-01" });
        AssertAmount("2000000", forgiveness, "amount");
        await book.Partner.PostRefused($"/v1/loans/{loanId}/recoveries", new { amount = Idr(1), method = "cash" }, "claim-forgiven");

        Assert.Equal(["written-off", "claim-forgiven"], (await book.Partner.Get($"/v1/loans/{loanId}")).Body["flags"]!.AsArray().Select(flag => flag!.GetValue<string>()));
        await Agree(book);
        foreach (var id in new[] { forgiveness.Id, recovery.Id, writeOff.Id })
        {
            await book.Partner.Post("/v1/reversals", new { transactionId = id, reasonCode = "decision" });
        }

        AssertAmount("0", await book.Partner.Get($"/v1/funds/{book.FundId}"), "writtenOff");
        Assert.Equal("active", (await book.Partner.Get($"/v1/loans/{loanId}")).Value("status"));
        await Agree(book);
    }

    [Fact]
    public async Task After_a_failed_harvest_many_loans_are_rescheduled_by_one_decision()
    {
        var (book, first) = await FourPaid();
        var second = await book.Lend();
        var repaid = await book.Lend();
        await book.Repay(repaid, 4_720_000, "2026-02-05");
        object Of(string mode, params Guid[] loans) => new { loanIds = loans, to = new { shiftPeriods = 2 }, decisionReference = "BA-9", mode, effectiveOn = "2026-06-10" };
        var last = await service.LastNumber(book.Partner.Tenant);

        await book.Partner.PostRefused("/v1/reschedulings", Of("atomic", first, second, repaid), "loan-not-active");
        await book.Partner.PostRefused("/v1/reschedulings", Of("atomic", first, Guid.CreateVersion7()), "unknown-loan");
        await book.Partner.PostRefused("/v1/reschedulings", Of("each", repaid), "nothing-to-reschedule");
        await book.Partner.Post("/v1/reschedulings", Of("each"), HttpStatusCode.BadRequest);
        await book.Partner.Post("/v1/reschedulings", Of("each", first, first), HttpStatusCode.BadRequest);
        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));

        var results = (await book.Partner.Post("/v1/reschedulings", Of("each", first, repaid, second))).Body["results"]!.AsArray();

        Assert.Equal([null, "loan-not-active", null], results.Select(result => result!["code"]?.GetValue<string>()));
        var loan = await book.Partner.Get($"/v1/loans/{first}?effectiveOn=2026-06-10");
        Assert.Equal(0, loan.Body["arrears"]!["daysPastDue"]!.GetValue<int>());
        Assert.Equal("rescheduled", loan.Body["flags"]![0]!.GetValue<string>());
        var id = results[0]!["reschedulingId"]!.GetValue<string>();
        Assert.Equal("BA-9", (await book.Partner.Get($"/v1/loans/{first}/reschedulings/{id}")).Value("decisionReference"));

        await book.Repay(first, 394_000, "2026-06-05");
        AssertAmount("2330000", await book.Partner.Get($"/v1/loans/{first}"), "outstanding", "principal");
        await Agree(book);
        await book.Partner.Post($"/v1/loans/{second}/reschedulings", new { to = new { instalments = 18, ratePercent = "1" }, decisionReference = "BA-10", effectiveOn = "2026-06-11" });
        await book.Partner.PostRefused(
            $"/v1/loans/{second}/reschedulings", new { to = new { instalments = 18, shiftPeriods = 1 }, decisionReference = "BA-10" }, "rescheduling-unclear");
        await book.Partner.PostRefused(
            $"/v1/loans/{second}/reschedulings", new { to = new { shiftPeriods = 1 }, decisionReference = "BA-10", effectiveOn = "2026-06-10" }, "later-facts-depend-on-it");
        await Agree(book);
    }

    [Fact]
    public async Task When_a_borrower_dies_an_insurer_pays_and_what_else_is_owed_is_let_off()
    {
        var (book, loanId) = await FourPaid();
        await book.Partner.PostRefused($"/v1/loans/{loanId}/insurance-claims", Claim(2_664_001, "insurer", "bank"), "exceeds-outstanding");
        await book.Partner.PostRefused($"/v1/loans/{loanId}/insurance-claims", Claim(2_664_000, "insurer", method: null), "method-required");
        await book.Partner.PostRefused($"/v1/loans/{loanId}/insurance-claims", Claim(2_664_000, "own-fund", "cash"), "channel-is-offset");

        var claim = await book.Partner.Post($"/v1/loans/{loanId}/insurance-claims", Claim(2_664_000, "insurer", "bank"));
        await book.Repay(loanId, 394_000, "2026-05-10");

        var loan = await book.Partner.Get($"/v1/loans/{loanId}");
        Assert.Equal("repaid", loan.Value("status"));
        AssertAmount("334000", loan, "advance");
        AssertAmount("2664000", await book.Partner.Get($"/v1/loans/{loanId}/insurance-claims/{claim.Id}"), "amount");
        await Agree(book);
    }

    /// <summary>The money is handed back on the same day: the loan is approved as before, and can be cancelled.</summary>
    [Fact]
    public async Task A_disbursement_is_cancelled_on_the_same_day()
    {
        var book = await Open(service);
        var loanId = await book.Propose();
        await book.Approve(loanId);
        var disbursement = await book.Disburse(loanId);

        await book.Partner.Post($"/v1/loans/{loanId}/reversals", new { transactionId = disbursement.Id, kind = "returned", effectiveOn = "2026-01-05", reasonCode = "decision" });
        await book.Partner.Post($"/v1/loans/{loanId}/cancellations", new { effectiveOn = "2026-01-05", reason = "Batal" });

        Assert.Equal("cancelled", (await book.Partner.Get($"/v1/loans/{loanId}")).Value("status"));
        await Agree(book);
    }

    [Fact]
    public async Task A_loan_goes_to_another_group_as_a_dated_fact()
    {
        var (book, loanId) = await FourPaid();
        var group = await book.Partner.Post("/v1/groups", new
        {
            name = "Melati",
            village = "Oesapa",
            formedOn = "2026-01-02",
            members = new[] { new { memberId = book.MemberId, role = "chair" } },
            meeting = new { every = 1, unit = "month", dayOfMonth = 5 },
        });
        await book.Partner.PostRefused($"/v1/loans/{loanId}/transfers", new { groupId = Guid.CreateVersion7() }, "unknown-group");
        await book.Partner.PostRefused($"/v1/loans/{loanId}/transfers", new { groupId = group.Id, effectiveOn = "2025-12-01" }, "before-proposal");

        await book.Partner.Post($"/v1/loans/{loanId}/transfers", new { groupId = group.Id, effectiveOn = "2026-06-01" });

        Assert.Equal(group.Id.ToString(), (await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-06-01")).Value("groupId"));
        Assert.Null((await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-05-31")).Body["groupId"]);
        Assert.Single((await book.Partner.Get($"/v1/loans?groupId={group.Id}")).Body["items"]!.AsArray());
    }

    private static object Settlement(long amount, string? decision = "BA-6") =>
        new { amount = Idr(amount), policy = "current-period", method = "cash", decisionReference = decision, effectiveOn = "2026-05-20" };

    private static object Claim(long amount, string paidBy, string? method) =>
        new { amount = Idr(amount), paidBy, method, decisionReference = "BA-11", effectiveOn = "2026-05-20" };

    private async Task Agree(LoanBook book) => Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);

    /// <summary>4,000,000 at 1.5 % flat over 12 months, paid for February to May: 2,664,000 and 480,000 of interest are left.</summary>
    private async Task<(LoanBook Book, Guid LoanId)> FourPaid()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        for (var month = 2; month <= 5; month++)
        {
            await book.Repay(loanId, 394_000, $"2026-0{month}-05");
        }

        return (book, loanId);
    }
}
