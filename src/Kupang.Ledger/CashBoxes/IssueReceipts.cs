using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Staff;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.CashBoxes;

/// <summary>Gives a range of printed receipt numbers to a person of the staff or to a device. The first range of a book makes the book.</summary>
/// <param name="Book">As facts name it in <c>receiptBook</c>; the only book of a tenant that keeps one is <c>main</c>.</param>
/// <param name="Prefix">What stands before the number on each form.</param>
public sealed record IssueReceipts(
    [property: TextLimit(40)] string Book,
    long From,
    long To,
    [property: TextLimit(20)] string? Prefix = null,
    StaffId? StaffId = null,
    [property: TextLimit(100)] string? DeviceId = null) : DatedCommand;

/// <summary>Says that forms are spoiled or were handed back: their numbers are no gap.</summary>
public sealed record VoidReceipts(long From, long? To = null, [property: JsonConverter(typeof(ReasonCodeConverter))] string? ReasonCode = null) : DatedCommand;

public sealed record ReceiptBookAnswer(
    ReceiptBookId Id,
    string Number,
    string? ExternalId,
    string Book,
    string? Prefix,
    IReadOnlyList<ReceiptRange> Ranges,
    IReadOnlyList<VoidedReceipts> Voids,
    long AsOfSequence)
{
    public static ReceiptBookAnswer Of(ReceiptBook book, long sequence) =>
        new(book.Id, book.Number, book.ExternalId, book.Book, book.Prefix, book.Ranges, book.Voids, sequence);
}

public static class IssueReceiptsDecider
{
    /// <summary>More than any printed book has; a longer range is a slip of the pen.</summary>
    public const long LongestRange = 100_000;

    public static Decision Decide(IssueReceipts command, ReceiptBookId id, ReceiptBook? book, StaffMember? holder, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((command.StaffId is null == command.DeviceId is null ? Decision.Refuse("holder-required", "/staffId")
            : command.StaffId is { } staffId && holder is not { MayAct: true } ? Decision.Refuse("unknown-staff", "/staffId", new Figure("staffId", staffId.ToString()))
            : CheckRange(command.From, command.To)
                ?? (book?.Ranges.Find(range => range.From <= command.To && command.From <= range.To) is { } taken
                    ? Decision.Refuse("receipt-range-overlaps", "/from", new Figure("from", taken.From), new Figure("to", taken.To))
                    : DateRules.Check(effectiveOn, moment))) is { } refusal)
        {
            return refusal;
        }

        var recorded = Decision.Record(new NewFact(
            id.Value,
            new ReceiptRangeIssued(
                id,
                book?.Number ?? moment.NextNumber("KW"),
                command.Book,
                command.From,
                command.To,
                command.Prefix,
                command.StaffId,
                command.DeviceId,
                command.ExternalId),
            BookDay.Open(effectiveOn),
            EventOf: book is null ? id.Value : command.Id));
        return book is null ? recorded.WithClaims(new NameClaim(ReceiptBook.Name, ReceiptBook.NameOf(command.Book, command.Prefix), id.Value)) : recorded;
    }

    internal static Decision? CheckRange(long from, long to) => from < 1 || to < from || to - from >= LongestRange
        ? Decision.Refuse("receipt-range-not-possible", "/from", new Figure("from", from), new Figure("to", to), new Figure("most", LongestRange))
        : null;
}

public static class VoidReceiptsDecider
{
    /// <param name="isUsed">Whether a fact stands on a paper of this number.</param>
    public static Decision Decide(VoidReceipts command, ReceiptBook? book, Func<long, bool> isUsed, Moment moment)
    {
        if (book is null)
        {
            return Decision.NotFound();
        }

        var (from, to) = (command.From, command.To ?? command.From);
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if (((command.ReasonCode is null ? Decision.Refuse("void-needs-reason", "/reasonCode") : null)
            ?? IssueReceiptsDecider.CheckRange(from, to)
            ?? DateRules.Check(effectiveOn, moment)) is { } refusal)
        {
            return refusal;
        }

        for (var number = from; number <= to; number++)
        {
            if (book.RangeOf(number) is null || book.IsVoided(number) || isUsed(number))
            {
                return Decision.Refuse("receipt-not-voidable", "/from", new Figure("number", number));
            }
        }

        return Decision.Record(new NewFact(
            book.Id.Value, new ReceiptsVoided(book.Id, from, to, command.ExternalId), BookDay.Open(effectiveOn), EventOf: command.Id, ReasonCode: command.ReasonCode));
    }
}

public static class ReceiptBookEndpoint
{
    /// <summary>How many forms are voided at once: each is looked up.</summary>
    private const long MostVoided = 200;

