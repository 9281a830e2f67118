using System.Collections.Concurrent;
using Kupang.Ledger.Writing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Kupang.Ledger.Tests.Fixtures;

/// <summary>
/// One node of a cluster: a host of its own that listens on a port, on a database that others write to as well. It stops as
/// the program does.
/// </summary>
public sealed class LedgerNode : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient http;
    private readonly ConcurrentDictionary<string, bool> arrived;

    private LedgerNode(WebApplication app, ConcurrentDictionary<string, bool> arrived)
    {
        (this.app, this.arrived) = (app, arrived);
        Address = new Uri(app.Urls.Single());
        http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<LedgerNode> Start(string ownerConnectionString, MasterKey masterKey, TimeProvider clock)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Ledger:Cluster"] = "true";
        LedgerHost.Configure(builder, LedgerDatabase.ForService(ownerConnectionString), masterKey);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.Replace(ServiceDescriptor.Singleton(clock));
        var host = builder.Build();
        ConcurrentDictionary<string, bool> keys = new(StringComparer.Ordinal);
        host.Use((context, next) =>
        {
            keys[context.Request.Headers["Idempotency-Key"].ToString()] = true;
            return next(context);
        });
        LedgerHost.Map(host);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new LedgerNode(host, keys);
    }

    /// <summary>The same caller, at this node.</summary>
    public TenantClient For(TenantClient partner) => new(http, partner.Tenant, partner.Key);

    /// <summary>Whether a request with this idempotency key has come in.</summary>
    public bool HasSeen(string idempotencyKey) => arrived.ContainsKey(idempotencyKey);

    /// <summary>Stops as the program does at SIGTERM; returns once it has begun to.</summary>
    public Task Stop()
    {
        var stopped = app.StopAsync(CancellationToken.None);
        Assert.True(app.Lifetime.ApplicationStopping.IsCancellationRequested);
        return stopped;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }
}
