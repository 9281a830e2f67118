using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Kupang.Ledger.LoadGenerator;
using Kupang.Ledger.LocalPostgres;
using Kupang.Ledger.Writing;
using Xunit;

namespace Kupang.Ledger.Tests.CommandLine;

/// <summary>The program as a person starts it: what is missing or wrong is said in one sentence, with exit code 1.</summary>
public sealed class StartupTests : IAsyncLifetime
{
    private const string Key = "kl_live_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"kupang-ledger-startup-{Guid.CreateVersion7():N}");

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Without_a_database_it_says_what_to_set() =>
        AssertSentence("No database is named. Set ConnectionStrings__Ledger, or run the command 'demo', which brings its own PostgreSQL.", await Run([]));

    [Fact]
    public async Task An_unreachable_database_is_named() =>
        AssertSentence("The database 'ledger' on 127.0.0.1:1 can't be opened", await Run([], ("ConnectionStrings__Ledger", "Host=127.0.0.1;Port=1;Database=ledger;Username=x")));

    [Theory]
    [InlineData("14.19 (Debian 14.19-1.pgdg120+1)", "PostgreSQL 14.19")]
    [InlineData("9.6.24", "PostgreSQL 9.6.24")]
    public async Task A_server_that_is_too_old_is_refused(string version, string said)
    {
        await using var server = new OldPostgres(version);

        AssertSentence($"The database server is {said}; this ledger needs version 15 or newer.", await Run([], ("ConnectionStrings__Ledger", server.ConnectionString)));
    }

    [Theory]
    [InlineData("14.99", true)]
    [InlineData("15.0", false)]
    [InlineData("18.4", false)]
    public void The_oldest_server_is_version_15(string version, bool isTooOld) =>
        Assert.Equal(isTooOld, LedgerDatabase.RefusalOf(Version.Parse(version)) is not null);

    [Fact]
    public async Task A_state_folder_that_cannot_be_made_is_named()
    {
        var file = Path.Combine(folder, "a-file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        AssertSentence(file, await Run(["demo"], ("Ledger__StateFolder", Path.Combine(file, "state"))));
    }

    [Fact]
    public async Task On_a_database_of_its_own_it_starts_stops_cleanly_and_says_what_is_wrong()
    {
        await using var server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions { StateFolder = Path.Combine(folder, "postgres"), ThrowAwayData = true }, TestContext.Current.CancellationToken);
        await server.EnsureDatabaseAsync("ledger", TestContext.Current.CancellationToken);
        var database = ("ConnectionStrings__Ledger", server.ConnectionString("ledger"));
        var state = ("Ledger__StateFolder", folder);
        (string, string)[] bootstrap = [("Ledger__Bootstrap__Tenant", "yayasan-alfa"), ("Ledger__Bootstrap__ApiKey", Key)];

        AssertSentence("are set together or not at all", await Run([], database, state, bootstrap[0]));
        AssertSentence("is not a key", await Run([], database, state, bootstrap[0], ("Ledger__Bootstrap__ApiKey", "kl_live_1")));
        AssertSentence("can't be a tenant's name", await Run([], database, state, ("Ledger__Bootstrap__Tenant", "A b"), bootstrap[1]));
        AssertSentence("is not the one this database was made with", await Run([], database, ("Ledger__MasterKey", Convert.ToBase64String(new byte[32]))));
        var elsewhere = ("Ledger__StateFolder", Path.Combine(folder, "elsewhere"));
        AssertSentence("The master key is missing: this database was made with one", await Run([], database, elsewhere));
        Assert.False(File.Exists(Path.Combine(elsewhere.Item2, MasterKeyFile.FileName)));
        AssertSentence("is not 32 bytes written in base64", await Run([], database, ("Ledger__MasterKey", "x")));

        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        AssertSentence("Choose another address with --urls", await Run(["--urls", $"http://127.0.0.1:{port}"], database, state));
        taken.Stop();

        await using var service = await ServiceProcess.StartAsync(
            new ServiceSettings(server.ConnectionString("ledger"), folder, new LoadTenant("yayasan-alfa", Key)), TestContext.Current.CancellationToken);
        await service.StopAsync();
        Assert.True(service.HasEnded);
    }

    private static void AssertSentence(string expected, (int ExitCode, string Error) ended)
    {
        Assert.Contains(expected, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.Single(ended.Error.Trim().Split('\n'));
        Assert.Equal(1, ended.ExitCode);
    }

    private async Task<(int ExitCode, string Error)> Run(string[] arguments, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [new ServiceSettings("", folder, new LoadTenant("x", "x")).Program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["Logging__LogLevel__Default"] = "None", ["Ledger__StateFolder"] = folder },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        return (process.ExitCode, error);
    }
}
