using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kupang.Ledger.SharedKernel;
using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>What a writer knows of its tenant: true as long as the head is where it stood. Without a head it knows nothing.</summary>
internal sealed record Knowledge(States States, TenantHead? Head, TenantSettings? Settings)
{
    public static Knowledge None => new(new States(), Head: null, Settings: null);
}

/// <summary>
/// One transaction of a tenant's writer. Either everything is loaded under the tenant's lock and decided there, or it is
/// decided ahead of the lock on what the writer knows: then the lock is sent together with the writes, and between them a
/// statement that refuses unless everything is as it was taken to be.
/// </summary>
internal sealed class BatchRun
{
    private readonly string tenant;
    private readonly TenantKey key;
    private readonly TimeProvider clock;
    private readonly Knowledge known;
    private readonly BatchSave save;
    private readonly FactTypes types;
    private readonly Expectation expected = new();
    private readonly Dictionary<MoneyAccountId, long> boxChanges = [];
    private BatchLoad? load;
    private ImmutableDictionary<string, long>? pendingCounters;
    private States kept;
    private States layer;
    private TenantHead head = null!;
    private TenantSettings settings = null!;

    public BatchRun(string tenant, TenantKey key, FactTypes types, TimeProvider clock, Knowledge known)
    {
        (this.tenant, this.key, this.types, this.clock, this.known) = (tenant, key, types, clock, known);
        save = new BatchSave(tenant, types);
        kept = known.States;
        layer = new States(kept);
        if (known is { Head: { } lastHead, Settings: { } lastSettings })
        {
            (head, settings) = (lastHead, lastSettings);
        }
    }

    /// <summary>The commands that were decided, in this order.</summary>
    public List<Waiting> Commands { get; } = [];

    /// <summary>How each of them ended, and the number of its last fact, if it recorded any.</summary>
    public List<(Outcome Outcome, long? End)> Outcomes { get; } = [];

    public long Sequence => head.Sequence;

    /// <summary>What will be known if this is saved.</summary>
    public Knowledge After => new(layer, head, settings);

    /// <summary>Whether the tenant was as the writer left it.</summary>
    public bool FoundAsLeft { get; private set; }

    /// <summary>
    /// Decides a command on what is known, if that is enough. Names of its own are taken to be free, and the command to be new.
    /// </summary>
    public bool TryDecideAhead(Waiting waiting)
    {
        var request = waiting.Request;
        if (known.Head is null)
        {
            return false;
        }

        if (AnswerTo(NameOf(request)) is null)
        {
            var names = NameRules.NeedsOf(request).ToHashSet();
            if (MissingNeeds([request]).Any(need => !names.Contains(need)))
            {
                return false;
            }

            expected.Add(request, layer);
        }

        if (Commands.Count == 0)
        {
            head = head with { RecordedAt = Now() };
        }

        DecideKnown(waiting);
        return true;
    }

    /// <summary>Takes the tenant's lock, and reads under it what the commands need.</summary>
    public async Task Load(NpgsqlConnection connection, IReadOnlyList<Waiting> batch)
    {
        var requests = batch.Select(waiting => waiting.Request).ToArray();
        load = new BatchLoad(connection, tenant, types, key.Bytes);
        load.LockTenant();
        load.FindAnswers([.. requests.Select(NameOf)]);
        load.FindTakenIds([.. requests.Select(request => request.ClientId).OfType<Guid>().Distinct()]);
        load.Find(MissingNeeds(requests), layer);
        await load.Run(CancellationToken.None);

        head = load.Head ?? throw new InvalidOperationException($"Tenant {tenant} has no head.");
        settings = load.Settings!;
        head = head with { RecordedAt = Now() };
        FoundAsLeft = head.Sequence == known.Head?.Sequence;
        if (!FoundAsLeft)
        {
            // Another node wrote since, or this is the first batch: nothing that was kept may be trusted.
            kept = new States();
            layer = new States(kept);
        }

        await LoadMissing(requests);
    }

