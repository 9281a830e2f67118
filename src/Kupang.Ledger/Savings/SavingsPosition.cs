using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Savings;

/// <summary>An account as of a day: pure functions of what is known of it.</summary>
public static class SavingsPosition
{
    /// <summary>
    /// The least that is free on any day from this one on, and the first such day: balance less holds less the minimum
    /// balance, at the end of each day. That much and no more can be taken out on the day, whatever became known since.
    /// Below zero when a reversal took back what others rest on.
    /// </summary>
    public static (Money Amount, DateOnly On) LeastFreeFrom(SavingsAccount account, DateOnly day)
    {
        var free = account.BalanceOn(day) - account.HeldOn(day) - account.Terms.Minimum();
        var least = (Amount: free, On: day);
        foreach (var change in ChangesAfter(account, day).GroupBy(change => change.On).OrderBy(change => change.Key))
        {
            free += Money.Sum(change.Select(part => part.Amount), account.Currency);
            least = free < least.Amount ? (free, change.Key) : least;
        }

        return least;
    }

    /// <summary>Whether its owner has moved nothing for as long as the terms say. Interest and reversals are not the owner's.</summary>
    public static bool IsDormant(SavingsAccount account, DateOnly day) =>
        account.Terms.DormantAfterMonths is { } months && account.Closing is null && LastMovedOn(account, day).AddMonths(months) <= day;

    /// <summary>The last day up to this one on which the owner moved something; the day of opening when there is none.</summary>
    public static DateOnly LastMovedOn(SavingsAccount account, DateOnly day) => account.Movements
        .Where(movement => movement.Day.EffectiveOn <= day && movement.Kind is not (SavingsMovementKind.Interest or SavingsMovementKind.Reversal))
        .Where(movement => !account.IsReversed(movement))
        .Select(movement => movement.Day.EffectiveOn)
        .Append(account.OpenedOn)
        .Max();

    /// <summary>What was to be paid in up to a day, and what of it was; null where no contribution is due.</summary>
    public static ContributionStanding? Contributions(SavingsAccount account, DateOnly day)
    {
        if (account.Terms.Contribution is not { } contribution)
        {
            return null;
        }

        var due = Money.OfMinorUnits(
            account.Terms.In(contribution.Amount).MinorUnits * contribution.CountDue(account.OpenedOn, day), account.Currency);
        var paid = Money.Sum(
            account.Movements
                .Where(movement => movement.Day.EffectiveOn <= day && movement.Kind is (SavingsMovementKind.Deposit or SavingsMovementKind.TransferIn))
                .Where(movement => !account.IsReversed(movement))
                .Select(movement => movement.Amount),
            account.Currency);
        return new ContributionStanding(due, paid, Money.Max(due - paid, Money.Zero(account.Currency)));
    }

    private static IEnumerable<(DateOnly On, Money Amount)> ChangesAfter(SavingsAccount account, DateOnly day) =>
        account.Movements.Select(movement => (On: movement.Day.EffectiveOn, movement.Amount))
            .Concat(account.Holds.Select(hold => (On: hold.EffectiveOn, Amount: -hold.Amount)))
            .Concat(account.Holds.SelectMany(hold => hold.Releases).Select(release => (On: release.EffectiveOn, release.Amount)))
            .Where(change => change.On > day);
}

/// <param name="Due">All contributions that are due, the first on the day of opening.</param>
/// <param name="Paid">What was paid in and stands.</param>
/// <param name="Arrears">Due less paid, never below zero.</param>
public sealed record ContributionStanding(Money Due, Money Paid, Money Arrears);
