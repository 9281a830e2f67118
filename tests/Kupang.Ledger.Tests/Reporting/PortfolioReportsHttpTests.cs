using System.Net;
using System.Net.Http.Headers;
using Kupang.Ledger.Http;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Tests.Policies;
using MiniExcelLibs;
using Xunit;

namespace Kupang.Ledger.Tests.Reporting;

/// <summary>The other reports of 30 June 2026, counted by hand from the eight loans of <see cref="PortfolioBook"/>.</summary>
public sealed class PortfolioReportsHttpTests(LedgerService service)
{
    private static readonly string[] Figures = ["onTime", "current", "cumulative"];

    /// <summary>
    /// B owes the instalment of June; C those of April to June, D of March to June, E all five; F the last five weeks; G two
    /// harvests of 800,000 and 600,000; H nine months. The longest past due comes first.
    /// </summary>
    [Fact]
    public async Task The_arrears_list_names_every_loan_that_is_past_due_with_what_it_owes()
    {
        var book = await PortfolioBook.Open(service);
        await ClassificationPolicyHttpTests.Adopt(book.Book, "POJK62_3", "2026-06-01");

        var list = await book.Partner.Get("/v1/portfolio/arrears-list?effectiveOn=2026-06-30");

        Assert.Equal(
            [
                "H 2025-10-05 268 9 9 900000 0 diragukan", "E 2026-02-05 145 5 5 1670000 300000 diragukan", "D 2026-03-05 117 4 4 1336000 240000 diragukan",
                "C 2026-04-05 86 3 3 1002000 180000 lancar", "G 2026-04-15 76 3 2 1400000 0 diragukan", "F 2026-05-25 36 2 5 500000 0 diragukan",
                "B 2026-06-05 25 1 1 334000 60000 lancar",
            ],
            list["items"].AsArray().Select(item =>
                $"{NameOf(item!["loanId"]!.GetValue<Guid>())} {item["oldestDueOn"]} {item["daysPastDue"]} {item["monthsInArrears"]} {item["instalmentsOverdue"]} "
                + $"{item["arrears"]!["principal"]!["amount"]} {item["arrears"]!["interest"]!["amount"]} {item["class"]!["code"]}"));
        foreach (var item in list["items"].AsArray())
        {
            var loan = await book.Partner.Get($"/v1/loans/{item!["loanId"]}?effectiveOn=2026-06-30");
            Assert.Equal(loan["arrears"]["principal"]!.ToJsonString(), item["arrears"]!["principal"]!.ToJsonString());
            Assert.Equal(loan["arrears"]["daysPastDue"]!.ToJsonString(), item["daysPastDue"]!.ToJsonString());
        }

        var first = await book.Partner.Get("/v1/portfolio/arrears-list?effectiveOn=2026-06-30&limit=4");
        var second = await book.Partner.Get(first.Value("next"));
        Assert.Equal((4, 3), (first["items"].AsArray().Count, second["items"].AsArray().Count));
        Assert.Null(second.Body["next"]);

        char NameOf(Guid loanId) => book.Loans.Single(loan => loan.Value == loanId).Key;
    }

    /// <summary>Due on 5 June: 4 x 334,000 of B to E, 100,000 of H; of F the four weeks of June. And so on back to October.</summary>
    [Fact]
    public async Task The_ageing_tells_loans_and_what_is_overdue_of_them_by_age()
    {
        var book = await PortfolioBook.Open(service);

        var ageing = await book.Partner.Get("/v1/portfolio/ageing?effectiveOn=2026-06-30");

        Assert.Equal(
            [
                "0-0 1 2330000 12.02 0 0", "1-30 1 2664000 13.74 1836000 240000", "31-60 1 500000 2.58 1802000 180000",
                "61-90 2 5332000 27.50 1902000 180000", "91-180 2 7666000 39.53 1302000 180000", "181- 1 900000 4.64 300000 0",
            ],
            ageing["buckets"].AsArray().Select(bucket =>
                $"{bucket!["fromDays"]}-{bucket["toDays"]} {bucket["loans"]} {bucket["outstanding"]!["amount"]} {bucket["percentOfPortfolio"]} "
                + $"{bucket["overduePrincipal"]!["amount"]} {bucket["overdueInterest"]!["amount"]}"));
        Assert.Equal(("19392000", "7142000", "780000"), (ageing.Amount("outstanding"), ageing.Amount("overduePrincipal"), ageing.Amount("overdueInterest")));

        // 7,142,000 of 19,392,000.
        Assert.Equal("36.83", ageing["arrearsRate"]["percent"]!.GetValue<string>());
    }

