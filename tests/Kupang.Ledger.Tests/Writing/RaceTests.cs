using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Writing;

/// <summary>What happens when everything arrives at once: the tenant's decisions are made one after the other.</summary>
public sealed class RaceTests(LedgerService service)
{
    [Fact]
    public async Task A_hundred_simultaneous_repayments_of_one_loan_all_count()
    {
        var book = await LoanBook.Open(service);
        var loanId = await book.Lend();

        var answers = await Task.WhenAll(Enumerable.Range(1, 100).Select(number => book.Repay(loanId, 10_000 + number, "2026-02-05")));

        // 100 x 10,000 and 1 + 2 + … + 100 = 5,050.
        Assert.Equal(1_005_050, answers.Sum(answer => long.Parse(answer.Amount("amount"), System.Globalization.CultureInfo.InvariantCulture)));
        var loan = await book.Partner.Get($"/v1/loans/{loanId}");
        Assert.Equal(1_005_050, Amount(loan, "paid", "principal") + Amount(loan, "paid", "interest"));
        Assert.Equal(4_720_000 - 1_005_050, Amount(loan, "outstanding", "principal") + Amount(loan, "outstanding", "interest"));
        Assert.Equal(100, answers.Select(answer => answer.Value("number")).Distinct().Count());
    }

    [Fact]
    public async Task Of_a_hundred_simultaneous_approvals_the_fund_covers_forty()
    {
        var book = await LoanBook.Open(service, capital: 40_000_000);
        var loans = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => book.Propose(1_000_000)));

        var answers = await Task.WhenAll(loans.Select(loanId => Approve(book, loanId)));

        Assert.Equal(40, answers.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(60, answers.Count(status => status == HttpStatusCode.UnprocessableEntity));
        var fund = await book.Partner.Get($"/v1/funds/{book.FundId}");
        Assert.Equal("40000000", fund.Amount("committed"));
        Assert.Equal("0", fund.Amount("lendable"));
    }

    [Fact]
    public async Task A_loan_that_is_approved_and_cancelled_at_once_ends_in_one_of_the_two_ways()
    {
        var book = await LoanBook.Open(service);
        var loanId = await book.Propose();
        await book.Approve(loanId);

        var answers = await Task.WhenAll(
            Status(book, $"/v1/loans/{loanId}/disbursements", new { effectiveOn = "2026-01-05", method = "bank" }),
            Status(book, $"/v1/loans/{loanId}/cancellations", new { effectiveOn = "2026-01-05", reason = "mundur" }));

        Assert.Single(answers, HttpStatusCode.Created);
        Assert.Equal("0", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("committed"));
    }

    private static async Task<HttpStatusCode> Approve(LoanBook book, Guid loanId) =>
        await Status(book, $"/v1/loans/{loanId}/approvals", new { effectiveOn = "2026-01-04", decisionReference = "BA-1" });

    private static async Task<HttpStatusCode> Status(LoanBook book, string path, object body) =>
        await book.Partner.StatusOf(Json(HttpMethod.Post, path, body, Guid.CreateVersion7().ToString()));

    private static long Amount(Reply reply, string part, string component) => long.Parse(reply[part][component]!["amount"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
}
