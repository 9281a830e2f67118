using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanBook;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>A loan's whole life over HTTP, with figures a loan officer can check: 394,000 a month, 334,000 of it principal.</summary>
public sealed class LoanLifeHttpTests(LedgerService service)
{
    [Fact]
    public async Task From_capital_to_the_last_instalment_the_fund_knows_where_its_money_is()
    {
        var book = await Open(service, capital: 10_000_000);
        var loanId = await book.Propose();
        await AssertFund(book, committed: "0", outstanding: "0", lendable: "10000000", cash: "10000000");

        await book.Approve(loanId);
        await AssertFund(book, committed: "4000000", outstanding: "0", lendable: "6000000", cash: "10000000");

        var disbursement = await book.Disburse(loanId);
        AssertAmount("4000000", disbursement, "netAmount");
        Assert.Equal(12, disbursement["instalments"].AsArray().Count);
        await AssertFund(book, committed: "0", outstanding: "4000000", lendable: "6000000", cash: "6000000");

        var repayment = await book.Repay(loanId, 394_000, "2026-02-05", "KW-1");
        AssertAmount("60000", repayment, "interest");
        AssertAmount("334000", repayment, "principal");
        AssertAmount("0", repayment, "advance");
        await AssertFund(book, committed: "0", outstanding: "3666000", lendable: "6334000", cash: "6394000");

        await book.Repay(loanId, 4_720_000 - 394_000, "2026-02-06");
        Assert.Equal("repaid", (await book.Partner.Get($"/v1/loans/{loanId}")).Value("status"));
        await AssertFund(book, committed: "0", outstanding: "0", lendable: "10000000", cash: "10720000");
    }

    [Fact]
    public async Task An_auditor_reads_the_loan_as_of_any_day_and_as_known_at_any_number()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        var known = (await book.Repay(loanId, 394_000, "2026-02-05"))["asOfSequence"].GetValue<long>();
        await book.Repay(loanId, 394_000, "2026-03-05");

        Assert.Equal("approved", (await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-01-04")).Value("status"));
        var onTheFirst = await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-02-05");
        AssertAmount("3666000", onTheFirst, "outstanding", "principal");
        Assert.Equal(0, onTheFirst["arrears"]["daysPastDue"]!.GetValue<int>());

        // In April instalments 1 and 2 are paid and 3 (5 April) is not; on 1 May it is 26 days past due.
        var inMay = await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-05-01");
        Assert.Equal(26, inMay["arrears"]["daysPastDue"]!.GetValue<int>());
        Assert.Equal("2026-04-05", inMay["arrears"]["oldestDueOn"]!.GetValue<string>());
        AssertAmount("334000", inMay, "arrears", "principal");
        AssertAmount("60000", inMay, "arrears", "interest");

        var asKnown = await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-05-01&knownAtSequence={known}");
        Assert.Equal(57, asKnown["arrears"]["daysPastDue"]!.GetValue<int>());
        Assert.Equal(known, asKnown["asOfSequence"].GetValue<long>());
    }

    [Fact]
    public async Task Every_step_is_listed_with_who_when_and_what_was_owed_after_it()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        await book.Repay(loanId, 394_000, "2026-02-05", "KW-1");

        var items = (await book.Partner.Get($"/v1/loans/{loanId}/transactions"))["items"].AsArray();

        Assert.Equal(["proposal", "approval", "disbursement", "repayment"], items.Select(item => item!["type"]!.GetValue<string>()));
        Assert.Equal(["0", "0", "4000000", "3666000"], items.Select(item => item!["balanceAfter"]!["amount"]!.GetValue<string>()));
        Assert.Equal("KW-1", items[3]!["paper"]!["number"]!.GetValue<string>());
        Assert.NotNull(items[3]!["actor"]!["keyId"]);
    }

    [Fact]
    public async Task Deductions_are_kept_back_from_what_the_member_receives()
    {
        var book = await Open(service);
        var loanId = await book.Propose();
        await book.Approve(loanId);

        var disbursement = await book.Partner.Post($"/v1/loans/{loanId}/disbursements", new
        {
            effectiveOn = "2026-01-05",
            method = "bank",
            deductions = new[] { new { kind = "administration-fee", amount = Idr(40_000) }, new { kind = "insurance-premium", amount = Idr(10_000) } },
        });

        AssertAmount("3950000", disbursement, "netAmount");
        await AssertFund(book, committed: "0", outstanding: "4000000", lendable: "96000000", cash: "96050000");
    }

    [Fact]
    public async Task Cash_paid_from_a_box_that_the_books_show_empty_is_recorded_and_said()
    {
        var book = await Open(service);
        var loanId = await book.Propose();
        await book.Approve(loanId);

        var disbursement = await book.Disburse(loanId, method: "cash");

        Assert.Equal("cash-below-zero", disbursement["warnings"][0]!.GetValue<string>());
        Assert.Null((await book.Partner.Get(disbursement.Headers.Location!.ToString())).Body["warnings"]);
    }

