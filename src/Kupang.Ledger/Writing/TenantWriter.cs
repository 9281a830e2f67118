using System.Threading.Channels;
using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>
/// The writer of one tenant: takes everything that waits, decides it under the tenant's lock, commits it in one transaction
/// and answers. It keeps the states it wrote; a head read under the lock tells whether another node wrote since.
/// </summary>
internal sealed class TenantWriter
{
    private const int BatchLimit = 256;
    private const int KeptStreamsLimit = 60_000;

    private readonly string tenant;
    private readonly TenantKey key;
    private readonly NpgsqlDataSource database;
    private readonly FactTypes types;
    private readonly TimeProvider clock;
    private readonly DoorMetrics metrics;
    private readonly ILogger log;
    private readonly Task loop;
    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(Door.QueueLimit) { SingleReader = true });

    private volatile bool forget;
    private States kept = new();
    private long keptAt = -1;

    public TenantWriter(
        string tenant, TenantKey key, NpgsqlDataSource database, FactTypes types, TimeProvider clock, DoorMetrics metrics, ILogger log)
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
        List<Waiting> batch = [];
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < BatchLimit && queue.Reader.TryRead(out var waiting))
            {
                batch.Add(waiting);
            }

            await CommitOrSeparate(batch);
            batch.Clear();
        }
    }

    /// <summary>
    /// A batch that fails is run again command by command, so that one bad command never harms its neighbours. If it was the
    /// answer of the commit that got lost, each finds its answer under its key.
    /// </summary>
    private async Task CommitOrSeparate(List<Waiting> batch)
    {
        try
        {
            await Commit(batch);
            return;
        }
        catch (Exception failure)
        {
            ForgetNow();
            if (batch.Count == 1 || IsLostConnection(failure))
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

    private async Task Commit(List<Waiting> batch)
    {
        var started = clock.GetTimestamp();
        metrics.BatchSize.Record(batch.Count);
        metrics.QueueAge.Record(Microseconds(batch[0].Since, started));

        using var span = DoorTrace.StartBatch(tenant, batch);
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        var run = new BatchRun(tenant, key, connection, types, clock, ForgottenOrKept(), keptAt);
        await run.Load(batch);
        var ends = new long?[batch.Count];
        foreach (var (index, waiting) in batch.Index())
        {
            var before = run.Sequence;
            await run.Decide(waiting.Request);
            ends[index] = run.Sequence > before ? run.Sequence : null;
        }

        await run.Save();
        kept = run.Kept;
        if (kept.Count > KeptStreamsLimit)
        {
            kept = new States();
        }

        keptAt = run.Sequence;
        metrics.CommitTime.Record(Microseconds(started, clock.GetTimestamp()));
        DoorTrace.Committed(span, run.Sequence);
        foreach (var (waiting, outcome, end) in batch.Zip(run.Outcomes, ends))
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

    /// <summary>With no connection there is no use in trying each command by itself.</summary>
    private static bool IsLostConnection(Exception failure) => IsTransient(failure) && failure is not PostgresException;

    private States ForgottenOrKept()
    {
        if (forget)
        {
            forget = false;
            ForgetNow();
        }

        return kept;
    }

    private void ForgetNow()
    {
        kept = new States();
        keptAt = -1;
    }

    private long Microseconds(long from, long to) => clock.GetElapsedTime(from, to).Ticks / TimeSpan.TicksPerMicrosecond;
}
