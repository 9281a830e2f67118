using System.Collections.Immutable;

namespace Kupang.Ledger.SharedKernel;

/// <summary>What every request that makes something may carry.</summary>
public abstract record Command
{
    /// <summary>An id made by the client (UUIDv7), unique in the tenant over all kinds of things.</summary>
    public Guid? Id { get; init; }

    /// <summary>What the partner calls it, unique in the tenant.</summary>
    [TextLimit(100)]
    public string? ExternalId { get; init; }

    /// <summary>The client's id, or a new one.</summary>
    public Guid NewId() => Id ?? Guid.CreateVersion7();
}

/// <summary>What every request about a dated fact may carry: the day, the paper, the people.</summary>
public abstract record DatedCommand : Command
{
    /// <summary>The day it happened; the tenant's business day when left out.</summary>
    public DateOnly? EffectiveOn { get; init; }

    /// <summary>The receipt book, when there is more than one.</summary>
    [TextLimit(40)]
    public string? ReceiptBook { get; init; }

    [TextLimit(60)]
    public string? ReceiptNumber { get; init; }

    /// <summary>The paper in full, instead of <see cref="ReceiptBook"/> and <see cref="ReceiptNumber"/>.</summary>
    public PaperInput? Paper { get; init; }

    public Channel? Channel { get; init; }

    /// <summary>Which cash box or bank account the money went into or came out of.</summary>
    public MoneyAccountId? MoneyAccountId { get; init; }

    [TextLimit(100)]
    public string? BankReference { get; init; }

    /// <summary>Who took or paid the cash.</summary>
    public StaffId? HandledBy { get; init; }

    public ImmutableArray<ApproverInput>? ApprovedBy { get; init; }

    public ImmutableArray<EvidenceInput>? Evidence { get; init; }

    /// <summary>Free text; kept encrypted under the key of whom it is about.</summary>
    [TextLimit(2000)]
    public string? Note { get; init; }
}

/// <summary>The paper a fact was written on, as a request names it.</summary>
public sealed record PaperInput([property: TextLimit(60)] string Number, PaperKind Kind = PaperKind.Receipt, [property: TextLimit(40)] string? Book = null);

public sealed record ApproverInput([property: TextLimit(60)] string Role, StaffId? StaffId = null, MemberId? MemberId = null);

public sealed record EvidenceInput([property: TextLimit(60)] string Kind, [property: TextLimit(300)] string Reference, [property: TextLimit(64)] string? Sha256 = null);

/// <summary>How long a text in a request may be, in characters. Without it the limit is 200.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextLimitAttribute(int characters) : Attribute
{
    public int Characters { get; } = characters;
}
