using System.Numerics;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>How long a period is, exactly.</summary>
internal static class YearFraction
{
    /// <summary>The part of a year between two days by a rule of counting.</summary>
    /// <param name="months">The length in months, which only the rules of 30 days a month ask for.</param>
    public static Fraction Of(DayCount rule, DateOnly from, DateOnly to, Fraction? months) => (rule, months) switch
    {
        (DayCount.Thirty360, { } length) => length.Times(30, 360),
        (DayCount.Thirty365, { } length) => length.Times(30, 365),
        (DayCount.ActualActual, _) => OfEachYear(from, to),
        (DayCount.Actual360 or DayCount.Thirty360, _) => Days(from, to, 360),
        _ => Days(from, to, 365),
    };

    /// <summary>
    /// Whole months, and the days after them as a part of the month they begin: from 1 January to 18 February it is 1
    /// month and 17 of the 29 days to 1 March.
    /// </summary>
    public static Fraction Months(DateOnly from, DateOnly to)
    {
        var whole = WholeMonths(from, to);
        var begun = from.AddMonths(whole);
        var length = from.AddMonths(whole + 1).DayNumber - begun.DayNumber;
        return new Fraction(((BigInteger)whole * length) + to.DayNumber - begun.DayNumber, length);
    }

    /// <summary>Months of which the last counts as one however little of it there is.</summary>
    public static int BegunMonths(DateOnly from, DateOnly to)
    {
        var whole = WholeMonths(from, to);
        return from.AddMonths(whole) < to ? whole + 1 : whole;
    }

    private static int WholeMonths(DateOnly from, DateOnly to)
    {
        var months = ((to.Year - from.Year) * 12) + to.Month - from.Month;
        return from.AddMonths(months) > to ? months - 1 : months;
    }

    private static Fraction Days(DateOnly from, DateOnly to, int daysOfYear) => new(to.DayNumber - from.DayNumber, daysOfYear);

    /// <summary>A day counts when it is over, so the days after the first up to and with 31 December are the old year's.</summary>
    private static Fraction OfEachYear(DateOnly from, DateOnly to)
    {
        var sum = new Fraction(BigInteger.Zero, BigInteger.One);
        for (var begin = from; begin < to;)
        {
            var year = begin is { Month: 12, Day: 31 } ? begin.Year + 1 : begin.Year;
            var lastDay = new DateOnly(year, 12, 31);
            var end = to < lastDay ? to : lastDay;
            sum = sum.Plus(Days(begin, end, DateTime.IsLeapYear(year) ? 366 : 365));
            begin = end;
        }

        return sum;
    }
}
