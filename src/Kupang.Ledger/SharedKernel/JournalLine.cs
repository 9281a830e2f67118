using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kupang.Ledger.SharedKernel;

/// <summary>Whom a line is about, by an opaque id: never a name.</summary>
public sealed record Party(PartyKind Kind, Guid Id);

public enum PartyKind
{
    Member,
    Group,
    Staff,
    Donor,
}

/// <summary>The day a fact happened and the day it counts in the books; they differ only after a period was closed.</summary>
public readonly record struct BookDay(DateOnly EffectiveOn, DateOnly BookedOn)
{
    /// <summary>The usual case: the books are open for the day it happened.</summary>
    public static BookDay Open(DateOnly day) => new(day, day);
}

/// <summary>
/// One line of double-entry bookkeeping, on an account of a fund: a debit is positive, a credit negative. It carries both
/// its days, since the lines of one voucher may count on different days.
/// </summary>
public sealed record JournalLine(
    AccountCode Account,
    FundId FundId,
    Money Amount,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    Party? Party = null,
    MoneyAccountId? MoneyAccount = null)
{
    public static JournalLine Debit(AccountCode account, FundId fundId, Money amount, BookDay day, Party? party = null, MoneyAccountId? moneyAccount = null) =>
        new(account, fundId, amount, day.EffectiveOn, day.BookedOn, party, moneyAccount);

    public static JournalLine Credit(AccountCode account, FundId fundId, Money amount, BookDay day, Party? party = null, MoneyAccountId? moneyAccount = null) =>
        new(account, fundId, -amount, day.EffectiveOn, day.BookedOn, party, moneyAccount);
}

/// <summary>
/// What one fact does to the books. It exists only balanced, in each fund, currency and pair of days by itself, and in one
/// currency; a line of zero is left out. Two are equal when their lines are, so that facts can be compared.
/// </summary>
[JsonConverter(typeof(JournalLinesJsonConverter))]
public sealed class JournalLines : IReadOnlyList<JournalLine>, IEquatable<JournalLines>
{
    private readonly JournalLine[] lines;

    /// <exception cref="InvalidOperationException">There are no lines, or they do not balance: a mistake in a posting rule.</exception>
    public JournalLines(params IEnumerable<JournalLine> lines)
    {
        this.lines = [.. lines.Where(line => !line.Amount.IsZero)];
        if (this.lines.Length == 0)
        {
            throw new InvalidOperationException("There are no lines.");
        }

        if (FirstImbalance(this.lines) is { } imbalance)
        {
            throw new InvalidOperationException(imbalance);
        }
    }

    public int Count => lines.Length;

    public JournalLine this[int index] => lines[index];

    /// <summary>
    /// Why these lines could not be a voucher: more than one currency, or debits and credits that differ within a fund and
    /// day. Null when they balance.
    /// </summary>
    public static string? FirstImbalance(IReadOnlyList<JournalLine> lines)
    {
        if (lines.Any(line => line.Amount.Currency != lines[0].Amount.Currency))
        {
            return "A voucher is in one currency.";
        }

        foreach (var day in lines.GroupBy(line => (line.FundId, line.EffectiveOn, line.BookedOn)))
        {
            var difference = day.Sum(line => line.Amount.MinorUnits);
            if (difference != 0)
            {
                return $"Fund {day.Key.FundId} on {day.Key.EffectiveOn:O}: debits less credits are {difference} minor units.";
            }
        }

        return null;
    }

    /// <summary>The same lines with the other sign, each on the days that it is given.</summary>
    public JournalLines Reversed(Func<JournalLine, BookDay> dayOf) => new(lines.Select(line =>
    {
        var day = dayOf(line);
        return line with { Amount = -line.Amount, EffectiveOn = day.EffectiveOn, BookedOn = day.BookedOn };
    }));

    public IEnumerator<JournalLine> GetEnumerator() => lines.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(JournalLines? other) => other is not null && lines.SequenceEqual(other.lines);

    public override bool Equals(object? obj) => Equals(obj as JournalLines);

    public override int GetHashCode() => lines.Aggregate(0, HashCode.Combine);

    public override string ToString() => string.Join("; ", lines.AsEnumerable());
}

public sealed class JournalLinesJsonConverter : JsonConverter<JournalLines>
{
    public override JournalLines Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize<JournalLine[]>(ref reader, options)!);

    public override void Write(Utf8JsonWriter writer, JournalLines value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var line in value)
        {
            JsonSerializer.Serialize(writer, line, options);
        }

        writer.WriteEndArray();
    }
}
