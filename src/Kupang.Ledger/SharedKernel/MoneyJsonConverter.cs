using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kupang.Ledger.SharedKernel;

/// <summary>
/// Money as <c>{"amount":"125000","currency":"IDR"}</c>. The amount is text because many clients read a JSON number as
/// a binary fraction. Anything else is a malformed document, so the caller gets a 400 and not a 500.
/// </summary>
public sealed class MoneyJsonConverter : JsonConverter<Money>
{
    private const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
    private const int LongestAmount = 24;

    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var (amount, code) = ReadParts(ref reader);
        if (!Currency.IsKnown(code))
        {
            throw new JsonException("The currency is not one that this ledger keeps.");
        }

        var currency = Currency.FromCode(code);
        if (amount.Length > LongestAmount
            || !amount.All(c => char.IsAsciiDigit(c) || c is '-' or '.')
            || !decimal.TryParse(amount, Plain, CultureInfo.InvariantCulture, out var value)
            || Math.Abs(value) > (decimal)Money.MaximumMinorUnits / currency.MinorUnitsPerUnit)
        {
            throw new JsonException($"The amount is not a plain decimal number of {currency} that this ledger can keep.");
        }

        return value * currency.MinorUnitsPerUnit == decimal.Truncate(value * currency.MinorUnitsPerUnit)
            ? new Money(value, currency)
            : throw new JsonException($"The amount is finer than the smallest unit of {currency}.");
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("amount", value.ToAmountText());
        writer.WriteString("currency", value.Currency.Code);
        writer.WriteEndObject();
    }

    private static (string Amount, string Currency) ReadParts(ref Utf8JsonReader reader)
    {
        string? amount = null;
        string? currency = null;

        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isAmount = reader.ValueTextEquals("amount");
                if (!isAmount && !reader.ValueTextEquals("currency"))
                {
                    throw new JsonException("Money has no members besides amount and currency.");
                }

                if ((isAmount ? amount : currency) is not null)
                {
                    throw new JsonException("Duplicate member of an amount of money.");
                }

                var text = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw NotMoney();
                (amount, currency) = isAmount ? (text, currency) : (amount, text);
            }
        }

        return amount is null || currency is null
            ? throw NotMoney()
            : (amount, currency);
    }

    private static JsonException NotMoney() => new("Money is an object of an amount and a currency, both as text.");
}
