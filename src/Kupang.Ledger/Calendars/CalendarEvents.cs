using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Calendars;

// The facts of a tenant's calendar. These records are stored for ever: add a member as optional, never rename or retype one.

/// <summary>From the day of this fact on, these are the days of the week on which instalments are collected.</summary>
public sealed record WorkingDaysSet(
    TransactionId DecisionId, ImmutableArray<DayOfWeek> WorkingDays, string? DecisionReference = null, string? ExternalId = null);

/// <summary>These days are without work too. What the calendar knew before stays; a day it knew already takes the name given here.</summary>
/// <param name="Year">The year whose table it is, where it was said: all days lie in it.</param>
/// <param name="AreaCode">Where: the first two, four, six or all ten digits of the national area code. Left out, everywhere.</param>
public sealed record HolidaysImported(
    TransactionId ImportId,
    ImmutableArray<Holiday> Holidays,
    int? Year = null,
    string? AreaCode = null,
    string? DecisionReference = null,
    string? ExternalId = null);

/// <summary>These days of one table are no holidays, as when a decision moved them. Why stands in the envelope.</summary>
public sealed record HolidaysRemoved(
    TransactionId RemovalId,
    ImmutableArray<DateOnly> Dates,
    string? AreaCode = null,
    string? DecisionReference = null,
    string? ExternalId = null);

/// <summary>A day without work, and what is kept on it.</summary>
public sealed record Holiday(DateOnly Date, [property: TextLimit(Holiday.LongestName)] string Name)
{
    public const int LongestName = 100;
}
