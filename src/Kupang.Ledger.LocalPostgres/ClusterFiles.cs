using System.Globalization;
using System.Text.Json;

namespace Kupang.Ledger.LocalPostgres;

/// <summary>
/// What must be remembered of a cluster from one start to the next. The user is the one whom the data belongs to (null
/// on Windows); the binaries are those of the last start, so that the server can be stopped by them too.
/// </summary>
internal sealed record ClusterNotes(int Port, string Password, ServerUser? User, string BinFolder);

/// <summary>A cluster on the disk: the folder, and the major version that wrote it.</summary>
internal sealed record Cluster(string DataFolder, int MajorVersion);

/// <summary>The files in the state folder, by name.</summary>
internal sealed class ClusterFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode OthersMayPassThrough = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private ClusterFiles(string stateFolder) => StateFolder = stateFolder;

    public string StateFolder { get; }

    /// <summary>Held alone while a server is started or stopped.</summary>
    public string StartLock => Path.Combine(StateFolder, "start.lock");

    /// <summary>Shared by every process that uses the server.</summary>
    public string LeaseLock => Path.Combine(StateFolder, "lease.lock");

    /// <summary>What the server says before its own log is open.</summary>
    public string StartLog => Path.Combine(StateFolder, "start.log");

    public string LogFolder => Path.Combine(StateFolder, "log");

    public string NpmFolder => Path.Combine(StateFolder, "npm");

    private string NotesFile => Path.Combine(StateFolder, "cluster.json");

    public string DataFolder(int majorVersion) =>
        Path.Combine(StateFolder, string.Create(CultureInfo.InvariantCulture, $"pg{majorVersion}"));

    /// <summary>Makes the folder when it is missing, and proves that it can be written to.</summary>
    public static ClusterFiles Open(string stateFolder)
    {
        var files = new ClusterFiles(Path.GetFullPath(stateFolder));
        try
        {
            if (!Directory.Exists(files.StateFolder))
            {
                CreateFolder(files.StateFolder, Environment.IsPrivilegedProcess);
            }

            new FileStream(files.StartLog, FileMode.Append, FileAccess.Write, FileShare.ReadWrite).Dispose();
            return files;
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new LocalPostgresException(
                $"The folder for the database, {files.StateFolder}, cannot be written to "
                + $"({refused.Message.TrimEnd('.')}); make it writable or choose another one.");
        }
    }

    /// <summary>The cluster of the newest major version, if there is any.</summary>
    public Cluster? FindCluster() =>
        Directory.EnumerateDirectories(StateFolder, "pg*")
            .Where(folder => int.TryParse(Path.GetFileName(folder)[2..], CultureInfo.InvariantCulture, out _))
            .Select(folder => (Folder: folder, Version: Path.Combine(folder, "PG_VERSION")))
            .Where(found => File.Exists(found.Version))
            .Select(found => new Cluster(
                found.Folder, int.Parse(File.ReadAllText(found.Version).Trim(), CultureInfo.InvariantCulture)))
            .MaxBy(cluster => cluster.MajorVersion);

    public ClusterNotes? ReadNotes()
    {
        try
        {
            return File.Exists(NotesFile)
                ? JsonSerializer.Deserialize<ClusterNotes>(File.ReadAllText(NotesFile), Readable)
                : null;
        }
        catch (UnauthorizedAccessException)
        {
            throw new LocalPostgresException(
                $"The database in {StateFolder} belongs to another user, who alone may read {NotesFile}; "
                + "start the ledger as that user or choose another folder.");
        }
        catch (JsonException)
        {
            throw new LocalPostgresException(
                $"{NotesFile}, which holds the password of the database, is damaged; put it back from a backup.");
        }
    }

    public ClusterNotes ReadNotesOf(Cluster cluster) =>
        ReadNotes() ?? throw new LocalPostgresException(
            $"{NotesFile}, which holds the password of the database in {cluster.DataFolder}, is missing; put it "
            + "back from a backup, or move both away to begin with an empty database.");

    /// <summary>
    /// Written beside the old file and put in its place, so a crash leaves either the old or the new.
    /// </summary>
    public void WriteNotes(ClusterNotes notes)
    {
        var fresh = NotesFile + ".part";
        WriteSecret(fresh, JsonSerializer.Serialize(notes, Readable), notes.User);
        File.Move(fresh, NotesFile, overwrite: true);
    }

    public static void WriteSecret(string path, string text, ServerUser? owner)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(path, options))
        {
            using var writer = new StreamWriter(file, leaveOpen: true);
            writer.Write(text);
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        GiveTo(owner, path);
    }

    public static void CreateFolder(string path, bool othersMayPassThrough)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        var mode = othersMayPassThrough ? OwnerOnlyFolder | OthersMayPassThrough : OwnerOnlyFolder;
        Directory.CreateDirectory(path, mode);
        // A strict umask would take away what the server's user needs.
        File.SetUnixFileMode(path, mode);
    }

    /// <summary>Gives a file or a folder to the user that the server runs as, where that is not us.</summary>
    public static void GiveTo(ServerUser? owner, string path)
    {
        if (!OperatingSystem.IsWindows() && owner is { IsSomebodyElse: true })
        {
            Posix.ChangeOwner(path, owner);
        }
    }
}
