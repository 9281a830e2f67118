using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using static Kupang.Ledger.SharedKernel.AccountCode;
using static Kupang.Ledger.SharedKernel.JournalLine;

namespace Kupang.Ledger.Cycles;

/// <summary>
/// How a cycle's money reaches the books of the group's own fund. Shares are the members' equity, since they gain and lose
/// with the pool; the social fund is owed to the group as a whole, and so no part of it.
/// </summary>
public static class CyclePostingRules
{
    /// <summary>A member pays something in: for shares, into the social fund, a fine.</summary>
    public static JournalLines PaidIn(AccountCode account, FundId fundId, MemberId memberId, Money amount, Channel channel, BookDay day) => new(
        Debit(LoanPostingRules.MoneyAccountOf(channel), fundId, amount, day),
        Credit(account, fundId, amount, day, PartyOf(memberId)));

    public static JournalLines SocialPayment(FundId fundId, MemberId memberId, Money amount, Channel channel, BookDay day) => new(
        Debit(SocialFund, fundId, amount, day, PartyOf(memberId)),
        Credit(LoanPostingRules.MoneyAccountOf(channel), fundId, amount, day));

    /// <summary>
    /// What is paid for shares beyond their price comes out of the current surplus, and a loss on them goes into it. What is
    /// kept back for a loan is owed for a moment, until the repayment beside it takes it.
    /// </summary>
    public static JournalLines Payouts(FundId fundId, IReadOnlyList<MemberPortion> portions, Channel channel, BookDay day)
    {
        var currency = portions[0].Payout.Currency;
        return new JournalLines(
        [
            .. portions.Select(portion => Debit(CycleShares, fundId, portion.PaidIn, day, PartyOf(portion.MemberId))),
            .. portions.Select(portion => Debit(CurrentSurplus, fundId, portion.Payout - portion.PaidIn, day, PartyOf(portion.MemberId))),
            .. portions.Select(portion => Credit(GroupFineIncome, fundId, Money.Sum(portion.Fines.Select(fine => fine.Amount), currency), day, PartyOf(portion.MemberId))),
            Credit(ShareOutPayable, fundId, Money.Sum(portions.SelectMany(portion => portion.Loans).Select(loan => loan.Amount), currency), day),
            Credit(LoanPostingRules.MoneyAccountOf(channel), fundId, Money.Sum(portions.Select(portion => portion.Cash), currency), day),
        ]);
    }

    private static Party PartyOf(MemberId memberId) => new(PartyKind.Member, memberId.Value);
}
