using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Http;

/// <summary>Who calls: known from the credential alone.</summary>
public sealed record Caller(string Tenant, ApiKeyId KeyId, KeyScopes Scopes)
{
    public static Caller Of(HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("The request was not authenticated.");
}

/// <summary>What a key may do.</summary>
[Flags]
public enum KeyScopes
{
    None = 0,
    Read = 1,
    Write = 2,
    Admin = 4,
}

/// <summary>Finds the caller of a key.</summary>
public interface IApiKeyDirectory
{
    /// <summary>The caller, or null when the key is unknown or revoked.</summary>
    ValueTask<Caller?> Find(string key, CancellationToken cancellation);
}

/// <summary>
/// Every path needs a key but the few that say nothing about anybody. Reading needs <c>read</c>, changing needs
/// <c>write</c>, the keys themselves need <c>admin</c>.
/// </summary>
public sealed class ApiKeyMiddleware(RequestDelegate next)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext http, IApiKeyDirectory keys)
    {
        if (IsPublic(http.Request.Path))
        {
            await next(http);
            return;
        }

        var header = http.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            await Problems.Write(http, "unauthenticated");
            return;
        }

        if (await keys.Find(value[Scheme.Length..].Trim(), http.RequestAborted) is not { } caller)
        {
            await Problems.Write(http, "unauthenticated");
            return;
        }

        if ((caller.Scopes & Needed(http.Request)) == KeyScopes.None)
        {
            await Problems.Write(http, "scope-missing");
            return;
        }

        http.Features.Set(caller);
        await next(http);
    }

    private static bool IsPublic(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal)
        || path.StartsWithSegments("/problems", StringComparison.Ordinal)
        || path.StartsWithSegments("/openapi", StringComparison.Ordinal);

    private static KeyScopes Needed(HttpRequest request) =>
        request.Path.StartsWithSegments("/v1/api-keys", StringComparison.Ordinal) ? KeyScopes.Admin
        : HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? KeyScopes.Read
        : request.Path.Equals("/v1/loan-schedules", StringComparison.Ordinal) ? KeyScopes.Read | KeyScopes.Write
        : KeyScopes.Write;
}
