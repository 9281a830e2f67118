using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Tests.GeneralLedger;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanBook;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Corrections;

/// <summary>Taking facts back over HTTP: 394,000 a month, 334,000 of it principal.</summary>
public sealed class ReversalHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_clerks_mistake_is_taken_back_and_written_again_under_the_same_receipt()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        var wrong = await book.Repay(loanId, 934_000, "2026-02-05", "KW-7");

        var reversal = await book.Partner.Post(
            "/v1/reversals", new { transactionId = wrong.Id, reasonCode = "typing-error", reason = "Angka tertukar pada kuitansi Maria" });

        Assert.Equal(("2026-02-05", "typing-error"), (reversal.Value("effectiveOn"), reversal.Value("reasonCode")));
        Assert.Equal(reversal.Headers.Location!.OriginalString, $"/v1/reversals/{reversal.Id}");
        Assert.Equal("Angka tertukar pada kuitansi Maria", (await book.Partner.Get($"/v1/reversals/{reversal.Id}")).Value("reason"));
        AssertAmount("4000000", await book.Partner.Get($"/v1/loans/{loanId}"), "outstanding", "principal");

        var right = await book.Repay(loanId, 394_000, "2026-02-05", "KW-7");

        AssertAmount("3666000", await book.Partner.Get($"/v1/loans/{loanId}"), "outstanding", "principal");
        var rows = (await book.Partner.Get($"/v1/loans/{loanId}/transactions"))["items"].AsArray();
        Assert.Equal(["proposal", "approval", "disbursement", "repayment", "reversal", "repayment"], rows.Select(row => row!["type"]!.GetValue<string>()));
        Assert.Equal(reversal.Value("id"), rows[3]!["reversedBy"]!.GetValue<string>());
        Assert.Equal(wrong.Value("id"), rows[4]!["reverses"]!.GetValue<string>());
        Assert.NotEqual(wrong.Value("id"), right.Value("id"));
        await AssertBooksAgree(book.Partner);
    }

    [Fact]
    public async Task A_bounced_transfer_counts_until_it_bounced()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        var paid = await book.Repay(loanId, 394_000, "2026-02-05");

        await book.Partner.Post(
            $"/v1/loans/{loanId}/reversals", new { transactionId = paid.Id, kind = "returned", reasonCode = "returned", effectiveOn = "2026-02-20" });

        AssertAmount("3666000", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-02-19"), "outstanding", "principal");
        var after = await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-02-20");
        AssertAmount("4000000", after, "outstanding", "principal");
        Assert.Equal(15, after["arrears"]["daysPastDue"]!.GetValue<int>());
        await AssertBooksAgree(book.Partner);
    }

    [Fact]
    public async Task A_contribution_taken_back_may_leave_less_than_nothing_and_then_nothing_can_be_lent()
    {
        var book = await Open(service, capital: 1_000_000);
        var second = await book.Partner.Post($"/v1/funds/{book.FundId}/contributions", new
        {
            amount = Idr(4_000_000),
            effectiveOn = "2026-01-02",
            purpose = "revolving-capital",
            source = "Yayasan Beta",
        });
        await book.Lend();

        await book.Partner.Post("/v1/reversals", new { transactionId = second.Id, reasonCode = "wrong-borrower" });

        Assert.Equal("-3000000", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("lendable"));
        var next = await book.Propose(500_000);
        Assert.Equal("insufficient-lendable-funds", (await book.Approve(next, HttpStatusCode.UnprocessableEntity)).Value("code"));
        await AssertBooksAgree(book.Partner);
    }

    [Fact]
    public async Task A_new_donors_contribution_is_written_again_under_the_same_receipt()
    {
        var book = await Open(service);
        var wrong = await Contribute(4_000_000);

        await Reverse(book, wrong.Id);
        await Contribute(400_000);

        Assert.Equal("100400000", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("capital"));

        Task<Reply> Contribute(long amount) => book.Partner.Post($"/v1/funds/{book.FundId}/contributions", new
        {
            amount = Idr(amount),
            effectiveOn = "2026-01-02",
            purpose = "revolving-capital",
            source = "Yayasan Beta",
            receiptNumber = "KM-3",
        });
    }

    [Fact]
    public async Task A_payment_out_is_taken_back_only_after_what_rests_on_it_and_the_loan_can_be_paid_out_again()
    {
        var book = await Open(service);
        var loanId = await book.Propose();
        var approval = await book.Approve(loanId);
        var disbursement = await book.Disburse(loanId);
        var repayment = await book.Repay(loanId, 394_000, "2026-02-05");

        var refused = await Refused(book, disbursement.Id, "later-facts-depend-on-it");
        Assert.Contains(repayment.Value("id"), refused.Value("detail"), StringComparison.Ordinal);
        await Refused(book, approval.Id, "later-facts-depend-on-it");
        await Reverse(book, repayment.Id);
        await Reverse(book, disbursement.Id);

        Assert.Equal("approved", (await book.Partner.Get($"/v1/loans/{loanId}")).Value("status"));
        var fund = await book.Partner.Get($"/v1/funds/{book.FundId}");
        Assert.Equal(("4000000", "0", "100000000"), (fund.Amount("committed"), fund.Amount("outstanding"), fund.Amount("cash")));

        await book.Disburse(loanId, "2026-01-06");
        AssertAmount("4000000", await book.Partner.Get($"/v1/loans/{loanId}"), "outstanding", "principal");
        await AssertBooksAgree(book.Partner);
    }

    [Fact]
    public async Task A_returned_payment_out_was_a_loan_until_the_money_came_back()
    {
        var book = await Open(service);
        var loanId = await book.Propose();
        var approval = await book.Approve(loanId);
        var disbursement = await book.Disburse(loanId);

        await book.Partner.Post("/v1/reversals", new { transactionId = disbursement.Id, kind = "returned", effectiveOn = "2026-01-09" });

        AssertAmount("4000000", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-01-08"), "outstanding", "principal");
        var after = await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-01-09");
        Assert.Equal("approved", after.Value("status"));
        AssertAmount("0", after, "outstanding", "principal");
        await Refused(book, approval.Id, "later-facts-depend-on-it");
        await AssertBooksAgree(book.Partner);
    }

    [Fact]
    public async Task An_approval_taken_back_frees_what_was_kept_ready()
    {
        var book = await Open(service);
        var loanId = await book.Propose();
        var approval = await book.Partner.Post(
            $"/v1/loans/{loanId}/approvals", new { effectiveOn = "2026-01-04", decisionReference = "BA-1", principal = Idr(3_000_000) });

        await Reverse(book, approval.Id);

        Assert.Equal("proposed", (await book.Partner.Get($"/v1/loans/{loanId}")).Value("status"));
        AssertAmount("4000000", await book.Partner.Get($"/v1/loans/{loanId}"), "principal");
        Assert.Equal("0", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("committed"));
        await AssertBooksAgree(book.Partner);
    }

    [Fact]
    public async Task A_voucher_and_a_capital_return_are_taken_back_like_any_other_money()
    {
        var book = await Open(service);
        var voucher = await SampleBook.Voucher(book.Partner, book.FundId, "cash-in", "2026-03-01", "1.1.01.02", "4.2.01.01", 100);
        var returned = await book.Partner.Post(
            $"/v1/funds/{book.FundId}/capital-returns", new { amount = Idr(1_000_000), effectiveOn = "2026-03-02", source = "Yayasan Alfa" });

        var reversal = await Reverse(book, voucher.Id);
        await Reverse(book, returned.Id);

        Assert.Equal(reversal.Value("id"), (await book.Partner.Get($"/v1/vouchers/{voucher.Id}")).Value("reversedBy"));
        Assert.Equal("100000000", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("cash"));
        await AssertBooksAgree(book.Partner);
    }

    [Fact]
    public async Task What_was_known_before_a_correction_reads_as_it_did()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        var paid = await book.Repay(loanId, 394_000, "2026-02-05");
        var known = paid["asOfSequence"].GetValue<long>();
        string[] paths =
        [
            $"/v1/loans/{loanId}?effectiveOn=2026-03-01&knownAtSequence={known}",
            $"/v1/loans/{loanId}/transactions?knownAtSequence={known}",
            $"/v1/trial-balance?effectiveOn=2026-03-01&knownAtSequence={known}",
            $"/v1/funds/{book.FundId}?effectiveOn=2026-03-01&knownAtSequence={known}",
        ];
        var before = await Texts(book, paths);

        await Reverse(book, paid.Id);
        await book.Repay(loanId, 100_000, "2026-02-03");

        Assert.Equal(before, await Texts(book, paths));
    }

    [Fact]
    public async Task What_can_not_be_taken_back_is_refused_by_name_and_nothing_is_written()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        var other = await book.Lend();
        var paid = await book.Repay(loanId, 394_000, "2026-02-05");
        var last = await service.LastNumber(book.Partner.Tenant);

        await Refused(book, Guid.CreateVersion7(), "unknown-transaction");
        await Refused(book, loanId, "not-reversible");
        await book.Partner.PostRefused($"/v1/loans/{other}/reversals", new { transactionId = paid.Id }, "unknown-transaction");
        await book.Partner.PostRefused($"/v1/loans/{Guid.CreateVersion7()}/reversals", new { transactionId = paid.Id }, "not-found", HttpStatusCode.NotFound);
        await book.Partner.PostRefused(
            "/v1/reversals", new { transactionId = paid.Id, effectiveOn = "2026-02-06" }, "reversal-takes-original-day");
        await book.Partner.PostRefused(
            "/v1/reversals", new { transactionId = paid.Id, kind = "returned", effectiveOn = "2026-02-04" }, "before-original");
        await book.Partner.PostRefused(
            "/v1/reversals", new { transactionId = paid.Id, kind = "returned", effectiveOn = "2026-11-25" }, "in-the-future");
        var foreign = await Open(service);
        await foreign.Partner.PostRefused("/v1/reversals", new { transactionId = paid.Id }, "unknown-transaction");
        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));

        var reversal = await Reverse(book, paid.Id);
        await Refused(book, paid.Id, "already-reversed");
        await Refused(book, reversal.Id, "not-reversible");
    }

    [Fact]
    public async Task Who_agrees_to_a_correction_is_not_who_makes_it()
    {
        var book = await Open(service);
        var maker = (await book.Partner.Post("/v1/staff", new { name = "Yuliana", role = "loan-officer" })).Id;
        var checker = (await book.Partner.Post("/v1/staff", new { name = "Petrus", role = "manager" })).Id;
        var paid = await book.Repay(await book.Lend(), 394_000, "2026-02-05");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Approved(maker));
        Assert.Equal(HttpStatusCode.Created, await Approved(checker));

        Task<HttpStatusCode> Approved(Guid approver)
        {
            var request = Json(
                HttpMethod.Post,
                "/v1/reversals",
                new { transactionId = paid.Id, approvedBy = new[] { new { staffId = approver, role = "manager" } } },
                Guid.CreateVersion7().ToString());
            request.Headers.Add("Acting-Staff", maker.ToString());
            return book.Partner.StatusOf(request);
        }
    }

    private static Task<Reply> Reverse(LoanBook book, Guid transactionId) =>
        book.Partner.Post("/v1/reversals", new { transactionId, reasonCode = "typing-error" });

    private static Task<Reply> Refused(LoanBook book, Guid transactionId, string code) =>
        book.Partner.PostRefused("/v1/reversals", new { transactionId }, code);

    private static async Task<string> Texts(LoanBook book, IEnumerable<string> paths)
    {
        List<string> texts = [];
        foreach (var path in paths)
        {
            texts.Add((await book.Partner.Get(path)).Text);
        }

        return string.Join('\n', texts);
    }

    private async Task AssertBooksAgree(TenantClient partner) => Assert.Null((await service.CheckBooks(partner.Tenant)).Difference);
}