    /// <summary>
    /// In June 5 x 394,000, 4 x 100,000 and 100,000 fell due: 2,470,000. A paid 394,000 on the day; B paid May's 394,000 on 10
    /// June. Until then 13,450,000 fell due, of which 12 x 394,000, 700,000 and 100,000 were paid: 5,528,000.
    /// </summary>
    [Fact]
    public async Task Collections_are_counted_on_time_in_the_period_and_until_its_end()
    {
        var book = await PortfolioBook.Open(service);

        var june = await book.Partner.Get("/v1/portfolio/collections?from=2026-06-01&to=2026-06-30&by=product");

        Assert.Equal(
            ["394000 2470000 15.95", "788000 2470000 31.90", "5528000 13450000 41.10"],
            Figures.Select(figure => june["total"][figure]!).Select(ratio => $"{ratio["numerator"]!["amount"]} {ratio["denominator"]!["amount"]} {ratio["percent"]}"));
        Assert.Equal(4, june["parts"].AsArray().Count);

        // Paid ahead of time is on time; what was due in March was paid by A, B and C of five.
        var march = await book.Partner.Get("/v1/portfolio/collections?from=2026-03-01&to=2026-03-31");
        Assert.Equal("1182000", march["total"]["onTime"]!["numerator"]!["amount"]!.GetValue<string>());
    }

    /// <summary>
    /// Owed on 31 May: 20,060,000; on 30 June: 19,392,000; 19,726,000 on average. June brought 120,000 of interest; all five
    /// loans of 4,000,000 and those of 1,200,000, 2,000,000 and 1,000,000 were paid out of a capital of 100,000,000.
    /// </summary>
    [Fact]
    public async Task Ratios_say_what_they_are_made_of()
    {
        var book = await PortfolioBook.Open(service);
        await ClassificationPolicyHttpTests.Adopt(book.Book, "DBM_3", "2026-06-01", version: 1);
        await book.Partner.Post($"/v1/funds/{book.Book.FundId}/allowance-runs", new { month = "2026-06" });

        var ratios = await book.Partner.Get("/v1/portfolio/ratios?from=2026-06-01&to=2026-06-30");

        Assert.Equal(("20060000", "19392000", "19726000"), (ratios.Amount("grossPortfolioBefore"), ratios.Amount("grossPortfolio"), ratios.Amount("averagePortfolio")));
        Assert.Equal(
            [
                "write-off 0 19726000 0.00", "risk-coverage 4733000 14398000 32.87", "provision-expense 4733000 19726000 23.99", "yield 120000 19726000 0.61",
                "yield-annualised 1460000 19726000 7.40", "operating-expense 0 19726000 0.00",
            ],
            ratios["ratios"].AsArray().Select(ratio => $"{ratio!["figure"]} {ratio["numerator"]!["amount"]} {ratio["denominator"]!["amount"]} {ratio["percent"]}"));
        Assert.Equal("24200000 100000000 0.24", $"{ratios["turns"]["disbursed"]!["amount"]} {ratios["turns"]["capital"]!["amount"]} {ratios["turns"]["turns"]}");
    }

