using System.Globalization;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.CommandLine.Demo;

/// <summary>A made-up person. The NIK has the right form and belongs to nobody.</summary>
public sealed record Person(
    Guid Id, string Name, bool IsFemale, DateOnly Born, bool KnowsBirthDate, string? Nik, object[]? Phones, string Village, string Business, string Sector)
{
    /// <summary>As <c>POST /v1/members</c> takes it.</summary>
    public object Request() => new
    {
        id = Id,
        name = Name,
        sex = IsFemale ? "female" : "male",
        nik = Nik,
        birthDate = KnowsBirthDate ? BusinessDateConverter.Write(Born) : null,
        birthYear = KnowsBirthDate ? (int?)null : Born.Year,
        phones = Phones,
        village = Village,
        business = Business,
        sector = Sector,
    };
}

/// <summary>
/// Names as people around Kupang have them: a Christian name or two, and a family's name from Timor, Rote, Sabu or Belu. Some
/// go by one word, some know only the year they were born in, some have no NIK at hand, some share a phone.
/// </summary>
public sealed class People(Draws draws, DateOnly today)
{
    private static readonly string[] WomensNames =
    [
        "Adriana", "Agustina", "Anace", "Antonia", "Bernadete", "Debora", "Dortia", "Elisabet", "Ester", "Ferderika", "Fransina", "Jublina", "Katarina",
        "Lodia", "Magdalena", "Margarita", "Maria", "Marselina", "Martha", "Mersiana", "Naomi", "Norci", "Orance", "Paulina", "Petronela", "Regina", "Ribka",
        "Sarlota", "Selfina", "Sofia", "Theresia", "Welmince", "Wilhelmina", "Yakomina", "Yohana", "Yuliana", "Yustina",
    ];

    private static readonly string[] MensNames =
    [
        "Absalom", "Benyamin", "Blasius", "Daud", "Dominggus", "Ferdinandus", "Filmon", "Gerson", "Imanuel", "Kornelis", "Lukas", "Markus", "Matheos",
        "Melkianus", "Nikodemus", "Oktovianus", "Petrus", "Semuel", "Simson", "Stefanus", "Thobias", "Yeremias", "Yohanis", "Yusuf",
    ];

    private static readonly string[] FamilyNames =
    [
        // Timor (Dawan)
        "Banunaek", "Bano", "Benu", "Boimau", "Fallo", "Faot", "Kase", "Liunome", "Lopo", "Missa", "Nabuasa", "Natonis", "Nenobais", "Nubatonis", "Oematan",
        "Selan", "Snae", "Sonbai", "Tafuli", "Taneo", "Tefa", "Tnunay",

        // Rote
        "Adoe", "Balukh", "Bessie", "Fanggidae", "Foenay", "Haning", "Henukh", "Lay", "Lenggu", "Malelak", "Manafe", "Messakh", "Mooy", "Ndaomanu", "Ndun",
        "Pandie", "Pello", "Saudale", "Therik", "Tulle",

        // Sabu
        "Bunga", "Dida", "Djara", "Hede", "Huru", "Kale", "Kana", "Lado", "Lodo", "Ludji", "Nguru", "Radja", "Rihi", "Riwu", "Tade", "Uly", "Wila",

        // Belu and Malaka
        "Atok", "Bere", "Bria", "Fahik", "Klau", "Mali", "Nahak", "Seran", "Tae",
    ];

    private static readonly (string Business, string Sector)[] TownTrades =
    [
        ("kios sembako", "trade"), ("jual ikan di Pasar Oeba", "fishery"), ("kue basah dan jagung bose", "food"), ("jual sirih pinang", "trade"),
        ("warung makan", "food"), ("jahit pakaian", "services"), ("jual pakaian bekas", "trade"), ("salon", "services"), ("jual sayur keliling", "trade"),
        ("tenun ikat", "craft"), ("jual bensin eceran", "trade"), ("kripik pisang", "food"),
    ];

    private static readonly (string Business, string Sector)[] VillageTrades =
    [
        ("ternak babi", "livestock"), ("kebun jagung dan kacang", "agriculture"), ("tenun ikat Amarasi", "craft"), ("ternak ayam kampung", "livestock"),
        ("kebun sayur", "agriculture"), ("gula lempeng lontar", "food"), ("penggemukan sapi paron", "livestock"), ("kios desa", "trade"),
        ("anyaman lontar", "craft"), ("jual kemiri dan asam", "agriculture"),
    ];

    private readonly Draws ids = draws.Fork(1);
    private int made;

    /// <param name="areaCode">Province, district and sub-district of the NIK: 5371 is the city of Kupang, 5301 its regency.</param>
    public Person Next(string areaCode, string village, bool isFemale)
    {
        var born = today.AddYears(-draws.Between(21, 63)).AddDays(-draws.Below(365));
        var (business, sector) = draws.Of(areaCode.StartsWith("5371", StringComparison.Ordinal) ? TownTrades : VillageTrades);
        return new Person(
            ids.Id(today),
            Name(isFemale),
            isFemale,
            born,
            KnowsBirthDate: draws.Chance(92),
            draws.Chance(94) ? Nik(areaCode, born, isFemale) : null,
            Phones(),
            village,
            business,
            sector);
    }

    public string Name(bool isFemale)
    {
        var names = isFemale ? WomensNames : MensNames;
        var first = draws.Of(names);
        return draws.Below(100) switch
        {
            < 4 => first,
            < 30 => string.Join(' ', first, draws.Of(names.Except([first]).ToArray()), draws.Of(FamilyNames)),
            _ => string.Join(' ', first, draws.Of(FamilyNames)),
        };
    }

    /// <summary>Area, day (a woman's is 40 more), month, year, serial number.</summary>
    private string Nik(string areaCode, DateOnly born, bool isFemale) => string.Create(
        CultureInfo.InvariantCulture, $"{areaCode}{born.Day + (isFemale ? 40 : 0):D2}{born.Month:D2}{born.Year % 100:D2}{++made % 9000 + 1:D4}");

    private object[]? Phones()
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"0812{draws.Below(10_000):D4}{draws.Below(10_000):D4}");
        return draws.Below(100) switch
        {
            < 12 => null,
            < 30 => [new { number, sharedWith = "household" }],
            _ => [new { number, sharedWith = "self" }],
        };
    }
}
