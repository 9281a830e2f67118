using System.Collections.Immutable;
using System.Numerics;
using Kupang.Ledger.Loans.Schedules;

namespace Kupang.Ledger.Loans;

/// <summary>
/// How much of the interest that is not due yet a borrower pays who pays her loan off early (<em>pelunasan dipercepat</em>).
/// Overdue interest is always paid in full.
/// </summary>
public enum SettlementPolicy
{
    /// <summary>The interest of the instalment whose period runs on that day: from the day after the due date before it.</summary>
    CurrentPeriod,

    /// <summary>All of it.</summary>
    FullInterest,

    /// <summary>Half of it (<em>diskon jasa 50 %</em>), half-even to the scale.</summary>
    HalfRebate,

    /// <summary>
    /// Of the whole interest, k(k+1)/n(n+1) is given back, where k of n instalments are not due yet; half-even to the scale.
    /// </summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("rule-of-78")]
    RuleOf78,
}

internal static class SettlementInterest
{
    /// <summary>What is charged in all of the interest of the instalments that are not due, in minor units.</summary>
    /// <param name="schedule">Due instalments and those that are not.</param>
    public static long Of(SettlementPolicy policy, ImmutableArray<Instalment> schedule, DateOnly day, DateOnly disbursedOn)
    {
        var ahead = schedule.Where(row => row.DueOn > day).ToArray();
        var interest = ahead.Sum(row => row.Interest.MinorUnits);
        return policy switch
        {
            SettlementPolicy.FullInterest => interest,
            SettlementPolicy.HalfRebate => (long)Fraction.HalfEven(interest, 2),
            SettlementPolicy.RuleOf78 => Math.Max(0, interest - RebateOf78(schedule, ahead.Length)),
            _ when ahead is [var running, ..] && day > BeginOf(running, schedule, disbursedOn) => running.Interest.MinorUnits,
            _ => 0,
        };
    }

    private static long RebateOf78(ImmutableArray<Instalment> schedule, int ahead)
    {
        if (ahead == 0)
        {
            return 0;
        }

        BigInteger total = schedule.Sum(row => row.Interest.MinorUnits);
        return (long)Fraction.HalfEven(total * ahead * (ahead + 1), (BigInteger)schedule.Length * (schedule.Length + 1));
    }

    private static DateOnly BeginOf(Instalment running, ImmutableArray<Instalment> schedule, DateOnly disbursedOn) =>
        schedule.LastOrDefault(row => row.DueOn < running.DueOn)?.DueOn ?? disbursedOn;
}
