using DotNet.Testcontainers.Builders;
using Kupang.Ledger.LocalPostgres;
using Testcontainers.PostgreSql;

namespace Kupang.Ledger.Tests.Fixtures;

/// <summary>
/// The PostgreSQL of a test run: the one that <c>LEDGER_TEST_DATABASE</c> names, else a private server, else a container
/// where a Docker engine answers. <c>LEDGER_TEST_IMAGE</c> names another image than <c>postgres:15</c>.
/// </summary>
public sealed class TestPostgres : IAsyncDisposable
{
    private readonly IAsyncDisposable? server;

    private TestPostgres(string connectionString, IAsyncDisposable? server) => (ConnectionString, this.server) = (connectionString, server);

    /// <summary>Of an owner who may make databases.</summary>
    public string ConnectionString { get; }

    public static async Task<TestPostgres> Find() => Environment.GetEnvironmentVariable("LEDGER_TEST_DATABASE") is { Length: > 0 } given
        ? new TestPostgres(given, server: null)
        : await FindPrivateOrContainer(
            new LocalPostgresOptions { StateFolder = Path.Combine(Path.GetTempPath(), "kupang-ledger-tests"), ThrowAwayData = true });

    /// <exception cref="LocalPostgresException">There is neither; it says what to install.</exception>
    public static async Task<TestPostgres> FindPrivateOrContainer(LocalPostgresOptions options)
    {
        try
        {
            var ofOurOwn = await LocalPostgresServer.StartAsync(options, CancellationToken.None);
            return new TestPostgres(ofOurOwn.ConnectionString("postgres"), ofOurOwn);
        }
        catch (LocalPostgresException) when (Container() is { } container)
        {
            await container.StartAsync();
            return new TestPostgres(container.GetConnectionString(), container);
        }
    }

    /// <summary>A container that is not started yet, or null where no Docker engine answers.</summary>
    public static PostgreSqlContainer? Container()
    {
        try
        {
            return new PostgreSqlBuilder(Environment.GetEnvironmentVariable("LEDGER_TEST_IMAGE") is { Length: > 0 } image ? image : "postgres:15").Build();
        }
        catch (DockerUnavailableException)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
