using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>The rival: PostgreSQL's own benchmark, TPC-B (five statements a transaction), on the same server.</summary>
public sealed class Pgbench
{
    private const string Database = "rival";
    private const int Scale = 20;

    private readonly string program;
    private readonly NpgsqlConnectionStringBuilder login;
    private readonly string folder;

    private Pgbench(string program, NpgsqlConnectionStringBuilder login, string folder) =>
        (this.program, this.login, this.folder) = (program, login, folder);

    /// <summary>Makes its tables in a database of its own.</summary>
    public static async Task<Pgbench> Prepare(DatabaseServer server, string folder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(server);
        var owner = new NpgsqlConnectionStringBuilder(await server.CreateDatabase(Database, cancellation));
        var pgbench = new Pgbench(await server.Program("pgbench", cancellation), owner, folder);
        await pgbench.Run(["-i", "-q", "-s", Scale.ToString(CultureInfo.InvariantCulture)], TimeSpan.FromMinutes(5), cancellation);
        return pgbench;
    }

    public async Task<LoadResult> Run(int clients, int seconds, CancellationToken cancellation)
    {
        var log = Path.Combine(folder, "transactions");
        string[] arguments =
        [
            "-M", "prepared",
            "-c", clients.ToString(CultureInfo.InvariantCulture),
            "-j", Math.Min(2, clients).ToString(CultureInfo.InvariantCulture),
            "-T", seconds.ToString(CultureInfo.InvariantCulture),
            "-l", "--log-prefix", log,
        ];
        var output = await Run(arguments, TimeSpan.FromSeconds(seconds + 120), cancellation);
        var latencies = new Latencies();
        foreach (var file in Directory.EnumerateFiles(folder, "transactions.*"))
        {
            // client, number, microseconds, script, second, microsecond
            foreach (var line in File.ReadLines(file))
            {
                latencies.Add(long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture));
            }

            File.Delete(file);
        }

        // Its own rate leaves out the time that connecting took; on a very busy machine connecting may take all of it.
        var count = long.Parse(Behind(output, "actually processed: "), CultureInfo.InvariantCulture);
        var elapsed = count == 0
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.FromTicks((long)(count * TimeSpan.TicksPerSecond / decimal.Parse(Behind(output, "tps = "), CultureInfo.InvariantCulture)));
        return new LoadResult(count, 0, elapsed, latencies);
    }

    private static string Behind(string output, string label)
    {
        var start = output.IndexOf(label, StringComparison.Ordinal);
        return start < 0
            ? throw new LoadFailure($"pgbench said something else than expected:\n{output}")
            : string.Concat(output.Skip(start + label.Length).TakeWhile(c => char.IsAsciiDigit(c) || c == '.'));
    }

    private async Task<string> Run(IEnumerable<string> arguments, TimeSpan patience, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(
            program,
            ["-h", login.Host!, "-p", login.Port.ToString(CultureInfo.InvariantCulture), "-U", login.Username!, .. arguments, Database])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["PGPASSWORD"] = login.Password;
        using var process = Process.Start(start) ?? throw new LoadFailure("pgbench did not start.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0 ? await output : throw new LoadFailure($"pgbench failed: {await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
