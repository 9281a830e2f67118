using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kupang.Ledger.SharedKernel;

/// <summary>
/// A percentage as an exact decimal: 1.5 means 1.5 %. JSON text such as <c>"1.5"</c>, plain digits with at most six
/// decimals; a JSON number is malformed.
/// </summary>
[JsonConverter(typeof(PercentageJsonConverter))]
public readonly record struct Percentage(decimal Percent)
{
    /// <summary>1.5 % as 0.015.</summary>
    public decimal Fraction => Percent / 100m;

    public override string ToString() => Percent.ToString("0.######", CultureInfo.InvariantCulture);
}

public sealed class PercentageJsonConverter : JsonConverter<Percentage>
{
    public override Percentage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        return text.Length is > 0 and <= 12
            && text.All(c => char.IsAsciiDigit(c) || c is '.')
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent == decimal.Round(percent, 6)
                ? new Percentage(percent)
                : throw new JsonException("A percentage is text of plain digits with at most six decimals, such as \"1.5\".");
    }

    public override void Write(Utf8JsonWriter writer, Percentage value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
