using System.Text.Json.Serialization;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>How interest (<em>jasa</em>) is charged and how the principal comes back.</summary>
public enum InterestMethod
{
    /// <summary>Interest on the principal lent, whatever is still owed (<em>tetap</em>).</summary>
    Flat,

    /// <summary>Equal principal parts, interest on what is still owed (<em>menurun</em>).</summary>
    DecliningEqualPrincipal,

    /// <summary>Equal instalments, interest on what is still owed (<em>anuitas</em>).</summary>
    DecliningEqualInstalments,

    /// <summary>Equal principal parts and no interest (<em>qardhul hasan</em>).</summary>
    None,

    /// <summary>
    /// A margin on the price, agreed once for the whole term and earned with the instalments (<em>murabahah</em>). It is
    /// counted like flat interest, and nothing that happens later changes it.
    /// </summary>
    FixedMargin,
}

/// <summary>
/// What a rate is quoted for. A year has 12 months, 52 weeks and 365 days; a term is all instalments of the loan
/// together.
/// </summary>
public enum RatePeriod
{
    Week,
    Month,
    Year,
    Term,
}

public enum FrequencyUnit
{
    Day,
    Week,
    Month,
}

/// <summary>
/// How the days of a period are counted into a part of a year. A month of 30 days is one of the loan's own months, from
/// due date to due date; weeks and days are always counted as they are.
/// </summary>
public enum DayCount
{
    /// <summary>The days as they are, of 365.</summary>
    [JsonStringEnumMemberName("actual-365")]
    Actual365,

    /// <summary>The days as they are, of 360.</summary>
    [JsonStringEnumMemberName("actual-360")]
    Actual360,

    /// <summary>The days as they are, each of its own year's 365 or 366. 31 December belongs to the old year.</summary>
    [JsonStringEnumMemberName("actual-actual")]
    ActualActual,

    /// <summary>30 days a month, of 360.</summary>
    [JsonStringEnumMemberName("30-360")]
    Thirty360,

    /// <summary>30 days a month, of 365.</summary>
    [JsonStringEnumMemberName("30-365")]
    Thirty365,
}

/// <summary>
/// Which multiple an amount goes to. <see cref="Nearest"/> takes the even multiple when two are as near.
/// </summary>
public enum RoundingMode
{
    Up,
    Nearest,
    Down,
}

/// <summary>What is brought to a multiple.</summary>
public enum RoundedPart
{
    Principal,
    Interest,

    /// <summary>Principal and interest each; in equal instalments, the instalment.</summary>
    Both,
}

/// <summary>Which instalments pay the interest of those that were let off paying it.</summary>
public enum DeferredInterest
{
    /// <summary>The first that pays interest again.</summary>
    Next,

    /// <summary>All that are left, in even parts; the last takes the rest.</summary>
    Spread,
}

/// <summary>Where an instalment goes that falls due on a day without work.</summary>
public enum HolidayRule
{
    SameDay,
    NextWorkingDay,
    PreviousWorkingDay,

    /// <summary>The next day on which the group meets and works; without a group, the next working day.</summary>
    NextMeeting,
}

/// <summary>
/// 1.5 per month means 1.5 % of the base each month. With <see cref="InterestMethod.None"/> the rate is not read.
/// </summary>
/// <param name="DayCount">Null for interest by period, each as long as the other.</param>
/// <param name="ChargedPeriods">
/// For how many months interest is charged in all when the due dates are the loan's own; null for the whole months to the
/// last of them, of which a part counts as one.
/// </param>
public sealed record InterestTerms(
    InterestMethod Method, Percentage RatePercent, RatePeriod Per, DayCount? DayCount = null, int? ChargedPeriods = null);

/// <summary>An instalment every so many days, weeks or months; at least every 1.</summary>
/// <param name="CollectionDay">
/// The day of the month on which the village is collected from, where it has one: loans fall due on it whatever day they
/// were paid out on.
/// </param>
/// <param name="CutOffDay">What is paid out after this day of a month falls due one month later.</param>
public sealed record RepaymentFrequency(int Every, FrequencyUnit Unit, int? CollectionDay = null, int? CutOffDay = null)
{
    /// <summary>How many of the unit make a year: 12 months, 52 weeks or 365 days.</summary>
    public int UnitsPerYear => Unit switch
    {
        FrequencyUnit.Month => 12,
        FrequencyUnit.Week => 52,
        _ => 365,
    };
}

/// <summary>
/// The amount that is brought to a multiple: unless <paramref name="AppliesTo"/> says otherwise the principal part where
/// principal parts are equal, the whole instalment where instalments are equal. The last row takes what is left. The
/// multiple is in units of the currency, so "0.05" means five cents; the smallest unit itself is the same as no rounding.
/// </summary>
public sealed record RoundingTerms(decimal Multiple, RoundingMode Mode, RoundedPart? AppliesTo = null);

/// <summary>
/// What the first instalments are let off, counted among the instalments of the loan: so many pay no principal, so many
/// pay no interest yet, so many have no interest at all.
/// </summary>
/// <param name="PrincipalInstalments">These pay interest and no principal.</param>
/// <param name="InterestPaymentInstalments">Their interest is counted, and paid later.</param>
/// <param name="InterestFreeInstalments">For these no interest is counted.</param>
/// <param name="DeferredInterest">When what was let off is paid; without it, next.</param>
public sealed record GraceTerms(
    int PrincipalInstalments = 0,
    int? InterestPaymentInstalments = null,
    int? InterestFreeInstalments = null,
    DeferredInterest? DeferredInterest = null)
{
    public static readonly GraceTerms None = new(0);
}

/// <summary>All that a schedule hangs on, apart from the loan's own amount, length and dates.</summary>
/// <param name="Harvest">The loan's own due dates and shares, instead of those that <paramref name="Repayment"/> makes.</param>
public sealed record ScheduleTerms(
    Currency Currency,
    InterestTerms Interest,
    RepaymentFrequency Repayment,
    RoundingTerms? Rounding,
    GraceTerms Grace,
    HolidayRule Holidays,
    HarvestPlan? Harvest = null);
