using Kupang.Ledger.Tests.Fixtures;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.GeneralLedger;

/// <summary>
/// The first four months of a small fund, small enough to be added up by hand. Its facts have the numbers 2 to 12; number 1
/// is the key of the tenant itself.
/// </summary>
public sealed record SampleBook(TenantClient Partner, Guid FundId, IReadOnlyDictionary<string, Reply> Replies)
{
    /// <summary>The number of the last fact before capital was returned.</summary>
    public const long BeforeTheReturn = 11;

    public static async Task<SampleBook> Open(LedgerService service, string code = "DB")
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", new { code, name = "Dana bergulir", currency = "IDR" });
        var replies = new Dictionary<string, Reply>
        {
            ["capital"] = await partner.Post(
                $"/v1/funds/{fund.Id}/contributions",
                new { amount = Idr(50_000_000), effectiveOn = "2026-01-05", purpose = "revolving-capital", source = "Yayasan Alfa" }),
            ["operations"] = await partner.Post(
                $"/v1/funds/{fund.Id}/contributions",
                new { amount = Idr(7_000_000), effectiveOn = "2026-01-05", purpose = "operations", source = "Yayasan Alfa" }),
            ["expense"] = await Voucher(partner, fund.Id, "cash-out", "2026-02-10", "5.1.01.01", "1.1.01.03", 1_200_000),
            ["bank interest"] = await Voucher(partner, fund.Id, "cash-in", "2026-02-28", "1.1.01.02", "4.2.01.01", 85_000),
            ["bank charge"] = await Voucher(partner, fund.Id, "cash-out", "2026-02-28", "5.3.01.01", "1.1.01.02", 12_500),
            ["withdrawal"] = await Voucher(partner, fund.Id, "transfer", "2026-03-02", "1.1.01.01", "1.1.01.02", 2_000_000),
            ["deposit"] = await Voucher(partner, fund.Id, "transfer", "2026-03-09", "1.1.01.02", "1.1.01.01", 500_000),
            ["memorial"] = await Voucher(partner, fund.Id, "memorial", "2026-03-31", "5.1.01.01", "2.1.04.02", 300_000),
            ["return"] = await partner.Post(
                $"/v1/funds/{fund.Id}/capital-returns", new { amount = Idr(10_000_000), effectiveOn = "2026-04-01", source = "yayasan  alfa" }),
        };
        return new SampleBook(partner, fund.Id, replies);
    }

    public static Task<Reply> Voucher(TenantClient partner, Guid fundId, string kind, string effectiveOn, string debit, string credit, long amount) =>
        partner.Post("/v1/vouchers", VoucherBody(fundId, kind, effectiveOn, new { account = debit, debit = Idr(amount) }, new { account = credit, credit = Idr(amount) }));

    public static object VoucherBody(Guid fundId, string kind, string effectiveOn, params object[] lines) => new { kind, fundId, effectiveOn, lines };

    /// <summary>A trial balance as one line per account: <c>1.1.01.01 1500000 0</c>.</summary>
    public static string[] Lines(Reply trialBalance) =>
        [.. trialBalance["lines"].AsArray().Select(line => $"{line!["account"]} {line["debit"]!["amount"]} {line["credit"]!["amount"]}")];

    /// <summary>The lines of a voucher or journal entry: <c>5.1.01.01 D 1200000</c>.</summary>
    public static string[] EntryLines(System.Text.Json.Nodes.JsonNode lines) =>
        [.. lines.AsArray().Select(line => $"{line!["account"]} {(line["debit"] is null ? "C" : "D")} {(line["debit"] ?? line["credit"])!["amount"]}")];
}
