using System.Diagnostics;
using System.Globalization;
using Kupang.Ledger.LocalPostgres;
using Npgsql;
using Xunit;

namespace Kupang.Ledger.Tests.LocalPostgres;

/// <summary>Written for Linux, where a guard process stands beside every user of the server.</summary>
public sealed class CrashTests(StateFolder folder) : IClassFixture<StateFolder>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_server_of_a_killed_program_stops_in_good_order_and_keeps_the_data()
    {
        using (var program = await OtherProgram.Start(folder))
        {
            await using (var server = await folder.Start())
            {
                await StateFolder.Query(server, "create table survives (what text)");
                await StateFolder.Query(server, "insert into survives values ('kill -9')");
            }

            Assert.NotNull(folder.ServerProcess());
            await program.Kill();
            await StateFolder.Until(() => folder.ServerProcess() is null, "the server of the killed program is gone");
        }

        var log = new ServerLog(folder.Files);
        await using var later = await folder.Start();
        Assert.Equal("kill -9", await StateFolder.Query(later, "select what from survives"));
        Assert.False(log.Says("was not properly shut down"));
        Assert.True(log.Says("database system was shut down at"));
    }

    [Fact]
    public async Task A_server_that_was_left_behind_is_taken_over()
    {
        using var program = await OtherProgram.Start(folder);
        var orphan = folder.ServerProcess();
        StateFolder.Kill(GuardProcess());
        await program.Kill();
        Assert.NotNull(orphan);

        await using (var server = await folder.Start())
        {
            Assert.Equal(orphan, folder.ServerProcess());
            Assert.Equal(1, await StateFolder.Query(server, "select 1"));
        }

        Assert.Null(folder.ServerProcess());
    }

    [Fact]
    public async Task A_killed_server_is_started_again_once_its_old_processes_have_ended()
    {
        await using var server = await folder.Start();
        var killed = folder.ServerProcess()!.Value;
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(Cancellation);

        // A process that is held up can't end with its server, and keeps the memory of both in use.
        await Signal("STOP", connection.ProcessID);
        StateFolder.Kill(killed);
        var again = folder.Start();
        await StateFolder.Until(
            () => File.ReadAllText(folder.Files.StartLog).Contains("is still in use", StringComparison.Ordinal),
            "the new server has found the old one's process");
        await Signal("CONT", connection.ProcessID);

        await using var restarted = await again;
        Assert.NotEqual(killed, folder.ServerProcess());
        Assert.Equal(server.Port, restarted.Port);
        // Those who used the server before go on with what they have.
        Assert.Equal(1, await StateFolder.Query(server, "select 1"));
    }

    [Fact]
    public async Task A_stale_file_that_names_some_other_live_program_is_not_believed()
    {
        await using (await folder.Start())
        {
            // It has to exist once, for its owner.
        }

        var cluster = folder.Files.FindCluster()!;
        var notes = folder.Files.ReadNotesOf(cluster);
        using var stranger = ServerProcess.Launch(RunAs.Prefix(notes.User, ["/bin/sleep", "60"]));
        try
        {
            var stale = Postmaster.FileIn(cluster.DataFolder);
            await File.WriteAllTextAsync(
                stale,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{stranger.Id}\n{cluster.DataFolder}\n1\n{notes.Port}\n\n127.0.0.1\n\nready   \n"),
                Cancellation);

            await using var server = await folder.Start();
            Assert.Equal(1, await StateFolder.Query(server, "select 1"));
            Assert.False(stranger.HasExited);
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public async Task A_lost_password_is_said_to_be_lost()
    {
        await using (await folder.Start())
        {
            // So that there is a cluster.
        }

        var notes = Path.Combine(folder.Path, "cluster.json");
        File.Move(notes, notes + ".away");
        try
        {
            var refusal = await Assert.ThrowsAsync<LocalPostgresException>(folder.Start);
            Assert.StartsWith(
                $"{notes}, which holds the password of the database", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Move(notes + ".away", notes);
        }
    }

    /// <summary>The flock command that waits for this folder's users to go.</summary>
    private int GuardProcess() => Process.GetProcessesByName("flock").Single(process =>
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/cmdline"))
            .Contains(folder.Files.LeaseLock, StringComparison.Ordinal)).Id;

    private static async Task Signal(string signal, int processId)
    {
        string[] kill = ["/bin/kill", $"-{signal}", processId.ToString(CultureInfo.InvariantCulture)];
        Assert.True((await Command.RunAsync(kill, TimeSpan.FromSeconds(10), Cancellation)).Succeeded);
    }
}
