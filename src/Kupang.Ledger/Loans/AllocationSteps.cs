using System.Collections.Immutable;
using Kupang.Ledger.Loans.Schedules;

namespace Kupang.Ledger.Loans;

/// <summary>
/// What a payment pays of what is due, step by step. By the two common orders fees and penalties come last, after all due
/// instalments and before anything that is paid ahead. By an order of the terms' own they stand where it says: horizontally
/// all components of the oldest instalment come before the next, vertically one component of all instalments before the
/// next. A step without an instalment is of all fees or penalties there are.
/// </summary>
internal static class AllocationSteps
{
    private static readonly SplitComponent[] Charges = [SplitComponent.Fee, SplitComponent.Penalty];

    public static IEnumerable<(Instalment? Row, SplitComponent Component)> Of(LoanTerms terms, ImmutableArray<Instalment> schedule, DateOnly day)
    {
        var due = schedule.Where(row => row.DueOn <= day);
        return terms.Allocation switch
        {
            AllocationOrder.OldestInstalmentFirst =>
                due.SelectMany(row => Each(row, SplitComponent.Interest, SplitComponent.Principal)).Concat(Each(null, Charges)),
            AllocationOrder.OverdueInterestFirst =>
                due.SelectMany(row => Each(row, SplitComponent.Interest)).Concat(due.SelectMany(row => Each(row, SplitComponent.Principal))).Concat(Each(null, Charges)),
            _ => OfRule(terms.AllocationRule!, due),
        };
    }

    private static IEnumerable<(Instalment? Row, SplitComponent Component)> OfRule(AllocationRule rule, IEnumerable<Instalment> due)
    {
        SplitComponent[] order = [.. rule.Order.Select(component => Enum.Parse<SplitComponent>(component.ToString()))];
        var rest = order.Where(component => Charges.Contains(component)).SelectMany(component => Each(null, component));
        return rule.Processing == AllocationProcessing.Horizontal
            ? due.SelectMany(row => Each(row, order)).Concat(rest)
            : order.SelectMany(component => Charges.Contains(component) ? Each(null, component) : due.SelectMany(row => Each(row, component)));
    }

    private static IEnumerable<(Instalment? Row, SplitComponent Component)> Each(Instalment? row, params SplitComponent[] components) =>
        components.Select(component => (row, component));
}
