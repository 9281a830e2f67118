using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Writing;

/// <summary>What a command must know before it can be decided.</summary>
public abstract record Need
{
    private Need()
    {
    }

    /// <summary>What a stream adds up to.</summary>
    public static Need Of<TState>(Guid id)
        where TState : class, IStreamState<TState> => new Stream(StreamKind.Of<TState>(), id);

    /// <summary>Whether a name that must be unique is taken, and by what.</summary>
    public static Need Key(string kind, string value) => new NaturalKey(new KeyName(kind, value));

    /// <summary>The balances of a fund, with everything recorded so far.</summary>
    public static Need Balances(FundId fundId) => new Fund(fundId);

    /// <summary>What a cash box or bank account holds, with everything recorded so far.</summary>
    public static Need Balances(MoneyAccountId moneyAccountId) => new MoneyAccount(moneyAccountId);

    /// <summary>How many loans a member was paid out before.</summary>
    public static Need LoansOf(MemberId memberId) => new MemberLoans(memberId);

    /// <summary>Everything a member is or was part of, each then a need of its own.</summary>
    public static Need ParticipationsOf(MemberId memberId) => new Participations(memberId);

    /// <summary>The key that opens what is written about a person or group.</summary>
    public static Need SubjectKey(Guid subject) => new PersonalKey(subject);

    /// <summary>The fact that made a thing, such as a repayment or a contribution.</summary>
    public static Need FactMaking(Guid thing) => new MakingFact(thing);

    public sealed record MakingFact(Guid Thing) : Need;

    public sealed record Stream(StreamKind Kind, Guid Id) : Need;

    public sealed record NaturalKey(KeyName Name) : Need;

    public sealed record Fund(FundId FundId) : Need;

    public sealed record MoneyAccount(MoneyAccountId MoneyAccountId) : Need;

    public sealed record MemberLoans(MemberId MemberId) : Need;

    public sealed record Participations(MemberId MemberId) : Need;

    public sealed record PersonalKey(Guid Subject) : Need;
}

/// <summary>A name that belongs to at most one thing of a tenant: a receipt number, a fund's code, a client's id.</summary>
public readonly record struct KeyName(string Kind, string Value)
{
    public static KeyName Paper(Paper paper) => new($"paper:{paper.Book}", paper.Number);

    public static KeyName ClientId(Guid id) => new("id", id.ToString());

    public static KeyName ExternalId(string externalId) => new("external-id", externalId);
}

/// <summary>Who holds a unique name: the request that claimed it, and what that request said.</summary>
/// <param name="Content">What must be the same for another request to mean the same thing.</param>
public sealed record KeyHolder(Guid StreamId, string Content, string Operation, string IdempotencyKey);

/// <summary>One stream as the writer holds it.</summary>
public sealed record StreamState(StreamKind Kind, Guid Id, long Version, object? Value)
{
    /// <summary>The latest day that a fact of it is dated or booked on.</summary>
    public DateOnly LastOn { get; init; }

    /// <summary>Whether any fact of it moved money.</summary>
    public bool MovedMoney { get; init; }

    public static StreamState Empty(StreamKind kind, Guid id) => new(kind, id, 0, Value: null);

    public StreamState Apply(RecordedFact fact) => this with
    {
        Version = Version + 1,
        Value = Kind.After(Value, fact),
        LastOn = Later(LastOn, Later(fact.Envelope.EffectiveOn, fact.Envelope.BookedOn)),
        MovedMoney = MovedMoney || fact.Data is IMoneyFact,
    };

    private static DateOnly Later(DateOnly one, DateOnly other) => one >= other ? one : other;
}

/// <summary>
/// The accounts of one fund and its memorandum figures, in minor units, over all facts known whatever their day: what may
/// be lent is decided on everything the ledger knows.
/// </summary>
public sealed record FundBalances(FundId FundId, ImmutableDictionary<string, long> Figures)
{
    public static FundBalances Empty(FundId fundId) => new(fundId, ImmutableDictionary.Create<string, long>(StringComparer.Ordinal));

