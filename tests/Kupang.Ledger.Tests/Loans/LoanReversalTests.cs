using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Xunit;
using static Kupang.Ledger.SharedKernel.JournalLine;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>
/// Taking payments back. The loan is 6,000,000 at 2 % of the balance over 10 months: instalment 1 is 120,000 + 600,000,
/// instalment 2 is 108,000 + 600,000.
/// </summary>
public sealed class LoanReversalTests
{
    private static readonly DateOnly FirstDue = new(2026, 2, 5);
    private static readonly DateOnly March = new(2026, 3, 10);
    private static readonly Party Borrower = new(PartyKind.Member, TheMember.Value);

    /// <summary>
    /// By hand: 720,000 of 5 February paid instalment 1, and 500,000 of 10 March paid interest 2 (108,000) and 392,000 of
    /// principal 2. The first was a mistake. So the second paid interest 1 (120,000) and 380,000 of principal 1: 12,000 more
    /// income and 12,000 more receivable, on 10 March.
    /// </summary>
    [Fact]
    public void What_was_entered_in_error_is_undone_on_its_own_day_and_later_payments_pay_what_is_owed_then()
    {
        var (wrong, right) = (NewTransaction(), NewTransaction());
        var history = Declining().Pay(720_000, FirstDue, wrong).Pay(500_000, March, right);

        var facts = Assert.IsType<Decision.ToRecord>(history.DecideReversal(wrong, ReversalKind.EnteredInError, default)).Facts;

        var reversed = Assert.IsType<RepaymentReversed>(facts[0].Data);
        Assert.Equal(BookDay.Open(FirstDue), facts[0].Day);
        Assert.Equal(
            new JournalLines(
                Credit(AccountCode.Cash, TheFund, Money.Rupiah(720_000), BookDay.Open(FirstDue)),
                Debit(AccountCode.InterestIncomeSpp, TheFund, Money.Rupiah(120_000), BookDay.Open(FirstDue), Borrower),
                Debit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(600_000), BookDay.Open(FirstDue), Borrower)),
            reversed.Lines);
        var reallocated = Assert.IsType<RepaymentsReallocated>(facts[1].Data);
        Assert.Equal(right, Assert.Single(reallocated.Splits).RepaymentId);
        Assert.Equal(
            new JournalLines(
                Credit(AccountCode.InterestIncomeSpp, TheFund, Money.Rupiah(12_000), BookDay.Open(March), Borrower),
                Debit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(12_000), BookDay.Open(March), Borrower)),
            reallocated.Lines);
    }

    /// <summary>
    /// By hand: the transfer of 5 February over 720,000 bounced on 20 February. Until then the loan was current; from then on
    /// instalment 1 is open again, overdue since 5 February, and the payment of 10 March pays interest 1 first.
    /// </summary>
    [Fact]
    public void What_was_returned_counts_until_the_day_it_went_back()
    {
        var bounced = NewTransaction();
        var history = Declining().Pay(720_000, FirstDue, bounced).Reverse(bounced, ReversalKind.Returned, new DateOnly(2026, 2, 20)).Pay(500_000, March);

        var loan = history.Loan;

        Assert.Equal((5_400_000, 0), Arrears(loan, new DateOnly(2026, 2, 19)));
        Assert.Equal((6_000_000, 15), Arrears(loan, new DateOnly(2026, 2, 20)));
        Assert.Equal(
            [new SplitPart(1, FirstDue, SplitComponent.Interest, Money.Rupiah(120_000)), new SplitPart(1, FirstDue, SplitComponent.Principal, Money.Rupiah(380_000))],
            loan.Entries[^1].Split);
    }

    /// <summary>
    /// By hand: February is closed. The payment of 5 February, 720,000, is found on 12 March and taken back on 15 March: both
    /// keep the day it happened and count on 1 March, the first open day.
    /// </summary>
    [Fact]
    public void A_fact_of_a_closed_day_keeps_its_day_and_counts_on_the_first_open_one()
    {
        var (late, day) = (NewTransaction(), new BookDay(FirstDue, new DateOnly(2026, 3, 1)));
        var history = Declining().CloseThrough(new DateOnly(2026, 2, 28));

        var repayment = Assert.Single(Assert.IsType<Decision.ToRecord>(history.Decide(720_000, FirstDue, late)).Facts);
        history.Pay(720_000, FirstDue, late);
        var reversal = Assert.Single(Assert.IsType<Decision.ToRecord>(history.DecideReversal(late, ReversalKind.EnteredInError, default)).Facts);

        Assert.Equal((day, day), (repayment.Day, reversal.Day));
        Assert.Equal(
            new JournalLines(
                Debit(AccountCode.Cash, TheFund, Money.Rupiah(720_000), day),
                Credit(AccountCode.InterestIncomeSpp, TheFund, Money.Rupiah(120_000), day, Borrower),
                Credit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(600_000), day, Borrower)),
            Assert.IsType<RepaymentRecorded>(repayment.Data).Lines);
        Assert.All(Assert.IsType<RepaymentReversed>(reversal.Data).Lines, line => Assert.Equal(day, new BookDay(line.EffectiveOn, line.BookedOn)));
    }

    private static (long Outstanding, int DaysPastDue) Arrears(Loan loan, DateOnly day)
    {
        var position = LoanPosition.Of(loan, day);
        return (position.Outstanding.Principal.MinorUnits, position.DaysPastDue);
    }
}
