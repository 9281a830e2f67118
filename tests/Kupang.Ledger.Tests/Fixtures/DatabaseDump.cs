using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using Xunit;

namespace Kupang.Ledger.Tests.Fixtures;

/// <summary>A database as a backup holds it: by <c>pg_dump</c> where the server's own stands beside it, else table by table.</summary>
internal static class DatabaseDump
{
    private const string Tables =
        """
        select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'm') and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
        """;

    public static async Task<string> Take(string ownerConnectionString)
    {
        await using var source = NpgsqlDataSource.Create(ownerConnectionString);
        var folder = (await Texts(source, "select setting from pg_config where name = 'BINDIR'")).Single();
        var program = Path.Combine(folder, OperatingSystem.IsWindows() ? "pg_dump.exe" : "pg_dump");
        return File.Exists(program) ? await Run(program, new NpgsqlConnectionStringBuilder(ownerConnectionString)) : await Copy(source);
    }

    private static async Task<string> Run(string program, NpgsqlConnectionStringBuilder login)
    {
        var start = new ProcessStartInfo(
            program,
            ["--host", login.Host!, "--port", login.Port.ToString(CultureInfo.InvariantCulture), "--username", login.Username!, login.Database!])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            Environment = { ["PGPASSWORD"] = login.Password },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var dump = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return dump;
    }

    private static async Task<string> Copy(NpgsqlDataSource source)
    {
        var dump = new StringBuilder();
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        foreach (var table in await Texts(source, Tables))
        {
            dump.Append("COPY ").AppendLine(table);
            using var rows = await connection.BeginTextExportAsync($"copy {table} to stdout", TestContext.Current.CancellationToken);
            dump.AppendLine(await rows.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        return dump.ToString();
    }

    private static async Task<List<string>> Texts(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> texts = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}
