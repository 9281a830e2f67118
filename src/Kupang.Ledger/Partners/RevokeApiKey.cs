using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Partners;

/// <summary>Takes a key out of force. It has no members of its own.</summary>
public sealed record RevokeApiKey : Command;

public static class RevokeApiKeyDecider
{
    public static Decision Decide(ApiKey? key, Moment moment) => key switch
    {
        null => Decision.NotFound(),
        { RevokedAt: not null } => Decision.AlreadyRecorded(),
        _ => Decision.Record(new NewFact(key.Id.Value, new ApiKeyRevoked(key.Id), BookDay.Open(moment.Today))),
    };
}

public static class RevokeApiKeyEndpoint
{
    [WolverinePost("/v1/api-keys/{apiKeyId}/revocations", OperationId = "revokeApiKey")]
    [Tags("Partners"), Takes(typeof(RevokeApiKey)), Answers(typeof(ApiKeyAnswer), 201)]
    public static Task<IResult> Post(Guid apiKeyId, HttpContext http) => http.Record<RevokeApiKey>("revokeApiKey", _ => new WriteSlice
    {
        Needs = _ => [Need.Of<ApiKey>(apiKeyId)],
        Decide = (states, moment) => RevokeApiKeyDecider.Decide(states.Find<ApiKey>(apiKeyId), moment),
        Answer = (states, _) => new Answer(201, ApiKeyAnswer.Of(states.Find<ApiKey>(apiKeyId)!), $"/v1/api-keys/{apiKeyId}"),
    });
}

public static class ListApiKeysEndpoint
{
    [WolverineGet("/v1/api-keys", OperationId = "listApiKeys")]
    [Tags("Partners"), Answers(typeof(Page<ApiKeyAnswer>), 200)]
    public static Task<IResult> Get(HttpContext http) =>
        http.List<ApiKey>(new Dictionary<string, string>(StringComparer.Ordinal), [], (key, _) => ValueTask.FromResult<object?>(ApiKeyAnswer.Of(key)));
}
