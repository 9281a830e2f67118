using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanBook;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>
/// A new loan of 5,000,000 pays an older one off, 4,000,000 at 1.5 % flat of which four instalments are paid. On 20 May that
/// takes 2,724,000 (2,664,000 and the interest of the period that runs), so 2,276,000 leave the bank.
/// </summary>
public sealed class RefinancingHttpTests(LedgerService service)
{
    [Fact]
    public async Task Only_what_is_left_of_the_new_loan_leaves_the_bank()
    {
        var (book, old) = await FourPaid();
        var top = await Approved(book, old);

        var payout = await book.Partner.Post($"/v1/loans/{top}/disbursements", new { effectiveOn = "2026-05-20", method = "bank" });

        AssertAmount("2276000", payout, "netAmount");
        Assert.Equal("refinancing 2724000", payout.Body["deductions"]!.AsArray().Select(row => $"{row!["kind"]} {row["amount"]!["amount"]}").Single());
        Assert.Null(payout.Body["warnings"]);
        var entries = (await book.Partner.Get($"/v1/journal-entries?fundId={book.FundId}&from=2026-05-20&to=2026-05-20")).Body["items"]!.AsArray();
        Assert.Equal(
            [
                "1.1.03.01 5000000", "1.1.01.02 -2276000", "2.1.02.01 -2724000",
                "2.1.02.01 2724000", "4.1.01.01 -60000", "1.1.03.01 -2664000",
            ],
            entries.SelectMany(entry => entry!["lines"]!.AsArray()).Select(line => $"{line!["account"]} {line["debit"]?["amount"] ?? "-" + line["credit"]!["amount"]}"));
        Assert.Equal(("repaid", "refinanced"), await StateOf(book, old));
        Assert.Equal(("active", "refinances"), await StateOf(book, top));

        await book.Repay(old, 394_000, "2026-05-10");
        AssertAmount("394000", await book.Partner.Get($"/v1/loans/{old}"), "advance");
        await Agree(book);
    }

    /// <summary>On 10 June 394,000 of the old loan are overdue: the new one hides them, and both say so.</summary>
    [Fact]
    public async Task A_loan_that_pays_the_arrears_of_another_says_so_for_ever()
    {
        var (book, old) = await FourPaid();
        var top = await Approved(book, old);

        var payout = await book.Partner.Post($"/v1/loans/{top}/disbursements", new { effectiveOn = "2026-06-10", method = "bank", refinancePolicy = "full-interest" });

        Assert.Equal("pays-arrears", payout.Body["warnings"]!.AsArray().Single()!.GetValue<string>());
        AssertAmount("1856000", payout, "netAmount");
        Assert.Equal(("repaid", "evergreened"), await StateOf(book, old));
        Assert.Equal(("active", "refinances,evergreened"), await StateOf(book, top));
        await Agree(book);
    }

    [Fact]
    public async Task Taken_back_as_a_mistake_both_loans_are_as_before()
    {
        var (book, old) = await FourPaid();
        var top = await Approved(book, old);
        var payout = await book.Partner.Post($"/v1/loans/{top}/disbursements", new { effectiveOn = "2026-05-20", method = "bank" });
        var settlement = (await book.Partner.Get($"/v1/loans/{old}/transactions")).Body["items"]!.AsArray().Single(row => row!["type"]!.GetValue<string>() == "settlement")!["id"]!.GetValue<Guid>();
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = settlement }, "part-of-refinancing");

        await book.Partner.Post("/v1/reversals", new { transactionId = payout.Id, reasonCode = "typing-error" });

        Assert.Equal(("active", ""), await StateOf(book, old));
        Assert.Equal(("approved", ""), await StateOf(book, top));
        AssertAmount("2664000", await book.Partner.Get($"/v1/loans/{old}"), "outstanding", "principal");
        await Agree(book);
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = payout.Id }, "already-reversed");
        await book.Partner.Post($"/v1/loans/{top}/disbursements", new { effectiveOn = "2026-05-21", method = "bank" });
        await Agree(book);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_nothing_is_written()
    {
        var (book, old) = await FourPaid();
        var other = await book.Partner.Post("/v1/members", new { name = "Yosefina", sex = "female" });
        var small = await Approved(book, old, principal: 2_000_000);
        var plain = await Approved(book, old: null);
        var last = await service.LastNumber(book.Partner.Tenant);

        await book.Partner.PostRefused("/v1/loans", Proposal(book, Guid.CreateVersion7(), 5_000_000, book.MemberId), "unknown-loan");
        await book.Partner.PostRefused("/v1/loans", Proposal(book, old, 5_000_000, other.Id), "refinanced-loan-not-fit");
        await book.Partner.PostRefused("/v1/loans", Proposal(book, plain, 5_000_000, book.MemberId), "refinanced-loan-not-fit");
        await book.Partner.PostRefused($"/v1/loans/{small}/disbursements", new { effectiveOn = "2026-05-20", method = "bank" }, "deductions-exceed-principal");
        await book.Partner.PostRefused(
            $"/v1/loans/{plain}/disbursements", new { effectiveOn = "2026-05-20", method = "bank", refinancePolicy = "full-interest" }, "refinancing-not-as-told");
        await book.Partner.PostRefused(
            $"/v1/loans/{plain}/disbursements",
            new { effectiveOn = "2026-05-20", method = "bank", deductions = new[] { new { kind = "refinancing", amount = Idr(1_000) } } },
            "refinancing-not-as-told");

        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));
    }

    private static object Proposal(LoanBook book, Guid? refinances, long principal, Guid memberId) => new
    {
        fundId = book.FundId,
        productId = book.ProductId,
        memberId,
        principal = Idr(principal),
        instalments = 12,
        purpose = "Tambah modal",
        proposedOn = "2026-05-18",
        refinances,
    };

    private static async Task<Guid> Approved(LoanBook book, Guid? old, long principal = 5_000_000)
    {
        var loanId = (await book.Partner.Post("/v1/loans", Proposal(book, old, principal, book.MemberId))).Id;
        await book.Approve(loanId, effectiveOn: "2026-05-19");
        return loanId;
    }

    private static async Task<(string Status, string Flags)> StateOf(LoanBook book, Guid loanId)
    {
        var loan = await book.Partner.Get($"/v1/loans/{loanId}");
        return (loan.Value("status"), string.Join(',', loan.Body["flags"]!.AsArray().Select(flag => flag!.GetValue<string>())));
    }

    private async Task Agree(LoanBook book) => Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);

    private async Task<(LoanBook Book, Guid LoanId)> FourPaid()
    {
        var book = await Open(service);
        var loanId = await book.Lend();
        for (var month = 2; month <= 5; month++)
        {
            await book.Repay(loanId, 394_000, $"2026-0{month}-05");
        }

        return (book, loanId);
    }
}
