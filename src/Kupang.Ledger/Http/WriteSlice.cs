using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Http;

/// <summary>What a slice tells the door about its command: what it must know, how it is decided, what is answered.</summary>
public sealed record WriteSlice
{
    public required Func<States, IEnumerable<Need>> Needs { get; init; }

    public required Func<States, Moment, Decision> Decide { get; init; }

    public required Func<States, Moment, Answer> Answer { get; init; }

    /// <summary>What makes two payments under one paper number the same.</summary>
    public string PaperContent { get; init; } = "";

    /// <summary>Whom a note is about.</summary>
    public Func<States, Guid?> NoteAbout { get; init; } = _ => null;

    /// <summary>How the money moved, when the slice knows it from a member of its own.</summary>
    public Channel? Channel { get; init; }
}

/// <summary>Takes a request to the door and its outcome back to the caller.</summary>
public static class WriteEndpoints
{
    public const int LongestBody = 1024 * 1024;
    private const int MostCounts = 5;

    /// <summary>Reads the body, makes the slice of it and brings it in.</summary>
    public static Task<IResult> Record<TCommand>(this HttpContext http, string operation, Func<TCommand, WriteSlice> slice)
        where TCommand : Command => http.RecordPrepared<TCommand>(operation, command => Task.FromResult(slice(command)));

    /// <summary>The same where the slice is made of what a read finds first, such as which things a command is about.</summary>
    public static async Task<IResult> RecordPrepared<TCommand>(this HttpContext http, string operation, Func<TCommand, Task<WriteSlice>> slice)
        where TCommand : Command
    {
        http.RefuseQuery();
        return await RecordBody(http, operation, await http.ReadBody(LongestBody), slice);
    }

    /// <summary>The same of a body that was read already: what came in another form than JSON is brought in as if it had not.</summary>
    public static Task<IResult> Record<TCommand>(
        this HttpContext http, string operation, ReadOnlyMemory<byte> body, Func<TCommand, WriteSlice> slice)
        where TCommand : Command => RecordBody<TCommand>(http, operation, body, command => Task.FromResult(slice(command)));

    private static async Task<IResult> RecordBody<TCommand>(
        HttpContext http, string operation, ReadOnlyMemory<byte> body, Func<TCommand, Task<WriteSlice>> slice)
        where TCommand : Command
    {
        var caller = Caller.Of(http);
        var command = RequestJson.Read<TCommand>(body);
        RefuseNamesOfChange(command);
        var request = await RequestOf(http, caller, operation, command, await slice(command), body);
        return await Bring(http, request, isConditional: command is IConditionalCommand);
    }

    /// <summary>
    /// The same for a command whose figures are counted before the door is entered. When the door finds that they are not what
    /// it knows, they are counted again.
    /// </summary>
    public static async Task<IResult> RecordCounted<TCommand>(this HttpContext http, string operation, Func<TCommand, Task<WriteSlice>> slice)
        where TCommand : Command
    {
        var caller = Caller.Of(http);
        http.RefuseQuery();
        var body = await http.ReadBody(LongestBody);
        var command = RequestJson.Read<TCommand>(body);
        for (var attempt = 1; attempt <= MostCounts; attempt++)
        {
            var request = await RequestOf(http, caller, operation, command, await slice(command), body);
            if (await Enter(http, request) is var outcome and not Outcome.Stale)
            {
                return ResultOf(request, outcome, isConditional: false);
            }
        }

        return new ProblemResult("unavailable");
    }

    /// <summary>A change of master data keeps the id and the external id that the thing was made with.</summary>
    private static void RefuseNamesOfChange(Command command)
    {
        if (command is IConditionalCommand && (command.Id is not null ? "/id" : command.ExternalId is not null ? "/externalId" : null) is { } pointer)
        {
            throw RequestProblem.Malformed(pointer, "unknown-member", "It is given once, when a thing is made.");
        }
    }

    private static async Task<IResult> Bring(HttpContext http, WriteRequest request, bool isConditional) =>
        ResultOf(request, await Enter(http, request), isConditional);

    private static Task<Outcome> Enter(HttpContext http, WriteRequest request) => http.RequestServices.GetRequiredService<Door>().Enter(request);

