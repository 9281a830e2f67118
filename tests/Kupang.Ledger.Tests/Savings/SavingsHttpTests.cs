using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Savings;

/// <summary>Savings over HTTP: a fund with 100,000,000 of capital, a member, and the products the member saves on.</summary>
public sealed class SavingsHttpTests(LedgerService service)
{
    [Fact]
    public async Task Deposits_and_withdrawals_stand_in_the_passbook_and_in_the_books_on_the_members_name()
    {
        var book = await LoanBook.Open(service);
        var account = await Save(book, await Voluntary(book, new { minimumBalance = "10000" }));
        await Deposit(book, account, 250_000, "2026-02-05", receiptNumber: "7");
        var withdrawn = await Post(book, account, "withdrawals", new { amount = Idr(100_000), effectiveOn = "2026-03-05", method = "cash" });
        Assert.Equal(("-100000", "150000"), (withdrawn.Amount("amount"), withdrawn.Amount("balance")));

        var read = await book.Partner.Get($"/v1/savings-accounts/{account}");
        Assert.Equal(("150000", "140000", "open"), (read.Amount("balance"), read.Amount("available"), read.Value("status")));
        Assert.Equal("250000", (await book.Partner.Get($"/v1/savings-accounts/{account}?effectiveOn=2026-02-28")).Amount("balance"));
        var passbook = await book.Partner.Get($"/v1/savings-accounts/{account}/passbook?basis=effective&from=2026-03-01");
        Assert.Equal(("250000", "150000"), (passbook.Amount("opening"), passbook.Amount("closing")));
        Assert.Equal(("withdrawal", "2026-03-05"), (Row(passbook, 0, "type"), Row(passbook, 0, "effectiveOn")));
        Assert.Contains(("2.1.01.03", "0", "150000"), await TrialBalance(book, book.FundId));
        Assert.Equal(read.Value("number"), (await book.Partner.Get($"/v1/savings-accounts?memberId={book.MemberId}&status=open"))["items"][0]!["number"]!.GetValue<string>());
        Assert.Equal(withdrawn.Value("id"), (await book.Partner.Get($"/v1/savings-accounts/{account}/transactions/{withdrawn.Id}")).Value("id"));
        Assert.StartsWith("SA-2026-", read.Value("number"), StringComparison.Ordinal);
        await AssertBooksAgree(book);
    }

    [Fact]
    public async Task What_was_known_at_a_number_stays_readable()
    {
        var book = await LoanBook.Open(service);
        var account = await Save(book, await Voluntary(book));
        var first = await Deposit(book, account, 50_000, "2026-02-05");
        await Deposit(book, account, 20_000, "2026-02-01");

        var then = first["asOfSequence"].GetValue<long>();
        Assert.Equal("50000", (await book.Partner.Get($"/v1/savings-accounts/{account}?knownAtSequence={then}")).Amount("balance"));
        Assert.Equal("50000", (await book.Partner.Get($"/v1/savings-accounts/{account}/passbook?knownAtSequence={then}")).Amount("closing"));
        Assert.Equal("70000", (await book.Partner.Get($"/v1/savings-accounts/{account}/passbook")).Amount("closing"));
    }

    [Fact]
    public async Task What_is_pledged_for_a_loan_pays_before_it_is_written_off()
    {
        var book = await LoanBook.Open(service);
        var account = await Save(book, await Voluntary(book));
        await Deposit(book, account, 100_000, "2026-01-10");
        var loanId = await book.Lend();
        var hold = await Post(book, account, "holds", new { amount = Idr(60_000), reasonCode = "pledged", loanId, effectiveOn = "2026-03-01" });
        var writeOff = new { decisionReference = "BA-7", effectiveOn = "2026-06-01" };
        var refused = await book.Partner.PostRefused($"/v1/loans/{loanId}/write-offs", writeOff, "pledged-savings-first");
        Assert.Contains("Rp60.000", refused.Value("detail"), StringComparison.Ordinal);

        await Post(book, account, "hold-releases", new { holdId = hold.Id, effectiveOn = "2026-06-01" });
        await Post(book, account, "withdrawals", new { amount = Idr(60_000), effectiveOn = "2026-06-01", method = "cash" });
        await book.Repay(loanId, 60_000, "2026-06-01");

        Assert.Equal("4000000", (await book.Partner.Post($"/v1/loans/{loanId}/write-offs", writeOff)).Amount("amount"));
        await AssertBooksAgree(book);
    }

