using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>Starts, finds and stops the server process of one cluster.</summary>
internal sealed class ServerProcess(ClusterFiles files, Cluster cluster, Action<string>? report)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PatienceForOldProcesses = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PatienceForStopping = TimeSpan.FromSeconds(60);

    // After a crash the server first replays what was written last, which takes its time on a busy database.
    private static readonly TimeSpan PatienceForStarting = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The port of a server that runs already, be it another process's or left behind; null if none does.
    /// </summary>
    public async Task<int?> AdoptAsync(ClusterNotes notes, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (Postmaster.Running(cluster.DataFolder) is { } found)
        {
            if (found.IsReady && await AnswersAsync(notes with { Port = found.Port }, cancellation))
            {
                return found.Port;
            }

            if (Stopwatch.GetElapsedTime(started) > PatienceForStarting)
            {
                throw new LocalPostgresException(
                    $"The server in {cluster.DataFolder} (process {found.ProcessId}) has been {found.Status} for "
                    + $"{PatienceForStarting.TotalMinutes:0} minutes; its log is in {files.LogFolder}.");
            }

            await Task.Delay(BetweenLooks, cancellation);
        }

        return null;
    }

    /// <summary>Starts the server, on another port if the last one is taken, and waits until it answers.</summary>
    public async Task<int> StartAsync(
        PostgresBinaries binaries,
        ClusterNotes notes,
        bool throwAwayData,
        CancellationToken cancellation)
    {
        report?.Invoke($"Starting PostgreSQL {binaries.MajorVersion}…");
        var started = Stopwatch.GetTimestamp();
        var current = notes with { BinFolder = binaries.Folder };
        while (true)
        {
            if (!LoopbackPort.IsFree(current.Port))
            {
                current = current with { Port = LoopbackPort.Choose() };
            }

            if (current != notes)
            {
                files.WriteNotes(current);
            }

            RemoveStalePidFile();
            await File.WriteAllTextAsync(files.StartLog, "", cancellation);
            var log = new ServerLog(files);
            if (await TryStartAsync(binaries, current, throwAwayData, cancellation))
            {
                return current.Port;
            }

            // Two things pass by themselves: processes of a killed server that are still ending, and a port that
            // somebody took between our look and the server's.
            var passes = log.Says("is still in use") || log.Says("could not create any TCP/IP sockets");
            if (!passes || Stopwatch.GetElapsedTime(started) > PatienceForOldProcesses)
            {
                throw new LocalPostgresException(
                    $"PostgreSQL {binaries.MajorVersion} did not start ({log.Complaint}); "
                    + $"see start.log and log in {files.StateFolder}.");
            }

            await Task.Delay(BetweenAttempts, cancellation);
        }
    }

    /// <summary>Clients are cut off, nothing that was committed is lost.</summary>
    public async Task StopAsync(ClusterNotes notes)
    {
        if (Postmaster.Running(cluster.DataFolder) is not { } found)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            string[] stop =
                [PostgresBinaries.Program(notes.BinFolder, "pg_ctl"), "stop", "-m", "fast", "-D", cluster.DataFolder];
            await Command.RunAsync(stop, PatienceForStopping, CancellationToken.None);
        }
        else
        {
            // It may have ended by itself since we looked, which is as good.
            _ = Posix.TryInterrupt(found.ProcessId);
        }

        await WaitWhileAsync(() => Postmaster.IsServerOf(cluster.DataFolder, found.ProcessId));
    }

    /// <summary>When somebody else has asked it to stop.</summary>
    public Task WaitWhileStoppingAsync() =>
        WaitWhileAsync(() => Postmaster.Running(cluster.DataFolder) is { IsStopping: true });

    /// <summary>Starts a program whose output goes elsewhere and that lives on without us.</summary>
    public static Process Launch(IReadOnlyList<string> command)
    {
        var start = Command.StartInfo(command);
        // A child with our terminal would make .NET change the terminal's settings for as long as it lives.
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Command.Start(start);
        process.StandardInput.Dispose();
        return process;
    }

    private async Task<bool> TryStartAsync(
        PostgresBinaries binaries,
        ClusterNotes notes,
        bool throwAwayData,
        CancellationToken cancellation)
    {
        List<string> options = ["-p", notes.Port.ToString(CultureInfo.InvariantCulture)];
        if (throwAwayData)
        {
            options.AddRange(["-c", "fsync=off", "-c", "full_page_writes=off"]);
        }

        using var process = OperatingSystem.IsLinux()
            ? Launch(RunAs.Detached(
                notes.User, files.StartLog, [binaries.Server, "-D", cluster.DataFolder, .. options]))
            : LaunchByPgCtl(binaries, options);

        var ready = false;
        try
        {
            while (true)
            {
                // Looked at before the server is: whatever has ended by now can't become ready after it.
                var ended = process.HasExited;
                ready = await AdoptAsync(notes, cancellation) is not null;
                if (ready || ended)
                {
                    return ready;
                }

                await Task.Delay(BetweenLooks, cancellation);
            }
        }
        finally
        {
            // Given up half way: it may not have written yet by what StopAsync would find it.
            if (!ready && !process.HasExited && !OperatingSystem.IsWindows())
            {
                _ = Posix.TryInterrupt(process.Id);
            }
        }
    }

    /// <summary>
    /// On macOS and Windows, pg_ctl knows how to cut the server loose from us, and on Windows how to drop an
    /// administrator's rights; it ends when the server is ready. Its output is not redirected: the server inherits it,
    /// and would hold our pipe open. None of this has been run yet.
    /// </summary>
    private Process LaunchByPgCtl(PostgresBinaries binaries, List<string> options) =>
        Command.Start(Command.StartInfo([
            PostgresBinaries.Program(binaries.Folder, "pg_ctl"), "start", "--silent", "--wait", "--timeout", "600",
            "-D", cluster.DataFolder, "-l", files.StartLog, "-o", string.Join(' ', options),
        ]));

    /// <summary>
    /// A file that names a process of the same user which is not our server would keep the server from starting. Any
    /// other leftover is the server's own business: it knows better than we whether its folder is still in use.
    /// </summary>
    private void RemoveStalePidFile()
    {
        if (OperatingSystem.IsLinux()
            && Postmaster.Read(cluster.DataFolder) is { } left
            && Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{left.ProcessId}"))
            && !Postmaster.IsServerOf(cluster.DataFolder, left.ProcessId))
        {
            File.Delete(Postmaster.FileIn(cluster.DataFolder));
        }
    }

    private async Task<bool> AnswersAsync(ClusterNotes notes, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                ServerLogin.ConnectionString(notes, "postgres", pooling: false));
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new LocalPostgresException(
                $"A server runs in {cluster.DataFolder}, but it does not take the password in {files.StateFolder}; "
                + "stop that server, or put the right password back.");
        }
        catch (NpgsqlException)
        {
            // It is just starting or stopping; whoever asks looks again.
            return false;
        }
    }

    private static async Task WaitWhileAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (condition() && Stopwatch.GetElapsedTime(started) < PatienceForStopping)
        {
            await Task.Delay(BetweenLooks);
        }
    }
}
