using System.Numerics;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>The rounding of a loan: to which multiple of minor units which of its parts go.</summary>
internal readonly record struct PartRounding(BigInteger Multiple, RoundingMode Mode, RoundedPart? AppliesTo)
{
    /// <summary>The multiple of principal parts; 1 is none.</summary>
    public BigInteger OfPrincipal => AppliesTo == RoundedPart.Interest ? BigInteger.One : Multiple;

    /// <summary>The multiple of interest parts; 1 is none.</summary>
    public BigInteger OfInterest => AppliesTo is RoundedPart.Interest or RoundedPart.Both ? Multiple : BigInteger.One;

    public BigInteger Principal(Fraction exact) => RoundedAmount.Round(exact, OfPrincipal, Mode);

    public BigInteger Interest(Fraction exact) => RoundedAmount.Round(exact, OfInterest, Mode);

    /// <summary>
    /// The largest multiple finer than this one for which every one of some parts finds something, or null. A part that
    /// does not work names the largest below that does, and between them nothing works for it.
    /// </summary>
    public BigInteger? LargestBelow(IReadOnlyList<IRoundedParts> parts)
    {
        var (multiple, mode) = (Multiple, Mode);
        while (parts.FirstOrDefault(part => !part.Allow(multiple, mode)) is { } tooSmall)
        {
            if (tooSmall.LargestMultipleBelow(multiple, mode) is not { } finer)
            {
                return null;
            }

            multiple = finer;
        }

        return multiple;
    }
}

/// <summary>Amounts that a multiple suits or does not.</summary>
internal interface IRoundedParts
{
    bool Allow(BigInteger multiple, RoundingMode mode);

    BigInteger? LargestMultipleBelow(BigInteger tooCoarse, RoundingMode mode);
}

/// <summary>
/// Different parts of a sum. The last of them takes what the others leave, which must not be less than
/// <paramref name="LeastForLast"/>.
/// </summary>
internal sealed record UnequalParts(BigInteger Sum, Fraction[] Exact, BigInteger LeastForLast) : IRoundedParts
{
    private const int SearchSteps = 10_000;

    /// <summary>The parts as they are paid. Without rounding a part never has more than is left.</summary>
    public BigInteger[] Rounded(BigInteger multiple, RoundingMode mode)
    {
        var (left, parts) = (Sum, new BigInteger[Exact.Length]);
        for (var index = 0; index < parts.Length; index++)
        {
            var part = RoundedAmount.Round(Exact[index], multiple, mode);
            parts[index] = index == parts.Length - 1 ? left : multiple.IsOne ? BigInteger.Min(part, left) : part;
            left -= parts[index];
        }

        return parts;
    }

    public bool Allow(BigInteger multiple, RoundingMode mode) => Rounded(multiple, mode)[^1] >= LeastForLast;

    /// <summary>
    /// All parts but the last have so many multiples together. A finer multiple gives them as many or more, so until they
    /// would fit at that number, none fits. Where that gets nowhere, the few finest are tried.
    /// </summary>
    public BigInteger? LargestMultipleBelow(BigInteger tooCoarse, RoundingMode mode)
    {
        var multiple = tooCoarse;
        for (var step = 0; step < SearchSteps && multiple.Sign > 0; step++)
        {
            var last = Rounded(multiple, mode)[^1];
            if (multiple < tooCoarse && last >= LeastForLast)
            {
                return multiple;
            }

            var used = (Sum - last) / multiple;
            multiple = used.IsZero ? 0 : BigInteger.Min(multiple - 1, (Sum - LeastForLast) / used);
        }

        for (multiple = BigInteger.Min(multiple, SearchSteps); multiple.Sign > 0; multiple--)
        {
            if (Allow(multiple, mode))
            {
                return multiple;
            }
        }

        return null;
    }
}

/// <summary>Parts of interest: a row may well have none, so what is not rounded always suits them.</summary>
internal sealed record InterestParts(IRoundedParts Parts) : IRoundedParts
{
    public bool Allow(BigInteger multiple, RoundingMode mode) => multiple.IsOne || Parts.Allow(multiple, mode);

    public BigInteger? LargestMultipleBelow(BigInteger tooCoarse, RoundingMode mode) =>
        tooCoarse.IsOne ? null : Parts.LargestMultipleBelow(tooCoarse, mode) ?? BigInteger.One;
}
