using System.Globalization;
using System.Numerics;
using CsCheck;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Xunit;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

/// <summary>What holds for every plan of days and shares, tried on twenty thousand of each method.</summary>
public sealed class HarvestPropertyTests
{
    private const int Cases = 20_000;
    private const long Whole = 100_000_000; // millionths of a percent

    private static readonly Gen<HarvestLoan> AnyLoan = Gen.Select(
        Gen.Frequency((1, Gen.Long[1, 5_000]), (4, Gen.Long[100_000, 50_000_000_000])),
        Gen.Int[0, 300], // hundredths of a percent a month
        Gen.Select(Gen.Int[0, 400], Gen.Int[0, 1_000]).Array[1, 8], // days after the one before, and a weight
        Gen.Frequency((1, Gen.Const(1L)), (3, Gen.Long[2, 2_000_000])),
        Gen.Enum<RoundingMode>(),
        Gen.Enum<RoundedPart>(),
        Gen.Int[0, 3_000],
        (principal, rate, parts, multiple, mode, appliesTo, day) => new HarvestLoan(
            principal, rate, parts, new RoundingTerms(multiple, mode, appliesTo), new DateOnly(2020, 1, 1).AddDays(day)));

    [Theory]
    [InlineData(InterestMethod.Flat)]
    [InlineData(InterestMethod.DecliningEqualPrincipal)]
    [InlineData(InterestMethod.None)]
    [InlineData(InterestMethod.FixedMargin)]
    public void Shares_pay_the_principal_and_the_interest_of_the_months_begun(InterestMethod method)
    {
        var (made, refused) = (0, 0);
        AnyLoan.Sample(
            loan =>
            {
                if (loan.Calculate(method, loan.Rounding) is not ScheduleResult.Made(var schedule))
                {
                    Interlocked.Increment(ref refused);
                    AssertLargestMultiple(method, loan);
                    return;
                }

                Interlocked.Increment(ref made);
                long[] principal = [.. schedule.Instalments.Select(row => row.Principal.MinorUnits)];
                long[] interest = [.. schedule.Instalments.Select(row => row.Interest.MinorUnits)];
                Assert.Equal(loan.Principal, principal.Sum());
                Assert.All(principal.Concat(interest), part => Assert.True(part >= 0));
                Assert.True(principal[^1] > 0);
                AssertParts(principal, loan.Principal, loan, RoundedPart.Principal);
                if (method == InterestMethod.DecliningEqualPrincipal)
                {
                    return;
                }

                var rate = method == InterestMethod.None ? 0 : loan.Hundredths;
                AssertHalfEven(interest.Sum(), (BigInteger)loan.Principal * rate * loan.BegunMonths(), 10_000);
                AssertParts(interest, interest.Sum(), loan, RoundedPart.Interest);
            },
            iter: Cases);

        Assert.True(made > Cases / 4 && refused > 100, $"Made {made}, refused {refused}.");
    }

    /// <summary>Every part but the last is its share brought to the multiple, if parts of its kind are.</summary>
    private static void AssertParts(long[] parts, long sum, HarvestLoan loan, RoundedPart kind)
    {
        var multiple = loan.Rounding.AppliesTo == RoundedPart.Both || loan.Rounding.AppliesTo == kind ? (long)loan.Rounding.Multiple : 1;
        var left = sum;
        foreach (var (part, share) in parts.SkipLast(1).Zip(loan.Shares()))
        {
            var (dividend, divisor) = ((BigInteger)sum * share, (BigInteger)Whole * multiple);
            var over = ((BigInteger)part * Whole) - dividend;
            if (multiple == 1 && part == left)
            {
                Assert.True(over <= Whole / 2);
            }
            else if (multiple == 1 || loan.Rounding.Mode == RoundingMode.Nearest)
            {
                Assert.Equal(0, part % multiple);
                AssertHalfEven(part / multiple, dividend, divisor);
            }
            else
            {
                Assert.Equal(0, part % multiple);
                Assert.True(loan.Rounding.Mode == RoundingMode.Up ? over >= 0 && over < divisor : over <= 0 && over > -divisor);
            }

            left -= part;
        }
    }

    /// <summary>What a refusal names works; the few multiples just above it do not.</summary>
    private static void AssertLargestMultiple(InterestMethod method, HarvestLoan loan)
    {
        var refused = Assert.IsType<ScheduleResult.Refused>(loan.Calculate(method, loan.Rounding));
        if (refused.Code != "rounding-too-coarse")
        {
            Assert.Equal("too-many-instalments", refused.Code);
            return;
        }

        var named = long.Parse((string)refused.Figures.Single(figure => figure.Name == "largestMultiple").Value, CultureInfo.InvariantCulture);
        Assert.InRange(named, 1, (long)loan.Rounding.Multiple - 1);
        Assert.IsType<ScheduleResult.Made>(loan.Calculate(method, loan.Rounding with { Multiple = named }));
        for (var above = named + 1; above < long.Min(named + 20, (long)loan.Rounding.Multiple); above++)
        {
            Assert.IsType<ScheduleResult.Refused>(loan.Calculate(method, loan.Rounding with { Multiple = above }));
        }
    }

    private static void AssertHalfEven(BigInteger rounded, BigInteger dividend, BigInteger divisor)
    {
        var twiceAway = 2 * BigInteger.Abs((rounded * divisor) - dividend);
        Assert.True(twiceAway < divisor || (twiceAway == divisor && rounded.IsEven), $"{dividend} / {divisor} is not {rounded}.");
    }

    private sealed record HarvestLoan(
        long Principal, int Hundredths, (int Days, int Weight)[] Parts, RoundingTerms Rounding, DateOnly DisbursedOn)
    {
        public ScheduleResult Calculate(InterestMethod method, RoundingTerms rounding) => ScheduleSample.Calculate(
            Terms(method, Hundredths / 100m, rounding) with { Harvest = Plan() }, Principal, Parts.Length, DisbursedOn);

        /// <summary>In millionths of a percent, in proportion to the weights; the last has at least one.</summary>
        public long[] Shares()
        {
            var weights = Parts.Sum(part => part.Weight) + 1L;
            long[] shares = [.. Parts.Select(part => Whole * part.Weight / weights)];
            shares[^1] += Whole - shares.Sum();
            return shares;
        }

        /// <summary>Counted by trying: the month after which the last day has come.</summary>
        public int BegunMonths() => Enumerable.Range(0, 200).First(months => DisbursedOn.AddMonths(months) >= Days()[^1]);

        private DateOnly[] Days()
        {
            var day = DisbursedOn.AddDays(-1);
            return [.. Parts.Select(part => day = day.AddDays(part.Days + 1))];
        }

        private HarvestPlan Plan() => new([.. Days().Zip(Shares(), (day, share) => new CustomInstalment(day, new Percentage(share / 1_000_000m)))]);
    }
}
