using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Kupang.Ledger.SharedKernel;
using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>Something that keeps the ledger from starting, as one sentence for the person who starts it.</summary>
public sealed class StartupProblem(string sentence, Exception? cause = null) : Exception(sentence, cause);

/// <summary>
/// The database as its owner sees it: checked, migrated and given its first tenant before the service takes on a role that
/// can do none of this.
/// </summary>
public sealed partial class LedgerDatabase(string ownerConnectionString, MasterKey masterKey, TimeProvider clock) : IAsyncDisposable
{
    public const int SchemaVersion = 1;
    public const string ServiceRole = "ledger_service";
    private const int OldestServer = 15;

    // Two nodes with both fit in the hundred connections that a server has when nobody says otherwise.
    private const int ConnectionsForReads = 25;
    private const int ConnectionsOfTheDoor = 20;

    private readonly NpgsqlDataSource owner = NpgsqlDataSource.Create(ownerConnectionString);

    /// <summary>
    /// The connection string of the door. Its statements look rows up by their keys and are always the same, so each is
    /// planned once, and never as anything but a walk along an index: a table may have been small when it was planned.
    /// </summary>
    public static string ForDoor(string serviceConnectionString)
    {
        // A batch leaves nothing behind on its connection but what its transaction takes with it.
        var builder = new NpgsqlConnectionStringBuilder(serviceConnectionString) { NoResetOnClose = true };
        builder.MaxPoolSize = Math.Min(builder.MaxPoolSize, ConnectionsOfTheDoor);
        string[] otherPlans = ["seqscan", "bitmapscan", "hashjoin", "mergejoin"];
        builder.Options += " -c plan_cache_mode=force_generic_plan" + string.Concat(otherPlans.Select(plan => $" -c enable_{plan}=off"));
        return builder.ConnectionString;
    }

    /// <summary>The connection string of the service: every connection takes on the role with the least rights.</summary>
    public static string ForService(string ownerConnectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(ownerConnectionString)
        {
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            ApplicationName = "kupang-ledger",
            Enlist = false,
        };
        if (!builder.ShouldSerialize("Maximum Pool Size"))
        {
            builder.MaxPoolSize = ConnectionsForReads;
        }

        builder.Options = string.Join(' ', new[]
        {
            builder.Options,
            $"-c role={ServiceRole}",
            "-c lock_timeout=5s",
            "-c statement_timeout=30s",
            "-c idle_in_transaction_session_timeout=60s",
            "-c timezone=UTC",
        }.Where(option => !string.IsNullOrEmpty(option)));
        return builder.ConnectionString;
    }

    public static bool IsTenantName(string name) => TenantName().IsMatch(name);

