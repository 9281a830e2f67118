using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>The few calls of Linux and macOS that .NET has no name for.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class Posix
{
    private const int Interrupt = 2;
    private const int ReadOnly = 0;

    public static uint UserId => geteuid();

    public static uint GroupId => getegid();

    public static void ChangeOwner(string path, ServerUser owner) =>
        Check(chown(path, owner.UserId, owner.GroupId), $"The owner of {path} cannot be changed");

    /// <summary>SIGINT, which PostgreSQL takes as: roll back what is open, write everything down, and stop.</summary>
    public static bool TryInterrupt(int processId) => kill(processId, Interrupt) == 0;

    /// <summary>A renamed folder is only safe from a power cut once the folder above it is on the disk.</summary>
    public static void FlushFolder(string path)
    {
        var folder = open(path, ReadOnly);
        Check(folder, $"{path} cannot be opened");
        try
        {
            Check(fsync(folder), $"{path} cannot be written to the disk");
        }
        finally
        {
            // Nothing was written through this handle, so there is nothing that closing it could lose.
            _ = close(folder);
        }
    }

    private static void Check(int result, string failure)
    {
        if (result < 0)
        {
            throw new IOException($"{failure}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial uint getegid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint owner, uint group);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int processId, int signal);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int file);
}
