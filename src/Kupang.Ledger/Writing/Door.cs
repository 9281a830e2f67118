using System.Collections.Concurrent;
using System.Diagnostics;

namespace Kupang.Ledger.Writing;

/// <summary>
/// The one door through which every fact enters. Each tenant has one writer; whatever waits at it is decided one after the
/// other and committed together.
/// </summary>
public sealed class Door(
    DoorConnections database, FactTypes types, TenantKeys tenantKeys, TimeProvider clock, DoorMetrics metrics, ILogger<Door> log) : IHostedService
{
    /// <summary>How many commands of a tenant may wait; beyond that a caller is told to come back.</summary>
    public const int QueueLimit = 2_000;

    private static readonly TimeSpan PatienceForTheFirst = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Lazy<Task<TenantWriter>>> writers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Tenant, string Operation, string Key), int> inFlight = [];
    private volatile bool closing;

    /// <summary>Whether commands are let in: from the start until the service begins to stop.</summary>
    public bool IsOpen => !closing;

    /// <summary>Brings a command in and waits for how it ended. A caller who goes away does not undo his command.</summary>
    public Task<Outcome> Enter(WriteRequest request) => DoorTrace.IsOn ? EnterTraced(request) : Enter(request, span: null);

    /// <summary>Forgets what the writers know, as after a change of the database behind their backs.</summary>
    public async Task Forget()
    {
        foreach (var writer in writers.Values)
        {
            (await writer.Value).Forget();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Lets nobody in any more, and waits until everything that waited is answered.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        closing = true;
        foreach (var writer in writers.Values.Where(writer => writer.IsValueCreated && writer.Value.IsCompletedSuccessfully))
        {
            await (await writer.Value).Drain().WaitAsync(cancellationToken);
        }
    }

    private async Task<Outcome> EnterTraced(WriteRequest request)
    {
        using var span = DoorTrace.StartCommand(request);
        var outcome = await Enter(request, span);
        DoorTrace.EndCommand(span, outcome);
        return outcome;
    }

    private async Task<Outcome> Enter(WriteRequest request, Activity? span)
    {
        if (closing)
        {
            return new Outcome.Unavailable("The service is stopping.");
        }

        var identity = (request.Tenant, request.Operation, request.IdempotencyKey);
        var isSecond = inFlight.AddOrUpdate(identity, 1, (_, others) => others + 1) > 1;
        try
        {
            var writer = await WriterOf(request.Tenant);
            var waiting = new Waiting(request, clock.GetTimestamp(), span);
            if (!writer.TryEnqueue(waiting))
            {
                metrics.Rejected.Add(1);
                return new Outcome.Unavailable("Too many requests are waiting.");
            }

            return await (isSecond ? waiting.Outcome.WaitAsync(PatienceForTheFirst, clock) : waiting.Outcome);
        }
        catch (TimeoutException)
        {
            return new Outcome.InProgress();
        }
        catch (Exception failure) when (TenantWriter.IsTransient(failure))
        {
            return new Outcome.Unavailable("The database can't be reached.");
        }
        finally
        {
            LeaveFlight(identity);
        }
    }

    private Task<TenantWriter> WriterOf(string tenant)
    {
        var writer = writers.GetOrAdd(tenant, name => new Lazy<Task<TenantWriter>>(async () =>
            new TenantWriter(name, await tenantKeys.Of(name, CancellationToken.None), database, types, clock, metrics, log)));
        if (writer.Value.IsFaulted)
        {
            writers.TryRemove(KeyValuePair.Create(tenant, writer));
        }

        return writer.Value;
    }

    private void LeaveFlight((string, string, string) identity)
    {
        while (inFlight.TryGetValue(identity, out var count))
        {
            if (count == 1 ? inFlight.TryRemove(KeyValuePair.Create(identity, 1)) : inFlight.TryUpdate(identity, count - 1, count))
            {
                return;
            }
        }
    }
}

/// <summary>A command that waits at the door.</summary>
internal sealed class Waiting(WriteRequest request, long since, Activity? span)
{
    private readonly TaskCompletionSource<Outcome> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WriteRequest Request { get; } = request;

    public long Since { get; } = since;

    /// <summary>The command's span, when somebody traces.</summary>
    public Activity? Span { get; } = span;

    public Task<Outcome> Outcome => outcome.Task;

    public void Answer(Outcome answer) => outcome.TrySetResult(answer);
}
