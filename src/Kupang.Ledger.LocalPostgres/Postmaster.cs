using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>
/// What <c>postmaster.pid</c> in a data folder says of the server process. The file outlives a crash, and its number
/// may by then belong to some other program, so nothing in it is believed before the process itself was looked at.
/// </summary>
internal sealed record Postmaster(int ProcessId, int Port, string Status)
{
    public bool IsReady => Status == "ready";

    public bool IsStopping => Status == "stopping";

    public static string FileIn(string dataFolder) => Path.Combine(dataFolder, "postmaster.pid");

    /// <summary>
    /// Null when there is no file, or one that is only half written. Lines: process, data folder, start time, port,
    /// socket folder, address, shared memory, status.
    /// </summary>
    public static Postmaster? Read(string dataFolder)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(FileIn(dataFolder));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // A stopping server takes the file away, which may happen between any check and the reading.
            return null;
        }

        if (lines.Length == 0 || !int.TryParse(lines[0], CultureInfo.InvariantCulture, out var process))
        {
            return null;
        }

        _ = int.TryParse(lines.ElementAtOrDefault(3), CultureInfo.InvariantCulture, out var port);
        return new Postmaster(process, port, lines.Length > 7 ? lines[7].Trim() : "starting");
    }

    /// <summary>The file's server, if it runs and really serves this folder.</summary>
    public static Postmaster? Running(string dataFolder) =>
        Read(dataFolder) is { } found && IsServerOf(dataFolder, found.ProcessId) ? found : null;

    /// <summary>
    /// A dead process that its parent hasn't buried yet has an empty command line, so it counts as gone.
    /// </summary>
    public static bool IsServerOf(string dataFolder, int processId)
    {
        var words = CommandLine(processId);
        return words.Length > 0
            && Path.GetFileNameWithoutExtension(words[0]) == "postgres"
            && (OperatingSystem.IsWindows() || words.Contains(dataFolder, StringComparer.Ordinal));
    }

    private static string[] CommandLine(int processId)
    {
        if (OperatingSystem.IsLinux())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cmdline");
            try
            {
                return File.ReadAllText(path).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            }
            catch (IOException)
            {
                // There is no such process, or it ended while it was being looked at.
                return [];
            }
        }

        return OperatingSystem.IsWindows() ? NameOnly(processId) : CommandLineFromPs(processId);
    }

    /// <summary>
    /// Windows shows no command line to others; the login that follows settles whose server it is. Not run yet.
    /// </summary>
    private static string[] NameOnly(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return [process.ProcessName];
        }
        catch (ArgumentException)
        {
            // There is no such process.
            return [];
        }
    }

    /// <summary>macOS has no /proc. A folder with a space in its name is not recognised by this. Not run yet.</summary>
    private static string[] CommandLineFromPs(int processId)
    {
        try
        {
            var id = processId.ToString(CultureInfo.InvariantCulture);
            var ps = Command.StartInfo(["/bin/ps", "-o", "command=", "-p", id]);
            ps.RedirectStandardOutput = true;
            using var process = Process.Start(ps)!;
            var line = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return line.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Win32Exception)
        {
            // Without ps nothing is known of the process, and the server itself decides whether its folder is free.
            return [];
        }
    }
}
