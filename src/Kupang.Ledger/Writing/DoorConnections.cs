using System.Collections.Concurrent;
using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>
/// The door's connections. The one that was used last is used next: the database's process behind it still has plans and
/// pages at hand, where taking them in turn would find each of them cold.
/// </summary>
public sealed class DoorConnections(NpgsqlDataSource database) : IAsyncDisposable
{
    /// <summary>Whoever has a turn may be waiting for another node to let a tenant go; the other tenants do not wait for that.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentStack<NpgsqlConnection> idle = [];

    /// <summary>
    /// How many tenants' batches are under way at once. More than the cores can carry would only cut what waits into more and
    /// smaller batches, and a batch costs more than most commands in it.
    /// </summary>
    private readonly SemaphoreSlim turns = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Waits until it is this tenant's turn, which ends when it is disposed.</summary>
    public async Task<IDisposable?> Turn() => await turns.WaitAsync(LongestWait) ? new TurnTaken(turns) : null;

    /// <summary>Does something on a connection. One on which anything failed is not used again.</summary>
    public async Task Use(Func<NpgsqlConnection, Task> transaction)
    {
        var connection = idle.TryPop(out var last) ? last : await database.OpenConnectionAsync(CancellationToken.None);
        try
        {
            await transaction(connection);
        }
        catch (Exception failure)
        {
            await connection.DisposeAsync();
            if (failure is not PostgresException)
            {
                // The database went away: whatever else is idle leads nowhere either.
                await Close();
            }

            throw;
        }

        idle.Push(connection);
    }

    public ValueTask DisposeAsync() => Close();

    private async ValueTask Close()
    {
        while (idle.TryPop(out var connection))
        {
            await connection.DisposeAsync();
        }
    }

    private sealed class TurnTaken(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
