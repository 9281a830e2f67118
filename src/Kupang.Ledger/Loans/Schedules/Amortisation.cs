using System.Numerics;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>The principal and the interest of a row, in minor units.</summary>
internal readonly record struct Row(BigInteger Principal, BigInteger Interest);

/// <summary>
/// A loan in whole minor units with the rate of each of its rows. Grace rows come first and carry interest only; the last
/// row takes what is left, so that the parts make up the principal exactly.
/// </summary>
/// <param name="Principal">What is lent.</param>
/// <param name="Rates">The rates of the periods, one for each row.</param>
/// <param name="Grace">How many rows carry interest only: fewer than all.</param>
internal sealed record Amortisation(BigInteger Principal, PeriodRates Rates, int Grace)
{
    public int Rows => Rates.Count;

    /// <summary>How many rows pay principal.</summary>
    public int Repaying => Rows - Grace;

    /// <summary>The principal divided by the rows that pay it.</summary>
    public RoundedAmount EqualPart => new(
        new Fraction(Principal, Repaying),
        Least: 1,
        Most: Repaying == 1 ? Principal : (Principal - 1) / (Repaying - 1));

    /// <summary>Interest of a row, exactly, on what is owed before it.</summary>
    public Fraction InterestOn(BigInteger balance, int row) => new(balance * Rates.Numerators[row], Rates.Denominator);

    /// <summary>Interest of all periods on the principal lent, rounded once.</summary>
    public BigInteger FlatInterest() =>
        Fraction.HalfEven(Principal * Rates.Numerators.Aggregate(BigInteger.Zero, (sum, rate) => sum + rate), Rates.Denominator);

    /// <summary>
    /// The instalment that pays the principal off in equal instalments, half-even to the minor unit. For periods of any
    /// length it is A = P x (1 + f1) ... (1 + fn) / S_n with S_1 = 1 and S_k = 1 + (1 + f_k) x S_(k-1); for equal ones that
    /// is P x i / (1 - (1 + i)^-n). With f = a/d, S_k is s_k / d^(k-1), and the powers of d cancel but for one.
    /// </summary>
    public BigInteger EqualInstalment()
    {
        var d = Rates.Denominator;
        var (s, power, product) = (BigInteger.One, BigInteger.One, d + Rates.Numerators[Grace]);
        for (var row = Grace + 1; row < Rows; row++)
        {
            var growth = d + Rates.Numerators[row];
            power *= d;
            s = power + (growth * s);
            product *= growth;
        }

        return Fraction.HalfEven(Principal * product, d * s);
    }

    /// <summary>
    /// Which instalments are possible: one that does not pay the interest of a row makes the debt grow, and one that is too
    /// large leaves no principal for the last row. The more is paid, the less is left and the less interest there is,
    /// rounding included, so both ends are found by halving.
    /// </summary>
    public RoundedAmount PossibleInstalments(BigInteger instalment)
    {
        var aboveAll = Principal + Enumerable.Range(0, Rows).Max(row => InterestOn(Principal, row).HalfEven()) + 1;
        return new RoundedAmount(
            new Fraction(instalment, BigInteger.One),
            Least: LastOf(aboveAll, amount => !PaysAllInterest(amount)) + 1,
            Most: LastOf(aboveAll, LeavesPrincipalForLast));
    }

    /// <summary>The rows of a loan with interest on what is owed; the principal part may hang on the interest.</summary>
    public Row[] Declining(Func<Fraction, BigInteger> roundInterest, Func<BigInteger, BigInteger> principalPart)
    {
        var (balance, rows) = (Principal, new Row[Rows]);
        for (var row = 0; row < Rows; row++)
        {
            var interest = roundInterest(InterestOn(balance, row));
            var principal = row == Rows - 1 ? balance : row < Grace ? 0 : principalPart(interest);
            balance -= principal;
            rows[row] = new Row(principal, interest);
        }

        return rows;
    }

    /// <summary>The principal part of a row whose part is always the same.</summary>
    public BigInteger PartOf(int row, BigInteger principalPart) =>
        row == Rows - 1 ? Principal - (principalPart * (Repaying - 1)) : row < Grace ? 0 : principalPart;

    /// <summary>The last number from 0 to below an end for which something holds, when it holds for the first ones only.</summary>
    private static BigInteger LastOf(BigInteger end, Func<BigInteger, bool> holds)
    {
        var (last, other) = (BigInteger.Zero, end);
        while (other - last > 1)
        {
            var middle = (last + other) / 2;
            (last, other) = holds(middle) ? (middle, other) : (last, middle);
        }

        return last;
    }

    private bool PaysAllInterest(BigInteger instalment)
    {
        var balance = Principal;
        for (var row = Grace; row < Rows - 1 && balance.Sign > 0; row++)
        {
            var interest = InterestOn(balance, row).HalfEven();
            if (interest > instalment)
            {
                return false;
            }

            balance += interest - instalment;
        }

        return true;
    }

    private bool LeavesPrincipalForLast(BigInteger instalment)
    {
        var balance = Principal;
        for (var row = Grace; row < Rows - 1 && balance.Sign > 0; row++)
        {
            balance += InterestOn(balance, row).HalfEven() - instalment;
        }

        return balance.Sign > 0;
    }
}
