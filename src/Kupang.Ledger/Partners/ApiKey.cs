using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Partners;

/// <summary>A key of a partner: what it may do, and whether it still may.</summary>
public sealed record ApiKey(
    ApiKeyId Id, string Number, string Name, ImmutableArray<string> Scopes, string? ExternalId, DateTimeOffset IssuedAt, DateTimeOffset? RevokedAt)
    : IStreamState<ApiKey>, IListed
{
    /// <summary>The kind of name under which a key's hash is claimed: it finds the tenant of a key.</summary>
    public const string HashName = "api-key";

    private const string Prefix = TenantKey.ApiKeyPrefix;
    private const int SecretDigits = 64;

    public static readonly ImmutableArray<string> AllScopes = ["read", "write", "admin"];

    public static string Kind => "api-key";

    public Listing Listing => new(Id.Value, Number, ExternalId);

    public static ApiKey After(ApiKey? state, RecordedFact fact) => fact.Data switch
    {
        ApiKeyIssued issued => new ApiKey(
            issued.ApiKeyId, issued.Number, issued.Name, issued.Scopes, issued.ExternalId, fact.Envelope.RecordedAt, RevokedAt: null),
        ApiKeyRevoked => state! with { RevokedAt = state.RevokedAt ?? fact.Envelope.RecordedAt },
        _ => throw new InvalidOperationException($"An API key knows no {fact.Data.GetType().Name}."),
    };

    public KeyScopes ScopeFlags => Scopes.Aggregate(KeyScopes.None, (flags, scope) => flags | scope switch
    {
        "read" => KeyScopes.Read,
        "write" => KeyScopes.Write,
        "admin" => KeyScopes.Admin,
        _ => KeyScopes.None,
    });

    public static bool HasForm(string key) =>
        key.Length == Prefix.Length + SecretDigits && key.StartsWith(Prefix, StringComparison.Ordinal) && key.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;

    /// <summary>What is kept of a key: enough to know it again, not enough to use it.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key)));
}
