using System.Collections.Concurrent;
using Kupang.Ledger.Http;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Partners;

/// <summary>
/// Who calls with which key. What was found is believed for less than a second, so a revocation works at once for people.
/// A busy partner costs one look each half second: while one request looks again, the others go on with what is known.
/// </summary>
public sealed class ApiKeyDirectory(NameReader names, LedgerReader ledger, TimeProvider clock) : IApiKeyDirectory
{
    private const int KeptLimit = 10_000;
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan BelieveAtMost = TimeSpan.FromMilliseconds(900);

    private readonly ConcurrentDictionary<string, Entry> known = new(StringComparer.Ordinal);

    public async ValueTask<Caller?> Find(string key, CancellationToken cancellation)
    {
        if (!ApiKey.HasForm(key))
        {
            return null;
        }

        if (known.TryGetValue(key, out var entry))
        {
            var age = clock.GetElapsedTime(entry.Since);
            if (age < LookAgainAfter || (age < BelieveAtMost && !entry.IsTheFirstToLookAgain()))
            {
                return entry.Caller;
            }
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

        known[key] = new Entry(caller, since);
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

    private sealed class Entry(Caller caller, long since)
    {
        private int looks;

        public Caller Caller { get; } = caller;

        public long Since { get; } = since;

        public bool IsTheFirstToLookAgain() => Interlocked.Exchange(ref looks, 1) == 0;
    }
}
