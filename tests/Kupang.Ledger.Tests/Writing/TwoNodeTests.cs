using System.Globalization;
using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Writing;

/// <summary>
/// Two nodes of a cluster on one database take the commands of one tenant. Each keeps the states it wrote; the head, read
/// under the tenant's lock, tells it that the other wrote since.
/// </summary>
public sealed class TwoNodeTests(LedgerService service) : IAsyncLifetime
{
    private LedgerNode one = null!;
    private LedgerNode other = null!;

    public async ValueTask InitializeAsync() => (one, other) = (await service.StartNode(), await service.StartNode());

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await other.DisposeAsync();
    }

    [Fact]
    public async Task What_one_node_wrote_the_other_knows_when_it_decides()
    {
        var (here, there) = await Open(capital: 4_000_000);
        var (first, second) = (await here.Propose(), await there.Propose());

        await here.Approve(first);
        Assert.Equal("insufficient-lendable-funds", (await there.Approve(second, HttpStatusCode.UnprocessableEntity)).Value("code"));
        await here.Partner.Post($"/v1/loans/{first}/cancellations", new { effectiveOn = "2026-01-04", reason = "mundur" });
        await there.Approve(second);
        await here.Disburse(second);

        // In turn: each node keeps the loan as it wrote it, and must not go on from there.
        foreach (var (book, month, left) in new[] { (there, 2, "3666000"), (here, 3, "3332000"), (there, 4, "2998000"), (here, 5, "2664000") })
        {
            await book.Repay(second, 394_000, $"2026-{month:D2}-05");
            foreach (var reader in new[] { here, there })
            {
                LoanBook.AssertAmount(left, await reader.Partner.Get($"/v1/loans/{second}"), "outstanding", "principal");
            }
        }

        await AssertBooksAgree(here.Partner);
    }

    [Fact]
    public async Task A_hundred_simultaneous_repayments_at_both_nodes_all_count_and_are_numbered_without_gaps()
    {
        var (here, there) = await Open();
        var loanId = await here.Lend();

        var answers = await Task.WhenAll(Enumerable.Range(1, 100).Select(number => (number % 2 == 0 ? here : there).Repay(loanId, 10_000 + number, "2026-02-05")));

        // 100 x 10,000 and 1 + 2 + … + 100 = 5,050, of a loan of 4,000,000 with 720,000 interest.
        var loan = await there.Partner.Get($"/v1/loans/{loanId}");
        Assert.Equal(1_005_050, Amount(loan, "paid", "principal") + Amount(loan, "paid", "interest"));
        Assert.Equal(4_720_000 - 1_005_050, Amount(loan, "outstanding", "principal") + Amount(loan, "outstanding", "interest"));
        var last = answers.Max(answer => answer["asOfSequence"].GetValue<long>());
        Assert.Equal(Enumerable.Range((int)last - 99, 100).Select(number => (long)number), answers.Select(answer => answer["asOfSequence"].GetValue<long>()).Order());
        var numbers = answers.Select(answer => answer.Value("number")).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(Enumerable.Range(1, 100).Select(number => $"{numbers[0][..^6]}{number:D6}"), numbers);
        Assert.Equal(Enumerable.Range(1, (int)last).Select(number => (long)number), await Sequences(here.Partner));
        await AssertBooksAgree(here.Partner);
    }

    [Fact]
    public async Task The_same_request_at_both_nodes_at_once_takes_effect_once()
    {
        var (here, there) = await Open();
        var loanId = await here.Lend();
        var path = $"/v1/loans/{loanId}/repayments";

        for (var number = 1; number <= 20; number++)
        {
            var (key, body) = ($"key-{number}", new { amount = Idr(10_000), effectiveOn = "2026-02-05", method = "cash", receiptNumber = $"KW-{number}" });
            var answers = await Task.WhenAll(
                here.Partner.Post(path, body, idempotencyKey: key),
                there.Partner.Post(path, body, idempotencyKey: key));

            Assert.Equal(answers[0].Text, answers[1].Text);
            Assert.Single(answers, answer => answer.Headers.Contains("Idempotent-Replayed"));
        }

        var loan = await here.Partner.Get($"/v1/loans/{loanId}");
        Assert.Equal(200_000, Amount(loan, "paid", "principal") + Amount(loan, "paid", "interest"));
    }

    [Fact]
    public async Task A_key_and_a_receipt_number_that_one_node_has_seen_belong_to_that_request_at_the_other()
    {
        var (here, there) = await Open();
        var loanId = await here.Lend();
        var path = $"/v1/loans/{loanId}/repayments";
        var made = await here.Partner.Post(path, Receipt(10_000), idempotencyKey: "the-key");

        Assert.Equal("idempotency-key-reused", (await there.Partner.Post(path, Receipt(20_000), HttpStatusCode.UnprocessableEntity, "the-key")).Value("code"));
        Assert.Equal("receipt-number-taken", (await there.Partner.Post(path, Receipt(20_000), HttpStatusCode.UnprocessableEntity)).Value("code"));
        Assert.Equal(made.Id, (await there.Partner.Post(path, Receipt(10_000), HttpStatusCode.OK)).Id);

        static object Receipt(long amount) => new { amount = Idr(amount), effectiveOn = "2026-02-05", method = "cash", receiptNumber = "KW-1" };
    }

    private async Task<(LoanBook Here, LoanBook There)> Open(long capital = 100_000_000)
    {
        var book = await LoanBook.Open(service, capital);
        return (book.By(one.For(book.Partner)), book.By(other.For(book.Partner)));
    }

    /// <summary>Every line, total and loan follows from the facts.</summary>
    private async Task AssertBooksAgree(TenantClient partner)
    {
        var verdict = await service.CheckBooks(partner.Tenant);
        Assert.True(verdict.Difference is null, verdict.ToString());
    }

    private static async Task<IEnumerable<long>> Sequences(TenantClient partner)
    {
        var page = await partner.Get("/v1/events?limit=200");
        Assert.Null(page.Body["next"]);
        return page["items"].AsArray().Select(fact => fact!["sequence"]!.GetValue<long>());
    }

    private static long Amount(Reply reply, string part, string component) =>
        long.Parse(reply[part][component]!["amount"]!.GetValue<string>(), CultureInfo.InvariantCulture);
}
