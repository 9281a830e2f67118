using System.Globalization;
using System.Text;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>One repayment as it was asked for: everything that is needed to ask for the same again.</summary>
/// <param name="Number">Makes the receipt number, unique in the tenant.</param>
public readonly record struct Receipt(long Number, Guid Key, Guid LoanId, int Amount)
{
    private const string Prefix = "LG-";

    public const int NumberLength = 15;

    /// <summary>The number behind a receipt number that a load run made; null for any other.</summary>
    public static long? NumberIn(string? receiptNumber) =>
        receiptNumber is { Length: NumberLength }
        && receiptNumber.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(receiptNumber.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static string ReceiptNumber(long number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D12}");
}

/// <summary>
/// The bytes of a repayment request, made once for a connection: the parts that differ from one to the next have a fixed
/// length and are written over the last ones.
/// </summary>
public sealed class RepaymentRequest
{
    public const int SmallestAmount = 1_000;
    public const int LargestAmount = 9_999;

    private const int IdLength = 36;
    private const int AmountLength = 4;

    private readonly byte[] bytes;
    private readonly int loanAt;
    private readonly int keyAt;
    private readonly int amountAt;
    private readonly int receiptAt;

    public RepaymentRequest(LoadTenant tenant, DateOnly effectiveOn)
    {
        var (id, amount, receipt) = (new string('i', IdLength), new string('a', AmountLength), new string('r', Receipt.NumberLength));
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"amount":{"amount":"{{amount}}","currency":"IDR"},"effectiveOn":"{{effectiveOn:yyyy-MM-dd}}","receiptNumber":"{{receipt}}","method":"cash"}""");
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST /v1/loans/{id}/repayments HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {tenant.ApiKey}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\nIdempotency-Key: {id}\r\n\r\n");
        var text = head + body;
        bytes = Encoding.ASCII.GetBytes(text);
        loanAt = text.IndexOf(id, StringComparison.Ordinal);
        keyAt = text.LastIndexOf(id, StringComparison.Ordinal);
        amountAt = head.Length + body.IndexOf(amount, StringComparison.Ordinal);
        receiptAt = head.Length + body.IndexOf(receipt, StringComparison.Ordinal);
    }

    /// <summary>The request for this receipt. The memory is the same each time.</summary>
    public ReadOnlyMemory<byte> For(Receipt receipt)
    {
        if (receipt.Amount is < SmallestAmount or > LargestAmount)
        {
            throw new ArgumentOutOfRangeException(nameof(receipt), receipt.Amount, "The amount has four digits.");
        }

        receipt.LoanId.TryFormat(bytes.AsSpan(loanAt), out _);
        receipt.Key.TryFormat(bytes.AsSpan(keyAt), out _);
        receipt.Amount.TryFormat(bytes.AsSpan(amountAt), out _, provider: CultureInfo.InvariantCulture);
        Encoding.ASCII.GetBytes(Receipt.ReceiptNumber(receipt.Number), bytes.AsSpan(receiptAt));
        return bytes;
    }
}
