using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.CashBoxes;

/// <summary>A lending book whose officer Petrus carries a cash box; Yohana is the treasurer. The loan of 5 January has 394,000 due a month.</summary>
internal sealed record CashBook(LoanBook Loans, Guid LoanId, Guid Petrus, Guid Yohana, Guid Box, Guid Bank)
{
    public TenantClient Partner => Loans.Partner;

    public static async Task<CashBook> Open(LedgerService service, long? openLimit = null)
    {
        var loans = await LoanBook.Open(service);
        var petrus = (await loans.Partner.Post("/v1/staff", new { name = "Petrus", role = "loan-officer" })).Id;
        var yohana = (await loans.Partner.Post("/v1/staff", new { name = "Yohana", role = "treasurer" })).Id;
        var box = await loans.Partner.Post("/v1/money-accounts", new
        {
            kind = "cash-box",
            name = "Tas Petrus",
            custodianId = petrus,
            effectiveOn = "2026-01-02",
            openLimit = openLimit is { } limit ? Idr(limit) : null,
        });
        var bank = await loans.Partner.Post(
            "/v1/money-accounts", new { kind = "bank-account", name = "Bank NTT", bankAccountNumber = "001-22-33", fundId = loans.FundId });
        return new CashBook(loans, await loans.Lend(), petrus, yohana, box.Id, bank.Id);
    }

    /// <summary>The month's 394,000, or another amount, in cash into the box.</summary>
    public Task<Reply> Collect(string effectiveOn, long amount = 394_000, bool isAgreed = false, HttpStatusCode expect = HttpStatusCode.Created) =>
        Partner.Post($"/v1/loans/{LoanId}/repayments", Collection(effectiveOn, amount, isAgreed), expect);

    public object Collection(string effectiveOn, long amount = 394_000, bool isAgreed = false, Guid? moneyAccountId = null, string method = "cash") => new
    {
        amount = Idr(amount),
        effectiveOn,
        method,
        receiptNumber = Guid.CreateVersion7().ToString("N"),
        moneyAccountId = moneyAccountId ?? Box,
        approvedBy = isAgreed ? Agreed() : null,
    };

    public object[] Agreed() => [new { role = "treasurer", staffId = Yohana }];

    public Task<Reply> Close(string effectiveOn, object[] counted, string? reason = null) =>
        Partner.Post($"/v1/money-accounts/{Box}/day-closings", new { effectiveOn, counted, reason });

    public static object Pieces(long denomination, int pieces) => new { denomination = Idr(denomination), pieces };

    public static object[] Rp394000() => [Pieces(100_000, 3), Pieces(50_000, 1), Pieces(20_000, 2), Pieces(2_000, 2)];

    public async Task<string> BalanceOf(Guid moneyAccountId, string day = "2026-11-24") =>
        (await Partner.Get($"/v1/money-accounts/{moneyAccountId}?effectiveOn={day}")).Amount("balance");

    /// <summary>An account of the fund: debits less credits.</summary>
    public async Task<long> Account(string account)
    {
        var line = (await Partner.Get($"/v1/trial-balance?fundId={Loans.FundId}"))["lines"].AsArray().FirstOrDefault(row => row!["account"]!.GetValue<string>() == account);
        return line is null ? 0 : long.Parse(line["debit"]!["amount"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)
            - long.Parse(line["credit"]!["amount"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public static async Task AssertBooksAgree(LedgerService service, CashBook book) =>
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);

    public static string[] Warnings(Reply reply) => [.. reply["warnings"].AsArray().Select(warning => warning!.GetValue<string>())];
}
