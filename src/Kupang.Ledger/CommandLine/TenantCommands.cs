using JasperFx.CommandLine;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.CommandLine;

public class TenantInput : NetCoreInput
{
    [Description("The tenant's name: 3 to 31 small letters, digits and hyphens, beginning with a letter")]
    public string Tenant { get; set; } = "";
}

/// <summary>Makes a tenant and prints its first key, once.</summary>
[Description("Make a tenant and print its first key", Name = "create-tenant")]
public sealed class CreateTenantCommand : JasperFxAsyncCommand<TenantInput>
{
    public override async Task<bool> Execute(TenantInput input)
    {
        using var host = input.BuildHost();
        await using var database = new LedgerDatabase(
            host.Services.GetRequiredService<IConfiguration>().GetConnectionString("Ledger")!,
            host.Services.GetRequiredService<MasterKey>(),
            TimeProvider.System);
        if (!await database.AddTenant(input.Tenant, CancellationToken.None))
        {
            throw new StartupProblem($"There is a tenant '{input.Tenant}' already.");
        }

        await TenantKeyPrinter.PrintNewKey(host.Services, input.Tenant);
        return true;
    }
}

/// <summary>Prints a new key with every scope for a tenant whose keys were lost.</summary>
[Description("Print a new key of a tenant", Name = "issue-key")]
public sealed class IssueKeyCommand : JasperFxAsyncCommand<TenantInput>
{
    public override async Task<bool> Execute(TenantInput input)
    {
        using var host = input.BuildHost();
        await TenantKeyPrinter.PrintNewKey(host.Services, input.Tenant);
        return true;
    }
}

internal static class TenantKeyPrinter
{
    public static async Task PrintNewKey(IServiceProvider services, string tenant)
    {
        var id = new ApiKeyId(Guid.CreateVersion7());
        var key = (await services.GetRequiredService<TenantKeys>().Of(tenant, CancellationToken.None)).ApiKeyOf(id.Value);
        await Installation.IssueFirstKey(services, tenant, id, key);
        Console.WriteLine($"Tenant '{tenant}', key (shown only now): {key}");
    }
}
