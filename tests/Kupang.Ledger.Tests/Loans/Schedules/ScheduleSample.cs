using System.Globalization;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Xunit;

namespace Kupang.Ledger.Tests.Loans.Schedules;

/// <summary>Short ways to say what a schedule is made of and what it comes to.</summary>
internal static class ScheduleSample
{
    public static readonly DateOnly DisbursementDay = new(2026, 1, 15);

    public static readonly RepaymentFrequency Monthly = new(1, FrequencyUnit.Month);

    public static ScheduleTerms Terms(
        InterestMethod method,
        decimal ratePercent,
        RoundingTerms? rounding = null,
        int grace = 0,
        RatePeriod per = RatePeriod.Month,
        RepaymentFrequency? repayment = null,
        HolidayRule holidays = HolidayRule.SameDay,
        Currency? currency = null,
        DayCount? dayCount = null) => new(
            currency ?? Currency.IndonesianRupiah,
            new InterestTerms(method, new Percentage(ratePercent), per, dayCount),
            repayment ?? Monthly,
            rounding,
            new GraceTerms(grace),
            holidays);

    /// <summary>The same terms with a grace of their own.</summary>
    public static ScheduleTerms With(this ScheduleTerms terms, GraceTerms grace) => terms with { Grace = grace };

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "O", CultureInfo.InvariantCulture);

    public static ScheduleResult.Refused Refused(ScheduleResult result, string code, string? term = null)
    {
        var refused = Assert.IsType<ScheduleResult.Refused>(result);
        Assert.Equal(code, refused.Code);
        Assert.True(term is null || refused.Figures.Any(figure => Equals(figure.Value, term)), string.Join(", ", refused.Figures));
        return refused;
    }

    public static RoundingTerms Up(decimal multiple) => new(multiple, RoundingMode.Up);

    public static RoundingTerms Nearest(decimal multiple) => new(multiple, RoundingMode.Nearest);

    public static RoundingTerms Down(decimal multiple) => new(multiple, RoundingMode.Down);

    public static ScheduleResult Calculate(
        ScheduleTerms terms, decimal principal, int instalments, DateOnly? disbursedOn = null, DateOnly? firstDueOn = null) =>
        ScheduleCalculator.Calculate(
            terms,
            new Money(principal, terms.Currency),
            instalments,
            disbursedOn ?? DisbursementDay,
            firstDueOn,
            WorkingWeek.MondayToSaturday);

    public static Schedule Made(ScheduleResult result) => Assert.IsType<ScheduleResult.Made>(result).Schedule;

    public static Schedule Make(
        ScheduleTerms terms, decimal principal, int instalments, DateOnly? disbursedOn = null, DateOnly? firstDueOn = null) =>
        Made(Calculate(terms, principal, instalments, disbursedOn, firstDueOn));

    /// <summary>The principal and the interest of each row, as an officer writes them in a table.</summary>
    public static IEnumerable<(decimal Principal, decimal Interest)> Parts(Schedule schedule) =>
        schedule.Instalments.Select(row => (row.Principal.Amount, row.Interest.Amount));

    public static IEnumerable<decimal> Principals(Schedule schedule) =>
        schedule.Instalments.Select(row => row.Principal.Amount);

    public static IEnumerable<decimal> Interests(Schedule schedule) =>
        schedule.Instalments.Select(row => row.Interest.Amount);

    public static IEnumerable<decimal> Totals(Schedule schedule) =>
        schedule.Instalments.Select(row => row.Total.Amount);

    public static IEnumerable<decimal> Repeat(decimal amount, int times) => Enumerable.Repeat(amount, times);
}
