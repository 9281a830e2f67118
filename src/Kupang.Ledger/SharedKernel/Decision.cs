namespace Kupang.Ledger.SharedKernel;

/// <summary>What a decider answers: facts to record, nothing to do, or why the command is refused.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>The command is allowed, and these facts say what happened.</summary>
    public static ToRecord Record(params IReadOnlyList<NewFact> facts) => new(facts);

    /// <summary>The same was carried out before: the caller gets the thing that exists, the ledger gets nothing.</summary>
    public static Decision AlreadyRecorded() => new NothingToRecord();

    /// <summary>A rule says no.</summary>
    /// <param name="code">Stable, in kebab case; its words in each language stand in the list of problems.</param>
    /// <param name="pointer">The member of the request it is about, as a JSON pointer.</param>
    /// <param name="figures">What this case is about, by name: the words refer to them, and programs read them.</param>
    public static Decision Refuse(string code, string? pointer = null, params IReadOnlyList<Figure> figures) =>
        new Refused(new Refusal(code, pointer, figures));

    /// <summary>The thing the request is about does not exist for this tenant.</summary>
    public static Decision NotFound() => new Missing();

    /// <summary>The thing has changed since the caller looked at it.</summary>
    public static Decision Changed() => new Stale();

    public sealed record ToRecord(IReadOnlyList<NewFact> Facts) : Decision
    {
        /// <summary>Names that belong to what is recorded from now on.</summary>
        public IReadOnlyList<NameClaim> Claims { get; init; } = [];

        /// <summary>Keys of persons or groups that the ledger meets for the first time.</summary>
        public IReadOnlyList<SubjectKey> NewSubjectKeys { get; init; } = [];

        /// <summary>Papers whose facts no longer stand: their numbers are free again from now on.</summary>
        public IReadOnlyList<Paper> ReleasedPapers { get; init; } = [];

        /// <summary>Persons whose keys are destroyed with what is recorded: nothing written about them can be read again.</summary>
        public IReadOnlyList<Guid> ForgottenSubjects { get; init; } = [];

        /// <summary>What those persons were found by; free again from now on.</summary>
        public IReadOnlyList<NameClaim> ForgottenNames { get; init; } = [];

        public ToRecord WithClaims(params IReadOnlyList<NameClaim> claims) => this with { Claims = [.. Claims, .. claims] };

        public ToRecord Releasing(Paper? paper) => paper is null ? this : this with { ReleasedPapers = [.. ReleasedPapers, paper] };

        public ToRecord WithKeys(params IReadOnlyList<SubjectKey> keys) => this with { NewSubjectKeys = [.. NewSubjectKeys, .. keys] };

        /// <param name="names">What the person could still be found by.</param>
        public ToRecord Forgetting(Guid subject, params IReadOnlyList<NameClaim> names) =>
            this with { ForgottenSubjects = [.. ForgottenSubjects, subject], ForgottenNames = [.. ForgottenNames, .. names] };
    }

    public sealed record NothingToRecord : Decision;

    public sealed record Missing : Decision;

    public sealed record Stale : Decision;

    public sealed record Refused(Refusal Refusal) : Decision;
}

/// <summary>A fact that was decided and not yet numbered.</summary>
/// <param name="StreamId">The thing it happens to.</param>
/// <param name="Data">The event record.</param>
/// <param name="Day">When it happened and when it counts.</param>
/// <param name="EventOf">
/// The id of the thing that this fact makes (a fund, a repayment); the event takes its id from it, so that an id can be
/// looked up whatever kind of thing it belongs to. Null when the fact makes nothing new.
/// </param>
/// <param name="MoneyAccount">Whose money it moves, where it is not what the caller named: a reversal takes back from the box of its original.</param>
public sealed record NewFact(
    Guid StreamId,
    object Data,
    BookDay Day,
    Guid? EventOf = null,
    string? ReasonCode = null,
    VoucherKind VoucherKind = VoucherKind.Normal,
    MoneyAccountId? MoneyAccount = null);

/// <summary>A name that must be unique in the tenant: its kind (<c>fund-code</c>, <c>nik</c>), itself, and the thing that takes it.</summary>
public sealed record NameClaim(string Kind, string Value, Guid StreamId)
{
    /// <summary>What the kind begins with by which something is found that came to a group after it was made; the group's id follows.</summary>
    public const string InGroup = "in-group:";

    public static NameClaim OfGroup(GroupId groupId, Guid streamId) => new($"{InGroup}{groupId}", streamId.ToString(), streamId);
}

/// <summary>
/// A rule's "no". The code is part of the public contract (it ends the problem type), so it is never renamed; title and
/// detail in each language stand in the list of problems, and the detail names the figures of this case.
/// </summary>
public sealed record Refusal(string Code, string? Pointer, IReadOnlyList<Figure> Figures);

/// <summary>One figure of a refusal: an amount of money, a day, a count or a text that is not about a person.</summary>
public sealed record Figure(string Name, object Value);
