using System.Collections.Immutable;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>
/// The days of the week on which instalments are collected: at least one. Holidays belong to a
/// <see cref="WorkingCalendar"/>.
/// </summary>
public sealed record WorkingWeek
{
    public static readonly WorkingWeek MondayToSaturday = Of(
        DayOfWeek.Monday,
        DayOfWeek.Tuesday,
        DayOfWeek.Wednesday,
        DayOfWeek.Thursday,
        DayOfWeek.Friday,
        DayOfWeek.Saturday);

    // Bit 0 is Sunday. A set of bits compares by value, which a collection does not.
    private readonly int _days;

    private WorkingWeek(int days) => _days = days;

    /// <summary>The working days from Sunday to Saturday.</summary>
    public ImmutableArray<DayOfWeek> Days => [.. Enum.GetValues<DayOfWeek>().Where(IsWorkingDay)];

    /// <exception cref="ArgumentException">No day was named: an instalment would have no day to move to.</exception>
    public static WorkingWeek Of(params IEnumerable<DayOfWeek> days)
    {
        var set = days.Aggregate(0, (set, day) => set | (1 << (int)day));
        return set > 0
            ? new WorkingWeek(set)
            : throw new ArgumentException("A working week has a working day.", nameof(days));
    }

    public bool IsWorkingDay(DateOnly day) => IsWorkingDay(day.DayOfWeek);

    private bool IsWorkingDay(DayOfWeek day) => (_days & (1 << (int)day)) != 0;
}
