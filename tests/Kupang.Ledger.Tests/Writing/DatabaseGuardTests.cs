using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Tests.GeneralLedger;
using Npgsql;
using Xunit;

namespace Kupang.Ledger.Tests.Writing;

/// <summary>What the database itself refuses, whatever program writes to it.</summary>
public sealed class DatabaseGuardTests(LedgerService service)
{
    private const string InsufficientPrivilege = PostgresErrorCodes.InsufficientPrivilege;

    /// <summary>Another event like a tenant's first voucher, with these lines; the rest of the row is as the ledger writes it.</summary>
    private const string CopyEvent =
        """
        insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, headers, is_archived)
        select nextval('ledger.mt_events_sequence'), $2::uuid, stream_id, version + 1000,
               case when $3::text is null then data - 'lines' else jsonb_set(data, '{lines}', $3::jsonb) end,
               type, timestamp, tenant_id, mt_dotnet_type, headers, false
          from ledger.mt_events where tenant_id = $1 and type = 'voucher_recorded' order by seq_id limit 1
        """;

    private const string CopyNumber =
        """
        insert into ledger.fact (tenant_id, n, event_id, stream_id, recorded_at)
        select tenant_id, n + 1000, $2::uuid, stream_id, recorded_at from ledger.fact where tenant_id = $1 and $3::text is not distinct from $3 order by n desc limit 1
        """;

