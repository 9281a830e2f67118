using System.Net;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Tests.Fixtures;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Writing;

/// <summary>
/// Repayments of a loan that the writer knows are decided before the tenant's lock is taken. What was not so when it was
/// taken leaves nothing behind, and is decided again.
/// </summary>
public sealed class DecidedAheadTests(LedgerService service)
{
    [Fact]
    public async Task One_repayment_that_is_refused_only_at_the_commit_leaves_nothing_and_does_not_harm_the_others()
    {
        var (book, loanId) = await Lent();
        await using var owner = await service.OpenOwnerConnection();
        await Execute(owner, $"""
            create or replace function ledger.refuse_late_key() returns trigger language plpgsql as $$
            begin
                if new.key = 'late-key-{book.Partner.Tenant}' then raise exception 'planted'; end if;
                return null;
            end $$;
            create constraint trigger planted_late after insert on ledger.idempotency
                deferrable initially deferred for each row execute function ledger.refuse_late_key();
            """);
        var before = await service.LastNumber(book.Partner.Tenant);
        await using var hold = await HeldTenant.Of(service, book.Partner);

        var good = Enumerable.Range(0, 40).Select(number => Repay(book, loanId, $"good-{number}")).ToArray();
        var bad = Repay(book, loanId, $"late-key-{book.Partner.Tenant}");
        var later = Enumerable.Range(40, 40).Select(number => Repay(book, loanId, $"good-{number}")).ToArray();
        await hold.ReleaseWhenWaiting();

        Assert.All(await Task.WhenAll(good.Concat(later)), status => Assert.Equal(HttpStatusCode.Created, status));
        Assert.Equal(HttpStatusCode.InternalServerError, await bad);
        Assert.Equal(before + 80, await service.LastNumber(book.Partner.Tenant));
        Assert.Equal(81 * 10_000, await Paid(book, loanId));
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
        await Execute(owner, "drop trigger planted_late on ledger.idempotency");
    }

    [Fact]
    public async Task What_changes_beside_the_log_holds_for_the_very_next_command()
    {
        var (book, loanId) = await Lent();
        await using var owner = await service.OpenOwnerConnection();

        await Execute(owner, $"update ledger.tenant set books_open_from = '2026-03-01' where tenant_id = '{book.Partner.Tenant}'");

        await book.Partner.PostRefused($"/v1/loans/{loanId}/repayments", Payment, "before-cut-over");
    }

    [Fact]
    public async Task A_request_that_another_node_refused_meanwhile_is_not_done_again()
    {
        var (book, loanId) = await Lent();
        await using var owner = await service.OpenOwnerConnection();

        // No fact was recorded for it, so the log's last number is as the writer left it.
        await Execute(owner, $"""
            insert into ledger.idempotency (tenant_id, operation, key, fingerprint, status, body)
            select tenant_id, 'recordRepayment', 'refused-there', fingerprint, 422, body from ledger.idempotency
             where tenant_id = '{book.Partner.Tenant}' limit 1
            """);
        var before = await service.LastNumber(book.Partner.Tenant);
        var reply = await book.Partner.Post($"/v1/loans/{loanId}/repayments", Payment, HttpStatusCode.UnprocessableEntity, "refused-there");

        Assert.Equal("idempotency-key-reused", reply.Value("code"));
        Assert.Equal(before, await service.LastNumber(book.Partner.Tenant));
        Assert.Equal(10_000, await Paid(book, loanId));
    }

    [Fact]
    public async Task Of_two_payments_under_one_receipt_number_while_the_tenant_is_held_one_is_recorded_and_the_other_is_told()
    {
        var (book, loanId) = await Lent();
        await using var hold = await HeldTenant.Of(service, book.Partner);

        var first = Repay(book, loanId, "first", "KW-1", 20_000);
        await hold.UntilWaiting();
        var same = Repay(book, loanId, "same", "KW-1", 20_000);
        var other = Repay(book, loanId, "other", "KW-1", 30_000);
        await hold.ReleaseWhenWaiting();

        Assert.Equal(HttpStatusCode.Created, await first);
        Assert.Equal(HttpStatusCode.OK, await same);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await other);
        Assert.Equal(30_000, await Paid(book, loanId));
    }

    [Fact]
    public async Task An_id_that_belongs_to_something_else_is_refused_and_nothing_is_recorded()
    {
        var (book, loanId) = await Lent();
        var before = await service.LastNumber(book.Partner.Tenant);

        await book.Partner.PostRefused(
            $"/v1/loans/{loanId}/repayments", new { id = book.MemberId, amount = Idr(10_000), effectiveOn = "2026-02-05", method = "cash" }, "id-taken");

        Assert.Equal(before, await service.LastNumber(book.Partner.Tenant));
    }

    [Fact]
    public async Task What_the_door_wrote_is_read_by_Marten_as_if_it_had_written_it_itself()
    {
        var (book, loanId) = await Lent();

        await using var session = (await service.Services()).GetRequiredService<IDocumentStore>().QuerySession(book.Partner.Tenant);
        var facts = await session.Events.FetchStreamAsync(loanId, token: TestContext.Current.CancellationToken);
        var stream = await session.Events.FetchStreamStateAsync(loanId, TestContext.Current.CancellationToken);

        Assert.Equal(
            [typeof(LoanProposed), typeof(LoanApproved), typeof(LoanDisbursed), typeof(RepaymentRecorded)], facts.Select(fact => fact.Data.GetType()));
        Assert.Equal([1L, 2L, 3L, 4L], facts.Select(fact => fact.Version));
        Assert.Equal(facts.Select(fact => fact.Sequence).Order(), facts.Select(fact => fact.Sequence));
        Assert.All(facts, fact => Assert.Equal(book.Partner.Tenant, fact.TenantId));
        Assert.Equal(4, stream!.Version);
    }

    private static object Payment => new { amount = Idr(10_000), effectiveOn = "2026-02-05", method = "cash" };

    /// <summary>A loan on which 10,000 was paid: from now on the writer knows all that a repayment needs.</summary>
    private async Task<(LoanBook Book, Guid LoanId)> Lent()
    {
        var book = await LoanBook.Open(service);
        var loanId = await book.Lend();
        await book.Partner.Post($"/v1/loans/{loanId}/repayments", Payment);
        return (book, loanId);
    }

    private static Task<HttpStatusCode> Repay(LoanBook book, Guid loanId, string key, string? receiptNumber = null, long amount = 10_000) => book.Partner.StatusOf(
        Json(HttpMethod.Post, $"/v1/loans/{loanId}/repayments", new { amount = Idr(amount), effectiveOn = "2026-02-05", method = "cash", receiptNumber }, key));

    private static async Task<long> Paid(LoanBook book, Guid loanId)
    {
        var paid = (await book.Partner.Get($"/v1/loans/{loanId}"))["paid"];
        return Of("principal") + Of("interest");

        long Of(string component) => long.Parse(paid[component]!["amount"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
