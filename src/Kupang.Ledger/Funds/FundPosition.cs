using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Funds;

/// <summary>What limits what can be lent.</summary>
public enum LendableLimit
{
    Capital,
    Cash,
}

/// <summary>
/// What a fund holds, owes and may lend, read off its balances. All amounts in the fund's currency.
/// </summary>
/// <param name="Capital">Revolving capital received and not returned (3.1.01.01), and the shares of a group's own cycle (3.1.02.03).</param>
/// <param name="Operations">Operations money received and not yet spent (3.1.01.02).</param>
/// <param name="Outstanding">Principal that borrowers owe (1.1.03, where what a <em>murabahah</em> owes stands less the margin deferred).</param>
/// <param name="Committed">Approved and not yet disbursed.</param>
/// <param name="Cash">Cash and bank, operations money included.</param>
/// <param name="Disbursed">Disbursed since the fund opened.</param>
public sealed record FundPosition(
    Money Capital,
    Money Operations,
    Money Outstanding,
    Money Committed,
    Money Cash,
    Money Disbursed,
    Money ByCapital,
    Money ByCash)
{
    /// <summary>What can be lent now: the smaller of the two limits, and below zero when the fund has lent too much.</summary>
    public Money Lendable => Money.Min(ByCapital, ByCash);

    public LendableLimit LimitedBy => ByCapital <= ByCash ? LendableLimit.Capital : LendableLimit.Cash;

    /// <summary>
    /// By capital: capital, with the opening balance that loans taken over from paper brought, + savings that the fund may lend −
    /// (outstanding − allowance) − committed − uncovered loss, the loss being what retained surplus and
    /// the result so far lack to zero. By cash: cash and bank − operations money − advances and unidentified receipts −
    /// savings and social funds kept back − premiums and allocations payable − committed. Operations money that was overspent adds
    /// nothing: the cash it took is gone. Savings are those of members as a liability (2.1.01) and as equity (3.1.02.01, .02); a fund
    /// whose terms say <c>lendsSavings</c> may lend them less <c>reservePercent</c>, the reserve rounded up, and any other keeps all
    /// of them back. What a group's cycle has earned is its members' like their shares (3.1.02.03), and lent with them: it is
    /// divided at the share-out alone.
    /// </summary>
    public static FundPosition Of(FundBalances balances, Fund fund)
    {
        var currency = fund.Currency;
        var shares = -balances[AccountCode.CycleShares.Value];
        var capital = shares - balances[AccountCode.RevolvingCapital.Value];
        var opening = -balances[AccountCode.OpeningBalance.Value];
        var operations = -balances[AccountCode.RestrictedOperations.Value];
        var outstanding = Sum(balances, "1.1.03.0");
        var allowance = -Sum(balances, "1.1.04.");
        var committed = balances[Memorandum.Committed];
        var cash = Sum(balances, "1.1.01.");
        var surplus = -(Sum(balances, "3.2.") + Sum(balances, "4.") + Sum(balances, "5."));
        var uncoveredLoss = Math.Max(0, -surplus);
        var savings = -(Sum(balances, "2.1.01.") + Sum(balances, "3.1.02.")) - shares;
        var savingsLent = fund.Terms.LendsSavings == true ? PartOf(savings, 100m - (fund.Terms.ReservePercent?.Percent ?? 0m)) : 0;
        var earned = shares > 0 ? Math.Max(0, surplus) : 0;
        var held = savings - savingsLent - (Sum(balances, "2.1.02.") + Sum(balances, "2.1.04.") + Sum(balances, "2.1.07."));
        return new FundPosition(
            In(capital),
            In(operations),
            In(outstanding),
            In(committed),
            In(cash),
            In(balances[Memorandum.Disbursed]),
            ByCapital: In(capital + opening + earned + savingsLent - (outstanding - allowance) - committed - uncoveredLoss),
            ByCash: In(cash - Math.Max(0, operations) - held - committed));

        Money In(long minorUnits) => Money.OfMinorUnits(minorUnits, currency);
    }

    /// <summary>A percentage of an amount, cut off to the minor unit.</summary>
    private static long PartOf(long minorUnits, decimal percent) => (long)decimal.Floor(minorUnits * percent / 100m);

    private static long Sum(FundBalances balances, string accountsUnder) =>
        balances.Figures.Where(figure => figure.Key.StartsWith(accountsUnder, StringComparison.Ordinal)).Sum(figure => figure.Value);
}
