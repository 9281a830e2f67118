using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Members;

/// <summary>
/// The national identity number: sixteen digits PPKKCC DDMMYY NNNN, where a woman's day is 40 more. It has no check digit,
/// keeps the district of the first registration, and is not corrected with a birth date. So nothing about its form is reason
/// enough to turn somebody away: what looks wrong is a warning.
/// </summary>
public static class Nik
{
    private const int Digits = 16;
    private const int FirstProvince = 11;
    private const int DaysAddedForWomen = 40;

    /// <summary>What looks wrong about a number, as codes that a program may rely on.</summary>
    public static ImmutableArray<string> Warnings(string nik, Sex sex, DateOnly? birthDate, int? birthYear)
    {
        if (nik.Length != Digits)
        {
            return ["nik-wrong-length"];
        }

        var codedDay = Number(nik, 6);
        var month = Number(nik, 8);
        var year = Number(nik, 10);
        var isFemale = codedDay > DaysAddedForWomen;
        var day = isFemale ? codedDay - DaysAddedForWomen : codedDay;
        var isDate = Exists(day, month, 1900 + year) || Exists(day, month, 2000 + year);
        var warnings = ImmutableArray.CreateBuilder<string>();
        AddIf(Number(nik, 0) < FirstProvince || Number(nik, 2) == 0 || Number(nik, 4) == 0, "nik-impossible-area");
        AddIf(!isDate, "nik-impossible-date");
        AddIf(isDate && isFemale != (sex == Sex.Female), "nik-sex-differs");
        AddIf(isDate && Differs(birthDate, birthYear, day, month, year), "nik-birth-date-differs");
        AddIf(nik.EndsWith("0000", StringComparison.Ordinal), "nik-impossible-serial");
        return warnings.ToImmutable();

        void AddIf(bool isWrong, string code)
        {
            if (isWrong)
            {
                warnings.Add(code);
            }
        }
    }

    /// <summary>The number as people see it: <c>5371••••••••0001</c>. One of another length shows nothing but its length.</summary>
    public static string Mask(string nik) =>
        nik.Length == Digits ? $"{nik[..4]}{new string('•', Digits - 8)}{nik[^4..]}" : new string('•', nik.Length);

    /// <summary>By what a number is found again without being kept: a hash that only this tenant's key can make.</summary>
    public static string HashOf(string nik, TenantKey tenantKey) =>
        Convert.ToHexStringLower(tenantKey.Hash(Member.HashedNik, Encoding.UTF8.GetBytes(nik)));

    private static bool Differs(DateOnly? birthDate, int? birthYear, int day, int month, int year) =>
        birthDate is { } date ? date.Day != day || date.Month != month || date.Year % 100 != year
        : birthYear is { } known && known % 100 != year;

    private static bool Exists(int day, int month, int year) =>
        month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);

    private static int Number(string nik, int start) =>
        int.Parse(nik.AsSpan(start, 2), NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>A number is digits and nothing else; one that is too long or too short is still taken, with a warning.</summary>
public sealed class NikConverter() : FormedTextConverter("A NIK is written in digits alone, at most 20 of them.")
{
    public override bool HasForm(string text) => text.Length is > 0 and <= 20 && text.All(char.IsAsciiDigit);
}

/// <summary>The ten digits of a village's national code.</summary>
public sealed class AreaCodeConverter() : FormedTextConverter("An area code is the ten digits of a village's national code.")
{
    public override bool HasForm(string text) => text.Length == 10 && text.All(char.IsAsciiDigit);
}
