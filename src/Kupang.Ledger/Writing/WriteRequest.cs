using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Writing;

/// <summary>One command on its way into the ledger, already read and authenticated.</summary>
public sealed record WriteRequest
{
    /// <summary>From the credential, never from the request itself.</summary>
    public required string Tenant { get; init; }

    /// <summary>The stable name of what is asked for; with the key it makes a request unique for ever.</summary>
    public required string Operation { get; init; }

    public required string IdempotencyKey { get; init; }

    /// <summary>A keyed hash of method, route and body: the same request has the same one.</summary>
    public required byte[] Fingerprint { get; init; }

    public required Actor Actor { get; init; }

    public EnvelopeParts Envelope { get; init; } = new();

    /// <summary>An id that the client made, if it did.</summary>
    public Guid? ClientId { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>What another request under the same paper number must say too, to be the same payment.</summary>
    public string PaperContent { get; init; } = "";

    /// <summary>Asked again whenever something was loaded, until everything it names is there.</summary>
    public required Func<States, IEnumerable<Need>> Needs { get; init; }

    public required Func<States, Moment, Decision> Decide { get; init; }

    /// <summary>What the caller is told when the facts are recorded, read off the states they led to.</summary>
    public required Func<States, Moment, Answer> Answer { get; init; }
}

/// <summary>The parts of an envelope that the caller may give.</summary>
public sealed record EnvelopeParts
{
    public Paper? Paper { get; init; }

    public Channel? Channel { get; init; }

    public MoneyAccountId? MoneyAccount { get; init; }

    public string? BankReference { get; init; }

    public StaffId? HandledBy { get; init; }

    public ImmutableArray<Approver>? ApprovedBy { get; init; }

    public ImmutableArray<Evidence>? Evidence { get; init; }

    /// <summary>Free text, encrypted under the key of whom it is about before it is stored.</summary>
    public string? Note { get; init; }

    /// <summary>Whom the note is about. Without it a note is refused.</summary>
    public Func<States, Guid?> NoteAbout { get; init; } = _ => null;
}

/// <summary>When a command is decided, under the tenant's lock: the only clock deciders know.</summary>
public sealed class Moment(DateTimeOffset recordedAt, DateOnly today, long sequence, Func<string, string> nextNumber)
{
    public DateTimeOffset RecordedAt { get; } = recordedAt;

    /// <summary>The business day in the tenant's zone.</summary>
    public DateOnly Today { get; } = today;

    /// <summary>The first day the tenant's books are open for; facts before it are refused.</summary>
    public DateOnly? BooksOpenFrom { get; init; }

    /// <summary>For how many years after the last fact about a person's money the person may not be erased.</summary>
    public int RetentionYears { get; init; }

    /// <summary>The number of the command's last fact once it is recorded; before that, of the last one recorded.</summary>
    public long Sequence { get; internal set; } = sequence;

    /// <summary>The facts that were recorded, once they are.</summary>
    public IReadOnlyList<RecordedFact> Facts { get; internal set; } = [];

    /// <summary>The fact of this type among those recorded.</summary>
    public RecordedFact Recorded<TFact>() => Facts.Single(fact => fact.Data is TFact);

    /// <summary>The next printed number of a kind, such as <c>PJ-2026-000123</c>; used up only when something is recorded.</summary>
    public string NextNumber(string prefix) => nextNumber(prefix);
}

/// <summary>What the caller is told.</summary>
/// <param name="Body">Serialized once; kept and repeated as it is.</param>
public sealed record Answer(int Status, object Body, string? Location = null);

/// <summary>How a request ended.</summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    /// <param name="Body">JSON in UTF-8; a text about a person stands in it encrypted.</param>
    public sealed record Answered(int Status, ReadOnlyMemory<byte> Body, string? Location, bool Replayed) : Outcome;

    public sealed record Refused(Refusal Refusal, bool Replayed) : Outcome;

    /// <summary>The thing it is about does not exist for this tenant. Not kept: it may exist later.</summary>
    public sealed record NotFound : Outcome;

    /// <summary>It was decided on a version that is not the newest.</summary>
    public sealed record Stale : Outcome;

    /// <summary>The key was used for another request.</summary>
    public sealed record KeyReused : Outcome;

    /// <summary>The same request is still running.</summary>
    public sealed record InProgress : Outcome;

    /// <summary>Too much is waiting, the service is stopping, or the database can't be reached: nothing is known to be recorded.</summary>
    public sealed record Unavailable(string Why) : Outcome;

    /// <summary>A defect: nothing was recorded.</summary>
    public sealed record Failed(Exception Exception) : Outcome;
}
