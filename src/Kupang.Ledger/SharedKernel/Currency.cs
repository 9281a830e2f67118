namespace Kupang.Ledger.SharedKernel;

/// <summary>
/// An ISO 4217 currency and the number of decimals its amounts carry in this ledger. The rupiah is kept in whole units:
/// ISO lists two decimals that nobody in the field uses.
/// </summary>
public sealed record Currency
{
    public static readonly Currency IndonesianRupiah = new("IDR", 0);
    public static readonly Currency UnitedStatesDollar = new("USD", 2);
    public static readonly Currency Euro = new("EUR", 2);

    private static readonly Dictionary<string, Currency> Known = new[]
    {
        IndonesianRupiah, UnitedStatesDollar, Euro,
        new Currency("AUD", 2), new Currency("BHD", 3), new Currency("CHF", 2), new Currency("CNY", 2),
        new Currency("GBP", 2), new Currency("INR", 2), new Currency("JPY", 0), new Currency("KES", 2),
        new Currency("KRW", 0), new Currency("KWD", 3), new Currency("MYR", 2), new Currency("NZD", 2),
        new Currency("OMR", 3), new Currency("PGK", 2), new Currency("PHP", 2), new Currency("SGD", 2),
        new Currency("THB", 2), new Currency("TND", 3), new Currency("VND", 0),
    }.ToDictionary(currency => currency.Code, StringComparer.Ordinal);

    private Currency(string code, int decimals) => (Code, Decimals) = (code, decimals);

    public string Code { get; }

    /// <summary>How many decimals an amount has: 0, 2 or 3.</summary>
    public int Decimals { get; }

    /// <summary>How many minor units make one unit: 1, 100 or 1000.</summary>
    public long MinorUnitsPerUnit => Decimals switch { 0 => 1, 2 => 100, _ => 1000 };

    /// <exception cref="ArgumentException">The ledger keeps no such currency.</exception>
    public static Currency FromCode(string code) =>
        Known.TryGetValue(code, out var currency)
            ? currency
            : throw new ArgumentException($"'{code}' is not a currency this ledger keeps.", nameof(code));

    public static bool IsKnown(string code) => Known.ContainsKey(code);

    public override string ToString() => Code;
}
