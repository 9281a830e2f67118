using System.Numerics;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Savings;

/// <summary>
/// What the savings of an account earn in a calendar month (<em>jasa simpanan</em>), exactly until it is rounded once: half to
/// even to the smallest unit, and then as the product says to its multiple.
/// <list type="bullet">
/// <item>By daily balance: the sum over the days of the month of (balance at the end of the day) × rate ÷ (days of the year by
/// the day count, or days of the month where the rate is one a month).</item>
/// <item>By minimum monthly balance: (the least of the balances at the ends of the days of the month) × rate, a twelfth of it
/// where the rate is one a year. Savings that begin after the first of a month earn nothing that month.</item>
/// </list>
/// A balance below the rule's own minimum, or below zero, counts as nothing. What was credited for the month itself is no part
/// of its balances; what was credited for other months is. The formulas are those of ordinary passbook savings, where money is
/// there at the end of the day on which it is paid in, and is not on the day on which it is paid out.
/// </summary>
public static class SavingsInterest
{
    /// <param name="firstDay">The first day of the month.</param>
    public static Money Of(SavingsAccount account, DateOnly firstDay)
    {
        if (account.Terms.Interest is not { } rule)
        {
            return Money.Zero(account.Currency);
        }

        var balances = Balances(account, firstDay, account.Terms.In(rule.MinimumBalance).MinorUnits);
        var counted = rule.Basis == InterestBasis.DailyBalance ? balances.Aggregate(BigInteger.Zero, (sum, balance) => sum + balance) : balances.Min();
        var exact = Fraction.Of(rule.RatePercent.Percent).Times(counted, 100 * DivisorOf(rule, firstDay));
        var multiple = rule.Rounding is null ? BigInteger.One : account.Terms.In(rule.Rounding.Multiple).MinorUnits;
        return Money.OfMinorUnits((long)RoundedAmount.Round(exact, multiple, rule.Rounding?.Mode ?? RoundingMode.Nearest), account.Currency);
    }

    /// <summary>What was credited for a month so far, reversals taken off.</summary>
    public static Money CreditedFor(SavingsAccount account, string month) => Money.Sum(
        account.Movements.Where(movement => movement.InterestMonth == month).Select(movement => movement.Amount), account.Currency);

    /// <summary>What the balances of a month are divided by, beside the hundred of the percentage.</summary>
    private static BigInteger DivisorOf(SavingsInterestRule rule, DateOnly firstDay) => (rule.Basis, rule.Per) switch
    {
        (InterestBasis.MinimumMonthlyBalance, RatePeriod.Year) => 12,
        (InterestBasis.MinimumMonthlyBalance, _) => 1,
        (_, RatePeriod.Month) => DateTime.DaysInMonth(firstDay.Year, firstDay.Month),
        _ => rule.DayCount switch
        {
            DayCount.Actual360 => 360,
            DayCount.ActualActual => DateTime.IsLeapYear(firstDay.Year) ? 366 : 365,
            _ => 365,
        },
    };

    /// <summary>The balance at the end of each day of the month, as far as it counts.</summary>
    private static long[] Balances(SavingsAccount account, DateOnly firstDay, long least)
    {
        var (month, lastDay) = (SavingsMonth.Of(firstDay), firstDay.AddMonths(1).AddDays(-1));
        var movements = account.Movements
            .Where(movement => movement.InterestMonth != month && movement.Day.EffectiveOn <= lastDay)
            .ToLookup(movement => movement.Day.EffectiveOn < firstDay ? firstDay : movement.Day.EffectiveOn, movement => movement.Amount.MinorUnits);
        List<long> balances = [];
        var balance = 0L;
        for (var day = firstDay; day <= lastDay; day = day.AddDays(1))
        {
            balance += movements[day].Sum();
            balances.Add(balance >= least ? Math.Max(0, balance) : 0);
        }

        return [.. balances];
    }
}

/// <summary>A month as facts and requests write it: <c>2026-10</c>.</summary>
public static class SavingsMonth
{
    public const string Form = "A month is written 2026-10.";

    public static string Of(DateOnly day) => day.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The first day of the month, or null when the text has another form.</summary>
    public static DateOnly? FirstDay(string text) => BusinessDateConverter.TryParse(text + "-01", out var day) ? day : null;
}

public sealed class SavingsMonthConverter() : FormedTextConverter(SavingsMonth.Form)
{
    public override bool HasForm(string text) => text.Length == 7 && SavingsMonth.FirstDay(text) is not null;
}
