using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Kupang.Ledger.SharedKernel;

/// <summary>
/// An exact amount of one currency, held in whole minor units (the rupiah itself for IDR, the cent for USD). No operator
/// rounds: an amount finer than the minor unit does not exist, adding two currencies is a programming error, and an
/// amount too large to hold throws instead of wrapping round.
/// </summary>
[JsonConverter(typeof(MoneyJsonConverter))]
public readonly record struct Money : IComparable<Money>
{
    private Money(long minorUnits, Currency currency) => (MinorUnits, Currency) = (minorUnits, currency);

    /// <exception cref="ArgumentException">The amount is finer than the minor unit.</exception>
    /// <exception cref="OverflowException">The amount is beyond what the ledger can hold.</exception>
    public Money(decimal amount, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(currency);
        var minorUnits = amount * currency.MinorUnitsPerUnit;
        if (minorUnits != decimal.Truncate(minorUnits))
        {
            throw new ArgumentException($"{amount} is finer than the minor unit of {currency}.", nameof(amount));
        }

        MinorUnits = decimal.ToInt64(minorUnits);
        Currency = currency;
    }

    /// <summary>The largest amount that a request may name: a thousand million million minor units.</summary>
    public const long MaximumMinorUnits = 1_000_000_000_000_000;

    public long MinorUnits { get; }

    public Currency Currency { get; }

    public decimal Amount => (decimal)MinorUnits / Currency.MinorUnitsPerUnit;

    public bool IsPositive => MinorUnits > 0;

    public bool IsNegative => MinorUnits < 0;

    public bool IsZero => MinorUnits == 0;

    public static Money Zero(Currency currency) => new(0L, currency);

    public static Money OfMinorUnits(long minorUnits, Currency currency) => new(minorUnits, currency);

    public static Money Rupiah(long amount) => new(amount, Currency.IndonesianRupiah);

    public static Money Min(Money left, Money right) => left <= right ? left : right;

    public static Money Max(Money left, Money right) => left >= right ? left : right;

    public static Money Sum(IEnumerable<Money> amounts, Currency currency) =>
        amounts.Aggregate(Zero(currency), (sum, amount) => sum + amount);

    /// <summary>
    /// Divides the amount in proportion to weights, and loses nothing: each part is cut off to the minor unit, and the units
    /// that are left go one each to the parts that lost most by it, the first of two that lost as much. A part is never more
    /// than its weight when the amount is not more than all weights. An amount below zero is divided as if it were above.
    /// </summary>
    /// <exception cref="ArgumentException">A weight is below zero, or all are zero.</exception>
    public ImmutableArray<Money> ProRata(IReadOnlyList<long> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var total = weights.Aggregate(Int128.Zero, (sum, weight) => sum + weight);
        if (total <= 0 || weights.Any(weight => weight < 0))
        {
            throw new ArgumentException("Weights are zero or more, and not all zero.", nameof(weights));
        }

        var whole = Math.Abs(MinorUnits);
        var parts = weights.Select(weight => (long)(whole * (Int128)weight / total)).ToArray();
        var left = (int)(whole - parts.Sum());
        foreach (var index in Enumerable.Range(0, parts.Length).OrderByDescending(index => whole * (Int128)weights[index] % total).Take(left))
        {
            parts[index]++;
        }

        var (sign, currency) = (Math.Sign(MinorUnits), Currency);
        return [.. parts.Select(part => OfMinorUnits(sign * part, currency))];
    }

    public static Money operator +(Money left, Money right) => new(left.MinorUnits + right.In(left.Currency), left.Currency);

    public static Money operator -(Money left, Money right) => new(left.MinorUnits - right.In(left.Currency), left.Currency);

    public static Money operator -(Money money) => new(-money.MinorUnits, money.Currency);

    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    public int CompareTo(Money other) => MinorUnits.CompareTo(other.In(Currency));

    /// <summary>The amount as JSON and the books write it: all decimals of the currency, no grouping.</summary>
    public string ToAmountText() => Amount.ToString(Currency.Decimals switch { 0 => "0", 2 => "0.00", _ => "0.000" }, CultureInfo.InvariantCulture);

    public override string ToString() => $"{ToAmountText()} {Currency}";

    private long In(Currency currency) =>
        ReferenceEquals(Currency, currency) || Currency == currency
            ? MinorUnits
            : throw new InvalidOperationException($"{this} is not in {currency}.");
}
