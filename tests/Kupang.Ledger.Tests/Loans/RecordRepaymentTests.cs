using CsCheck;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.SharedKernel.JournalLine;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Loans;

public sealed class RecordRepaymentTests
{
    private static readonly DateOnly FirstDue = new(2026, 2, 5);
    private static readonly Party Borrower = new(PartyKind.Member, TheMember.Value);

    [Fact]
    public void A_payment_pays_interest_before_principal_of_the_oldest_instalment()
    {
        var repayment = RepaymentOf(Flat().Decide(100_000, FirstDue));

        Assert.Equal([Part(1, SplitComponent.Interest, 60_000), Part(1, SplitComponent.Principal, 40_000)], repayment.Split);
        Assert.Equal(
            new JournalLines(
                Debit(AccountCode.Cash, TheFund, Money.Rupiah(100_000), BookDay.Open(FirstDue)),
                Credit(AccountCode.InterestIncomeSpp, TheFund, Money.Rupiah(60_000), BookDay.Open(FirstDue), Borrower),
                Credit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(40_000), BookDay.Open(FirstDue), Borrower)),
            repayment.Lines);
    }

    [Fact]
    public void With_two_instalments_overdue_the_oldest_is_paid_whole_first()
    {
        var repayment = RepaymentOf(Flat().Decide(200_000, new DateOnly(2026, 3, 10)));

        Assert.Equal([Part(1, SplitComponent.Interest, 60_000), Part(1, SplitComponent.Principal, 140_000)], repayment.Split);
    }

    [Fact]
    public void Or_all_overdue_interest_first_when_the_terms_say_so()
    {
        var repayment = RepaymentOf(Flat(AllocationOrder.OverdueInterestFirst).Decide(200_000, new DateOnly(2026, 3, 10)));

        Assert.Equal(
            [Part(1, SplitComponent.Interest, 60_000), Part(2, SplitComponent.Interest, 60_000), Part(1, SplitComponent.Principal, 80_000)],
            repayment.Split);
    }

    [Fact]
    public void Money_beyond_what_is_due_pays_the_next_instalment_at_once()
    {
        var repayment = RepaymentOf(Flat().Decide(500_000, FirstDue));

        Assert.Equal(
            [
                Part(1, SplitComponent.Interest, 60_000),
                Part(1, SplitComponent.Principal, 334_000),
                Part(2, SplitComponent.Interest, 60_000),
                Part(2, SplitComponent.Principal, 46_000),
            ],
            repayment.Split);
    }

    [Fact]
    public void Money_beyond_everything_owed_is_held_as_an_advance_and_the_loan_is_repaid()
    {
        var history = Flat().Pay(4_720_000 + 5_000, FirstDue);

        Assert.Equal(LoanStatus.Repaid, history.Loan.Status);
        Assert.Equal(Money.Rupiah(5_000), history.Loan.Advance);
        Assert.Equal(-5_000, BalanceOf(AccountCode.AdvancesHeld, history));
        Assert.Equal(0, BalanceOf(AccountCode.LoansReceivableSpp, history));
    }

    [Fact]
    public void A_loan_that_is_repaid_takes_no_more() =>
        AssertRefused("loan-not-active", Flat().Pay(4_720_000, FirstDue).Decide(1, FirstDue));

    [Theory]
    [InlineData(0, "amount-not-positive")]
    [InlineData(-5, "amount-not-positive")]
    public void The_amount_is_more_than_zero(long amount, string code) => AssertRefused(code, Flat().Decide(amount, FirstDue));

    [Fact]
    public void It_is_not_dated_before_the_disbursement() =>
        AssertRefused("before-disbursement", Flat().Decide(1_000, DisbursedOn.AddDays(-1)));

    [Fact]
    public void It_is_not_dated_in_the_future() => AssertRefused("in-the-future", Flat().Decide(1_000, Today.AddDays(1)));

    [Fact]
    public void The_currency_is_the_loans() => AssertRefused(
        "wrong-currency",
        RecordRepaymentDecider.Decide(
            new RecordRepayment(new Money(5m, Currency.UnitedStatesDollar), PaymentMethod.Cash), NewTransaction(), Flat().Loan, Flat().Funds, MomentOf(Today)));

    [Fact]
    public void The_way_it_was_paid_must_be_clear() => AssertRefused(
        "method-required",
        RecordRepaymentDecider.Decide(new RecordRepayment(Money.Rupiah(5)), NewTransaction(), Flat().Loan, Flat().Funds, MomentOf(Today)));

    /// <summary>
    /// By hand: on 10 March 500,000 came in and paid interest 1 (120,000) and 380,000 of principal 1. Then the treasurer
    /// brings a receipt of 5 February over 720,000, which is instalment 1 whole. So the payment of 10 March paid interest 2
    /// (108,000) and 392,000 of principal 2: 12,000 less income, 12,000 less receivable, on 10 March.
    /// </summary>
    [Fact]
    public void A_late_payment_moves_what_later_payments_paid_and_books_the_difference_on_their_days()
    {
        var march = new DateOnly(2026, 3, 10);
        var marchPayment = NewTransaction();
        var history = Declining().Pay(500_000, march, marchPayment);

        var facts = Assert.IsType<Decision.ToRecord>(history.Decide(720_000, FirstDue)).Facts;

        var late = Assert.IsType<RepaymentRecorded>(facts[0].Data);
        Assert.Equal([Part(1, SplitComponent.Interest, 120_000), Part(1, SplitComponent.Principal, 600_000)], late.Split);
        var reallocated = Assert.IsType<RepaymentsReallocated>(facts[1].Data);
        Assert.Equal(late.RepaymentId, reallocated.CausedBy);
        var moved = Assert.Single(reallocated.Splits);
        Assert.Equal(marchPayment, moved.RepaymentId);
        Assert.Equal([Part(2, SplitComponent.Interest, 108_000), Part(2, SplitComponent.Principal, 392_000)], moved.Split);
        Assert.Equal(
            new JournalLines(
                Debit(AccountCode.InterestIncomeSpp, TheFund, Money.Rupiah(12_000), BookDay.Open(march), Borrower),
                Credit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(12_000), BookDay.Open(march), Borrower)),
            reallocated.Lines);
    }

    [Fact]
    public void When_later_payments_only_pay_other_instalments_the_books_stay_as_they_are()
    {
        var history = Flat().Pay(394_000, new DateOnly(2026, 3, 10));

        var facts = Assert.IsType<Decision.ToRecord>(history.Decide(394_000, FirstDue)).Facts;

        Assert.IsType<RepaymentsReassigned>(facts[1].Data);
    }

    /// <summary>
    /// Whatever is paid, on whatever day, in whatever order it becomes known: lent plus interest is paid plus owed plus the
    /// advance taken off, and on every day the receivable in the books is the principal the loan owes.
    /// </summary>
    [Fact]
    public void No_money_appears_or_vanishes_and_the_books_tie_to_the_loan_on_every_day() =>
        Histories().Sample(
            history =>
            {
                var loan = history.Loan;
                var paid = loan.Entries.Sum(payment => payment.Amount.MinorUnits);
                Assert.Null(history.CheckBooks());
                Assert.Equal(loan.Schedule.Sum(row => row.Total.MinorUnits), paid - loan.Advance.MinorUnits + loan.Outstanding.MinorUnits);
                foreach (var day in loan.Entries.Select(payment => payment.EffectiveOn).Append(DisbursedOn).Append(Today).Distinct())
                {
                    var receivable = history.Journal
                        .Where(line => line.Account == AccountCode.LoansReceivableSpp && line.EffectiveOn <= day)
                        .Sum(line => line.Amount.MinorUnits);
                    Assert.Equal(LoanPosition.Of(loan, day).Outstanding.Principal.MinorUnits, receivable);
                }
            },
            iter: 2_000);

    /// <summary>Two phones may bring the same payments in any order: the loan is the same on every day.</summary>
    [Fact]
    public void The_order_in_which_payments_become_known_makes_no_difference() =>
        Gen.Select(PaymentsOfDifferentDays, Gen.Int[0, int.MaxValue], Gen.Bool).Sample(
            (payments, seed, isDeclining) =>
            {
                var order = isDeclining ? AllocationOrder.OldestInstalmentFirst : AllocationOrder.OverdueInterestFirst;
                var inOrder = Declining(order);
                var shuffled = Declining(order);
                Record(inOrder, payments);
                Record(shuffled, payments.OrderBy(payment => HashCode.Combine(seed, payment)));

                Assert.Equal(inOrder.Splits, shuffled.Splits);
                Assert.Equal(inOrder.Loan.Outstanding, shuffled.Loan.Outstanding);
            },
            iter: 2_000);

    private static Gen<(int Day, long Amount)[]> PaymentsOfDifferentDays =>
        Gen.Select(Gen.Int[0, 420], Gen.Long[1, 600_000]).Array[1, 9]
            .Select(payments => payments.DistinctBy(payment => payment.Item1).Select(payment => (payment.Item1, payment.Item2)).ToArray());

    private static Gen<LoanHistory> Histories() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Select(Gen.Int[0, 420], Gen.Long[1, 900_000]).Array[0, 12]).Select((isFlat, isOldestFirst, payments) =>
        {
            var order = isOldestFirst ? AllocationOrder.OldestInstalmentFirst : AllocationOrder.OverdueInterestFirst;
            var history = isFlat ? Flat(order) : Declining(order);
            Record(history, payments.Select(payment => (payment.Item1, payment.Item2)));
            return history;
        });

    private static void Record(LoanHistory history, IEnumerable<(int Day, long Amount)> payments)
    {
        foreach (var (day, amount) in payments)
        {
            if (history.Loan.Status == LoanStatus.Active)
            {
                history.Pay(amount, DisbursedOn.AddDays(day));
            }
        }
    }

    private static RepaymentRecorded RepaymentOf(Decision decision) =>
        Assert.IsType<RepaymentRecorded>(Assert.Single(Assert.IsType<Decision.ToRecord>(decision).Facts).Data);

    private static void AssertRefused(string code, Decision decision) =>
        Assert.Equal(code, Assert.IsType<Decision.Refused>(decision).Refusal.Code);

    private static SplitPart Part(int instalment, SplitComponent component, long amount) =>
        new(instalment, FirstDue.AddMonths(instalment - 1), component, Money.Rupiah(amount));

    private static long BalanceOf(AccountCode account, LoanHistory history) =>
        history.Journal.Where(line => line.Account == account).Sum(line => line.Amount.MinorUnits);
}
