using System.Diagnostics;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>
/// Stops the server when all of its users are gone without having said so, be it by kill -9. It is a sleeping
/// <c>flock</c> command in a session of its own: it gets the lock that users share when the last of them is dead, and
/// then asks the server to stop. A parent's death signal to the server would not do: the server has to outlive the
/// process that started it for as long as another one uses it. Where there is no <c>flock</c> (macOS, Windows), a
/// server that was left behind runs on until the next start takes it over.
/// </summary>
internal sealed class Guard : IDisposable
{
    /// <summary>
    /// Makes sure that the process is the server of this folder; holds the lock until the server is gone.
    /// </summary>
    private const string Script = """
        serves() {
            [ "$(cat "/proc/$process/comm" 2>/dev/null)" = postgres ] &&
                tr '\0' '\n' <"/proc/$process/cmdline" 2>/dev/null | grep -qxF -e "$1"
        }
        process=$(head -n 1 "$1/postmaster.pid" 2>/dev/null)
        serves "$1" && kill -INT "$process"
        tries=600
        while [ $tries -gt 0 ] && serves "$1"; do
            sleep 0.1
            tries=$((tries - 1))
        done
        """;

    private readonly Process process;

    private Guard(Process process) => this.process = process;

    public static Guard? Begin(ClusterFiles files, Cluster cluster, ServerUser? user)
    {
        if (!OperatingSystem.IsLinux() || SearchFolders.ProgramOnPath("flock") is not { } flock)
        {
            return null;
        }

        ClusterFiles.GiveTo(user, files.LeaseLock);
        string[] command = [flock, "-x", files.LeaseLock, "/bin/sh", "-c", Script, "guard", cluster.DataFolder];
        return new Guard(ServerProcess.Launch(RunAs.Detached(user, "/dev/null", command)));
    }

    /// <summary>For the user who says goodbye: it was only waiting, so it has nothing to clean up.</summary>
    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }
}
