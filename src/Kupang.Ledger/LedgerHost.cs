using JasperFx;
using Kupang.Ledger.Http;
using Kupang.Ledger.Http.OpenApi;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Partners;
using Kupang.Ledger.Reporting;
using Kupang.Ledger.Writing;
using Marten;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Wolverine;
using Wolverine.Http;
using Wolverine.Marten;

namespace Kupang.Ledger;

/// <summary>How the service is put together, for the program and for the tests alike.</summary>
public static class LedgerHost
{
    public const string MessagingSchema = "wolverine";

    /// <summary>Registers everything. The connection string is the service's own, or the owner's while migrating.</summary>
    public static void Configure(
        WebApplicationBuilder builder, string connectionString, MasterKey masterKey, AutoCreate autoCreate = AutoCreate.None)
    {
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 2 * 1024 * 1024;
            options.Limits.MaxRequestLineSize = 8 * 1024;
            options.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            options.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            options.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            options.Limits.MaxConcurrentConnections = 1000;
        });

        // A request is read, handled and answered without being handed from thread to thread; nothing here ever blocks one.
        builder.WebHost.UseSockets(options => options.UnsafePreferInlineScheduling = true);

        var dataSource = Telemetry.DataSource("reads", connectionString);
        var door = Telemetry.DataSource("door", LedgerDatabase.ForDoor(connectionString));
        builder.Services.AddSingleton(dataSource);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(masterKey);
        builder.Services.AddSingleton(LedgerStore.FactTypes);
        builder.Services.AddSingleton<TenantKeys>().AddSingleton<SubjectKeys>().AddSingleton<NameReader>().AddSingleton<LedgerReader>().AddSingleton<PortfolioProjection>();
        builder.Services.AddSingleton(_ => new DoorConnections(door)).AddSingleton<DoorMetrics>().AddSingleton<Door>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Door>());
        builder.Services.AddSingleton<ServiceHealth>();
        builder.Services.AddLedgerOpenApi();
        builder.Services.AddPartners().AddLoans();

        builder.Services.AddMarten(options => LedgerStore.Configure(options, dataSource, autoCreate)).IntegrateWithWolverine(integration =>
        {
            integration.MessageStorageSchemaName = MessagingSchema;
            integration.AutoCreate = autoCreate;
            integration.UseWolverineManagedEventSubscriptionDistribution = true;
        });
        builder.Host.UseWolverine(options =>
        {
            // Otherwise the first host of a process decides where handlers are looked for, which in a test run is the tests.
            options.ApplicationAssembly = typeof(LedgerHost).Assembly;
#if STATIC_CODE
            options.CodeGeneration.TypeLoadMode = JasperFx.CodeGeneration.TypeLoadMode.Static;
#endif
            options.AutoBuildMessageStorageOnStartup = autoCreate;
            options.Durability.Mode = builder.Configuration.GetValue<bool>("Ledger:Cluster") ? DurabilityMode.Balanced : DurabilityMode.Solo;
            options.Durability.StaleNodeTimeout = TimeSpan.FromSeconds(5);
            options.Policies.AutoApplyTransactions();
            options.Policies.UseDurableLocalQueues();
        });
        builder.Services.AddWolverineHttp();
    }

    public static void Map(WebApplication app)
    {
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<ApiKeyMiddleware>();
        app.UseRouting();
        app.MapWolverineEndpoints();
    }
}