    /// <summary>Debits less credits of an account, or a memorandum figure.</summary>
    public long this[string accountOrFigure] => Figures.GetValueOrDefault(accountOrFigure);

    public FundBalances Add(string accountOrFigure, long minorUnits) =>
        this with { Figures = Figures.SetItem(accountOrFigure, this[accountOrFigure] + minorUnits) };
}

/// <summary>What moved in and out of a cash box or bank account on each day it happened, by fund, in minor units.</summary>
public sealed record MoneyAccountBalances(MoneyAccountId MoneyAccountId, ImmutableDictionary<(FundId FundId, DateOnly Day), long> Moves)
{
    /// <summary>What it holds over all days.</summary>
    public long Total => Moves.Values.Sum();

    /// <summary>The funds whose money ever went through it.</summary>
    public IEnumerable<FundId> Funds => Moves.Keys.Select(move => move.FundId).Distinct().OrderBy(fund => fund.Value);

    public static MoneyAccountBalances Empty(MoneyAccountId id) => new(id, ImmutableDictionary<(FundId, DateOnly), long>.Empty);

    /// <summary>What it held at the end of a day.</summary>
    public long At(DateOnly day) => Moves.Where(move => move.Key.Day <= day).Sum(move => move.Value);

    /// <summary>The same of one fund.</summary>
    public long At(DateOnly day, FundId fundId) => Moves.Where(move => move.Key.FundId == fundId && move.Key.Day <= day).Sum(move => move.Value);

    public MoneyAccountBalances Add(FundId fundId, DateOnly day, long minorUnits) =>
        this with { Moves = Moves.SetItem((fundId, day), Moves.GetValueOrDefault((fundId, day)) + minorUnits) };
}

/// <summary>
/// Everything that was loaded or decided so far, as deciders see it. A batch works on a layer above what the writer keeps;
/// only a commit makes the layer part of it.
/// </summary>
public sealed class States
{
    /// <summary>Most requests that are repeated are repeated at once: those answers need not be looked up.</summary>
    private const int KeptAnswersLimit = 1_000;

    private readonly Dictionary<Guid, StreamState> streams = [];
    private readonly Dictionary<KeyName, KeyHolder?> keys = [];
    private readonly Dictionary<FundId, FundBalances> funds = [];
    private readonly Dictionary<MoneyAccountId, MoneyAccountBalances> moneyAccounts = [];
    private readonly Dictionary<MemberId, int> memberLoans = [];
    private readonly Dictionary<MemberId, ImmutableHashSet<Need.Stream>> participations = [];
    private readonly Dictionary<Guid, SubjectKey?> subjectKeys = [];
    private readonly Dictionary<Guid, RecordedFact?> facts = [];
    private readonly Dictionary<(string Operation, string Key), StoredAnswer> answers = [];
    private readonly Queue<(string Operation, string Key)> keptAnswers = [];
    private States? below;

    public States(States? below = null) => this.below = below;

    public int Count => streams.Count;

    /// <summary>The state of a stream, or null when nothing was ever recorded under this id for this kind of thing.</summary>
    /// <exception cref="InvalidOperationException">The slice did not name it among its needs.</exception>
    public TState? Find<TState>(Guid id)
        where TState : class, IStreamState<TState> => Stream(id).Value as TState;

    /// <summary>The same, also null while it has not been loaded: for naming further needs.</summary>
    public TState? Peek<TState>(Guid id)
        where TState : class, IStreamState<TState> => TryStream(id)?.Value as TState;

    public KeyHolder? Holder(KeyName name) =>
        TryHolder(name, out var holder) ? holder : throw NotLoaded(name);

