using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.SurplusSharing;

public sealed record SurplusPercentage(SurplusItem Item, Percentage Percent);

/// <summary>What the closed books say of a year.</summary>
/// <param name="Result">Income less expenses of the year.</param>
/// <param name="Accumulated">The same of all years until its end, with surplus retained and already shared.</param>
public sealed record YearFigures(Money Result, Money Accumulated, ImmutableArray<MemberFigures> Members);

/// <param name="Savings">On the basis chosen; for the average the sum of the twelve month ends.</param>
public sealed record MemberFigures(MemberId MemberId, Money Savings, Money InterestPaid);

/// <summary>
/// How a year's surplus is shared. Distributable = result − rise of collectibility risk − losses of earlier years (domain
/// notes §2, step 9). Each item is its percentage of it, cut off to the smallest unit; members' parts are divided by savings
/// and by interest paid, each cut off to a multiple. Everything that cutting off leaves goes to the reserve, so that all
/// parts together are exactly what is distributable.
/// </summary>
public sealed record SurplusDivision(
    Money Surplus, Money RiskRise, Money EarlierLoss, Money Distributable, ImmutableArray<SurplusPart> Parts, ImmutableArray<MemberSurplus> Members, Money Remainder)
{
    public static Money DistributableOf(YearFigures year, Money riskRise) => year.Result - riskRise - EarlierLossOf(year);

    /// <param name="percentages">Each item once, together 100.</param>
    public static SurplusDivision Of(YearFigures year, Money riskRise, IReadOnlyList<SurplusPercentage> percentages, Money multiple)
    {
        var distributable = DistributableOf(year, riskRise);
        SurplusPart[] parts = [.. percentages.Select(item => new SurplusPart(item.Item, item.Percent, PartOf(distributable, item.Percent)))];
        MemberSurplus[] members =
        [
            .. Shares(AmountOf(SurplusItem.Savings), [.. year.Members.Select(member => member.Savings)], multiple)
                .Zip(Shares(AmountOf(SurplusItem.LoanInterest), [.. year.Members.Select(member => member.InterestPaid)], multiple))
                .Zip(year.Members, (shares, member) => new MemberSurplus(member.MemberId, member.Savings, member.InterestPaid, shares.First, shares.Second)),
        ];
        var handedOut = Money.Sum(members.Select(member => member.BySavings + member.ByInterest), distributable.Currency)
            + Money.Sum(parts.Where(part => !IsMembers(part.Item)).Select(part => part.Amount), distributable.Currency);
        return new SurplusDivision(
            year.Result,
            riskRise,
            EarlierLossOf(year),
            distributable,
            [.. parts],
            [.. members.Where(member => !(member.BySavings + member.ByInterest).IsZero)],
            distributable - handedOut);

        Money AmountOf(SurplusItem item) => Money.Sum(parts.Where(part => part.Item == item).Select(part => part.Amount), distributable.Currency);
    }

    public static bool IsMembers(SurplusItem item) => item is SurplusItem.Savings or SurplusItem.LoanInterest;

    private static Money EarlierLossOf(YearFigures year) => Money.Max(Money.Zero(year.Result.Currency), year.Result - year.Accumulated);

    private static Money PartOf(Money distributable, Percentage percent) =>
        Money.OfMinorUnits((long)decimal.Floor(distributable.MinorUnits * percent.Percent / 100m), distributable.Currency);

    /// <summary>By weights, each cut off to the multiple; who has less than nothing has no weight.</summary>
    private static IEnumerable<Money> Shares(Money amount, IReadOnlyList<Money> weights, Money multiple)
    {
        var all = weights.Aggregate(Int128.Zero, (sum, weight) => sum + Math.Max(0, weight.MinorUnits));
        return weights.Select(weight =>
        {
            var share = all == 0 ? 0 : (long)((Int128)amount.MinorUnits * Math.Max(0, weight.MinorUnits) / all);
            return Money.OfMinorUnits(share - (share % multiple.MinorUnits), amount.Currency);
        });
    }
}