    [Theory]
    [InlineData("update ledger.mt_events set type = type where tenant_id = $1", "KL004")]
    [InlineData("delete from ledger.mt_events where tenant_id = $1", "KL004")]
    [InlineData("update ledger.fact set n = n where tenant_id = $1", "KL004")]
    [InlineData("delete from ledger.fact where tenant_id = $1", "KL004")]
    [InlineData("truncate ledger.mt_events", "KL004")]
    [InlineData("truncate ledger.fact", "KL004")]
    public async Task The_log_never_changes_for_its_owner_or_for_the_service(string sql, string code)
    {
        var book = await SampleBook.Open(service);
        await using var owner = await service.OpenOwnerConnection();
        await using var ledger = await service.OpenServiceConnection();

        Assert.Equal(code, await RefusalOf(owner, sql, book.Partner.Tenant));
        Assert.Equal(InsufficientPrivilege, await RefusalOf(ledger, sql, book.Partner.Tenant));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_balanced_event_with_its_number_gets_in(bool asOwner) => Assert.Null(await CommitOf(asOwner, Lines("100", "-100"), withNumber: true));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_event_without_its_number_is_refused(bool asOwner) =>
        Assert.Equal("KL001", await CommitOf(asOwner, Lines("100", "-100"), withNumber: false));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_money_event_without_lines_is_refused(bool asOwner)
    {
        Assert.Equal("KL002", await CommitOf(asOwner, lines: null, withNumber: true));
        Assert.Equal("KL002", await CommitOf(asOwner, "[]", withNumber: true));
        Assert.Equal("KL002", await CommitOf(asOwner, "[" + Line("0") + "]", withNumber: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unbalanced_money_event_is_refused(bool asOwner)
    {
        Assert.Equal("KL003", await CommitOf(asOwner, Lines("100", "-99"), withNumber: true));

        // Balanced in all, but not by day, by fund or by currency.
        Assert.Equal("KL003", await CommitOf(asOwner, $"[{Line("100")},{Line("-100", effectiveOn: "2026-01-06")}]", withNumber: true));
        Assert.Equal("KL003", await CommitOf(asOwner, $"[{Line("100")},{Line("-100", bookedOn: "2026-01-06")}]", withNumber: true));
        Assert.Equal("KL003", await CommitOf(asOwner, $"[{Line("100")},{Line("-100", fundId: "0192c8a0-0000-7000-8000-000000000002")}]", withNumber: true));
        Assert.Equal("KL003", await CommitOf(asOwner, $"[{Line("100")},{Line("-100", currency: "EUR")}]", withNumber: true));
    }

    [Theory]
    [InlineData("create table ledger.mine (id int)")]
    [InlineData("create table public.mine (id int)")]
    [InlineData("create schema mine")]
    [InlineData("create function ledger.check_event() returns trigger language plpgsql as 'begin return null; end'")]
    [InlineData("create or replace function ledger.refuse_change() returns trigger language plpgsql as 'begin return null; end'")]
    [InlineData("alter table ledger.mt_events disable trigger user")]
    [InlineData("alter table ledger.mt_events add column mine int")]
    [InlineData("drop trigger events_never_change on ledger.mt_events")]
    [InlineData("drop table ledger.mt_events")]
    [InlineData("drop table ledger.fact cascade")]
    [InlineData("drop schema ledger cascade")]
    [InlineData("set session_replication_role = replica")]
    [InlineData("create role mine")]
    [InlineData("alter role ledger_service superuser")]
    [InlineData("select * from pg_authid")]
    [InlineData("delete from ledger.money_fact_type")]
    [InlineData("insert into ledger.tenant (tenant_id, wrapped_key, time_zone, created_at) values ('mine', '', 'UTC', now())")]
    [InlineData("update ledger.tenant set retention_years = 0")]
    [InlineData("update ledger.journal_line set amount = 0")]
    [InlineData("delete from ledger.journal_line")]
    [InlineData("update ledger.daily_balance set account = account")]
    [InlineData("update ledger.idempotency set status = 200")]
    [InlineData("delete from ledger.idempotency")]
    [InlineData("delete from ledger.natural_key")]
    [InlineData("delete from ledger.refusal")]
    [InlineData("delete from ledger.subject_key")]
    [InlineData("update ledger.subject_key set wrapped_key = ''")]
    [InlineData("delete from ledger.participation")]
    [InlineData("delete from ledger.mt_streams")]
    public async Task The_service_can_not_change_what_it_is_or_what_was(string sql)
    {
        await using var ledger = await service.OpenServiceConnection();

        Assert.Equal(InsufficientPrivilege, await RefusalOf(ledger, sql, tenant: null));
    }

    [Fact]
    public async Task The_service_destroys_no_key_without_the_fact_that_says_so()
    {
        var book = await LoanBook.Open(service);
        await using var ledger = await service.OpenServiceConnection();

        Assert.Equal("KL005", await RefusalOf(ledger, $"call ledger.forget_person($1, '{book.MemberId}', '{{}}', '{{}}')", book.Partner.Tenant));
    }

    /// <summary>But for the rows of the portfolio, which stand behind the log and are made anew from it.</summary>
    [Fact]
    public async Task The_service_may_read_its_tables_add_rows_and_change_running_totals_and_nothing_else()
    {
        await service.NewTenant();
        await using var owner = await service.OpenOwnerConnection();

        Assert.Equal(
            [
                "INSERT daily_balance",
                "INSERT fact",
                "INSERT idempotency",
                "INSERT journal_line",
                "INSERT listing",
                "INSERT member_loan",
                "INSERT mt_events",
                "INSERT mt_streams",
                "INSERT natural_key",
                "INSERT participation",
                "INSERT refusal",
                "INSERT subject_key",
                "UPDATE daily_balance.amount",
                "UPDATE mt_streams.timestamp",
                "UPDATE mt_streams.version",
                "UPDATE tenant_head.counters",
                "UPDATE tenant_head.n",
                "UPDATE tenant_head.recorded_at",
            ],
            await Texts(
                owner,
                """
                select privilege_type || ' ' || table_name from information_schema.role_table_grants
                 where grantee = 'ledger_service' and table_schema = 'ledger' and privilege_type <> 'SELECT' and table_name !~ '^portfolio_'
                union
                select privilege_type || ' ' || table_name || '.' || column_name from information_schema.column_privileges
                 where grantee = 'ledger_service' and table_schema = 'ledger' and privilege_type = 'UPDATE' and table_name !~ '^portfolio_'
                """));
        Assert.Equal(
            ["portfolio_head", "portfolio_instalment", "portfolio_loan", "portfolio_position"],
            await Texts(
                owner,
                """
                select distinct table_name from information_schema.role_table_grants
                 where grantee = 'ledger_service' and table_schema = 'ledger' and privilege_type = 'DELETE'
                """));
    }

    /// <summary>Adds an event past the ledger and says how the commit was refused; what gets in is left to lie there.</summary>
    private async Task<string?> CommitOf(bool asOwner, string? lines, bool withNumber)
    {
        var book = await SampleBook.Open(service);
        await using var connection = asOwner ? await service.OpenOwnerConnection() : await service.OpenServiceConnection();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var eventId = Guid.CreateVersion7();
        try
        {
            foreach (var sql in withNumber ? new[] { CopyNumber, CopyEvent } : [CopyEvent])
            {
                await using var command = new NpgsqlCommand(sql, connection, transaction);
                command.Parameters.Add(new NpgsqlParameter { Value = book.Partner.Tenant });
                command.Parameters.Add(new NpgsqlParameter { Value = eventId });
                command.Parameters.Add(new NpgsqlParameter { Value = (object?)lines ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
                Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
            }

            await transaction.CommitAsync(TestContext.Current.CancellationToken);
            return null;
        }
        catch (PostgresException refusal)
        {
            return refusal.SqlState;
        }
    }

    private static string Lines(string debit, string credit) => $"[{Line(debit)},{Line(credit)}]";

    private static string Line(
        string amount,
        string effectiveOn = "2026-01-05",
        string bookedOn = "2026-01-05",
        string fundId = "0192c8a0-0000-7000-8000-000000000001",
        string currency = "IDR") =>
        $$"""{"account":"1.1.01.01","fundId":"{{fundId}}","amount":{"amount":"{{amount}}","currency":"{{currency}}"},"effectiveOn":"{{effectiveOn}}","bookedOn":"{{bookedOn}}"}""";

    /// <summary>Runs a statement that must be refused, and leaves nothing of it behind.</summary>
    private static async Task<string> RefusalOf(NpgsqlConnection connection, string sql, string? tenant)
    {
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        if (sql.Contains("$1", StringComparison.Ordinal))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        }

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        return refusal.SqlState;
    }

    private static async Task<List<string>> Texts(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> texts = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            texts.Add(reader.GetString(0));
        }

        return [.. texts.Order(StringComparer.Ordinal)];
    }
}
