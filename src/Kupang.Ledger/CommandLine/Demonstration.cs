using System.Net.Http.Headers;
using Kupang.Ledger.CommandLine.Demo;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Spectre.Console;

namespace Kupang.Ledger.CommandLine;

/// <summary>What <c>demo</c> does once the service runs: seeds its book, and says how to look at it.</summary>
public static class Demonstration
{
    private const string OwnTenant = "demo";

    /// <summary>Another seed is another book.</summary>
    private const int Seed = 5371;

    public static async Task Show(WebApplication app, string ownerConnectionString, MasterKey masterKey, CancellationToken cancellation)
    {
        var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await using var database = new LedgerDatabase(ownerConnectionString, masterKey, TimeProvider.System);
        var tenant = app.Configuration["Ledger:Bootstrap:Tenant"] ?? OwnTenant;
        var isNew = await database.AddTenant(tenant, cancellation);
        var key = app.Configuration["Ledger:Bootstrap:ApiKey"] ?? await OwnKey(app.Services, tenant);

        using var http = new HttpClient { BaseAddress = new Uri(url), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
        var plan = new BookPlan(Seed, BookSize.Whole, await database.MadeOn(tenant, cancellation));
        await new DemoBook(http, plan).Seed(AnsiConsole.Console);
        var shownKey = isNew || app.Configuration["Ledger:Bootstrap:ApiKey"] is not null ? key : "$KEY";
        Console.WriteLine(
            $"""

            Kupang Ledger: {url}
            Tenant '{tenant}', {KeyLine(shownKey)}

            curl -H "Authorization: Bearer {shownKey}" {url}/v1/funds/{plan.Funds[0]}
            curl -H "Authorization: Bearer {shownKey}" {url}/v1/loans/{plan.Example}/schedule
            curl -H "Authorization: Bearer {shownKey}" '{url}/v1/loans?overdueDaysFrom=1'

            Ctrl-C stops it; the book stays.
            """);
    }

    private static string KeyLine(string shownKey) => shownKey.StartsWith('$')
        ? "its key was shown at the first start; make another with: dotnet run --project src/Kupang.Ledger -- issue-key demo"
        : $"key (shown only now): {shownKey}";

    /// <summary>The demo's key is made from the tenant's own, so seeding can go on at a later start without keeping it.</summary>
    private static async Task<string> OwnKey(IServiceProvider services, string tenant)
    {
        var id = new ApiKeyId(Guid.Parse("01900000-0000-7000-8000-00000000de30"));
        var key = (await services.GetRequiredService<TenantKeys>().Of(tenant, CancellationToken.None)).ApiKeyOf(id.Value);
        await Installation.IssueFirstKey(services, tenant, id, key);
        return key;
    }
}