    /// <summary>The same, also null while it has not been loaded: for naming further needs.</summary>
    public KeyHolder? PeekHolder(KeyName name) => TryHolder(name, out var holder) ? holder : null;

    public FundBalances Balances(FundId fundId) => TryBalances(fundId) ?? throw NotLoaded(fundId);

    public MoneyAccountBalances Balances(MoneyAccountId id) => TryBalances(id) ?? throw NotLoaded(id);

    /// <summary>The same, also null while it has not been loaded: for naming further needs.</summary>
    public MoneyAccountBalances? PeekBalances(MoneyAccountId id) => TryBalances(id);

    public int LoansOf(MemberId memberId) => TryLoansOf(memberId) ?? throw NotLoaded(memberId);

    /// <summary>What a member is or was part of.</summary>
    public IEnumerable<StreamState> ParticipationsOf(MemberId memberId) =>
        (TryParticipationsOf(memberId) ?? throw NotLoaded(memberId)).Select(part => Stream(part.Id));

    /// <summary>The same as needs; none while it is not known: for naming further needs.</summary>
    public IEnumerable<Need> PeekParticipationsOf(MemberId memberId) => TryParticipationsOf(memberId) ?? [];

    public SubjectKey? KeyOf(Guid subject) => TryKeyOf(subject, out var key) ? key : throw NotLoaded(subject);

    /// <summary>The fact that made a thing, or null when nothing was made under this id.</summary>
    public RecordedFact? FactMaking(Guid thing) => TryFactMaking(thing, out var fact) ? fact : throw NotLoaded(thing);

    /// <summary>The same, also null while it has not been loaded: for naming further needs.</summary>
    public RecordedFact? PeekFactMaking(Guid thing) => TryFactMaking(thing, out var fact) ? fact : null;

    /// <summary>How a request was answered, if it was answered lately.</summary>
    internal StoredAnswer? AnswerTo((string Operation, string Key) request) =>
        answers.TryGetValue(request, out var answer) ? answer : below?.AnswerTo(request);

    /// <summary>What this layer lies on was saved: now it lies on what that became part of.</summary>
    internal void Rebase(States saved) => below = saved;

    internal StreamState Stream(Guid id) => TryStream(id) ?? throw NotLoaded(id);

    internal bool Has(Need need) => need switch
    {
        Need.Stream stream => TryStream(stream.Id) is not null,
        Need.NaturalKey key => TryHolder(key.Name, out _),
        Need.Fund fund => TryBalances(fund.FundId) is not null,
        Need.MoneyAccount account => TryBalances(account.MoneyAccountId) is not null,
        Need.MemberLoans loans => TryLoansOf(loans.MemberId) is not null,
        Need.Participations parts => TryParticipationsOf(parts.MemberId) is not null,
        Need.PersonalKey key => TryKeyOf(key.Subject, out _),
        Need.MakingFact fact => TryFactMaking(fact.Thing, out _),
        _ => throw new ArgumentOutOfRangeException(nameof(need)),
    };

    internal void Put(StreamState stream) => streams[stream.Id] = stream;

    internal void Put(KeyName name, KeyHolder? holder) => keys[name] = holder;

    internal void Put(FundBalances balances) => funds[balances.FundId] = balances;

    internal void Put(MoneyAccountBalances balances) => moneyAccounts[balances.MoneyAccountId] = balances;

    internal void Put(MemberId memberId, int loans) => memberLoans[memberId] = loans;

    internal void Put(MemberId memberId, ImmutableHashSet<Need.Stream> parts) => participations[memberId] = parts;

    internal void Put(Guid subject, SubjectKey? key) => subjectKeys[subject] = key;

    internal void Put(Guid thing, RecordedFact? fact) => facts[thing] = fact;

    internal void Put((string Operation, string Key) request, StoredAnswer answer) => answers[request] = answer;

    internal void AddToFund(FundId fundId, string accountOrFigure, long minorUnits)
    {
        if (TryBalances(fundId) is { } balances)
        {
            Put(balances.Add(accountOrFigure, minorUnits));
        }
    }

