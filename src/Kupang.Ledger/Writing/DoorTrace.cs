using System.Diagnostics;

namespace Kupang.Ledger.Writing;

/// <summary>
/// What the door tells a tracer: a span for each command, inside its request, and one for each transaction, with links to the
/// commands it carried. A key, a paper number or anything else that a caller wrote is in none of them. While nobody listens
/// nothing is made.
/// </summary>
public static class DoorTrace
{
    public const string SourceName = "Kupang.Ledger.Door";

    /// <summary>The names of tags, in spans and in metrics.</summary>
    public const string Operation = "ledger.operation";
    public const string Outcome = "ledger.outcome";
    private const string Tenant = "ledger.tenant";
    private const string Sequence = "ledger.sequence";
    private const string BatchSize = "ledger.batch.size";

    private static readonly ActivitySource Source = new(SourceName);

    public static bool IsOn => Source.HasListeners();

    /// <summary>How a command ended, by the code that its caller is told.</summary>
    public static string CodeOf(Outcome outcome) => outcome switch
    {
        Writing.Outcome.Answered { Replayed: true } or Writing.Outcome.Refused { Replayed: true } => "replayed",
        Writing.Outcome.Answered { Status: StatusCodes.Status200OK } => "already-recorded",
        Writing.Outcome.Answered => "recorded",
        Writing.Outcome.Refused(var refusal, _) => refusal.Code,
        Writing.Outcome.NotFound => "not-found",
        Writing.Outcome.Stale => "precondition-failed",
        Writing.Outcome.KeyReused => "idempotency-key-reused",
        Writing.Outcome.InProgress => "request-in-progress",
        Writing.Outcome.Unavailable => "unavailable",
        _ => "unexpected",
    };

    internal static Activity? StartCommand(WriteRequest request) => Source.StartActivity($"command {request.Operation}")
        ?.SetTag(Operation, request.Operation)
        .SetTag(Tenant, request.Tenant);

    internal static void EndCommand(Activity? span, Outcome outcome)
    {
        span?.SetTag(Outcome, CodeOf(outcome));
        if (outcome is Writing.Outcome.Unavailable or Writing.Outcome.Failed)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>A transaction is an error until it is committed.</summary>
    internal static Activity? StartBatch(string tenant, List<Waiting> batch) => !IsOn ? null : Source
        .StartActivity(
            ActivityKind.Internal,
            name: "batch",
            links: batch.Select(waiting => waiting.Span).OfType<Activity>().Select(span => new ActivityLink(span.Context)))
        ?.SetTag(Tenant, tenant)
        .SetTag(BatchSize, batch.Count)
        .SetStatus(ActivityStatusCode.Error);

    /// <summary>A batch ends with its commit, before anybody is answered.</summary>
    internal static void Committed(Activity? batch, long sequence) =>
        batch?.SetTag(Sequence, sequence).SetStatus(ActivityStatusCode.Unset).Stop();

    /// <param name="sequence">The number of the command's last fact, if it recorded any.</param>
    internal static void Committed(Activity? command, int batchSize, long? sequence) =>
        command?.SetTag(BatchSize, batchSize).SetTag(Sequence, sequence);
}
