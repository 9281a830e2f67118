using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Kupang.Ledger.Tests.Fixtures;

/// <summary>What a call was answered with.</summary>
public sealed record Reply(HttpStatusCode Status, JsonNode Body, HttpResponseHeaders Headers, string Text)
{
    public JsonNode this[string member] => Body[member] ?? throw new InvalidOperationException($"The answer has no '{member}': {Text}");

    /// <summary>The text of a member.</summary>
    public string Value(string member) => this[member].GetValue<string>();

    /// <summary>The amount of a member that is money.</summary>
    public string Amount(string member) => this[member]["amount"]!.GetValue<string>();

    public Guid Id => Guid.Parse(Value("id"));
}

/// <summary>A partner's program: calls the service with one key, as anybody outside would.</summary>
public sealed class TenantClient(HttpClient http, string tenant, string key)
{
    public string Tenant { get; } = tenant;

    public string Key { get; } = key;

    public TenantClient With(string otherKey) => new(http, Tenant, otherKey);

    public Task<Reply> Get(string path, HttpStatusCode expect = HttpStatusCode.OK) =>
        Send(new HttpRequestMessage(HttpMethod.Get, path), expect);

    /// <summary>Posts under a new idempotency key, and expects 201 unless something else is said.</summary>
    public Task<Reply> Post(string path, object body, HttpStatusCode expect = HttpStatusCode.Created, string? idempotencyKey = null) =>
        Send(Json(HttpMethod.Post, path, body, idempotencyKey ?? Guid.CreateVersion7().ToString()), expect);

    /// <summary>Posts and expects a refusal or another problem with this code.</summary>
    public async Task<Reply> PostRefused(string path, object body, string code, HttpStatusCode expect = HttpStatusCode.UnprocessableEntity)
    {
        var reply = await Post(path, body, expect);
        Assert.Equal(code, reply.Value("code"));
        return reply;
    }

    public Task<Reply> Patch(string path, object body, string? etag, HttpStatusCode expect = HttpStatusCode.OK)
    {
        var request = Json(HttpMethod.Patch, path, body, idempotencyKey: null);
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        }

        return Send(request, expect);
    }

    public async Task<Reply> Send(HttpRequestMessage request, HttpStatusCode expect)
    {
        using var response = await Answer(request);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == expect, $"{request.Method} {request.RequestUri} was answered {(int)response.StatusCode}: {text}");
        return new Reply(response.StatusCode, JsonNode.Parse(text)!, response.Headers, text);
    }

    /// <summary>Sends a request as it is, with the key unless it names one itself.</summary>
    public Task<HttpResponseMessage> Answer(HttpRequestMessage request)
    {
        if (!request.Headers.Contains("Authorization"))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        }

        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends and tells only the status, where either of two may come.</summary>
    public async Task<HttpStatusCode> StatusOf(HttpRequestMessage request)
    {
        using var response = await Answer(request);
        return response.StatusCode;
    }

    /// <summary>A body is an anonymous object, or text that is sent as it is.</summary>
    public static HttpRequestMessage Json(HttpMethod method, string path, object body, string? idempotencyKey)
    {
        var text = body as string ?? System.Text.Json.JsonSerializer.Serialize(body);
        var request = new HttpRequestMessage(method, path) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        return request;
    }

    /// <summary>Money as requests name it.</summary>
    public static object Idr(long amount) => new { amount = amount.ToString(System.Globalization.CultureInfo.InvariantCulture), currency = "IDR" };
}
