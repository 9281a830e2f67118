using System.Text;

namespace Kupang.Ledger.Tests.Fixtures;

/// <summary>Looks for a text wherever it may hide: as it is, in hexadecimal as a dump writes bytes, or in base64 at any place.</summary>
internal static class Traces
{
    private const int BitsOfADigit = 6;

    public static bool IsIn(string haystack, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return haystack.Contains(text, StringComparison.OrdinalIgnoreCase)
            || haystack.Contains(Convert.ToHexString(bytes), StringComparison.OrdinalIgnoreCase)
            || Enumerable.Range(0, 3).Any(place => haystack.Contains(Base64Within(bytes, place), StringComparison.Ordinal));
    }

    /// <summary>The digits that are the text's alone when it begins this many bytes after a group of three.</summary>
    private static string Base64Within(byte[] bytes, int place)
    {
        var digits = Convert.ToBase64String([.. new byte[place], .. bytes]);
        var first = ((8 * place) + BitsOfADigit - 1) / BitsOfADigit;
        return digits[first..(8 * (place + bytes.Length) / BitsOfADigit)];
    }
}
