using Npgsql;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>
/// A private PostgreSQL server, for the programs of one machine that name the same state folder. The first one starts
/// it, the last one stops it, and what they wrote stays.
/// </summary>
public sealed class LocalPostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan PatienceForOthersStarting = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PatienceForOthersLeaving = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan PatienceWhenLeaving = TimeSpan.FromSeconds(30);

    private readonly ServerUse use;
    private readonly Cluster cluster;
    private readonly ClusterNotes notes;
    private int disposed;

    private LocalPostgresServer(ServerUse use, Cluster cluster, ClusterNotes notes)
    {
        this.use = use;
        this.cluster = cluster;
        this.notes = notes;
    }

    public int Port => notes.Port;

    public string DataFolder => cluster.DataFolder;

    public int MajorVersion => cluster.MajorVersion;

    /// <summary>Finds the server of the state folder or starts it, after creating it where there is none yet.</summary>
    /// <exception cref="LocalPostgresException">What a person has to do so that it can start.</exception>
    public static async Task<LocalPostgresServer> StartAsync(
        LocalPostgresOptions options,
        CancellationToken cancellation)
    {
        var files = ClusterFiles.Open(options.StateFolder ?? LocalPostgresOptions.DefaultStateFolder);
        using var starting = await FileLease.OwnAsync(files.StartLock, PatienceForOthersStarting, cancellation)
            ?? throw Locked(files.StartLock);
        // Nobody stops the server from here on.
        var share = await FileLease.ShareAsync(files.LeaseLock, PatienceForOthersLeaving, cancellation)
            ?? throw Locked(files.LeaseLock);
        var shared = new ServerUse(files, share);
        var complete = false;
        try
        {
            var (found, remembered) = await FindOrCreateClusterAsync(options, files, cancellation);
            shared.Begin(found, remembered);
            var current = await AdoptOrStartAsync(options, files, found, remembered, cancellation);
            complete = true;
            return new LocalPostgresServer(shared, found, current);
        }
        finally
        {
            if (!complete)
            {
                await shared.EndAsync();
            }
        }
    }

    /// <summary>A login as the server's superuser <c>postgres</c>, in Npgsql's form.</summary>
    public string ConnectionString(string database) => ServerLogin.ConnectionString(notes, database);

    /// <summary>Creates the database if it is missing: UTF-8, and text sorted by its code points.</summary>
    public async Task EnsureDatabaseAsync(string database, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(
            ServerLogin.ConnectionString(notes, "postgres", pooling: false));
        await connection.OpenAsync(cancellation);

        await using var search = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection);
        search.Parameters.AddWithValue(database);
        if (await search.ExecuteScalarAsync(cancellation) is not null)
        {
            return;
        }

        try
        {
            await using var create = new NpgsqlCommand(
                $"create database \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await create.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException exists) when (
            exists.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another process that shares the server created it in the meantime, which is just what was asked for.
        }
    }

    /// <summary>Stops the server, unless another process (or another part of this one) still uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        using var stopping = await FileLease.OwnAsync(use.Files.StartLock, PatienceWhenLeaving, CancellationToken.None);
        if (stopping is null)
        {
            // Somebody takes long to start. The guard stays behind, to stop the server if need be.
            use.LetGo();
            return;
        }

        await use.EndAsync();
    }

    private static async Task<(Cluster Cluster, ClusterNotes Notes)> FindOrCreateClusterAsync(
        LocalPostgresOptions options,
        ClusterFiles files,
        CancellationToken cancellation)
    {
        if (files.FindCluster() is { } existing)
        {
            return (existing, files.ReadNotesOf(existing));
        }

        var binaries = await PostgresBinaries.FindAsync(options, files, cluster: null, cancellation);
        options.Report?.Invoke($"Creating the database folder in {files.StateFolder}…");
        var created = await ClusterCreation.CreateAsync(
            files, binaries, ServerUser.ForNewCluster(), options.ThrowAwayData, cancellation);
        return (created, files.ReadNotesOf(created));
    }

    /// <summary>The notes with the port that the server really listens on.</summary>
    private static async Task<ClusterNotes> AdoptOrStartAsync(
        LocalPostgresOptions options,
        ClusterFiles files,
        Cluster found,
        ClusterNotes remembered,
        CancellationToken cancellation)
    {
        var process = new ServerProcess(files, found, options.Report);
        if (await process.AdoptAsync(remembered, cancellation) is { } running)
        {
            return remembered with { Port = running };
        }

        var binaries = await PostgresBinaries.FindAsync(options, files, found, cancellation);
        var started = await process.StartAsync(binaries, remembered, options.ThrowAwayData, cancellation);
        return remembered with { Port = started };
    }

    private static LocalPostgresException Locked(string path) =>
        new($"Another process has kept {path} locked for minutes: it may be stuck; end it and try again.");
}
