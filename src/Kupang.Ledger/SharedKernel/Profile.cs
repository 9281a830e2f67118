using System.Text.Json.Serialization;

namespace Kupang.Ledger.SharedKernel;

// The words in which a borrower is spoken of without being named: a loan's profile keeps them, reports count by them, and a
// fund may say by them whom it lends to.

public enum Sex
{
    Female,
    Male,
}

/// <summary>What a person lives from, in the words that reports count by.</summary>
public enum Sector
{
    Agriculture,
    Livestock,
    Fishery,
    Trade,
    Food,
    Craft,
    Services,
    Other,
}

/// <summary>A part of the country by the beginning of a village's national code: a province, a regency, a district or one village.</summary>
[JsonConverter(typeof(FormedTextJsonConverter<AreaPrefix>))]
public readonly record struct AreaPrefix(string Value) : IFormedText<AreaPrefix>
{
    public static string Form => "An area is the first two, four or six of the ten digits of a village's national code, or all of them.";

    public static AreaPrefix? Of(string text) => text.Length is 2 or 4 or 6 or 10 && text.All(char.IsAsciiDigit) ? new AreaPrefix(text) : null;

    public bool Holds(string areaCode) => areaCode.StartsWith(Value, StringComparison.Ordinal);
}

/// <summary>What a loan is for, as a code where several stand in a list.</summary>
[JsonConverter(typeof(FormedTextJsonConverter<PurposeCode>))]
public readonly record struct PurposeCode(string Value) : IFormedText<PurposeCode>
{
    private static readonly PurposeCodeConverter Converter = new();

    public static string Form => Converter.Form;

    public static PurposeCode? Of(string text) => Converter.HasForm(text) ? new PurposeCode(text) : null;
}
