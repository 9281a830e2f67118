using System.Collections.Immutable;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// What a payment pays. First what is due by its day, in the order of the loan's terms; then the instalments not yet due,
/// each interest before principal; what is left when nothing is owed is an advance. Nothing is lost: the parts sum to the
/// payment.
/// </summary>
public static class PaymentAllocation
{
    /// <param name="paid">What earlier payments have paid, instalment by instalment.</param>
    public static ImmutableArray<SplitPart> Split(
        ImmutableArray<Instalment> schedule, IReadOnlyList<PaidParts> paid, Money amount, DateOnly paidOn, AllocationOrder order)
    {
        var split = ImmutableArray.CreateBuilder<SplitPart>();
        var left = amount.MinorUnits;
        foreach (var (row, component) in Order(schedule, paidOn, order))
        {
            var open = component == SplitComponent.Interest
                ? row.Interest.MinorUnits - paid[row.Number - 1].Interest
                : row.Principal.MinorUnits - paid[row.Number - 1].Principal;
            var part = Math.Min(open, left);
            if (part > 0)
            {
                split.Add(new SplitPart(row.Number, row.DueOn, component, Money.OfMinorUnits(part, amount.Currency)));
                left -= part;
            }

            if (left == 0)
            {
                return split.ToImmutable();
            }
        }

        split.Add(new SplitPart(Instalment: null, DueOn: null, SplitComponent.Advance, Money.OfMinorUnits(left, amount.Currency)));
        return split.ToImmutable();
    }

    private static IEnumerable<(Instalment Row, SplitComponent Component)> Order(
        ImmutableArray<Instalment> schedule, DateOnly paidOn, AllocationOrder order)
    {
        // Due dates never decrease, so what is due is the beginning of the schedule.
        var due = schedule.TakeWhile(row => row.DueOn <= paidOn).ToArray();
        var ahead = schedule.Skip(due.Length).SelectMany(InterestThenPrincipal);
        return order == AllocationOrder.OldestInstalmentFirst
            ? due.SelectMany(InterestThenPrincipal).Concat(ahead)
            : due.Select(row => (row, SplitComponent.Interest)).Concat(due.Select(row => (row, SplitComponent.Principal))).Concat(ahead);
    }

    private static IEnumerable<(Instalment Row, SplitComponent Component)> InterestThenPrincipal(Instalment row) =>
        [(row, SplitComponent.Interest), (row, SplitComponent.Principal)];
}
