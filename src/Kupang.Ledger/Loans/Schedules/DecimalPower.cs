namespace Kupang.Ledger.Loans.Schedules;

/// <summary>
/// Powers with a fractional exponent in decimals: the exponential of a multiple of the natural logarithm.
/// </summary>
internal static class DecimalPower
{
    private const decimal LogarithmOfTwo = 0.6931471805599453094172321215m;

    /// <summary>The exponential of more than this is not computed: it is beyond what any rate is shown as.</summary>
    private const decimal HighestExponent = 25m;

    /// <summary>A decimal holds no power of two below that of -93.</summary>
    private const int Decimals = 93;

    /// <summary>
    /// x^(numerator / denominator) for x of at least 1, to some 24 significant digits. A power beyond e^25, some 72
    /// thousand million, is e^25.
    /// </summary>
    public static decimal Of(decimal x, long numerator, long denominator) =>
        numerator == denominator
            ? x
            : Exponential(Logarithm(x) * numerator / denominator);

    /// <summary>e^-y for y of at least 0; what is smaller than a decimal holds is 0.</summary>
    public static decimal Decay(decimal y)
    {
        var twos = y / LogarithmOfTwo;
        if (twos >= Decimals)
        {
            return 0m;
        }

        var whole = decimal.ToInt32(decimal.Floor(twos));
        var power = 1 / Series(y - (whole * LogarithmOfTwo));
        for (; whole > 0; whole--)
        {
            power /= 2;
        }

        return power;
    }

    /// <summary>ln x = k ln 2 + 2 artanh((m - 1) / (m + 1)) for x = 2^k m; with m near 1 the series is short.</summary>
    private static decimal Logarithm(decimal x)
    {
        var twos = 0;
        for (; x > 1.5m; x /= 2)
        {
            twos++;
        }

        var z = (x - 1) / (x + 1);
        var (power, sum) = (z, 0m);
        for (var k = 1; power != 0; k += 2)
        {
            sum += power / k;
            power *= z * z;
        }

        return (twos * LogarithmOfTwo) + (2 * sum);
    }

    /// <summary>
    /// e^y = 2^k e^r for y = k ln 2 + r of at least 0; with r below ln 2 the series is short. Beyond e^25 it is that.
    /// </summary>
    public static decimal Exponential(decimal y)
    {
        var most = decimal.Min(HighestExponent, y);
        var twos = decimal.ToInt32(decimal.Floor(most / LogarithmOfTwo));
        return Series(most - (twos * LogarithmOfTwo)) * (1L << twos);
    }

    private static decimal Series(decimal r)
    {
        var (term, sum) = (1m, 0m);
        for (var k = 1; term != 0; k++)
        {
            sum += term;
            term *= r / k;
        }

        return sum;
    }
}
