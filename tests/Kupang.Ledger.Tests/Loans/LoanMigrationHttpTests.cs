using System.Net;
using System.Text;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Tests.GeneralLedger;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanBook;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>Loans taken over from paper cards, through the whole service. The card is the one of <see cref="LoanMigrationTests"/>.</summary>
public sealed class LoanMigrationHttpTests(LedgerService service)
{
    private const string Path = "/v1/loan-migrations";

    [Fact]
    public async Task Cards_are_tried_then_taken_over_and_the_loan_goes_on()
    {
        var book = await Open(service);
        var last = await service.LastNumber(book.Partner.Tenant);

        var tried = await book.Partner.Send(Json(HttpMethod.Post, $"{Path}?dryRun=true", Cards(book, Card(book)), idempotencyKey: null), HttpStatusCode.OK);

        Assert.Empty(tried["errors"].AsArray());
        Assert.Equal("26", tried["loans"][0]!["daysPastDue"]!.ToJsonString());
        Assert.Null(tried["loans"][0]!["id"]);
        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));

        var taken = await book.Partner.Post(Path, Cards(book, Card(book)));
        var row = taken["loans"][0]!;
        Assert.Equal(tried["loans"][0]!["outstanding"]!.ToJsonString(), row["outstanding"]!.ToJsonString());
        var loanId = row["id"]!.GetValue<Guid>();
        var loan = await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-03-31");
        Assert.Equal(("active", "2025-10-05"), (loan.Value("status"), loan.Value("disbursedOn")));
        Assert.Equal("migrated", loan["flags"][0]!.GetValue<string>());
        AssertAmount("260000", loan, "card", "paidInterest");
        AssertAmount("1336000", loan, "paid", "principal");
        Assert.Equal(
            ["1.1.01.02 100000000 0", "1.1.03.01 2664000 0", "3.1.01.01 0 100000000", "3.1.01.09 0 2664000"],
            SampleBook.Lines(await book.Partner.Get("/v1/trial-balance?effectiveOn=2026-03-31")));
        Assert.Contains("Saldo awal pinjaman", (await book.Partner.Get("/v1/journal-entries")).Text, StringComparison.Ordinal);
        Assert.Contains("\"opening\"", (await book.Partner.Get("/v1/journal-entries")).Text, StringComparison.Ordinal);
        var fund = await book.Partner.Get($"/v1/funds/{book.FundId}");
        Assert.Equal(("2664000", "100000000"), (fund.Amount("outstanding"), fund.Amount("lendable")));

        await book.Partner.Post($"/v1/loans/{loanId}/repayments", Payment(100_000, "2026-03-30"), HttpStatusCode.UnprocessableEntity);
        var paid = await book.Repay(loanId, 100_000, "2026-04-01");
        Assert.Equal(("40000", "60000"), (paid.Amount("interest"), paid.Amount("principal")));
        Assert.Equal(
            ["migration", "repayment"],
            (await book.Partner.Get($"/v1/loans/{loanId}/transactions"))["items"].AsArray().Select(item => item!["type"]!.GetValue<string>()));
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
    }

    [Fact]
    public async Task A_card_taken_over_by_mistake_can_be_taken_over_again()
    {
        var book = await Open(service);
        var taken = await book.Partner.Post(Path, Cards(book, Card(book)));
        await book.Partner.PostRefused(Path, Cards(book, Card(book)), "cards-have-errors");

        await book.Partner.PostRefused("/v1/reversals", new { transactionId = TransactionOf(taken), kind = "returned", effectiveOn = "2026-04-01" }, "reversible-only-as-error");
        await book.Partner.Post("/v1/reversals", new { transactionId = TransactionOf(taken), reasonCode = "typing-error", reason = "Salah kartu" });

        Assert.Equal("cancelled", (await book.Partner.Get($"/v1/loans/{taken["loans"][0]!["id"]}")).Value("status"));
        await book.Partner.Post(Path, Cards(book, Card(book)));
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
    }

    [Fact]
    public async Task A_sheet_is_taken_with_all_its_mistakes_named_and_then_whole_or_not_at_all()
    {
        var book = await Open(service);
        await book.Partner.Post("/v1/members", new { name = "Yuliana", sex = "female", externalId = "A-2" });
        const string Header = "cardNumber,memberId,memberExternalId,productCode,principal,instalments,disbursedOn,paidPrincipal,paidInterest,purpose";
        var good = $"K-017,{book.MemberId},,SPP,4000000,12,2025-10-05,1336000,260000,Modal kios";
        var query = $"fundId={book.FundId}&cutOverOn=2026-03-31&currency=IDR&count=2&principal=8000000&outstanding=5328000&paidInterest=520000";
        var bad = string.Join('\n', Header, good, "K-018,,A-9,SPP,4000000,12,2025-10-05,1336000,260000,Sawah", "K-019,,A-2,SPP,4 juta,12,2025-10-05,0,0,Sawah");

        var tried = await book.Partner.Send(Sheet($"{Path}?dryRun=true&{query}", bad), HttpStatusCode.OK);
        Assert.Equal(
            ["2 memberExternalId unknown-member", "3 principal invalid-value"],
            tried["errors"].AsArray().Select(error => $"{error!["row"]} {error["column"]} {error["code"]}"));
        Assert.Equal("1", Assert.Single(tried["loans"].AsArray())!["row"]!.ToJsonString());
        var last = await service.LastNumber(book.Partner.Tenant);
        Assert.Equal("/loans/2/principal", (await book.Partner.Send(Sheet($"{Path}?{query}", bad), HttpStatusCode.BadRequest))["errors"][0]!["pointer"]!.GetValue<string>());
        var unknown = string.Join('\n', Header, good, "K-018,,A-9,SPP,4000000,12,2025-10-05,1336000,260000,Sawah");
        var refused = await book.Partner.Send(Sheet($"{Path}?{query}", unknown), HttpStatusCode.UnprocessableEntity);
        Assert.Equal(("cards-have-errors", "/loans/1/memberExternalId"), (refused.Value("code"), refused["errors"][0]!["pointer"]!.GetValue<string>()));
        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));

        var whole = unknown.Replace("A-9", "A-2", StringComparison.Ordinal);
        Assert.Equal("control-total-differs", (await book.Partner.Send(Sheet($"{Path}?{query.Replace("count=2", "count=3", StringComparison.Ordinal)}", whole), HttpStatusCode.UnprocessableEntity)).Value("code"));
        var taken = await book.Partner.Send(Sheet($"{Path}?{query}", whole), HttpStatusCode.Created);
        Assert.Equal(2, taken["loans"].AsArray().Count);
        Assert.Equal("5328000", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("outstanding"));
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
    }

    [Fact]
    public async Task A_file_that_can_not_be_is_refused_and_nothing_is_written()
    {
        var book = await Open(service);
        var last = await service.LastNumber(book.Partner.Tenant);

        await book.Partner.PostRefused(Path, Cards(book, Card(book), fundId: Guid.CreateVersion7()), "unknown-fund");
        await book.Partner.PostRefused(Path, Cards(book, Card(book), cutOverOn: "2030-01-01"), "in-the-future");
        await book.Partner.PostRefused(Path, Cards(book, [.. Enumerable.Range(0, 501).Select(number => Card(book, $"K-{number}"))]), "too-many-cards");
        await book.Partner.Post(Path + "?dryRun=maybe", Cards(book, Card(book)), HttpStatusCode.BadRequest);
        await book.Partner.Send(Sheet(Path, "cardNumber"), HttpStatusCode.BadRequest);
        await book.Partner.Send(Sheet($"{Path}?currency=IDR", "kartu\nK-1"), HttpStatusCode.BadRequest);

        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));
    }

    private static Guid TransactionOf(Reply taken) => taken["loans"][0]!["transactionId"]!.GetValue<Guid>();

    private static object Payment(long amount, string effectiveOn) => new { amount = Idr(amount), effectiveOn, method = "cash" };

    private static object Card(LoanBook book, string number = "K-017") => new
    {
        cardNumber = number,
        memberId = book.MemberId,
        productCode = "SPP",
        principal = Idr(4_000_000),
        instalments = 12,
        disbursedOn = "2025-10-05",
        paidPrincipal = Idr(1_336_000),
        paidInterest = Idr(260_000),
        purpose = "Modal kios",
    };

    private static object Cards(LoanBook book, object card, Guid? fundId = null, string cutOverOn = "2026-03-31") => Cards(book, [card], fundId, cutOverOn);

    private static object Cards(LoanBook book, object[] cards, Guid? fundId = null, string cutOverOn = "2026-03-31") => new
    {
        fundId = fundId ?? book.FundId,
        cutOverOn,
        control = new
        {
            count = cards.Length,
            principal = Idr(4_000_000L * cards.Length),
            outstanding = Idr(2_664_000L * cards.Length),
            paidInterest = Idr(260_000L * cards.Length),
        },
        loans = cards,
    };

    private static HttpRequestMessage Sheet(string path, string text)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(text, Encoding.UTF8, "text/csv") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", Guid.CreateVersion7().ToString());
        return request;
    }
}
