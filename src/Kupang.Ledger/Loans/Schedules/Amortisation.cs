using System.Numerics;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>The principal and the interest of a row, in minor units.</summary>
internal readonly record struct Row(BigInteger Principal, BigInteger Interest);

/// <summary>
/// The amounts of a schedule, in whole minor units. Grace rows come first and carry interest only; the rows after them
/// are all alike but for the last, which takes what is left, so that the parts make up the principal exactly.
/// </summary>
/// <param name="Principal">What is lent.</param>
/// <param name="Rate">The rate of one period.</param>
/// <param name="Grace">How many rows carry interest only.</param>
/// <param name="Repaying">How many rows pay principal: at least one.</param>
internal sealed record Amortisation(BigInteger Principal, Fraction Rate, int Grace, int Repaying)
{
    /// <summary>The principal divided by the rows that pay it.</summary>
    public RoundedAmount EqualPart => new(
        new Fraction(Principal, Repaying),
        Least: 1,
        Most: Repaying == 1 ? Principal : (Principal - 1) / (Repaying - 1));

    /// <summary>
    /// The instalment that pays the principal off in equal instalments, A = P x i / (1 - (1 + i)^-n), half-even to the
    /// minor unit. It is taken in the form that also serves periods of unequal length: A = P x (1 + f1) ... (1 + fn) /
    /// S_n with S_1 = 1 and S_k = 1 + (1 + f_k) x S_(k-1). With f = a/d, S_k is s_k / d^(k-1), and the powers of d
    /// cancel but for one.
    /// </summary>
    public BigInteger EqualInstalment()
    {
        var (d, growth) = (Rate.Denominator, Rate.Denominator + Rate.Numerator);
        var (s, power, product) = (BigInteger.One, BigInteger.One, growth);
        for (var k = 2; k <= Repaying; k++)
        {
            power *= d;
            s = power + (growth * s);
            product *= growth;
        }

        return Fraction.HalfEven(Principal * product, d * s);
    }

    /// <summary>
    /// Which instalments are possible: one that does not pay the interest of the first row makes the debt grow, and one
    /// that is too large leaves no principal for the last row. The more is paid, the less is left, rounding included,
    /// so the largest that leaves something is found by halving.
    /// </summary>
    public RoundedAmount PossibleInstalments(BigInteger instalment)
    {
        var (possible, impossible) = (BigInteger.Zero, Principal + InterestOn(Principal) + 1);
        while (impossible - possible > 1)
        {
            var middle = (possible + impossible) / 2;
            (possible, impossible) = LeavesPrincipalForLast(middle) ? (middle, impossible) : (possible, middle);
        }

        return new RoundedAmount(
            new Fraction(instalment, BigInteger.One),
            Least: BigInteger.Max(1, InterestOn(Principal)),
            Most: possible);
    }

    /// <summary>
    /// Interest P x r x n, rounded once and divided evenly; a row never takes more than is left of it.
    /// </summary>
    public IEnumerable<Row> Flat(BigInteger principalPart)
    {
        var rows = Grace + Repaying;
        var interestLeft = Fraction.HalfEven(Principal * Rate.Numerator * rows, Rate.Denominator);
        var interestPart = Fraction.HalfEven(interestLeft, rows);
        for (var row = 1; row <= rows; row++)
        {
            var interest = row == rows ? interestLeft : BigInteger.Min(interestPart, interestLeft);
            interestLeft -= interest;
            yield return new Row(row == rows ? LastPart(principalPart) : row > Grace ? principalPart : 0, interest);
        }
    }

    public IEnumerable<Row> DecliningEqualPrincipal(BigInteger principalPart) => Declining(_ => principalPart);

    public IEnumerable<Row> DecliningEqualInstalments(BigInteger instalment) =>
        Declining(interest => instalment - interest);

    /// <summary>Interest of a row on what is owed before it, half-even.</summary>
    public BigInteger InterestOn(BigInteger balance) => Fraction.HalfEven(balance * Rate.Numerator, Rate.Denominator);

    private IEnumerable<Row> Declining(Func<BigInteger, BigInteger> principalPart)
    {
        var balance = Principal;
        var rows = Grace + Repaying;
        for (var row = 1; row <= rows; row++)
        {
            var interest = InterestOn(balance);
            var principal = row == rows ? balance : row > Grace ? principalPart(interest) : 0;
            balance -= principal;
            yield return new Row(principal, interest);
        }
    }

    private BigInteger LastPart(BigInteger principalPart) => Principal - (principalPart * (Repaying - 1));

    private bool LeavesPrincipalForLast(BigInteger instalment)
    {
        var balance = Principal;
        for (var row = 1; row < Repaying && balance.Sign > 0; row++)
        {
            balance += InterestOn(balance) - instalment;
        }

        return balance.Sign > 0;
    }
}
