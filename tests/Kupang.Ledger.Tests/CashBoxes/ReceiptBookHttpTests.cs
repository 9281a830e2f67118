using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.CashBoxes;

/// <summary>Petrus carries the receipts KW-001 to KW-020, a phone of the office KW-021 to KW-040.</summary>
public sealed class ReceiptBookHttpTests(LedgerService service)
{
    /// <summary>By hand: Petrus used 1, 2, 5 and 6, and 3 was spoiled, so 4 is missing; the phone began at 21; 77 was never given out; 25 is Petrus' on the phone's book.</summary>
    [Fact]
    public async Task What_is_missing_and_what_is_odd_is_named_and_no_money_is_refused()
    {
        var (book, receipts) = await Open();
        foreach (var number in new[] { "KW-001", "KW-002", "KW-005", "KW-006", "KW-077", "KW-025" })
        {
            await Pay(book, number);
        }

        await book.Partner.Post($"{receipts}/voids", new { from = 3, reasonCode = "spoiled" });

        var gaps = await book.Partner.Get($"{receipts}/gaps");
        Assert.Equal(77, gaps["highestUsed"]!.GetValue<long>());
        Assert.Equal([(4, 4), (21, 24)], gaps["missing"].AsArray().Select(row => (row!["from"]!.GetValue<int>(), row["to"]!.GetValue<int>())));
        Assert.Equal(["KW-077"], Numbers(gaps["outsideRanges"]));
        Assert.Equal(["KW-025"], Numbers(gaps["otherHolder"]));
        Assert.Empty(gaps["repeated"].AsArray());
        Assert.Empty(gaps["usedThoughVoided"].AsArray());
    }

    [Fact]
    public async Task A_paper_number_counts_once_and_one_that_was_taken_back_and_used_again_is_named()
    {
        var (book, receipts) = await Open();
        var wrong = await Pay(book, "KW-001");
        await book.Partner.PostRefused(Repayments(book), Payment(book, "KW-001", 11_000), "receipt-number-taken");
        await book.Partner.Post("/v1/reversals", new { transactionId = wrong.Id, reasonCode = "typing-error" });
        await Pay(book, "KW-001");

        var gaps = await book.Partner.Get($"{receipts}/gaps");
        Assert.Equal(["KW-001"], Numbers(gaps["repeated"]));
        Assert.Equal(2, gaps["repeated"][0]!["sequences"]!.AsArray().Count);
    }

    [Fact]
    public async Task Numbers_are_given_out_once_and_only_to_somebody()
    {
        var (book, receipts) = await Open();

        await Refused(new { book = "main", prefix = "KW-", from = 15, to = 60, staffId = book.Yohana }, "receipt-range-overlaps");
        await Refused(new { book = "main", prefix = "KW-", from = 41, to = 60 }, "holder-required");
        await Refused(new { book = "main", prefix = "KW-", from = 41, to = 60, staffId = book.Yohana, deviceId = "HP-07" }, "holder-required");
        await Refused(new { book = "main", prefix = "KW-", from = 41, to = 60, staffId = Guid.CreateVersion7() }, "unknown-staff");
        await Refused(new { book = "main", prefix = "KW-", from = 60, to = 41, staffId = book.Yohana }, "receipt-range-not-possible");
        await Refused(new { book = "main", prefix = "KW-", from = 0, to = 41, staffId = book.Yohana }, "receipt-range-not-possible");
        var other = await book.Partner.Post("/v1/receipt-books", new { book = "main", prefix = "B-", from = 1, to = 20, staffId = book.Yohana });

        Assert.Equal(2, (await book.Partner.Get(receipts))["ranges"].AsArray().Count);
        Assert.NotEqual(receipts, $"/v1/receipt-books/{other.Id}");
        Assert.Equal(2, (await book.Partner.Get("/v1/receipt-books"))["items"].AsArray().Count);
        await (await service.NewTenant()).Get(receipts, HttpStatusCode.NotFound);
        await (await service.NewTenant()).Get($"{receipts}/gaps", HttpStatusCode.NotFound);

        Task<Reply> Refused(object body, string code) => book.Partner.PostRefused("/v1/receipt-books", body, code);
    }

    [Fact]
    public async Task Only_a_form_that_was_given_out_and_not_used_is_declared_void()
    {
        var (book, receipts) = await Open();
        await Pay(book, "KW-001");
        var voids = $"{receipts}/voids";

        await book.Partner.PostRefused(voids, new { from = 2 }, "void-needs-reason");
        await book.Partner.PostRefused(voids, new { from = 1, to = 2, reasonCode = "spoiled" }, "receipt-not-voidable");
        await book.Partner.PostRefused(voids, new { from = 40, to = 41, reasonCode = "spoiled" }, "receipt-not-voidable");
        await book.Partner.Post(voids, new { from = 2, to = 3, reasonCode = "spoiled" });
        await book.Partner.PostRefused(voids, new { from = 3, reasonCode = "spoiled" }, "receipt-not-voidable");
        await book.Partner.Post($"/v1/receipt-books/{Guid.CreateVersion7()}/voids", new { from = 2, reasonCode = "spoiled" }, HttpStatusCode.NotFound);

        await Pay(book, "KW-003");
        Assert.Equal(["KW-003"], Numbers((await book.Partner.Get($"{receipts}/gaps"))["usedThoughVoided"]));
    }

    private async Task<(CashBook Book, string Receipts)> Open()
    {
        var book = await CashBook.Open(service);
        var receipts = await book.Partner.Post("/v1/receipt-books", new { book = "main", prefix = "KW-", from = 1, to = 20, staffId = book.Petrus });
        await book.Partner.Post("/v1/receipt-books", new { book = "main", prefix = "KW-", from = 21, to = 40, deviceId = "HP-07" });
        return (book, $"/v1/receipt-books/{receipts.Id}");
    }

    private static Task<Reply> Pay(CashBook book, string number) => book.Partner.Post(Repayments(book), Payment(book, number, 10_000));

    private static string Repayments(CashBook book) => $"/v1/loans/{book.LoanId}/repayments";

    private static object Payment(CashBook book, string number, long amount) => new
    {
        amount = Idr(amount),
        effectiveOn = "2026-02-05",
        method = "cash",
        receiptNumber = number,
        handledBy = book.Petrus,
    };

    private static string[] Numbers(System.Text.Json.Nodes.JsonNode rows) => [.. rows.AsArray().Select(row => row!["number"]!.GetValue<string>())];
}
