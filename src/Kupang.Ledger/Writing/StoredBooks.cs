using System.Data;
using Kupang.Ledger.SharedKernel;
using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>An event as its bytes stand in the log.</summary>
public sealed record StoredEventRow(Guid StreamId, string Type, byte[] Data, byte[]? Headers);

/// <summary>A number of a tenant's log, and the event that should be behind it.</summary>
public sealed record NumberedRow(
    long Sequence, Guid EventId, Guid StreamId, DateTimeOffset RecordedAt, StoredEventRow? Event, string? PaperBook = null, string? PaperNumber = null);

/// <summary>A row of the journal as it stands in the table, whatever it says.</summary>
public sealed record JournalRow(
    long Sequence,
    short Number,
    Guid FundId,
    string Account,
    string Currency,
    long MinorUnits,
    BookDay Day,
    string? PartyKind,
    Guid? PartyId,
    Guid? MoneyAccount)
{
    public static JournalRow Of(LedgerLine line) => new(
        line.Sequence,
        line.Number,
        line.FundId,
        line.Account,
        line.Amount.Currency.Code,
        line.Amount.MinorUnits,
        line.Day,
        line.PartyKind,
        line.PartyId,
        line.MoneyAccount);
}

/// <summary>A running total as it stands in the table.</summary>
public sealed record BalanceRow(Guid FundId, string Account, string Currency, BookDay Day, long MinorUnits);

/// <summary>
/// All books of a database at one instant, read part by part: a check may take long, and nothing that is written meanwhile
/// changes what it sees.
/// </summary>
public sealed class StoredBooks : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private StoredBooks(NpgsqlConnection connection, NpgsqlTransaction transaction) => (this.connection, this.transaction) = (connection, transaction);

    public static async Task<StoredBooks> Open(NpgsqlDataSource dataSource, CancellationToken cancellation)
    {
        var opened = await dataSource.OpenConnectionAsync(cancellation);
        try
        {
            var snapshot = await opened.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);

            // The limits of a request are not those of a check of a million facts, and a part is too small to be worth helpers.
            await using var unlimited = new NpgsqlCommand(
                "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local max_parallel_workers_per_gather = 0",
                opened,
                snapshot);
            await unlimited.ExecuteNonQueryAsync(cancellation);
            return new StoredBooks(opened, snapshot);
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    public Task<List<string>> Tenants(CancellationToken cancellation) =>
        Rows("select tenant_id from ledger.tenant order by tenant_id", reader => reader.GetString(0), cancellation);

    /// <summary>The tenant's last number.</summary>
    public async Task<long> Head(string tenant, CancellationToken cancellation) => (await Rows(
        "select n from ledger.tenant_head where tenant_id = $1", reader => reader.GetInt64(0), cancellation, tenant)).Single();

    public Task<List<NumberedRow>> Numbers(string tenant, long after, int limit, CancellationToken cancellation) => Rows(
        """
        select f.n, f.event_id, f.stream_id, f.recorded_at, e.stream_id, e.type, e.data, e.headers, f.paper_book, f.paper_number
          from ledger.fact f left join ledger.mt_events e on e.id = f.event_id and e.tenant_id = f.tenant_id
         where f.tenant_id = $1 and f.n > $2 order by f.n limit $3
        """,
        reader => new NumberedRow(
            reader.GetInt64(0),
            reader.GetGuid(1),
            reader.GetGuid(2),
            reader.GetFieldValue<DateTimeOffset>(3),
            reader.IsDBNull(4)
                ? null
                : new StoredEventRow(
                    reader.GetGuid(4),
                    reader.GetString(5),
                    reader.GetFieldValue<byte[]>(6),
                    reader.IsDBNull(7) ? null : reader.GetFieldValue<byte[]>(7)),
            reader.IsDBNull(8) ? null : reader.GetString(8),
            reader.IsDBNull(9) ? null : reader.GetString(9)),
        cancellation,
        tenant,
        after,
        limit);

    /// <summary>The first event that has no number, if there is one.</summary>
    public async Task<Guid?> EventWithoutNumber(string tenant, CancellationToken cancellation) => (await Rows(
        """
        select e.id from ledger.mt_events e
         where e.tenant_id = $1 and not exists (select from ledger.fact f where f.event_id = e.id and f.tenant_id = e.tenant_id)
         order by e.seq_id limit 1
        """,
        reader => (Guid?)reader.GetGuid(0),
        cancellation,
        tenant)).SingleOrDefault();

    /// <summary>The journal's rows of the facts after one number up to another.</summary>
    public Task<List<JournalRow>> Lines(string tenant, long after, long through, CancellationToken cancellation) => Rows(
        """
        select n, line, fund_id, account, currency, amount, effective_on, booked_on, party_kind, party_id, money_account
          from ledger.journal_line where tenant_id = $1 and n > $2 and n <= $3 order by n, line
        """,
        reader => new JournalRow(
            reader.GetInt64(0),
            reader.GetInt16(1),
            reader.GetGuid(2),
            reader.GetString(3),
            reader.GetString(4),
            reader.GetInt64(5),
            new BookDay(reader.GetFieldValue<DateOnly>(6), reader.GetFieldValue<DateOnly>(7)),
            reader.IsDBNull(8) ? null : reader.GetString(8),
            reader.IsDBNull(9) ? null : reader.GetGuid(9),
            reader.IsDBNull(10) ? null : reader.GetGuid(10)),
        cancellation,
        tenant,
        after,
        through);

    public Task<List<BalanceRow>> Balances(string tenant, CancellationToken cancellation) => Rows(
        """
        select fund_id, account, currency, effective_on, booked_on, amount from ledger.daily_balance
         where tenant_id = $1 order by fund_id, account, effective_on, booked_on
        """,
        reader => new BalanceRow(
            reader.GetGuid(0),
            reader.GetString(1),
            reader.GetString(2),
            new BookDay(reader.GetFieldValue<DateOnly>(3), reader.GetFieldValue<DateOnly>(4)),
            reader.GetInt64(5)),
        cancellation,
        tenant);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private async Task<List<TRow>> Rows<TRow>(
        string sql, Func<NpgsqlDataReader, TRow> read, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        List<TRow> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
