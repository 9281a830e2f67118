using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>What a request was answered with. The body is the connection's own memory: read it before the next request.</summary>
public readonly record struct RawAnswer(int Status, bool IsReplayed, ReadOnlyMemory<byte> Body)
{
    public string Text => Encoding.UTF8.GetString(Body.Span);
}

/// <summary>
/// One kept-alive HTTP/1.1 connection on the loopback address. It sends bytes that are made already and reads no more of
/// an answer than it must, since it shares the cores with the service that it measures.
/// </summary>
public sealed class RawHttpConnection : IDisposable
{
    private const int FirstBuffer = 16 * 1024;
    private const int LargestAnswer = 16 * 1024 * 1024;

    private readonly Socket socket;
    private readonly bool isBlocking;
    private byte[] buffer = new byte[FirstBuffer];
    private int filled;

    private RawHttpConnection(Socket socket, bool isBlocking) => (this.socket, this.isBlocking) = (socket, isBlocking);

    /// <summary>
    /// A connection that waits on the caller's own thread: two system calls a request and nothing else. For a caller with a
    /// thread to itself; everything it awaits here has already come to its end.
    /// </summary>
    public static RawHttpConnection OpenBlocking(int port)
    {
        var opened = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            opened.Connect(new IPEndPoint(IPAddress.Loopback, port));
            return new RawHttpConnection(opened, isBlocking: true);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public static async Task<RawHttpConnection> OpenAsync(int port, CancellationToken cancellation)
    {
        var opened = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await opened.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            return new RawHttpConnection(opened, isBlocking: false);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Sends one whole request and reads its answer. After a failure the connection is of no more use.</summary>
    /// <exception cref="IOException">The other side closed the connection, or what it said is not an answer.</exception>
    /// <exception cref="SocketException">The connection broke.</exception>
    public async ValueTask<RawAnswer> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation = default)
    {
        while (request.Length > 0)
        {
            request = request[(isBlocking ? socket.Send(request.Span) : await socket.SendAsync(request, cancellation))..];
        }

        filled = 0;
        int headEnd;
        while ((headEnd = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await Receive(cancellation);
        }

        var head = AnswerHead.Read(buffer.AsSpan(0, headEnd));
        var start = headEnd + 4;
        if (head.IsChunked)
        {
            return new RawAnswer(head.Status, head.IsReplayed, await ReadChunks(start, cancellation));
        }

        while (filled < start + head.Length)
        {
            await Receive(cancellation);
        }

        return new RawAnswer(head.Status, head.IsReplayed, buffer.AsMemory(start, head.Length));
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask Receive(CancellationToken cancellation)
    {
        if (filled == buffer.Length)
        {
            Array.Resize(
                ref buffer, buffer.Length < LargestAnswer ? buffer.Length * 2 : throw new IOException("The answer is too large."));
        }

        var received = isBlocking ? socket.Receive(buffer.AsSpan(filled)) : await socket.ReceiveAsync(buffer.AsMemory(filled), cancellation);
        filled += received > 0 ? received : throw new IOException("The connection was closed before the answer was complete.");
    }

    /// <summary>Moves the chunks together, over the sizes that stand between them.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> ReadChunks(int start, CancellationToken cancellation)
    {
        var (end, next) = (start, start);
        while (true)
        {
            int lineEnd;
            while ((lineEnd = buffer.AsSpan(next, filled - next).IndexOf("\r\n"u8)) < 0)
            {
                await Receive(cancellation);
            }

            var size = ChunkSize(buffer.AsSpan(next, lineEnd));
            var data = next + lineEnd + 2;
            while (filled < data + size + 2)
            {
                await Receive(cancellation);
            }

            if (size == 0)
            {
                return buffer.AsMemory(start, end - start);
            }

            buffer.AsSpan(data, size).CopyTo(buffer.AsSpan(end));
            (end, next) = (end + size, data + size + 2);
        }
    }

    private static int ChunkSize(ReadOnlySpan<byte> line) =>
        System.Buffers.Text.Utf8Parser.TryParse(line, out int size, out _, 'x') && size is >= 0 and <= LargestAnswer
            ? size
            : throw new IOException("The answer has a chunk of no size.");

    /// <summary>The few things of a head that are looked at.</summary>
    private readonly record struct AnswerHead(int Status, int Length, bool IsChunked, bool IsReplayed)
    {
        public static AnswerHead Read(ReadOnlySpan<byte> head)
        {
            if (head.Length < 12 || !head.StartsWith("HTTP/1.1 "u8) || !TryNumber(head.Slice(9, 3), out var status))
            {
                throw new IOException("What came back is no HTTP answer.");
            }

            var (length, isChunked, isReplayed) = (0, false, false);
            while (head.IndexOf("\r\n"u8) is var lineEnd and >= 0)
            {
                head = head[(lineEnd + 2)..];
                if (ValueOf(head, "content-length:"u8) is { Length: > 0 } digits)
                {
                    length = TryNumber(digits, out var number) && number <= LargestAnswer ? number : throw new IOException("The answer has no proper length.");
                }
                else if (ValueOf(head, "transfer-encoding:"u8) is { Length: > 0 })
                {
                    isChunked = true;
                }
                else if (ValueOf(head, "idempotent-replayed:"u8) is { Length: > 0 } value)
                {
                    isReplayed = value.SequenceEqual("true"u8);
                }
            }

            return new AnswerHead(status, length, isChunked, isReplayed);
        }

        private static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name)
        {
            if (rest.Length < name.Length || !Ascii.EqualsIgnoreCase(rest[..name.Length], name))
            {
                return default;
            }

            var line = rest.IndexOf("\r\n"u8) is var end and >= 0 ? rest[..end] : rest;
            return line[name.Length..].Trim((byte)' ');
        }

        private static bool TryNumber(ReadOnlySpan<byte> digits, out int number) =>
            System.Buffers.Text.Utf8Parser.TryParse(digits, out number, out var read) && read == digits.Length && number >= 0;
    }
}
