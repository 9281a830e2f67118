using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Cycles;

/// <summary>
/// How the pool came about. Savings + loan income + fines + other income − losses + brought in + charges kept back − what is
/// not in cash = the pool.
/// </summary>
/// <param name="Savings">What was paid for the shares that are there.</param>
/// <param name="BroughtIn">What the cycle before carried, less what leavers got beyond the price of their shares.</param>
/// <param name="ChargesKeptBack">Interest and fines among the debts that are kept back from payouts: income with the share-out.</param>
/// <param name="NotInCash">What the group owns that can't be divided: loans of members without shares, equipment.</param>
public sealed record PoolStatement(
    Money Savings, Money LoanIncome, Money Fines, Money OtherIncome, Money Losses, Money BroughtIn, Money ChargesKeptBack, Money NotInCash, Money Pool);

/// <summary>What of a group's own fund its cycle divides, read off the balances.</summary>
public static class CyclePool
{
    public static PoolFigures FiguresOf(FundBalances balances, Currency currency)
    {
        var interest = Sum(balances, "4.1.01.01", "4.1.01.02", "4.1.01.03", "4.1.02.", "4.1.03.");
        var fines = Sum(balances, "4.1.01.04", "4.1.01.05", "4.1.01.06", "4.1.04.");
        return new PoolFigures(In(-interest), In(-fines), In(-Sum(balances, "4.2.")), In(Sum(balances, "5.")), In(-Sum(balances, "3.2.")));

        Money In(long minorUnits) => Money.OfMinorUnits(minorUnits, currency);
    }

    /// <summary>The cash and bank that are the members': what is owed to others, the social fund among it, is not.</summary>
    public static Money CashOf(FundBalances balances, Currency currency) => Money.OfMinorUnits(
        Sum(balances, "1.1.01.", "2.", "3.1.") - balances[AccountCode.CycleShares.Value], currency);

    /// <summary>What the shares are worth by the books: what was paid for them, and what the fund has earned and lost.</summary>
    public static Money BookValueOf(FundBalances balances, Currency currency) =>
        SavingsOf(balances, currency) + FiguresOf(balances, currency).Surplus;

    /// <param name="debts">Of those with shares.</param>
    public static PoolStatement StatementOf(Cycle cycle, FundBalances balances, IReadOnlyList<MemberDebts> debts)
    {
        var (currency, opening) = (cycle.Currency, cycle.Opening);
        var now = FiguresOf(balances, currency);
        var owed = Money.Sum(debts.Select(debt => debt.Total), currency);
        var principal = Money.Sum(debts.SelectMany(debt => debt.Loans).Select(loan => loan.Principal), currency);
        return new PoolStatement(
            SavingsOf(balances, currency),
            now.LoanIncome - opening.LoanIncome,
            now.Fines - opening.Fines,
            now.OtherIncome - opening.OtherIncome,
            now.Losses - opening.Losses,
            opening.Surplus + now.Retained - opening.Retained,
            owed - principal,
            Money.OfMinorUnits(Sum(balances, "1.") - Sum(balances, "1.1.01."), currency) - principal,
            CashOf(balances, currency) + owed);
    }

    private static Money SavingsOf(FundBalances balances, Currency currency) => Money.OfMinorUnits(-balances[AccountCode.CycleShares.Value], currency);

    private static long Sum(FundBalances balances, params string[] accountsUnder) => balances.Figures
        .Where(figure => accountsUnder.Any(under => figure.Key.StartsWith(under, StringComparison.Ordinal)))
        .Sum(figure => figure.Value);
}
