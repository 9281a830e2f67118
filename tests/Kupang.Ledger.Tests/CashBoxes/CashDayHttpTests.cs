using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.CashBoxes.CashBook;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.CashBoxes;

/// <summary>Petrus collects 394,000 on 5 February 2026 and counts his bag in the evening.</summary>
public sealed class CashDayHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_day_whose_cash_agrees_is_opened_counted_and_closed_and_carried_to_the_next()
    {
        var book = await CashBook.Open(service);
        var first = await book.Partner.Post($"/v1/money-accounts/{book.Box}/day-openings", new { effectiveOn = "2026-02-05" });
        Assert.Equal("0", first.Amount("books"));
        Assert.DoesNotContain("carried", first.Text, StringComparison.Ordinal);
        await book.Collect("2026-02-05");

        var closing = await book.Close("2026-02-05", Rp394000());

        Assert.Equal(("394000", "394000", "0"), (closing.Amount("total"), closing.Amount("books"), closing.Amount("difference")));
        Assert.Equal(closing["counted"].ToJsonString(), (await book.Partner.Get(closing.Headers.Location!.OriginalString))["counted"].ToJsonString());
        Assert.Equal("2026-02-05", (await book.Partner.Get($"/v1/money-accounts/{book.Box}")).Value("closedThrough"));
        var next = await book.Partner.Post($"/v1/money-accounts/{book.Box}/day-openings", new { effectiveOn = "2026-02-06" });
        Assert.Equal(("394000", "394000"), (next.Amount("carried"), next.Amount("books")));
        Assert.Empty((await book.Partner.Get("/v1/cash-differences"))["items"].AsArray());
        await AssertBooksAgree(service, book);
    }

    /// <summary>By hand: 390,000 lay in the bag, so Petrus owes 4,000 and the books say 390,000 of cash.</summary>
    [Fact]
    public async Task Missing_cash_is_owed_by_whoever_had_the_box()
    {
        var book = await CashBook.Open(service);
        await book.Collect("2026-02-05");

        var closing = await book.Close("2026-02-05", [Pieces(100_000, 3), Pieces(50_000, 1), Pieces(20_000, 2)], "Kembalian kurang");

        Assert.Equal("-4000", closing.Amount("difference"));
        Assert.Equal("Kembalian kurang", closing.Value("reason"));
        var shortage = Assert.Single((await book.Partner.Get($"/v1/cash-differences?kind=short&status=open&staffId={book.Petrus}"))["items"].AsArray())!;
        Assert.Equal(
            (closing.Value("cashDifferenceId"), "4000", "4000"),
            (shortage["id"]!.GetValue<string>(), shortage["amount"]!["amount"]!.GetValue<string>(), shortage["open"]!["amount"]!.GetValue<string>()));
        Assert.Equal((390_000, 4_000), (await book.Account("1.1.01.01"), await book.Account("1.1.05.01")));
        Assert.Equal("390000", await book.BalanceOf(book.Box, "2026-02-05"));
        Assert.DoesNotContain("Kembalian", (await book.Partner.Get("/v1/events?limit=200")).Text, StringComparison.Ordinal);
        await AssertBooksAgree(service, book);
    }

    [Fact]
    public async Task Cash_too_much_is_owed_until_it_is_known_to_whom()
    {
        var book = await CashBook.Open(service);
        await book.Collect("2026-02-05");

        await book.Close("2026-02-05", [.. Rp394000(), Pieces(500, 2)], "Uang lebih di tas");

        Assert.Equal((395_000, -1_000), (await book.Account("1.1.01.01"), await book.Account("2.1.05.01")));
        Assert.Single((await book.Partner.Get("/v1/cash-differences?kind=over"))["items"].AsArray());
        Assert.Empty((await book.Partner.Get("/v1/cash-differences?kind=short"))["items"].AsArray());
        await AssertBooksAgree(service, book);
    }

    [Fact]
    public async Task Cash_that_does_not_add_up_needs_a_reason_and_changes_nothing_without_one()
    {
        var book = await CashBook.Open(service);
        await book.Collect("2026-02-05");

        var refusal = await book.Partner.PostRefused(Closings(book), new { effectiveOn = "2026-02-05", counted = Array.Empty<object>() }, "cash-difference-needs-reason");

        Assert.Contains("394", refusal.Value("detail"), StringComparison.Ordinal);
        Assert.Equal((394_000, 0), (await book.Account("1.1.01.01"), await book.Account("1.1.05.01")));
        await book.Close("2026-02-05", Rp394000());
    }

    [Fact]
    public async Task A_day_is_closed_once_and_no_day_before_it_after_it()
    {
        var book = await CashBook.Open(service);
        await book.Collect("2026-02-05");
        await book.Close("2026-02-05", Rp394000());

        await book.Partner.PostRefused(Closings(book), new { effectiveOn = "2026-02-05", counted = Rp394000() }, "cash-day-closed");
        await book.Partner.PostRefused(Closings(book), new { effectiveOn = "2026-02-04", counted = Rp394000() }, "cash-day-closed");
        await book.Partner.PostRefused($"/v1/money-accounts/{book.Box}/day-openings", new { effectiveOn = "2026-02-05" }, "cash-day-closed");
        await book.Partner.PostRefused($"/v1/money-accounts/{book.Box}/custodians", new { staffId = book.Yohana, effectiveOn = "2026-02-05" }, "cash-day-closed");
        await book.Partner.PostRefused(Closings(book), new { effectiveOn = "2026-11-25", counted = Rp394000() }, "in-the-future");
        await book.Partner.Post($"/v1/money-accounts/{book.Box}/day-openings", new { effectiveOn = "2026-02-06" });
        await book.Partner.PostRefused($"/v1/money-accounts/{book.Box}/day-openings", new { effectiveOn = "2026-02-07" }, "cash-day-open");
        await book.Partner.PostRefused(Closings(book), new { effectiveOn = "2026-02-07", counted = Rp394000() }, "cash-day-open");
        await book.Close("2026-02-06", Rp394000());
    }

    [Fact]
    public async Task What_can_not_have_been_counted_is_refused()
    {
        var book = await CashBook.Open(service);

        await Refused([Pieces(3_000, 1)], "denomination-not-known");
        await Refused([Pieces(500, 1), Pieces(500, 2)], "denomination-twice");
        await Refused([Pieces(500, -1)], "pieces-not-possible");
        await Refused([new { denomination = new { amount = "100.00", currency = "USD" }, pieces = 1 }], "denomination-not-known");
        await book.Partner.PostRefused($"/v1/money-accounts/{book.Bank}/day-closings", new { counted = Rp394000() }, "not-a-cash-box");
        await book.Partner.PostRefused(Closings(book), new { effectiveOn = "2026-02-05", counted = Rp394000(), reason = "Uang awal" }, "fund-required");
        await book.Partner.PostRefused(
            Closings(book), new { effectiveOn = "2026-02-05", counted = Rp394000(), reason = "Uang awal", fundId = Guid.CreateVersion7() }, "unknown-fund");
        await book.Partner.PostRefused(
            Closings(book), new { effectiveOn = "2026-02-05", counted = Array.Empty<object>(), fundId = book.Loans.FundId }, "no-cash-difference");
        await book.Partner.Post($"/v1/money-accounts/{Guid.CreateVersion7()}/day-closings", new { counted = Rp394000() }, HttpStatusCode.NotFound);

        Task<Reply> Refused(object[] counted, string code) => book.Partner.PostRefused(Closings(book), new { effectiveOn = "2026-02-05", counted }, code);
    }

    [Fact]
    public async Task After_its_day_was_closed_an_entry_needs_a_second_person_and_is_flagged_for_ever()
    {
        var book = await CashBook.Open(service);
        await book.Collect("2026-02-05");
        await book.Close("2026-02-06", Rp394000());

        var refusal = await book.Partner.PostRefused($"/v1/loans/{book.LoanId}/repayments", book.Collection("2026-02-05", 10_000), "second-person-required");
        Assert.Equal("/approvedBy", refusal["errors"][0]!["pointer"]!.GetValue<string>());
        await book.Collect("2026-02-05", 10_000, isAgreed: true);
        await book.Collect("2026-02-07", 5_000);

        var flagged = (await book.Partner.Get("/v1/events?limit=200"))["items"].AsArray().Where(row => row!["envelope"]?["afterCashClose"]?.GetValue<bool>() == true);
        Assert.Equal("2026-02-05", Assert.Single(flagged)!["envelope"]!["effectiveOn"]!.GetValue<string>());
        Assert.Equal("404000", await book.BalanceOf(book.Box, "2026-02-06"));
        var opening = await book.Partner.Post($"/v1/money-accounts/{book.Box}/day-openings", new { effectiveOn = "2026-02-07" });
        Assert.Equal(("394000", "404000"), (opening.Amount("carried"), opening.Amount("books")));
        await AssertBooksAgree(service, book);
    }

    [Fact]
    public async Task Taking_back_what_was_counted_needs_a_second_person_too()
    {
        var book = await CashBook.Open(service);
        var paid = await book.Collect("2026-02-05");
        await book.Close("2026-02-05", Rp394000());

        await book.Partner.PostRefused("/v1/reversals", new { transactionId = paid.Id }, "second-person-required");
        await book.Partner.Post("/v1/reversals", new { transactionId = paid.Id, approvedBy = book.Agreed() });
        Assert.Equal("0", await book.BalanceOf(book.Box, "2026-02-05"));
        await AssertBooksAgree(service, book);
    }

    /// <summary>By hand: 10,000 missing; 4,000 paid back, 1,000 found, 5,000 written off as running costs.</summary>
    [Fact]
    public async Task A_shortage_is_owed_until_it_is_repaid_found_or_written_off()
    {
        var book = await CashBook.Open(service);
        await book.Collect("2026-02-05", 400_000);
        var shortage = (await book.Close("2026-02-05", [Pieces(100_000, 3), Pieces(10_000, 9)], "Tas basah")).Value("cashDifferenceId");
        var resolutions = $"/v1/cash-differences/{shortage}/resolutions";

        var repaid = await book.Partner.Post(resolutions, new { kind = "repaid", amount = Idr(4_000), effectiveOn = "2026-02-09" });
        Assert.Equal(["1.1.01.01 D 4000", "1.1.05.01 C 4000"], GeneralLedger.SampleBook.EntryLines(repaid["lines"]));
        await book.Partner.Post(resolutions, new { kind = "found", amount = Idr(1_000), effectiveOn = "2026-02-10" });
        await book.Partner.PostRefused(resolutions, new { kind = "written-off", amount = Idr(5_000) }, "write-off-needs-decision");
        await book.Partner.PostRefused(resolutions, new { kind = "written-off", amount = Idr(5_000), decisionReference = "SK-7" }, "write-off-needs-second-person");
        await book.Partner.PostRefused(resolutions, new { kind = "repaid", amount = Idr(5_001) }, "exceeds-cash-difference");
        await book.Partner.PostRefused(resolutions, new { kind = "repaid", amount = Idr(5_000), effectiveOn = "2026-02-04" }, "before-cash-difference");
        await book.Partner.PostRefused(resolutions, new { kind = "repaid", amount = Idr(5_000), decisionReference = "SK-7" }, "decision-without-write-off");
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = shortage, approvedBy = book.Agreed() }, "later-facts-depend-on-it");
        var off = await book.Partner.Post(
            resolutions, new { kind = "written-off", amount = Idr(5_000), effectiveOn = "2026-02-28", decisionReference = "SK-7", approvedBy = book.Agreed() });

        Assert.Equal("resolved", (await book.Partner.Get($"/v1/cash-differences/{shortage}")).Value("status"));
        Assert.Equal((395_000, 0, 5_000), (await book.Account("1.1.01.01"), await book.Account("1.1.05.01"), await book.Account("5.1.01.01")));
        await book.Partner.Post("/v1/reversals", new { transactionId = off.Id });
        var open = await book.Partner.Get($"/v1/cash-differences/{shortage}");
        Assert.Equal(("open", "5000"), (open.Value("status"), open.Amount("open")));
        Assert.Equal(repaid["lines"].ToJsonString(), (await book.Partner.Get(repaid.Headers.Location!.OriginalString))["lines"].ToJsonString());
        await AssertBooksAgree(service, book);
    }

    [Fact]
    public async Task Cash_too_much_goes_back_or_becomes_other_income_by_decision()
    {
        var book = await CashBook.Open(service);
        await book.Collect("2026-02-05");
        var over = (await book.Close("2026-02-05", [.. Rp394000(), Pieces(5_000, 1)], "Uang lebih")).Value("cashDifferenceId");

        await book.Partner.Post($"/v1/cash-differences/{over}/resolutions", new { kind = "repaid", amount = Idr(2_000), effectiveOn = "2026-02-06" });
        await book.Partner.Post(
            $"/v1/cash-differences/{over}/resolutions",
            new { kind = "written-off", amount = Idr(3_000), effectiveOn = "2026-02-06", decisionReference = "SK-8", approvedBy = book.Agreed() });

        Assert.Equal((397_000, 0, -3_000), (await book.Account("1.1.01.01"), await book.Account("2.1.05.01"), await book.Account("4.2.03.01")));
        await AssertBooksAgree(service, book);
    }

    [Fact]
    public async Task A_miscount_is_taken_back_by_two_persons()
    {
        var book = await CashBook.Open(service);
        await book.Collect("2026-02-05");
        var shortage = (await book.Close("2026-02-05", [Pieces(100_000, 3)], "Salah hitung")).Value("cashDifferenceId");

        await book.Partner.PostRefused("/v1/reversals", new { transactionId = shortage }, "second-person-required");
        await book.Partner.Post("/v1/reversals", new { transactionId = shortage, approvedBy = book.Agreed(), reason = "Ada di saku lain" });

        Assert.Equal("reversed", (await book.Partner.Get($"/v1/cash-differences/{shortage}")).Value("status"));
        Assert.Equal((394_000, 0), (await book.Account("1.1.01.01"), await book.Account("1.1.05.01")));
        await book.Partner.PostRefused(
            $"/v1/cash-differences/{shortage}/resolutions", new { kind = "repaid", amount = Idr(1) }, "exceeds-cash-difference");
        await AssertBooksAgree(service, book);
    }

    private static string Closings(CashBook book) => $"/v1/money-accounts/{book.Box}/day-closings";
}
