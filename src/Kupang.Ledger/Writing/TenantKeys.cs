using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Kupang.Ledger.SharedKernel;
using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>The key above all others of this installation. It never enters the database; only a check value does.</summary>
public sealed class MasterKey(byte[] bytes)
{
    public const int Length = 32;

    public byte[] Bytes { get; } = bytes.Length == Length ? bytes : throw new ArgumentException("A master key has 32 bytes.", nameof(bytes));

    /// <summary>Tells whether a key is the one this database was made with, and nothing else about it.</summary>
    public byte[] CheckValue => HMACSHA256.HashData(Bytes, "kupang-ledger master key check"u8);
}

/// <summary>
/// A tenant's key: wraps the keys of its persons, makes its API keys, and keys its fingerprints, so that what a request
/// said can't be guessed from a hash of it.
/// </summary>
public sealed class TenantKey(byte[] bytes)
{
    /// <summary>How every API key begins, so that one that leaked can be searched for.</summary>
    public const string ApiKeyPrefix = "kl_live_";

    public byte[] Bytes { get; } = bytes;

    /// <summary>
    /// The API key of an id, made from the tenant's own key: so the answer that shows it once can be repeated without the
    /// key being kept anywhere.
    /// </summary>
    public string ApiKeyOf(Guid id) => ApiKeyPrefix + Convert.ToHexStringLower(Hash("api-key", id.ToByteArray()));

    public byte[] Hash(string purpose, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Bytes);
        hash.AppendData(Encoding.UTF8.GetBytes(purpose));
        hash.AppendData([0]);
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }
}

/// <summary>The keys of the tenants, unwrapped once and kept.</summary>
public sealed class TenantKeys(NpgsqlDataSource dataSource, MasterKey masterKey)
{
    /// <summary>Stands for the tenant itself where a key is sealed for a subject.</summary>
    public static readonly Guid TenantSubject = Guid.Empty;

    private readonly ConcurrentDictionary<string, TenantKey> known = new(StringComparer.Ordinal);

    public async ValueTask<TenantKey> Of(string tenant, CancellationToken cancellation)
    {
        if (known.TryGetValue(tenant, out var key))
        {
            return key;
        }

        await using var command = dataSource.CreateCommand("select wrapped_key from ledger.tenant where tenant_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        var wrapped = (byte[]?)await command.ExecuteScalarAsync(cancellation)
            ?? throw new InvalidOperationException($"There is no tenant {tenant}.");
        return known[tenant] = new TenantKey(SubjectKey.Open(masterKey.Bytes, wrapped, TenantSubject));
    }
}
