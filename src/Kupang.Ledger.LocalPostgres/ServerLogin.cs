using Npgsql;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>How to log in to the private server: its superuser, over the loopback address, by password.</summary>
internal static class ServerLogin
{
    public static string ConnectionString(ClusterNotes notes, string database, bool pooling = true) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = notes.Port,
            Username = "postgres",
            Password = notes.Password,
            Database = database,
            // Nothing leaves this machine, and asking for encryption would only cost a round trip.
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = pooling,
        }.ConnectionString;
}
