using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.RateCaps;

/// <summary>From the day of this fact on, what a loan of this tenant may cost in a year. What is absent has no cap.</summary>
/// <param name="FlatPercentPerYear">Of all interest on the principal lent.</param>
/// <param name="EffectivePercentPerYear">Of the interest on the balance: the nominal rate of a year, without compounding.</param>
public sealed record RateCapsSet(
    TransactionId DecisionId,
    Percentage? FlatPercentPerYear = null,
    Percentage? EffectivePercentPerYear = null,
    string? DecisionReference = null,
    string? ExternalId = null);

/// <summary>The caps of a day.</summary>
public sealed record RateCap(Percentage? FlatPercentPerYear = null, Percentage? EffectivePercentPerYear = null);

/// <summary>All caps a tenant ever set, oldest first. Going beyond one is said, never refused.</summary>
public sealed record TenantRateCaps(ImmutableList<TenantRateCaps.Dated> Decisions) : IStreamState<TenantRateCaps>
{
    /// <summary>Each tenant has one list of caps, under this id.</summary>
    public static readonly Guid StreamId = new("00000000-0000-0000-0000-00000000ca95");

    public static readonly TenantRateCaps Undecided = new([]);

    public static string Kind => "rate-caps";

    public static TenantRateCaps In(States states) => states.Find<TenantRateCaps>(StreamId) ?? Undecided;

    public static TenantRateCaps After(TenantRateCaps? state, RecordedFact fact)
    {
        var before = (state ?? Undecided).Decisions;
        var set = fact.Data as RateCapsSet ?? throw new InvalidOperationException($"Rate caps know no {fact.Data.GetType().Name}.");
        var place = before.FindLastIndex(known => known.EffectiveOn <= fact.Envelope.EffectiveOn) + 1;
        return new TenantRateCaps(before.Insert(
            place, new Dated(fact.Envelope.EffectiveOn, new RateCap(set.FlatPercentPerYear, set.EffectivePercentPerYear))));
    }

    /// <summary>The caps in force on a day; none before the first decision.</summary>
    public RateCap On(DateOnly day) => Decisions.FindLast(decision => decision.EffectiveOn <= day)?.Cap ?? new RateCap();

    public sealed record Dated(DateOnly EffectiveOn, RateCap Cap);
}

public static class RateCapsModule
{
    public static FactTypes.Builder AddRateCaps(this FactTypes.Builder facts) => facts.Stream<TenantRateCaps>(typeof(RateCapsSet));
}
