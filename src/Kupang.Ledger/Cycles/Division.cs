using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Cycles;

/// <summary>What a member puts into a division: shares, and what the member owes.</summary>
public sealed record Stake(MemberId MemberId, int Shares, Money PaidIn, Money Debt);

/// <summary>What comes out of it for the member.</summary>
/// <param name="Payout">What the shares are worth.</param>
/// <param name="Offset">What of it is kept back for debts.</param>
public sealed record Portion(Stake Stake, Money Payout, Money Offset)
{
    public Money Cash => Payout - Offset;

    /// <summary>Above zero for who left the division.</summary>
    public Money Unpaid => Stake.Debt - Offset;
}

/// <summary>
/// How a pool is divided by shares: <c>payout = floor(pool x shares / all shares)</c> to a multiple, the pool being the
/// members' cash and what those in the division owe, since debts are kept back from payouts. Who owes more than the payout
/// leaves the division: the payout goes to the debt, the rest stays a claim, and the cash is divided over the shares that
/// remain, until nobody left owes more than the payout. So the cash handed out and what is carried are exactly the cash.
/// Source: domain notes §3, facts §6.
/// </summary>
/// <param name="Pool">What was divided first, with everybody in it.</param>
/// <param name="Carried">The cash that no payout took.</param>
public sealed record Division(Money Pool, long TotalShares, ImmutableArray<Portion> Portions, Money Carried)
{
    /// <param name="cash">The cash that is the members', zero or more.</param>
    /// <param name="stakes">Those with shares, each once; at least one.</param>
    public static Division Of(Money cash, IReadOnlyList<Stake> stakes, Money multiple)
    {
        Dictionary<MemberId, Portion> left = [];
        while (true)
        {
            var staying = stakes.Where(stake => !left.ContainsKey(stake.MemberId)).ToArray();
            var (pool, shares) = (PoolOf(cash, staying), staying.Sum(stake => (long)stake.Shares));
            var portions = staying.Select(stake => new Portion(stake, PayoutOf(pool, stake.Shares, shares, multiple), stake.Debt)).ToArray();
            var leaving = portions.Where(portion => portion.Cash.IsNegative).ToArray();
            if (leaving.Length == 0)
            {
                var stayed = portions.ToDictionary(portion => portion.Stake.MemberId);
                return new Division(
                    PoolOf(cash, stakes),
                    stakes.Sum(stake => (long)stake.Shares),
                    [.. stakes.Select(stake => left.GetValueOrDefault(stake.MemberId) ?? stayed[stake.MemberId])],
                    cash - Money.Sum(portions.Select(portion => portion.Cash), cash.Currency));
            }

            foreach (var portion in leaving)
            {
                left.Add(portion.Stake.MemberId, portion with { Offset = portion.Payout });
            }
        }
    }

    /// <summary>What some of all shares are worth, cut off to a multiple; nothing of a pool that is lost.</summary>
    public static Money PayoutOf(Money pool, long shares, long allShares, Money multiple)
    {
        var worth = Math.Max(0, (long)((Int128)pool.MinorUnits * shares / allShares));
        return Money.OfMinorUnits(worth - (worth % multiple.MinorUnits), pool.Currency);
    }

    private static Money PoolOf(Money cash, IEnumerable<Stake> stakes) => cash + Money.Sum(stakes.Select(stake => stake.Debt), cash.Currency);
}
