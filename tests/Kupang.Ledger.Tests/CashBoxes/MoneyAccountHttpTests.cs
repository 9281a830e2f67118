using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.CashBoxes.CashBook;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.CashBoxes;

/// <summary>Money goes into a box of the kind that fits, and each box holds what its lines say.</summary>
public sealed class MoneyAccountHttpTests(LedgerService service)
{
    [Fact]
    public async Task What_is_paid_into_a_box_is_in_it_from_that_day_on()
    {
        var book = await CashBook.Open(service);
        await book.Collect("2026-02-05");
        await book.Collect("2026-03-05");

        Assert.Equal("0", await book.BalanceOf(book.Box, "2026-02-04"));
        Assert.Equal("394000", await book.BalanceOf(book.Box, "2026-02-05"));
        var box = await book.Partner.Get($"/v1/money-accounts/{book.Box}");
        Assert.Equal(("788000", "Tas Petrus", book.Petrus.ToString()), (box.Amount("balance"), box.Value("name"), box.Value("custodianId")));
        Assert.Equal(788_000, await book.Account("1.1.01.01"));
        var events = await book.Partner.Get("/v1/events?limit=200");
        Assert.Equal(2, events["items"].AsArray().Count(row => row!["envelope"]?["moneyAccount"]?.GetValue<Guid>() == book.Box));
        Assert.DoesNotContain("Tas Petrus", events.Text, StringComparison.Ordinal);
        await AssertBooksAgree(service, book);
    }

