using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Funds;

public sealed class FundHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_contribution_becomes_capital_that_can_be_lent()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", new { code = "DB", name = "Dana bergulir", currency = "IDR" });

        await partner.Post(
            $"/v1/funds/{fund.Id}/contributions",
            new { amount = Idr(50_000_000), effectiveOn = "2026-01-05", purpose = "revolving-capital", source = "Yayasan Alfa" });

        var read = await partner.Get($"/v1/funds/{fund.Id}");
        Assert.Equal("50000000", read.Amount("capital"));
        Assert.Equal("50000000", read.Amount("lendable"));
        Assert.Equal("50000000", read.Amount("cash"));
        Assert.Equal("0", (await partner.Get($"/v1/funds/{fund.Id}?effectiveOn=2026-01-04")).Amount("capital"));
    }

    [Fact]
    public async Task Operations_money_is_never_lendable()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", new { code = "DB", name = "Dana bergulir", currency = "IDR" });

        await partner.Post(
            $"/v1/funds/{fund.Id}/contributions",
            new { amount = Idr(7_000_000), effectiveOn = "2026-01-05", purpose = "operations", source = "Yayasan Alfa" });

        var read = await partner.Get($"/v1/funds/{fund.Id}");
        Assert.Equal("7000000", read.Amount("operations"));
        Assert.Equal("0", read.Amount("lendable"));
    }

    [Fact]
    public async Task Two_tenants_may_use_the_same_code_and_see_nothing_of_each_other()
    {
        var one = await service.NewTenant();
        var other = await service.NewTenant();
        var fund = await one.Post("/v1/funds", new { code = "DB", name = "Dana bergulir", currency = "IDR" });
        await other.Post("/v1/funds", new { code = "DB", name = "Dana bergulir", currency = "IDR" });

        Assert.Equal("not-found", (await other.Get($"/v1/funds/{fund.Id}", HttpStatusCode.NotFound)).Value("code"));
        Assert.Single((await other.Get("/v1/funds"))["items"].AsArray());
    }
}
