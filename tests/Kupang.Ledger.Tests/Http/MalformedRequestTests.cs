using System.Net;
using System.Net.Sockets;
using System.Text;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;

namespace Kupang.Ledger.Tests.Http;

/// <summary>
/// What is not even a request of HTTP: the web server itself turns it away before anything of the ledger runs, with a bare
/// status, and closes the connection.
/// </summary>
public sealed class MalformedRequestTests(LedgerService service)
{
    [Fact]
    public async Task It_is_turned_away_and_the_service_goes_on()
    {
        await using var node = await service.StartNode();

        await AssertTurnedAway(node, 400, "GET /v1/funds/%00 HTTP/1.1", "Host: x");
        await AssertTurnedAway(node, 400, "GET /v1/funds HTTP/1.1");
        await AssertTurnedAway(node, 400, "GET /v1/funds HTTP/1.1", "Host: x", "A\0: b");
        await AssertTurnedAway(node, 400, "nonsense");
        await AssertTurnedAway(node, 505, "GET /v1/funds HTTP/9.9", "Host: x");
        await AssertTurnedAway(node, 431, "GET /v1/funds HTTP/1.1", "Host: x", $"Accept: {new string('x', 40_000)}");
        await AssertTurnedAway(node, 414, $"GET /v1/funds?number={new string('x', 9_000)} HTTP/1.1", "Host: x");

        await node.For(await service.NewTenant()).Get("/v1/funds");
    }

    private static async Task AssertTurnedAway(LedgerNode node, int status, params string[] lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, node.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);

        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 0", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Server:", answer, StringComparison.Ordinal);
    }
}
