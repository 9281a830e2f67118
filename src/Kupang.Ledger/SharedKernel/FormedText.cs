using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kupang.Ledger.SharedKernel;

/// <summary>A text of a request that has a form of its own, such as a code of a few words.</summary>
/// <param name="form">The form, said to the caller who misses it. It never repeats what was sent.</param>
public abstract class FormedTextConverter(string form) : JsonConverter<string>
{
    public string Form { get; } = form;

    public abstract bool HasForm(string text);

    public sealed override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && HasForm(text)
            ? text
            : throw new JsonException(Form);

    public sealed override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>The same as a type, for texts that stand in a list.</summary>
public interface IFormedText<TSelf>
    where TSelf : struct, IFormedText<TSelf>
{
    /// <summary>The form, said to the caller who misses it.</summary>
    static abstract string Form { get; }

    string Value { get; }

    /// <summary>The text, or null when it has another form.</summary>
    static abstract TSelf? Of(string text);
}

public sealed class FormedTextJsonConverter<TText> : JsonConverter<TText>
    where TText : struct, IFormedText<TText>
{
    public override TText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TText.Of(reader.GetString()!) is { } text ? text : throw new JsonException(TText.Form);

    public override void Write(Utf8JsonWriter writer, TText value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

/// <summary>A code of a few words. Codes stand in the facts in clear, so they have no room for a sentence about somebody.</summary>
/// <param name="name">What kind of code it is, as the caller is told.</param>
public abstract class CodeConverter(string name) : FormedTextConverter($"{name} is one to forty lower-case letters, digits and hyphens.")
{
    private const int Longest = 40;

    public override bool HasForm(string text) =>
        text.Length is > 0 and <= Longest
        && char.IsAsciiLetterLower(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}

/// <summary>Why something was done.</summary>
public sealed class ReasonCodeConverter() : CodeConverter("A reason code");

/// <summary>What a loan is for, as reports count it.</summary>
public sealed class PurposeCodeConverter() : CodeConverter("A purpose code");

/// <summary>What a group fines its members for.</summary>
public sealed class FineCodeConverter() : CodeConverter("A fine's code");
