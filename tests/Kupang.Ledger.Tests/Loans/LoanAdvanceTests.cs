using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.SharedKernel.JournalLine;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>
/// Money paid ahead, by hand. The loan with flat interest is 4,000,000 over 12 months in instalments of 334,000 + 60,000; the
/// declining one 6,000,000 over 10 months, 600,000 and 2 % of the balance: 120,000, 108,000, …
/// </summary>
public sealed class LoanAdvanceTests
{
    private static readonly DateOnly February = new(2026, 2, 5);
    private static readonly DateOnly March = new(2026, 3, 5);
    private static readonly Party Borrower = new(PartyKind.Member, TheMember.Value);

    /// <summary>By hand: 500,000 on 5 February pays instalment 1, 394,000. The 106,000 left pay on 5 March interest 2, 60,000, and 46,000 of principal 2.</summary>
    [Fact]
    public void What_is_held_pays_the_next_instalment_on_its_due_date_by_lines_of_the_same_receipt()
    {
        var history = Held();

        var repayment = Assert.IsType<RepaymentRecorded>(Assert.Single(Facts(history.Decide(500_000, February))).Data);

        Assert.Equal(
            [
                new SplitPart(1, February, SplitComponent.Interest, Money.Rupiah(60_000)),
                new SplitPart(1, February, SplitComponent.Principal, Money.Rupiah(334_000)),
                new SplitPart(2, March, SplitComponent.Interest, Money.Rupiah(60_000), AppliedOn: March),
                new SplitPart(2, March, SplitComponent.Principal, Money.Rupiah(46_000), AppliedOn: March),
            ],
            repayment.Split);
        Assert.Equal(
            new JournalLines(
                Debit(AccountCode.Cash, TheFund, Money.Rupiah(500_000), BookDay.Open(February)),
                Credit(AccountCode.InterestIncomeSpp, TheFund, Money.Rupiah(60_000), BookDay.Open(February), Borrower),
                Credit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(334_000), BookDay.Open(February), Borrower),
                Credit(AccountCode.AdvancesHeld, TheFund, Money.Rupiah(106_000), BookDay.Open(February), Borrower),
                Debit(AccountCode.AdvancesHeld, TheFund, Money.Rupiah(106_000), BookDay.Open(March), Borrower),
                Credit(AccountCode.InterestIncomeSpp, TheFund, Money.Rupiah(60_000), BookDay.Open(March), Borrower),
                Credit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(46_000), BookDay.Open(March), Borrower)),
            repayment.Lines);
    }

    [Fact]
    public void Until_its_day_it_is_an_advance_and_the_loan_owes_as_much_as_before()
    {
        var loan = Held().Pay(500_000, February).Loan;

        Assert.Equal((3_666_000, 106_000, 0), Standing(loan, March.AddDays(-1)));
        Assert.Equal((3_620_000, 0, 288_000), Standing(loan, March));
    }

    /// <summary>By hand: of 106,000 held 100,000 go back on 20 February. The 6,000 left pay interest 2 on 5 March, and the rest of it is overdue.</summary>
    [Fact]
    public void What_is_given_back_pays_nothing_later_and_the_receipts_own_lines_stay()
    {
        var (receipt, day) = (NewTransaction(), new DateOnly(2026, 2, 20));
        var history = Held().Pay(500_000, February, receipt);

        var facts = Facts(history.DecideRefund(100_000, day));

        var refund = Assert.IsType<AdvanceRefunded>(facts[0].Data);
        Assert.Equal(
            new JournalLines(
                Credit(AccountCode.Cash, TheFund, Money.Rupiah(100_000), BookDay.Open(day)),
                Debit(AccountCode.AdvancesHeld, TheFund, Money.Rupiah(100_000), BookDay.Open(day), Borrower)),
            refund.Lines);
        var moved = Assert.IsType<RepaymentsReallocated>(facts[1].Data);
        Assert.Equal((receipt, refund.RefundId), (Assert.Single(moved.Splits).RepaymentId, moved.CausedBy));
        Assert.Equal(
            new JournalLines(
                Credit(AccountCode.AdvancesHeld, TheFund, Money.Rupiah(100_000), BookDay.Open(March), Borrower),
                Debit(AccountCode.InterestIncomeSpp, TheFund, Money.Rupiah(54_000), BookDay.Open(March), Borrower),
                Debit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(46_000), BookDay.Open(March), Borrower)),
            moved.Lines);
        Assert.Equal((3_666_000, 6_000, 0), Standing(history.Refund(100_000, day).Loan, day));
    }

    [Fact]
    public void No_more_is_given_back_than_is_held()
    {
        var history = Held().Pay(500_000, February);

        Refused("exceeds-advance", history.DecideRefund(106_001, February));
        Refused("exceeds-advance", history.DecideRefund(1, March));
        Refused("before-disbursement", history.DecideRefund(1, DisbursedOn.AddDays(-1)));
        Refused("exceeds-advance", history.Refund(100_000, February.AddDays(9)).DecideRefund(6_001, February));
    }

    [Fact]
    public void A_receipt_is_not_taken_back_while_its_money_is_given_back_by_a_later_refund()
    {
        var (receipt, refund) = (NewTransaction(), NewTransaction());
        var history = Held().Pay(500_000, February, receipt).Refund(100_000, new DateOnly(2026, 2, 20), refund);

        Refused("later-facts-depend-on-it", history.DecideReversal(receipt, ReversalKind.EnteredInError, default));
        Refused("later-facts-depend-on-it", history.DecideReversal(receipt, ReversalKind.Returned, new DateOnly(2026, 2, 25)));
        history.Reverse(refund).Reverse(receipt);

        Assert.Equal((4_000_000, 0, 334_000), Standing(history.Loan, February));
    }

    /// <summary>By hand: the refund's transfer comes back on 10 March, when 54,000 of interest 2 and 334,000 of principal 2 are overdue: it pays them.</summary>
    [Fact]
    public void A_refund_that_comes_back_counts_as_paid_in_on_that_day()
    {
        var refund = NewTransaction();
        var history = Held().Pay(500_000, February).Refund(100_000, new DateOnly(2026, 2, 20), refund);

        history.Reverse(refund, ReversalKind.Returned, new DateOnly(2026, 3, 10));

        Assert.Equal((3_666_000, 0, 334_000), Standing(history.Loan, new DateOnly(2026, 3, 9)));
        Assert.Equal((3_620_000, 0, 288_000), Standing(history.Loan, new DateOnly(2026, 3, 10)));
    }

    /// <summary>
    /// By hand: 1,920,000 on 5 February pays instalment 1, 720,000, and brings the 5,400,000 left down by 1,200,000. Seven
    /// instalments of 600,000 are left, with interest of 84,000, 72,000, … 12,000.
    /// </summary>
    [Fact]
    public void Principal_paid_ahead_makes_the_loan_shorter()
    {
        var history = Reduced(InterestMethod.DecliningEqualPrincipal, ReductionEffect.Shorten);

        var repayment = Assert.IsType<RepaymentRecorded>(Assert.Single(Facts(history.Decide(1_920_000, February))).Data);

        Assert.Equal(new SplitPart(null, null, SplitComponent.Principal, Money.Rupiah(1_200_000)), repayment.Split[^1]);
        var ahead = repayment.Schedule!.Value.Skip(1).ToArray();
        Assert.Equal(Enumerable.Repeat(600_000L, 7), ahead.Select(row => row.Principal.MinorUnits));
        Assert.Equal([84_000, 72_000, 60_000, 48_000, 36_000, 24_000, 12_000], ahead.Select(row => row.Interest.MinorUnits));
        Assert.Equal(new DateOnly(2026, 9, 5), ahead[^1].DueOn);
        Assert.Equal((4_200_000, 0, 0), Standing(history.Pay(1_920_000, February).Loan, February));
    }

    /// <summary>By hand: 4,200,000 over the nine instalments left is 466,667 each and 466,664 at the end; interest 84,000, then 2 % of 3,733,333 = 74,667.</summary>
    [Fact]
    public void Or_its_instalments_lower()
    {
        var history = Reduced(InterestMethod.DecliningEqualPrincipal, ReductionEffect.LowerInstalments).Pay(1_920_000, February);

        var ahead = history.Loan.Schedule.Skip(1).ToArray();
        Assert.Equal([.. Enumerable.Repeat(466_667L, 8), 466_664L], ahead.Select(row => row.Principal.MinorUnits));
        Assert.Equal([84_000, 74_667], ahead.Take(2).Select(row => row.Interest.MinorUnits));
        Assert.Equal(new DateOnly(2026, 11, 5), ahead[^1].DueOn);
    }

    /// <summary>
    /// By hand: 1,200,000 on 20 February, when instalment 1 is paid. The interest of 108,000 was counted on 5,400,000 when the
    /// period began, and stays; the next is 2 % of 4,200,000 - 600,000 = 72,000.
    /// </summary>
    [Fact]
    public void The_interest_of_the_running_period_stays()
    {
        var history = Reduced(InterestMethod.DecliningEqualPrincipal, ReductionEffect.Shorten).Pay(720_000, February).Pay(1_200_000, new DateOnly(2026, 2, 20));

        Assert.Equal([108_000, 72_000], history.Loan.Schedule.Skip(1).Take(2).Select(row => row.Interest.MinorUnits));
    }

    /// <summary>By hand: flat interest of 1.5 % on 4,000,000 is 60,000; after 1,000,000 paid ahead it is 1.5 % of 3,000,000 = 45,000.</summary>
    [Fact]
    public void Flat_interest_counts_on_what_was_lent_less_what_was_paid_ahead()
    {
        var history = Of(
            Terms(InterestMethod.Flat, "1.5") with { Rounding = new RoundingRule("1000", RoundingMode.Up), Advance = AdvanceRule.ReducePrincipal, Effect = ReductionEffect.Shorten },
            4_000_000,
            12).Pay(1_394_000, February);

        var ahead = history.Loan.Schedule.Skip(1).ToArray();

        // 2,666,000 left: seven of 334,000 and the rest, 328,000.
        Assert.Equal([.. Enumerable.Repeat(334_000L, 7), 328_000L], ahead.Select(row => row.Principal.MinorUnits));
        Assert.All(ahead, row => Assert.Equal(45_000, row.Interest.MinorUnits));
    }

    /// <summary>
    /// By hand: 36,500,000 at 12 % of 365 days in five, the second paid with the first. 21,900,000 left cost 7,200 a day for 28
    /// days, then 4,800 for 31, then 2,400 for 30.
    /// </summary>
    [Fact]
    public void By_days_each_period_that_is_left_has_its_own_rate()
    {
        var terms = Terms(InterestMethod.DecliningEqualPrincipal, "12") with { Advance = AdvanceRule.ReducePrincipal, Effect = ReductionEffect.Shorten };
        var byDays = terms with { Interest = terms.Interest with { Per = RatePeriod.Year, DayCount = DayCount.Actual365 } };

        var history = Of(byDays, 36_500_000, 5).Pay(7_300_000 + 372_000 + 7_300_000, February);

        Assert.Equal([372_000, 201_600, 148_800, 72_000], history.Loan.Schedule.Select(row => row.Interest.MinorUnits));
        Assert.All(history.Loan.Schedule.Skip(1), row => Assert.Equal(7_300_000, row.Principal.MinorUnits));
    }

    [Fact]
    public void What_shares_puts_off_or_rounds_interest_can_not_be_reduced()
    {
        var terms = Terms(InterestMethod.Flat, "1.5") with { Advance = AdvanceRule.ReducePrincipal, Effect = ReductionEffect.Shorten };
        var harvest = new CustomInstalment(new DateOnly(2027, 4, 30), new Percentage(100));

        Assert.Null(terms.Check(""));
        Assert.All(
            (LoanTerms[])
            [
                terms with { Repayment = new RepaymentRule(Custom: [harvest]) },
                terms with { Grace = new GraceTerms(InterestPaymentInstalments: 1) },
                terms with { Rounding = new RoundingRule("1000", RoundingMode.Up, RoundedPart.Both) },
            ],
            unfit => Assert.Equal("/advance", Assert.IsType<Decision.Refused>(unfit.Check("")).Refusal.Pointer));
    }

    /// <summary>By hand: on 20 February 5,400,000 are left and 108,000 of interest is running. Who pays 5,508,000 owes nothing more.</summary>
    [Fact]
    public void Who_pays_all_principal_and_the_running_interest_has_repaid()
    {
        var history = Reduced(InterestMethod.DecliningEqualPrincipal, ReductionEffect.Shorten).Pay(720_000, February);

        Assert.Equal(LoanStatus.Active, history.Pay(5_400_000, new DateOnly(2026, 2, 20)).Loan.Status);
        Assert.Equal(108_000, history.Loan.Outstanding.MinorUnits);
        Assert.Equal(LoanStatus.Repaid, history.Pay(108_000, new DateOnly(2026, 2, 21)).Loan.Status);
    }

    [Fact]
    public void When_the_money_goes_back_the_schedule_is_the_first_again()
    {
        var ahead = NewTransaction();
        var history = Reduced(InterestMethod.DecliningEqualPrincipal, ReductionEffect.Shorten).Pay(720_000, February).Pay(1_200_000, new DateOnly(2026, 2, 20), ahead);

        history.Reverse(ahead, ReversalKind.Returned, new DateOnly(2026, 2, 27));

        Assert.Equal(history.Loan.FirstSchedule, history.Loan.Schedule);
        Assert.Equal((4_200_000, 0, 0), Standing(history.Loan, new DateOnly(2026, 2, 26)));
        Assert.Equal((5_400_000, 0, 0), Standing(history.Loan, new DateOnly(2026, 2, 27)));
    }

    /// <summary>A receipt of an earlier day becomes known after the loan was paid off: the last payment paid less, and the rest of it is held.</summary>
    [Fact]
    public void A_repaid_loan_still_learns_of_a_payment_made_before()
    {
        var history = Flat().Pay(4_720_000, March);

        history.Pay(394_000, February);

        Assert.Equal(394_000, history.Loan.Advance.MinorUnits);
        Refused("loan-not-active", history.Decide(1, March.AddDays(1)));
    }

    private static LoanHistory Held() => Of(
        Terms(InterestMethod.Flat, "1.5") with { Rounding = new RoundingRule("1000", RoundingMode.Up), Advance = AdvanceRule.Hold }, 4_000_000, 12);

    private static LoanHistory Reduced(InterestMethod method, ReductionEffect effect) =>
        Of(Terms(method, "2") with { Advance = AdvanceRule.ReducePrincipal, Effect = effect }, 6_000_000, 10);

    private static (long Outstanding, long Advance, long ArrearsPrincipal) Standing(Loan loan, DateOnly day)
    {
        var position = LoanPosition.Of(loan, day);
        return (position.Outstanding.Principal.MinorUnits, position.Advance.MinorUnits, position.Arrears.Principal.MinorUnits);
    }

    private static IReadOnlyList<NewFact> Facts(Decision decision) => Assert.IsType<Decision.ToRecord>(decision).Facts;

    private static void Refused(string code, Decision decision) => Assert.Equal(code, Assert.IsType<Decision.Refused>(decision).Refusal.Code);
}
