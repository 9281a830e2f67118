using Kupang.Ledger.CommandLine;
using Kupang.Ledger.GeneralLedger;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Tests.GeneralLedger;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Kupang.Ledger.Tests.CommandLine;

public sealed class CheckBooksTests(LedgerService service)
{
    [Fact]
    public async Task Books_that_nobody_touched_agree_with_their_log()
    {
        var book = await SampleBook.Open(service);

        Assert.Equal($"tenant {book.Partner.Tenant}: 12 facts, 20 lines, books agree", (await Check(book)).ToString());
    }

    [Fact]
    public async Task A_tenant_with_nothing_but_its_key_agrees()
    {
        var partner = await service.NewTenant();

        Assert.Equal($"tenant {partner.Tenant}: 1 facts, 0 lines, books agree", (await Check(partner.Tenant)).ToString());
    }

    [Theory]
    [InlineData(
        "update ledger.journal_line set amount = amount - 1 where tenant_id = $1 and n = 7 and line = 0",
        "sequence 7, account 1.1.01.02: expected line 0 of 85000 IDR*, found line 0 of 84999 IDR*")]
    [InlineData(
        "update ledger.journal_line set account = '1.1.01.03' where tenant_id = $1 and n = 7 and line = 0",
        "sequence 7, account 1.1.01.02: expected line 0 of 85000 IDR on 1.1.01.02*, found line 0 of 85000 IDR on 1.1.01.03*")]
    [InlineData(
        "update ledger.journal_line set booked_on = '2026-03-01' where tenant_id = $1 and n = 7 and line = 1",
        "sequence 7, account 4.2.01.01: expected line 1*booked 2026-02-28*, found line 1*booked 2026-03-01*")]
    [InlineData(
        "delete from ledger.journal_line where tenant_id = $1 and n = 6 and line = 3",
        "sequence 6, account 4.2.02.01: expected line 3 of -1200000 IDR*, found no such line")]
    [InlineData(
        "insert into ledger.journal_line select tenant_id, n, 9, fund_id, account, currency, amount, effective_on, booked_on from ledger.journal_line where tenant_id = $1 and n = 7 and line = 0",
        "sequence 7, account 1.1.01.02: expected no further line, found line 9 of 85000 IDR*")]
    [InlineData(
        "insert into ledger.journal_line select tenant_id, n + 900, line, fund_id, account, currency, amount, effective_on, booked_on from ledger.journal_line where tenant_id = $1 and n = 7",
        "sequence 907, account 1.1.01.02: expected no such line, found line 0*")]
    [InlineData(
        "update ledger.daily_balance set amount = amount + 5 where tenant_id = $1 and account = '5.3.01.01'",
        "total of account 5.3.01.01 of fund * effective 2026-02-28, booked 2026-02-28: expected 12500 IDR, found 12505 IDR")]
    [InlineData(
        "delete from ledger.daily_balance where tenant_id = $1 and account = '2.1.04.02'",
        "total of account 2.1.04.02 of fund *: expected -300000 IDR, found no such total")]
    [InlineData(
        "update ledger.daily_balance set account = '2.1.04.03' where tenant_id = $1 and account = '2.1.04.02'",
        "total of account 2.1.04.03 of fund *: expected no such total, found -300000 IDR")]
    [InlineData("update ledger.tenant_head set n = 13 where tenant_id = $1", "the tenant's head: expected 12, found 13")]
    public async Task What_was_changed_behind_the_ledgers_back_is_named(string tampering, string difference)
    {
        var book = await SampleBook.Open(service);

        await Tamper(book, tampering);

        Matches(difference, (await Check(book)).Difference!.ToString());
    }

