using System.Diagnostics;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>
/// A lock on a file that the system takes back when its process dies, however it dies. Many may share it, or one may
/// own it. On Linux and macOS it is <c>flock</c>, so the guard's <c>flock</c> command sees it too.
/// </summary>
internal sealed class FileLease : IDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(25);

    // What .NET puts into HResult when another process has the lock: EWOULDBLOCK of Linux and of macOS, and Windows'
    // sharing violation.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream file;

    private FileLease(FileStream file) => this.file = file;

    /// <summary>Null if others have kept the lock for longer than our patience.</summary>
    public static Task<FileLease?> OwnAsync(string path, TimeSpan patience, CancellationToken cancellation) =>
        Wait(() => Try(path, FileAccess.ReadWrite, FileShare.None), patience, cancellation);

    /// <inheritdoc cref="OwnAsync"/>
    public static Task<FileLease?> ShareAsync(string path, TimeSpan patience, CancellationToken cancellation) =>
        Wait(() => Try(path, FileAccess.Read, FileShare.Read), patience, cancellation);

    public void Dispose() => file.Dispose();

    private static async Task<FileLease?> Wait(
        Func<FileLease?> attempt,
        TimeSpan patience,
        CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (attempt() is { } lease)
            {
                return lease;
            }

            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                return null;
            }

            await Task.Delay(BetweenTries, cancellation);
        }
    }

    private static FileLease? Try(string path, FileAccess access, FileShare share)
    {
        try
        {
            return new FileLease(new FileStream(path, FileMode.OpenOrCreate, access, share, bufferSize: 1));
        }
        catch (IOException held) when (HeldByAnother.Contains(held.HResult))
        {
            // There is no way to ask beforehand: trying is how one learns that the lock is taken.
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            throw new LocalPostgresException(
                $"{path} belongs to another user; start the ledger as that user, or choose another folder.");
        }
    }
}
