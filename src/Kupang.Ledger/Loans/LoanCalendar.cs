using Kupang.Ledger.Loans.Schedules;

namespace Kupang.Ledger.Loans;

/// <summary>Days that a rescheduled loan falls due on.</summary>
internal static class LoanCalendar
{
    /// <summary>So many periods later; in months on the anchor day, or the last day of a month that is shorter.</summary>
    /// <param name="anchor">The day of the month; 0 for the day's own.</param>
    public static DateOnly Later(DateOnly day, RepaymentFrequency frequency, int periods, int anchor)
    {
        if (frequency.Unit != FrequencyUnit.Month)
        {
            return day.AddDays(frequency.Every * periods * (frequency.Unit == FrequencyUnit.Week ? 7 : 1));
        }

        var month = day.AddMonths(frequency.Every * periods);
        return anchor == 0 ? month : new DateOnly(month.Year, month.Month, Math.Min(anchor, DateTime.DaysInMonth(month.Year, month.Month)));
    }

    /// <summary>The day it is really awaited on, by the holiday rule of the loan.</summary>
    public static DateOnly DueOn(Loan loan, DateOnly contractDueOn) =>
        DueDates.Move(contractDueOn, loan.Terms.Holidays, loan.Disbursement!.EffectiveOn, WorkingWeek.MondayToSaturday);
}
