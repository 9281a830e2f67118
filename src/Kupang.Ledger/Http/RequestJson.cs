using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Http;

/// <summary>
/// How requests are read: strictly. Unknown and repeated members, wrong types, blank or overlong texts and characters that
/// no text should hold are the caller's mistake, with a pointer to it.
/// </summary>
public static class RequestJson
{
    /// <summary>How long a text may be that says nothing else.</summary>
    public const int DefaultTextLimit = 200;

    public static readonly JsonSerializerOptions Options = Strict();

    /// <exception cref="RequestProblem">The body is not what the operation takes.</exception>
    public static TBody Read<TBody>(ReadOnlyMemory<byte> body)
    {
        try
        {
            var read = JsonSerializer.Deserialize<TBody>(body.Span, Options)
                ?? throw RequestProblem.Malformed("", "invalid-value", "The body is a JSON object.");
            RefuseNullItems(body);
            return read;
        }
        catch (JsonException e)
        {
            throw RequestProblem.Malformed(PointerOf(e.Path), CodeOf(e), Explain(e));
        }
        catch (InvalidOperationException e)
        {
            // The reader meets text that is not valid UTF-16, such as half of a surrogate pair.
            throw RequestProblem.Malformed("", "invalid-text", "The body holds text that is not valid Unicode.", e);
        }
    }

    /// <summary>The body with its members in order and without spaces: the same request always has the same bytes.</summary>
    public static byte[] Canonical(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var buffer = new ArrayBufferWriter<byte>(body.Length);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WriteSorted(document.RootElement, writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A list holds things; the serializer would put a null among them, whatever their type says.</summary>
    private static void RefuseNullItems(ReadOnlyMemory<byte> body)
    {
        if (body.Span.IndexOf("null"u8) >= 0)
        {
            using var document = JsonDocument.Parse(body);
            RefuseNullItems(document.RootElement, "");
        }
    }

    private static void RefuseNullItems(JsonElement element, string pointer)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                RefuseNullItems(member.Value, $"{pointer}/{member.Name}");
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var (index, item) in element.EnumerateArray().Index())
            {
                if (item.ValueKind == JsonValueKind.Null)
                {
                    throw RequestProblem.Malformed($"{pointer}/{index}", "invalid-value", "A list holds no nulls.");
                }

                RefuseNullItems(item, $"{pointer}/{index}");
            }
        }
    }

    private static void WriteSorted(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    WriteSorted(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    WriteSorted(item, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static JsonSerializerOptions Strict()
    {
        var options = LedgerJson.Configure(new JsonSerializerOptions
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            PropertyNameCaseInsensitive = false,
            MaxDepth = 32,
            NumberHandling = JsonNumberHandling.Strict,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { ForgetWhatIsNotRead, LimitTexts } },
        });
        options.Converters.Insert(0, new WordConverterFactory());
        options.Converters.Add(new TextConverter(DefaultTextLimit));
        return options;
    }

    /// <summary>A member that is only ever computed is none of the request's: sent, it is unknown, and not silently passed over.</summary>
    private static void ForgetWhatIsNotRead(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.Set is null && property.AssociatedParameter is null).ToArray())
        {
            type.Properties.Remove(property);
        }
    }

    private static void LimitTexts(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.PropertyType == typeof(string)))
        {
            if (property.AttributeProvider?.GetCustomAttributes(typeof(TextLimitAttribute), inherit: true).FirstOrDefault() is TextLimitAttribute limit)
            {
                property.CustomConverter = new TextConverter(limit.Characters);
            }
        }
    }

    /// <summary><c>$.deductions[0].amount</c> as <c>/deductions/0/amount</c>.</summary>
    private static string PointerOf(string? path) =>
        path is null or "$" ? "" : path[1..].Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', '/').Replace("'", "", StringComparison.Ordinal);

    private static string CodeOf(JsonException e) => e.Message switch
    {
        var message when message.Contains("could not be mapped", StringComparison.Ordinal) => "unknown-member",
        var message when message.Contains("missing required", StringComparison.Ordinal) => "required",
        var message when message.Contains("Duplicate", StringComparison.OrdinalIgnoreCase) => "duplicate-member",
        _ => "invalid-value",
    };

    /// <summary>Our converters speak to the caller; the framework's messages name classes of ours.</summary>
    private static string Explain(JsonException e) => CodeOf(e) switch
    {
        "unknown-member" => "There is no such member.",
        "required" => "A required member is missing: " + string.Join(", ", e.Message.Split('\'').Where((_, index) => index % 2 == 1).Skip(1)) + ".",
        "duplicate-member" => "The member stands twice.",
        _ when e.InnerException is null && !e.Message.Contains("System.", StringComparison.Ordinal)
            && !e.Message.Contains("Kupang.", StringComparison.Ordinal) => e.Message.Split(" Path:")[0],
        _ => "The value is not of the kind that stands here.",
    };
}

/// <summary>A text: neither blank nor overlong, without control characters except line breaks, and valid Unicode.</summary>
public sealed class TextConverter(int limit) : JsonConverter<string>
{
    public int Limit { get; } = limit;

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("A text stands here.");
        }

        var text = reader.GetString()!;
        return IsProper(text, Limit)
            ? text
            : throw new JsonException($"A text has 1 to {Limit} characters, is not blank and holds no control characters.");
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public static bool IsProper(string text, int limit) =>
        text.Length <= limit
        && !string.IsNullOrWhiteSpace(text)
        && !text.Any(c => (char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || c is '\uFFFE' or '\uFFFF')
        && text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar);
}

/// <summary>
/// An enum as exactly one of its words. The framework's own reader also takes other cases, and several words at once whose
/// numbers it puts together into something that nobody said.
/// </summary>
public sealed class WordConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(WordConverter<>).MakeGenericType(typeToConvert))!;

    private sealed class WordConverter<TEnum> : JsonConverter<TEnum>
        where TEnum : struct, Enum
    {
        private static readonly FrozenDictionary<string, TEnum> ByWord = Enum.GetValues<TEnum>().ToFrozenDictionary(LedgerJson.WordOf, StringComparer.Ordinal);
        private static readonly string Form = $"One of these words stands here: {string.Join(", ", Enum.GetValues<TEnum>().Select(LedgerJson.WordOf))}.";

        public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && ByWord.TryGetValue(reader.GetString()!, out var value) ? value : throw new JsonException(Form);

        public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) => writer.WriteStringValue(LedgerJson.WordOf(value));
    }
}
