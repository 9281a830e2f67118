using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Members;

/// <summary>An address as a request names it.</summary>
public sealed record AddressInput(
    [property: JsonConverter(typeof(AreaCodeConverter))] string AreaCode,
    [property: TextLimit(80)] string? Dusun = null,
    [property: TextLimit(5)] string? Rt = null,
    [property: TextLimit(5)] string? Rw = null,
    [property: TextLimit(300)] string? Landmark = null);

/// <summary>A phone as a request names it.</summary>
public sealed record PhoneInput([property: TextLimit(30)] string Number, PhoneSharing SharedWith = PhoneSharing.Self);

/// <summary>What was said about a person, as it may be stored: each text by itself under the person's key.</summary>
internal static class MemberParts
{
    private const int YearsInABand = 5;

    public static Encrypted? Text(SubjectKey key, string? text) => text is null ? null : key.Encrypt(text);

    public static MemberAddress? Address(SubjectKey key, AddressInput? address) => address is null
        ? null
        : new MemberAddress(
            address.AreaCode, Text(key, address.Dusun), Text(key, address.Rt), Text(key, address.Rw), Text(key, address.Landmark));

    /// <summary>The phones of a request; one given as plain text is the person's own.</summary>
    public static ImmutableArray<MemberPhone>? Phones(SubjectKey key, string? phone, ImmutableArray<PhoneInput>? phones) =>
        phone is not null ? [new MemberPhone(key.Encrypt(phone))]
        : phones is { } several ? [.. several.Select(one => new MemberPhone(key.Encrypt(one.Number), one.SharedWith))]
        : null;

    /// <summary>The five years that a year of birth lies in: <c>1985-1989</c>.</summary>
    public static string BirthYearBand(int year)
    {
        var first = year - (year % YearsInABand);
        return string.Create(CultureInfo.InvariantCulture, $"{first}-{first + YearsInABand - 1}");
    }
}
