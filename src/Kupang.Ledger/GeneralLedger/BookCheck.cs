using System.Globalization;
using System.Text.Json;
using Kupang.Ledger.CashBoxes;
using Kupang.Ledger.Savings;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.GeneralLedger;

/// <summary>Where the books first say something else than the log.</summary>
public sealed record BookDifference(string What, string Expected, string Found)
{
    public override string ToString() => $"{What}: expected {Expected}, found {Found}";
}

/// <summary>
/// Holds a tenant's books against its log, which alone counts: makes every line again from the facts and compares it with
/// the journal, sums the lines and compares them with the running totals, and holds the receivables and the margins deferred
/// against what the loans say is owed, and savings against the savings accounts, person by person. Facts are handed in one
/// after the other and none is kept, so what it needs grows with the number of
/// accounts and days and not with the number of facts.
/// </summary>
public sealed class BookCheck(FactTypes types, ILoanBook loans)
{
    /// <summary>What is owed by a <em>murabahah</em> less what of it is a margin deferred is its principal.</summary>
    private static readonly string[] Receivables =
    [
        AccountCode.LoansReceivableSpp.Value,
        AccountCode.LoansReceivableUep.Value,
        AccountCode.LoansReceivableOther.Value,
        AccountCode.MurabahahReceivable.Value,
        AccountCode.DeferredMurabahahMargin.Value,
    ];

    private readonly Dictionary<(Guid FundId, string Account, BookDay Day), (string Currency, long MinorUnits)> totals = [];
    private readonly CashBookCheck cash = new();
    private readonly SavingsBook savings = new();
    private DateTimeOffset lastRecordedAt = DateTimeOffset.MinValue;

    /// <summary>How many facts were checked; also the last number, since there are no gaps.</summary>
    public long Facts { get; private set; }

    public long Lines { get; private set; }