    [Fact]
    public async Task A_rejected_loan_never_bound_money_and_a_cancelled_one_frees_it()
    {
        var book = await Open(service, capital: 10_000_000);
        var rejected = await book.Propose();
        await book.Partner.Post($"/v1/loans/{rejected}/rejections", new { effectiveOn = "2026-01-04", reason = "belum layak" });
        var cancelled = await book.Propose();
        await book.Approve(cancelled);
        var ended = await book.Partner.Post($"/v1/loans/{cancelled}/cancellations", new { effectiveOn = "2026-01-06", reason = "mundur" });

        Assert.Equal("cancelled", ended.Value("status"));
        Assert.Equal("mundur", ended.Value("reason"));
        Assert.Equal("rejected", (await book.Partner.Get($"/v1/loans/{rejected}")).Value("status"));
        await AssertFund(book, committed: "0", outstanding: "0", lendable: "10000000", cash: "10000000");
    }

    [Fact]
    public async Task Lists_find_loans_by_status_and_days_past_due_as_of_a_day()
    {
        var book = await Open(service);
        var late = await book.Lend();
        var onTime = await book.Lend();
        await book.Propose();
        await book.Repay(onTime, 394_000, "2026-02-05");

        var overdue = await book.Partner.Get("/v1/loans?overdueDaysFrom=1&effectiveOn=2026-02-20");
        Assert.Equal(late.ToString(), Assert.Single(overdue["items"].AsArray())!["id"]!.GetValue<string>());
        Assert.Equal(2, (await book.Partner.Get("/v1/loans?status=active"))["items"].AsArray().Count);

        var first = await book.Partner.Get("/v1/loans?limit=2");
        var second = await book.Partner.Get(first.Value("next"));
        Assert.Equal(2, first["items"].AsArray().Count);
        Assert.Single(second["items"].AsArray());
    }

    [Theory]
    [InlineData("approvals", """{"decisionReference":"BA","effectiveOn":"2026-01-02"}""", "before-proposal")]
    [InlineData("approvals", """{"decisionReference":"BA","effectiveOn":"2026-11-25"}""", "in-the-future")]
    [InlineData("disbursements", """{"method":"bank"}""", "loan-not-approved")]
    [InlineData("repayments", """{"amount":{"amount":"1000","currency":"IDR"},"method":"cash"}""", "loan-not-active")]
    public async Task A_proposed_loan_refuses_what_comes_too_early(string act, string body, string code)
    {
        var book = await Open(service);
        var loanId = await book.Propose();

        await book.Partner.PostRefused($"/v1/loans/{loanId}/{act}", body, code);
    }

    [Fact]
    public async Task An_approval_beyond_what_can_be_lent_says_what_is_there()
    {
        var book = await Open(service, capital: 3_000_000);
        var loanId = await book.Propose();

        var refusal = await book.Approve(loanId, HttpStatusCode.UnprocessableEntity);

        Assert.Equal("insufficient-lendable-funds", refusal.Value("code"));
        AssertAmount("3000000", refusal, "available");
        AssertAmount("4000000", refusal, "required");
    }

    [Fact]
    public async Task An_unknown_loan_and_another_tenants_loan_look_the_same()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        var stranger = await service.NewTenant();
        var body = new { amount = Idr(1_000), method = "cash" };

        var foreign = await stranger.PostRefused($"/v1/loans/{loanId}/repayments", body, "not-found", HttpStatusCode.NotFound);
        var unknown = await stranger.PostRefused($"/v1/loans/{Guid.CreateVersion7()}/repayments", body, "not-found", HttpStatusCode.NotFound);

        Assert.Equal(Without(unknown), Without(foreign));

        static string Without(Reply reply)
        {
            var problem = reply.Body.AsObject();
            problem.Remove("traceId");
            problem.Remove("instance");
            return problem.ToJsonString();
        }
    }

    [Fact]
    public async Task What_was_answered_can_be_read_again_at_its_location()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        var repayment = await book.Repay(loanId, 394_000, "2026-02-05");

        var read = await book.Partner.Get(repayment.Headers.Location!.ToString());

        Assert.Equal(repayment.Text, read.Text);
    }

    private static async Task AssertFund(LoanBook book, string committed, string outstanding, string lendable, string cash)
    {
        var fund = await book.Partner.Get($"/v1/funds/{book.FundId}");
        Assert.Equal(
            (committed, outstanding, lendable, cash),
            (fund.Amount("committed"), fund.Amount("outstanding"), fund.Amount("lendable"), fund.Amount("cash")));
    }
}