    /// <summary>Decides a command under the lock.</summary>
    public async Task Decide(Waiting waiting)
    {
        var request = waiting.Request;
        if (AnswerTo(NameOf(request)) is null)
        {
            // A command before this one may have made what this one needs to know of.
            await LoadMissing([request]);
            if (NameRules.HolderOf(request, layer) is { } holder && AnswerTo(NameOf(holder)) is null)
            {
                load!.FindAnswers([NameOf(holder)]);
                await load.Run(CancellationToken.None);
            }
        }

        DecideKnown(waiting);
    }

    /// <summary>Writes and commits in one round trip: what fails keeps the commit behind it from being done.</summary>
    public async Task Save(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (load is null)
        {
            batch.Add("begin");
            expected.AddTo(batch, tenant, known.Head!, settings);
        }

        save.AddTo(batch, head);
        batch.Add("commit");
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Whether every command repeats one whose answer is known: then there is nothing to ask the database for.</summary>
    public bool IsKnownThroughout => load is null && expected.IsEmpty;

    /// <summary>What this was decided on is saved, and part of what the writer keeps.</summary>
    public void Rebase(States saved)
    {
        kept = saved;
        layer.Rebase(saved);
    }

    /// <summary>What is known once this is saved.</summary>
    public Knowledge Saved()
    {
        kept.Absorb(layer);
        return new Knowledge(kept, head, settings);
    }

    private void DecideKnown(Waiting waiting)
    {
        var before = Sequence;
        Commands.Add(waiting);
        var outcome = AnswerTo(NameOf(waiting.Request)) is { } stored ? Replay(waiting.Request, stored) : DecideNew(waiting.Request);
        Outcomes.Add((outcome, Sequence > before ? Sequence : null));
    }

    private Outcome DecideNew(WriteRequest request)
    {
        var numbers = head.Counters;
        var today = BusinessCalendar.DayOf(head.RecordedAt, settings.Zone);
        var moment = new Moment(head.RecordedAt, today, head.Sequence, Next)
        {
            BooksOpenFrom = settings.BooksOpenFrom,
            RetentionYears = settings.RetentionYears,
        };
        return NameRules.HolderOf(request, layer) is { } holder
            ? Repeat(request, holder)
            : Conclude(
                request,
                NameRules.Check(request, layer, load?.TakenIds ?? [])
                    ?? EnvelopeRules.Check(request, layer)
                    ?? EnvelopeRules.CheckNote(request, layer, MoneyAccountRules.CheckLines(request, layer, request.Decide(layer, moment))),
                moment);

        string Next(string prefix)
        {
            var series = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{today.Year}");
            var number = numbers.GetValueOrDefault(series) + 1;
            numbers = numbers.SetItem(series, number);
            pendingCounters = numbers;
            return string.Create(CultureInfo.InvariantCulture, $"{series}-{number:D6}");
        }
    }

    private Outcome Conclude(WriteRequest request, Decision decision, Moment moment)
    {
        var counters = pendingCounters;
        pendingCounters = null;
        boxChanges.Clear();
        switch (decision)
        {
            case Decision.Refused(var refusal):
                save.Add(request, refusal, head.RecordedAt);
                Keep(request, 422, JsonSerializer.Serialize(refusal, LedgerJson.Options), location: null, sequence: null);
                return new Outcome.Refused(refusal, Replayed: false);
            case Decision.Missing:
                return new Outcome.NotFound();
            case Decision.Stale:
                return new Outcome.Stale();
            case Decision.ToRecord toRecord:
                head = head with { Counters = counters ?? head.Counters };
                moment.Facts = Record(request, toRecord);
                break;
        }

        moment.Sequence = head.Sequence;
        var answer = request.Answer(layer, moment);
        var status = decision is Decision.NothingToRecord ? 200 : answer.Status;
        var body = BodyOf(answer, [.. MoneyAccountRules.Warnings(boxChanges, layer)]);
        var text = Encoding.UTF8.GetString(body);
        Keep(request, status, text, answer.Location, decision is Decision.ToRecord ? head.Sequence : null);
        return new Outcome.Answered(status, body, answer.Location, Replayed: false);
    }

    /// <summary>What the boxes look like afterwards is told with whatever the slice answers.</summary>
    private static byte[] BodyOf(Answer answer, IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0)
        {
            return JsonSerializer.SerializeToUtf8Bytes(answer.Body, answer.Body.GetType(), LedgerJson.Options);
        }

        var body = JsonSerializer.SerializeToNode(answer.Body, answer.Body.GetType(), LedgerJson.Options)!.AsObject();
        var told = body["warnings"] is JsonArray given ? given.Select(warning => warning!.GetValue<string>()) : [];
        body["warnings"] = new JsonArray([.. told.Union(warnings, StringComparer.Ordinal).Select(warning => JsonValue.Create(warning))]);
        return JsonSerializer.SerializeToUtf8Bytes(body, LedgerJson.Options);
    }

