using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.SharedKernel.JournalLine;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>
/// The turns a loan can take, by hand, each followed by a payment that becomes known late and is dated before it. 4,000,000 at
/// 1.5 % flat over 12 months, rounded up to 1,000: 334,000 + 60,000 from 5 February 2026 on, the last 326,000 + 60,000.
/// </summary>
public sealed class LoanTurnTests
{
    private static readonly DateOnly May5 = new(2026, 5, 5);
    private static readonly DateOnly May20 = new(2026, 5, 20);
    private static readonly Party Borrower = new(PartyKind.Member, TheMember.Value);

    /// <summary>
    /// The worked case of the domain notes: after 4 of 12 instalments 2,664,000 of principal and 480,000 of interest are left:
    /// 3,144,000 in full; 2,724,000 with the current month; 2,904,000 with half of it; by the rule of 78 the rebate is 36/78 of
    /// 720,000 = 332,308 and so 2,811,692. The notes pay off in the month after the fourth instalment: here on 20 May.
    /// </summary>
    [Theory]
    [InlineData(SettlementPolicy.FullInterest, 3_144_000)]
    [InlineData(SettlementPolicy.CurrentPeriod, 2_724_000)]
    [InlineData(SettlementPolicy.HalfRebate, 2_904_000)]
    [InlineData(SettlementPolicy.RuleOf78, 2_811_692)]
    public void A_loan_is_paid_off_early_by_four_policies(SettlementPolicy policy, long amount)
    {
        var history = FourPaid();
        Assert.Equal(Money.Rupiah(amount), SettleLoanDecider.Quote(history.Loan, policy, May20).Amount);
        Assert.Equal("settlement-amount-differs", Refused(history.DecideSettlement(policy, amount - 1, May20)));

        history.Record(history.DecideSettlement(policy, amount, May20));

        Assert.Equal(LoanStatus.Repaid, history.Loan.Status);
        Assert.Equal(480_000 - (amount - 2_664_000), LoanPosition.Of(history.Loan, May20).Waived.Interest.MinorUnits);
        Assert.Equal(["settled-early"], history.Loan.FlagsOn(May20));
        Assert.Null(history.CheckBooks());
    }

    /// <summary>On the due day itself no period runs: nothing of the interest that is not due is charged.</summary>
    [Fact]
    public void A_period_begins_the_day_after_a_due_date() =>
        Assert.Equal(2_664_000, SettleLoanDecider.Quote(FourPaid().Loan, SettlementPolicy.CurrentPeriod, May5).Amount.MinorUnits);

