using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;
using static Kupang.Ledger.SharedKernel.AccountCode;
using static Kupang.Ledger.SharedKernel.JournalLine;

namespace Kupang.Ledger.Loans;

/// <summary>
/// How a loan's money reaches the books: a pure function of figures for each fact that moves money. Interest is income when
/// it is received, so nothing is posted for it when a loan is paid out.
/// </summary>
public static class LoanPostingRules
{
    public static JournalLines Disbursement(
        FundId fundId, MemberId memberId, Money principal, ImmutableArray<Deduction> deductions, BookingClass bookingClass, Channel channel, BookDay day)
    {
        var party = PartyOf(memberId);
        var net = deductions.Aggregate(principal, (left, deduction) => left - deduction.Amount);
        return new JournalLines(
        [
            Debit(ReceivableOf(bookingClass), fundId, principal, day, party),
            Credit(MoneyAccountOf(channel), fundId, net, day),
            .. deductions.Select(deduction => Credit(AccountOf(deduction.Kind), fundId, deduction.Amount, day, party)),
        ]);
    }

    public static JournalLines Repayment(
        FundId fundId, MemberId memberId, Money amount, ImmutableArray<SplitPart> split, BookingClass bookingClass, Channel channel, BookDay day) =>
        new(
        [
            Debit(MoneyAccountOf(channel), fundId, amount, day),
            .. Credits(fundId, memberId, split, bookingClass, day),
        ]);

    /// <summary>The difference between what a payment was thought to pay and what it pays, on the payment's own days.</summary>
    public static IEnumerable<JournalLine> Reallocation(
        FundId fundId, MemberId memberId, ImmutableArray<SplitPart> before, ImmutableArray<SplitPart> after, BookingClass bookingClass, BookDay day) =>
        Credits(fundId, memberId, after, bookingClass, day)
            .Concat(Credits(fundId, memberId, before, bookingClass, day).Select(line => line with { Amount = -line.Amount }))
            .GroupBy(line => line.Account)
            .Select(account => account.First() with { Amount = Money.Sum(account.Select(line => line.Amount), account.First().Amount.Currency) })
            .Where(line => !line.Amount.IsZero);

    public static AccountCode MoneyAccountOf(Channel channel) => channel == Channel.Cash ? Cash : RevolvingBank;

    public static AccountCode ReceivableOf(BookingClass bookingClass) => bookingClass switch
    {
        BookingClass.Spp => LoansReceivableSpp,
        BookingClass.Uep => LoansReceivableUep,
        _ => LoansReceivableOther,
    };

    private static IEnumerable<JournalLine> Credits(
        FundId fundId, MemberId memberId, ImmutableArray<SplitPart> split, BookingClass bookingClass, BookDay day)
    {
        var party = PartyOf(memberId);
        foreach (var component in new[] { SplitComponent.Interest, SplitComponent.Principal, SplitComponent.Advance })
        {
            var parts = split.Where(part => part.Component == component).Select(part => part.Amount).ToArray();
            if (parts.Length > 0)
            {
                yield return Credit(AccountOf(component, bookingClass), fundId, Money.Sum(parts, parts[0].Currency), day, party);
            }
        }
    }

    private static AccountCode AccountOf(SplitComponent component, BookingClass bookingClass) => (component, bookingClass) switch
    {
        (SplitComponent.Principal, _) => ReceivableOf(bookingClass),
        (SplitComponent.Advance, _) => AdvancesHeld,
        (SplitComponent.Interest, BookingClass.Spp) => InterestIncomeSpp,
        (SplitComponent.Interest, BookingClass.Uep) => InterestIncomeUep,
        (SplitComponent.Interest, _) => InterestIncomeOther,
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, "No account is known for it."),
    };

    private static AccountCode AccountOf(DeductionKind kind) => kind switch
    {
        DeductionKind.AdministrationFee => AdministrationFeeIncome,
        DeductionKind.CompulsorySavings => CompulsorySavings,
        _ => InsurancePremiumsPayable,
    };

    private static Party PartyOf(MemberId memberId) => new(PartyKind.Member, memberId.Value);
}