    [Theory]
    [InlineData(
        "mt_events",
        "update ledger.mt_events set data = jsonb_set(data, '{lines,0,amount,amount}', '\"85001\"') where tenant_id = $1 and (headers -> 'envelope' ->> 'sequence')::int = 7",
        "sequence 7, voucher_recorded: expected a fact that can be read and balances, found Fund * debits less credits are 1 minor units.")]
    [InlineData(
        "mt_events",
        "update ledger.mt_events set data = replace(data::text, '\"85000\"', '\"86000\"')::jsonb || jsonb_build_object('lines', replace(replace((data -> 'lines')::text, '\"85000\"', '\"86000\"'), '\"-85000\"', '\"-86000\"')::jsonb) where tenant_id = $1 and (headers -> 'envelope' ->> 'sequence')::int = 7",
        "sequence 7, account 1.1.01.02: expected line 0 of 86000 IDR*, found line 0 of 85000 IDR*")]
    [InlineData(
        "mt_events",
        "delete from ledger.mt_events where tenant_id = $1 and (headers -> 'envelope' ->> 'sequence')::int = 9",
        "sequence 9: expected the event *, found none")]
    [InlineData("fact", "delete from ledger.fact where tenant_id = $1 and n = 5", "the numbers: expected 5, found 6")]
    [InlineData("fact", "delete from ledger.fact where tenant_id = $1 and n = 12", "the tenant's head: expected 11, found 12")]
    [InlineData(
        "fact",
        "update ledger.fact set recorded_at = recorded_at + interval '1 hour' where tenant_id = $1 and n = 5",
        "sequence 5, recordedAt: expected 2026-11-24T04:*, found 2026-11-24T05:*")]
    [InlineData(
        "fact", "update ledger.fact set stream_id = event_id where tenant_id = $1 and n = 5", "sequence 5, stream: expected *, found *")]
    [InlineData(
        "fact", "update ledger.fact set paper_book = 'main', paper_number = 'KM-9' where tenant_id = $1 and n = 5", "sequence 5, paper: expected ' ', found 'main KM-9'")]
    public async Task Even_an_owner_who_switches_the_guards_off_is_found_out(string table, string tampering, string difference)
    {
        var book = await SampleBook.Open(service);

        await Tamper(book, tampering, table);

        Matches(difference, (await Check(book)).Difference!.ToString());
    }

    [Fact]
    public async Task An_event_without_its_number_is_named()
    {
        var book = await SampleBook.Open(service);
        await Tamper(book, "delete from ledger.fact where tenant_id = $1 and n = 12", "fact");
        await Tamper(book, "update ledger.tenant_head set n = 11 where tenant_id = $1");

        Matches("event *: expected a number in ledger.fact, found none", (await Check(book)).Difference!.ToString());
    }

    [Fact]
    public async Task The_command_says_of_each_tenant_how_it_came_out_and_fails_when_one_differs()
    {
        var (good, bad) = (await SampleBook.Open(service), await SampleBook.Open(service));
        await Tamper(bad, "update ledger.daily_balance set amount = 0 where tenant_id = $1 and account = '5.3.01.01'");
        var services = await service.Services();
        List<string> report = [];

        var agree = await CheckBooksCommand.Check(
            services.GetRequiredService<NpgsqlDataSource>(), LedgerStore.FactTypes, () => new NobodyOwes(), report.Add, TestContext.Current.CancellationToken);

        Assert.False(agree);
        Assert.Contains($"tenant {good.Partner.Tenant}: 12 facts, 20 lines, books agree", report);
        Assert.Contains(report, line => line.StartsWith($"tenant {bad.Partner.Tenant}: total of account 5.3.01.01", StringComparison.Ordinal));
    }

    private Task<BookVerdict> Check(SampleBook book) => Check(book.Partner.Tenant);

    private Task<BookVerdict> Check(string tenant) => service.CheckBooks(tenant, new NobodyOwes());

    /// <summary>Changes the tables as their owner; where a table is guarded, its triggers are off inside this transaction only.</summary>
    private async Task Tamper(SampleBook book, string sql, string? guardedTable = null)
    {
        await using var connection = await service.OpenOwnerConnection();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await Execute(connection, guardedTable is null ? null : $"alter table ledger.{guardedTable} disable trigger user");
        await using (var command = new NpgsqlCommand(sql, connection))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = book.Partner.Tenant });
            Assert.InRange(await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken), 1, 2);
        }

        await Execute(connection, guardedTable is null ? null : $"alter table ledger.{guardedTable} enable trigger user");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task Execute(NpgsqlConnection connection, string? sql)
    {
        if (sql is not null)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A star stands for any text.</summary>
    private static void Matches(string expected, string found) => Assert.Matches(
        "^" + System.Text.RegularExpressions.Regex.Escape(expected).Replace("\\*", ".*", StringComparison.Ordinal) + "$", found);

    private sealed class NobodyOwes : ILoanBook
    {
        public void Add(RecordedFact fact)
        {
        }

        public IEnumerable<LoanBookMovement> Movements() => [];

        public IEnumerable<LoanBookMovement> Margins() => [];
    }
}