    /// <summary>Checks the next fact and the journal's rows that stand under its number.</summary>
    public BookDifference? Add(NumberedRow row, IReadOnlyList<JournalRow> journal)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"sequence {row.Sequence}");
        if (row.Sequence != Facts + 1)
        {
            return Differ("the numbers", Facts + 1, row.Sequence);
        }

        if (row.Event is not { } stored)
        {
            return Differ(what, $"the event {row.EventId}", "none");
        }

        var (fact, problem) = Read(row, stored);
        if (fact is null)
        {
            return Differ($"{what}, {stored.Type}", "a fact that can be read and balances", problem);
        }

        return CheckEnvelope(row, stored, fact, what) ?? Add(fact, journal);
    }

    /// <summary>The same for a fact that is at hand already.</summary>
    public BookDifference? Add(RecordedFact fact, IReadOnlyList<JournalRow> journal)
    {
        (Facts, lastRecordedAt) = (fact.Envelope.Sequence, fact.Envelope.RecordedAt);
        loans.Add(fact);
        savings.Add(fact);
        var what = string.Create(CultureInfo.InvariantCulture, $"sequence {Facts}");
        return CheckLines(fact, journal, what)
            ?? (cash.Add(fact) is { } found ? Differ(what, "cash as the boxes and the lines before it have it", found) : null);
    }

    /// <summary>Checks what can be known only after the last fact.</summary>
    /// <param name="head">The number that the tenant's head names as the last.</param>
    /// <param name="eventWithoutNumber">An event of the tenant that no number leads to.</param>
    /// <param name="journalBeyond">Journal rows whose number lies before the first fact or after the last.</param>
    public BookDifference? Complete(
        long head, Guid? eventWithoutNumber, IReadOnlyList<JournalRow> journalBeyond, IEnumerable<BalanceRow> balances) =>
        head != Facts ? Differ("the tenant's head", Facts, head)
        : eventWithoutNumber is { } eventId ? Differ($"event {eventId}", "a number in ledger.fact", "none")
        : journalBeyond.Count > 0 ? Differ(LineName(journalBeyond[0]), "no such line", Describe(journalBeyond[0]))
        : CheckBalances(balances) ?? CheckLoans(Basis.Effective) ?? CheckLoans(Basis.Booked) ?? CheckSavings();

    private (RecordedFact? Fact, string Problem) Read(NumberedRow row, StoredEventRow stored)
    {
        try
        {
            // Lines that do not balance can't be read at all: the type that holds them does not exist unbalanced.
            var headers = JsonSerializer.Deserialize<StoredHeaders>(stored.Headers ?? [], LedgerJson.Options)!;
            return (new RecordedFact(row.EventId, stored.StreamId, types.Read(stored.Type, stored.Data), headers.Envelope), "");
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or InvalidDataException)
        {
            return (null, unreadable.Message);
        }
    }

    private BookDifference? CheckEnvelope(NumberedRow row, StoredEventRow stored, RecordedFact fact, string what) =>
        stored.StreamId != row.StreamId ? Differ($"{what}, stream", row.StreamId, stored.StreamId)
        : fact.Envelope.Sequence != row.Sequence ? Differ($"{what}, number in the envelope", row.Sequence, fact.Envelope.Sequence)
        : fact.Envelope.RecordedAt != row.RecordedAt ? Differ($"{what}, recordedAt", $"{fact.Envelope.RecordedAt:O}", $"{row.RecordedAt:O}")
        : (row.PaperBook, row.PaperNumber) != (fact.Envelope.Paper?.Book, fact.Envelope.Paper?.Number)
            ? Differ($"{what}, paper", $"'{fact.Envelope.Paper?.Book} {fact.Envelope.Paper?.Number}'", $"'{row.PaperBook} {row.PaperNumber}'")
        : row.RecordedAt < lastRecordedAt ? Differ($"{what}, recordedAt", $"{lastRecordedAt:O} or later", $"{row.RecordedAt:O}")
        : null;

    private BookDifference? CheckLines(RecordedFact fact, IReadOnlyList<JournalRow> journal, string what)
    {
        JournalRow[] derived = [.. LedgerLine.Of(fact).Select(JournalRow.Of)];
        foreach (var line in derived)
        {
            Lines++;
            var key = (line.FundId, line.Account, line.Day);
            totals[key] = (line.Currency, totals.GetValueOrDefault(key).MinorUnits + line.MinorUnits);
        }

        for (var index = 0; index < Math.Max(derived.Length, journal.Count); index++)
        {
            var expected = index < derived.Length ? derived[index] : null;
            var found = index < journal.Count ? journal[index] : null;
            if (expected != found)
            {
                return Differ(
                    $"{what}, account {(expected ?? found)!.Account}",
                    expected is null ? "no further line" : Describe(expected),
                    found is null ? "no such line" : Describe(found));
            }
        }

        return null;
    }

    private BookDifference? CheckBalances(IEnumerable<BalanceRow> balances)
    {
        HashSet<(Guid, string, BookDay)> met = [];
        foreach (var row in balances)
        {
            var what = TotalName(row.FundId, row.Account, row.Day);
            var key = (row.FundId, row.Account, row.Day);
            met.Add(key);
            if (!totals.TryGetValue(key, out var expected))
            {
                return Differ(what, "no such total", $"{row.MinorUnits} {row.Currency}");
            }

            if (expected != (row.Currency, row.MinorUnits))
            {
                return Differ(what, $"{expected.MinorUnits} {expected.Currency}", $"{row.MinorUnits} {row.Currency}");
            }
        }

        foreach (var (key, expected) in totals.Where(total => !met.Contains(total.Key)))
        {
            return Differ(TotalName(key.FundId, key.Account, key.Day), $"{expected.MinorUnits} {expected.Currency}", "no such total");
        }

        return null;
    }

    /// <summary>On every day, the receivable lines up to it are what the loans of the fund owe, and those of deferred margins what was not received of them.</summary>
    private BookDifference? CheckLoans(Basis basis) =>
        CheckLoans("receivables", Receivables, sign: 1, loans.Movements(), basis)
        ?? CheckLoans("deferred margins", [AccountCode.DeferredMurabahahMargin.Value], sign: -1, loans.Margins(), basis);

    private BookDifference? CheckLoans(string what, string[] accounts, int sign, IEnumerable<LoanBookMovement> movements, Basis basis)
    {
        var lines = totals
            .Where(total => accounts.Contains(total.Key.Account))
            .Select(total => (total.Key.FundId, Day: DayOf(total.Key.Day, basis), Books: sign * total.Value.MinorUnits, Loans: 0L));
        var owed = movements.Select(movement => (
            FundId: movement.FundId.Value, Day: DayOf(movement.Day, basis), Books: 0L, Loans: movement.Amount.MinorUnits));
        foreach (var fund in lines.Concat(owed).GroupBy(change => change.FundId))
        {
            var (books, loansOwe) = (0L, 0L);
            foreach (var day in fund.GroupBy(change => change.Day).OrderBy(day => day.Key))
            {
                books += day.Sum(change => change.Books);
                loansOwe += day.Sum(change => change.Loans);
                if (books != loansOwe)
                {
                    return Differ(
                        string.Create(CultureInfo.InvariantCulture, $"{what} of fund {fund.Key} on {day.Key:yyyy-MM-dd} by {basis.Column()}"),
                        $"{loansOwe}, which its loans owe",
                        $"{books} in the journal");
                }
            }
        }

        return null;
    }

    private BookDifference? CheckSavings() => savings.FirstDifference() is { } found
        ? Differ(found.What, $"{found.Accounts}, which the savings accounts say", $"{found.Lines} in the journal")
        : null;

    private static DateOnly DayOf(BookDay day, Basis basis) => basis == Basis.Booked ? day.BookedOn : day.EffectiveOn;

    private static BookDifference Differ(string what, object expected, object found) => new(
        what, Convert.ToString(expected, CultureInfo.InvariantCulture)!, Convert.ToString(found, CultureInfo.InvariantCulture)!);

    private static string LineName(JournalRow line) => string.Create(CultureInfo.InvariantCulture, $"sequence {line.Sequence}, account {line.Account}");

    private static string TotalName(Guid fundId, string account, BookDay day) => string.Create(
        CultureInfo.InvariantCulture,
        $"total of account {account} of fund {fundId}, effective {day.EffectiveOn:yyyy-MM-dd}, booked {day.BookedOn:yyyy-MM-dd}");

    private static string Describe(JournalRow line) => string.Create(
        CultureInfo.InvariantCulture,
        $"line {line.Number} of {line.MinorUnits} {line.Currency} on {line.Account}, fund {line.FundId}, effective {line.Day.EffectiveOn:yyyy-MM-dd}, "
        + $"booked {line.Day.BookedOn:yyyy-MM-dd}, {line.PartyKind ?? "no party"} {line.PartyId}, {line.MoneyAccount?.ToString() ?? "no box"}");

    private sealed record StoredHeaders(Envelope Envelope);
}

/// <summary>How a tenant's books came out.</summary>
public sealed record BookVerdict(string Tenant, long Facts, long Lines, BookDifference? Difference)
{
    public override string ToString() => Difference is null
        ? string.Create(CultureInfo.InvariantCulture, $"tenant {Tenant}: {Facts} facts, {Lines} lines, books agree")
        : $"tenant {Tenant}: {Difference}";
}
