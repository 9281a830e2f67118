using System.Globalization;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>
/// Command lines that change into another user, or away from our terminal, and then become the program itself.
/// </summary>
internal static class RunAs
{
    /// <summary>
    /// setpriv replaces itself by the program, so the program is our own child and gets our signals; su and runuser
    /// would stay between as a process of root's.
    /// </summary>
    public static IReadOnlyList<string> Prefix(ServerUser? user, IReadOnlyList<string> command)
    {
        if (OperatingSystem.IsWindows() || user is not { IsSomebodyElse: true })
        {
            return command;
        }

        if (Posix.UserId != 0)
        {
            throw new LocalPostgresException(
                $"The database belongs to the user {user.UserId}; start the ledger as that user, or choose another "
                + "folder.");
        }

        var setpriv = SearchFolders.ProgramOnPath("setpriv")
            ?? throw new LocalPostgresException(
                "PostgreSQL does not run as root, and setpriv (of util-linux), which changes into another user, was "
                + "not found; install it, or start the ledger as an ordinary user.");
        return
        [
            setpriv,
            "--reuid", user.UserId.ToString(CultureInfo.InvariantCulture),
            "--regid", user.GroupId.ToString(CultureInfo.InvariantCulture),
            "--clear-groups",
            "--no-new-privs",
            .. command,
        ];
    }

    /// <summary>
    /// A session of its own keeps the terminal's Ctrl-C away from the program, and output that goes to a file keeps our
    /// pipes from being held open by it. The shell, too, replaces itself by the program.
    /// </summary>
    public static IReadOnlyList<string> Detached(ServerUser? user, string outputFile, IReadOnlyList<string> command)
    {
        var setsid = SearchFolders.ProgramOnPath("setsid");
        return
        [
            "/bin/sh", "-c", "exec \"$@\" </dev/null >>\"$0\" 2>&1", outputFile,
            .. Prefix(user, setsid is null ? command : [setsid, .. command]),
        ];
    }
}
