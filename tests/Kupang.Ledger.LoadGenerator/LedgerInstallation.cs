using System.Security.Cryptography;
using Kupang.Ledger.CommandLine;
using Kupang.Ledger.Writing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>An empty ledger with several tenants: what an operator does once on the command line, before the service starts.</summary>
public static class LedgerInstallation
{
    public static async Task<IReadOnlyList<LoadTenant>> Prepare(
        string ownerConnectionString, string stateFolder, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var masterKey = await MasterKeyFile.Find(new ConfigurationBuilder().Build(), stateFolder, () => Task.FromResult(true), _ => { });
        await Installation.Prepare(ownerConnectionString, masterKey, _ => { }, cancellation);

        LedgerHost.Configure(builder, LedgerDatabase.ForService(ownerConnectionString), masterKey);
        await using var app = builder.Build();
        List<LoadTenant> tenants = [];
        foreach (var name in names)
        {
            var tenant = new LoadTenant(name, TenantKey.ApiKeyPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Ledger:Bootstrap:Tenant"] = tenant.Name,
                ["Ledger:Bootstrap:ApiKey"] = tenant.ApiKey,
            }).Build();
            await Installation.Bootstrap(app.Services, ownerConnectionString, masterKey, configuration, cancellation);
            tenants.Add(tenant);
        }

        return tenants;
    }
}
