using JasperFx;
using Kupang.Ledger.LocalPostgres;
using Kupang.Ledger.Writing;
using Microsoft.AspNetCore.Connections;

namespace Kupang.Ledger.CommandLine;

/// <summary>What the program does with its arguments: the service, the demo, or one of the commands.</summary>
public static class Startup
{
    private const string Demo = "demo";
    private static readonly MasterKey NoKey = new(new byte[MasterKey.Length]);
    private static readonly string[] NeedsNoDatabase = ["codegen", "describe", "help", "openapi", "describe-event-model", "capabilities"];

    public static async Task<int> Run(string[] args)
    {
        // The word is taken out before the command line of the host sees it, which would start the plain service for it.
        var isDemo = args is [Demo or ['-', ..], ..] && args.Contains(Demo, StringComparer.Ordinal);
        var rest = isDemo ? args.Where(arg => !string.Equals(arg, Demo, StringComparison.Ordinal)).ToArray() : args;
        var isCommand = rest.Length > 0 && !rest[0].StartsWith('-') && !string.Equals(rest[0], "run", StringComparison.Ordinal);

        // Generated code goes into the source folder, which is where it is run from.
        var isCodegen = isCommand && string.Equals(rest[0], "codegen", StringComparison.Ordinal);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = isCommand ? [] : rest,
            ContentRootPath = isCodegen ? Environment.CurrentDirectory : AppContext.BaseDirectory,
        });
        var needsDatabase = !isCommand || !NeedsNoDatabase.Contains(rest[0], StringComparer.Ordinal);

        // A command without a named database is about the one that 'demo' keeps.
        var usesOwnServer = isDemo || (isCommand && needsDatabase && string.IsNullOrEmpty(builder.Configuration.GetConnectionString("Ledger")));
        await using var server = usesOwnServer ? await StartOwnServer(builder.Configuration) : null;
        var connectionString = server?.ConnectionString("ledger") ?? builder.Configuration.GetConnectionString("Ledger");
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            connectionString = needsDatabase
                ? throw new StartupProblem(
                    "No database is named. Set ConnectionStrings__Ledger, or run the command 'demo', which brings its own PostgreSQL.")
                : "Host=localhost;Database=ledger";
        }

        var masterKey = needsDatabase
            ? await MasterKeyFile.Find(
                builder.Configuration,
                builder.Configuration["Ledger:StateFolder"] ?? LocalPostgresOptions.DefaultStateFolder,
                () => IsNew(connectionString),
                Report)
            : NoKey;
        if (needsDatabase)
        {
            await Installation.Prepare(connectionString, masterKey, Report, CancellationToken.None);
        }

        builder.Configuration["ConnectionStrings:Ledger"] = connectionString;
        LedgerHost.Configure(builder, LedgerDatabase.ForService(connectionString), masterKey);
        Telemetry.Configure(builder, isInteractive: !Console.IsOutputRedirected);
        await using var app = builder.Build();
        LedgerHost.Map(app);
        if (isCommand)
        {
            return await app.RunJasperFxCommands(rest);
        }

        await Installation.Bootstrap(app.Services, connectionString, masterKey, builder.Configuration, CancellationToken.None);
        await Start(app);
        if (isDemo)
        {
            await Demonstration.Show(app, connectionString, masterKey, CancellationToken.None);
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>Whether no ledger was made in the database yet: a new key would open nothing in one that was made with another.</summary>
    private static async Task<bool> IsNew(string connectionString)
    {
        await using var database = new LedgerDatabase(connectionString, NoKey, TimeProvider.System);
        await database.CheckServer(CancellationToken.None);
        return !await database.IsInstalled(CancellationToken.None);
    }

    private static async Task Start(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new StartupProblem($"{taken.Message} Choose another address with --urls.", taken);
        }
    }

    private static async Task<LocalPostgresServer> StartOwnServer(IConfiguration configuration)
    {
        try
        {
            var server = await LocalPostgresServer.StartAsync(
                new LocalPostgresOptions
                {
                    StateFolder = configuration["Ledger:StateFolder"],
                    BinFolder = configuration["Postgres:BinDir"],
                    Report = Report,
                },
                CancellationToken.None);
            await server.EnsureDatabaseAsync("ledger", CancellationToken.None);
            return server;
        }
        catch (LocalPostgresException problem)
        {
            throw new StartupProblem(problem.Message, problem);
        }
    }

    private static void Report(string line) => Console.WriteLine(line);
}
