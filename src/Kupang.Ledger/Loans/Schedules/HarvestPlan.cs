using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>An instalment on a day of its own, as when a harvest is sold.</summary>
/// <param name="PrincipalPercent">Its share of the principal.</param>
/// <param name="InterestPercent">Its share of the interest; left out for all of them, the same as of the principal.</param>
public sealed record CustomInstalment(DateOnly DueOn, Percentage PrincipalPercent, Percentage? InterestPercent = null);

/// <summary>The instalments of a loan on days of their own. Two plans are equal when all their instalments are.</summary>
public sealed record HarvestPlan(ImmutableArray<CustomInstalment> Instalments)
{
    private const decimal Whole = 100;

    /// <summary>Why no loan can be paid back like this, or null.</summary>
    internal ScheduleResult.Refused? Check()
    {
        if (Instalments.IsDefaultOrEmpty || Instalments.Length > ScheduleCalculator.MaximumInstalments)
        {
            return ScheduleRefusals.TermsOutOfRange("custom");
        }

        for (var index = 1; index < Instalments.Length; index++)
        {
            if (Instalments[index].DueOn <= Instalments[index - 1].DueOn)
            {
                return ScheduleRefusals.CustomDatesNotAscending(Instalments[index].DueOn, Instalments[index - 1].DueOn);
            }
        }

        var principal = Instalments.Sum(part => part.PrincipalPercent.Percent);
        if (principal != Whole || Instalments[^1].PrincipalPercent.Percent == 0)
        {
            return ScheduleRefusals.CustomSharesNotWhole("principalPercent", principal);
        }

        if (Instalments.All(part => part.InterestPercent is null))
        {
            return null;
        }

        var interest = Instalments.Sum(part => part.InterestPercent?.Percent ?? 0);
        return interest != Whole || Instalments.Any(part => part.InterestPercent is null)
            ? ScheduleRefusals.CustomSharesNotWhole("interestPercent", interest)
            : null;
    }

    public bool Equals(HarvestPlan? other) => other is not null && Instalments.AsSpan().SequenceEqual(other.Instalments.AsSpan());

    public override int GetHashCode() => Instalments.Aggregate(0, HashCode.Combine);
}