    /// <exception cref="StartupProblem">The server can't be reached, is too old, or does not keep what it is told.</exception>
    public async Task CheckServer(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await owner.OpenConnectionAsync(cancellation);
            if (RefusalOf(connection.PostgreSqlVersion) is { } tooOld)
            {
                throw new StartupProblem(tooOld);
            }
        }
        catch (Exception failure) when (failure is NpgsqlException or System.Net.Sockets.SocketException or TimeoutException or ArgumentException)
        {
            var target = new NpgsqlConnectionStringBuilder(ownerConnectionString);
            throw new StartupProblem(
                $"The database '{target.Database}' on {target.Host}:{target.Port} can't be opened: {failure.Message} "
                + "Set ConnectionStrings__Ledger, or start without it by the command 'demo'.",
                failure);
        }
    }

    /// <summary>Why a server of this version can't hold the ledger, or null.</summary>
    public static string? RefusalOf(Version server) => server.Major < OldestServer
        ? $"The database server is PostgreSQL {server}; this ledger needs version {OldestServer} or newer."
        : null;

    /// <summary>Whether a ledger was made here, and so a master key.</summary>
    public async Task<bool> IsInstalled(CancellationToken cancellation)
    {
        await using var exists = owner.CreateCommand("select to_regclass('ledger.installation') is not null");
        return (bool)(await exists.ExecuteScalarAsync(cancellation))!;
    }

    public async Task<bool> NeedsMigration(CancellationToken cancellation)
    {
        if (!await IsInstalled(cancellation))
        {
            return true;
        }

        await using var version = owner.CreateCommand("select coalesce(max(schema_version), 0) from ledger.installation");
        var found = (int)(await version.ExecuteScalarAsync(cancellation))!;
        return found > SchemaVersion
            ? throw new StartupProblem($"The database has schema version {found}, which is newer than this program's {SchemaVersion}; start the newer program.")
            : found < SchemaVersion;
    }

    /// <summary>The ledger's own tables, triggers and role, after Marten and Wolverine made theirs.</summary>
    public async Task ApplyOwnSchema(FactTypes types, CancellationToken cancellation)
    {
        await using var script = typeof(LedgerDatabase).Assembly.GetManifestResourceStream("Kupang.Ledger.Writing.schema.sql")!;
        using var reader = new StreamReader(script);
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_advisory_xact_lock(7203)"));
        await batch.ExecuteNonQueryAsync(cancellation);
        await using (var schema = new NpgsqlCommand(await reader.ReadToEndAsync(cancellation), connection, transaction))
        {
            await schema.ExecuteNonQueryAsync(cancellation);
        }

        await using (var registered = new NpgsqlCommand(
            "insert into ledger.money_fact_type (type) select unnest($1::text[]) on conflict do nothing", connection, transaction))
        {
            registered.Parameters.Add(new NpgsqlParameter { Value = types.All.Where(type => type.MovesMoney).Select(type => type.Alias).ToArray() });
            await registered.ExecuteNonQueryAsync(cancellation);
        }

        await using (var version = new NpgsqlCommand(
            """
            insert into ledger.installation (schema_version, master_key_check) values ($1, $2)
            on conflict (only_row) do update set schema_version = excluded.schema_version
            """,
            connection,
            transaction))
        {
            version.Parameters.Add(new NpgsqlParameter { Value = SchemaVersion });
            version.Parameters.Add(new NpgsqlParameter { Value = masterKey.CheckValue });
            await version.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <exception cref="StartupProblem">The database was made with another master key.</exception>
    public async Task CheckMasterKey(CancellationToken cancellation)
    {
        await using var command = owner.CreateCommand("select master_key_check from ledger.installation");
        if (await command.ExecuteScalarAsync(cancellation) is not byte[] check || !CryptographicOperations.FixedTimeEquals(check, masterKey.CheckValue))
        {
            throw new StartupProblem(
                "The master key is not the one this database was made with; without it names and numbers of persons can't be read. "
                + "Set Ledger__MasterKey or Ledger__MasterKeyFile to the right one.");
        }
    }

    /// <summary>Makes a tenant with a key of its own. False when it is there already.</summary>
    public async Task<bool> AddTenant(string tenant, CancellationToken cancellation)
    {
        if (!IsTenantName(tenant))
        {
            throw new StartupProblem(
                $"'{tenant}' can't be a tenant's name: it has 3 to 31 characters, begins with a letter, and holds small letters, digits and hyphens.");
        }

        var wrapped = SubjectKey.Seal(masterKey.Bytes, RandomNumberGenerator.GetBytes(MasterKey.Length), TenantKeys.TenantSubject);
        await using var command = owner.CreateCommand(
            """
            with made as (
                insert into ledger.tenant (tenant_id, wrapped_key, time_zone, created_at) values ($1, $2, $3, $4)
                on conflict do nothing returning tenant_id)
            insert into ledger.tenant_head (tenant_id, n, recorded_at, counters) select tenant_id, 0, $4, '{}' from made
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        command.Parameters.Add(new NpgsqlParameter { Value = wrapped });
        command.Parameters.Add(new NpgsqlParameter { Value = BusinessCalendar.DefaultTimeZone });
        command.Parameters.Add(new NpgsqlParameter { Value = clock.GetUtcNow() });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>The business day on which a tenant was made.</summary>
    public async Task<DateOnly> MadeOn(string tenant, CancellationToken cancellation)
    {
        await using var command = owner.CreateCommand("select (created_at at time zone time_zone)::date from ledger.tenant where tenant_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        return await command.ExecuteScalarAsync(cancellation) is DateOnly day
            ? day
            : throw new StartupProblem($"There is no tenant '{tenant}'.");
    }

    public ValueTask DisposeAsync() => owner.DisposeAsync();

    [GeneratedRegex("^[a-z][a-z0-9-]{2,30}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex TenantName();
}
