using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Calendars;

/// <summary>
/// The days a tenant works on: its week, and its holidays, in a table for everywhere and one for each area that has its
/// own. What was decided counts from the day of its fact on, and of two facts of one day the later one.
/// </summary>
public sealed record TenantCalendar : IStreamState<TenantCalendar>
{
    /// <summary>Each tenant has one calendar, under this id.</summary>
    public static readonly Guid StreamId = new("00000000-0000-0000-0000-00000000ca1e");

    /// <summary>Of a tenant that has decided nothing: Monday to Saturday, and no holidays.</summary>
    public static readonly TenantCalendar Undecided = new();

    private static readonly ImmutableArray<DayOfWeek> MondayToSaturday =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday];

    private static readonly Comparer<(DateOnly Date, string Area)> TableOrder = Comparer<(DateOnly Date, string Area)>.Create((one, other) =>
        one.Date != other.Date ? one.Date.CompareTo(other.Date) : string.CompareOrdinal(one.Area, other.Area));

    private ImmutableList<Change> Changes { get; init; } = [];

    public static string Kind => "calendar";

    /// <summary>Counts the facts.</summary>
    public int Version => Changes.Count;

    /// <summary>The id of the fact recorded last.</summary>
    public TransactionId? LastChange { get; private init; }

    public static TenantCalendar In(States states) => states.Find<TenantCalendar>(StreamId) ?? Undecided;

    public static TenantCalendar After(TenantCalendar? state, RecordedFact fact)
    {
        var before = state ?? Undecided;
        var change = new Change(fact.Envelope.EffectiveOn, fact.Data);
        var place = before.Changes.FindLastIndex(known => known.EffectiveOn <= change.EffectiveOn) + 1;
        return before with
        {
            Changes = before.Changes.Insert(place, change),
            LastChange = fact.Data switch
            {
                WorkingDaysSet set => set.DecisionId,
                HolidaysImported imported => imported.ImportId,
                HolidaysRemoved removed => removed.RemovalId,
                _ => throw new InvalidOperationException($"A calendar knows no {fact.Data.GetType().Name}."),
            },
        };
    }

    /// <summary>The working days by what was decided up to a day, Sunday first.</summary>
    public ImmutableArray<DayOfWeek> WorkingDays(DateOnly decidedBy) =>
        Until(decidedBy).OfType<WorkingDaysSet>().LastOrDefault()?.WorkingDays ?? MondayToSaturday;

    /// <summary>All tables by what was decided up to a day, in the order of the days, and of one day the table of everywhere first.</summary>
    public IEnumerable<TableHoliday> Holidays(DateOnly decidedBy)
    {
        SortedDictionary<(DateOnly Date, string Area), string> tables = new(TableOrder);
        foreach (var change in Until(decidedBy))
        {
            if (change is HolidaysImported imported)
            {
                foreach (var holiday in imported.Holidays)
                {
                    tables[(holiday.Date, imported.AreaCode ?? "")] = holiday.Name;
                }
            }
            else if (change is HolidaysRemoved removed)
            {
                foreach (var date in removed.Dates)
                {
                    tables.Remove((date, removed.AreaCode ?? ""));
                }
            }
        }

        return tables.Select(row => new TableHoliday(row.Key.Date, row.Value, row.Key.Area.Length == 0 ? null : row.Key.Area));
    }

    /// <summary>The holidays of a place: those of everywhere, and of each area that it lies in.</summary>
    /// <param name="areaCode">Null for a place nobody knows, which has those of everywhere alone.</param>
    public IEnumerable<TableHoliday> HolidaysAt(string? areaCode, DateOnly decidedBy) =>
        Holidays(decidedBy).Where(holiday => holiday.AreaCode is not { } area || (areaCode?.StartsWith(area, StringComparison.Ordinal) ?? false));

    private IEnumerable<object> Until(DateOnly decidedBy) => Changes.Where(change => change.EffectiveOn <= decidedBy).Select(change => change.Data);

    private sealed record Change(DateOnly EffectiveOn, object Data);
}

/// <param name="AreaCode">The area whose table it stands in; null for everywhere.</param>
public sealed record TableHoliday(DateOnly Date, string Name, string? AreaCode);
