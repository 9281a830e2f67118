using System.Net;
using System.Text.Json.Nodes;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>What a partner asks before anybody borrows, and the products and loans that are then made on the same terms.</summary>
public sealed class PreviewLoanScheduleHttpTests(LedgerService service)
{
    private static readonly object Monthly = new { every = 1, unit = "month" };

    private static readonly string[] IdulFitri = ["2026-03-19", "2026-03-20", "2026-03-21"];

    private static readonly object[] TwoHarvests =
        [new { dueOn = "2027-04-30", principalPercent = "60" }, new { dueOn = "2027-09-30", principalPercent = "40" }];

    /// <summary>A peer's published case (C3159): 100.00 at 12 % in a leap year.</summary>
    [Fact]
    public async Task Interest_by_days_in_a_currency_with_cents()
    {
        var rows = await Rows(new
        {
            principal = new { amount = "100", currency = "EUR" },
            instalments = 6,
            disbursedOn = "2024-01-01",
            terms = new
            {
                currency = "EUR",
                interest = new { method = "declining-equal-instalments", ratePercent = "12", per = "year", dayCount = "actual-365" },
                repayment = Monthly,
            },
        });

        Assert.Equal(["16.23+1.02", "16.45+0.80", "16.56+0.69", "16.75+0.50", "16.90+0.35", "17.11+0.17"], rows);
    }

    [Fact]
    public async Task Grace_and_a_rounded_interest()
    {
        var rows = await Rows(new
        {
            principal = Idr(4_000_000),
            instalments = 4,
            disbursedOn = "2026-01-05",
            terms = new
            {
                currency = "IDR",
                interest = new { method = "flat", ratePercent = "1.27", per = "month" },
                repayment = Monthly,
                rounding = new { multiple = "1000", mode = "up", appliesTo = "both" },
                grace = new { interestPaymentInstalments = 2, deferredInterest = "spread" },
            },
        });

        // 203,200 is 51,000 three times and 50,200; 102,000 put off is 51,000 more for each of the last two.
        Assert.Equal(["1000000+0", "1000000+0", "1000000+102000", "1000000+101200"], rows);
    }

    [Fact]
    public async Task A_harvest_loan_on_a_products_terms()
    {
        var book = await LoanBook.Open(service);
        var preview = await book.Partner.Post(
            "/v1/loan-schedules",
            new { productId = book.ProductId, principal = Idr(10_000_000), instalments = 2, disbursedOn = "2026-11-24", custom = TwoHarvests },
            HttpStatusCode.OK);

        Assert.Equal(["2027-04-30", "2027-09-30"], Days(preview, "contractDueOn"));
        Assert.Equal(["6000000+990000", "4000000+660000"], Rows(preview));
    }

    /// <summary>The field's own figures: 1.5 % flat over ten months costs 31.50 % a year, with 3 % kept back 38.65 %.</summary>
    [Fact]
    public async Task What_is_kept_back_makes_the_loan_dearer()
    {
        var partner = await service.NewTenant();
        var preview = await partner.Post(
            "/v1/loan-schedules",
            new
            {
                principal = Idr(10_000_000),
                instalments = 10,
                disbursedOn = "2026-01-05",
                terms = Flat("1.5"),
                deductions = new object[]
                {
                    new { kind = "administration-fee", amount = Idr(100_000) }, new { kind = "compulsory-savings", amount = Idr(200_000) },
                },
            },
            HttpStatusCode.OK);

        Assert.Equal("9700000", preview.Amount("netCash"));
        Assert.Equal("31.50", preview["effectiveRate"]["nominalAprPercent"]!.GetValue<string>());
        Assert.Equal("38.65", preview["effectiveRateOnNetCash"]["nominalAprPercent"]!.GetValue<string>());
        Assert.Equal("46.29", preview["effectiveRateOnNetCash"]["effectiveAnnualPercent"]!.GetValue<string>());
        await partner.PostRefused(
            "/v1/loan-schedules",
            new
            {
                principal = Idr(10_000_000),
                instalments = 10,
                disbursedOn = "2026-01-05",
                terms = Flat("1.5"),
                deductions = new[] { new { kind = "administration-fee", amount = Idr(10_000_000) } },
            },
            "deductions-exceed-principal");
    }

    /// <summary>20 March 2026 is Idul Fitri, the 22nd a Sunday; the group meets on Wednesdays.</summary>
    [Theory]
    [InlineData("same-day", "2026-03-20")]
    [InlineData("next-working-day", "2026-03-23")]
    [InlineData("move-to-previous-working-day", "2026-03-18")]
    [InlineData("next-meeting", "2026-03-25")]
    public async Task Holidays_and_meetings_move_what_is_due(string holidays, string dueOn)
    {
        var partner = await service.NewTenant();
        var preview = await partner.Post(
            "/v1/loan-schedules",
            new
            {
                principal = Idr(1_000_000),
                instalments = 1,
                disbursedOn = "2026-02-20",
                terms = new { currency = "IDR", interest = new { method = "none" }, repayment = Monthly, holidays },
                calendar = new { holidays = IdulFitri, meeting = new { weekday = "wednesday" } },
            },
            HttpStatusCode.OK);

        Assert.Equal(["2026-03-20"], Days(preview, "contractDueOn"));
        Assert.Equal([dueOn], Days(preview, "dueOn"));
    }