    [Fact]
    public async Task Boxes_are_listed_by_kind_and_fund()
    {
        var book = await CashBook.Open(service);

        var banks = (await book.Partner.Get($"/v1/money-accounts?kind=bank-account&fundId={book.Loans.FundId}"))["items"].AsArray();
        var bank = Assert.Single(banks)!;
        Assert.Equal(("1.1.01.02", "001-22-33"), (bank["account"]!.GetValue<string>(), bank["bankAccountNumber"]!.GetValue<string>()));
        Assert.Equal(2, (await book.Partner.Get("/v1/money-accounts"))["items"].AsArray().Count);
        await (await service.NewTenant()).Get($"/v1/money-accounts/{book.Box}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Cash_goes_into_a_cash_box_and_a_transfer_into_a_bank_account()
    {
        var book = await CashBook.Open(service);
        var repayments = $"/v1/loans/{book.LoanId}/repayments";

        await book.Partner.PostRefused(repayments, book.Collection("2026-02-05", moneyAccountId: book.Bank), "channel-does-not-fit-money-account");
        await book.Partner.PostRefused(repayments, book.Collection("2026-02-05", method: "bank"), "channel-does-not-fit-money-account");
        await book.Partner.PostRefused(repayments, book.Collection("2026-02-05", moneyAccountId: Guid.CreateVersion7()), "unknown-money-account");
        await book.Partner.PostRefused(repayments, book.Collection("2026-02-05", moneyAccountId: book.Petrus), "unknown-money-account");
        await book.Partner.Post(repayments, book.Collection("2026-02-05", moneyAccountId: book.Bank, method: "bank"));

        Assert.Equal(("0", "394000"), (await book.BalanceOf(book.Box), await book.BalanceOf(book.Bank)));
    }

    [Fact]
    public async Task A_box_of_one_fund_holds_no_money_of_another_and_a_fact_without_money_needs_no_box()
    {
        var book = await CashBook.Open(service);
        var other = await book.Partner.Post("/v1/funds", new { code = "D2", name = "Dana kedua", currency = "IDR" });

        await book.Partner.PostRefused(
            $"/v1/funds/{other.Id}/contributions",
            new { amount = Idr(5_000), effectiveOn = "2026-02-05", purpose = "revolving-capital", source = "Yayasan Alfa", channel = "bank-transfer", moneyAccountId = book.Bank },
            "money-account-of-another-fund");
        await book.Partner.PostRefused(
            $"/v1/funds/{book.Loans.FundId}/contributions",
            new { amount = Idr(5_000), effectiveOn = "2026-02-05", purpose = "operations", source = "Yayasan Alfa", channel = "bank-transfer", moneyAccountId = book.Bank },
            "money-account-does-not-fit");
        await book.Partner.PostRefused(
            $"/v1/loans/{await book.Loans.Propose()}/approvals",
            new { effectiveOn = "2026-01-04", decisionReference = "BA-1", moneyAccountId = book.Box },
            "money-account-without-money");
    }

    [Fact]
    public async Task A_box_that_can_not_be_is_refused()
    {
        var book = await CashBook.Open(service);

        await Refused(new { kind = "cash-box", name = "Kas" }, "custodian-required");
        await Refused(new { kind = "cash-box", name = "Kas", custodianId = Guid.CreateVersion7() }, "unknown-staff");
        await Refused(new { kind = "cash-box", name = "Kas", custodianId = book.Petrus, fundId = Guid.CreateVersion7() }, "unknown-fund");
        await Refused(new { kind = "cash-box", name = "Kas", custodianId = book.Petrus, currency = "XXX" }, "unknown-currency");
        await Refused(new { kind = "cash-box", name = "Kas", custodianId = book.Petrus, fundId = book.Loans.FundId, currency = "USD" }, "wrong-currency");
        await Refused(new { kind = "cash-box", name = "Kas", custodianId = book.Petrus, openLimit = Idr(0) }, "amount-not-positive");
        await Refused(new { kind = "cash-box", name = "Kas", custodianId = book.Petrus, account = "1.1.01.02" }, "account-does-not-fit-kind");
        await Refused(new { kind = "cash-box", name = "Kas", custodianId = book.Petrus, bankAccountNumber = "1" }, "not-a-bank-account");
        await Refused(new { kind = "bank-account", name = "Bank", account = "1.1.01.01" }, "account-does-not-fit-kind");
        await Refused(new { kind = "bank-account", name = "Bank", account = "1.1.03.01" }, "account-does-not-fit-kind");
        await Refused(new { kind = "bank-account", name = "Bank", effectiveOn = "2027-01-01" }, "in-the-future");
        Assert.Equal(2, (await book.Partner.Get("/v1/money-accounts"))["items"].AsArray().Count);

        Task<Reply> Refused(object body, string code) => book.Partner.PostRefused("/v1/money-accounts", body, code);
    }

    [Fact]
    public async Task Less_than_nothing_and_more_than_the_limit_are_recorded_and_told()
    {
        var book = await CashBook.Open(service, openLimit: 500_000);

        Assert.DoesNotContain("warnings", (await book.Collect("2026-02-05")).Text, StringComparison.Ordinal);
        Assert.Equal(["open-limit-exceeded"], Warnings(await book.Collect("2026-03-05")));
        Assert.Equal(["open-limit-exceeded"], Warnings(await book.Partner.Get($"/v1/money-accounts/{book.Box}")));
        var deposit = await book.Partner.Post(
            $"/v1/money-accounts/{book.Box}/bank-deposits", new { to = book.Bank, amount = Idr(800_000), effectiveOn = "2026-03-06" });
        Assert.Equal(["cash-below-zero"], Warnings(deposit));
        Assert.Equal(["cash-below-zero"], Warnings(await book.Partner.Get($"/v1/money-accounts/{book.Box}")));
        await AssertBooksAgree(service, book);
    }

    [Fact]
    public async Task A_reversal_takes_the_money_back_out_of_its_box_and_out_of_no_other()
    {
        var book = await CashBook.Open(service);
        var paid = await book.Collect("2026-02-05");

        await book.Partner.PostRefused("/v1/reversals", new { transactionId = paid.Id, moneyAccountId = book.Bank }, "reversal-takes-original-money-account");
        await book.Partner.Post("/v1/reversals", new { transactionId = paid.Id, reasonCode = "typing-error" });

        Assert.Equal("0", await book.BalanceOf(book.Box, "2026-02-05"));
        await AssertBooksAgree(service, book);
    }

    [Fact]
    public async Task Cash_brought_to_the_bank_changes_its_box_and_is_a_transfer_voucher()
    {
        var book = await CashBook.Open(service);
        await book.Collect("2026-02-05");

        var deposit = await book.Partner.Post(
            $"/v1/money-accounts/{book.Box}/bank-deposits",
            new { to = book.Bank, amount = Idr(390_000), effectiveOn = "2026-02-06", paper = new { kind = "cash-out", number = "SLIP-1" } });

        Assert.Equal(["1.1.01.02 D 390000", "1.1.01.01 C 390000"], GeneralLedger.SampleBook.EntryLines(deposit["lines"]));
        Assert.Equal(("transfer", deposit.Value("number")), ((await book.Partner.Get($"/v1/vouchers/{deposit.Id}")).Value("kind"), "BT-2026-000001"));
        Assert.Equal(("4000", "390000"), (await book.BalanceOf(book.Box), await book.BalanceOf(book.Bank)));

        await book.Partner.Post("/v1/reversals", new { transactionId = deposit.Id });
        Assert.Equal(("394000", "0"), (await book.BalanceOf(book.Box), await book.BalanceOf(book.Bank)));
        await AssertBooksAgree(service, book);
    }

    [Fact]
    public async Task Cash_is_handed_over_to_the_treasurers_box_and_only_there()
    {
        var book = await CashBook.Open(service);
        await book.Collect("2026-02-05");
        var safe = (await book.Partner.Post("/v1/money-accounts", new { kind = "cash-box", name = "Brankas", custodianId = book.Yohana })).Id;
        var handOvers = $"/v1/money-accounts/{book.Box}/hand-overs";

        await book.Partner.PostRefused(handOvers, Of(book.Bank), "not-a-cash-box");
        await book.Partner.PostRefused(handOvers, Of(book.Box), "same-money-account");
        await book.Partner.PostRefused(handOvers, Of(Guid.CreateVersion7()), "unknown-money-account");
        await book.Partner.PostRefused($"/v1/money-accounts/{book.Box}/bank-deposits", Of(safe), "not-a-bank-account");
        await book.Partner.PostRefused($"/v1/money-accounts/{book.Bank}/hand-overs", Of(safe), "not-a-cash-box");
        await book.Partner.PostRefused($"/v1/money-accounts/{safe}/hand-overs", Of(book.Box), "fund-required");
        await book.Partner.Post($"/v1/money-accounts/{Guid.CreateVersion7()}/hand-overs", Of(safe), HttpStatusCode.NotFound);
        await book.Partner.Post(handOvers, Of(safe));

        Assert.Equal(("0", "394000"), (await book.BalanceOf(book.Box), await book.BalanceOf(safe)));
        Assert.Equal(394_000, await book.Account("1.1.01.01"));
        await AssertBooksAgree(service, book);

        object Of(Guid to) => new { to, amount = Idr(394_000), effectiveOn = "2026-02-06" };
    }

    [Fact]
    public async Task Who_answers_for_a_box_changes_from_a_day_on()
    {
        var book = await CashBook.Open(service);
        var custodians = $"/v1/money-accounts/{book.Box}/custodians";

        await book.Partner.PostRefused(custodians, new { staffId = Guid.CreateVersion7() }, "unknown-staff");
        await book.Partner.Post(custodians, new { staffId = book.Yohana, effectiveOn = "2026-03-01" });

        Assert.Equal(book.Petrus.ToString(), (await book.Partner.Get($"/v1/money-accounts/{book.Box}?effectiveOn=2026-02-28")).Value("custodianId"));
        Assert.Equal(book.Yohana.ToString(), (await book.Partner.Get($"/v1/money-accounts/{book.Box}?effectiveOn=2026-03-01")).Value("custodianId"));
    }
}
