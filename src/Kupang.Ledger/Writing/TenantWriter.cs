using System.Threading.Channels;
using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>
/// The writer of one tenant: takes everything that waits, decides it, commits it in one transaction under the tenant's lock
/// and answers. It keeps the states it wrote, and decides on them ahead of the lock while the batch before is still being
/// written; the database refuses a batch that was decided on what is not so, and then it is decided again under the lock.
/// </summary>
internal sealed class TenantWriter
{
    private const int BatchLimit = 256;
    private const int KeptStreamsLimit = 60_000;

    private readonly string tenant;
    private readonly TenantKey key;
    private readonly DoorConnections database;
    private readonly FactTypes types;
    private readonly TimeProvider clock;
    private readonly DoorMetrics metrics;
    private readonly ILogger log;
    private readonly Task loop;
    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(Door.QueueLimit) { SingleReader = true });

    private volatile bool forget;
    private Knowledge known = Knowledge.None;

    /// <summary>A command that is not decided ahead: it is the first of the next batch under the lock.</summary>
    private Waiting? held;
    private Task<bool>? arrival;
    private bool othersWrite;

    public TenantWriter(
        string tenant, TenantKey key, DoorConnections database, FactTypes types, TimeProvider clock, DoorMetrics metrics, ILogger log)
    {
        (this.tenant, this.key, this.database, this.types) = (tenant, key, database, types);
        (this.clock, this.metrics, this.log) = (clock, metrics, log);

        // The writer belongs to no request, though the first one makes it: what it does is not part of that one's trace.
        using (ExecutionContext.SuppressFlow())
        {
            loop = Task.Run(Work);
        }
    }

    public bool TryEnqueue(Waiting waiting) => queue.Writer.TryWrite(waiting);

    public void Forget() => forget = true;

    public Task Drain()
    {
        queue.Writer.TryComplete();
        return loop;
    }

    /// <summary>Whether trying again later can help: the database is away, restarting, full or busy.</summary>
    public static bool IsTransient(Exception failure) =>
        failure switch
        {
            PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.DiskFull } => true,
            NpgsqlException { IsTransient: true } => true,
            TimeoutException or System.Net.Sockets.SocketException or IOException => true,
            _ => failure.InnerException is { } inner && IsTransient(inner),
        };

    private async Task Work()
    {
        BatchUnderWay? before = null;
        while (before is not null || held is not null || await queue.Reader.WaitToReadAsync())
        {
            var next = new BatchRun(tenant, key, types, clock, before?.Run.After ?? known);
            var isWhole = await DecideAhead(next, before?.Commit ?? Task.CompletedTask);
            var isSaved = before is null || await HasSaved(before);
            before = null;
            if (!isSaved || !isWhole)
            {
                await CommitOrSeparate(next.Commands);
            }
            else if (next.Commands.Count > 0)
            {
                next.Rebase(known.States);
                var turn = database.Turn();
                if (await DecideAhead(next, turn))
                {
                    before = new BatchUnderWay(next, Commit(next, await turn));
                }
                else
                {
                    using (await turn)
                    {
                        await CommitOrSeparate(next.Commands);
                    }
                }
            }
            else
            {
                using (await database.Turn())
                {
                    await CommitOrSeparate(TakeBatch());
                }
            }
        }
    }

    /// <summary>Decides what comes until the batch before is through, or something comes that can't be decided ahead.</summary>
    /// <returns>Whether nothing went wrong; if something did, none of it counts.</returns>
    private async Task<bool> DecideAhead(BatchRun run, Task before)
    {
        while (run.Commands.Count < BatchLimit && held is null)
        {
            if (queue.Reader.TryRead(out var waiting))
            {
                try
                {
                    held = !forget && !othersWrite && run.TryDecideAhead(waiting) ? null : waiting;
                }
                catch (Exception failure)
                {
                    log.LogWarning(failure, "A command of tenant {Tenant} could not be decided ahead and is decided under the lock", tenant);
                    run.Commands.Remove(waiting);
                    run.Commands.Add(waiting);
                    return false;
                }
            }
            else if (before.IsCompleted || !await ComesBefore(before))
            {
                break;
            }
        }

        return true;
    }

    /// <summary>Waits for a command or for the end of the batch before, whichever is first.</summary>
    private async Task<bool> ComesBefore(Task end)
    {
        arrival ??= queue.Reader.WaitToReadAsync().AsTask();
        if (await Task.WhenAny(arrival, end) != arrival)
        {
            return false;
        }

        var comes = await arrival;
        arrival = null;
        return comes;
    }

    /// <summary>
    /// How the batch under way ended. If it was not saved then what was kept is not to be trusted either, and its commands
    /// are decided again under the lock; so must be what was decided on it.
    /// </summary>
    private async Task<bool> HasSaved(BatchUnderWay batch)
    {
        try
        {
            await batch.Commit;
            Keep(batch.Run);
            return true;
        }
        catch (Exception failure)
        {
            ForgetNow();
            othersWrite = failure is PostgresException { SqlState: Expectation.NotMet };
            if (IsHopeless(failure))
            {
                Fail(batch.Run.Commands, failure);
                return false;
            }

            log.Log(
                othersWrite ? LogLevel.Debug : LogLevel.Warning,
                failure,
                "{Count} commands of tenant {Tenant} that were decided ahead are decided again",
                batch.Run.Commands.Count,
                tenant);
        }

        await CommitOrSeparate(batch.Run.Commands);
        return false;
    }

    private List<Waiting> TakeBatch()
    {
        List<Waiting> batch = held is null ? [] : [held];
        held = null;
        while (batch.Count < BatchLimit && queue.Reader.TryRead(out var waiting))
        {
            batch.Add(waiting);
        }

        return batch;
    }

    /// <summary>
    /// A batch that fails is run again command by command, so that one bad command never harms its neighbours. If it was the
    /// answer of the commit that got lost, each finds its answer under its key.
    /// </summary>
    private async Task CommitOrSeparate(List<Waiting> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            await CommitUnderLock(batch);
            return;
        }
        catch (Exception failure)
        {
            ForgetNow();
            if (batch.Count == 1 || IsHopeless(failure))
            {
                Fail(batch, failure);
                return;
            }

            log.LogWarning(failure, "A batch of {Count} commands of tenant {Tenant} failed and is run one by one", batch.Count, tenant);
        }

        foreach (var waiting in batch)
        {
            await CommitOrSeparate([waiting]);
        }
    }

    private async Task CommitUnderLock(List<Waiting> batch)
    {
        var run = new BatchRun(tenant, key, types, clock, ForgottenOrKnown());
        await Measured(run, batch, async connection =>
        {
            await run.Load(connection, batch);
            othersWrite = known.Head is null ? othersWrite : !run.FoundAsLeft;
            foreach (var waiting in batch)
            {
                await run.Decide(waiting);
            }

            await run.Save(connection);
        });
        Keep(run);
    }

    private async Task Commit(BatchRun run, IDisposable? turn)
    {
        using (turn)
        {
            await Measured(run, run.Commands, run.IsKnownThroughout ? null : run.Save);
        }
    }

    private void Keep(BatchRun run)
    {
        known = run.Saved();
        if (known.States.Count > KeptStreamsLimit)
        {
            known = known with { States = new States() };
        }
    }

    /// <summary>Carries a transaction out and answers whoever waited for it.</summary>
    private async Task Measured(BatchRun run, List<Waiting> batch, Func<NpgsqlConnection, Task>? transaction)
    {
        var started = clock.GetTimestamp();
        metrics.BatchSize.Record(batch.Count);
        metrics.QueueAge.Record(Microseconds(batch[0].Since, started));

        using var span = DoorTrace.StartBatch(tenant, batch);
        if (transaction is not null)
        {
            await database.Use(transaction);
        }

        metrics.CommitTime.Record(Microseconds(started, clock.GetTimestamp()));
        DoorTrace.Committed(span, run.Sequence);
        foreach (var (waiting, (outcome, end)) in run.Commands.Zip(run.Outcomes))
        {
            metrics.Commands.Add(1, new(DoorTrace.Operation, waiting.Request.Operation), new(DoorTrace.Outcome, DoorTrace.CodeOf(outcome)));
            DoorTrace.Committed(waiting.Span, batch.Count, end);
            waiting.Answer(outcome);
        }
    }

    private void Fail(List<Waiting> batch, Exception failure)
    {
        var isTransient = IsTransient(failure);
        log.Log(
            isTransient ? LogLevel.Warning : LogLevel.Error,
            failure,
            "{Count} commands of tenant {Tenant} could not be committed",
            batch.Count,
            tenant);
        foreach (var waiting in batch)
        {
            waiting.Answer(isTransient ? new Outcome.Unavailable("The database can't be reached.") : new Outcome.Failed(failure));
        }
    }

    /// <summary>With no connection, or while another holds the tenant, there is no use in trying each command by itself.</summary>
    private static bool IsHopeless(Exception failure) =>
        IsTransient(failure) && failure is not PostgresException { SqlState: not PostgresErrorCodes.LockNotAvailable };

    private Knowledge ForgottenOrKnown()
    {
        if (forget)
        {
            forget = false;
            ForgetNow();
        }

        return known;
    }

    private void ForgetNow() => known = Knowledge.None;

    private long Microseconds(long from, long to) => clock.GetElapsedTime(from, to).Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed record BatchUnderWay(BatchRun Run, Task Commit);
}
