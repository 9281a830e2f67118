using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kupang.Ledger.SharedKernel;

/// <summary>How values are written as JSON: in events, in answers and in requests alike.</summary>
public static class LedgerJson
{
    /// <summary>Camel case, enums as kebab-case words, no nulls: the form of events and of answers.</summary>
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions());

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(LeaveOutWhatMayBeNull);
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.Converters.Add(new BusinessDateConverter());
        return options;
    }

    /// <summary>The word by which a value of an enum is written: <c>entered-in-error</c>.</summary>
    public static string WordOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => WordOf(typeof(TEnum), value.ToString());

    /// <summary>The word of an enum's member: its own where it says one (<c>30-360</c>), else its name.</summary>
    public static string WordOf(Type words, string member) =>
        words.GetField(member)?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.KebabCaseLower.ConvertName(member);

    /// <summary>A member that may be null is not written when it is, so it need not be there when it is read.</summary>
    private static void LeaveOutWhatMayBeNull(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property is { IsRequired: true, IsSetNullable: true }))
        {
            property.IsRequired = false;
        }
    }
}

/// <summary>A business day as <c>2026-11-24</c>, in the years a ledger can mean: 1900 to 2199.</summary>
public sealed class BusinessDateConverter : JsonConverter<DateOnly>
{
    private const string Form = "yyyy-MM-dd";

    public static bool TryParse(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
        && day.Year is >= 1900 and < 2200;

    public static string Write(DateOnly day) => day.ToString(Form, CultureInfo.InvariantCulture);

    public override DateOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var day)
            ? day
            : throw new JsonException("A day is written 2026-11-24 and exists in the calendar.");

    public override void Write(Utf8JsonWriter writer, DateOnly value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Write(value));
}
