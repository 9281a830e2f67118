using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Funds;

/// <summary>
/// What is recorded though it looks odd: money was paid, so it is written down, and whoever wrote it is told.
/// </summary>
public static class CashWarnings
{
    public const string BelowZero = "cash-below-zero";

    /// <param name="after">The fund's balances with these lines in them.</param>
    public static IReadOnlyList<string> Of(FundBalances after, JournalLines lines) =>
        lines.Any(line => line.FundId == after.FundId && line.Amount.IsNegative && ChartOfAccounts.IsMoney(line.Account) && after[line.Account.Value] < 0) ? [BelowZero] : [];

    /// <summary>The same where several funds paid; null when there is nothing to say.</summary>
    public static IReadOnlyList<string>? OfAny(IEnumerable<FundBalances> after, JournalLines lines) =>
        after.SelectMany(fund => Of(fund, lines)).Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } warnings ? warnings : null;
}
