using System.Numerics;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>
/// The exact amount (in minor units) that all rows but the last shall have, and the whole amounts that they can have:
/// below
/// <paramref name="Least"/> a part would be nothing or less, above <paramref name="Most"/> nothing would be left for
/// the last.
/// </summary>
internal sealed record RoundedAmount(Fraction Exact, BigInteger Least, BigInteger Most) : IRoundedParts
{
    /// <summary>
    /// Up to here the search for a multiple leaves none out, and it never takes longer than this many steps twice.
    /// </summary>
    private const int SearchSteps = 10_000;

    /// <summary>
    /// A multiple of one minor unit is no rounding, so the mode has no say and the amount goes half to even to the
    /// scale.
    /// </summary>
    public static BigInteger Round(Fraction exact, BigInteger multiple, RoundingMode mode)
    {
        var unit = exact.Denominator * multiple;
        return multiple * (mode switch
        {
            _ when multiple.IsOne => Fraction.HalfEven(exact.Numerator, unit),
            RoundingMode.Up => -Fraction.Floor(-exact.Numerator, unit),
            RoundingMode.Down => Fraction.Floor(exact.Numerator, unit),
            _ => Fraction.HalfEven(exact.Numerator, unit),
        });
    }

    public bool Allows(BigInteger amount) => amount >= Least && amount <= Most;

    public bool Allow(BigInteger multiple, RoundingMode mode) => Allows(Round(Exact, multiple, mode));

    /// <summary>
    /// The largest multiple finer than <paramref name="tooCoarse"/> that leaves something for every row, or null. The
    /// rounded amount is q multiples, and for each q the multiples that work are one run of whole numbers, the lower
    /// the larger q is; so the first q that has one has the answer. What this leaves unseen, multiples below ten
    /// thousandth of the amount, is searched one by one while that is few.
    /// </summary>
    public BigInteger? LargestMultipleBelow(BigInteger tooCoarse, RoundingMode mode)
    {
        var first = BigInteger.Max(1, Round(Exact, tooCoarse, mode) / tooCoarse);
        for (var q = first; q < first + SearchSteps && q <= Most; q++)
        {
            var highest = BigInteger.Min(tooCoarse - 1, BigInteger.Min(Most / q, HighestWithQuotient(q, mode)));
            if (FirstThatWorks(highest, 2, mode) is { } multiple)
            {
                return multiple;
            }
        }

        return FirstThatWorks(BigInteger.Min(tooCoarse - 1, SearchSteps), SearchSteps, mode);
    }

    /// <summary>
    /// No multiple above this one rounds the amount to q multiples. For the nearest, the amount is at least q - 1/2 of
    /// them; at exactly that the even quotient wins, which may be the lower one, and then the multiple below is the
    /// highest.
    /// </summary>
    private BigInteger HighestWithQuotient(BigInteger q, RoundingMode mode) => mode switch
    {
        RoundingMode.Down => Exact.Numerator / (Exact.Denominator * q),
        RoundingMode.Nearest => 2 * Exact.Numerator / (Exact.Denominator * ((2 * q) - 1)),
        _ => Most / q,
    };

    private BigInteger? FirstThatWorks(BigInteger highest, int steps, RoundingMode mode)
    {
        for (var multiple = highest; multiple > highest - steps && multiple.Sign > 0; multiple--)
        {
            if (Allows(Round(Exact, multiple, mode)))
            {
                return multiple;
            }
        }

        return null;
    }
}
