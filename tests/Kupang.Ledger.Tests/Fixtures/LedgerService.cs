using Alba;
using JasperFx.CommandLine;
using Kupang.Ledger.CommandLine;
using Kupang.Ledger.GeneralLedger;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(Kupang.Ledger.Tests.Fixtures.LedgerService))]

namespace Kupang.Ledger.Tests.Fixtures;

/// <summary>
/// The real service on a real PostgreSQL. It starts once, when the first test asks for it, so tests of pure rules need no
/// database. Each test works in a tenant of its own, so tests run side by side without seeing each other.
/// </summary>
public sealed class LedgerService : IAsyncDisposable
{
    /// <summary>The business day of every test: a Tuesday.</summary>
    public static readonly DateOnly Today = new(2026, 11, 24);

    private static readonly MasterKey MasterKeyOfTests = new(new byte[MasterKey.Length]);

    private readonly LogCapture log = new();
    private readonly Lazy<Task<Started>> started;
    private int tenants;

    /// <summary>On the PostgreSQL that can be had here.</summary>
    public LedgerService() => started = new Lazy<Task<Started>>(async () => await Start(await TestPostgres.Find()));

    private LedgerService(TestPostgres postgres) => started = new Lazy<Task<Started>>(() => Start(postgres));

    /// <summary>Logs even what no operator would switch on, for whoever searches the log.</summary>
    public bool LogsEverything { get; init; }

    /// <summary>What the service has logged.</summary>
    public IReadOnlyCollection<string> Log => log.Lines;

    /// <summary>The service on a PostgreSQL of its own, which goes with it.</summary>
    public static LedgerService On(TestPostgres postgres) => new(postgres);

    /// <summary>A new tenant and a caller with every scope in it.</summary>
    public async Task<TenantClient> NewTenant(string? name = null)
    {
        var running = await started.Value;
        var tenant = name ?? $"tenant-{Interlocked.Increment(ref tenants)}";
        await running.Database.AddTenant(tenant, TestContext.Current.CancellationToken);
        var id = new ApiKeyId(Guid.CreateVersion7());
        var key = (await running.Host.Services.GetRequiredService<TenantKeys>().Of(tenant, TestContext.Current.CancellationToken)).ApiKeyOf(id.Value);
        await Installation.IssueFirstKey(running.Host.Services, tenant, id, key);
        return new TenantClient(running.Host.Server.CreateClient(), tenant, key);
    }

    /// <summary>A caller without a key.</summary>
    public async Task<HttpClient> NewClient() => (await started.Value).Host.Server.CreateClient();

    public async Task<IServiceProvider> Services() => (await started.Value).Host.Services;

    /// <summary>One more node of the service: another host on the same database.</summary>
    public async Task<LedgerNode> StartNode()
    {
        var running = await started.Value;
        return await LedgerNode.Start(running.OwnerConnectionString, MasterKeyOfTests, running.Host.Services.GetRequiredService<TimeProvider>());
    }

    /// <summary>The number of the last fact that a tenant's log holds.</summary>
    public async Task<long> LastNumber(string tenant)
    {
        await using var connection = await OpenOwnerConnection();
        await using var command = new NpgsqlCommand("select n from ledger.tenant_head where tenant_id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Makes every line and total of a tenant again from its log, and holds what borrowers owe against it.</summary>
    /// <param name="loans">What borrowers owe; the loans' own facts unless a test says otherwise.</param>
    public async Task<BookVerdict> CheckBooks(string tenant, ILoanBook? loans = null)
    {
        await using var books = await StoredBooks.Open((await Services()).GetRequiredService<NpgsqlDataSource>(), TestContext.Current.CancellationToken);
        return await CheckBooksCommand.CheckTenant(
            books, tenant, new BookCheck(LedgerStore.FactTypes, loans ?? new LoanReceivables()), TestContext.Current.CancellationToken);
    }

    /// <summary>Connects as the owner of the database, past everything that the service may not do.</summary>
    public async Task<NpgsqlConnection> OpenOwnerConnection()
    {
        var connection = new NpgsqlConnection((await started.Value).OwnerConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Everything that the database holds, as a backup of it would.</summary>
    public async Task<string> Dump() => await DatabaseDump.Take((await started.Value).OwnerConnectionString);

    /// <summary>Connects as the service does, with no more rights than it has.</summary>
    public async Task<NpgsqlConnection> OpenServiceConnection() =>
        await (await Services()).GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (started is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            var running = await started.Value;
            await running.Host.DisposeAsync();
            await running.Database.DisposeAsync();
            await running.DropDatabase();
            await running.Postgres.DisposeAsync();
        }
    }

    private async Task<Started> Start(TestPostgres postgres)
    {
        JasperFxEnvironment.AutoStartHost = true;
        var name = $"tests_{Guid.CreateVersion7():N}";

        // All nodes and tests share the hundred connections that a server has when nobody says otherwise.
        var owner = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MaxPoolSize = 15 };
        var maintenance = owner.ConnectionString;
        await Execute(maintenance, $"create database {name}");
        owner.Database = name;

        await Installation.Prepare(owner.ConnectionString, MasterKeyOfTests, _ => { }, CancellationToken.None);
        var builder = WebApplication.CreateBuilder();
        LedgerHost.Configure(builder, LedgerDatabase.ForService(owner.ConnectionString), MasterKeyOfTests);
        builder.WebHost.UseTestServer();
        Telemetry.Configure(builder, isInteractive: true);
        builder.Logging.ClearProviders().AddProvider(log);
        if (LogsEverything)
        {
            builder.Logging.AddFilter<LogCapture>(category: null, LogLevel.Trace);
        }

        var clock = new FakeTimeProvider(new DateTimeOffset(Today, new TimeOnly(4, 0), TimeSpan.Zero));
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        var host = await AlbaHost.For(builder, LedgerHost.Map);
        return new Started(
            host,
            new LedgerDatabase(owner.ConnectionString, MasterKeyOfTests, clock),
            owner.ConnectionString,
            postgres,
            () => Execute(maintenance, $"drop database {name} with (force)"));
    }

    private static async Task Execute(string connectionString, string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Started(
        IAlbaHost Host, LedgerDatabase Database, string OwnerConnectionString, TestPostgres Postgres, Func<Task> DropDatabase);
}
