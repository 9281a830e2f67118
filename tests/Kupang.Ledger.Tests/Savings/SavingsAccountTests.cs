using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.Savings;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Members;
using Xunit;
using static Kupang.Ledger.Tests.Savings.SavingsHistory;

namespace Kupang.Ledger.Tests.Savings;

/// <summary>What may be taken out of an account, and what its passbook says.</summary>
public sealed class SavingsAccountTests
{
    [Fact]
    public void A_withdrawal_that_becomes_known_late_is_refused_when_a_later_day_could_not_bear_it()
    {
        // 100,000 on 1 March, 80,000 of it gone on 1 June, 60,000 more on 1 July: on 10 June only 20,000 was there.
        var history = new SavingsHistory().Deposit(100_000, Day(3, 1)).Withdraw(80_000, Day(6, 1)).Deposit(60_000, Day(7, 1));

        history.DecideWithdrawal(20_001, Day(4, 1)).IsRefused("insufficient-savings", "/amount");
        Assert.Equal((Money.Rupiah(20_000), Day(6, 1)), SavingsPosition.LeastFreeFrom(history.Account, Day(4, 1)));

        history.Withdraw(20_000, Day(4, 1));
        Assert.Equal((Money.Rupiah(60_000), Day(7, 1)), SavingsPosition.LeastFreeFrom(history.Account, Day(7, 1)));
    }

    [Fact]
    public void What_is_held_and_the_minimum_balance_stay_in_the_account()
    {
        var hold = NewTransaction();
        var history = new SavingsHistory(Voluntary("10000")).Deposit(100_000, Day(3, 1)).Hold(50_000, Day(5, 1), hold);

        history.DecideWithdrawal(40_001, Day(4, 1)).IsRefused("insufficient-savings", "/amount");
        history.DecideHold(40_001, Day(5, 2)).IsRefused("insufficient-savings", "/amount");
        history.DecideClosing(Day(6, 1)).IsRefused("savings-held", pointer: null);

        // A release of 1 June frees nothing on 30 May.
        history.Record(history.DecideRelease(hold, 20_000, Day(6, 1)));
        history.DecideWithdrawal(40_001, Day(5, 30)).IsRefused("insufficient-savings", "/amount");
        history.Withdraw(60_000, Day(6, 1));
        history.DecideRelease(hold, 30_001, Day(6, 2)).IsRefused("exceeds-hold", "/amount");
        history.DecideRelease(NewTransaction(), null, Day(6, 2)).IsRefused("unknown-hold", "/holdId");
    }

    [Fact]
    public void Savings_that_are_locked_can_be_taken_out_from_the_day_the_lock_ends()
    {
        var history = new SavingsHistory(Voluntary() with { LockIn = new LockIn(3, FrequencyUnit.Month) }).Deposit(100_000, OpenedOn);

        history.DecideWithdrawal(1, Day(3, 31)).IsRefused("savings-locked", "/effectiveOn");
        history.DecideClosing(Day(3, 31)).IsRefused("savings-locked", "/effectiveOn");
        history.Withdraw(1, Day(4, 1));
    }

    [Fact]
    public void A_month_has_as_many_withdrawals_as_the_terms_say_and_one_that_was_taken_back_does_not_count()
    {
        var second = NewTransaction();
        var history = new SavingsHistory(Voluntary() with { Withdrawals = new WithdrawalRule(true, MaximumPerMonth: 2) })
            .Deposit(100_000, Day(3, 1)).Withdraw(1, Day(4, 1)).Withdraw(1, Day(4, 30), second);

        history.DecideWithdrawal(1, Day(4, 15)).IsRefused("too-many-withdrawals", "/effectiveOn");
        history.Withdraw(1, Day(5, 1));
        history.Record(history.DecideReversal(second)).Withdraw(1, Day(4, 15));
    }

    [Fact]
    public void Principal_savings_are_paid_once_and_whole_and_come_back_when_the_account_is_closed()
    {
        var first = NewTransaction();
        var history = new SavingsHistory(new SavingsTerms("IDR", SavingsKind.Principal, Contribution: new SavingsContribution("100000")));

        history.DecideDeposit(50_000, Day(3, 1)).IsRefused("contribution-differs", "/amount");
        history.Deposit(100_000, Day(3, 1), first);
        history.DecideDeposit(100_000, Day(3, 2)).IsRefused("principal-already-paid", "/amount");
        history.DecideWithdrawal(1, Day(3, 2)).IsRefused("withdrawals-not-allowed", pointer: null);

        // It was written down twice by mistake: taken back, it can be paid again.
        history.Record(history.DecideReversal(first)).Deposit(100_000, Day(3, 5));
        history.Record(history.DecideClosing(Day(6, 1)));
        Assert.Equal(Money.Rupiah(0), history.Account.Balance);
        history.DecideDeposit(100_000, Day(6, 2)).IsRefused("savings-account-closed", pointer: null);
    }

