using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanBook;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.UnidentifiedReceipts;

/// <summary>Money came in on 5 February 2026 and nobody knows from whom. The loan of the book has 60,000 + 334,000 due that day.</summary>
public sealed class UnidentifiedReceiptHttpTests(LedgerService service)
{
    [Fact]
    public async Task Money_that_nobody_can_place_waits_and_pays_the_loan_it_was_for_on_the_day_it_came()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        var receipt = await Receive(book, 394_000);
        Assert.Equal(("open", "394000"), (receipt.Value("status"), receipt.Amount("unapplied")));
        Assert.Equal(("96394000", "4000000"), await CashAndOutstanding(book));
        Assert.Equal("96000000", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("lendable"));

        var repayment = await Apply(book, receipt, loanId);

        Assert.Equal(("60000", "334000"), (repayment.Amount("interest"), repayment.Amount("principal")));
        Assert.Equal(("96394000", "3666000"), await CashAndOutstanding(book));
        Assert.Equal("0", (await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-02-05"))["arrears"]["principal"]!["amount"]!.GetValue<string>());
        var placed = await book.Partner.Get($"/v1/unidentified-receipts/{receipt.Id}");
        Assert.Equal(("applied", "0"), (placed.Value("status"), placed.Amount("unapplied")));
        Assert.Equal(repayment.Value("id"), placed["applications"][0]!["repaymentId"]!.GetValue<string>());
        Assert.DoesNotContain("2.1.02.03", (await book.Partner.Get("/v1/trial-balance")).Text, StringComparison.Ordinal);
        await AssertBooksAgree(book);
    }

    /// <summary>By hand: the first fund holds 394,000 and owes it to the second; the second has a claim on the first instead of cash.</summary>
    [Fact]
    public async Task Money_in_one_funds_box_for_a_loan_of_another_is_owed_between_the_funds()
    {
        var book = await Open(service);
        var other = await book.Partner.Post("/v1/funds", new { code = "DB2", name = "Dana kedua", currency = "IDR" });
        var receipt = await book.Partner.Post(
            "/v1/unidentified-receipts", new { fundId = other.Id, amount = Idr(394_000), effectiveOn = "2026-02-05", method = "bank" });

        await Apply(book, receipt, await book.Lend());

        Assert.Equal([("1.1.01.02", "394000", "0"), ("2.1.06.01", "0", "394000")], await TrialBalance(book, other.Id));
        Assert.Contains(("1.1.06.01", "394000", "0"), await TrialBalance(book, book.FundId));
        await AssertBooksAgree(book);
    }

    [Fact]
    public async Task It_may_be_for_two_loans_and_what_becomes_known_late_counts_on_its_day()
    {
        var book = await Open(service);
        var (first, second) = (await book.Lend(), await book.Lend());
        var receipt = await Receive(book, 500_000);
        await book.Repay(first, 394_000, "2026-03-10");

        await Apply(book, receipt, first, 394_000);
        await Apply(book, receipt, second);

        Assert.Equal("0", (await book.Partner.Get($"/v1/loans/{first}?effectiveOn=2026-03-10"))["arrears"]["principal"]!["amount"]!.GetValue<string>());
        AssertAmount("3954000", await book.Partner.Get($"/v1/loans/{second}"), "outstanding", "principal");
        Assert.Equal("applied", (await book.Partner.Get($"/v1/unidentified-receipts/{receipt.Id}")).Value("status"));
        await AssertBooksAgree(book);
    }

    [Fact]
    public async Task Placed_wrongly_it_waits_again_and_only_then_can_it_go_back()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        var receipt = await Receive(book, 394_000);
        var wrong = await Apply(book, receipt, loanId);

        var refused = await book.Partner.PostRefused("/v1/reversals", new { transactionId = receipt.Id }, "later-facts-depend-on-it");
        Assert.Contains(wrong.Value("id"), refused.Value("detail"), StringComparison.Ordinal);
        await book.Partner.Post("/v1/reversals", new { transactionId = wrong.Id, reasonCode = "wrong-borrower" });
        Assert.Equal("394000", (await book.Partner.Get($"/v1/unidentified-receipts/{receipt.Id}")).Amount("unapplied"));
        AssertAmount("4000000", await book.Partner.Get($"/v1/loans/{loanId}"), "outstanding", "principal");

        var returned = await book.Partner.Post("/v1/reversals", new { transactionId = receipt.Id, kind = "returned", effectiveOn = "2026-02-09" });

        var gone = await book.Partner.Get($"/v1/unidentified-receipts/{receipt.Id}");
        Assert.Equal(("reversed", returned.Value("id")), (gone.Value("status"), gone.Value("reversedBy")));
        Assert.Equal(("96000000", "4000000"), await CashAndOutstanding(book));
        await book.Partner.PostRefused($"/v1/unidentified-receipts/{receipt.Id}/applications", new { loanId }, "receipt-not-open");
        await AssertBooksAgree(book);
    }

