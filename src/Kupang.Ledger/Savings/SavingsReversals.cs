using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Savings;

/// <summary>
/// Takes back a movement of an account. It may leave less than the account must hold: that is shown and stops withdrawals, and
/// never stops a truth. What was paid out when an account was closed is taken back before anything it rests on; an account that
/// was closed with nothing in it is open again.
/// </summary>
public static class SavingsReversals
{
    /// <summary>Whether a movement can be taken back: not a reversal itself.</summary>
    public static bool IsReversible(ISavingsEntry entry) => entry is not SavingsEntryReversed;

    public static IEnumerable<Need> Needs(ISavingsEntry entry) =>
    [
        .. AccountsOf(entry).Select(accountId => Need.Of<SavingsAccount>(accountId.Value)),
        .. FundsOf(entry).Select(fundId => Need.Of<Fund>(fundId.Value)),
    ];

    public static FundBooks BooksOf(ISavingsEntry entry, States states) => new([.. FundsOf(entry).Select(fundId => states.Find<Fund>(fundId.Value)!)]);

    public static Decision Decide(ReversalOrder order, ISavingsEntry entry, IReadOnlyList<SavingsAccount> accounts, Moment moment)
    {
        if (accounts.FirstOrDefault(account => account.Closing is { IsPaidOut: true } closing && closing.Id != entry.EntryId) is { Closing: { } later })
        {
            return LoanRules.DependsOn(later.Id);
        }

        var number = moment.NextNumber("PB");
        var reversed = new NewFact(
            entry.AccountId.Value,
            new SavingsEntryReversed(
                order.Id, order.TransactionId, number, entry.AccountId, entry.FundId, entry.Owner, order.Kind, entry.Amount, order.LinesOf(entry.Lines), order.Reason),
            order.Day,
            EventOf: order.Id.Value);
        return entry is SavingsTransferred transfer
            ? Decision.Record(
                new NewFact(
                    transfer.ToAccountId.Value,
                    new SavingsTransferTakenBack(order.Id, transfer.TransferId, number, transfer.ToAccountId, transfer.Amount),
                    order.Funds.DayOf(accounts[1].FundId, order.Day.EffectiveOn)),
                reversed)
            : Decision.Record(reversed);
    }

    /// <summary>The account that the movement is of, and the one that it went to.</summary>
    public static IEnumerable<SavingsAccountId> AccountsOf(ISavingsEntry entry) =>
        entry is SavingsTransferred transfer ? [transfer.AccountId, transfer.ToAccountId] : [entry.AccountId];

    private static IEnumerable<FundId> FundsOf(ISavingsEntry entry) => entry.Lines.Select(line => line.FundId).Distinct();
}
