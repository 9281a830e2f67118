using System.Globalization;
using Kupang.Ledger.Tests.Fixtures;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Reporting;

/// <summary>
/// Eight loans of one fund, made so that 30 June 2026 can be counted by hand:
/// five of 4,000,000 over 12 months (334,000 + 60,000 a month from 5 February on, SPP), of which A has paid five instalments,
/// B four (that of May on 10 June), C two, D one and E none; F of 1,200,000 over 12 weeks from 6 April on, of which 7 are paid;
/// G of 2,000,000 by harvests (UEP): 40 % on 15 April, 30 % on 15 May, 30 % on 31 August, nothing paid; and H of 1,000,000 over
/// 10 months from 5 September 2025 on, of which one is paid.
/// </summary>
public sealed record PortfolioBook(LoanBook Book, IReadOnlyDictionary<char, Guid> Loans)
{
    public TenantClient Partner => Book.Partner;

    public static async Task<PortfolioBook> Open(LedgerService service)
    {
        var book = await LoanBook.Open(service);
        var loans = new Dictionary<char, Guid>();
        foreach (var name in "ABCDE")
        {
            loans[name] = await book.Lend();
        }

        foreach (var (name, day) in new[]
        {
            ('A', "2026-02-05"), ('A', "2026-03-05"), ('A', "2026-04-05"), ('A', "2026-05-05"), ('A', "2026-06-05"),
            ('B', "2026-02-05"), ('B', "2026-03-05"), ('B', "2026-04-05"), ('B', "2026-06-10"),
            ('C', "2026-02-05"), ('C', "2026-03-05"),
            ('D', "2026-02-05"),
        })
        {
            await book.Repay(loans[name], 394_000, day);
        }

        var weekly = await Product(book, "MG", new { every = 1, unit = "week" }, "other");
        loans['F'] = await Lend(book, weekly, 1_200_000, 12, "2026-03-30");
        await book.Repay(loans['F'], 700_000, "2026-05-18");
        loans['G'] = await Lend(book, await Product(book, "PN", Harvests, "uep"), 2_000_000, 3, "2026-02-10");
        loans['H'] = await Lend(book, await Product(book, "BL", new { every = 1, unit = "month" }, "other"), 1_000_000, 10, "2025-08-05");
        await book.Repay(loans['H'], 100_000, "2025-09-05");
        return new PortfolioBook(book, loans);
    }

    private static object Harvests => new
    {
        custom = new[]
        {
            new { dueOn = "2026-04-15", principalPercent = "40" },
            new { dueOn = "2026-05-15", principalPercent = "30" },
            new { dueOn = "2026-08-31", principalPercent = "30" },
        },
    };

    private static async Task<Guid> Product(LoanBook book, string code, object repayment, string bookingClass) => (await book.Partner.Post(
        "/v1/loan-products", new { code, name = code, currency = "IDR", interest = new { method = "none" }, repayment, bookingClass })).Id;

    private static async Task<Guid> Lend(LoanBook book, Guid productId, long principal, int instalments, string paidOutOn)
    {
        var loan = await book.Partner.Post("/v1/loans", new
        {
            fundId = book.FundId,
            productId,
            memberId = book.MemberId,
            principal = Idr(principal),
            instalments,
            purpose = "Modal",
            proposedOn = paidOutOn,
        });
        await book.Approve(loan.Id, effectiveOn: paidOutOn);
        await book.Disburse(loan.Id, paidOutOn);
        return loan.Id;
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
