using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kupang.Ledger.Loans.Schedules;

namespace Kupang.Ledger.Loans;

/// <summary>
/// When a loan is paid back: every so many days, weeks or months, or on days of its own. Two rules are equal when all that
/// they name is.
/// </summary>
/// <param name="CollectionDay">The day of the month on which the village is collected from.</param>
/// <param name="CutOffDay">What is paid out after this day of a month falls due a month later.</param>
/// <param name="Custom">Days and shares of the loan's own, such as harvests.</param>
public sealed record RepaymentRule(
    int? Every = null,
    FrequencyUnit? Unit = null,
    int? CollectionDay = null,
    int? CutOffDay = null,
    ImmutableArray<CustomInstalment>? Custom = null) : IJsonOnDeserialized
{
    public static implicit operator RepaymentRule(RepaymentFrequency frequency)
    {
        ArgumentNullException.ThrowIfNull(frequency);
        return new RepaymentRule(frequency.Every, frequency.Unit, frequency.CollectionDay, frequency.CutOffDay);
    }

    /// <summary>Interest of days of a loan's own is counted by the month.</summary>
    public RepaymentFrequency Frequency() => new(Every ?? 1, Unit ?? FrequencyUnit.Month, CollectionDay, CutOffDay);

    public HarvestPlan? Harvest() => Custom is { } custom ? new HarvestPlan(custom) : null;

    public bool Equals(RepaymentRule? other) => other is not null && Frequency() == other.Frequency() && Harvest() == other.Harvest();

    public override int GetHashCode() => HashCode.Combine(Frequency(), Harvest());

    /// <exception cref="JsonException">Neither rhythm nor days are named, or both.</exception>
    public void OnDeserialized()
    {
        if (Custom is null && (Every is null || Unit is null))
        {
            throw new JsonException("'repayment' was missing required properties, including: 'every', 'unit'.");
        }

        if (Custom is not null && (Every, Unit, CollectionDay, CutOffDay) is not (null, null, null, null))
        {
            throw new JsonException("A repayment is every so often or on days of its own (custom), not both.");
        }
    }
}
