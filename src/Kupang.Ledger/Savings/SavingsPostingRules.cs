using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;
using static Kupang.Ledger.SharedKernel.AccountCode;
using static Kupang.Ledger.SharedKernel.JournalLine;

namespace Kupang.Ledger.Savings;

/// <summary>How savings reach the books: always on the owner's name, and on the account that the terms name.</summary>
public static class SavingsPostingRules
{
    public static JournalLines Deposit(SavingsAccount account, Money amount, AccountCode from, BookDay day) =>
        new(Debit(from, account.FundId, amount, day), Credit(account.Terms.Account(), account.FundId, amount, day, account.Owner));

    /// <summary>Also what is paid out when the account is closed.</summary>
    public static JournalLines Withdrawal(SavingsAccount account, Money amount, AccountCode to, BookDay day) =>
        new(Debit(account.Terms.Account(), account.FundId, amount, day, account.Owner), Credit(to, account.FundId, amount, day));

    /// <summary>Between two funds the money is owed by the one that still holds it, so that each fund's books balance alone.</summary>
    public static JournalLines Transfer(SavingsAccount from, SavingsAccount to, Money amount, FundBooks funds, DateOnly effectiveOn)
    {
        var (fromDay, toDay) = (funds.DayOf(from.FundId, effectiveOn), funds.DayOf(to.FundId, effectiveOn));
        var (debit, credit) = (
            Debit(from.Terms.Account(), from.FundId, amount, fromDay, from.Owner),
            Credit(to.Terms.Account(), to.FundId, amount, toDay, to.Owner));
        return from.FundId == to.FundId
            ? new JournalLines(debit, credit)
            : new JournalLines(
                debit,
                Credit(DueToOtherFunds, from.FundId, amount, fromDay),
                Debit(DueFromOtherFunds, to.FundId, amount, toDay),
                credit);
    }

    /// <param name="amount">Below zero when less was earned than was credited.</param>
    public static JournalLines Interest(SavingsAccount account, Money amount, BookDay day) => new(
        Debit(SavingsInterestExpense, account.FundId, amount, day),
        Credit(account.Terms.Account(), account.FundId, amount, day, account.Owner));
}