    [WolverinePost("/v1/receipt-books", OperationId = "issueReceipts")]
    [Tags("Cash"), Takes(typeof(IssueReceipts)), Answers(typeof(ReceiptBookAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<IssueReceipts>("issueReceipts", command =>
    {
        var newId = new ReceiptBookId(command.NewId());
        KeyName name = new(ReceiptBook.Name, ReceiptBook.NameOf(command.Book, command.Prefix));
        return new WriteSlice
        {
            PaperContent = $"{command.Book}|{command.Prefix}|{command.From}|{command.To}|{command.StaffId}|{command.DeviceId}",
            NoteAbout = _ => command.StaffId?.Value,
            Needs = Needs,
            Decide = (states, moment) => IssueReceiptsDecider.Decide(
                command,
                IdOf(states),
                states.Find<ReceiptBook>(IdOf(states).Value),
                command.StaffId is { } staffId ? states.Find<StaffMember>(staffId.Value) : null,
                moment),
            Answer = (states, moment) => new Answer(
                201, ReceiptBookAnswer.Of(states.Find<ReceiptBook>(IdOf(states).Value)!, moment.Sequence), $"/v1/receipt-books/{IdOf(states)}"),
        };

        ReceiptBookId IdOf(States states) => states.Holder(name) is { } holder ? new ReceiptBookId(holder.StreamId) : newId;

        IEnumerable<Need> Needs(States states)
        {
            var key = Need.Key(name.Kind, name.Value);
            yield return key;
            if (states.Has(key))
            {
                yield return Need.Of<ReceiptBook>(IdOf(states).Value);
            }

            if (command.StaffId is { } staffId)
            {
                yield return Need.Of<StaffMember>(staffId.Value);
            }
        }
    });

    [WolverinePost("/v1/receipt-books/{receiptBookId}/voids", OperationId = "voidReceipts")]
    [Tags("Cash"), Takes(typeof(VoidReceipts)), Answers(typeof(ReceiptBookAnswer), 201)]
    public static Task<IResult> Void(Guid receiptBookId, HttpContext http) => http.Record<VoidReceipts>("voidReceipts", command =>
    {
        if (command.To - command.From >= MostVoided)
        {
            throw RequestProblem.Malformed("/to", "invalid-value", $"At most {MostVoided} forms are voided at once.");
        }

        return new WriteSlice
        {
            PaperContent = $"{receiptBookId}|{command.From}|{command.To}",
            Needs = states => Needs(states),
            Decide = (states, moment) =>
            {
                var book = states.Find<ReceiptBook>(receiptBookId);
                return VoidReceiptsDecider.Decide(command, book, number => NamesOf(book!, number).Any(name => states.Holder(name) is not null), moment);
            },
            Answer = (states, moment) => new Answer(
                201, ReceiptBookAnswer.Of(states.Find<ReceiptBook>(receiptBookId)!, moment.Sequence), $"/v1/receipt-books/{receiptBookId}"),
        };

        IEnumerable<Need> Needs(States states)
        {
            yield return Need.Of<ReceiptBook>(receiptBookId);
            if (states.Peek<ReceiptBook>(receiptBookId) is { } book)
            {
                for (var number = command.From; number <= (command.To ?? command.From); number++)
                {
                    foreach (var name in NamesOf(book, number))
                    {
                        yield return Need.Key(name.Kind, name.Value);
                    }
                }
            }
        }
    });

    [WolverineGet("/v1/receipt-books/{receiptBookId}", OperationId = "getReceiptBook")]
    [Tags("Cash"), Answers(typeof(ReceiptBookAnswer), 200)]
    public static Task<IResult> Get(Guid receiptBookId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.Find<ReceiptBook>(receiptBookId, cancellation) is { } book ? ReceiptBookAnswer.Of(book, snapshot.Sequence) : null);

    [WolverineGet("/v1/receipt-books", OperationId = "listReceiptBooks")]
    [Tags("Cash"), Answers(typeof(Page<ReceiptBookAnswer>), 200)]
    public static Task<IResult> List(HttpContext http) => http.List<ReceiptBook>(
        new Dictionary<string, string>(StringComparer.Ordinal), [], (book, snapshot) => ValueTask.FromResult<object?>(ReceiptBookAnswer.Of(book, snapshot.Sequence)));

    /// <summary>A form is numbered 7, 07 or 0007, as the book was printed; the widths of its own ends are the usual ones.</summary>
    private static IEnumerable<KeyName> NamesOf(ReceiptBook book, long number)
    {
        var plain = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        for (var width = plain.Length; width <= 8; width++)
        {
            yield return KeyName.Paper(new Paper(PaperKind.Receipt, book.Book, $"{book.Prefix}{plain.PadLeft(width, '0')}"));
        }
    }
}
