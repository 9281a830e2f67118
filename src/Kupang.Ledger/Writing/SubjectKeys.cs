using Kupang.Ledger.SharedKernel;
using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>The keys of persons and groups, read afresh for each answer: an erasure takes effect at once.</summary>
public sealed class SubjectKeys(NpgsqlDataSource dataSource, TenantKeys tenantKeys)
{
    public async Task<IReadOnlyDictionary<Guid, SubjectKey>> Of(string tenant, IReadOnlyCollection<Guid> subjects, CancellationToken cancellation)
    {
        var tenantKey = await tenantKeys.Of(tenant, cancellation);
        await using var command = dataSource.CreateCommand(
            "select subject_id, wrapped_key from ledger.subject_key where tenant_id = $1 and subject_id = any($2)");
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        command.Parameters.Add(new NpgsqlParameter { Value = subjects.ToArray() });
        Dictionary<Guid, SubjectKey> keys = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var subject = reader.GetGuid(0);
            keys[subject] = SubjectKey.Unwrap(subject, await reader.GetFieldValueAsync<byte[]>(1, cancellation), tenantKey.Bytes);
        }

        return keys;
    }
}