    private List<RecordedFact> Record(WriteRequest request, Decision.ToRecord decision)
    {
        List<RecordedFact> facts = [];
        var commandId = Guid.CreateVersion7(head.RecordedAt);
        var note = EnvelopeRules.EncryptedNote(request, layer);
        foreach (var fact in decision.Facts)
        {
            head = head with { Sequence = head.Sequence + 1 };
            var before = layer.Stream(fact.StreamId);
            var recorded = new RecordedFact(
                EventIds.For(tenant, fact.EventOf ?? Guid.CreateVersion7(head.RecordedAt)),
                fact.StreamId,
                fact.Data,
                EnvelopeRules.Envelope(request, layer, fact, head, commandId, note));
            var after = before.Apply(recorded);
            layer.Put(after);
            LedgerLine[] lines = [.. LedgerLine.Of(recorded)];
            save.Add(recorded, before, lines);
            if (before.Version == 0 && after.Value is IListed listed)
            {
                save.Add(after.Kind.Name, listed.Listing, head.Sequence);
            }

            if (fact.EventOf is { } thing)
            {
                layer.Put(thing, recorded);
            }

            AddToBalances(recorded, lines);
            AddParticipations(recorded, after.Kind);
            facts.Add(recorded);
        }

        foreach (var name in decision.ReleasedPapers.Select(KeyName.Paper))
        {
            layer.Put(name, holder: null);
            save.Release(name);
        }

        // What was asked for comes last: a donor may be registered on the way to a contribution, whose paper it is not.
        foreach (var claim in decision.Claims.Concat(NameRules.ClaimsOf(request, decision.Facts[^1].StreamId)))
        {
            var content = NameRules.ContentOf(request, claim);
            layer.Put(new KeyName(claim.Kind, claim.Value), new KeyHolder(claim.StreamId, content, request.Operation, request.IdempotencyKey));
            save.Add(request, claim, content);
        }

        foreach (var subjectKey in decision.NewSubjectKeys)
        {
            layer.Put(subjectKey.Subject, subjectKey);
            save.Add(subjectKey, key.Bytes);
        }

        Forget(decision);
        return facts;
    }

    private void Forget(Decision.ToRecord decision)
    {
        foreach (var subject in decision.ForgottenSubjects)
        {
            layer.Put(subject, key: null);
            save.Forget(subject, decision.ForgottenNames);
        }

        foreach (var claim in decision.ForgottenNames)
        {
            layer.Release(claim);
        }
    }

    private void AddParticipations(RecordedFact recorded, StreamKind kind)
    {
        if (recorded.Data is not IHasParticipants gathering)
        {
            return;
        }

        foreach (var memberId in gathering.Participants())
        {
            Need.Stream part = new(kind, recorded.StreamId);
            layer.AddParticipation(memberId, part);
            save.Add(memberId, part);
        }
    }

    private void AddToBalances(RecordedFact recorded, LedgerLine[] lines)
    {
        foreach (var line in lines)
        {
            layer.AddToFund(new FundId(line.FundId), line.Account, line.Amount.MinorUnits);
            AddToMoneyAccount(line);
            if (line.MoneyAccount is { } box)
            {
                MoneyAccountId id = new(box);
                boxChanges[id] = boxChanges.GetValueOrDefault(id) + line.Amount.MinorUnits;
            }
        }

        if (recorded.Data is IPaysOutALoan payment)
        {
            layer.AddLoansOf(payment.MemberId, 1);
            save.Add(payment.MemberId, recorded.StreamId);
        }
        else if (recorded.Data is ITakesALoanBack back)
        {
            layer.AddLoansOf(back.MemberId, -1);
            save.Remove(back.MemberId, recorded.StreamId);
        }
    }

