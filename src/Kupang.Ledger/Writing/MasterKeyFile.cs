using System.Security.Cryptography;

namespace Kupang.Ledger.Writing;

/// <summary>Where the master key comes from: the configuration, else a file that is made at the first start and said loudly.</summary>
public static class MasterKeyFile
{
    public const string FileName = "master.key";

    /// <param name="mayMake">Asked where there is no key: whether one may be made, which it may not for a database that was made with one.</param>
    /// <exception cref="StartupProblem">The key is missing or not 32 bytes of base64, or its file can't be read or made.</exception>
    public static async Task<MasterKey> Find(IConfiguration configuration, string stateFolder, Func<Task<bool>> mayMake, Action<string> report)
    {
        if (configuration["Ledger:MasterKey"] is { Length: > 0 } given)
        {
            return Parse(given, "Ledger__MasterKey");
        }

        var path = configuration["Ledger:MasterKeyFile"] is { Length: > 0 } named ? named : Path.Combine(stateFolder, FileName);
        try
        {
            if (!File.Exists(path))
            {
                if (!await mayMake())
                {
                    throw new StartupProblem(
                        $"The master key is missing: this database was made with one, and there is no {path}. "
                        + "Set Ledger__MasterKey, or put the copy of the file back.");
                }

                Make(path);
                report($"A new master key was made in {path}. Keep a copy of it somewhere else: without it no name in this ledger can ever be read again.");
            }

            return Parse((await File.ReadAllTextAsync(path)).Trim(), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupProblem($"The master key file {path} can't be read or made: {failure.Message}", failure);
        }
    }

    private static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new StreamWriter(path, options);
        stream.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Length)));
    }

    private static MasterKey Parse(string text, string source)
    {
        Span<byte> bytes = stackalloc byte[MasterKey.Length + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == MasterKey.Length
            ? new MasterKey(bytes[..length].ToArray())
            : throw new StartupProblem($"The master key in {source} is not {MasterKey.Length} bytes written in base64.");
    }
}
