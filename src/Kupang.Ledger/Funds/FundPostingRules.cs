using Kupang.Ledger.SharedKernel;
using static Kupang.Ledger.SharedKernel.AccountCode;
using static Kupang.Ledger.SharedKernel.JournalLine;

namespace Kupang.Ledger.Funds;

/// <summary>How money of donors and hand-made vouchers reach the books. Each rule is a pure function of figures.</summary>
public static class FundPostingRules
{
    public static JournalLines Contribution(
        FundId fundId, DonorId donorId, Money amount, ContributionPurpose purpose, ContributionNature nature, Channel channel, BookDay day) => new(
        Debit(MoneyAccountOf(channel, purpose), fundId, amount, day),
        Credit(SourceOf(purpose, nature), fundId, amount, day, PartyOf(donorId)));

    public static JournalLines CapitalReturn(
        FundId fundId, DonorId donorId, Money amount, ContributionNature nature, Channel channel, BookDay day) => new(
        Debit(SourceOf(ContributionPurpose.RevolvingCapital, nature), fundId, amount, day, PartyOf(donorId)),
        Credit(MoneyAccountOf(channel, ContributionPurpose.RevolvingCapital), fundId, amount, day));

    /// <summary>
    /// A voucher's own lines; what they spend of operations money also releases as much of its restriction. Spent is what
    /// left for an expense or for equipment, and no more of it than came out of operations money: the operations bank
    /// account, or any cash and bank of a fund that holds nothing else.
    /// </summary>
    public static JournalLines Voucher(FundId fundId, FundKind kind, IReadOnlyList<JournalLine> given)
    {
        var currency = given[0].Amount.Currency;
        var paid = -Sum(line => kind == FundKind.Operations ? ChartOfAccounts.IsMoney(line.Account) : line.Account == OperationsBank);
        var bought = Sum(line => IsUnder(line, "5.") || IsUnder(line, "1.2."));
        var spent = Money.Min(paid, bought);
        var day = new BookDay(given[0].EffectiveOn, given[0].BookedOn);
        return spent.IsPositive
            ? new JournalLines([.. given, Debit(RestrictedOperations, fundId, spent, day), Credit(RestrictedOperationsReleased, fundId, spent, day)])
            : new JournalLines(given);

        Money Sum(Func<JournalLine, bool> which) => Money.Sum(given.Where(which).Select(line => line.Amount), currency);
    }

    public static AccountCode MoneyAccountOf(Channel channel, ContributionPurpose purpose) => (channel, purpose) switch
    {
        (Channel.Cash, _) => Cash,
        (_, ContributionPurpose.Operations) => OperationsBank,
        _ => RevolvingBank,
    };

    /// <summary>Where a donor's money stands in the books, under his name.</summary>
    public static AccountCode SourceOf(ContributionPurpose purpose, ContributionNature nature) => (purpose, nature) switch
    {
        (_, ContributionNature.Loan) => LoansReceivedPayable,
        (ContributionPurpose.Operations, _) => RestrictedOperations,
        _ => RevolvingCapital,
    };

    private static bool IsUnder(JournalLine line, string code) => line.Account.Value.StartsWith(code, StringComparison.Ordinal);

    private static Party PartyOf(DonorId donorId) => new(PartyKind.Donor, donorId.Value);
}
