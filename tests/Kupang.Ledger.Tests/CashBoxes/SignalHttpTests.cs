using System.Net;
using System.Text.Json.Nodes;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.CashBoxes;

/// <summary>What a supervisor is told about. Today is Tuesday, 24 November 2026; everything is recorded today.</summary>
public sealed class SignalHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_fact_recorded_four_days_after_it_happened_is_late_and_one_of_three_days_is_not()
    {
        var book = await CashBook.Open(service);
        var late = await Pay(book, book.LoanId, 10_000, "2026-11-20");
        await Pay(book, book.LoanId, 10_000, "2026-11-21");

        var signals = await Signals(book, "posting-lag");

        Assert.DoesNotContain(signals, signal => On(signal) == "2026-11-21");
        var signal = Assert.Single(signals, signal => On(signal) == "2026-11-20");
        Assert.Equal((4, late["asOfSequence"]!.GetValue<long>()), (signal["days"]!.GetValue<int>(), Sequences(signal).Max()));
    }

    [Fact]
    public async Task Cash_in_a_box_for_more_than_three_days_or_above_its_limit_is_to_be_banked()
    {
        var book = await CashBook.Open(service, openLimit: 500_000);
        await book.Collect("2026-11-20", 300_000);
        Assert.Equal("too-long", Assert.Single(await Signals(book, "undeposited-cash"))["detail"]!.GetValue<string>());

        await book.Partner.Post($"/v1/money-accounts/{book.Box}/bank-deposits", new { to = book.Bank, amount = Idr(300_000), effectiveOn = "2026-11-23" });
        await book.Collect("2026-11-23", 400_000);
        Assert.Empty(await Signals(book, "undeposited-cash"));

        await book.Collect("2026-11-24", 200_000);
        var signal = Assert.Single(await Signals(book, "undeposited-cash"));
        Assert.Equal(
            ("open-limit-exceeded", "600000", book.Petrus.ToString()),
            (signal["detail"]!.GetValue<string>(), signal["amount"]!["amount"]!.GetValue<string>(), signal["staffId"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_very_same_sum_from_five_loans_on_one_day_to_one_person_is_named_and_from_four_is_not()
    {
        var book = await CashBook.Open(service);
        for (var loan = 1; loan <= 4; loan++)
        {
            await Pay(book, await book.Loans.Lend(1_000_000), 50_000, "2026-11-24");
        }

        Assert.Empty(await Signals(book, "identical-amounts"));
        await Pay(book, book.LoanId, 50_000, "2026-11-24");

        var signal = Assert.Single(await Signals(book, "identical-amounts"));
        Assert.Equal((5, 5), (signal["loanIds"]!.AsArray().Count, Sequences(signal).Length));
    }

    [Fact]
    public async Task A_payment_taken_back_and_recorded_for_another_loan_is_named_with_all_three_facts()
    {
        var book = await CashBook.Open(service);
        var other = await book.Loans.Lend(1_000_000);
        var first = await Pay(book, book.LoanId, 75_000, "2026-11-24", "KW-9");
        await book.Partner.Post("/v1/reversals", new { transactionId = first.Id, reasonCode = "wrong-borrower" });
        Assert.Empty(await Signals(book, "moved-between-borrowers"));
        await Pay(book, other, 75_000, "2026-11-24", "KW-9");

        var signal = Assert.Single(await Signals(book, "moved-between-borrowers"));
        Assert.Equal([book.LoanId, other], signal["loanIds"]!.AsArray().Select(id => id!.GetValue<Guid>()));
        Assert.Equal((3, "KW-9"), (Sequences(signal).Length, signal["receiptNumber"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_groups_loan_paid_on_another_day_than_the_group_meets_is_named()
    {
        var book = await CashBook.Open(service);
        var group = await book.Partner.Post("/v1/groups", new
        {
            name = "Melati",
            village = "Oesao",
            formedOn = "2026-01-02",
            members = new[] { new { memberId = book.Loans.MemberId, role = "chair" } },
            meeting = new { every = 1, unit = "week", weekday = "tuesday" },
        });
        var loan = (await book.Partner.Post("/v1/loans", new
        {
            fundId = book.Loans.FundId,
            productId = book.Loans.ProductId,
            groupId = group.Id,
            memberId = book.Loans.MemberId,
            principal = Idr(1_000_000),
            instalments = 12,
            purpose = "Modal kios",
            proposedOn = "2026-01-03",
        })).Id;
        await book.Loans.Approve(loan);
        await book.Loans.Disburse(loan);
        await Pay(book, loan, 10_000, "2026-11-24");
        Assert.Empty(await Signals(book, "outside-meeting-day"));

        await Pay(book, loan, 10_000, "2026-11-23");

        Assert.Equal("2026-11-23", On(Assert.Single(await Signals(book, "outside-meeting-day"))));
    }

    [Fact]
    public async Task A_missing_receipt_and_an_entry_after_the_count_are_among_all_signals()
    {
        var book = await CashBook.Open(service);
        await book.Partner.Post("/v1/receipt-books", new { book = "main", prefix = "KW-", from = 1, to = 20, staffId = book.Petrus });
        await Pay(book, book.LoanId, 10_000, "2026-11-24", "KW-2");
        await book.Collect("2026-11-23");
        await book.Close("2026-11-23", CashBook.Rp394000());
        await book.Collect("2026-11-23", 5_000, isAgreed: true);

        var all = await book.Partner.Get("/v1/signals");

        var gap = Assert.Single(all["items"].AsArray(), signal => Is(signal!, "receipt-gap") && signal!["detail"]!.GetValue<string>() == "missing")!;
        Assert.Equal(("KW-1", "KW-1"), (gap["receiptNumber"]!.GetValue<string>(), gap["receiptNumberTo"]!.GetValue<string>()));
        Assert.Equal("2026-11-23", On(Assert.Single(all["items"].AsArray(), signal => Is(signal!, "after-cash-close"))!));
        Assert.Equal(7, all["definitions"].AsArray().Count);
    }

    [Fact]
    public async Task A_period_that_is_none_or_too_long_is_refused()
    {
        var partner = await service.NewTenant();

        await partner.Get("/v1/signals?from=2026-11-24&to=2026-11-23", HttpStatusCode.BadRequest);
        await partner.Get("/v1/signals?from=2026-01-01&to=2026-11-23", HttpStatusCode.BadRequest);
        await partner.Get("/v1/signals?kind=gossip", HttpStatusCode.BadRequest);
        Assert.Empty((await partner.Get("/v1/signals?from=2026-11-24&to=2026-11-24"))["items"].AsArray());
    }

    private static Task<Reply> Pay(CashBook book, Guid loanId, long amount, string effectiveOn, string? receiptNumber = null) => book.Partner.Post(
        $"/v1/loans/{loanId}/repayments",
        new
        {
            amount = Idr(amount),
            effectiveOn,
            method = "cash",
            receiptNumber = receiptNumber ?? Guid.CreateVersion7().ToString("N"),
            handledBy = book.Petrus,
        });

    private static async Task<JsonNode[]> Signals(CashBook book, string kind) =>
        [.. (await book.Partner.Get($"/v1/signals?kind={kind}"))["items"].AsArray().Select(signal => signal!)];

    private static bool Is(JsonNode signal, string kind) => signal["kind"]!.GetValue<string>() == kind;

    private static string On(JsonNode signal) => signal["on"]!.GetValue<string>();

    private static long[] Sequences(JsonNode signal) => [.. signal["sequences"]!.AsArray().Select(number => number!.GetValue<long>())];
}
