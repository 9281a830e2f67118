namespace Kupang.Ledger.LoadGenerator;

/// <summary>What a tenant was asked to record, and what of it was acknowledged. Kept in memory, beside the service.</summary>
public sealed class Journal
{
    private readonly Lock gate = new();
    private readonly List<Receipt> acknowledged = [];
    private readonly List<Receipt> unknown = [];
    private long lastNumber;

    /// <summary>Receipts that were answered 201: each must be in the books exactly once.</summary>
    public IReadOnlyList<Receipt> Acknowledged => acknowledged;

    /// <summary>Receipts whose answer never came: each may be in the books once, or not at all.</summary>
    public IReadOnlyList<Receipt> Unknown => unknown;

    public long NextNumber() => Interlocked.Increment(ref lastNumber);

    /// <summary>Adds what one connection did, all at once, so that connections don't wait for each other while they work.</summary>
    public void Add(IReadOnlyCollection<Receipt> newlyAcknowledged, IReadOnlyCollection<Receipt> newlyUnknown)
    {
        lock (gate)
        {
            acknowledged.AddRange(newlyAcknowledged);
            unknown.AddRange(newlyUnknown);
        }
    }
}

/// <summary>The loans of a tenant that payments go to.</summary>
public sealed record Portfolio(LoadTenant Tenant, IReadOnlyList<Guid> Loans)
{
    public Journal Journal { get; } = new();
}
