using Kupang.Ledger.Writing;
using Npgsql;
using Xunit;

namespace Kupang.Ledger.Tests.Fixtures;

/// <summary>Holds a tenant's lock, as another node would, so that commands pile up at the door.</summary>
public sealed class HeldTenant : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private HeldTenant(NpgsqlConnection connection) => this.connection = connection;

    public static async Task<HeldTenant> Of(LedgerService service, TenantClient partner)
    {
        var owner = await service.OpenOwnerConnection();
        await using var command = new NpgsqlCommand("select pg_advisory_lock($1)", owner)
        {
            Parameters = { new NpgsqlParameter { Value = EventIds.LockOf(partner.Tenant) } },
        };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new HeldTenant(owner);
    }

    /// <summary>Until the writer stands at the lock.</summary>
    public async Task UntilWaiting()
    {
        await using var waiting = new NpgsqlCommand(
            "select exists (select from pg_locks mine join pg_locks theirs using (locktype, classid, objid, objsubid) "
            + "where mine.pid = pg_backend_pid() and mine.locktype = 'advisory' and mine.granted and not theirs.granted)",
            connection);
        while (!(bool)(await waiting.ExecuteScalarAsync(TestContext.Current.CancellationToken))!)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async Task ReleaseWhenWaiting()
    {
        await UntilWaiting();
        await using var release = new NpgsqlCommand("select pg_advisory_unlock_all()", connection);
        await release.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
