using System.Collections.Immutable;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Partners;

/// <summary>Gives a partner a key. <paramref name="Scopes"/> are among <c>read</c>, <c>write</c> and <c>admin</c>.</summary>
public sealed record IssueApiKey([property: TextLimit(100)] string Name, ImmutableArray<string> Scopes) : Command;

/// <summary>A key as its tenant sees it. <paramref name="Key"/> itself is shown once, in the answer that made it.</summary>
public sealed record ApiKeyAnswer(
    ApiKeyId Id,
    string Number,
    string? ExternalId,
    string Name,
    ImmutableArray<string> Scopes,
    DateTimeOffset IssuedAt,
    DateTimeOffset? RevokedAt,
    DerivedKey? Key = null)
{
    public static ApiKeyAnswer Of(ApiKey key, DerivedKey? shown = null) =>
        new(key.Id, key.Number, key.ExternalId, key.Name, key.Scopes, key.IssuedAt, key.RevokedAt, shown);
}

public static class IssueApiKeyDecider
{
    /// <param name="hash">What is kept of the key.</param>
    public static Decision Decide(IssueApiKey command, ApiKeyId id, string hash, Moment moment)
    {
        if (command.Scopes.IsDefaultOrEmpty || command.Scopes.Any(scope => !ApiKey.AllScopes.Contains(scope)))
        {
            return Decision.Refuse("unknown-scope", "/scopes", new Figure("scopes", string.Join(", ", ApiKey.AllScopes)));
        }

        return Decision.Record(new NewFact(
            id.Value,
            new ApiKeyIssued(id, moment.NextNumber("KA"), command.Name, [.. command.Scopes.Distinct(StringComparer.Ordinal)], command.ExternalId),
            BookDay.Open(moment.Today),
            EventOf: id.Value)).WithClaims(new NameClaim(ApiKey.HashName, hash, id.Value));
    }
}

public static class IssueApiKeyEndpoint
{
    [WolverinePost("/v1/api-keys", OperationId = "issueApiKey")]
    [Tags("Partners"), Takes(typeof(IssueApiKey)), Answers(typeof(ApiKeyAnswer), 201)]
    public static async Task<IResult> Post(HttpContext http)
    {
        var tenantKey = await http.RequestServices.GetRequiredService<TenantKeys>().Of(Caller.Of(http).Tenant, http.RequestAborted);
        return await http.Record<IssueApiKey>("issueApiKey", command =>
        {
            var id = new ApiKeyId(command.NewId());
            return new WriteSlice
            {
                Needs = _ => [Need.Of<ApiKey>(id.Value)],
                Decide = (_, moment) => IssueApiKeyDecider.Decide(command, id, ApiKey.HashOf(tenantKey.ApiKeyOf(id.Value)), moment),
                Answer = (states, _) => new Answer(
                    201, ApiKeyAnswer.Of(states.Find<ApiKey>(id.Value)!, new DerivedKey(id.Value)), $"/v1/api-keys/{id}"),
            };
        });
    }
}
