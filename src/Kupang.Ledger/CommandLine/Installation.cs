using JasperFx;
using Kupang.Ledger.Partners;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Marten;
using Wolverine.Persistence.Durability;

namespace Kupang.Ledger.CommandLine;

/// <summary>Makes a database ready: its schema, its first tenant, that tenant's first key.</summary>
public static class Installation
{
    /// <summary>Checks the server, migrates when needed and checks the master key.</summary>
    public static async Task Prepare(string ownerConnectionString, MasterKey masterKey, Action<string> report, CancellationToken cancellation)
    {
        await using var database = new LedgerDatabase(ownerConnectionString, masterKey, TimeProvider.System);
        await database.CheckServer(cancellation);
        if (await database.NeedsMigration(cancellation))
        {
            report("Preparing the database…");
            await Migrate(ownerConnectionString, masterKey, database, cancellation);
        }

        await database.CheckMasterKey(cancellation);
    }

    public static async Task Migrate(string ownerConnectionString, MasterKey masterKey, LedgerDatabase database, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        LedgerHost.Configure(builder, ownerConnectionString, masterKey, AutoCreate.CreateOrUpdate);
        await using var app = builder.Build();
        await app.Services.GetRequiredService<IDocumentStore>().Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
        await app.Services.GetRequiredService<IMessageStore>().Admin.MigrateAsync();
        await database.ApplyOwnSchema(LedgerStore.FactTypes, cancellation);
    }

    /// <summary>Makes the tenant and the key that the configuration names, when they are not there yet.</summary>
    public static async Task Bootstrap(
        IServiceProvider services, string ownerConnectionString, MasterKey masterKey, IConfiguration configuration, CancellationToken cancellation)
    {
        var (tenant, key) = (configuration["Ledger:Bootstrap:Tenant"], configuration["Ledger:Bootstrap:ApiKey"]);
        if (string.IsNullOrEmpty(tenant) && string.IsNullOrEmpty(key))
        {
            return;
        }

        if (string.IsNullOrEmpty(tenant) || string.IsNullOrEmpty(key))
        {
            throw new StartupProblem("Ledger__Bootstrap__Tenant and Ledger__Bootstrap__ApiKey are set together or not at all.");
        }

        if (!ApiKey.HasForm(key))
        {
            throw new StartupProblem($"Ledger__Bootstrap__ApiKey is not a key: it is {TenantKey.ApiKeyPrefix} and 64 digits of 0-9 and a-f.");
        }

        await using var database = new LedgerDatabase(ownerConnectionString, masterKey, TimeProvider.System);
        await database.AddTenant(tenant, cancellation);
        await IssueFirstKey(services, tenant, new ApiKeyId(Guid.CreateVersion7()), key);
    }

    /// <summary>Records a key with every scope, made outside the interface. Recording it again changes nothing.</summary>
    public static async Task IssueFirstKey(IServiceProvider services, string tenant, ApiKeyId id, string key)
    {
        var hash = ApiKey.HashOf(key);
        var outcome = await services.GetRequiredService<Door>().Enter(new WriteRequest
        {
            Tenant = tenant,
            Operation = "bootstrap",
            IdempotencyKey = hash,
            Fingerprint = Convert.FromHexString(hash),
            Actor = new Actor(id),
            Needs = _ => [Need.Of<ApiKey>(id.Value), Need.Key(ApiKey.HashName, hash)],
            Decide = (states, moment) => states.Holder(new KeyName(ApiKey.HashName, hash)) is not null
                ? Decision.AlreadyRecorded()
                : IssueApiKeyDecider.Decide(new IssueApiKey("bootstrap", ApiKey.AllScopes), id, hash, moment),
            Answer = (_, _) => new Answer(201, new { id }),
        });
        if (outcome is not Outcome.Answered)
        {
            throw new StartupProblem($"The first key of tenant '{tenant}' could not be recorded: {outcome}.");
        }
    }
}
