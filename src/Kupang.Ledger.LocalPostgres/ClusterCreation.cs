using System.Globalization;
using System.Security.Cryptography;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>Makes an empty cluster. A crash on the way leaves a folder that the next attempt throws away.</summary>
internal static class ClusterCreation
{
    private const int PasswordBytes = 24;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Only what holds wherever the folder stands; the port and the like are given at each start. The log keeps a week.
    /// </summary>
    private const string Settings = """

        # Kupang Ledger's private server: for programs on this machine only.
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        ssl = off
        password_encryption = 'scram-sha-256'
        max_connections = 200
        timezone = 'UTC'
        log_timezone = 'UTC'
        logging_collector = on
        log_directory = '../log'
        log_filename = 'postgresql-%a.log'
        log_rotation_age = 1d
        log_rotation_size = 0
        log_truncate_on_rotation = on
        log_line_prefix = '%m [%p] %q%u@%d '

        """;

    public static async Task<Cluster> CreateAsync(
        ClusterFiles files,
        PostgresBinaries binaries,
        ServerUser? user,
        bool throwAwayData,
        CancellationToken cancellation)
    {
        var cluster = new Cluster(files.DataFolder(binaries.MajorVersion), binaries.MajorVersion);
        var unfinished = cluster.DataFolder + ".part";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        // An older cluster beside it goes on with its password.
        var notes = files.ReadNotes() ?? new ClusterNotes(LoopbackPort.Choose(), NewPassword(), user, binaries.Folder);
        notes = notes with { User = user };
        files.WriteNotes(notes);

        foreach (var folder in (string[])[unfinished, files.LogFolder])
        {
            ClusterFiles.CreateFolder(folder, othersMayPassThrough: false);
            ClusterFiles.GiveTo(user, folder);
        }

        // Without a locale the order of text never changes with the libraries of the system.
        var passwordFile = Path.Combine(files.StateFolder, "password.part");
        await InitializeAsync(
            [
                binaries.InitDb, "--pgdata", unfinished, "--username", "postgres", "--pwfile", passwordFile,
                "--auth", "scram-sha-256", "--data-checksums", "--encoding", "UTF8", "--no-locale", "--no-instructions",
                .. throwAwayData ? (string[])["--no-sync"] : [],
            ],
            passwordFile,
            notes,
            cancellation);
        await File.AppendAllTextAsync(Path.Combine(unfinished, "postgresql.conf"), Settings, cancellation);

        Directory.Move(unfinished, cluster.DataFolder);
        if (!OperatingSystem.IsWindows())
        {
            Posix.FlushFolder(files.StateFolder);
        }

        return cluster;
    }

    private static async Task InitializeAsync(
        string[] command,
        string passwordFile,
        ClusterNotes notes,
        CancellationToken cancellation)
    {
        ClusterFiles.WriteSecret(passwordFile, notes.Password, notes.User);
        try
        {
            var result = await Command.RunAsync(RunAs.Prefix(notes.User, command), Patience, cancellation);
            if (!result.Succeeded)
            {
                var user = notes.User is { } named
                    ? string.Create(CultureInfo.InvariantCulture, $", run as the user {named.UserId},")
                    : "";
                throw new LocalPostgresException(
                    $"PostgreSQL's initdb{user} could not create the database in {Path.GetDirectoryName(passwordFile)} "
                    + $"({result.Complaint}).");
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes));
}