    [Fact]
    public async Task Savings_that_are_pledged_locked_or_must_stay_can_not_be_taken_out_and_nothing_is_written()
    {
        var book = await LoanBook.Open(service);
        var account = await Save(book, await Voluntary(book, new { minimumBalance = "10000", lockIn = new { length = 1, unit = "month" } }));
        await Deposit(book, account, 100_000, "2026-01-10");
        var loanId = await book.Lend();
        var hold = await Post(book, account, "holds", new { amount = Idr(60_000), reasonCode = "pledged", loanId, effectiveOn = "2026-03-01" });
        var last = await service.LastNumber(book.Partner.Tenant);
        var withdrawals = $"/v1/savings-accounts/{account}/withdrawals";

        var refused = await book.Partner.PostRefused(withdrawals, new { amount = Idr(30_001), effectiveOn = "2026-02-20", method = "cash" }, "insufficient-savings");
        Assert.Contains("tersedia Rp30.000", refused.Value("detail"), StringComparison.Ordinal);
        await book.Partner.PostRefused(withdrawals, new { amount = Idr(1), effectiveOn = "2026-01-31", method = "cash" }, "savings-locked");
        await book.Partner.PostRefused(withdrawals, new { amount = new { amount = "1.00", currency = "USD" }, effectiveOn = "2026-03-31", method = "cash" }, "wrong-currency");
        await book.Partner.PostRefused(withdrawals, new { amount = Idr(1), effectiveOn = "2026-11-25", method = "cash" }, "in-the-future");
        await book.Partner.PostRefused(withdrawals, new { amount = Idr(1), effectiveOn = "2025-12-31", method = "cash" }, "before-opening");
        await book.Partner.PostRefused(withdrawals, new { amount = Idr(1), effectiveOn = "2026-03-31" }, "method-required");
        await book.Partner.PostRefused(withdrawals, new { amount = Idr(0), method = "cash" }, "amount-not-positive");
        await book.Partner.PostRefused($"/v1/savings-accounts/{account}/closings", new { method = "cash" }, "savings-held");
        await book.Partner.PostRefused($"/v1/savings-accounts/{account}/holds", new { amount = Idr(30_001), reasonCode = "pledged" }, "insufficient-savings");
        await book.Partner.PostRefused($"/v1/savings-accounts/{account}/holds", new { amount = Idr(1), reasonCode = "pledged", loanId = Guid.CreateVersion7() }, "unknown-loan");
        await book.Partner.PostRefused($"/v1/savings-accounts/{account}/hold-releases", new { holdId = Guid.CreateVersion7() }, "unknown-hold");
        await book.Partner.PostRefused($"/v1/savings-accounts/{account}/hold-releases", new { holdId = hold.Id, amount = Idr(60_001) }, "exceeds-hold");
        await book.Partner.PostRefused($"/v1/savings-accounts/{account}/hold-releases", new { holdId = hold.Id, effectiveOn = "2026-02-28" }, "before-hold");
        await book.Partner.PostRefused($"/v1/savings-accounts/{Guid.CreateVersion7()}/withdrawals", new { amount = Idr(1), method = "cash" }, "not-found", HttpStatusCode.NotFound);
        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));

        var released = await Post(book, account, "hold-releases", new { holdId = hold.Id, effectiveOn = "2026-04-01" });
        Assert.Equal(("0", "pledged"), (released.Amount("open"), released.Value("reasonCode")));
        await book.Partner.PostRefused($"/v1/savings-accounts/{account}/hold-releases", new { holdId = hold.Id }, "hold-released");
        await Post(book, account, "withdrawals", new { amount = Idr(90_000), effectiveOn = "2026-04-01", method = "cash" });
    }

    [Fact]
    public async Task Principal_savings_are_paid_once_and_an_account_of_a_kind_is_opened_once()
    {
        var book = await LoanBook.Open(service);
        var pokok = await Product(book, "POKOK", new { kind = "principal", contribution = new { amount = "100000" } });
        var account = await Save(book, pokok);
        await book.Partner.PostRefused($"/v1/savings-accounts/{account}/deposits", new { amount = Idr(50_000), method = "cash" }, "contribution-differs");
        await Deposit(book, account, 100_000, "2026-02-05");

        await book.Partner.PostRefused($"/v1/savings-accounts/{account}/deposits", new { amount = Idr(100_000), method = "cash" }, "principal-already-paid");
        await book.Partner.PostRefused($"/v1/savings-accounts/{account}/withdrawals", new { amount = Idr(1), method = "cash" }, "withdrawals-not-allowed");
        await book.Partner.PostRefused(
            "/v1/savings-accounts", new { productId = pokok, fundId = book.FundId, memberId = book.MemberId }, "savings-account-exists");

        var closed = await Post(book, account, "closings", new { effectiveOn = "2026-03-01", method = "cash" });
        Assert.Equal(("closed", "0"), (closed.Value("status"), closed.Amount("balance")));
        await book.Partner.PostRefused($"/v1/savings-accounts/{account}/deposits", new { amount = Idr(100_000), method = "cash" }, "savings-account-closed");
        await Save(book, pokok);
        await AssertBooksAgree(book);
    }

    [Fact]
    public async Task An_account_needs_one_owner_and_things_that_are_there()
    {
        var book = await LoanBook.Open(service);
        var product = await Voluntary(book);
        var dollars = (await book.Partner.Post("/v1/savings-products", new { code = "USD", name = "Dolar", currency = "USD", kind = "voluntary" })).Id;
        var operations = (await book.Partner.Post("/v1/funds", new { code = "OPS", name = "Operasional", currency = "IDR", kind = "operations" })).Id;
        var (fundId, memberId, nobody) = (book.FundId, book.MemberId, Guid.CreateVersion7());

        await book.Partner.PostRefused("/v1/savings-accounts", new { productId = product, fundId }, "owner-required");
        await book.Partner.PostRefused("/v1/savings-accounts", new { productId = product, fundId, memberId, groupId = nobody }, "owner-required");
        await book.Partner.PostRefused("/v1/savings-accounts", new { productId = nobody, fundId, memberId }, "unknown-savings-product");
        await book.Partner.PostRefused("/v1/savings-accounts", new { productId = product, fundId = nobody, memberId }, "unknown-fund");
        await book.Partner.PostRefused("/v1/savings-accounts", new { productId = product, fundId, memberId = nobody }, "unknown-member");
        await book.Partner.PostRefused("/v1/savings-accounts", new { productId = product, fundId, groupId = nobody }, "unknown-group");
        await book.Partner.PostRefused("/v1/savings-accounts", new { productId = dollars, fundId, memberId }, "wrong-currency");
        await book.Partner.PostRefused("/v1/savings-accounts", new { productId = product, fundId = operations, memberId }, "fund-takes-no-savings");
        await book.Partner.PostRefused("/v1/savings-products", new { code = "SUK", name = "Lagi", currency = "IDR", kind = "voluntary" }, "product-code-taken");
        foreach (var misfit in new object[]
        {
            new { code = "A", name = "A", currency = "IDR", kind = "voluntary", classification = "equity" },
            new { code = "A", name = "A", currency = "IDR", kind = "compulsory" },
            new { code = "A", name = "A", currency = "IDR", kind = "voluntary", minimumBalance = "0.5" },
            new { code = "A", name = "A", currency = "IDR", kind = "voluntary", interest = new { ratePercent = "6", per = "year", basis = "daily-balance" } },
            new { code = "A", name = "A", currency = "IDR", kind = "voluntary", withdrawals = new { allowed = false, maximumPerMonth = 2 } },
        })
        {
            await book.Partner.PostRefused("/v1/savings-products", misfit, "terms-out-of-range");
        }
    }

    [Fact]
    public async Task A_product_that_is_revised_leaves_the_accounts_that_are_open_as_they_are()
    {
        var book = await LoanBook.Open(service);
        var product = await Voluntary(book);
        var before = await Save(book, product);
        var revised = await book.Partner.Patch($"/v1/savings-products/{product}", new { minimumBalance = "25000" }, "\"1\"");
        Assert.Equal(2, revised["version"].GetValue<int>());
        await book.Partner.Patch($"/v1/savings-products/{product}", new { minimumBalance = "1" }, "\"1\"", HttpStatusCode.PreconditionFailed);

        var member = (await book.Partner.Post("/v1/members", new { name = "Yohana", sex = "female" })).Id;
        var after = await book.Partner.Post("/v1/savings-accounts", new { productId = product, fundId = book.FundId, memberId = member });

        Assert.Equal("0", (await book.Partner.Get($"/v1/savings-accounts/{before}")).Amount("minimumBalance"));
        Assert.Equal(("25000", 2), (after.Amount("minimumBalance"), after["productVersion"].GetValue<int>()));
    }

    /// <summary>By hand: the first fund owes 40,000 to the second, which holds it for the member.</summary>
    [Fact]
    public async Task A_transfer_to_an_account_of_another_fund_leaves_each_funds_books_balanced_and_can_be_taken_back()
    {
        var book = await LoanBook.Open(service);
        var other = (await book.Partner.Post("/v1/funds", new { code = "DB2", name = "Dana kedua", currency = "IDR" })).Id;
        var product = await Voluntary(book);
        var from = await Save(book, product);
        var to = (await book.Partner.Post("/v1/savings-accounts", new { productId = product, fundId = other, memberId = book.MemberId, effectiveOn = "2026-01-05" })).Id;
        await Deposit(book, from, 100_000, "2026-02-05");
        var transfers = $"/v1/savings-accounts/{from}/transfers";

        await book.Partner.PostRefused(transfers, new { toAccountId = from, amount = Idr(1) }, "same-savings-account");
        await book.Partner.PostRefused(transfers, new { toAccountId = Guid.CreateVersion7(), amount = Idr(1) }, "unknown-savings-account");
        await book.Partner.PostRefused(transfers, new { toAccountId = to, amount = Idr(100_001), effectiveOn = "2026-03-01" }, "insufficient-savings");
        await book.Partner.PostRefused(transfers, new { toAccountId = to, amount = Idr(1), channel = "cash" }, "channel-is-offset");
        var transfer = await book.Partner.Post(transfers, new { toAccountId = to, amount = Idr(40_000), effectiveOn = "2026-03-01" });

        Assert.Equal([("1.1.06.01", "40000", "0"), ("2.1.01.03", "0", "40000")], await TrialBalance(book, other));
        Assert.Contains(("2.1.06.01", "0", "40000"), await TrialBalance(book, book.FundId));
        Assert.Equal(("60000", "40000"), ((await Read(book, from)).Amount("balance"), (await Read(book, to)).Amount("balance")));
        await AssertBooksAgree(book);

        await book.Partner.Post("/v1/reversals", new { transactionId = transfer.Id, reasonCode = "typing-error" });
        Assert.Equal(("100000", "0"), ((await Read(book, from)).Amount("balance"), (await Read(book, to)).Amount("balance")));
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = transfer.Id }, "already-reversed");
        await AssertBooksAgree(book);
    }

    [Fact]
    public async Task What_is_taken_back_is_shown_in_the_passbook_beside_what_it_takes_back()
    {
        var book = await LoanBook.Open(service);
        var account = await Save(book, await Voluntary(book));
        var wrong = await Deposit(book, account, 70_000, "2026-02-05");
        await Post(book, account, "withdrawals", new { amount = Idr(50_000), effectiveOn = "2026-03-01", method = "cash" });

        var reversal = await book.Partner.Post("/v1/reversals", new { transactionId = wrong.Id, kind = "returned", effectiveOn = "2026-03-02", reasonCode = "returned", reason = "Cek kosong" });

        var read = await Read(book, account);
        Assert.Equal(("-50000", "0", "50000"), (read.Amount("balance"), read.Amount("available"), read.Amount("belowFloorBy")));
        await book.Partner.PostRefused($"/v1/savings-accounts/{account}/withdrawals", new { amount = Idr(1), method = "cash" }, "insufficient-savings");
        var passbook = await book.Partner.Get($"/v1/savings-accounts/{account}/passbook");
        Assert.Equal((reversal.Value("id"), "2026-03-02", wrong.Value("id")), (Row(passbook, 0, "reversedBy"), Row(passbook, 2, "effectiveOn"), Row(passbook, 2, "reverses")));
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = reversal.Id }, "not-reversible");
        await AssertBooksAgree(book);
    }

    [Fact]
    public async Task A_deposit_dated_in_a_closed_period_keeps_its_day_and_counts_on_the_first_open_one()
    {
        var book = await LoanBook.Open(service);
        var account = await Save(book, await Voluntary(book));
        await book.Partner.Post($"/v1/funds/{book.FundId}/closings", new { closedThrough = "2026-02-28", decisionReference = "BA-1" });

        var deposit = await Deposit(book, account, 10_000, "2026-02-10");

        Assert.Equal(("2026-02-10", "2026-03-01"), (deposit.Value("effectiveOn"), deposit.Value("bookedOn")));
    }

    /// <summary>
    /// By hand: 100,000,000 of capital; 1,000,000 saved as a liability and 500,000 as shares. A fund that lends savings and
    /// keeps a fifth back may lend 1,200,000 of them; one that lends none only its capital.
    /// </summary>
    [Fact]
    public async Task A_fund_lends_of_its_savings_what_its_terms_say()
    {
        var book = await LoanBook.Open(service);
        await Deposit(book, await Save(book, await Voluntary(book)), 1_000_000, "2026-02-05");
        var shares = await Product(book, "WAJIB", new { kind = "compulsory", classification = "equity", contribution = new { amount = "10000", every = 1, unit = "month" } });
        await Deposit(book, await Save(book, shares), 500_000, "2026-02-05");
        Assert.Contains(("3.1.02.02", "0", "500000"), await TrialBalance(book, book.FundId));
        Assert.Equal(("100000000", "101500000"), (await Fund("lendable"), await Fund("cash")));

        var path = $"/v1/funds/{book.FundId}";
        await book.Partner.Patch(path, new { terms = new { lendsSavings = true, reservePercent = "20" } }, "\"1\"");
        Assert.Equal("101200000", await Fund("lendable"));
        await book.Partner.Patch(path, new { terms = new { lendsSavings = true } }, "\"2\"");
        Assert.Equal("101500000", await Fund("lendable"));
        var refused = await book.Partner.Patch(path, new { terms = new { reservePercent = "20" } }, "\"3\"", HttpStatusCode.UnprocessableEntity);
        Assert.Equal("terms-out-of-range", refused.Value("code"));

        async Task<string> Fund(string member) => (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount(member);
    }

    /// <summary>By hand: 600,000 at 0.5 % a month earn 3,000; of the two accounts one was credited, and is again when a late deposit makes it 3,500.</summary>
    [Fact]
    public async Task Interest_is_run_for_a_month_of_a_fund_and_again_only_for_what_differs()
    {
        var book = await LoanBook.Open(service);
        var interest = new { ratePercent = "0.5", per = "month", basis = "minimum-monthly-balance" };
        var account = await Save(book, await Voluntary(book, new { interest }));
        await Deposit(book, account, 600_000, "2026-09-15");
        var runs = $"/v1/funds/{book.FundId}/savings-interest-runs";

        await book.Partner.PostRefused(runs, new { month = "2026-11" }, "month-not-over");
        await book.Partner.PostRefused($"/v1/funds/{Guid.CreateVersion7()}/savings-interest-runs", new { month = "2026-10" }, "not-found", HttpStatusCode.NotFound);
        await book.Partner.PostRefused(runs, new { month = "2026-13" }, "malformed-request", HttpStatusCode.BadRequest);
        var run = await book.Partner.Post(runs, new { month = "2026-10" });
        Assert.Equal((1, "3000", 0), (run["accounts"].GetValue<int>(), run.Amount("amount"), run["remaining"].GetValue<int>()));
        var again = await book.Partner.Post(runs, new { month = "2026-10" }, HttpStatusCode.OK);
        Assert.Equal((0, "0"), (again["accounts"].GetValue<int>(), again.Amount("amount")));

        await Deposit(book, account, 100_000, "2026-09-20");
        Assert.Equal("500", (await book.Partner.Post(runs, new { month = "2026-10" })).Amount("amount"));

        Assert.Contains(("5.1.03.01", "3500", "0"), await TrialBalance(book, book.FundId));
        Assert.Equal("703500", (await Read(book, account)).Amount("balance"));
        Assert.Equal(run.Value("number"), (await book.Partner.Get($"{runs}/{run.Id}")).Value("number"));
        await AssertBooksAgree(book);
    }

    [Fact]
    public async Task Whoever_has_an_open_account_is_not_erased()
    {
        var book = await LoanBook.Open(service);
        var account = await Save(book, await Voluntary(book));
        var refused = await book.Partner.PostRefused($"/v1/members/{book.MemberId}/erasures", new { reasonCode = "own-request" }, "obligation-open");
        Assert.Contains("SA-2026-", refused.Text, StringComparison.Ordinal);

        // No money ever moved, so nothing else keeps the person.
        await Post(book, account, "closings", new { });
        await book.Partner.Post($"/v1/members/{book.MemberId}/erasures", new { reasonCode = "own-request" });
    }

    [Fact]
    public async Task The_same_receipt_posted_twice_is_one_deposit()
    {
        var book = await LoanBook.Open(service);
        var account = await Save(book, await Voluntary(book));
        var body = new { amount = Idr(10_000), effectiveOn = "2026-02-05", method = "cash", receiptNumber = "0001" };
        var first = await Post(book, account, "deposits", body);

        var again = await book.Partner.Post($"/v1/savings-accounts/{account}/deposits", body, HttpStatusCode.OK);

        Assert.Equal(first.Value("id"), again.Value("id"));
        Assert.Equal("10000", (await Read(book, account)).Amount("balance"));
        await book.Partner.PostRefused(
            $"/v1/savings-accounts/{account}/deposits", new { amount = Idr(10_001), effectiveOn = "2026-02-05", method = "cash", receiptNumber = "0001" }, "receipt-number-taken");
    }

    private static Task<Guid> Voluntary(LoanBook book, object? more = null) => Product(book, "SUK", more ?? new { });

    /// <param name="more">What it has beside code, name and currency; voluntary savings unless it says otherwise.</param>
    private static async Task<Guid> Product(LoanBook book, string code, object more)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(more)!.AsObject();
        body["code"] = code;
        body["name"] = $"Simpanan {code}";
        body["currency"] = "IDR";
        body.TryAdd("kind", "voluntary");
        return (await book.Partner.Post("/v1/savings-products", body.ToJsonString())).Id;
    }

    private static async Task<Guid> Save(LoanBook book, Guid productId) => (await book.Partner.Post(
        "/v1/savings-accounts", new { productId, fundId = book.FundId, memberId = book.MemberId, effectiveOn = "2026-01-05" })).Id;

    private static Task<Reply> Post(LoanBook book, Guid account, string what, object body) => book.Partner.Post($"/v1/savings-accounts/{account}/{what}", body);

    private static Task<Reply> Deposit(LoanBook book, Guid account, long amount, string effectiveOn, string? receiptNumber = null) =>
        Post(book, account, "deposits", new { amount = Idr(amount), effectiveOn, method = "cash", receiptNumber });

    private static Task<Reply> Read(LoanBook book, Guid account) => book.Partner.Get($"/v1/savings-accounts/{account}");

    private static string Row(Reply passbook, int index, string member) => passbook["rows"][index]![member]!.GetValue<string>();

    private static async Task<IEnumerable<(string Account, string Debit, string Credit)>> TrialBalance(LoanBook book, Guid fundId) =>
        (await book.Partner.Get($"/v1/trial-balance?fundId={fundId}"))["lines"].AsArray().Select(line => (
            line!["account"]!.GetValue<string>(), line["debit"]!["amount"]!.GetValue<string>(), line["credit"]!["amount"]!.GetValue<string>()));

    private async Task AssertBooksAgree(LoanBook book) => Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
}
