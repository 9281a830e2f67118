using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Tests.GeneralLedger;
using Kupang.Ledger.Tests.Policies;
using Kupang.Ledger.Tests.Reporting;
using Xunit;

namespace Kupang.Ledger.Tests.Allowances;

/// <summary>
/// Allowance runs of the eight loans of <see cref="PortfolioBook"/> by DBM_3 (0, 50 and 100 %). At the end of June D and E are
/// four and five months late (7,666,000, SPP) and H nine (900,000, other): 3,833,000 and 900,000 are required.
/// </summary>
public sealed class AllowanceRunHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_run_posts_what_the_policy_requires_and_again_nothing()
    {
        var book = await Open("2026-06-01");

        var run = await Run(book, "2026-06");

        Assert.Equal(
            ["5.1.04.01 D 3833000", "1.1.04.01 C 3833000", "5.1.04.01 D 900000", "1.1.04.03 C 900000"], SampleBook.EntryLines(run["lines"]));
        Assert.Equal(("2026-06-30", "2026-06-30"), (run.Value("effectiveOn"), run.Value("bookedOn")));
        Assert.Equal(("4733000", "0", "4733000"), (run.Amount("required"), run.Amount("previous"), run.Amount("posted")));
        Assert.Equal(
            ["1.1.04.01 lancar 3 8326000 0", "1.1.04.01 diragukan 2 7666000 3833000", "1.1.04.02 lancar 1 2000000 0", "1.1.04.03 lancar 1 500000 0", "1.1.04.03 macet 1 900000 900000"],
            run["classes"].AsArray().Select(of => $"{of!["account"]} {of["code"]} {of["loans"]} {of["outstanding"]!["amount"]} {of["required"]!["amount"]}"));
        var portfolio = await book.Partner.Get("/v1/portfolio?effectiveOn=2026-06-30");
        Assert.Equal(("4733000", "4733000"), (Figure(portfolio, "allowanceRequired"), Figure(portfolio, "allowanceBooked")));

        var again = await Run(book, "2026-06", HttpStatusCode.OK);
        Assert.Equal(run.Id, again.Id);
        Assert.Equal(run.Id, (await book.Partner.Get(run.Headers.Location!.OriginalString)).Id);
        Assert.Equal([run.Id.ToString()], (await book.Partner.Get(Path(book)))["items"].AsArray().Select(item => item!["id"]!.GetValue<string>()));
        await AssertBooksAgree(book);
    }

    /// <summary>In November it becomes known that E paid twice in March: it is three months late, and 2,000,000 less is required.</summary>
    [Fact]
    public async Task A_late_fact_is_found_by_the_next_run_which_posts_the_difference_only()
    {
        var book = await Open("2026-06-01");
        await Run(book, "2026-06");
        await book.Book.Repay(book.Loans['E'], 788_000, "2026-03-20");

        var run = await Run(book, "2026-06");

        Assert.Equal(["5.1.04.01 C 2000000", "1.1.04.01 D 2000000"], SampleBook.EntryLines(run["lines"]));
        Assert.Equal(("2733000", "4733000", "-2000000"), (run.Amount("required"), run.Amount("previous"), run.Amount("posted")));
        await Run(book, "2026-06", HttpStatusCode.OK);
        await AssertBooksAgree(book);
    }

    /// <summary>At the end of May only E is four months late (2,000,000) and H eight (900,000).</summary>
    [Fact]
    public async Task An_earlier_month_says_which_later_ones_are_to_be_run_again()
    {
        var book = await Open("2026-05-01");
        await Run(book, "2026-06");

        var may = await Run(book, "2026-05");
        Assert.Equal(("2900000", "0"), (may.Amount("required"), may.Amount("previous")));
        Assert.Equal(["2026-06"], may["runAgain"].AsArray().Select(month => month!.GetValue<string>()));

        var june = await Run(book, "2026-06");
        Assert.Equal(("7633000", "-2900000"), (june.Amount("previous"), june.Amount("posted")));
        Assert.Empty(june["runAgain"].AsArray());
        Assert.Equal("4733000", Figure(await book.Partner.Get("/v1/portfolio?effectiveOn=2026-06-30"), "allowanceBooked"));
    }

    [Fact]
    public async Task A_month_that_is_closed_takes_its_allowance_on_the_first_open_day()
    {
        var book = await Open("2026-06-01");
        await book.Partner.Post($"/v1/funds/{book.Book.FundId}/closings", new { closedThrough = "2026-06-30", effectiveOn = "2026-07-10", decisionReference = "BA-6" });

        var run = await Run(book, "2026-06");

        Assert.Equal(("2026-06-30", "2026-07-01"), (run.Value("effectiveOn"), run.Value("bookedOn")));
        Assert.Equal("0", Figure(await book.Partner.Get("/v1/portfolio?effectiveOn=2026-06-30"), "allowanceBooked"));
        Assert.Equal("4733000", Figure(await book.Partner.Get("/v1/portfolio?effectiveOn=2026-06-30&basis=effective"), "allowanceBooked"));
    }

    [Fact]
    public async Task A_run_that_finds_nothing_to_post_is_recorded_once()
    {
        var book = await LoanBook.Open(service);
        await book.Lend();
        await ClassificationPolicyHttpTests.Adopt(book, "DBM_3", "2026-01-05", version: 1);
        var path = $"/v1/funds/{book.FundId}/allowance-runs";

        var run = await book.Partner.Post(path, new { month = "2026-02" });

        Assert.Empty(run["lines"].AsArray());
        Assert.Equal("0", run.Amount("required"));
        Assert.Equal(run.Id, (await book.Partner.Post(path, new { month = "2026-02" }, HttpStatusCode.OK)).Id);
        await book.Partner.Post(path, new { month = "2026-03" });
    }

    [Fact]
    public async Task Runs_at_the_same_time_post_once()
    {
        var book = await Open("2026-06-01");

        var statuses = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => book.Partner.StatusOf(
            TenantClient.Json(HttpMethod.Post, Path(book), new { month = "2026-06" }, Guid.CreateVersion7().ToString()))));

        Assert.Equal(1, statuses.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal("4733000", Figure(await book.Partner.Get("/v1/portfolio?effectiveOn=2026-06-30"), "allowanceBooked"));
    }

    [Fact]
    public async Task A_run_is_of_a_month_that_is_over_under_a_policy_and_is_not_reversed()
    {
        var book = await Open("2026-06-01");
        var run = await Run(book, "2026-06");
        var last = await service.LastNumber(book.Partner.Tenant);

        await book.Partner.PostRefused(Path(book), new { month = "2026-05" }, "no-classification-policy");
        await book.Partner.PostRefused(Path(book), new { month = "2026-11" }, "in-the-future");
        await book.Partner.PostRefused(Path(book), new { month = "2026-06", effectiveOn = "2026-06-29" }, "run-takes-month-end");
        await book.Partner.PostRefused(Path(book), new { month = "2026-13" }, "malformed-request", HttpStatusCode.BadRequest);
        await book.Partner.PostRefused(Path(book), new { month = "Juni 2026" }, "malformed-request", HttpStatusCode.BadRequest);
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = run.Id }, "not-reversible");
        await book.Partner.Post($"/v1/funds/{Guid.CreateVersion7()}/allowance-runs", new { month = "2026-06" }, HttpStatusCode.NotFound);
        await (await service.NewTenant()).Get(run.Headers.Location!.OriginalString, HttpStatusCode.NotFound);
        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));
    }

    private async Task<PortfolioBook> Open(string policyFrom)
    {
        var book = await PortfolioBook.Open(service);
        await ClassificationPolicyHttpTests.Adopt(book.Book, "DBM_3", policyFrom, version: 1);
        return book;
    }

    private static string Path(PortfolioBook book) => $"/v1/funds/{book.Book.FundId}/allowance-runs";

    private static Task<Reply> Run(PortfolioBook book, string month, HttpStatusCode expect = HttpStatusCode.Created) =>
        book.Partner.Post(Path(book), new { month }, expect);

    private static string Figure(Reply portfolio, string figure) => portfolio["total"][figure]!["amount"]!.GetValue<string>();

    private async Task AssertBooksAgree(PortfolioBook book) => Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
}
