using System.Diagnostics;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>How long requests took, each of them, in whole microseconds.</summary>
public sealed class Latencies
{
    private readonly List<long> microseconds = [];
    private bool isSorted;

    public int Count => microseconds.Count;

    public void AddTicks(long stopwatchTicks) => Add(stopwatchTicks * 1_000_000 / Stopwatch.Frequency);

    public void Add(long value)
    {
        microseconds.Add(value);
        isSorted = false;
    }

    public void Add(Latencies others)
    {
        ArgumentNullException.ThrowIfNull(others);
        microseconds.AddRange(others.microseconds);
        isSorted = false;
    }

    /// <summary>The value that so many in a hundred are not above (nearest rank); 0 when nothing was recorded.</summary>
    public long Percentile(int percent)
    {
        if (!isSorted)
        {
            microseconds.Sort();
            isSorted = true;
        }

        return microseconds.Count == 0 ? 0 : microseconds[(int)((((long)microseconds.Count * percent) + 99) / 100) - 1];
    }
}