    private void AddToMoneyAccount(LedgerLine line)
    {
        if (line.MoneyAccount is { } box)
        {
            layer.AddToMoneyAccount(new MoneyAccountId(box), new FundId(line.FundId), line.Day.EffectiveOn, line.Amount.MinorUnits);
        }
    }

    private static (string Operation, string Key) NameOf(WriteRequest request) => (request.Operation, request.IdempotencyKey);

    private static (string Operation, string Key) NameOf(KeyHolder holder) => (holder.Operation, holder.IdempotencyKey);

    private StoredAnswer? AnswerTo((string Operation, string Key) request) =>
        load?.Answers.GetValueOrDefault(request) ?? layer.AnswerTo(request);

    /// <summary>For ever in the database, and at once for the rest of the batch.</summary>
    private void Keep(WriteRequest request, int status, string body, string? location, long? sequence)
    {
        save.Add(request, status, body, location, sequence);
        layer.Put(NameOf(request), new StoredAnswer(request.Fingerprint, status, body, location));
    }

    private static Outcome Replay(WriteRequest request, StoredAnswer stored) =>
        !stored.Fingerprint.AsSpan().SequenceEqual(request.Fingerprint) ? new Outcome.KeyReused()
        : stored.Status == 422 ? new Outcome.Refused(JsonSerializer.Deserialize<Refusal>(stored.Body, LedgerJson.Options)!, Replayed: true)
        : new Outcome.Answered(stored.Status, Encoding.UTF8.GetBytes(stored.Body), stored.Location, Replayed: true);

    /// <summary>The same thing was recorded by another request: its answer is this one's too, under this one's key.</summary>
    private Outcome Repeat(WriteRequest request, KeyHolder holder)
    {
        var stored = AnswerTo(NameOf(holder)) ?? throw new InvalidOperationException("A name is held by a request without an answer.");
        Keep(request, 200, stored.Body, stored.Location, sequence: null);
        return new Outcome.Answered(200, Encoding.UTF8.GetBytes(stored.Body), stored.Location, Replayed: false);
    }

    private async Task LoadMissing(IReadOnlyList<WriteRequest> requests)
    {
        while (MissingNeeds(requests) is { Count: > 0 } missing)
        {
            load!.Find(missing, layer);
            await load.Run(CancellationToken.None);
            AddDecidedLines(missing);
        }
    }

    /// <summary>Balances that were read in the middle of a batch lack what the batch itself decided before.</summary>
    private void AddDecidedLines(IEnumerable<Need> justLoaded)
    {
        foreach (var fund in justLoaded.OfType<Need.Fund>())
        {
            foreach (var line in save.Lines.Where(line => line.FundId == fund.FundId.Value))
            {
                layer.AddToFund(fund.FundId, line.Account, line.Amount.MinorUnits);
            }
        }

        foreach (var box in justLoaded.OfType<Need.MoneyAccount>())
        {
            foreach (var line in save.Lines.Where(line => line.MoneyAccount == box.MoneyAccountId.Value))
            {
                AddToMoneyAccount(line);
            }
        }
    }

    private HashSet<Need> MissingNeeds(IReadOnlyList<WriteRequest> requests)
    {
        HashSet<Need> missing = [];
        foreach (var request in requests)
        {
            foreach (var need in request.Needs(layer).Concat(NameRules.NeedsOf(request)).Concat(EnvelopeRules.NeedsOf(request, layer, types)))
            {
                if (!layer.Has(need))
                {
                    missing.Add(need);
                }
            }
        }

        return missing;
    }

    /// <summary>Whole microseconds, as the database keeps them, and never before what was recorded last.</summary>
    private DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return Later(head.RecordedAt, new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero));
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one >= other ? one : other;
}
