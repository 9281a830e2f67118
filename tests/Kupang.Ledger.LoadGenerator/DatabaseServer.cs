using System.Diagnostics;
using System.Globalization;
using Kupang.Ledger.LocalPostgres;
using Npgsql;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>How many transactions the server has made, and how far its write-ahead log has come.</summary>
public sealed record DatabasePosition(long Transactions, long WalBytes, long WalSyncs)
{
    public static DatabasePosition Zero { get; } = new(0, 0, 0);

    public DatabasePosition Since(DatabasePosition earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return new DatabasePosition(Transactions - earlier.Transactions, WalBytes - earlier.WalBytes, WalSyncs - earlier.WalSyncs);
    }

    public DatabasePosition And(DatabasePosition more)
    {
        ArgumentNullException.ThrowIfNull(more);
        return new DatabasePosition(Transactions + more.Transactions, WalBytes + more.WalBytes, WalSyncs + more.WalSyncs);
    }
}

/// <summary>A private PostgreSQL in a folder of its own, as durable as in production.</summary>
public sealed class DatabaseServer : IAsyncDisposable
{
    private const string Ledger = "ledger";

    private readonly string folder;
    private readonly List<LocalPostgresServer> uses = [];

    private DatabaseServer(string folder) => this.folder = folder;

    public int Postmaster { get; private set; }

    /// <summary>The ledger's database, for its owner.</summary>
    public string ConnectionString => uses[^1].ConnectionString(Ledger);

    public static async Task<DatabaseServer> StartAsync(string folder, CancellationToken cancellation)
    {
        var server = new DatabaseServer(folder);
        await server.StartAgain(cancellation);
        await server.uses[0].EnsureDatabaseAsync(Ledger, cancellation);
        return server;
    }

    /// <summary>kill -9 of the postmaster: everything that was not on the disk is gone.</summary>
    public void Kill()
    {
        using var process = Process.GetProcessById(Postmaster);
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Starts it after a kill, on what it finds on the disk.</summary>
    public async Task StartAgain(CancellationToken cancellation)
    {
        var use = await LocalPostgresServer.StartAsync(new LocalPostgresOptions { StateFolder = folder }, cancellation);
        uses.Add(use);
        var first = (await File.ReadAllLinesAsync(Path.Combine(use.DataFolder, "postmaster.pid"), cancellation))[0];
        Postmaster = int.Parse(first, CultureInfo.InvariantCulture);
    }

    public async Task<string> CreateDatabase(string name, CancellationToken cancellation)
    {
        await uses[^1].EnsureDatabaseAsync(name, cancellation);
        return uses[^1].ConnectionString(name);
    }

    /// <summary>A program that belongs to the server's version, else one of the same name on the path.</summary>
    public async Task<string> Program(string name, CancellationToken cancellation)
    {
        var binaries = await Value<string>("select setting from pg_config where name = 'BINDIR'", cancellation);
        var program = Path.Combine(binaries, name);
        return File.Exists(program) ? program : name;
    }

    public Task<string> Setting(string name, CancellationToken cancellation) =>
        Value<string>($"select current_setting('{name}')", cancellation);

    /// <summary>What a housekeeping run of the server would do by itself a little later: plans then know the tables' sizes.</summary>
    public Task Analyze(CancellationToken cancellation) => Execute("vacuum (analyze)", cancellation);

    public async Task<DatabasePosition> Position(CancellationToken cancellation)
    {
        await using var dataSource = NpgsqlDataSource.Create(ConnectionString);
        await using var command = dataSource.CreateCommand(
            """
            select txid_current(), pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint, (select wal_sync from pg_stat_wal)
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new DatabasePosition(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        foreach (var use in uses)
        {
            await use.DisposeAsync();
        }
    }

    private async Task Execute(string sql, CancellationToken cancellation)
    {
        await using var dataSource = NpgsqlDataSource.Create(ConnectionString);
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<T> Value<T>(string sql, CancellationToken cancellation)
    {
        await using var dataSource = NpgsqlDataSource.Create(ConnectionString);
        await using var command = dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
