using System.Security.Cryptography;
using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>One thing the service can't work without.</summary>
public sealed record HealthCheck(string Name, HealthStatus Status);

public enum HealthStatus
{
    Ok,
    Failed,

    /// <summary>It can't be told, because something before it failed.</summary>
    Unknown,
}

/// <summary>Whether the service can take commands now: one cheap query and a look at the door.</summary>
public sealed class ServiceHealth(
    NpgsqlDataSource dataSource, MasterKey masterKey, Door door, TimeProvider clock, ILogger<ServiceHealth> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyList<HealthCheck>> Check(CancellationToken cancellation)
    {
        var found = await Look(cancellation);
        return
        [
            new HealthCheck("database", found is null ? HealthStatus.Failed : HealthStatus.Ok),
            new HealthCheck("service-role", StatusOf(found, found?.Role == LedgerDatabase.ServiceRole)),
            new HealthCheck("schema-version", StatusOf(found, found?.SchemaVersion == LedgerDatabase.SchemaVersion)),
            new HealthCheck("master-key", StatusOf(found, CryptographicOperations.FixedTimeEquals(found?.MasterKeyCheck, masterKey.CheckValue))),
            new HealthCheck("door", door.IsOpen ? HealthStatus.Ok : HealthStatus.Failed),
        ];
    }

    private static HealthStatus StatusOf(Installed? found, bool isRight) =>
        found is null ? HealthStatus.Unknown : isRight ? HealthStatus.Ok : HealthStatus.Failed;

    private async Task<Installed?> Look(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await using var command = dataSource.CreateCommand("select current_user::text, schema_version, master_key_check from ledger.installation");
            await using var reader = await command.ExecuteReaderAsync(either.Token);
            return await reader.ReadAsync(either.Token)
                ? new Installed(reader.GetString(0), reader.GetInt32(1), reader.IsDBNull(2) ? [] : await reader.GetFieldValueAsync<byte[]>(2, either.Token))
                : null;
        }
        catch (Exception failure) when (IsAway(failure) && !cancellation.IsCancellationRequested)
        {
            log.LogWarning(failure, "The database does not answer");
            return null;
        }
    }

    /// <summary>Whatever the database or the way to it says: a wrong password or a missing table is no less an absence.</summary>
    private static bool IsAway(Exception failure) =>
        failure is NpgsqlException or OperationCanceledException || TenantWriter.IsTransient(failure);

    private sealed record Installed(string Role, int SchemaVersion, byte[] MasterKeyCheck);
}
