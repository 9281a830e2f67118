using System.Collections.Concurrent;
using Kupang.Ledger.Http;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Partners;

/// <summary>
/// Who calls with which key. What was found is believed for less than a second, so a revocation works at once for people and
/// a busy partner does not cost a query each time.
/// </summary>
public sealed class ApiKeyDirectory(NameReader names, LedgerReader ledger, TimeProvider clock) : IApiKeyDirectory
{
    private const int KeptLimit = 10_000;
    private static readonly TimeSpan Belief = TimeSpan.FromMilliseconds(800);

    private readonly ConcurrentDictionary<string, (Caller Caller, long Since)> known = new(StringComparer.Ordinal);

    public async ValueTask<Caller?> Find(string key, CancellationToken cancellation)
    {
        if (!ApiKey.HasForm(key))
        {
            return null;
        }

        if (known.TryGetValue(key, out var entry) && clock.GetElapsedTime(entry.Since) < Belief)
        {
            return entry.Caller;
        }

        var since = clock.GetTimestamp();
        if (await Look(key, cancellation) is not { } caller)
        {
            known.TryRemove(key, out _);
            return null;
        }

        if (known.Count >= KeptLimit)
        {
            known.Clear();
        }

        known[key] = (caller, since);
        return caller;
    }

    private async Task<Caller?> Look(string key, CancellationToken cancellation)
    {
        if (await names.FindApiKey(ApiKey.HashOf(key), cancellation) is not { } found)
        {
            return null;
        }

        await using var snapshot = await ledger.Open(found.Tenant, KnownAs.Now, cancellation);
        return await snapshot.Find<ApiKey>(found.StreamId, cancellation) is { RevokedAt: null } apiKey
            ? new Caller(found.Tenant, apiKey.Id, apiKey.ScopeFlags)
            : null;
    }
}
