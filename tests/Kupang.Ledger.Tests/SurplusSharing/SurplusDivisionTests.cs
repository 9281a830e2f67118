using System.Numerics;
using CsCheck;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.SurplusSharing;
using Xunit;

namespace Kupang.Ledger.Tests.SurplusSharing;

/// <summary>How a surplus is divided, by hand and over random years.</summary>
public sealed class SurplusDivisionTests
{
    private static readonly Gen<(long Result, long Risk, long Before, long Multiple, int[] Cuts, (long Savings, long Interest)[] Members)> Years = Gen.Select(
        Gen.Long[1, 2_000_000_000],
        Gen.Long[0, 1_000_000],
        Gen.Long[-1_000_000, 5_000_000],
        Gen.OneOf(Gen.Const(1L), Gen.Const(100L), Gen.Const(1_000L)),
        Gen.Int[0, 1_000_000].Array[4],
        Gen.Select(Gen.Long[-1_000, 50_000_000], Gen.Long[0, 3_000_000]).Array[1, 30]);

    /// <summary>100,000 came in, 15,000 more is at risk, and 40,000 were lost before: 45,000 can be shared.</summary>
    [Fact]
    public void Risk_and_earlier_losses_come_first()
    {
        var year = new YearFigures(Money.Rupiah(100_000), Money.Rupiah(60_000), [new MemberFigures(new MemberId(Guid.CreateVersion7()), Money.Rupiah(1), Money.Rupiah(0))]);

        var division = SurplusDivision.Of(year, Money.Rupiah(15_000), [Percent(SurplusItem.Savings, 100)], Money.Rupiah(1));

        Assert.Equal((40_000, 45_000), (division.EarlierLoss.MinorUnits, division.Distributable.MinorUnits));
        Assert.Equal(45_000, Assert.Single(division.Members).BySavings.MinorUnits);
    }

    /// <summary>
    /// Percentages of six decimals, and members by whole-number fractions of their item; all parts and what is left are the
    /// distributable, and so are the credits in the books.
    /// </summary>
    [Fact]
    public void All_parts_together_are_exactly_what_is_distributable() => Years.Sample(
        year =>
        {
            var figures = new YearFigures(
                Money.Rupiah(year.Result),
                Money.Rupiah(year.Result + year.Before),
                [.. year.Members.Select(member => new MemberFigures(new MemberId(Guid.CreateVersion7()), Money.Rupiah(member.Savings), Money.Rupiah(member.Interest)))]);
            var percentages = PercentagesOf(year.Cuts);
            if (!SurplusDivision.DistributableOf(figures, Money.Rupiah(year.Risk)).IsPositive)
            {
                return year.Result - year.Risk - Math.Max(0, -year.Before) <= 0;
            }

            var division = SurplusDivision.Of(figures, Money.Rupiah(year.Risk), percentages, Money.Rupiah(year.Multiple));
            var distributable = division.Distributable.MinorUnits;
            var lines = SurplusPostingRules.Shared(new FundId(Guid.CreateVersion7()), division, BookDay.Open(new DateOnly(2026, 2, 2)));
            return distributable == year.Result - year.Risk - Math.Max(0, -year.Before)
                && lines.Where(line => line.Amount.IsNegative).Sum(line => line.Amount.MinorUnits) == -distributable
                && division.Remainder.MinorUnits >= 0
                && division.Members.All(member => member.BySavings.MinorUnits == By(member.Savings, figures.Members.Select(of => of.Savings), SurplusItem.Savings)
                    && member.ByInterest.MinorUnits == By(member.InterestPaid, figures.Members.Select(of => of.InterestPaid), SurplusItem.LoanInterest))
                && (division.Members.IsEmpty || division.Remainder.MinorUnits < (2 * year.Multiple * figures.Members.Length) + 5
                    || figures.Members.All(member => !member.Savings.IsPositive) || figures.Members.All(member => !member.InterestPaid.IsPositive));

            BigInteger By(Money own, IEnumerable<Money> all, SurplusItem item)
            {
                var percent = percentages.First(part => part.Item == item).Percent.Percent;
                var part = new BigInteger(distributable) * new BigInteger(percent * 1_000_000) / 100_000_000;
                var weights = all.Aggregate(BigInteger.Zero, (sum, weight) => sum + Math.Max(0, weight.MinorUnits));
                return weights.IsZero ? 0 : part * Math.Max(0, own.MinorUnits) / weights / year.Multiple * year.Multiple;
            }
        },
        iter: 20_000);

    [Theory]
    [InlineData(2025)]
    [InlineData(2026)]
    public void A_fund_and_year_have_one_stream(int year)
    {
        var fund = new FundId(Guid.Parse("019b8c10-0000-7000-8000-000000000003"));

        Assert.Equal(SurplusYear.IdOf(fund, year), SurplusYear.IdOf(fund, year));
        Assert.NotEqual(SurplusYear.IdOf(fund, year), SurplusYear.IdOf(fund, year + 1));
        Assert.NotEqual(SurplusYear.IdOf(fund, year), SurplusYear.IdOf(new FundId(Guid.CreateVersion7()), year));
        Assert.Equal('8', SurplusYear.IdOf(fund, year).ToString()[14]);
    }

    /// <summary>Cuts 0 to 100 in four places, with up to four decimals.</summary>
    private static SurplusPercentage[] PercentagesOf(int[] cuts)
    {
        var at = cuts.Select(cut => cut / 10_000m).Append(0m).Append(100m).Order().ToArray();
        SurplusItem[] items = [SurplusItem.Savings, SurplusItem.LoanInterest, SurplusItem.Reserve, SurplusItem.Social, SurplusItem.Management];
        return [.. items.Select((item, index) => Percent(item, at[index + 1] - at[index]))];
    }

    private static SurplusPercentage Percent(SurplusItem item, decimal percent) => new(item, new Percentage(percent));
}