    [Fact]
    public void A_settlement_posts_as_a_payment_and_nothing_for_the_rebate()
    {
        var decision = FourPaid().DecideSettlement(SettlementPolicy.CurrentPeriod, 2_724_000, May20);

        var settled = Assert.IsType<LoanSettled>(Assert.Single(Assert.IsType<Decision.ToRecord>(decision).Facts).Data);
        Assert.Equal(
            new JournalLines(
                Debit(AccountCode.Cash, TheFund, Money.Rupiah(2_724_000), BookDay.Open(May20)),
                Credit(AccountCode.InterestIncomeSpp, TheFund, Money.Rupiah(60_000), BookDay.Open(May20), Borrower),
                Credit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(2_664_000), BookDay.Open(May20), Borrower)),
            settled.Lines);
    }

    /// <summary>394,000 of 10 May become known: they pay instalment 5 (60,000 + 334,000), so 394,000 of the settlement are an advance.</summary>
    [Fact]
    public void After_a_settlement_a_late_payment_leaves_the_excess_as_an_advance()
    {
        var history = FourPaid();
        history.Record(history.DecideSettlement(SettlementPolicy.CurrentPeriod, 2_724_000, May20)).Pay(394_000, new DateOnly(2026, 5, 10));

        Assert.Equal(Money.Rupiah(394_000), history.Loan.Advance);
        Assert.Equal(LoanStatus.Repaid, history.Loan.Status);
        Assert.Equal(0, BalanceOf(AccountCode.LoansReceivableSpp, history));
        Assert.Equal(-394_000, BalanceOf(AccountCode.AdvancesHeld, history));
        Assert.Null(history.CheckBooks());
    }

    [Fact]
    public void A_rebate_needs_a_decision_and_a_settlement_can_bounce()
    {
        var settlement = NewTransaction();
        var history = FourPaid();
        Assert.Equal("decision-required", Refused(history.DecideSettlement(SettlementPolicy.HalfRebate, 2_904_000, May20, decision: null)));
        history.Record(history.DecideSettlement(SettlementPolicy.HalfRebate, 2_904_000, May20, settlement));

        history.Reverse(settlement, ReversalKind.Returned, new DateOnly(2026, 5, 25));

        Assert.Equal(LoanStatus.Active, history.Loan.Status);
        Assert.Equal(3_144_000, LoanPosition.Of(history.Loan, new DateOnly(2026, 5, 25)).Outstanding.Total.MinorUnits);
        Assert.Equal(0, LoanPosition.Of(history.Loan, May20).Outstanding.Total.MinorUnits);
        Assert.Null(history.CheckBooks());
    }

    /// <summary>On 10 March two instalments are overdue. All moves three months: the first falls due on 5 May, the last on 5 April 2027.</summary>
    [Fact]
    public void After_a_failed_harvest_all_that_is_open_moves_later_and_no_interest_is_added()
    {
        var history = Flat();
        var march10 = new DateOnly(2026, 3, 10);

        history.Record(history.DecideRescheduling(new NewSchedule(ShiftPeriods: 3), march10));

        var position = LoanPosition.Of(history.Loan, march10);
        Assert.Equal((4_000_000, 720_000), (position.Outstanding.Principal.MinorUnits, position.Outstanding.Interest.MinorUnits));
        Assert.Equal((0, null), (position.DaysPastDue, position.OldestDueOn));
        Assert.Equal(["rescheduled"], history.Loan.FlagsOn(Today));
        var open = position.Instalments.Where(row => !row.Open.Total.IsZero).ToArray();
        Assert.Equal((May5, new DateOnly(2027, 4, 5), 13, 24), (open[0].Instalment.DueOn, open[^1].Instalment.DueOn, open[0].Instalment.Number, open[^1].Instalment.Number));
        Assert.Equal(394_000, open[0].Open.Total.MinorUnits);
    }

    /// <summary>
    /// 394,000 of 5 February become known after it. Overdue interest was 120,000 and is 60,000, so the first new instalment
    /// bears 60,000 less; the principal is 334,000 less, which the last one bears: 326,000 of it, and 8,000 of the one before.
    /// </summary>
    [Fact]
    public void After_a_rescheduling_a_late_payment_lets_the_last_instalments_shrink()
    {
        var history = Flat();
        history.Record(history.DecideRescheduling(new NewSchedule(ShiftPeriods: 3), new DateOnly(2026, 3, 10))).Pay(394_000, new DateOnly(2026, 2, 5));

        var rows = history.Loan.Schedule.Where(row => row.Number > 12).ToArray();
        Assert.Equal((334_000, 0), (rows[0].Principal.MinorUnits, rows[0].Interest.MinorUnits));
        Assert.Equal((0, 0), (rows[^1].Principal.MinorUnits, rows[^1].Interest.MinorUnits));
        Assert.Equal((326_000, 60_000), (rows[^2].Principal.MinorUnits, rows[^2].Interest.MinorUnits));
        Assert.Equal(3_666_000, LoanPosition.Of(history.Loan, Today).Outstanding.Principal.MinorUnits);
        Assert.Null(history.CheckBooks());
    }

    /// <summary>
    /// 6,000,000 at 2 % of the balance over 10 months, of which nothing was paid.
    /// On 10 March 228,000 of interest are overdue (120,000 + 108,000). Over 12 more at 1 %: 500,000 each, interest 60,000,
    /// 55,000, …; the overdue interest is 19,000 a month more. The first falls due on 5 April.
    /// </summary>
    [Fact]
    public void The_rest_is_paid_back_anew_at_another_rate_and_overdue_interest_bears_none()
    {
        var history = Declining();
        history.Record(history.DecideRescheduling(
            new NewSchedule(Instalments: 12, RatePercent: new Percentage(1), OverdueInterest: DeferredInterest.Spread), new DateOnly(2026, 3, 10)));

        var rows = history.Loan.Schedule.Where(row => row.Number > 10).ToArray();
        Assert.Equal(12, rows.Length);
        Assert.Equal((new DateOnly(2026, 4, 5), 500_000, 79_000), (rows[0].DueOn, rows[0].Principal.MinorUnits, rows[0].Interest.MinorUnits));
        Assert.Equal((500_000, 74_000), (rows[1].Principal.MinorUnits, rows[1].Interest.MinorUnits));
        Assert.Equal((500_000, 24_000), (rows[^1].Principal.MinorUnits, rows[^1].Interest.MinorUnits));
    }

    [Fact]
    public void A_rescheduling_says_one_thing_and_can_be_taken_back()
    {
        var id = NewTransaction();
        var history = Flat();
        var march10 = new DateOnly(2026, 3, 10);
        Assert.Equal("rescheduling-unclear", Refused(history.DecideRescheduling(new NewSchedule(), march10)));
        Assert.Equal("rescheduling-unclear", Refused(history.DecideRescheduling(new NewSchedule(ShiftPeriods: 1, RatePercent: new Percentage(1)), march10)));
        Assert.Equal("terms-out-of-range", Refused(history.DecideRescheduling(new NewSchedule(ShiftPeriods: 0), march10)));
        Assert.Equal("rounding-too-coarse", Refused(history.DecideRescheduling(new NewSchedule(Instalments: 600), march10)));
        history.Record(history.DecideRescheduling(new NewSchedule(ShiftPeriods: 3), march10, id)).Pay(394_000, May5);
        Assert.Equal("later-facts-depend-on-it", Refused(history.DecideRescheduling(new NewSchedule(ShiftPeriods: 1), march10.AddDays(-1))));

        history.Reverse(id);

        Assert.Equal(Flat().Loan.Schedule, history.Loan.Schedule);
        Assert.Equal(1, history.Loan.Entries[0].Split[0].Instalment);
        Assert.Null(history.CheckBooks());
    }

    /// <summary>
    /// Nothing paid by 20 May: 4,000,000 of principal and four months of interest, 240,000, are claimed. The allowance holds
    /// 1,500,000, so 2,500,000 are an expense.
    /// </summary>
    [Fact]
    public void A_loan_is_written_off_against_the_allowance_and_the_rest_is_an_expense()
    {
        var decision = Flat().DecideWriteOff(May20, allowance: 1_500_000);

        var writtenOff = Assert.IsType<LoanWrittenOff>(Assert.Single(Assert.IsType<Decision.ToRecord>(decision).Facts).Data);
        Assert.Equal((4_000_000, 4_240_000), (writtenOff.Amount.MinorUnits, writtenOff.Claim.MinorUnits));
        Assert.Equal(
            new JournalLines(
                Debit(AccountCode.LoanLossAllowanceSpp, TheFund, Money.Rupiah(1_500_000), BookDay.Open(May20)),
                Debit(AccountCode.LoanLossExpense, TheFund, Money.Rupiah(2_500_000), BookDay.Open(May20)),
                Credit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(4_000_000), BookDay.Open(May20), Borrower)),
            writtenOff.Lines);
    }

    /// <summary>
    /// 3,300,000 paid on 5 May become known: four instalments that are due and four ahead are 3,152,000, and of 148,000 the
    /// ninth takes 60,000 + 88,000. Principal is 8 x 334,000 + 88,000 = 2,760,000, so the loss is 1,240,000, all of it of the
    /// allowance: 2,500,000 less expense, then 260,000 less of the allowance.
    /// </summary>
    [Fact]
    public void After_a_write_off_a_late_payment_makes_the_loss_smaller_first_the_expense_then_the_allowance()
    {
        var history = Flat();
        history.Record(history.DecideWriteOff(May20, allowance: 1_500_000)).Pay(3_300_000, May5);

        Assert.Equal(LoanStatus.WrittenOff, history.Loan.Status);
        Assert.Equal(1_240_000, BalanceOf(AccountCode.LoanLossAllowanceSpp, history));
        Assert.Equal(0, BalanceOf(AccountCode.LoanLossExpense, history));
        Assert.Equal(0, BalanceOf(AccountCode.WriteOffRecoveries, history));
        Assert.Equal(0, BalanceOf(AccountCode.LoansReceivableSpp, history));
        Assert.Equal(1_240_000, LoanPosition.Of(history.Loan, May20).Claim.MinorUnits);
        Assert.Null(history.CheckBooks());
    }

    [Fact]
    public void What_is_recovered_is_income_and_the_claim_lives_until_it_is_given_up()
    {
        var (writeOff, recovery, forgiveness) = (NewTransaction(), NewTransaction(), NewTransaction());
        var history = Flat();
        Assert.Equal("loan-not-written-off", Refused(history.DecideRecovery(1, May20)));
        history.Record(history.DecideWriteOff(May20, id: writeOff));
        Assert.Equal("loan-not-active", Refused(history.Decide(1_000, May20.AddDays(1))));
        Assert.Equal("before-write-off", Refused(history.DecideRecovery(1_000, May5)));
        Assert.Equal("exceeds-claim", Refused(history.DecideRecovery(4_240_001, May20)));

        history.Record(history.DecideRecovery(240_000, May20, recovery));
        Assert.Equal(-240_000, BalanceOf(AccountCode.WriteOffRecoveries, history));
        Assert.Equal(4_000_000, LoanPosition.Of(history.Loan, May20).Claim.MinorUnits);
        Assert.Equal("later-facts-depend-on-it", Refused(history.DecideReversal(writeOff, ReversalKind.EnteredInError, May20)));

        history.Record(history.DecideForgiveness(May20.AddDays(5), forgiveness));
        Assert.Equal(0, LoanPosition.Of(history.Loan, Today).Claim.MinorUnits);
        Assert.Equal("claim-forgiven", Refused(history.DecideRecovery(1, Today)));

        history.Reverse(forgiveness).Reverse(recovery).Reverse(writeOff);
        Assert.Equal(LoanStatus.Active, history.Loan.Status);
        Assert.Equal(4_000_000, BalanceOf(AccountCode.LoansReceivableSpp, history));
        Assert.Null(history.CheckBooks());
    }

    /// <summary>250,000 were paid on 5 February: 100,000 were due, 150,000 are held. All of it pays before 750,000 are lost.</summary>
    [Fact]
    public void Money_that_is_held_pays_before_a_write_off()
    {
        var history = Of(Terms(InterestMethod.None, "0") with { Advance = AdvanceRule.Hold }, 1_000_000, 10).Pay(250_000, new DateOnly(2026, 2, 5));

        history.Record(history.DecideWriteOff(new DateOnly(2026, 2, 20)));

        Assert.Equal(750_000, BalanceOf(AccountCode.LoanLossExpense, history));
        Assert.Equal(0, BalanceOf(AccountCode.AdvancesHeld, history));
        Assert.Null(history.CheckBooks());
    }

    /// <summary>She dies after four instalments: 2,664,000 are paid by the fund's premiums; her interest is let off.</summary>
    [Fact]
    public void When_a_borrower_dies_her_principal_is_paid_and_the_rest_is_let_off()
    {
        var history = FourPaid();
        Assert.Equal("exceeds-outstanding", Refused(history.DecideClaim(2_664_001, ClaimPayer.Insurer, May20)));

        history.Record(history.DecideClaim(2_664_000, ClaimPayer.OwnFund, May20));

        Assert.Equal(LoanStatus.Repaid, history.Loan.Status);
        Assert.Equal(2_664_000, BalanceOf(AccountCode.InsurancePremiumsPayable, history));
        Assert.Equal(480_000, LoanPosition.Of(history.Loan, May20).Waived.Interest.MinorUnits);
        Assert.Equal(-240_000, BalanceOf(AccountCode.InterestIncomeSpp, history));
        Assert.Null(history.CheckBooks());
    }

    [Fact]
    public void When_an_insurer_pays_a_part_the_heirs_owe_the_rest_and_a_late_payment_comes_back_to_them()
    {
        var part = FourPaid();
        part.Record(part.DecideClaim(2_000_000, ClaimPayer.Insurer, May20));
        Assert.Equal((664_000, 480_000), (part.Loan.Outstanding.MinorUnits - 480_000, LoanPosition.Of(part.Loan, May20).Outstanding.Interest.MinorUnits));

        var whole = FourPaid();
        whole.Record(whole.DecideClaim(2_664_000, ClaimPayer.Insurer, May20)).Pay(394_000, new DateOnly(2026, 5, 10));
        Assert.Equal(Money.Rupiah(334_000), whole.Loan.Advance);
        Assert.Null(whole.CheckBooks());
    }

    private static LoanHistory FourPaid()
    {
        var history = Flat();
        for (var month = 2; month <= 5; month++)
        {
            history.Pay(394_000, new DateOnly(2026, month, 5));
        }

        return history;
    }

    private static string Refused(Decision decision) => Assert.IsType<Decision.Refused>(decision).Refusal.Code;

    private static long BalanceOf(AccountCode account, LoanHistory history) =>
        history.Journal.Where(line => line.Account == account).Sum(line => line.Amount.MinorUnits);
}