    [Theory]
    [InlineData("/v1/portfolio?effectiveOn=2026-06-30&by=product", "by,key,number,figure")]
    [InlineData("/v1/portfolio/arrears-list?effectiveOn=2026-06-30", "number,loanId,fundId")]
    [InlineData("/v1/portfolio/ageing?effectiveOn=2026-06-30", "fromDays,toDays,loans")]
    [InlineData("/v1/portfolio/collections?from=2026-06-01&to=2026-06-30&by=village", "by,key,number,figure")]
    [InlineData("/v1/portfolio/ratios?from=2026-06-01&to=2026-06-30", "figure,numerator,denominator")]
    public async Task Each_report_can_be_had_as_a_file_for_a_spreadsheet(string path, string columns)
    {
        var book = await PortfolioBook.Open(service);
        await ClassificationPolicyHttpTests.Adopt(book.Book, "BPR_5", "2026-06-01");

        var csv = (await Text(book, path + "&format=csv", accept: null)).Split("\r\n");
        var accepted = (await Text(book, path, "text/csv")).Split("\r\n");
        using var workbook = new MemoryStream(await Bytes(book, path + "&format=xlsx", accept: null));

        Assert.StartsWith(columns, csv[0], StringComparison.Ordinal);
        Assert.Equal(csv, accepted);
        Assert.Equal(2, workbook.GetSheetNames().Count);
        var sheet = workbook.Query(sheetName: workbook.GetSheetNames()[0]).Cast<IDictionary<string, object?>>().ToList();
        Assert.Equal(csv.Length - 1, sheet.Count);
        Assert.Equal(csv[0].Split(','), sheet[0].Values.Select(value => (string?)value));
        Assert.NotEmpty(workbook.Query(sheetName: "definitions"));
    }

    [Fact]
    public async Task An_amount_in_a_workbook_is_a_number_and_a_day_is_a_day()
    {
        var book = await PortfolioBook.Open(service);

        using var workbook = new MemoryStream(await Bytes(book, "/v1/portfolio/arrears-list?effectiveOn=2026-06-30&format=xlsx", accept: null));

        var first = (IDictionary<string, object?>)workbook.Query(useHeaderRow: true).First();
        Assert.Equal(900_000d, Convert.ToDouble(first["outstanding"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(new DateTime(2025, 10, 5), first["oldestDueOn"]);
    }

    /// <summary>A name that begins like a formula must not be one when the file is opened.</summary>
    [Fact]
    public void A_text_that_looks_like_a_formula_is_only_a_text() => Assert.Equal(
        "a\r\n'=1+1\r\n'+62\r\n'-3\r\n'@x\r\n\"Kios, \"\"Maju\"\"\"\r\n-3\r\n\r\n",
        TableResult.CsvOf(new ReportTable("t", ["a"], [["=1+1"], ["+62"], ["-3"], ["@x"], ["Kios, \"Maju\""], [-3L], [null]])));

    [Fact]
    public async Task What_is_not_a_report_is_refused()
    {
        var partner = (await LoanBook.Open(service)).Partner;
        foreach (var wrong in new[]
        {
            "arrears-list?cursor=x", "arrears-list?limit=0", "arrears-list?by=fund", "ageing?format=pdf", "ageing?knownAtSequence=-1", "collections?from=2026-07-01&to=2026-06-30",
            "collections?by=officer", "collections?by=group", "collections?effectiveOn=2026-06-30", "ratios?from=2026-12-01&to=2026-11-01", "ratios?basis=cash", "ratios?by=fund",
        })
        {
            Assert.Contains((await partner.Get($"/v1/portfolio/{wrong}", HttpStatusCode.BadRequest)).Value("code"), (string[])["malformed-request", "invalid-cursor"]);
        }

        foreach (var report in new[] { "arrears-list", "ageing", "collections", "ratios" })
        {
            await partner.Get($"/v1/portfolio/{report}?fundId={Guid.CreateVersion7()}", HttpStatusCode.NotFound);
        }
    }

    private static async Task<string> Text(PortfolioBook book, string path, string? accept) => System.Text.Encoding.UTF8.GetString(await Bytes(book, path, accept));

    private static async Task<byte[]> Bytes(PortfolioBook book, string path, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        }

        using var response = await book.Partner.Answer(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("attachment", response.Content.Headers.ContentDisposition!.ToString(), StringComparison.Ordinal);
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }
}
