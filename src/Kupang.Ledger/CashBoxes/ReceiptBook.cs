using System.Collections.Immutable;
using System.Globalization;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.CashBoxes;

/// <summary>
/// A book of receipts with printed numbers, the ranges of which were given to people or devices, one after the other or side
/// by side. Facts name it as their paper's book.
/// </summary>
public sealed record ReceiptBook(ReceiptBookId Id, string Number, string Book, string? Prefix, string? ExternalId) : IStreamState<ReceiptBook>, IListed
{
    /// <summary>The kind of name under which a book and its prefix are claimed.</summary>
    public const string Name = "receipt-book";

    public static string Kind => "receipt-book";

    public ImmutableList<ReceiptRange> Ranges { get; init; } = [];

    public ImmutableList<VoidedReceipts> Voids { get; init; } = [];

    public Listing Listing => new(Id.Value, Number, ExternalId);

    public static string NameOf(string book, string? prefix) => $"{book}\n{prefix}";

    /// <summary>The range that a number lies in, if one was given out.</summary>
    public ReceiptRange? RangeOf(long number) => Ranges.Find(range => range.From <= number && number <= range.To);

    public bool IsVoided(long number) => Voids.Exists(voided => voided.From <= number && number <= voided.To);

    /// <summary>A paper's number without the prefix, or null where it is not a number of this book.</summary>
    public long? Parse(string paper) =>
        paper.StartsWith(Prefix ?? "", StringComparison.Ordinal)
        && long.TryParse(paper.AsSpan((Prefix ?? "").Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static ReceiptBook After(ReceiptBook? state, RecordedFact fact) => fact.Data switch
    {
        ReceiptRangeIssued issued => (state ?? new ReceiptBook(issued.ReceiptBookId, issued.Number, issued.Book, issued.Prefix, issued.ExternalId)) with
        {
            Ranges = (state?.Ranges ?? []).Add(new ReceiptRange(issued.From, issued.To, issued.StaffId, issued.DeviceId, fact.Envelope.EffectiveOn)),
        },
        ReceiptsVoided voided => state! with
        {
            Voids = state.Voids.Add(new VoidedReceipts(voided.From, voided.To, fact.Envelope.ReasonCode, fact.Envelope.EffectiveOn)),
        },
        _ => throw new InvalidOperationException($"A receipt book knows no {fact.Data.GetType().Name}."),
    };
}

/// <summary>Numbers that were given to a person of the staff or to a device, both ends among them.</summary>
public sealed record ReceiptRange(long From, long To, StaffId? StaffId, string? DeviceId, DateOnly IssuedOn);

/// <summary>Numbers of spoiled or returned forms: they are no gap.</summary>
public sealed record VoidedReceipts(long From, long To, string? ReasonCode, DateOnly VoidedOn);
