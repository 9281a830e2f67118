using System.Globalization;
using Kupang.Ledger.LocalPostgres;
using Npgsql;
using Xunit;

namespace Kupang.Ledger.Tests.LocalPostgres;

public sealed class FirstStartTests(StateFolder folder) : IClassFixture<StateFolder>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_creates_a_cluster_and_a_later_one_finds_what_was_written()
    {
        using var own = new StateFolder();
        var binaries = await PostgresBinaries.FindAsync(own.Options, own.Files, cluster: null, Cancellation);
        // What a crash in the middle of the first start leaves behind.
        var unfinished = Directory.CreateDirectory(own.Files.DataFolder(binaries.MajorVersion) + ".part").FullName;
        await File.WriteAllTextAsync(Path.Combine(unfinished, "PG_VERSION"), "half made", Cancellation);

        var lines = new List<string>();
        int port;
        var reporting = own.Options with { Report = lines.Add };
        await using (var first = await LocalPostgresServer.StartAsync(reporting, Cancellation))
        {
            port = first.Port;
            Assert.Equal(binaries.MajorVersion, first.MajorVersion);
            Assert.Equal(own.Files.DataFolder(binaries.MajorVersion), first.DataFolder);
            await StateFolder.Query(first, "create table kept (what text)");
            await StateFolder.Query(first, "insert into kept values ('rupiah')");
        }

        Assert.Null(own.ServerProcess());
        Assert.Equal(
            [$"Creating the database folder in {own.Path}…", $"Starting PostgreSQL {binaries.MajorVersion}…"], lines);

        await using var later = await own.Start();
        Assert.Equal("rupiah", await StateFolder.Query(later, "select what from kept"));
        Assert.Equal(port, later.Port);
        Assert.False(Directory.Exists(unfinished));
    }

    [Fact]
    public async Task The_server_is_safe_by_default()
    {
        var options = folder.Options with { ThrowAwayData = false };
        await using var server = await LocalPostgresServer.StartAsync(options, Cancellation);
        const string Settings =
            """
            select string_agg(name || '=' || setting, ' ' order by name collate "C") from pg_settings
            where name in ('TimeZone', 'data_checksums', 'fsync', 'full_page_writes', 'listen_addresses',
                'password_encryption', 'server_encoding', 'synchronous_commit', 'unix_socket_directories')
            """;
        Assert.Equal(
            "TimeZone=UTC data_checksums=on fsync=on full_page_writes=on listen_addresses=127.0.0.1 "
            + "password_encryption=scram-sha-256 server_encoding=UTF8 synchronous_commit=on unix_socket_directories=",
            await StateFolder.Query(server, Settings));
    }

    [Fact]
    public async Task Only_test_data_is_kept_without_waiting_for_the_disk()
    {
        await using var server = await folder.Start();
        Assert.Equal("off", await StateFolder.Query(server, "select current_setting('fsync')"));
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_password_which_only_its_owner_can_read()
    {
        await using var server = await folder.Start();
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres")) { Password = "postgres" };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Cancellation));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);

        var password = new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres")).Password!;
        Assert.Equal(192 / 4, password.Length);
        var notes = Path.Combine(folder.Path, "cluster.json");
        Assert.Contains(password, await File.ReadAllTextAsync(notes, Cancellation), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(notes));
        }
    }

    /// <summary>
    /// Written for Linux, which tells whose process it is: its real, effective, saved and file system user.
    /// </summary>
    [Fact]
    public async Task The_server_never_runs_as_root()
    {
        await using var server = await folder.Start();
        var status = string.Create(CultureInfo.InvariantCulture, $"/proc/{folder.ServerProcess()}/status");
        var lines = await File.ReadAllLinesAsync(status, Cancellation);
        var users = lines.Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1..];
        Assert.Equal(4, users.Length);
        Assert.DoesNotContain("0", users);
    }

    [Fact]
    public async Task A_database_is_created_once_even_if_many_ask_for_it_at_the_same_time()
    {
        await using var server = await folder.Start();
        const string Name = "Koperasi \"Kupang\"";
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.EnsureDatabaseAsync(Name, Cancellation)));
        await server.EnsureDatabaseAsync(Name, Cancellation);

        Assert.Equal(Name, await StateFolder.Query(server, "select current_database()", Name));
        Assert.Equal(
            "C", await StateFolder.Query(server, $"select datcollate from pg_database where datname = '{Name}'"));
    }

    [Fact]
    public async Task A_start_that_is_called_off_leaves_no_server_behind()
    {
        using var called = new CancellationTokenSource();
        var options = folder.Options with
        {
            Report = line =>
            {
                if (line.StartsWith("Starting", StringComparison.Ordinal))
                {
                    called.CancelAfter(TimeSpan.FromMilliseconds(20));
                }
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => LocalPostgresServer.StartAsync(options, called.Token));

        await using var server = await folder.Start();
        Assert.Equal(1, await StateFolder.Query(server, "select 1"));
    }
}
