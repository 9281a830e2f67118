using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;

namespace Kupang.Ledger.Tests.Policies;

/// <summary>Tables of classes as tenants define them, and which of them a fund uses from which day.</summary>
public sealed class ClassificationPolicyHttpTests(LedgerService service)
{
    private const string Policies = "/v1/classification-policies";

    private static object Own(string code = "UPK-1", int version = 1, string worst = "100", int bound = 3) => new
    {
        code,
        version,
        name = "Kolektibilitas UPK",
        classes = new object[] { new { code = "lancar", name = "Lancar", allowancePercent = "0" }, new { code = "macet", name = "Macet", allowancePercent = worst } },
        rules = new[] { new { measure = "instalments", upTo = new[] { bound } } },
        source = "Keputusan MAD 12/2026",
    };

    [Fact]
    public async Task The_ledger_brings_the_tables_of_the_field_and_says_which_are_complete()
    {
        var partner = await service.NewTenant();

        var items = (await partner.Get(Policies))["items"].AsArray();

        Assert.Equal(
            ["DBM_3 1 true", "DBM_3 2 true", "POJK62_3 1 true", "PNPM_5 1 true", "URBAN_PNPM_5 1 false", "BPR_5 1 true", "KSP_4 1 false"],
            items.Select(item => $"{item!["code"]} {item["version"]} {item["isComplete"]}"));
        Assert.All(items, item => Assert.NotEmpty(item!["source"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_tenant_defines_a_table_of_its_own_and_a_change_of_it_is_another_version()
    {
        var partner = await service.NewTenant();

        var defined = await partner.Post(Policies, Own());
        await partner.Post(Policies, Own(version: 2, bound: 4));

        Assert.Equal(defined.Text, (await partner.Get(defined.Headers.Location!.OriginalString)).Text);
        Assert.Equal(["UPK-1 1", "UPK-1 2"], (await partner.Get(Policies))["items"].AsArray().Skip(7).Select(item => $"{item!["code"]} {item["version"]}"));
        Assert.Equal(7, (await (await service.NewTenant()).Get(Policies))["items"].AsArray().Count);
        await (await service.NewTenant()).Get($"{Policies}/{defined.Id}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_table_that_does_not_hold_together_is_refused_and_nothing_is_written()
    {
        var partner = await service.NewTenant();
        await partner.Post(Policies, Own());
        var last = await service.LastNumber(partner.Tenant);

        await partner.PostRefused(Policies, Own(), "policy-code-taken");
        await partner.PostRefused(Policies, Own("DBM_3", version: 9), "policy-code-taken");
        await partner.PostRefused(Policies, Own(version: 0), "policy-inconsistent");
        Assert.Equal("/rules/0/upTo", (await partner.PostRefused(Policies, Own("UPK-2", bound: -1), "policy-inconsistent"))["errors"][0]!["pointer"]!.GetValue<string>());
        Assert.Equal("/classes/1/allowancePercent", (await partner.PostRefused(Policies, Own("UPK-2", worst: "100.5"), "policy-inconsistent"))["errors"][0]!["pointer"]!.GetValue<string>());
        await partner.PostRefused(Policies, Own("upk kecil"), "malformed-request", HttpStatusCode.BadRequest);
        Assert.Equal(last, await service.LastNumber(partner.Tenant));
    }

    /// <summary>DBM_3 from January on; in May BPR_5 is decided from April on. A report of March, and one as known before May, keep DBM_3.</summary>
    [Fact]
    public async Task A_fund_uses_a_policy_from_a_day_on_until_the_next_and_as_it_was_known()
    {
        var book = await LoanBook.Open(service);
        var path = $"/v1/funds/{book.FundId}/classification-policy";
        Assert.Null((await book.Partner.Get(path)).Body["inForce"]);

        var first = await Adopt(book, "DBM_3", "2026-01-31", version: 1);
        Assert.Equal(first.Text, (await book.Partner.Get(first.Headers.Location!.OriginalString)).Text);

        await Adopt(book, "BPR_5", "2026-04-01");

        Assert.Equal("BPR_5 1", await InForce(path));
        Assert.Equal("DBM_3 1", await InForce($"{path}?effectiveOn=2026-03-31"));
        Assert.Equal("DBM_3 1", await InForce($"{path}?knownAtSequence={first["asOfSequence"]}"));
        Assert.Null((await book.Partner.Get($"{path}?effectiveOn=2026-01-30")).Body["inForce"]);

        async Task<string> InForce(string at)
        {
            var policy = (await book.Partner.Get(at))["inForce"];
            return $"{policy["code"]} {policy["version"]}";
        }
    }

    [Fact]
    public async Task A_fund_uses_only_a_policy_that_exists_and_leaves_nothing_open()
    {
        var book = await LoanBook.Open(service);
        var path = $"/v1/funds/{book.FundId}/classification-policy";
        await book.Partner.Post(Policies, Own());
        var last = await service.LastNumber(book.Partner.Tenant);

        await book.Partner.PostRefused(path, Body("UPK-9"), "unknown-policy");
        await book.Partner.PostRefused(path, Body("DBM_3", version: 3), "unknown-policy");
        await book.Partner.PostRefused(path, Body("URBAN_PNPM_5"), "policy-incomplete");
        await book.Partner.PostRefused(path, Body("KSP_4"), "policy-incomplete");
        await book.Partner.PostRefused(path, Body("DBM_3", "2026-11-25"), "in-the-future");
        await book.Partner.Post($"/v1/funds/{Guid.CreateVersion7()}/classification-policy", Body("DBM_3"), HttpStatusCode.NotFound);
        await (await service.NewTenant()).Get(path, HttpStatusCode.NotFound);
        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));

        Assert.Equal("UPK-1", (await book.Partner.Post(path, Body("UPK-1")))["policy"]["code"]!.GetValue<string>());
    }

    internal static Task<Reply> Adopt(LoanBook book, string policy, string effectiveOn, int? version = null) =>
        book.Partner.Post($"/v1/funds/{book.FundId}/classification-policy", Body(policy, effectiveOn, version));

    private static object Body(string policy, string effectiveOn = "2026-11-01", int? version = null) =>
        version is { } of ? new { policy, effectiveOn, decisionReference = "BA-MAD-01", version = of } : new { policy, effectiveOn, decisionReference = "BA-MAD-01" };
}
