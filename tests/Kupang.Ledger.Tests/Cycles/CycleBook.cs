using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Cycles;

/// <summary>
/// A group of four, formed on 1 January 2026, with a box of its own: shares of 10,000, at most ten a meeting, 2,000 a meeting
/// into the social fund, payouts in hundreds. The cycle began on 5 January.
/// </summary>
public sealed class CycleBook
{
    private static readonly string[] Names = ["Paulina", "Querina", "Rosa", "Stefania"];

    private CycleBook(LedgerService service, TenantClient partner, Guid groupId, Guid fundId, Guid[] members) =>
        (Service, Partner, GroupId, FundId, Members) = (service, partner, groupId, fundId, members);

    public LedgerService Service { get; }

    public TenantClient Partner { get; }

    public Guid GroupId { get; }

    public Guid FundId { get; }

    public Guid[] Members { get; }

    public Guid CycleId { get; private set; }

    public static async Task<CycleBook> Open(LedgerService service, string leavers = "share-price", bool catchUp = true)
    {
        var partner = await service.NewTenant();
        var members = new Guid[4];
        foreach (var (index, name) in Names.Index())
        {
            members[index] = (await partner.Post("/v1/members", new { name, sex = "female" })).Id;
        }

        var group = await partner.Post("/v1/groups", new { name = "Melati", formedOn = "2026-01-01", members = members.Select(memberId => new { memberId, role = "member" }) });
        var fund = await partner.Post("/v1/funds", new { code = "KAS-MELATI", name = "Kotak Melati", currency = "IDR", kind = "group-own" });
        var book = new CycleBook(service, partner, group.Id, fund.Id, members);
        book.CycleId = (await partner.Post($"/v1/groups/{group.Id}/cycles", book.Terms(leavers, catchUp))).Id;
        return book;
    }

    public object Terms(string leavers = "share-price", bool catchUp = true, string startsOn = "2026-01-05") => new
    {
        fundId = FundId,
        startsOn,
        sharePrice = Idr(10_000),
        maximumSharesPerMeeting = 10,
        socialFundContribution = Idr(2_000),
        fines = new[] { new { code = "no-share", amount = Idr(2_000) } },
        payoutMultiple = Idr(100),
        catchUp,
        leavers,
    };

    public Task<Reply> Buy(int member, int shares, string effectiveOn, string? forMeetingOn = null) =>
        Partner.Post($"/v1/cycles/{CycleId}/share-purchases", new { memberId = Members[member], shares, effectiveOn, forMeetingOn });

    /// <summary>Each member buys this many shares, ten a day from 5 January on.</summary>
    public async Task BuyAll(params int[] shares)
    {
        foreach (var (member, all) in shares.Index())
        {
            for (var (left, day) = (all, 5); left > 0; (left, day) = (left - 10, day + 7))
            {
                await Buy(member, Math.Min(10, left), $"2026-01-{day:D2}");
            }
        }
    }

    /// <summary>A loan of the group's own money, paid out on 2 February and due whole on 2 March.</summary>
    public async Task<Guid> Lend(int member, long principal, string? ratePercent = null)
    {
        var product = await Partner.Post("/v1/loan-products", new
        {
            code = $"KEL-{Guid.CreateVersion7():N}"[..20],
            name = "Pinjaman kelompok",
            currency = "IDR",
            interest = ratePercent is null ? (object)new { method = "none" } : new { method = "flat", ratePercent, per = "month" },
            repayment = new { every = 1, unit = "month" },
        });
        var loan = await Partner.Post("/v1/loans", new
        {
            fundId = FundId,
            productId = product.Id,
            memberId = Members[member],
            groupId = GroupId,
            principal = Idr(principal),
            instalments = 1,
            purpose = "Modal kios",
            proposedOn = "2026-02-01",
        });
        await Partner.Post($"/v1/loans/{loan.Id}/approvals", new { effectiveOn = "2026-02-01", decisionReference = "BA-1" });
        await Partner.Post($"/v1/loans/{loan.Id}/disbursements", new { effectiveOn = "2026-02-02", method = "cash" });
        return loan.Id;
    }

    public Task<Reply> Repay(Guid loanId, long amount, string effectiveOn) =>
        Partner.Post($"/v1/loans/{loanId}/repayments", new { amount = Idr(amount), effectiveOn, method = "cash" });

    public Task<Reply> Social(int member, string effectiveOn) =>
        Partner.Post($"/v1/cycles/{CycleId}/social-contributions", new { memberId = Members[member], effectiveOn });

    public Task<Reply> Fine(int member, string effectiveOn) =>
        Partner.Post($"/v1/cycles/{CycleId}/fines", new { memberId = Members[member], code = "no-share", effectiveOn });

    public Task<Reply> PayFine(Guid fineId, string effectiveOn, long? amount = null) =>
        Partner.Post($"/v1/cycles/{CycleId}/fine-payments", new { fineId, effectiveOn, amount = amount is { } part ? Idr(part) : null });

    public Task<Reply> ShareOut(string effectiveOn) => Partner.Post($"/v1/cycles/{CycleId}/share-outs", new { effectiveOn, decisionReference = "BA-9" });

    public Task<Reply> Refused(string act, object body, string code) => Partner.PostRefused($"/v1/cycles/{CycleId}/{act}", body, code);

    public Task<Reply> Cycle() => Partner.Get($"/v1/cycles/{CycleId}");

    /// <summary>The balances of the fund by account, debits above zero.</summary>
    public async Task<Dictionary<string, long>> Books() =>
        (await Partner.Get($"/v1/trial-balance?fundId={FundId}"))["lines"].AsArray().ToDictionary(
            line => line!["account"]!.GetValue<string>(),
            line => long.Parse(line!["debit"]!["amount"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)
                - long.Parse(line["credit"]!["amount"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture));

    public async Task AssertBooksAgree() => Assert.Null((await Service.CheckBooks(Partner.Tenant)).Difference);

    /// <summary>A member of each part of a share-out, in the order of the members.</summary>
    public string[] Portions(Reply shareOut, string member) =>
        [.. Members.Select(id => shareOut["portions"].AsArray().FirstOrDefault(portion => portion!["memberId"]!.GetValue<string>() == id.ToString())?[member]?["amount"]?.GetValue<string>() ?? "-")];
}
