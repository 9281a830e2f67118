using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kupang.Ledger.SharedKernel;

/// <summary>A fact that moves money: it carries its own balanced lines, made when it was decided and never again.</summary>
public interface IMoneyFact
{
    JournalLines Lines { get; }
}

/// <summary>A fact with a printed number of its own, under which people look for it.</summary>
public interface INumberedFact
{
    string Number { get; }
}

/// <summary>
/// A fact that changes what a fund has promised or turned over without touching its accounts. Such amounts stand beside
/// the books (memorandum), so they carry no lines.
/// </summary>
public interface IMemorandumFact
{
    /// <param name="day">The days of the fact itself.</param>
    IEnumerable<MemorandumLine> Memoranda(BookDay day);
}

/// <summary>A fact by which a member receives a loan: the next one knows from it which loan it is.</summary>
public interface IPaysOutALoan
{
    MemberId MemberId { get; }
}

/// <summary>The first fact of a loan.</summary>
public interface IBeginsALoan;

/// <summary>A fact by which a loan paid out counts as never paid out.</summary>
public interface ITakesALoanBack
{
    MemberId MemberId { get; }
}

/// <summary>A fact that takes back another one, once and whole.</summary>
public interface IReversal
{
    TransactionId ReversalId { get; }

    /// <summary>The fact that no longer stands.</summary>
    TransactionId TransactionId { get; }

    ReversalKind Kind { get; }

    /// <summary>Why, in words; kept under the key of whom the fact is about.</summary>
    Encrypted? Reason { get; }
}

public enum ReversalKind
{
    /// <summary>It never happened as it was written: the reversal has the day of what it takes back.</summary>
    EnteredInError,

    /// <summary>It happened, and the money went back later: the reversal has a day of its own.</summary>
    Returned,
}

/// <summary>Why a fact is corrected, in a word that names nobody.</summary>
public enum ReasonCode
{
    TypingError,
    WrongBorrower,
    WrongDate,
    Duplicate,
    Returned,
    Decision,
    Other,
}

/// <summary>A fact by which members take part in something: a loan, a group. The ledger finds from it what a member is part of.</summary>
public interface IHasParticipants
{
    IEnumerable<MemberId> Participants();
}

/// <summary>One change of a memorandum figure of a fund; the two figures are named in <see cref="Memorandum"/>.</summary>
public sealed record MemorandumLine(string Figure, FundId FundId, Money Amount, BookDay Day);

/// <summary>The figures of a fund that no account holds.</summary>
public static class Memorandum
{
    /// <summary>Approved and not yet disbursed.</summary>
    public const string Committed = "committed";

    /// <summary>Principal that was written off, less what later facts showed to be none.</summary>
    public const string WrittenOff = "written-off";

    /// <summary>Disbursed since the fund opened, which divided by capital says how often it has turned.</summary>
    public const string Disbursed = "disbursed";
}

/// <summary>One fact as the ledger keeps it: what happened, and everything known about how it came in.</summary>
/// <param name="EventId">The event's own id, unique in the whole store.</param>
/// <param name="StreamId">The thing it happened to.</param>
/// <param name="Data">The fact itself, one of the registered event records.</param>
public sealed record RecordedFact(Guid EventId, Guid StreamId, object Data, Envelope Envelope);

/// <summary>
/// What is stored with every fact beside the fact: when it happened, when it counts, when and in which order the ledger
/// learnt it, and who did what on which paper.
/// </summary>
/// <param name="Sequence">The tenant's own number, without gaps, in the order of commits.</param>
/// <param name="RecordedAt">The instant the ledger learnt it (UTC); never decreases within a tenant.</param>
/// <param name="EffectiveOn">The day it happened, in the tenant's zone.</param>
/// <param name="BookedOn">The day it counts in the books.</param>
/// <param name="CommandId">The same for all facts that one request led to.</param>
/// <param name="Operation">What was asked for, as the stable operation id of the interface.</param>
/// <param name="HandledBy">Who took or paid the cash.</param>
/// <param name="MoneyAccount">Which cash box or bank account the money went into or came out of: the box of every money line that names none itself.</param>
/// <param name="AfterCashClose">Set when the cash of its day was counted and closed before it was recorded; a second person agreed.</param>
/// <param name="PostingRuleVersion">Which version of the posting rules made the lines.</param>
public sealed record Envelope(
    long Sequence,
    DateTimeOffset RecordedAt,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    Guid CommandId,
    string Operation,
    Actor Actor,
    ImmutableArray<Approver>? ApprovedBy = null,
    StaffId? HandledBy = null,
    Channel? Channel = null,
    MoneyAccountId? MoneyAccount = null,
    string? BankReference = null,
    Paper? Paper = null,
    ImmutableArray<Evidence>? Evidence = null,
    string? ReasonCode = null,
    VoucherKind VoucherKind = VoucherKind.Normal,
    int PostingRuleVersion = 1,
    Encrypted? Note = null,
    bool? AfterCashClose = null)
{
    [JsonIgnore]
    public BookDay Day => new(EffectiveOn, BookedOn);
}

/// <summary>Who acted: always a credential, and the person of the staff it spoke for.</summary>
public sealed record Actor(
    ApiKeyId KeyId,
    StaffId? StaffId = null,
    string? DeviceId = null,
    long? DeviceSequence = null,
    DateTimeOffset? CapturedAt = null);

/// <summary>Who else agreed: a person of the staff or a member, never the maker.</summary>
public sealed record Approver(StaffId? StaffId, MemberId? MemberId, string Role);

/// <summary>How money moved.</summary>
public enum Channel
{
    Cash,
    BankTransfer,
    Qris,
    EWallet,
    Offset,
}

/// <summary>The sheet of paper a fact was written on, unique by book and number among the facts that stand.</summary>
public sealed record Paper(PaperKind Kind, string Book, string Number)
{
    /// <summary>The receipt book of a tenant that keeps only one.</summary>
    public const string MainBook = "main";
}

public enum PaperKind
{
    Receipt,
    CashIn,
    CashOut,
    Memorial,
    Minutes,
    Agreement,
}

/// <summary>Something outside the ledger that proves a fact: a photo, a scan, a letter.</summary>
public sealed record Evidence(string Kind, string Reference, string? Sha256 = null);

public enum VoucherKind
{
    Normal,
    Opening,
    Adjustment,
    Closing,
}
