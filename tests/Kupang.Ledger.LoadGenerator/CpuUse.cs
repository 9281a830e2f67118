using System.Globalization;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>
/// Processor time so far, in microseconds: of this program, of the service, of PostgreSQL with all its processes, and of
/// the whole machine. Read from /proc; where there is none, all are 0.
/// </summary>
public sealed record CpuUse(long Client, long Service, long Postgres, long Machine)
{
    /// <summary>The kernel counts in hundredths of a second, on every architecture that .NET runs on.</summary>
    private const long MicrosecondsPerTick = 10_000;

    public static CpuUse Zero { get; } = new(0, 0, 0, 0);

    private static readonly char[] Blank = [' ', '\n'];

    public static CpuUse Now(int service, int postmaster) => OperatingSystem.IsLinux()
        ? new CpuUse(Of(Environment.ProcessId), Of(service), OfPostgres(postmaster), OfMachine())
        : Zero;

    public CpuUse Since(CpuUse earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return new CpuUse(Client - earlier.Client, Service - earlier.Service, Postgres - earlier.Postgres, Machine - earlier.Machine);
    }

    public CpuUse And(CpuUse more)
    {
        ArgumentNullException.ThrowIfNull(more);
        return new CpuUse(Client + more.Client, Service + more.Service, Postgres + more.Postgres, Machine + more.Machine);
    }

    private static long Of(int process) => StatOf(process) is { } stat ? (stat[11] + stat[12]) * MicrosecondsPerTick : 0;

    /// <summary>The postmaster and its living children, and through the postmaster those that ended.</summary>
    private static long OfPostgres(int postmaster)
    {
        var ticks = StatOf(postmaster) is { } stat ? stat[11] + stat[12] + stat[13] + stat[14] : 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && StatOf(process) is { } child && child[1] == postmaster)
            {
                ticks += child[11] + child[12];
            }
        }

        return ticks * MicrosecondsPerTick;
    }

    /// <summary>user, nice, system, irq and softirq of all processors.</summary>
    private static long OfMachine()
    {
        var first = File.ReadLines("/proc/stat").First().Split(Blank, StringSplitOptions.RemoveEmptyEntries);
        return (Number(first[1]) + Number(first[2]) + Number(first[3]) + Number(first[6]) + Number(first[7])) * MicrosecondsPerTick;
    }

    /// <summary>The numbers behind the name, from the state on (which counts as 0); null when there is no such process.</summary>
    private static long[]? StatOf(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return [.. stat[(stat.LastIndexOf(')') + 2)..].Split(Blank, StringSplitOptions.RemoveEmptyEntries).Select(Number)];
        }
        catch (IOException)
        {
            // It ended while it was being looked at; what it used has gone to its parent.
            return null;
        }
    }

    private static long Number(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
