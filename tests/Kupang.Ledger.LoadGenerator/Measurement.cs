using System.Globalization;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>One row of the run, put together from its parts, with what it cost.</summary>
public sealed class Measurement(string name, Func<TimeSpan, Task<LoadResult>> run)
{
    public string Name => name;

    public LoadResult Result { get; private set; } = LoadResult.None;

    private CpuUse cpu = CpuUse.Zero;
    private DatabasePosition database = DatabasePosition.Zero;

    /// <summary>Measures one part.</summary>
    public async Task Measure(TimeSpan duration, Func<CpuUse> cpuNow, Func<Task<DatabasePosition>> positionNow)
    {
        ArgumentNullException.ThrowIfNull(cpuNow);
        ArgumentNullException.ThrowIfNull(positionNow);
        var (cpuBefore, before) = (cpuNow(), await positionNow());
        var result = await run(duration);

        // The position first: meanwhile the postmaster counts in the processes that have just ended.
        var after = await positionNow();
        var used = cpuNow().Since(cpuBefore);
        Result = Result.And(result);
        cpu = cpu.And(used);
        database = database.And(after.Since(before));
    }

    /// <summary>Where the time went: processor time for each thousand requests, and how the database was written to.</summary>
    public string Cost()
    {
        var count = Math.Max(1, Result.Recorded);
        var others = Math.Max(0, cpu.Machine - cpu.Client - cpu.Service - cpu.Postgres);
        var capacity = Math.Max(1, Result.Elapsed.Ticks / TimeSpan.TicksPerMicrosecond * Environment.ProcessorCount);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-34} {Milli(cpu.Client, count),8} {Milli(cpu.Service, count),8} {Milli(cpu.Postgres, count),8} {Milli(others, count),8} "
            + $"{decimal.Divide(cpu.Machine * 100, capacity),7:0}% {decimal.Divide(count, Math.Max(1, database.Transactions)),8:0.0} "
            + $"{decimal.Divide(database.WalSyncs * 1000, count),8:0} {decimal.Divide(database.WalBytes, count * 1024),8:0.0}");
    }

    public static string CostHeading { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"{"per 1,000 requests",-34} {"client s",8} {"ledger s",8} {"pg s",8} {"others s",8} {"busy",8} {"per tx",8} {"fsyncs",8} {"WAL KiB",8}");

    /// <summary>Microseconds for each request are milliseconds for a thousand; shown in seconds.</summary>
    private static string Milli(long microseconds, long count) =>
        decimal.Divide(microseconds, count * 1000).ToString("0.000", CultureInfo.InvariantCulture);
}
