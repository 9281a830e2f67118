using System.Collections.Immutable;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>The schedule of a loan after more of it was paid out, or after it was rescheduled.</summary>
internal static class TurnedSchedule
{
    /// <summary>Each instalment is what it was and its part of the tranche.</summary>
    public static ImmutableArray<Instalment> With(ImmutableArray<Instalment> schedule, ImmutableArray<Instalment> tranche) =>
    [
        .. schedule.Select(row => tranche.FirstOrDefault(part => part.Number == row.Number) is { } part
            ? row with { Principal = row.Principal + part.Principal, Interest = row.Interest + part.Interest }
            : row),
    ];

    /// <summary>
    /// What was paid of each instalment stays where it was, and all that was not is in the new instalments. Those were made
    /// for what was owed as far as was known then. When a payment dated before becomes known, the last of them shrink, and so
    /// does the overdue interest in the first; when one is taken back, the last grows, and the first bears the interest. A
    /// margin that was agreed once stays whole: what of it is open is in the new instalments, and the last of them bear the difference.
    /// </summary>
    public static ImmutableArray<Instalment> Rescheduled(
        ImmutableArray<Instalment> schedule, IReadOnlyList<PaidParts> paid, DateOnly day, LoanTurn.Rescheduling turn, bool isFixedMargin)
    {
        var principal = schedule.Sum(row => paid[row.Number - 1].OpenPrincipal(row));
        var overdue = schedule.Where(row => row.DueOn <= day).Sum(row => paid[row.Number - 1].OpenInterest(row));
        var kept = schedule.Select(row => Kept(row, paid[row.Number - 1])).Where(row => row.DueOn <= day || !row.Total.IsZero);
        if (isFixedMargin)
        {
            var margin = schedule.Sum(row => paid[row.Number - 1].OpenInterest(row)) - turn.Rows.Sum(row => row.Interest.MinorUnits);
            return [.. kept, .. FitInterest([.. FitPrincipal(turn.Rows, principal, keepsInterest: true).Reverse()], margin).Reverse()];
        }

        return [.. kept, .. FitInterest(FitPrincipal(turn.Rows, principal, keepsInterest: false), overdue - turn.OverdueInterest.MinorUnits)];
    }

    private static Instalment Kept(Instalment row, PaidParts paid) => row with
    {
        Principal = Money.OfMinorUnits(paid.Principal + paid.PrincipalLetOff, row.Principal.Currency),
        Interest = Money.OfMinorUnits(paid.Interest + paid.InterestLetOff, row.Interest.Currency),
    };

    private static ImmutableArray<Instalment> FitPrincipal(ImmutableArray<Instalment> rows, long principal, bool keepsInterest)
    {
        var fitted = rows.ToBuilder();
        var more = principal - rows.Sum(row => row.Principal.MinorUnits);
        if (more > 0)
        {
            fitted[^1] = fitted[^1] with { Principal = fitted[^1].Principal + Money.OfMinorUnits(more, fitted[^1].Principal.Currency) };
        }

        for (var index = fitted.Count - 1; more < 0; index--)
        {
            var row = fitted[index];
            var taken = Math.Min(row.Principal.MinorUnits, -more);
            more += taken;

            // An instalment whose principal is gone bears no interest any more.
            fitted[index] = taken == row.Principal.MinorUnits && !keepsInterest
                ? row with { Principal = Money.Zero(row.Principal.Currency), Interest = Money.Zero(row.Principal.Currency) }
                : row with { Principal = row.Principal - Money.OfMinorUnits(taken, row.Principal.Currency) };
        }

        return fitted.ToImmutable();
    }

    private static IEnumerable<Instalment> FitInterest(ImmutableArray<Instalment> rows, long more)
    {
        foreach (var row in rows)
        {
            var change = Math.Max(more, -row.Interest.MinorUnits);
            more -= change;
            yield return row with { Interest = row.Interest + Money.OfMinorUnits(change, row.Interest.Currency) };
        }
    }
}
