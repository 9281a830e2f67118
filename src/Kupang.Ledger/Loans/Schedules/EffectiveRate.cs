using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>
/// What a loan really costs, whatever method its interest is counted by: the internal rate of return of its rounded
/// instalments, in percent, half-even to two decimals. With the rate i of one period between due dates, the monthly
/// rate is (1 + i)^(periods in a year / 12) - 1, the nominal rate i x periods in a year, and the effective annual rate
/// (1 + i)^(periods in a year) - 1.
/// </summary>
public sealed record EffectiveRate(decimal MonthlyIrrPercent, decimal NominalAprPercent, decimal EffectiveAnnualPercent)
{
    /// <summary>
    /// A dearer loan than this is shown as this: compounding a steep daily rate over a year leaves every scale.
    /// </summary>
    public const decimal HighestPercent = 999_999_999_999.99m;
}

/// <summary>
/// Finds effective rates: by periods of equal length where the contract dates have one rhythm from the disbursement on, and
/// else by the days between them, a year having 365. A due date moved by a holiday makes no difference.
/// </summary>
public static class EffectiveRateCalculator
{
    private const int DaysOfYear = 365;
    private const int MonthsOfYear = 12;

    /// <summary>A step smaller than this part of 1 + i ends the search; decimals hold 28 digits.</summary>
    private const decimal Precision = 1e-23m;

    /// <summary>
    /// Decimals of the rate of a period: fewer than are computed, so that a rate of exactly 1 % is exactly that.
    /// </summary>
    private const int RateDecimals = 20;

    /// <param name="received">
    /// What the borrower has in hand: the principal, or the principal less what is deducted when it is paid out.
    /// </param>
    /// <param name="schedule">What the borrower pays back.</param>
    /// <param name="frequency">The length of a period.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nothing was received, so that no rate exists.</exception>
    public static EffectiveRate Of(Money received, Schedule schedule, RepaymentFrequency frequency)
    {
        ArgumentNullException.ThrowIfNull(frequency);

        var rate = PeriodRateOf(received, schedule);
        var growth = 1 + rate;
        return new EffectiveRate(
            Percent(DecimalPower.Of(growth, frequency.UnitsPerYear, 12L * frequency.Every) - 1),
            Percent(rate * frequency.UnitsPerYear / frequency.Every),
            Percent(DecimalPower.Of(growth, frequency.UnitsPerYear, frequency.Every) - 1));
    }

    /// <summary>The rates of a loan made on these terms and paid out on this day.</summary>
    /// <param name="received">What the borrower has in hand.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nothing was received, so that no rate exists.</exception>
    public static EffectiveRate Of(Money received, Schedule schedule, ScheduleTerms terms, DateOnly disbursedOn)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(schedule);

        return terms.Harvest is null && PeriodLengths.BeginsWithWholePeriod(terms.Repayment, disbursedOn, schedule.Instalments[0].ContractDueOn)
            ? Of(received, schedule, terms.Repayment)
            : ByDays(received, schedule, disbursedOn);
    }

    /// <summary>
    /// The rates by the days between disbursement and contract dates (XIRR): the annual rate r at which the instalments,
    /// each divided by (1 + r)^(days / 365), are worth what was received. The monthly rate is (1 + r)^(1/12) - 1 and the
    /// nominal one twelve of those.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Nothing was received, so that no rate exists.</exception>
    public static EffectiveRate ByDays(Money received, Schedule schedule, DateOnly disbursedOn)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (!received.IsPositive)
        {
            throw new ArgumentOutOfRangeException(nameof(received), received, "There is no rate on nothing.");
        }

        if (schedule.Total <= received)
        {
            return new EffectiveRate(0, 0, 0);
        }

        var perDay = GrowthPerDay(received.MinorUnits, disbursedOn, schedule);
        return perDay is { } growth
            ? new EffectiveRate(
                Percent(DecimalPower.Exponential(growth * DaysOfYear / MonthsOfYear) - 1),
                Percent((DecimalPower.Exponential(growth * DaysOfYear / MonthsOfYear) - 1) * MonthsOfYear),
                Percent(DecimalPower.Exponential(growth * DaysOfYear) - 1))
            : new EffectiveRate(EffectiveRate.HighestPercent, EffectiveRate.HighestPercent, EffectiveRate.HighestPercent);
    }

    /// <summary>
    /// The logarithm of the daily growth at which the instalments are worth what was received, by Newton's method: the worth
    /// falls ever more slowly as the growth rises, so from 0 each step stops short of the solution. Null when what is paid
    /// back at once is as much as was received, so that no growth is enough.
    /// </summary>
    private static decimal? GrowthPerDay(decimal received, DateOnly disbursedOn, Schedule schedule)
    {
        (int Days, decimal Amount)[] payments =
            [.. schedule.Instalments.Select(row => (row.ContractDueOn.DayNumber - disbursedOn.DayNumber, (decimal)row.Total.MinorUnits))];
        if (payments.Where(payment => payment.Days == 0).Sum(payment => payment.Amount) >= received)
        {
            return null;
        }

        var growth = 0m;
        while (true)
        {
            var (worth, slope) = (0m, 0m);
            foreach (var (days, amount) in payments)
            {
                var part = amount * DecimalPower.Decay(growth * days);
                worth += part;
                slope += part * days;
            }

            var step = slope == 0 ? 0 : (worth - received) / slope;
            if (step <= Precision)
            {
                return growth;
            }

            growth += step;
        }
    }

    /// <summary>
    /// The rate i of one period, as a fraction (0.015 for 1.5 %) to 20 decimals, at which the instalments are worth
    /// what was received: the sum of instalment k / (1 + i)^k. Zero when no more is paid back than was received.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Nothing was received, so that no rate exists.</exception>
    public static decimal PeriodRateOf(Money received, Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (!received.IsPositive)
        {
            throw new ArgumentOutOfRangeException(nameof(received), received, "There is no rate on nothing.");
        }

        if (schedule.Total <= received)
        {
            return 0m;
        }

        // Newton's method. The worth falls ever more slowly as the rate rises, so from 0 each step stops short of the
        // solution and the steps need no bounds.
        decimal[] payments = [.. schedule.Instalments.Select(instalment => (decimal)instalment.Total.MinorUnits)];
        var rate = 0m;
        while (Step(received.MinorUnits, payments, rate) is var step && step > Precision * (1 + rate))
        {
            rate += step;
        }

        return decimal.Round(rate, RateDecimals);
    }

    private static decimal Step(decimal received, decimal[] payments, decimal rate)
    {
        var discount = 1 / (1 + rate);
        var (factor, worth, slope) = (1m, 0m, 0m);
        for (var index = 0; index < payments.Length; index++)
        {
            factor *= discount;
            var part = payments[index] * factor;
            worth += part;
            slope += part * (index + 1);
        }

        return (worth - received) / (slope * discount);
    }

    private static decimal Percent(decimal fraction) =>
        fraction >= EffectiveRate.HighestPercent / 100
            ? EffectiveRate.HighestPercent
            : decimal.Round(decimal.Round(fraction * 100, RateDecimals - 8), 2);
}
