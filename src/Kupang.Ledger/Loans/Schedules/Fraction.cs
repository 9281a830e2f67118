using System.Numerics;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>
/// An exact fraction of two whole numbers, the lower one positive. A rate of 10 % a year is 1/120 a month, which no
/// decimal holds, and a row whose interest is exactly half a unit must round as the half it is.
/// </summary>
internal readonly record struct Fraction(BigInteger Numerator, BigInteger Denominator)
{
    public static Fraction Of(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var (low, middle, high) = unchecked(((uint)bits[0], (uint)bits[1], (uint)bits[2]));
        var magnitude = ((BigInteger)high << 64) | ((BigInteger)middle << 32) | low;
        return Reduced(decimal.IsNegative(value) ? -magnitude : magnitude, BigInteger.Pow(10, value.Scale));
    }

    public Fraction Times(BigInteger numerator, BigInteger denominator) =>
        Reduced(Numerator * numerator, Denominator * denominator);

    public Fraction Plus(Fraction other) => Denominator == other.Denominator
        ? new Fraction(Numerator + other.Numerator, Denominator)
        : Reduced((Numerator * other.Denominator) + (other.Numerator * Denominator), Denominator * other.Denominator);

    public BigInteger HalfEven() => HalfEven(Numerator, Denominator);

    /// <summary>The nearest whole number, the even one of two as near.</summary>
    public static BigInteger HalfEven(BigInteger numerator, BigInteger denominator)
    {
        var floor = Floor(numerator, denominator, out var remainder);
        var comparison = (2 * remainder).CompareTo(denominator);
        return comparison > 0 || (comparison == 0 && !floor.IsEven) ? floor + 1 : floor;
    }

    public static BigInteger Floor(BigInteger numerator, BigInteger denominator) =>
        Floor(numerator, denominator, out _);

    private static BigInteger Floor(BigInteger numerator, BigInteger denominator, out BigInteger remainder)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out remainder);
        if (remainder.Sign >= 0)
        {
            return quotient;
        }

        remainder += denominator;
        return quotient - 1;
    }

    private static Fraction Reduced(BigInteger numerator, BigInteger denominator)
    {
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return new Fraction(numerator / common, denominator / common);
    }
}
