using System.Data.Common;
using Kupang.Ledger.SharedKernel;
using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>Up to which knowledge a read goes: everything, a number, or an instant.</summary>
public sealed record KnownAs(long? Sequence = null, DateTimeOffset? At = null)
{
    public static readonly KnownAs Now = new();
}

/// <summary>Asked for a number that the tenant's log has not reached.</summary>
public sealed class SequenceNotReached(long last) : Exception
{
    public long Last { get; } = last;
}

/// <summary>Opens consistent views of a tenant's log.</summary>
public sealed class LedgerReader(NpgsqlDataSource dataSource, FactTypes types, TimeProvider clock)
{
    private const string HeadNow =
        "select h.n, t.time_zone, null::bigint from ledger.tenant t join ledger.tenant_head h using (tenant_id) where t.tenant_id = $1";

    /// <summary>Apart from the other, since a plan for both would walk the whole log even when no instant is asked for.</summary>
    private const string HeadAt =
        """
        select h.n, t.time_zone,
               (select f.n from ledger.fact f where f.tenant_id = $1 and f.recorded_at <= $2 order by f.recorded_at desc, f.n desc limit 1)
          from ledger.tenant t join ledger.tenant_head h using (tenant_id) where t.tenant_id = $1
        """;

    /// <summary>A view in which everything is as of one number, whatever is written meanwhile.</summary>
    /// <exception cref="SequenceNotReached">The number lies beyond the last.</exception>
    public async Task<Snapshot> Open(string tenant, KnownAs known, CancellationToken cancellation)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
            await using var command = new NpgsqlCommand(known.At is null ? HeadNow : HeadAt, connection, transaction);
            command.Parameters.Add(new NpgsqlParameter { Value = tenant });
            if (known.At is { } instant)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = instant.ToUniversalTime() });
            }

            await using var reader = await command.ExecuteReaderAsync(cancellation);
            if (!await reader.ReadAsync(cancellation))
            {
                throw new InvalidOperationException($"There is no tenant {tenant}.");
            }

            var last = reader.GetInt64(0);
            var zone = TimeZoneInfo.FindSystemTimeZoneById(reader.GetString(1));
            var wanted = known.Sequence ?? (known.At is null ? last : reader.IsDBNull(2) ? 0 : reader.GetInt64(2));
            await reader.CloseAsync();
            if (wanted > last)
            {
                throw new SequenceNotReached(last);
            }

            var sequence = wanted == last ? last : await EndOfCommand(connection, transaction, tenant, wanted, cancellation);
            return new Snapshot(connection, transaction, types, tenant, sequence, sequence == last, BusinessCalendar.DayOf(clock.GetUtcNow(), zone));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A view never shows half a command: inside one, it ends where the command before it ended.</summary>
    private static async Task<long> EndOfCommand(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string tenant, long wanted, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            with command as (
                select f.n, e.headers -> 'envelope' ->> 'commandId' as id
                  from ledger.fact f join ledger.mt_events e on e.id = f.event_id
                 where f.tenant_id = $1 and f.n between $2 - 1000 and $2 + 1)
            select coalesce(max(c.n), 0) from command c
             where c.n <= $2 and not exists (select from command next where next.n = c.n + 1 and next.id = c.id)
            """,
            connection,
            transaction);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        command.Parameters.Add(new NpgsqlParameter { Value = wanted });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}

/// <summary>A tenant's log up to one number, and the tables made from it.</summary>
public sealed class Snapshot(
    NpgsqlConnection connection, NpgsqlTransaction transaction, FactTypes types, string tenant, long sequence, bool isWhole, DateOnly today)
    : IAsyncDisposable
{
    public string Tenant { get; } = tenant;

    /// <summary>The last number this view knows.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>Whether it knows everything there is, so that running totals may be read instead of their parts.</summary>
    public bool IsWhole { get; } = isWhole;

    /// <summary>The business day in the tenant's zone.</summary>
    public DateOnly Today { get; } = today;

    /// <summary>What a thing adds up to, or null when this view knows nothing of that kind under the id.</summary>
    public async Task<TState?> Find<TState>(Guid id, CancellationToken cancellation)
        where TState : class, IStreamState<TState> => (await FindAll<TState>([id], cancellation)).GetValueOrDefault(id);

    public async Task<IReadOnlyDictionary<Guid, TState>> FindAll<TState>(IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
        where TState : class, IStreamState<TState>
    {
        Dictionary<Guid, TState> states = [];
        foreach (var fact in await FactsOf(ids, cancellation))
        {
            if (types.Of(fact.Data).Stream.StateType == typeof(TState))
            {
                states[fact.StreamId] = TState.After(states.GetValueOrDefault(fact.StreamId), fact);
            }
        }

        return states;
    }

    /// <summary>The facts of these streams in the order of their recording.</summary>
    public Task<List<RecordedFact>> FactsOf(IReadOnlyCollection<Guid> streamIds, CancellationToken cancellation) => Facts(
        $"""
        select {FactReader.Columns} from ledger.mt_events
         where tenant_id = $1 and stream_id = any($3) and (headers -> 'envelope' ->> 'sequence')::bigint <= $2
         order by stream_id, version
        """,
        cancellation,
        streamIds.ToArray());

    /// <summary>The fact that made a thing which has no stream of its own, such as a repayment.</summary>
    public async Task<RecordedFact?> FactMaking(Guid thing, CancellationToken cancellation) => (await Facts(
        $"""
        select {FactReader.Columns} from ledger.mt_events
         where tenant_id = $1 and id = $3 and (headers -> 'envelope' ->> 'sequence')::bigint <= $2
        """,
        cancellation,
        EventIds.For(Tenant, thing))).SingleOrDefault();

    /// <summary>The facts with these numbers, in order.</summary>
    public Task<List<RecordedFact>> FactsNumbered(IReadOnlyCollection<long> numbers, CancellationToken cancellation) => Facts(
        """
        select e.stream_id, e.id, e.type, e.data, e.headers
          from ledger.fact f join ledger.mt_events e on e.id = f.event_id
         where f.tenant_id = $1 and f.n <= $2 and f.n = any($3) order by f.n
        """,
        cancellation,
        numbers.ToArray());

    /// <summary>
    /// Rows of a query of the tables. In the text <c>$1</c> is the tenant and <c>$2</c> the last number this view knows; the
    /// parameters follow from <c>$3</c> on.
    /// </summary>
    public async Task<List<TRow>> Query<TRow>(string sql, Func<DbDataReader, TRow> read, CancellationToken cancellation, params object?[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        command.Parameters.Add(new NpgsqlParameter { Value = Tenant });
        command.Parameters.Add(new NpgsqlParameter { Value = Sequence });
        foreach (var value in parameters)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        List<TRow> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private Task<List<RecordedFact>> Facts(string sql, CancellationToken cancellation, params object?[] parameters) =>
        Query(sql, reader => FactReader.Read(reader, types), cancellation, parameters);
}