    private static IResult ResultOf(WriteRequest request, Outcome outcome, bool isConditional) =>
        outcome switch
        {
            Outcome.Answered answered => new StoredJson(
                request.Tenant, answered.Status, answered.Body, answered.Location, answered.Replayed, isConditional ? EtagIn(answered.Body) : null),
            Outcome.Refused refused => new ProblemResult(refused.Refusal.Code, [], refused.Refusal, refused.Replayed),
            Outcome.NotFound => new ProblemResult("not-found"),
            Outcome.Stale => new ProblemResult("precondition-failed"),
            Outcome.KeyReused => new ProblemResult("idempotency-key-reused"),
            Outcome.InProgress => new ProblemResult("request-in-progress"),
            Outcome.Unavailable => new ProblemResult("unavailable"),
            Outcome.Failed failed => throw new InvalidOperationException("The door failed.", failed.Exception),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>What was changed says its new version, also when it is a kept answer.</summary>
    private static string EtagIn(ReadOnlyMemory<byte> body)
    {
        using var answer = JsonDocument.Parse(body);
        return ReadEndpoints.EtagOf(answer.RootElement.GetProperty("version").GetInt64());
    }

    private static async Task<WriteRequest> RequestOf(
        HttpContext http, Caller caller, string operation, Command command, WriteSlice slice, ReadOnlyMemory<byte> body)
    {
        var key = await http.RequestServices.GetRequiredService<TenantKeys>().Of(caller.Tenant, http.RequestAborted);
        var fingerprint = key.Hash($"request {http.Request.Method} {http.Request.Path.Value}", RequestJson.Canonical(body));
        return new WriteRequest
        {
            Tenant = caller.Tenant,
            Operation = operation,
            IdempotencyKey = IdempotencyKeyOf(http, command, fingerprint),
            Fingerprint = fingerprint,
            Actor = ActorHeaders.ActorOf(http, caller),
            Envelope = EnvelopeOf(command, slice),
            ClientId = command.Id is { } id && TenantStream.IsOne(id)
                ? throw RequestProblem.Malformed("/id", "invalid-value", "An id whose first half is zeros is the ledger's own.")
                : command.Id,
            ExternalId = command.ExternalId,
            PaperContent = slice.PaperContent,
            Needs = slice.Needs,
            Decide = slice.Decide,
            Answer = slice.Answer,
        };
    }

    private static string IdempotencyKeyOf(HttpContext http, Command command, byte[] fingerprint)
    {
        var header = http.Request.Headers["Idempotency-Key"];
        if (header.Count == 0 && command is IConditionalCommand)
        {
            // A change of master data is safe to repeat by its If-Match: the same change of the same version is one request.
            // Another change of that version is another request, and is told that it is late.
            return string.Create(CultureInfo.InvariantCulture, $"if-match {http.RequireVersion()} {Convert.ToHexStringLower(fingerprint)}");
        }

        return header.Count == 1 && header[0] is { Length: > 0 and <= 255 } key && key.All(c => c is >= '!' and <= '~')
            ? key
            : throw RequestProblem.Of(
                "idempotency-key-required", "Idempotency-Key", "required", "One header of 1 to 255 visible ASCII characters, made anew for each new request.");
    }

    private static EnvelopeParts EnvelopeOf(Command command, WriteSlice slice) => command is not DatedCommand dated
        ? new EnvelopeParts()
        : new EnvelopeParts
        {
            Paper = PaperOf(dated),
            Channel = dated.Channel ?? slice.Channel,
            MoneyAccount = dated.MoneyAccountId,
            BankReference = dated.BankReference,
            HandledBy = dated.HandledBy,
            ApprovedBy = dated.ApprovedBy?.Select(ApproverOf).ToImmutableArray(),
            Evidence = dated.Evidence?.Select(evidence => new Evidence(evidence.Kind, evidence.Reference, evidence.Sha256)).ToImmutableArray(),
            Note = dated.Note,
            NoteAbout = slice.NoteAbout,
        };

    private static Paper? PaperOf(DatedCommand command) => command switch
    {
        { Paper: not null, ReceiptNumber: not null } => throw RequestProblem.Malformed("/paper", "invalid-value", "A paper is named once: by paper or by receiptNumber."),
        { Paper: { } paper } => new Paper(paper.Kind, paper.Book ?? Paper.MainBook, paper.Number),
        { ReceiptNumber: { } number } => new Paper(PaperKind.Receipt, command.ReceiptBook ?? Paper.MainBook, number),
        { ReceiptBook: not null } => throw RequestProblem.Malformed("/receiptBook", "invalid-value", "A receipt book is named together with a receipt number."),
        _ => null,
    };

    private static Approver ApproverOf(ApproverInput approver, int index) =>
        approver.StaffId is null == approver.MemberId is null
            ? throw RequestProblem.Malformed($"/approvedBy/{index}", "invalid-value", "An approver is a person of the staff or a member, one of the two.")
            : new Approver(approver.StaffId, approver.MemberId, approver.Role);
}

/// <summary>A change of master data: it names the version it was decided on by <c>If-Match</c>.</summary>
public interface IConditionalCommand;
