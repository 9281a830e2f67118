using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Partners;

/// <summary>A partner was given a key. The key itself is nowhere: only a hash of it finds it again.</summary>
public sealed record ApiKeyIssued(ApiKeyId ApiKeyId, string Number, string Name, ImmutableArray<string> Scopes, string? ExternalId = null);

/// <summary>The key opens nothing any more.</summary>
public sealed record ApiKeyRevoked(ApiKeyId ApiKeyId);
