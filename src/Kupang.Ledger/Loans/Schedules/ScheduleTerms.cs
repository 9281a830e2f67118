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
/// Which multiple an amount goes to. <see cref="Nearest"/> takes the even multiple when two are as near.
/// </summary>
public enum RoundingMode
{
    Up,
    Nearest,
    Down,
}

/// <summary>Where an instalment goes that falls due on a day without work.</summary>
public enum HolidayRule
{
    SameDay,
    NextWorkingDay,
    PreviousWorkingDay,
}

/// <summary>
/// 1.5 per month means 1.5 % of the base each month. With <see cref="InterestMethod.None"/> the rate is not read.
/// </summary>
public sealed record InterestTerms(InterestMethod Method, Percentage RatePercent, RatePeriod Per);

/// <summary>An instalment every so many days, weeks or months; at least every 1.</summary>
public sealed record RepaymentFrequency(int Every, FrequencyUnit Unit)
{
    /// <summary>How many of the unit make a year: 12 months, 52 weeks or 365 days.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int UnitsPerYear => Unit switch
    {
        FrequencyUnit.Month => 12,
        FrequencyUnit.Week => 52,
        _ => 365,
    };
}

/// <summary>
/// The amount that is brought to a multiple: the principal part where principal parts are equal, the whole instalment
/// where instalments are equal. The last row takes what is left. The multiple is in units of the currency, so "0.05"
/// means five cents; the smallest unit itself is the same as no rounding.
/// </summary>
public sealed record RoundingTerms(decimal Multiple, RoundingMode Mode);

/// <summary>
/// How many instalments, counted among the instalments of the loan and at its beginning, carry interest and no
/// principal.
/// </summary>
public sealed record GraceTerms(int PrincipalInstalments)
{
    public static readonly GraceTerms None = new(0);
}

/// <summary>All that a schedule hangs on, apart from the loan's own amount, length and dates.</summary>
public sealed record ScheduleTerms(
    Currency Currency,
    InterestTerms Interest,
    RepaymentFrequency Repayment,
    RoundingTerms? Rounding,
    GraceTerms Grace,
    HolidayRule Holidays);
