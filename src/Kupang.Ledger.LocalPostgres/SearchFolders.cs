namespace Kupang.Ledger.LocalPostgres;

/// <summary>The folders where the packages of the systems we know put the PostgreSQL server.</summary>
internal static class SearchFolders
{
    /// <summary>A star stands for one folder name, in which the packages write the version.</summary>
    private static readonly string[] Patterns = OperatingSystem.IsWindows()
        ? [@"C:\Program Files\PostgreSQL\*\bin"]
        : OperatingSystem.IsMacOS()
            ?
            [
                "/opt/homebrew/opt/postgresql@*/bin",
                "/usr/local/opt/postgresql@*/bin",
                "/Applications/Postgres.app/Contents/Versions/*/bin",
                "/Library/PostgreSQL/*/bin",
            ]
            :
            [
                "/usr/lib/postgresql/*/bin",
                "/usr/pgsql-*/bin",
                "/usr/lib/postgresql*/bin",
                "/usr/lib64/postgresql-*/bin",
                "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
            ];

    /// <summary>Those of PATH first: among equally new versions, the first one found is taken.</summary>
    public static IReadOnlyList<string> OfThisSystem() => [.. OfPath(), .. Patterns.SelectMany(Expand)];

    public static IEnumerable<string> OfPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(Path.IsPathRooted);

    /// <summary>The full path of a program on PATH, if there is one.</summary>
    public static string? ProgramOnPath(string name) =>
        OfPath().Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    public static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        var above = pattern.LastIndexOf(Path.DirectorySeparatorChar, star);
        var below = pattern.IndexOf(Path.DirectorySeparatorChar, star);
        var parent = pattern[..above];
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, pattern[(above + 1)..below])
                .Select(folder => folder + pattern[below..])
                .Where(Directory.Exists)
            : [];
    }
}
