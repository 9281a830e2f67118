using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Serialization;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>
/// The user of the system that the server runs as. PostgreSQL refuses to run as root, so root's server runs as
/// <c>postgres</c>, or as <c>nobody</c> where there is no such user.
/// </summary>
internal sealed record ServerUser(uint UserId, uint GroupId)
{
    private static readonly string[] Candidates = ["postgres", "nobody"];

    /// <summary>Whether this process has to change into another user to start the server.</summary>
    [JsonIgnore]
    [UnsupportedOSPlatform("windows")]
    public bool IsSomebodyElse => UserId != Posix.UserId;

    /// <summary>Null on Windows, where the server drops an administrator's rights by itself.</summary>
    public static ServerUser? ForNewCluster()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        if (Posix.UserId != 0)
        {
            return new ServerUser(Posix.UserId, Posix.GroupId);
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new LocalPostgresException(
                "PostgreSQL does not run as root; start the ledger as an ordinary user or give it a connection "
                + "string.");
        }

        // name:password:user:group:...
        var users = File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .Where(field => field.Length > 3)
            .DistinctBy(field => field[0], StringComparer.Ordinal)
            .ToDictionary(field => field[0], StringComparer.Ordinal);
        var name = Candidates.FirstOrDefault(users.ContainsKey)
            ?? throw new LocalPostgresException(
                "PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.");
        var user = users[name];
        return new ServerUser(
            uint.Parse(user[2], CultureInfo.InvariantCulture),
            uint.Parse(user[3], CultureInfo.InvariantCulture));
    }
}
