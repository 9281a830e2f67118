using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Fixtures;

/// <summary>A fund, a product and a member over HTTP, and loans of the member: 4,000,000 at 1.5 % flat over 12 months.</summary>
public sealed class LoanBook
{
    private LoanBook(TenantClient partner, Guid fundId, Guid productId, Guid memberId) =>
        (Partner, FundId, ProductId, MemberId) = (partner, fundId, productId, memberId);

    public TenantClient Partner { get; }

    public Guid FundId { get; }

    public Guid ProductId { get; }

    public Guid MemberId { get; }

    /// <param name="advance">What becomes of money paid ahead, and with which effect.</param>
    public static async Task<LoanBook> Open(LedgerService service, long capital = 100_000_000, string advance = "next-instalment", string? effect = null)
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", new { code = "DB", name = "Dana bergulir", currency = "IDR" });
        await partner.Post($"/v1/funds/{fund.Id}/contributions", new
        {
            amount = Idr(capital),
            effectiveOn = "2026-01-02",
            purpose = "revolving-capital",
            source = "Yayasan Alfa",
        });
        var product = await partner.Post("/v1/loan-products", new
        {
            code = "SPP",
            name = "Simpan pinjam perempuan",
            currency = "IDR",
            interest = new { method = "flat", ratePercent = "1.5", per = "month" },
            repayment = new { every = 1, unit = "month" },
            rounding = new { multiple = "1000", mode = "up" },
            bookingClass = "spp",
            advance,
            effect,
        });
        var member = await partner.Post("/v1/members", new { name = "Maria", sex = "female" });
        return new LoanBook(partner, fund.Id, product.Id, member.Id);
    }

    /// <summary>The same book, kept by another caller or at another node.</summary>
    public LoanBook By(TenantClient partner) => new(partner, FundId, ProductId, MemberId);

    /// <summary>The same book, with loans on another product.</summary>
    public LoanBook On(Guid productId) => new(Partner, FundId, productId, MemberId);

    public async Task<Guid> Propose(long principal = 4_000_000, string proposedOn = "2026-01-03", int instalments = 12) => (await Partner.Post("/v1/loans", new
    {
        fundId = FundId,
        productId = ProductId,
        memberId = MemberId,
        principal = Idr(principal),
        instalments,
        purpose = "Modal kios",
        proposedOn,
    })).Id;

    public Task<Reply> Approve(Guid loanId, System.Net.HttpStatusCode expect = System.Net.HttpStatusCode.Created, string effectiveOn = "2026-01-04") =>
        Partner.Post($"/v1/loans/{loanId}/approvals", new { effectiveOn, decisionReference = "BA-1" }, expect);

    public Task<Reply> Disburse(Guid loanId, string effectiveOn = "2026-01-05", string method = "bank") =>
        Partner.Post($"/v1/loans/{loanId}/disbursements", new { effectiveOn, method });

    /// <summary>A loan that was paid out on 5 January 2026 and has its first due date on 5 February.</summary>
    public async Task<Guid> Lend(long principal = 4_000_000)
    {
        var loanId = await Propose(principal);
        await Approve(loanId);
        await Disburse(loanId);
        return loanId;
    }

    public Task<Reply> Repay(Guid loanId, long amount, string effectiveOn, string? receiptNumber = null) => Partner.Post(
        $"/v1/loans/{loanId}/repayments",
        new { amount = Idr(amount), effectiveOn, method = "cash", receiptNumber = receiptNumber ?? Guid.CreateVersion7().ToString("N") });

    public static void AssertAmount(string expected, Reply reply, params string[] path)
    {
        var node = path.Aggregate(reply.Body, (part, member) => part[member]!);
        Assert.Equal(expected, node["amount"]!.GetValue<string>());
    }
}
