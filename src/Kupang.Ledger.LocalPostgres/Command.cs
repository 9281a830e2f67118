using System.ComponentModel;
using System.Diagnostics;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>How a program that runs to its end ended, and everything it said.</summary>
internal sealed record CommandResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The line that says what went wrong, for a sentence to a person.</summary>
    public string Complaint
    {
        get
        {
            var lines = Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return lines.FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase))
                ?? lines.FirstOrDefault(line => line.Contains("fatal", StringComparison.OrdinalIgnoreCase))
                ?? lines.LastOrDefault()
                ?? $"it ended with code {ExitCode}";
        }
    }
}

internal static class Command
{
    /// <summary>Runs a program to its end. Arguments are passed one by one: no shell reads them.</summary>
    public static async Task<CommandResult> RunAsync(
        IReadOnlyList<string> command,
        TimeSpan patience,
        CancellationToken cancellation,
        string? workingFolder = null)
    {
        var start = StartInfo(command, workingFolder);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;

        using var process = Start(start);
        process.StandardInput.Close();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new CommandResult(process.ExitCode, await errors + await output);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LocalPostgresException(
                $"{Path.GetFileName(command[0])} did not come to an end within {patience.TotalSeconds:0} seconds.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    public static ProcessStartInfo StartInfo(IReadOnlyList<string> command, string? workingFolder = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            CreateNoWindow = true,
            UseShellExecute = false,
            // The caller's folder may be one that the server's user cannot enter.
            WorkingDirectory = workingFolder ?? (OperatingSystem.IsWindows() ? Environment.SystemDirectory : "/"),
        };

        // PGDATA, PGPORT and their like are meant for somebody's other server, and messages are read in English.
        foreach (var name in start.Environment.Keys
            .Where(key => key.StartsWith("PG", StringComparison.Ordinal))
            .ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        return start;
    }

    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception unusable)
        {
            // A file that is missing, not executable or made for another system: all of them are for a person to mend.
            throw new LocalPostgresException($"{start.FileName} could not be run: {unusable.Message}");
        }
    }
}
