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
    private readonly ConcurrentDictionary<string, TaskCompletionSource> arrivals;

    private LedgerNode(WebApplication app, ConcurrentDictionary<string, TaskCompletionSource> arrivals)
    {
        (this.app, this.arrivals) = (app, arrivals);
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
        ConcurrentDictionary<string, TaskCompletionSource> seen = new(StringComparer.Ordinal);
        host.Use((context, next) =>
        {
            Of(seen, context.Request.Headers["Idempotency-Key"].ToString()).TrySetResult();
            return next(context);
        });
        LedgerHost.Map(host);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new LedgerNode(host, seen);
    }

    /// <summary>The same caller, at this node.</summary>
    public TenantClient For(TenantClient partner) => new(http, partner.Tenant, partner.Key);

    /// <summary>Whether a request with this idempotency key has come in.</summary>
    public bool HasSeen(string idempotencyKey) => Of(arrivals, idempotencyKey).Task.IsCompleted;

    /// <summary>Ends when a request with this idempotency key has come in.</summary>
    public Task ArrivalOf(string idempotencyKey) => Of(arrivals, idempotencyKey).Task;

    /// <summary>Stops as the program does at SIGTERM; returns once it has begun to.</summary>
    public Task Stop()
    {
        var stopped = app.StopAsync(CancellationToken.None);
        Assert.True(app.Lifetime.ApplicationStopping.IsCancellationRequested);
        return stopped;
    }

    private static TaskCompletionSource Of(ConcurrentDictionary<string, TaskCompletionSource> all, string key) =>
        all.GetOrAdd(key, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }
}