    [Fact]
    public void Taking_a_deposit_back_may_leave_less_than_must_be_there_which_is_shown_and_stops_withdrawals()
    {
        var wrong = NewTransaction();
        var history = new SavingsHistory(Voluntary("10000")).Deposit(50_000, Day(3, 1)).Deposit(100_000, Day(3, 2), wrong).Withdraw(120_000, Day(4, 1));

        history.Record(history.DecideReversal(wrong));

        var answer = SavingsAccountAnswer.Of(history.Account, Today, 1);
        Assert.Equal((Money.Rupiah(-70_000), Money.Rupiah(0), Money.Rupiah(80_000)), (answer.Balance, answer.Available, answer.BelowFloorBy));
        history.DecideWithdrawal(1, Today).IsRefused("insufficient-savings", "/amount");
        history.DecideClosing(Today).IsRefused("savings-overdrawn", pointer: null);
    }

    [Fact]
    public void What_was_paid_out_at_the_closing_is_taken_back_before_what_it_rests_on_and_opens_the_account_again()
    {
        var deposit = NewTransaction();
        var history = new SavingsHistory().Deposit(50_000, Day(3, 1), deposit);
        history.DecideClosing(Day(2, 28)).IsRefused("before-last-movement", "/effectiveOn");
        history.Record(history.DecideClosing(Day(4, 1)));
        var closing = history.Account.Closing!.Id;

        history.DecideReversal(deposit).IsRefused("later-facts-depend-on-it", "/transactionId");
        history.Record(history.DecideReversal(closing)).Record(history.DecideReversal(deposit));

        Assert.Null(history.Account.Closing);
        Assert.Equal(Money.Rupiah(0), history.Account.Balance);
    }

    /// <summary>By hand: the deposit of 28 February counts in March, whose books were open when it became known.</summary>
    [Fact]
    public void The_passbook_says_what_was_there_after_each_movement_by_the_days_of_either_basis()
    {
        var history = new SavingsHistory().Deposit(30_000, Day(1, 10)).CloseBooksThrough(Day(2, 28)).Withdraw(10_000, Day(3, 1)).Deposit(5_000, Day(2, 28));

        Assert.Equal(
            [(Day(1, 10), "30000 IDR"), (Day(2, 28), "35000 IDR"), (Day(3, 1), "25000 IDR")],
            history.Passbook().Rows.Select(row => (row.EffectiveOn, row.Balance.ToString())));
        Assert.Equal(
            [(Day(1, 10), "30000 IDR"), (Day(3, 1), "35000 IDR"), (Day(3, 1), "25000 IDR")],
            history.Passbook(Basis.Booked).Rows.Select(row => (row.BookedOn, row.Balance.ToString())));
        var march = history.Passbook(from: Day(3, 1));
        Assert.Equal(("35000 IDR", "25000 IDR"), (march.Opening.ToString(), march.Closing.ToString()));
    }

    /// <summary>10,000 each month from 31 January on: with 28 February, 31 March and 30 April four are due by May.</summary>
    [Fact]
    public void Compulsory_savings_are_due_by_their_rhythm_from_the_day_of_opening()
    {
        var monthly = new SavingsContribution("10000", 1, FrequencyUnit.Month);
        var anchor = new DateOnly(2026, 1, 31);
        Assert.Equal([0, 1, 1, 2, 2, 3, 4], new[] { Day(1, 30), Day(1, 31), Day(2, 27), Day(2, 28), Day(3, 30), Day(3, 31), Day(5, 1) }.Select(day => monthly.CountDue(anchor, day)));
        var fortnightly = new SavingsContribution("5000", 2, FrequencyUnit.Week);
        Assert.Equal([1, 1, 2], new[] { Day(1, 31), Day(2, 13), Day(2, 14) }.Select(day => fortnightly.CountDue(anchor, day)));

        var history = new SavingsHistory(new SavingsTerms("IDR", SavingsKind.Compulsory, Contribution: monthly)).Deposit(25_000, Day(2, 1));
        Assert.Equal(
            new ContributionStanding(Money.Rupiah(30_000), Money.Rupiah(25_000), Money.Rupiah(5_000)), SavingsPosition.Contributions(history.Account, Day(3, 1)));
    }

    [Fact]
    public void An_account_whose_owner_moves_nothing_is_dormant_from_a_day_on_that_no_job_needs_to_find()
    {
        var history = new SavingsHistory(Voluntary() with { DormantAfterMonths = 6 }).Deposit(10_000, Day(3, 31));

        Assert.False(SavingsPosition.IsDormant(history.Account, Day(9, 29)));
        Assert.True(SavingsPosition.IsDormant(history.Account, Day(9, 30)));
        Assert.False(SavingsPosition.IsDormant(history.Withdraw(1, Day(9, 1)).Account, Day(9, 30)));
    }

    [Fact]
    public void A_day_before_the_opening_or_after_today_and_another_currency_are_refused()
    {
        var history = new SavingsHistory();

        history.DecideDeposit(1, OpenedOn.AddDays(-1)).IsRefused("before-opening", "/effectiveOn");
        history.DecideDeposit(1, Today.AddDays(1)).IsRefused("in-the-future", "/effectiveOn");
        history.DecideDeposit(0, Today).IsRefused("amount-not-positive", "/amount");
    }
}