    internal void AddToMoneyAccount(MoneyAccountId id, FundId fundId, DateOnly day, long minorUnits)
    {
        if (TryBalances(id) is { } balances)
        {
            Put(balances.Add(fundId, day, minorUnits));
        }
    }

    internal void AddLoansOf(MemberId memberId, int more)
    {
        if (TryLoansOf(memberId) is { } loans)
        {
            Put(memberId, loans + more);
        }
    }

    internal void AddParticipation(MemberId memberId, Need.Stream part)
    {
        if (TryParticipationsOf(memberId) is { } parts)
        {
            Put(memberId, parts.Add(part));
        }
    }

    /// <summary>A name is free again, if it was this thing's.</summary>
    internal void Release(NameClaim claim)
    {
        KeyName name = new(claim.Kind, claim.Value);
        if (TryHolder(name, out var holder) && holder?.StreamId == claim.StreamId)
        {
            Put(name, holder: null);
        }
    }

    /// <summary>After a commit: what the layer learnt is what the writer knows. Unique names are asked for each time anew.</summary>
    internal void Absorb(States layer)
    {
        // What a tenant has one of is asked for again and again, also while nothing was recorded of it.
        foreach (var stream in layer.streams.Values.Where(stream => stream.Version > 0 || TenantStream.IsOne(stream.Id)))
        {
            streams[stream.Id] = stream;
        }

        foreach (var balances in layer.funds.Values)
        {
            funds[balances.FundId] = balances;
        }

        foreach (var balances in layer.moneyAccounts.Values)
        {
            moneyAccounts[balances.MoneyAccountId] = balances;
        }

        foreach (var (subject, key) in layer.subjectKeys)
        {
            subjectKeys[subject] = key;
        }

        foreach (var (memberId, loans) in layer.memberLoans)
        {
            memberLoans[memberId] = loans;
        }

        foreach (var (memberId, parts) in layer.participations)
        {
            participations[memberId] = parts;
        }

        foreach (var (request, answer) in layer.answers)
        {
            if (answers.TryAdd(request, answer))
            {
                keptAnswers.Enqueue(request);
            }
        }

        while (keptAnswers.Count > KeptAnswersLimit)
        {
            answers.Remove(keptAnswers.Dequeue());
        }
    }

    private StreamState? TryStream(Guid id) => streams.TryGetValue(id, out var stream) ? stream : below?.TryStream(id);

    private bool TryHolder(KeyName name, out KeyHolder? holder) =>
        keys.TryGetValue(name, out holder) || (below?.TryHolder(name, out holder) ?? false);

    private FundBalances? TryBalances(FundId fundId) =>
        funds.TryGetValue(fundId, out var balances) ? balances : below?.TryBalances(fundId);

    private MoneyAccountBalances? TryBalances(MoneyAccountId id) =>
        moneyAccounts.TryGetValue(id, out var balances) ? balances : below?.TryBalances(id);

    private int? TryLoansOf(MemberId memberId) =>
        memberLoans.TryGetValue(memberId, out var loans) ? loans : below?.TryLoansOf(memberId);

    private bool TryFactMaking(Guid thing, out RecordedFact? fact) =>
        facts.TryGetValue(thing, out fact) || (below?.TryFactMaking(thing, out fact) ?? false);

    private ImmutableHashSet<Need.Stream>? TryParticipationsOf(MemberId memberId) =>
        participations.TryGetValue(memberId, out var parts) ? parts : below?.TryParticipationsOf(memberId);

    private bool TryKeyOf(Guid subject, out SubjectKey? key) =>
        subjectKeys.TryGetValue(subject, out key) || (below?.TryKeyOf(subject, out key) ?? false);

    private static InvalidOperationException NotLoaded(object what) =>
        new($"{what} was not named among the needs of this command.");
}
