using System.Diagnostics;
using Kupang.Ledger.LocalPostgres;
using Npgsql;
using Xunit;

namespace Kupang.Ledger.Tests.LocalPostgres;

/// <summary>
/// A state folder of the tests' own. Tests of one class use it one after the other, and so create one cluster.
/// </summary>
public sealed class StateFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    public string Path { get; } = System.IO.Path.Combine(
        System.IO.Path.GetTempPath(), $"kupang-ledger-{Guid.CreateVersion7():n}");

    public LocalPostgresOptions Options => new() { StateFolder = Path, ThrowAwayData = true };

    internal ClusterFiles Files => ClusterFiles.Open(Path);

    public Task<LocalPostgresServer> Start() =>
        LocalPostgresServer.StartAsync(Options, TestContext.Current.CancellationToken);

    /// <summary>The server process of the folder's cluster, or null when none runs.</summary>
    public int? ServerProcess() =>
        Files.FindCluster() is { } cluster ? Postmaster.Running(cluster.DataFolder)?.ProcessId : null;

    public static async Task<object?> Query(LocalPostgresServer server, string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public static async Task Until(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"Waited in vain until {what}.");
            await Task.Delay(BetweenLooks, TestContext.Current.CancellationToken);
        }
    }

    public static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    public void Dispose()
    {
        if (!Directory.Exists(Path))
        {
            return;
        }

        // Only after a failed test: nobody else would ever stop it.
        if (ServerProcess() is { } left)
        {
            Kill(left);
        }

        Directory.Delete(Path, recursive: true);
    }
}