    [Fact]
    public async Task What_waits_is_listed_by_fund_and_status()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        var (open, applied) = (await Receive(book, 100_000), await Receive(book, 200_000));
        await Apply(book, applied, loanId);

        Assert.Equal([open.Value("id")], await Ids("status=open"));
        Assert.Equal([applied.Value("id")], await Ids($"status=applied&fundId={book.FundId}"));
        Assert.Empty(await Ids($"fundId={Guid.CreateVersion7()}"));

        async Task<IEnumerable<string>> Ids(string query) =>
            (await book.Partner.Get($"/v1/unidentified-receipts?{query}"))["items"].AsArray().Select(item => item!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_can_not_be_placed_is_refused_and_nothing_is_written()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        var proposed = await book.Propose();
        var receipt = await Receive(book, 394_000);
        var foreign = await (await Open(service)).Lend();
        var last = await service.LastNumber(book.Partner.Tenant);
        var path = $"/v1/unidentified-receipts/{receipt.Id}/applications";

        await book.Partner.PostRefused(path, new { loanId = foreign }, "unknown-loan");
        await book.Partner.PostRefused(path, new { loanId = proposed }, "loan-not-active");
        await book.Partner.PostRefused(path, new { loanId, amount = Idr(394_001) }, "exceeds-receipt");
        await book.Partner.PostRefused(path, new { loanId, amount = Idr(0) }, "amount-not-positive");
        await book.Partner.PostRefused(path, new { loanId, effectiveOn = "2026-02-04" }, "before-receipt");
        await book.Partner.PostRefused(path, new { loanId, effectiveOn = "2026-11-25" }, "in-the-future");
        await book.Partner.PostRefused(path, new { loanId, channel = "cash" }, "channel-is-offset");
        await book.Partner.PostRefused($"/v1/unidentified-receipts/{loanId}/applications", new { loanId }, "not-found", HttpStatusCode.NotFound);
        await book.Partner.PostRefused(
            "/v1/unidentified-receipts", new { fundId = Guid.CreateVersion7(), amount = Idr(1), method = "cash" }, "unknown-fund");
        await book.Partner.PostRefused("/v1/unidentified-receipts", new { fundId = book.FundId, amount = Idr(1) }, "method-required");

        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));
    }

    private static Task<Reply> Receive(LoanBook book, long amount) => book.Partner.Post(
        "/v1/unidentified-receipts",
        new { fundId = book.FundId, amount = Idr(amount), effectiveOn = "2026-02-05", method = "bank", bankReference = "TRF-0205" });

    private static Task<Reply> Apply(LoanBook book, Reply receipt, Guid loanId, long? amount = null) => book.Partner.Post(
        $"/v1/unidentified-receipts/{receipt.Id}/applications",
        new { loanId, amount = amount is { } part ? Idr(part) : null, effectiveOn = "2026-02-05" });

    private static async Task<(string Cash, string Outstanding)> CashAndOutstanding(LoanBook book)
    {
        var fund = await book.Partner.Get($"/v1/funds/{book.FundId}");
        return (fund.Amount("cash"), fund.Amount("outstanding"));
    }

    private static async Task<IEnumerable<(string Account, string Debit, string Credit)>> TrialBalance(LoanBook book, Guid fundId) =>
        (await book.Partner.Get($"/v1/trial-balance?fundId={fundId}"))["lines"].AsArray().Select(line => (
            line!["account"]!.GetValue<string>(), line["debit"]!["amount"]!.GetValue<string>(), line["credit"]!["amount"]!.GetValue<string>()));

    private async Task AssertBooksAgree(LoanBook book) => Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
}
