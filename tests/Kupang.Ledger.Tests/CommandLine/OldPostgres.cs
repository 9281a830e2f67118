using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kupang.Ledger.Tests.CommandLine;

/// <summary>A server that lets everybody in and says that it is PostgreSQL of another version. It knows no statements.</summary>
internal sealed class OldPostgres : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task serving;

    public OldPostgres(string version)
    {
        listener.Start();
        serving = Serve(version);
    }

    /// <summary>Without what a client would have to ask about types.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1;Port={((IPEndPoint)listener.LocalEndpoint).Port};Database=ledger;Username=x;"
        + "SSL Mode=Disable;GSS Encryption Mode=Disable;Server Compatibility Mode=NoTypeLoading;Pooling=false";

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await serving;
        listener.Stop();
        stopping.Dispose();
    }

    private async Task Serve(string version)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stopping.Token);
                await Greet(client.GetStream(), version);
            }
        }
        catch (OperationCanceledException)
        {
            // It was stopped.
        }
    }

    private static async Task Greet(NetworkStream stream, string version)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length);
        await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4]);
        byte[] greeting =
        [
            .. Message('R', [0, 0, 0, 0]),
            .. Message('S', Encoding.ASCII.GetBytes($"server_version\0{version}\0")),
            .. Message('S', "client_encoding\0UTF8\0"u8.ToArray()),
            .. Message('S', "standard_conforming_strings\0on\0"u8.ToArray()),
            .. Message('K', [0, 0, 0, 1, 0, 0, 0, 1]),
            .. Message('Z', [(byte)'I']),
        ];
        await stream.WriteAsync(greeting);

        // Until the client says goodbye.
        _ = await stream.ReadAtLeastAsync(new byte[5], 5, throwOnEndOfStream: false);
    }

    private static byte[] Message(char type, byte[] content)
    {
        var message = new byte[content.Length + 5];
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), content.Length + 4);
        content.CopyTo(message, 5);
        return message;
    }
}
