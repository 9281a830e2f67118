using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>Looks an API key up across tenants: the only name whose tenant is not known before.</summary>
public sealed class NameReader(NpgsqlDataSource dataSource)
{
    public async Task<(string Tenant, Guid StreamId)?> FindApiKey(string hash, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand("select tenant_id, stream_id from ledger.natural_key where kind = 'api-key' and value = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = hash });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetString(0), reader.GetGuid(1)) : null;
    }
}
