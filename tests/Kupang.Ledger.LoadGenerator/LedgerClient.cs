using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>A tenant and a key of it with every scope.</summary>
public sealed record LoadTenant(string Name, string ApiKey);

/// <summary>One caller with one connection, for everything that is not measured.</summary>
public sealed class LedgerClient(RawHttpConnection connection, LoadTenant tenant) : IDisposable
{
    public static async Task<LedgerClient> OpenAsync(int port, LoadTenant tenant, CancellationToken cancellation) =>
        new(await RawHttpConnection.OpenAsync(port, cancellation), tenant);

    public LoadTenant Tenant => tenant;

    public ValueTask<RawAnswer> Get(string path, CancellationToken cancellation) => connection.SendAsync(
        Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {tenant.ApiKey}\r\n\r\n")),
        cancellation);

    /// <summary>Posts under a new key, and expects that something was made.</summary>
    public async Task Make(string path, object body, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {tenant.ApiKey}\r\nContent-Type: application/json\r\n"
            + $"Idempotency-Key: {Guid.CreateVersion7()}\r\nContent-Length: {bytes.Length}\r\n\r\n"));
        var answer = await connection.SendAsync((byte[])[.. head, .. bytes], cancellation);
        if (answer.Status != 201)
        {
            throw new LoadFailure($"POST {path} was answered {answer.Status}: {answer.Text}");
        }
    }

    public void Dispose() => connection.Dispose();
}

/// <summary>Something did not go as a load run needs it; the sentence is for the person who started it.</summary>
public sealed class LoadFailure(string sentence, Exception? cause = null) : Exception(sentence, cause);
