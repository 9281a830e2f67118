using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Tests.GeneralLedger;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanBook;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Funds;

/// <summary>A loan of 4,000,000 paid out on 5 January, 334,000 + 60,000 a month; January and February are closed in March.</summary>
public sealed class CloseFundPeriodHttpTests(LedgerService service)
{
    private const string February = "/v1/trial-balance?effectiveOn=2026-02-28&basis=";

    /// <summary>
    /// By hand: at the end of February the borrower owes 4,000,000 by the closed books. The receipt of 5 February comes on 24
    /// November: 334,000 less is owed from 5 February on, and the books show it on 1 March.
    /// </summary>
    [Fact]
    public async Task A_payment_of_a_closed_month_keeps_its_day_and_counts_on_the_first_open_one()
    {
        var book = await LoanBook.Open(service);
        var loanId = await book.Lend();
        await Close(book);
        string[] closed = ["1.1.01.02 96000000 0", "1.1.03.01 4000000 0", "3.1.01.01 0 100000000"];
        Assert.Equal(closed, await Lines(book, February + "booked"));

        var repayment = await book.Repay(loanId, 394_000, "2026-02-05");

        Assert.Equal(("2026-02-05", "2026-03-01"), (repayment.Value("effectiveOn"), repayment.Value("bookedOn")));
        Assert.Equal(closed, await Lines(book, February + "booked"));
        Assert.Equal(
            ["1.1.01.01 394000 0", "1.1.01.02 96000000 0", "1.1.03.01 3666000 0", "3.1.01.01 0 100000000", "4.1.01.01 0 60000"],
            await Lines(book, February + "effective"));
        Assert.Equal(await Lines(book, February + "effective"), await Lines(book, "/v1/trial-balance?effectiveOn=2026-03-01"));
        AssertAmount("3666000", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-02-05"), "outstanding", "principal");
        await AssertBooksAgree(book);
    }

    [Fact]
    public async Task Whatever_is_dated_in_a_closed_time_its_books_stay_as_they_were()
    {
        var book = await LoanBook.Open(service);
        var loanId = await book.Lend();
        var mistake = await book.Repay(loanId, 394_000, "2026-02-05");
        await book.Repay(loanId, 500_000, "2026-02-20");
        await Close(book);
        var closed = await Lines(book, February + "booked");

        // A mistake taken back moves what the payment after it had paid; both are dated in February.
        await book.Partner.Post("/v1/reversals", new { transactionId = mistake.Id, reasonCode = "wrong-borrower" });
        var late = await book.Propose(1_000_000);
        await book.Approve(late);
        await book.Disburse(late);
        await book.Partner.Post(
            $"/v1/funds/{book.FundId}/contributions",
            new { amount = Idr(7_000_000), effectiveOn = "2026-02-01", purpose = "operations", source = "Yayasan Alfa" });
        await book.Partner.Post(
            $"/v1/funds/{book.FundId}/capital-returns", new { amount = Idr(1_000_000), effectiveOn = "2026-02-02", source = "Yayasan Alfa" });
        await SampleBook.Voucher(book.Partner, book.FundId, "cash-out", "2026-02-28", "5.3.01.01", "1.1.01.02", 12_500);

        Assert.Equal(closed, await Lines(book, February + "booked"));
        Assert.Equal(await Lines(book, February + "effective"), await Lines(book, "/v1/trial-balance?effectiveOn=2026-03-01"));
        Assert.Equal("0", (await book.Partner.Get($"/v1/funds/{book.FundId}?effectiveOn=2026-02-28")).Amount("committed"));
        await AssertBooksAgree(book);
    }

    [Fact]
    public async Task A_fund_says_through_which_day_it_is_closed_and_another_stays_open()
    {
        var book = await LoanBook.Open(service);
        var other = await book.Partner.Post("/v1/funds", new { code = "DL", name = "Dana lain", currency = "IDR" });
        var before = other["asOfSequence"].GetValue<long>();

        var closing = await Close(book);

        Assert.Equal(closing.Text, (await book.Partner.Get(closing.Headers.Location!.OriginalString)).Text);
        Assert.Equal("2026-02-28", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Value("closedThrough"));
        Assert.Null((await book.Partner.Get($"/v1/funds/{book.FundId}?knownAtSequence={before}")).Body["closedThrough"]);
        Assert.Null((await book.Partner.Get($"/v1/funds/{other.Id}")).Body["closedThrough"]);
        var voucher = await SampleBook.Voucher(book.Partner, other.Id, "cash-in", "2026-02-28", "1.1.01.02", "4.2.01.01", 100);
        Assert.Equal("2026-02-28", voucher.Value("bookedOn"));
    }

    [Fact]
    public async Task A_closing_is_of_days_that_are_over_and_never_moves_back()
    {
        var book = await LoanBook.Open(service);
        var path = $"/v1/funds/{book.FundId}/closings";
        await Close(book);
        var last = await service.LastNumber(book.Partner.Tenant);

        await Refused("2026-11-24", "period-not-over");
        await Refused("2026-12-31", "period-not-over");
        await Refused("2026-03-31", "period-not-over", decidedOn: "2026-03-31");
        await Refused("2026-03-31", "in-the-future", decidedOn: "2026-11-25");
        await Refused("2026-02-28", "already-closed");
        Assert.Contains("28 Feb 2026", (await Refused("2026-01-31", "already-closed")).Value("detail"), StringComparison.Ordinal);
        await book.Partner.Post($"/v1/funds/{Guid.CreateVersion7()}/closings", Body("2026-03-31"), HttpStatusCode.NotFound);
        await (await service.NewTenant()).Post(path, Body("2026-03-31"), HttpStatusCode.NotFound);
        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));

        await book.Partner.Post(path, Body("2026-11-23"));

        Task<Reply> Refused(string closedThrough, string code, string decidedOn = "2026-11-24") =>
            book.Partner.PostRefused(path, Body(closedThrough, decidedOn), code);
    }

    private static Task<Reply> Close(LoanBook book) =>
        book.Partner.Post($"/v1/funds/{book.FundId}/closings", Body("2026-02-28", "2026-03-10"));

    private static object Body(string closedThrough, string effectiveOn = "2026-11-24") => new { closedThrough, effectiveOn, decisionReference = "BA-7" };

    private static async Task<string[]> Lines(LoanBook book, string path) => SampleBook.Lines(await book.Partner.Get(path));

    private async Task AssertBooksAgree(LoanBook book) => Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
}
