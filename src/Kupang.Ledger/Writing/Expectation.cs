using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>
/// What a batch that was decided ahead of the tenant's lock takes for granted: that nothing was recorded since, that no
/// command of it was answered before, and that the names and ids they bring are free. The database holds it to that.
/// </summary>
internal sealed class Expectation
{
    /// <summary>What the database answers when something is not as expected.</summary>
    public const string NotMet = "KL006";

    private readonly List<WriteRequest> isNew = [];
    private readonly List<KeyName> isFree = [];
    private readonly List<Guid> isUnused = [];

    public bool IsEmpty => isNew.Count == 0;

    /// <param name="states">Where the names then stand as free, unless it is known who holds them.</param>
    public void Add(WriteRequest request, States states)
    {
        isNew.Add(request);
        foreach (var need in NameRules.NeedsOf(request).Where(need => !states.Has(need)))
        {
            isFree.Add(need.Name);
            states.Put(need.Name, holder: null);
        }

        if (request.ClientId is { } id)
        {
            isUnused.Add(id);
        }
    }

    /// <summary>Takes the lock, which the transaction holds to its end, and looks.</summary>
    public void AddTo(NpgsqlBatch batch, string tenant, TenantHead head, TenantSettings settings) => batch.Add(
        "select ledger.lock_as_expected($1, $2, $3, $4, $5::date, $6, $7::text[], $8::text[], $9::text[], $10::text[], $11::uuid[], $12::uuid[])",
        EventIds.LockOf(tenant),
        tenant,
        head.Sequence,
        settings.Zone.Id,
        settings.BooksOpenFrom,
        settings.RetentionYears,
        isNew.Select(request => request.Operation).ToArray(),
        isNew.Select(request => request.IdempotencyKey).ToArray(),
        isFree.Select(name => name.Kind).ToArray(),
        isFree.Select(name => name.Value).ToArray(),
        isUnused.ToArray(),
        isUnused.Select(id => EventIds.For(tenant, id)).ToArray());
}
