using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Policies;

/// <summary>How often a loan is paid back; what is late for a weekly loan is not for a seasonal one.</summary>
public enum RepaymentRhythm
{
    Daily,
    Weekly,
    Monthly,

    /// <summary>On days of its own, such as harvests (<em>musiman</em>).</summary>
    Seasonal,
}

/// <summary>What a policy counts. All are 0 while nothing is past due, and the due day itself is not past it.</summary>
public enum ArrearsMeasure
{
    /// <summary>Days since the due date of the oldest instalment with anything unpaid above the product's tolerance.</summary>
    Days,

    /// <summary>Weeks since then, a part counting as one: days 1 to 7 are the first week.</summary>
    Weeks,

    /// <summary>
    /// Months since then, a part counting as one: the smallest number m for which the day is not after the due date and m
    /// months, which clamp at the end of a month. Due on 5 March: 6 March to 5 April is the first month, 6 April the second.
    /// </summary>
    Months,

    /// <summary>Instalments whose due date has passed and of which more than the tolerance is unpaid.</summary>
    Instalments,
}

/// <summary>A class of loans (<em>kolektibilitas</em>) and the part of what they owe that is set aside for losses.</summary>
/// <param name="AllowancePercent">Of the outstanding principal; null where the source gives none.</param>
public sealed record LoanClass([property: TextLimit(40)] string Code, [property: TextLimit(60)] string Name, Percentage? AllowancePercent = null);

/// <summary>Where the classes end.</summary>
/// <param name="UpTo">
/// The most of the measure that each class but the last takes, in the order of the classes: <c>[3, 5]</c> is up to 3, 4 to 5,
/// and above 5.
/// </param>
/// <param name="Rhythm">For which loans; left out for all that no other rule names.</param>
public sealed record ClassRule(ArrearsMeasure Measure, ImmutableArray<int> UpTo, RepaymentRhythm? Rhythm = null);

/// <summary>
/// A table of classes, of where each ends and of how much is set aside in it: data with a code and a version, so that a report
/// keeps the one it was made under.
/// </summary>
/// <param name="Source">Where the table stands, for whoever doubts it.</param>
public sealed record ClassificationPolicy(
    string Code, int Version, string Name, ImmutableArray<LoanClass> Classes, ImmutableArray<ClassRule> Rules, string Source)
{
    public const int MostClasses = 10;
    private const int LargestBound = 10_000;

    /// <summary>Whether every loan finds its class by it, and every class its percentage.</summary>
    [JsonIgnore]
    public bool IsComplete => Fault() is null;

    /// <summary>Whether a loan's class hangs on how many instalments it owes.</summary>
    [JsonIgnore]
    public bool CountsInstalments => Rules.Any(rule => rule.Measure == ArrearsMeasure.Instalments);

    /// <summary>Which class, from 0, a loan is in. Pure: the same lateness always gives the same class.</summary>
    public int ClassOf(Lateness lateness)
    {
        var rule = Rules.FirstOrDefault(of => of.Rhythm == lateness.Rhythm) ?? Rules.First(of => of.Rhythm is null);
        var measured = lateness.Of(rule.Measure);
        return rule.UpTo.Count(most => measured > most);
    }

    /// <summary>What is set aside for what loans of a class owe, rounded half-even to the currency's scale.</summary>
    public Money AllowanceOf(int loanClass, Money outstanding) => Money.OfMinorUnits(
        decimal.ToInt64(decimal.Round(outstanding.MinorUnits * Classes[loanClass].AllowancePercent!.Value.Fraction, MidpointRounding.ToEven)),
        outstanding.Currency);

    /// <summary>The member that keeps it from being used, as a pointer into it; null when there is none.</summary>
    public string? Fault()
    {
        if (Classes.IsDefault || Classes.Length is < 2 or > MostClasses)
        {
            return "/classes";
        }

        for (var index = 0; index < Classes.Length; index++)
        {
            if (Classes.Take(index).Any(other => other.Code == Classes[index].Code))
            {
                return $"/classes/{index}/code";
            }

            // A later class is a worse one: it is never covered less.
            if (Classes[index].AllowancePercent is not { Percent: <= 100 } percent
                || (index > 0 && percent.Percent < Classes[index - 1].AllowancePercent!.Value.Percent))
            {
                return $"/classes/{index}/allowancePercent";
            }
        }

        return RuleFault();
    }

    private string? RuleFault()
    {
        if (Rules.IsDefaultOrEmpty || (Rules.All(rule => rule.Rhythm is not null) && Rules.Length < Enum.GetValues<RepaymentRhythm>().Length))
        {
            return "/rules";
        }

        for (var index = 0; index < Rules.Length; index++)
        {
            var (rule, bounds) = (Rules[index], Rules[index].UpTo);
            if (Rules.Take(index).Any(other => other.Rhythm == rule.Rhythm))
            {
                return $"/rules/{index}/rhythm";
            }

            if (bounds.IsDefault || bounds.Length != Classes.Length - 1
                || bounds.Any(bound => bound is < 0 or > LargestBound) || bounds.Zip(bounds.Skip(1)).Any(pair => pair.First >= pair.Second))
            {
                return $"/rules/{index}/upTo";
            }
        }

        return null;
    }
}

/// <summary>How late a loan is on a day.</summary>
/// <param name="OldestDueOn">The due date of the oldest instalment with more than the tolerance unpaid; null when there is none by the day.</param>
/// <param name="InstalmentsOverdue">How many such instalments were due before the day.</param>
public readonly record struct Lateness(DateOnly Day, DateOnly? OldestDueOn, RepaymentRhythm Rhythm, int InstalmentsOverdue = 0)
{
    public int Of(ArrearsMeasure measure) => measure switch
    {
        ArrearsMeasure.Days => Days,
        ArrearsMeasure.Weeks => (Days + 6) / 7,
        ArrearsMeasure.Months => Months,
        ArrearsMeasure.Instalments => Days == 0 ? 0 : InstalmentsOverdue,
        _ => throw new ArgumentOutOfRangeException(nameof(measure)),
    };

    private int Days => OldestDueOn is { } oldest && oldest < Day ? Day.DayNumber - oldest.DayNumber : 0;

    private int Months
    {
        get
        {
            if (Days == 0)
            {
                return 0;
            }

            var oldest = OldestDueOn!.Value;
            var months = ((Day.Year - oldest.Year) * 12) + Day.Month - oldest.Month;
            return Day > oldest.AddMonths(months) ? months + 1 : months;
        }
    }
}