    [Theory]
    [InlineData("""{"workingDays":[]}""", "terms-out-of-range")]
    [InlineData("""{"meeting":{}}""", "meeting-not-possible")]
    [InlineData("""{"meeting":{"weekday":"monday","dayOfMonth":3}}""", "meeting-not-possible")]
    [InlineData("""{"meeting":{"weekday":"monday","weekOfMonth":6}}""", "meeting-not-possible")]
    public async Task A_calendar_has_days(string calendar, string code)
    {
        var partner = await service.NewTenant();

        await partner.PostRefused(
            "/v1/loan-schedules",
            $$"""{"principal":{"amount":"1000000","currency":"IDR"},"instalments":1,"disbursedOn":"2026-02-20","calendar":{{calendar}},"terms":{"currency":"IDR","interest":{"method":"none"},"repayment":{"every":1,"unit":"month"} } }""",
            code);
    }

    [Theory]
    [InlineData("""{}""", "required", "/terms/repayment")]
    [InlineData("""{"every":1}""", "required", "/terms/repayment")]
    [InlineData("""{"every":1,"unit":"month","custom":[{"dueOn":"2027-04-30","principalPercent":"100"}]}""", "invalid-value", "/terms/repayment")]
    [InlineData("""{"custom":[null]}""", "invalid-value", "/terms/repayment/custom/0")]
    [InlineData("""{"custom":[{"dueOn":"2027-04-30"}]}""", "required", "/terms/repayment/custom/0")]
    public async Task A_repayment_is_a_rhythm_or_days(string repayment, string code, string pointer)
    {
        var partner = await service.NewTenant();
        var refused = await partner.PostRefused(
            "/v1/loan-schedules",
            $$"""{"principal":{"amount":"1000000","currency":"IDR"},"instalments":1,"disbursedOn":"2026-02-20","terms":{"currency":"IDR","interest":{"method":"none"},"repayment":{{repayment}} } }""",
            "malformed-request",
            HttpStatusCode.BadRequest);

        Assert.Equal((code, pointer), (refused["errors"][0]!["code"]!.GetValue<string>(), refused["errors"][0]!["pointer"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_margin_is_previewed()
    {
        var margin = new { method = "fixed-margin", ratePercent = "10", per = "term" };

        Assert.Equal(
            ["400000+40000", "400000+40000", "400000+40000"],
            await Rows(new
            {
                principal = Idr(1_200_000),
                instalments = 3,
                disbursedOn = "2026-01-05",
                terms = new { currency = "IDR", interest = margin, repayment = Monthly },
            }));
    }

    /// <summary>36,500,000 at 12 % of 365 days: 12,000 a day, for 31 and 28 days.</summary>
    [Fact]
    public async Task A_product_by_days_is_lent_by_days()
    {
        var book = await LoanBook.Open(service);
        var product = await book.Partner.Post("/v1/loan-products", new
        {
            code = "HARI",
            name = "Jasa harian",
            currency = "IDR",
            interest = new { method = "declining-equal-principal", ratePercent = "12", per = "year", dayCount = "actual-365" },
            repayment = new { every = 1, unit = "month", collectionDay = 5, cutOffDay = 20 },
            grace = new { interestFreeInstalments = 1 },
        });
        Assert.Equal("actual-365", product["interest"]["dayCount"]!.GetValue<string>());
        Assert.Equal(20, product["repayment"]["cutOffDay"]!.GetValue<int>());

        var disbursement = await Lend(book, new
        {
            fundId = book.FundId,
            productId = product.Id,
            memberId = book.MemberId,
            principal = Idr(36_500_000),
            instalments = 2,
            purpose = "Modal kios",
            proposedOn = "2026-01-03",
        });

        Assert.Equal(["2026-02-05", "2026-03-05"], Days(disbursement, "dueOn"));
        Assert.Equal(["18250000+0", "18250000+168000"], Rows(disbursement));
    }

    [Fact]
    public async Task A_loan_is_paid_back_with_its_harvests()
    {
        var book = await LoanBook.Open(service);
        object Proposal(int instalments, params object[] custom) => new
        {
            fundId = book.FundId,
            productId = book.ProductId,
            memberId = book.MemberId,
            principal = Idr(10_000_000),
            instalments,
            purpose = "Bibit jagung",
            proposedOn = "2026-01-03",
            custom,
        };

        await book.Partner.PostRefused("/v1/loans", Proposal(3, TwoHarvests), "instalments-not-custom");
        await book.Partner.PostRefused(
            "/v1/loans", Proposal(1, new { dueOn = "2027-04-30", principalPercent = "99" }), "custom-shares-not-whole");
        var disbursement = await Lend(book, Proposal(2, TwoHarvests));

        // From 5 January 2026 to 30 September 2027 twenty-one months are begun: 3,150,000.
        Assert.Equal(["2027-04-30", "2027-09-30"], Days(disbursement, "dueOn"));
        Assert.Equal(["6000000+1890000", "4000000+1260000"], Rows(disbursement));
    }

    private static object Flat(string ratePercent) =>
        new { currency = "IDR", interest = new { method = "flat", ratePercent, per = "month" }, repayment = Monthly };

    private static async Task<Reply> Lend(LoanBook book, object proposal)
    {
        var loanId = (await book.Partner.Post("/v1/loans", proposal)).Id;
        await book.Approve(loanId);
        return await book.Disburse(loanId);
    }

    private static string[] Days(Reply reply, string member) => [.. reply["instalments"].AsArray().Select(row => row![member]!.GetValue<string>())];

    private static string[] Rows(Reply reply) =>
        [.. reply["instalments"].AsArray().Select(row => $"{AmountOf(row!, "principal")}+{AmountOf(row!, "interest")}")];

    private static string AmountOf(JsonNode row, string part) => row[part]!["amount"]!.GetValue<string>();

    private async Task<string[]> Rows(object preview) =>
        Rows(await (await service.NewTenant()).Post("/v1/loan-schedules", preview, HttpStatusCode.OK));
}
