using System.Collections.Frozen;
using System.Text.Json;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Writing;

/// <summary>What the facts of one stream add up to. Immutable: applying a fact makes a new state.</summary>
public interface IStreamState<TSelf>
    where TSelf : class, IStreamState<TSelf>
{
    /// <summary>The kind of thing the stream is about, as the interface names it: <c>loan</c>, <c>fund</c>.</summary>
    static abstract string Kind { get; }

    /// <summary>The state after one more fact; null stands for a stream without facts.</summary>
    static abstract TSelf After(TSelf? state, RecordedFact fact);
}

/// <summary>A thing that lists show: what it can be found by. Fixed when it is made.</summary>
public interface IListed
{
    Listing Listing { get; }
}

/// <param name="Number">The printed number, unique in the tenant.</param>
/// <param name="ExternalId">What a partner calls it, unique in the tenant.</param>
public sealed record Listing(
    Guid Id,
    string Number,
    string? ExternalId = null,
    Guid? FundId = null,
    Guid? GroupId = null,
    Guid? MemberId = null,
    Guid? ProductId = null);

/// <summary>A kind of stream: the state it folds into.</summary>
public sealed record StreamKind(string Name, Type StateType, Func<object?, RecordedFact, object> After)
{
    public static StreamKind Of<TState>()
        where TState : class, IStreamState<TState> => Kinds<TState>.Instance;

    private static class Kinds<TState>
        where TState : class, IStreamState<TState>
    {
        public static readonly StreamKind Instance =
            new(TState.Kind, typeof(TState), (state, fact) => TState.After((TState?)state, fact));
    }
}

/// <summary>One type of fact: the name it is stored under, for ever, and the kind of stream it belongs to.</summary>
public sealed record FactType(string Alias, Type Type, StreamKind Stream)
{
    /// <summary>How Marten names the type in a row of its own.</summary>
    public string DotNetName { get; } = $"{Type.FullName}, {Type.Assembly.GetName().Name}";

    public bool MovesMoney => typeof(IMoneyFact).IsAssignableFrom(Type);
}

/// <summary>
/// Every type of fact this ledger can hold. A stored name that is not among them stops a read with an error: skipping a
/// fact that is not understood would be a silent change of history.
/// </summary>
public sealed class FactTypes
{
    private readonly FrozenDictionary<string, FactType> byAlias;
    private readonly FrozenDictionary<Type, FactType> byType;
    private readonly FrozenDictionary<string, StreamKind> kinds;

    private FactTypes(IReadOnlyCollection<FactType> types)
    {
        All = types;
        byAlias = types.ToFrozenDictionary(type => type.Alias, StringComparer.Ordinal);
        byType = types.ToFrozenDictionary(type => type.Type);
        kinds = types.Select(type => type.Stream).Distinct().ToFrozenDictionary(kind => kind.Name, StringComparer.Ordinal);
    }

    public IReadOnlyCollection<FactType> All { get; }

    public FactType Of(object fact) => byType[fact.GetType()];

    /// <summary>A kind of stream by its name.</summary>
    public StreamKind Kind(string name) => kinds[name];

    public FactType ByAlias(string alias) =>
        byAlias.TryGetValue(alias, out var type)
            ? type
            : throw new InvalidDataException($"The log holds a fact of type '{alias}', which this version does not know.");

    public object Read(string alias, ReadOnlySpan<byte> data) =>
        JsonSerializer.Deserialize(data, ByAlias(alias).Type, LedgerJson.Options)
        ?? throw new InvalidDataException($"The log holds an empty fact of type '{alias}'.");

    public sealed class Builder
    {
        private readonly List<FactType> types = [];

        /// <summary>Names the facts of one kind of stream. Each is stored under its type's name in snake case.</summary>
        public Builder Stream<TState>(params IEnumerable<Type> factTypes)
            where TState : class, IStreamState<TState>
        {
            types.AddRange(factTypes.Select(type => new FactType(
                JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name), type, StreamKind.Of<TState>())));
            return this;
        }

        public FactTypes Build() => new(types);
    }
}
