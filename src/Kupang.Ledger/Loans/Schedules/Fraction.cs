using System.Numerics;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>
/// An exact fraction of two whole numbers, the lower one positive. A rate of 10 % a year is 1/120 a month, which no decimal
/// holds, and a row whose interest is exactly half a unit must round as the half it is.
/// </summary>
internal readonly record struct Fraction(BigInteger Numerator, BigInteger Denominator)
{
    public static Fraction Of(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = unchecked(((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0]);
        return Reduced(decimal.IsNegative(value) ? -magnitude : magnitude, BigInteger.Pow(10, value.Scale));
    }

    public Fraction Times(BigInteger numerator, BigInteger denominator) =>
        Reduced(Numerator * numerator, Denominator * denominator);

    /// <summary>The nearest whole number, the even one of two as near.</summary>
    public static BigInteger HalfEven(BigInteger numerator, BigInteger denominator)
    {
        var floor = Floor(numerator, denominator);
        var twiceOver = (numerator - (floor * denominator)) * 2;
        return twiceOver > denominator || (twiceOver == denominator && !floor.IsEven) ? floor + 1 : floor;
    }

    public static BigInteger Floor(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }

    private static Fraction Reduced(BigInteger numerator, BigInteger denominator)
    {
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return new Fraction(numerator / common, denominator / common);
    }
}
