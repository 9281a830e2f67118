using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.RateCaps;

/// <summary>
/// Loans beside a tenant's caps. 1.5 % a month flat over 12 months is 18 % a year flat, and 31.72 % on the balance; by days,
/// weeks or other terms the figures are by hand.
/// </summary>
public sealed class RateCapHttpTests(LedgerService service)
{
    private static readonly object Monthly = new { every = 1, unit = "month" };

    [Fact]
    public async Task Caps_count_from_the_day_they_were_decided_on()
    {
        var partner = await service.NewTenant();
        await partner.Post("/v1/rate-caps", new { flatPercentPerYear = "20", effectivePercentPerYear = "36", effectiveOn = "2026-01-02" });
        var before = await service.LastNumber(partner.Tenant);
        await partner.Post("/v1/rate-caps", new { effectivePercentPerYear = "24", effectiveOn = "2026-07-01", decisionReference = "BA-7" });

        Assert.Equal((null, null), await Caps("?effectiveOn=2026-01-01"));
        Assert.Equal(("20", "36"), await Caps("?effectiveOn=2026-06-30"));
        Assert.Equal((null, "24"), await Caps(""));
        Assert.Equal(("20", "36"), await Caps($"?knownAtSequence={before}"));
        await partner.PostRefused("/v1/rate-caps", new { flatPercentPerYear = "20", effectiveOn = "2026-11-25" }, "in-the-future");
        await partner.PostRefused("/v1/rate-caps", new { flatPercentPerYear = "-1" }, "malformed-request", HttpStatusCode.BadRequest);
        await partner.PostRefused("/v1/rate-caps", new { flatPercentPerYear = 20 }, "malformed-request", HttpStatusCode.BadRequest);
        await partner.Post("/v1/rate-caps", new { effectivePercentPerYear = "24.0" }, HttpStatusCode.OK);

        async Task<(string?, string?)> Caps(string query)
        {
            var read = (await partner.Get("/v1/rate-caps" + query)).Body;
            return (read["flatPercentPerYear"]?.GetValue<string>(), read["effectivePercentPerYear"]?.GetValue<string>());
        }
    }

    /// <summary>A rate of 18 % a year flat is within a cap of 24 % when that is meant flat, and beyond it when it is meant on the balance.</summary>
    [Theory]
    [InlineData("24", "24", "effective-rate-above-cap")]
    [InlineData("18", "31.72", "")]
    [InlineData("17.99", "31.71", "flat-rate-above-cap effective-rate-above-cap")]
    public async Task A_loan_is_held_against_both_readings(string flat, string effective, string warnings)
    {
        var partner = await service.NewTenant();
        await partner.Post("/v1/rate-caps", new { flatPercentPerYear = flat, effectivePercentPerYear = effective });

        var preview = await Preview(partner, 12, new { method = "flat", ratePercent = "1.5", per = "month" }, Monthly);

        Assert.Equal(warnings, Warnings(preview));
        Assert.Equal(("18.00", "31.72"), Rates(preview));
        Assert.Equal(flat, preview["ratesPerYear"]["flatCapPercent"]!.GetValue<string>());
    }

    /// <summary>
    /// By hand. 1,000,000 at 2 % of the balance in ten months: 110,000 of interest in ten twelfths of a year is 13.2 % flat. At 1 %
    /// a week flat in ten weeks: 100,000 in 10/52 of a year is 52 %. Without interest, nothing.
    /// </summary>
    [Theory]
    [InlineData("declining-equal-principal", "2", "month", "month", "13.20", "24.00")]
    [InlineData("flat", "1", "week", "week", "52.00", "92.12")]
    [InlineData("none", "0", "month", "month", "0.00", "0.00")]
    public async Task A_flat_reading_is_all_interest_over_the_years_of_the_term(string method, string ratePercent, string per, string unit, string flat, string effective)
    {
        var preview = await Preview(await service.NewTenant(), 10, new { method, ratePercent, per }, new { every = 1, unit });

        Assert.Equal((flat, effective), Rates(preview));
        Assert.Equal("", Warnings(preview));
        Assert.Null(preview["ratesPerYear"]["flatCapPercent"]);
    }

    [Fact]
    public async Task A_product_and_a_proposal_say_it_and_go_through()
    {
        var book = await LoanBook.Open(service);
        await book.Partner.Post("/v1/rate-caps", new { effectivePercentPerYear = "24" });

        var product = await book.Partner.Post("/v1/loan-products", new
        {
            code = "UEP",
            name = "Usaha",
            currency = "IDR",
            interest = new { method = "flat", ratePercent = "1.5", per = "month" },
            repayment = Monthly,
            limits = new { maximumPrincipal = "5000000", maximumInstalments = 10 },
        });
        var revised = await book.Partner.Patch($"/v1/loan-products/{product.Id}", new { interest = new { method = "flat", ratePercent = "1", per = "month" } }, "\"1\"");
        var proposal = await book.Partner.Post("/v1/loans", new
        {
            fundId = book.FundId,
            productId = book.ProductId,
            memberId = book.MemberId,
            principal = Idr(4_000_000),
            instalments = 12,
            purpose = "Modal kios",
            proposedOn = "2026-01-03",
        });

        // Instalments rounded up to 1,000 make the loan of the first product a little dearer: 31.76 %. Judged by its largest and longest loan: 1.5 % in ten months is 31.50 % on the balance, 1 % is 21.26 %.
        Assert.Equal(("18.00", "31.50"), Rates(product));
        Assert.Equal(("5000000", 10), (product["ratesPerYear"]["principal"]!["amount"]!.GetValue<string>(), product["ratesPerYear"]["instalments"]!.GetValue<int>()));
        Assert.Equal("effective-rate-above-cap", Warnings(product));
        Assert.Equal(("12.00", "21.26"), Rates(revised));
        Assert.Equal("", Warnings(revised));
        Assert.Equal("effective-rate-above-cap", Warnings(proposal));
        Assert.Equal(("18.00", "31.76"), Rates(proposal));
        Assert.Null((await book.Partner.Get($"/v1/loans/{proposal.Id}")).Body["warnings"]);
    }

    private static Task<Reply> Preview(TenantClient partner, int instalments, object interest, object repayment) => partner.Post(
        "/v1/loan-schedules",
        new { principal = Idr(1_000_000), instalments, disbursedOn = "2026-01-05", terms = new { currency = "IDR", interest, repayment } },
        HttpStatusCode.OK);

    private static string Warnings(Reply reply) => string.Join(' ', reply.Body["warnings"]?.AsArray().Select(warning => warning!.GetValue<string>()) ?? []);

    private static (string Flat, string Effective) Rates(Reply reply) =>
        (reply["ratesPerYear"]["flatPercent"]!.GetValue<string>(), reply["ratesPerYear"]["effectivePercent"]!.GetValue<string>());
}
