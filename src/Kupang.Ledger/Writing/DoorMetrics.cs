using System.Diagnostics.Metrics;

namespace Kupang.Ledger.Writing;

/// <summary>
/// What the door measures of itself. Durations are whole microseconds, since nothing here is counted in binary fractions.
/// Read them with any listener of the meter, <c>dotnet-counters monitor --counters Kupang.Ledger.Door</c> for one.
/// </summary>
public sealed class DoorMetrics : IDisposable
{
    public const string MeterName = "Kupang.Ledger.Door";

    private readonly Meter meter = new(MeterName);

    public DoorMetrics()
    {
        BatchSize = meter.CreateHistogram<int>("ledger.door.batch_size", "{command}", "Commands that one transaction carried");
        QueueAge = meter.CreateHistogram<long>("ledger.door.queue_age", "us", "How long the oldest command of a batch had waited");
        CommitTime = meter.CreateHistogram<long>("ledger.door.commit_time", "us", "From the first read of a batch to its commit");
        Commands = meter.CreateCounter<long>("ledger.door.commands", "{command}", "Commands answered, by operation and outcome: recorded, replayed, the code of a refusal");
        Rejected = meter.CreateCounter<long>("ledger.door.rejected", "{command}", "Commands turned away because too many waited");
    }

    public Histogram<int> BatchSize { get; }

    public Histogram<long> QueueAge { get; }

    public Histogram<long> CommitTime { get; }

    public Counter<long> Commands { get; }

    public Counter<long> Rejected { get; }

    public void Dispose() => meter.Dispose();
}
