using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Funds;

/// <summary>The books of the funds that a fact moves money of: each is open or closed for a day by itself.</summary>
public sealed class FundBooks(params IReadOnlyList<Fund> funds)
{
    public Fund this[FundId id] => funds.First(fund => fund.Id == id);

    public BookDay DayOf(FundId fundId, DateOnly effectiveOn) => this[fundId].DayOf(effectiveOn);
}
