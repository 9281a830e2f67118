using System.Buffers;
using System.Text.Json;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Http;

/// <summary>An answer on its way out: the kept bytes, with the texts about persons opened, and an API key made once.</summary>
public sealed class StoredJson(
    string tenant, int status, ReadOnlyMemory<byte> body, string? location = null, bool replayed = false, string? etag = null) : IResult
{
    private static readonly byte[] Mark = "\\u0001"u8.ToArray();

    /// <summary>An answer to a read, from a value.</summary>
    public static StoredJson Of(string tenant, object value, string? etag = null) =>
        new(tenant, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), LedgerJson.Options), etag: etag);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var opened = body.Span.IndexOf(Mark) < 0
            ? body
            : await Open(httpContext.RequestServices, httpContext.RequestAborted);
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = opened.Length;
        response.Headers.CacheControl = "no-store";
        if (location is not null)
        {
            response.Headers.Location = location;
        }

        if (replayed)
        {
            response.Headers["Idempotent-Replayed"] = "true";
        }

        if (etag is not null)
        {
            response.Headers.ETag = etag;
        }

        await response.Body.WriteAsync(opened, httpContext.RequestAborted);
    }

    private async Task<ReadOnlyMemory<byte>> Open(IServiceProvider services, CancellationToken cancellation)
    {
        var tenantKey = await services.GetRequiredService<TenantKeys>().Of(tenant, cancellation);
        using var document = JsonDocument.Parse(body);
        HashSet<Guid> subjects = [];
        Collect(document.RootElement, subjects);
        var keys = await services.GetRequiredService<SubjectKeys>().Of(tenant, subjects, cancellation);
        var buffer = new ArrayBufferWriter<byte>(body.Length);
        await using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = LedgerJson.Options.Encoder }))
        {
            Write(document.RootElement, writer, keys, tenantKey);
        }

        return buffer.WrittenMemory;
    }

    private static void Collect(JsonElement element, HashSet<Guid> subjects)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    Collect(member.Value, subjects);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item, subjects);
                }

                break;
            case JsonValueKind.String when Personal.Parse(element.GetString()!) is { } personal:
                subjects.Add(personal.Subject);
                break;
        }
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer, IReadOnlyDictionary<Guid, SubjectKey> keys, TenantKey tenantKey)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer, keys, tenantKey);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(item, writer, keys, tenantKey);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String when Personal.Parse(element.GetString()!) is { } personal:
                writer.WriteStringValue(keys.TryGetValue(personal.Subject, out var key) ? key.Decrypt(personal) : SubjectKey.Erased);
                break;
            case JsonValueKind.String when DerivedKey.Parse(element.GetString()!) is { } id:
                writer.WriteStringValue(tenantKey.ApiKeyOf(id));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
