using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kupang.Ledger.SharedKernel;

/// <summary>
/// A text about a person inside an answer. Answers are kept with the text still encrypted; it is opened only on the way out,
/// and reads <c>[DIHAPUS]</c> once the person's key is gone.
/// </summary>
[JsonConverter(typeof(PersonalJsonConverter))]
public sealed record Personal(Encrypted Text)
{
    /// <summary>Begins with a control character, which no text of a request can hold.</summary>
    public const string Mark = "\u0001personal:";

    /// <summary>The marked text as it stands in kept answers.</summary>
    public string Marked => $"{Mark}{Text.Subject:N}:{Text.Cipher}";

    public static Encrypted? Parse(string text) =>
        text.StartsWith(Mark, StringComparison.Ordinal) && text.Length > Mark.Length + 33
        && Guid.TryParseExact(text.AsSpan(Mark.Length, 32), "N", out var subject)
            ? new Encrypted(subject, text[(Mark.Length + 33)..])
            : null;
}

public sealed class PersonalJsonConverter : JsonConverter<Personal>
{
    public override Personal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new JsonException("A text about a person is only ever written.");

    public override void Write(Utf8JsonWriter writer, Personal value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Marked);
}

/// <summary>
/// An API key inside an answer, by the id it is made from. It is made only on the way out, so the kept answer does not hold it.
/// </summary>
[JsonConverter(typeof(DerivedKeyJsonConverter))]
public sealed record DerivedKey(Guid Id)
{
    public const string Mark = "\u0001api-key:";

    public static Guid? Parse(string text) =>
        text.StartsWith(Mark, StringComparison.Ordinal) && Guid.TryParseExact(text.AsSpan(Mark.Length), "N", out var id) ? id : null;
}

public sealed class DerivedKeyJsonConverter : JsonConverter<DerivedKey>
{
    public override DerivedKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new JsonException("A key is only ever written.");

    public override void Write(Utf8JsonWriter writer, DerivedKey value, JsonSerializerOptions options) =>
        writer.WriteStringValue($"{DerivedKey.Mark}{value.Id:N}");
}
