namespace Kupang.Ledger.LocalPostgres;

/// <summary>
/// One user's share in the server: while it is held, nobody stops the server. Except for <see cref="LetGo"/>, it is
/// begun and ended while the start lock is held, so nobody finds a server that is about to be stopped.
/// </summary>
internal sealed class ServerUse(ClusterFiles files, FileLease lease)
{
    private static readonly TimeSpan PatienceToBeAlone = TimeSpan.FromMilliseconds(100);

    private Cluster? cluster;
    private Guard? guard;

    public ClusterFiles Files => files;

    /// <summary>From here on the server is stopped even if this process is killed.</summary>
    public void Begin(Cluster found, ClusterNotes notes)
    {
        cluster = found;
        guard = Guard.Begin(files, found, notes.User);
    }

    public void LetGo() => lease.Dispose();

    /// <summary>Gives the share back, and stops the server if it was the last one.</summary>
    public async Task EndAsync()
    {
        guard?.Dispose();
        LetGo();
        if (cluster is null || files.ReadNotes() is not { } notes)
        {
            return;
        }

        var process = new ServerProcess(files, cluster, report: null);
        using var alone = await FileLease.OwnAsync(files.LeaseLock, PatienceToBeAlone, CancellationToken.None);
        if (alone is not null)
        {
            await process.StopAsync(notes);
        }
        else
        {
            // Others use it, or the guard of one that was killed has begun to stop it.
            await process.WaitWhileStoppingAsync();
        }
    }
}
