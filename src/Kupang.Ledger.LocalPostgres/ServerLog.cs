namespace Kupang.Ledger.LocalPostgres;

/// <summary>What the server has said since a moment, in the file for its first words and in its own log.</summary>
internal sealed class ServerLog
{
    private readonly ClusterFiles files;
    private readonly Dictionary<string, long> lengths;

    public ServerLog(ClusterFiles files)
    {
        this.files = files;
        lengths = Files().ToDictionary(file => file, file => new FileInfo(file).Length, StringComparer.Ordinal);
    }

    /// <summary>The sentence after FATAL is the reason why a server gave up.</summary>
    public string Complaint
    {
        get
        {
            var lines = NewLines().ToList();
            var reason = lines.FindLast(line => line.Contains("FATAL:", StringComparison.Ordinal))
                ?? lines.FindLast(line => line.Contains("ERROR:", StringComparison.Ordinal))
                ?? lines.LastOrDefault()
                ?? "it said nothing";
            return reason.Split("FATAL:", 2)[^1].Trim();
        }
    }

    public bool Says(string words) => NewLines().Any(line => line.Contains(words, StringComparison.Ordinal));

    private IEnumerable<string> NewLines()
    {
        foreach (var file in Files())
        {
            // The server may still be writing to it.
            using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var before = lengths.GetValueOrDefault(file);
            // A log of a week ago is emptied before it is used again.
            stream.Position = before <= stream.Length ? before : 0;
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                yield return line;
            }
        }
    }

    private IEnumerable<string> Files() =>
        (Directory.Exists(files.LogFolder) ? Directory.EnumerateFiles(files.LogFolder) : []).Append(files.StartLog);
}
