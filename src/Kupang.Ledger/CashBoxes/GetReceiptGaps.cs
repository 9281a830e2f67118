using System.Text.Json;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.CashBoxes;

/// <summary>A fact on a receipt of a book, as far as the numbering asks.</summary>
/// <param name="Holder">Who took the money, else who acted.</param>
public sealed record ReceiptUse(string PaperNumber, long Sequence, Guid CommandId, StaffId? Holder, string? DeviceId);

/// <summary>Numbers of one range that nobody used though a higher one was.</summary>
public sealed record MissingReceipts(long From, long To, StaffId? StaffId, string? DeviceId);

/// <summary>A receipt and the facts on it, by their sequence numbers.</summary>
public sealed record OddReceipt(string Number, IReadOnlyList<long> Sequences);

/// <param name="HighestUsed">The highest number with a fact on it; absent while none was used.</param>
/// <param name="Missing">Unused below the highest used number of their range, and not voided.</param>
/// <param name="OutsideRanges">Used, though the number was never given out.</param>
/// <param name="OtherHolder">Used by another person or device than it was given to.</param>
/// <param name="Repeated">Used by more than one request: the first was taken back, or the number went on several facts.</param>
/// <param name="UsedThoughVoided">Declared spoiled, and yet used.</param>
public sealed record ReceiptGapsAnswer(
    ReceiptBookId ReceiptBookId,
    string Book,
    string? Prefix,
    long? HighestUsed,
    IReadOnlyList<MissingReceipts> Missing,
    IReadOnlyList<OddReceipt> OutsideRanges,
    IReadOnlyList<OddReceipt> OtherHolder,
    IReadOnlyList<OddReceipt> Repeated,
    IReadOnlyList<OddReceipt> UsedThoughVoided,
    long AsOfSequence)
{
    /// <summary>Holds the uses of a book's numbers against what was given out. A pure function of both.</summary>
    public static ReceiptGapsAnswer Of(ReceiptBook book, IReadOnlyCollection<ReceiptUse> uses, long sequence)
    {
        var mine = uses.Where(use => use.PaperNumber.StartsWith(book.Prefix ?? "", StringComparison.Ordinal)).ToArray();
        var numbered = mine.Select(use => (Use: use, Number: book.Parse(use.PaperNumber))).ToArray();
        HashSet<long> used = [.. numbered.Select(row => row.Number).OfType<long>()];
        return new ReceiptGapsAnswer(
            book.Id,
            book.Book,
            book.Prefix,
            used.Count == 0 ? null : used.Max(),
            [.. book.Ranges.OrderBy(range => range.From).SelectMany(range => MissingOf(book, range, used))],
            Odd(numbered.Where(row => row.Number is not { } number || book.RangeOf(number) is null).Select(row => row.Use)),
            Odd(numbered.Where(row => row.Number is { } number && book.RangeOf(number) is { } range && !IsHolder(range, row.Use)).Select(row => row.Use)),
            Odd(mine.GroupBy(use => use.PaperNumber, StringComparer.Ordinal).Where(paper => paper.Select(use => use.CommandId).Distinct().Skip(1).Any()).SelectMany(paper => paper)),
            Odd(numbered.Where(row => row.Number is { } number && book.IsVoided(number)).Select(row => row.Use)),
            sequence);
    }

    private static IEnumerable<MissingReceipts> MissingOf(ReceiptBook book, ReceiptRange range, HashSet<long> used)
    {
        var highest = used.Where(number => range.From <= number && number <= range.To).DefaultIfEmpty(range.From - 1).Max();
        long? first = null;
        for (var number = range.From; number <= highest; number++)
        {
            var isMissing = !used.Contains(number) && !book.IsVoided(number);
            if (isMissing)
            {
                first ??= number;
            }
            else if (first is { } from)
            {
                yield return new MissingReceipts(from, number - 1, range.StaffId, range.DeviceId);
                first = null;
            }
        }
    }

    private static bool IsHolder(ReceiptRange range, ReceiptUse use) =>
        range.StaffId is { } staffId ? use.Holder == staffId : string.Equals(range.DeviceId, use.DeviceId, StringComparison.Ordinal);

    private static OddReceipt[] Odd(IEnumerable<ReceiptUse> uses) =>
    [
        .. uses.GroupBy(use => use.PaperNumber, StringComparer.Ordinal)
            .OrderBy(paper => paper.Key.Length).ThenBy(paper => paper.Key, StringComparer.Ordinal)
            .Select(paper => new OddReceipt(paper.Key, [.. paper.Select(use => use.Sequence).Order()])),
    ];
}

public static class GetReceiptGapsEndpoint
{
    [WolverineGet("/v1/receipt-books/{receiptBookId}/gaps", OperationId = "getReceiptGaps")]
    [Tags("Cash"), Answers(typeof(ReceiptGapsAnswer), 200)]
    public static Task<IResult> Get(Guid receiptBookId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.Find<ReceiptBook>(receiptBookId, cancellation) is { } book ? await GapsOf(book, snapshot, cancellation) : null);

    /// <summary>Reads every receipt that a fact was ever written on in a book, and holds them against what was given out.</summary>
    internal static async Task<ReceiptGapsAnswer> GapsOf(ReceiptBook book, Snapshot snapshot, CancellationToken cancellation)
    {
        var uses = await snapshot.Query(
            """
            select f.paper_number, f.n, (e.headers -> 'envelope')::text
              from ledger.fact f join ledger.mt_events e on e.id = f.event_id
             where f.tenant_id = $1 and f.n <= $2 and f.paper_book = $3 and e.headers -> 'envelope' -> 'paper' ->> 'kind' = 'receipt'
            """,
            reader => (PaperNumber: reader.GetString(0), Sequence: reader.GetInt64(1), Envelope: JsonSerializer.Deserialize<Envelope>(reader.GetString(2), LedgerJson.Options)!),
            cancellation,
            book.Book);
        return ReceiptGapsAnswer.Of(
            book,
            [.. uses.Select(use => new ReceiptUse(
                use.PaperNumber, use.Sequence, use.Envelope.CommandId, use.Envelope.HandledBy ?? use.Envelope.Actor.StaffId, use.Envelope.Actor.DeviceId))],
            snapshot.Sequence);
    }
}
