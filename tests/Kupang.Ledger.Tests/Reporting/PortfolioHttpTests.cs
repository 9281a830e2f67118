using System.Net;
using System.Text.Json.Nodes;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Tests.GeneralLedger;
using Kupang.Ledger.Tests.Policies;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Reporting;

/// <summary>
/// The portfolio of 30 June 2026, counted by hand from the eight loans of <see cref="PortfolioBook"/>. They owe 2,330,000,
/// 2,664,000, 3,332,000, 3,666,000, 4,000,000, 500,000, 2,000,000 and 900,000: 19,392,000. Past due since 5 June, 5 April,
/// 5 March, 5 February (25, 86, 117 and 145 days; 1, 3, 4 and 5 months), 25 May (36 days, 6 weeks, 2 months), 15 April (76 days,
/// 3 months, 2 harvests) and 5 October 2025 (268 days, 9 months).
/// </summary>
public sealed class PortfolioHttpTests(LedgerService service)
{
    private static readonly string[] Ties = ["classes", "portfolio", "receivables", "difference"];

    private const string June = "/v1/portfolio?effectiveOn=2026-06-30";

    [Fact]
    public async Task The_portfolio_of_a_month_end_is_at_risk_by_whole_balances_and_adds_up_to_the_trial_balance()
    {
        var book = await PortfolioBook.Open(service);

        var portfolio = await book.Partner.Get(June);

        Assert.Equal("8 19392000", $"{portfolio["total"]["loans"]} {portfolio["total"]["outstanding"]!["amount"]}");
        Assert.Equal(
            ["1 7 17062000 87.98", "30 6 14398000 74.25", "60 5 13898000 71.67", "90 3 8566000 44.17", "180 1 900000 4.64"],
            portfolio["total"]["portfolioAtRisk"]!.AsArray().Select(par => $"{par!["days"]} {par["loans"]} {par["numerator"]!["amount"]} {par["percent"]}"));
        var trial = await book.Partner.Get("/v1/trial-balance?effectiveOn=2026-06-30");
        Assert.Equal(
            ["1.1.03.01 15992000 0", "1.1.03.02 2000000 0", "1.1.03.03 1400000 0"],
            SampleBook.Lines(trial).Where(line => line.StartsWith("1.1.03", StringComparison.Ordinal)));
        AssertTies(portfolio, "19392000");
        Assert.Equal("19392000", portfolio["total"]["unclassified"]!["amount"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("DBM_3", 1, "lancar 5 10826000 0|diragukan 2 7666000 3833000|macet 1 900000 900000", "4733000")]
    [InlineData("PNPM_5", 1, "kolek-1 1 2330000 23300|kolek-2 2 3164000 316400|kolek-3 3 8998000 2249500|kolek-4 1 4000000 2000000|kolek-5 1 900000 900000", "5489200")]
    [InlineData("BPR_5", 1, "lancar 1 2330000 11650|dpk 4 8496000 254880|kurang-lancar 1 3666000 366600|diragukan 1 4000000 2000000|macet 1 900000 900000", "3533130")]
    [InlineData("POJK62_3", 1, "lancar 3 8326000 0|diragukan 5 11066000 5533000|macet 0 0 0", "5533000")]
    [InlineData("DBM_3", 2, "lancar 7 18492000 0|diragukan 1 900000 450000|macet 0 0 0", "450000")]
    public async Task Each_policy_classes_the_same_loans_its_own_way_and_every_class_adds_up(string policy, int version, string classes, string required)
    {
        var book = await PortfolioBook.Open(service);

        await ClassificationPolicyHttpTests.Adopt(book.Book, policy, "2026-06-01", version);
        var portfolio = await book.Partner.Get(June);

        Assert.Equal(classes.Split('|'), Classes(portfolio["total"]));
        Assert.Equal(required, portfolio["total"]["allowanceRequired"]!["amount"]!.GetValue<string>());
        Assert.Equal("0", portfolio["total"]["unclassified"]!["amount"]!.GetValue<string>());
        AssertTies(portfolio, "19392000");

        // Read under the policy without adopting it, the day before it held, the figures are the same.
        var asked = await book.Partner.Get($"/v1/portfolio?effectiveOn=2026-06-30&policy={policy}&policyVersion={version}&knownAtSequence={portfolio["asOfSequence"].GetValue<long>() - 1}");
        Assert.Equal(Classes(portfolio["total"]), Classes(asked["total"]));
    }

    /// <summary>By product: 15,992,000 of SPP, 500,000 by the week, 2,000,000 by harvests, 900,000 by the month. All of one fund and member.</summary>
    [Fact]
    public async Task The_portfolio_is_divided_by_what_it_is_asked_for()
    {
        var book = await PortfolioBook.Open(service);
        await ClassificationPolicyHttpTests.Adopt(book.Book, "DBM_3", "2026-06-01", version: 1);
        var officer = await book.Partner.Post("/v1/staff", new { name = "Petrus", role = "officer" });
        await book.Partner.Post($"/v1/loans/{book.Loans['C']}/officer-assignments", new { staffId = officer.Id, effectiveOn = "2026-06-15" });

        Assert.Equal(["15992000", "2000000", "500000", "900000"], (await Parts("product")).Select(Outstanding).Order(StringComparer.Ordinal));
        Assert.Equal(["19392000 4733000"], (await Parts("fund")).Select(part => $"{Outstanding(part)} {part["figures"]!["allowanceRequired"]!["amount"]}"));
        Assert.Equal([$"{officer.Value("number")} 3332000", " 16060000"], (await Parts("officer")).Select(part => $"{part["number"]} {Outstanding(part)}"));
        Assert.Equal([" 19392000"], (await Parts("officer", "2026-06-14")).Select(part => $"{part["number"]} {Outstanding(part)}"));
        foreach (var other in new[] { "group", "village", "sector" })
        {
            var part = Assert.Single(await Parts(other));
            Assert.Equal((true, "19392000"), (part["key"] is null, Outstanding(part)));
        }

        async Task<JsonNode[]> Parts(string by, string day = "2026-06-30") =>
            [.. (await book.Partner.Get($"/v1/portfolio?effectiveOn={day}&by={by}"))["parts"].AsArray().Select(part => part!)];

        static string Outstanding(JsonNode part) => part["figures"]!["outstanding"]!["amount"]!.GetValue<string>();
    }

    /// <summary>On 4 June A still owed 2,664,000 and B 2,998,000; on the last day of 2025 only H was out.</summary>
    [Fact]
    public async Task Any_past_day_reads_as_it_was_and_as_it_was_known()
    {
        var book = await PortfolioBook.Open(service);
        var before = await book.Partner.Get("/v1/portfolio?effectiveOn=2026-06-04");
        Assert.Equal("20060000", before["total"]["outstanding"]!["amount"]!.GetValue<string>());
        Assert.Equal("0", (await book.Partner.Get("/v1/portfolio?effectiveOn=2025-08-04"))["total"]["loans"]!.ToString());
        Assert.Equal("900000", (await book.Partner.Get("/v1/portfolio?effectiveOn=2025-12-31"))["total"]["outstanding"]!["amount"]!.GetValue<string>());

        // In November it becomes known that E paid two instalments in March: then it is as late as C, and owes as much.
        await book.Book.Repay(book.Loans['E'], 788_000, "2026-03-20");

        var after = await book.Partner.Get(June);
        Assert.Equal("18724000", after["total"]["outstanding"]!["amount"]!.GetValue<string>());
        Assert.Equal("90 2 4566000", Par(after, 90));
        AssertTies(after, "18724000");
        var asKnown = await book.Partner.Get($"{June}&knownAtSequence={before["asOfSequence"]}");
        Assert.Equal("90 3 8566000", Par(asKnown, 90));
        AssertTies(asKnown, "19392000");

        static string Par(Reply portfolio, int days)
        {
            var par = portfolio["total"]["portfolioAtRisk"]!.AsArray().Single(of => of!["days"]!.GetValue<int>() == days)!;
            return $"{par["days"]} {par["loans"]} {par["numerator"]!["amount"]}";
        }
    }

    /// <summary>June is closed in July. The payment of 20 June that comes in November counts on 1 July: booked, June stays.</summary>
    [Fact]
    public async Task A_closed_month_adds_up_to_its_trial_balance_on_either_basis()
    {
        var book = await PortfolioBook.Open(service);
        await book.Partner.Post($"/v1/funds/{book.Book.FundId}/closings", new { closedThrough = "2026-06-30", effectiveOn = "2026-07-10", decisionReference = "BA-6" });
        await book.Book.Repay(book.Loans['B'], 394_000, "2026-06-20");

        AssertTies(await book.Partner.Get($"{June}&basis=booked"), "19392000");
        AssertTies(await book.Partner.Get($"{June}&basis=effective"), "19058000");
        AssertTies(await book.Partner.Get("/v1/portfolio?effectiveOn=2026-07-01&basis=booked"), "19058000");
    }

    [Fact]
    public async Task Rows_that_are_lost_are_made_again_from_the_facts()
    {
        var book = await PortfolioBook.Open(service);
        var before = await book.Partner.Get(June);
        await using (var owner = await service.OpenOwnerConnection())
        {
            await using var lost = new Npgsql.NpgsqlCommand(
                $"""
                delete from ledger.portfolio_head where tenant_id = '{book.Partner.Tenant}';
                delete from ledger.portfolio_loan where tenant_id = '{book.Partner.Tenant}';
                delete from ledger.portfolio_position where tenant_id = '{book.Partner.Tenant}';
                delete from ledger.portfolio_instalment where tenant_id = '{book.Partner.Tenant}'
                """,
                owner);
            await lost.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(before.Text, (await book.Partner.Get(June)).Text);
    }

    [Fact]
    public async Task A_loan_of_two_funds_counts_once_in_all_and_with_its_share_in_each()
    {
        var book = await LoanBook.Open(service);
        var other = await book.Partner.Post("/v1/funds", new { code = "D2", name = "Dana kedua", currency = "IDR" });
        await book.Partner.Post($"/v1/funds/{other.Id}/contributions", new { amount = Idr(50_000_000), effectiveOn = "2026-01-02", purpose = "revolving-capital", source = "Yayasan Alfa" });
        var loan = await book.Partner.Post("/v1/loans", new
        {
            funding = new[] { new { fundId = book.FundId, principal = Idr(3_000_000) }, new { fundId = other.Id, principal = Idr(1_000_000) } },
            productId = book.ProductId,
            memberId = book.MemberId,
            principal = Idr(4_000_000),
            instalments = 12,
            purpose = "Modal",
            proposedOn = "2026-01-03",
        });
        await book.Approve(loan.Id);
        await book.Disburse(loan.Id);
        await book.Repay(loan.Id, 394_000, "2026-02-05");

        var portfolio = await book.Partner.Get($"{June}&by=fund");

        Assert.Equal("1 3666000", $"{portfolio["total"]["loans"]} {portfolio["total"]["outstanding"]!["amount"]}");
        Assert.Equal(
            ["1 2749500", "1 916500"],
            portfolio["parts"].AsArray().Select(part => $"{part!["figures"]!["loans"]} {part["figures"]!["outstanding"]!["amount"]}"));
        AssertTies(portfolio, "3666000");
        Assert.Equal("916500", (await book.Partner.Get($"{June}&fundId={other.Id}"))["ties"]["receivables"]!["amount"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_is_not_a_report_is_refused()
    {
        var book = await LoanBook.Open(service);
        foreach (var wrong in new[]
        {
            "by=weather", "basis=cash", "format=pdf", "policy=UNKNOWN", "policy=KSP_4", "policyVersion=1", "effectiveOn=2026-02-30", "knownAt=yesterday",
            "knownAtSequence=1&knownAt=2026-01-01T00:00:00Z", "currency=XXX", "currency=USD", "from=2026-01-01",
        })
        {
            Assert.Equal("malformed-request", (await book.Partner.Get($"/v1/portfolio?{wrong}", HttpStatusCode.BadRequest)).Value("code"));
        }

        Assert.Equal("sequence-not-reached", (await book.Partner.Get("/v1/portfolio?knownAtSequence=999999", HttpStatusCode.BadRequest)).Value("code"));
        await book.Partner.Get($"/v1/portfolio?fundId={Guid.CreateVersion7()}", HttpStatusCode.NotFound);
        await (await service.NewTenant()).Get($"/v1/portfolio?fundId={book.FundId}", HttpStatusCode.NotFound);
    }

    internal static IEnumerable<string> Classes(JsonNode figures) =>
        figures["classes"]!.AsArray().Select(of => $"{of!["code"]} {of["loans"]} {of["outstanding"]!["amount"]} {of["allowanceRequired"]!["amount"]}");

    private static void AssertTies(Reply portfolio, string sum) => Assert.Equal(
        [sum, sum, sum, "0"],
        Ties.Select(tie => portfolio["ties"][tie]!["amount"]!.GetValue<string>()));
}
