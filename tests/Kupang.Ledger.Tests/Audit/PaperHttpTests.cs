using System.Net;
using System.Text.Json.Nodes;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Audit;

/// <summary>An auditor holds a receipt in his hand and asks what was ever written under its number.</summary>
public sealed class PaperHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_receipt_tells_what_stood_on_it_what_was_taken_back_and_what_replaced_it()
    {
        var book = await LoanBook.Open(service);
        var loanId = await book.Lend();
        var wrong = await book.Repay(loanId, 934_000, "2026-02-05", "KW-7");
        var reversal = await book.Partner.Post("/v1/reversals", new { transactionId = wrong.Id, reasonCode = "typing-error", paper = new { kind = "memorial", number = "BM-1" } });
        var right = await book.Repay(loanId, 394_000, "2026-02-05", "KW-7");

        var rows = await Rows(book.Partner, "/v1/papers?number=KW-7");

        Assert.Equal(
            [
                $"{wrong["asOfSequence"]} repayment_recorded {wrong.Value("number")} 934000 on loan {loanId}, back by {reversal.Id}",
                $"{right["asOfSequence"]} repayment_recorded {right.Value("number")} 394000 on loan {loanId}",
            ],
            rows.Select(Describe));
        Assert.Equal((wrong.Id, right.Id), (rows[0]["id"]!.GetValue<Guid>(), rows[1]["id"]!.GetValue<Guid>()));
        Assert.Equal(
            ("receipt", "main", "KW-7", "2026-02-05", "cash", "recordRepayment"),
            (Text(rows[0], "paper", "kind"), Text(rows[0], "paper", "book"), Text(rows[0], "paper", "number"), Text(rows[0], "effectiveOn"), Text(rows[0], "channel"), Text(rows[0], "operation")));
        Assert.NotEqual(Guid.Empty, rows[0]["actor"]!["keyId"]!.GetValue<Guid>());
        Assert.Equal([book.FundId], rows[0]["fundIds"]!.AsArray().Select(fund => fund!.GetValue<Guid>()));

        var memorial = Assert.Single(await Rows(book.Partner, "/v1/papers?book=main&number=BM-1"));
        Assert.Equal((wrong.Id, "typing-error"), (memorial["reverses"]!.GetValue<Guid>(), Text(memorial, "reasonCode")));
    }

    [Fact]
    public async Task Before_it_was_taken_back_a_receipt_reads_as_it_stood_then()
    {
        var book = await LoanBook.Open(service);
        var paid = await book.Repay(await book.Lend(), 394_000, "2026-02-05", "KW-7");
        var path = $"/v1/papers?number=KW-7&knownAtSequence={paid["asOfSequence"]}";
        var then = await book.Partner.Get(path);

        await book.Partner.Post("/v1/reversals", new { transactionId = paid.Id });

        Assert.Equal(then.Text, (await book.Partner.Get(path)).Text);
        Assert.Null(then["items"][0]!["reversedBy"]);
        Assert.Empty(await Rows(book.Partner, $"/v1/papers?number=KW-7&knownAtSequence={paid["asOfSequence"].GetValue<long>() - 1}"));
    }

    [Fact]
    public async Task A_book_is_listed_as_it_is_numbered_page_by_page_while_receipts_come_in()
    {
        var book = await LoanBook.Open(service);
        var loanId = await book.Lend();
        foreach (var number in new[] { "KW-10", "KW-2", "KW-1", "KW-9" })
        {
            await book.Repay(loanId, 1_000, "2026-02-05", number);
        }

        await book.Partner.Post(
            $"/v1/loans/{loanId}/repayments",
            new { amount = Idr(1_000), effectiveOn = "2026-02-05", method = "cash", receiptBook = "B", receiptNumber = "KW-3" });

        var first = await book.Partner.Get("/v1/papers?limit=3");
        await book.Repay(loanId, 1_000, "2026-02-05", "KW-11");
        var second = await book.Partner.Get(first.Value("next"));

        Assert.Equal(["KW-1", "KW-2", "KW-9"], Numbers(first));
        Assert.Equal(["KW-10"], Numbers(second));
        Assert.Null(second.Body["next"]);
        Assert.Equal(["KW-3"], Numbers(await book.Partner.Get("/v1/papers?book=B")));
        Assert.Equal(["KW-1", "KW-2", "KW-9", "KW-10", "KW-11"], Numbers(await book.Partner.Get("/v1/papers?book=main")));
    }

    [Fact]
    public async Task Papers_of_every_kind_of_fact_are_found_with_what_they_are_about()
    {
        var book = await LoanBook.Open(service);
        await book.Partner.Post($"/v1/funds/{book.FundId}/contributions", new
        {
            amount = Idr(5_000_000),
            effectiveOn = "2026-01-03",
            purpose = "revolving-capital",
            source = "Yayasan Alfa",
            paper = new { kind = "cash-in", number = "P-1" },
        });
        var loanId = await book.Propose();
        await book.Partner.Post(
            $"/v1/loans/{loanId}/approvals", new { effectiveOn = "2026-01-04", decisionReference = "BA-1", paper = new { kind = "minutes", number = "P-2" } });
        var voucher = await book.Partner.Post("/v1/vouchers", new
        {
            kind = "cash-out",
            fundId = book.FundId,
            effectiveOn = "2026-02-28",
            lines = new object[] { new { account = "5.3.01.01", debit = Idr(12_500) }, new { account = "1.1.01.02", credit = Idr(12_500) } },
            paper = new { kind = "cash-out", number = "P-3" },
        });

        Assert.Equal(
            [
                $"contribution_received KT-2026-000002 5000000 on fund {book.FundId}",
                $"loan_approved  4000000 on loan {loanId}",
                $"voucher_recorded {voucher.Value("number")} 12500 on voucher {voucher.Id}",
            ],
            (await Rows(book.Partner, "/v1/papers")).Select(row => Describe(row)[(Describe(row).IndexOf(' ', StringComparison.Ordinal) + 1)..]));
    }

    [Fact]
    public async Task Another_tenants_receipt_of_the_same_number_is_not_shown()
    {
        var (mine, other) = (await LoanBook.Open(service), await LoanBook.Open(service));
        await mine.Repay(await mine.Lend(), 394_000, "2026-02-05", "KW-1");
        var foreign = await other.Repay(await other.Lend(), 200_000, "2026-02-05", "KW-1");

        var row = Assert.Single(await Rows(other.Partner, "/v1/papers?number=KW-1"));

        Assert.Equal(foreign.Id, row["id"]!.GetValue<Guid>());
        Assert.Empty(await Rows(other.Partner, "/v1/papers?number=KW-2"));
        await other.Partner.Get("/v1/papers?number=", HttpStatusCode.BadRequest);
        await other.Partner.Get("/v1/papers?effectiveOn=2026-02-05", HttpStatusCode.BadRequest);
    }

    private static async Task<JsonNode[]> Rows(TenantClient partner, string path) => [.. (await partner.Get(path))["items"].AsArray().Select(row => row!)];

    private static string[] Numbers(Reply page) => [.. page["items"].AsArray().Select(row => Text(row!, "paper", "number"))];

    private static string Text(JsonNode row, params string[] path) => path.Aggregate(row, (part, member) => part[member]!).GetValue<string>();

    private static string Describe(JsonNode row) =>
        $"{row["sequence"]} {row["type"]} {row["number"]} {row["amount"]!["amount"]} on {row["about"]!["kind"]} {row["about"]!["id"]}"
        + (row["reversedBy"] is { } reversal ? $", back by {reversal}" : "");
}
