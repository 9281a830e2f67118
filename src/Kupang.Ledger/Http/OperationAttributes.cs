namespace Kupang.Ledger.Http;

/// <summary>The body that an operation takes, for the interface's description.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesAttribute(Type body) : Attribute
{
    public Type Body { get; } = body;
}

/// <summary>That an operation also takes its body as a table (<c>text/csv</c>), for the interface's description.</summary>
/// <param name="columns">The first line, which names the columns.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesCsvAttribute(string columns) : Attribute
{
    public string Columns { get; } = columns;
}

/// <summary>What an operation answers when all is well, for the interface's description.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnswersAttribute(Type body, int status) : Attribute
{
    public Type Body { get; } = body;

    public int Status { get; } = status;
}

/// <summary>The query parameters of an operation beside those that its kind always has.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QueryAttribute(params string[] names) : Attribute
{
    public string[] Names { get; } = names;

    /// <summary>Whether these are all, without those that its kind has as a rule.</summary>
    public bool OnlyThese { get; init; }
}

/// <summary>A query parameter that is one of a few words: those of an enum, in kebab case.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class QueryWordsAttribute(string name, Type words) : Attribute
{
    public string Name { get; } = name;

    public Type Words { get; } = words;
}
