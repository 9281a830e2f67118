using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>
/// What a holiday does that becomes known while a loan runs. The loan is due on the 5th of each month of 2026: Thursday in
/// February and March, a Sunday in April, Tuesday in May, Friday in June.
/// </summary>
public sealed class MoveDueDatesTests
{
    private static readonly TransactionId Import = new(Guid.Parse("019b8c10-0000-7000-8000-0000000000aa"));
    private static readonly DateOnly March = new(2026, 3, 5);

    [Fact]
    public void Only_dates_after_the_day_of_the_decision_move()
    {
        var history = Loan(HolidayRule.NextWorkingDay);

        // The day of the decision is 5 March: what is due on it stays.
        Assert.Equal(["3: 2026-04-06 > 2026-04-07", "4: 2026-05-05 > 2026-05-06"], Moves(history, March, "2026-02-05", "2026-03-05", "2026-04-06", "2026-05-05"));
    }

    [Fact]
    public void A_loan_that_keeps_its_days_does_not_move()
    {
        Assert.Empty(Moves(Loan(HolidayRule.SameDay), March, "2026-05-05"));
        Assert.Empty(Moves(Loan(HolidayRule.NextWorkingDay), March, "2026-05-06"));
        Assert.Empty(Moves(Loan(HolidayRule.NextWorkingDay).Pay(4_720_000, March), March, "2026-05-05"));
    }

    [Fact]
    public void A_holiday_taken_back_brings_the_day_of_the_contract_back()
    {
        var history = Loan(HolidayRule.NextWorkingDay);
        history.Record(Decide(history, March, "2026-05-05"));

        Assert.Equal(["4: 2026-05-06 > 2026-05-05"], Moves(history, March.AddDays(1)));
        Assert.Empty(Moves(history, new DateOnly(2026, 5, 6)));
    }

    /// <summary>By hand: on Tuesday 5 May the holiday of that day is taken back. The 6th, to which it had moved, stays; were the 6th one too it is the 7th.</summary>
    [Fact]
    public void A_date_whose_day_of_the_contract_has_passed_stays_where_it_moved_to()
    {
        var history = Loan(HolidayRule.NextWorkingDay);
        history.Record(Decide(history, March, "2026-05-05"));

        Assert.Empty(Moves(history, new DateOnly(2026, 5, 5)));
        Assert.Equal(["4: 2026-05-06 > 2026-05-07"], Moves(history, new DateOnly(2026, 5, 5), "2026-05-06"));
    }

    /// <summary>By hand: it is Monday 4 May and Tuesday becomes a holiday. Going back would be to Monday itself, so it goes forward to Wednesday.</summary>
    [Fact]
    public void Nobody_is_in_arrears_by_hearing_of_a_holiday()
    {
        var history = Loan(HolidayRule.PreviousWorkingDay);

        Assert.Equal(["4: 2026-05-05 > 2026-05-06"], Moves(history, new DateOnly(2026, 5, 4), "2026-05-05"));
        Assert.Equal(["4: 2026-05-05 > 2026-05-04"], Moves(history, new DateOnly(2026, 5, 3), "2026-05-05"));
    }

    /// <summary>By hand: the group meets on the 28th; the instalment of 5 May waits for 28 May, a Thursday, and that of June, due on the 5th, stays behind it.</summary>
    [Fact]
    public void The_next_meeting_is_the_groups()
    {
        var history = Loan(HolidayRule.NextMeeting);
        var calendar = Calendar("2026-05-05") with { Meetings = new MeetingDays.OnDayOfMonth(28) };

        // 5 April is a Sunday: without a meeting it was moved to Monday, with one it waits for Tuesday 28 April. So is 5 July, a Sunday.
        Assert.Equal(
            ["3: 2026-04-06 > 2026-04-28", "4: 2026-05-05 > 2026-05-28", "6: 2026-07-06 > 2026-07-28"],
            MoveDueDatesDecider.DatesOf(history.Loan, calendar, March).Select(Line));
    }

    /// <summary>By hand: each week on Monday, the group meets on the 28th; three Mondays of January wait for the 28th, a Wednesday, together.</summary>
    [Fact]
    public void An_instalment_never_falls_due_before_the_one_before_it()
    {
        var terms = Terms(InterestMethod.None, "0") with { Repayment = new RepaymentFrequency(1, FrequencyUnit.Week), Holidays = HolidayRule.NextMeeting };
        var calendar = Calendar("2026-01-12") with { Meetings = new MeetingDays.OnDayOfMonth(28) };

        var made = Assert.IsType<ScheduleResult.Made>(LoanSchedules.Of(terms, Money.Rupiah(400_000), 4, DisbursedOn, firstDueOn: null, calendar));

        // Mondays 12, 19, 26 January and 2 February; the first is a holiday.
        Assert.Equal(
            [new DateOnly(2026, 1, 28), new DateOnly(2026, 1, 28), new DateOnly(2026, 1, 28), new DateOnly(2026, 2, 2)],
            made.Schedule.Instalments.Select(row => row.DueOn));
    }

    /// <summary>By hand: 500,000 on 5 February pays instalment 1, 394,000; 106,000 are held for 5 March, which moves to Friday the 6th.</summary>
    [Fact]
    public void What_is_held_for_a_date_moves_with_it()
    {
        var receipt = NewTransaction();
        var history = Loan(HolidayRule.NextWorkingDay, AdvanceRule.Hold).Pay(500_000, new DateOnly(2026, 2, 5), receipt);

        var facts = Assert.IsType<Decision.ToRecord>(Decide(history, new DateOnly(2026, 2, 20), "2026-03-05")).Facts;

        var moved = Assert.IsType<LoanDueDatesMoved>(facts[0].Data);
        Assert.Equal((Import, "2: 2026-03-05 > 2026-03-06"), (moved.CausedBy, Line(Assert.Single(moved.Dates))));
        var reallocated = Assert.IsType<RepaymentsReallocated>(facts[1].Data);
        Assert.Equal((receipt, moved.MoveId), (Assert.Single(reallocated.Splits).RepaymentId, reallocated.CausedBy));
        Assert.Equal(
            [(March.AddDays(1), 60_000), (March.AddDays(1), 46_000)],
            reallocated.Splits[0].Split.Where(part => part.AppliedOn is not null).Select(part => (part.AppliedOn!.Value, part.Amount.MinorUnits)));
        Assert.Equal(106_000, NetOn(reallocated.Lines, AccountCode.AdvancesHeld, March, sign: -1));
        Assert.Equal(106_000, NetOn(reallocated.Lines, AccountCode.AdvancesHeld, March.AddDays(1), sign: 1));

        history.Record(Decide(history, new DateOnly(2026, 2, 20), "2026-03-05"));
        Assert.Equal((3_666_000, 106_000), Standing(history.Loan, March));
        Assert.Equal((3_620_000, 0), Standing(history.Loan, March.AddDays(1)));
        Assert.Null(history.CheckBooks());
    }

    [Fact]
    public void What_is_paid_ahead_at_once_keeps_what_it_paid_and_only_the_dates_are_said_anew()
    {
        var history = Loan(HolidayRule.NextWorkingDay).Pay(500_000, new DateOnly(2026, 2, 5));

        var facts = Assert.IsType<Decision.ToRecord>(Decide(history, new DateOnly(2026, 2, 20), "2026-03-05")).Facts;

        Assert.IsType<LoanDueDatesMoved>(facts[0].Data);
        Assert.IsType<RepaymentsReassigned>(Assert.Single(facts.Skip(1)).Data);
        history.Record(Decide(history, new DateOnly(2026, 2, 20), "2026-03-05"));
        Assert.Null(history.CheckBooks());
    }

    /// <summary>By hand: 1,920,000 on 5 February leaves seven instalments, of which that of 5 May moves to the 6th; their amounts stay.</summary>
    [Fact]
    public void A_schedule_made_anew_by_principal_paid_ahead_moves_too()
    {
        var terms = Terms(InterestMethod.DecliningEqualPrincipal, "2") with
        {
            Advance = AdvanceRule.ReducePrincipal,
            Effect = ReductionEffect.Shorten,
            Holidays = HolidayRule.NextWorkingDay,
        };
        var history = Of(terms, 6_000_000, 10).Pay(1_920_000, new DateOnly(2026, 2, 5));
        var before = history.Loan.Schedule;

        history.Record(Decide(history, March, "2026-05-05"));

        Assert.Equal(new DateOnly(2026, 5, 6), history.Loan.Schedule[3].DueOn);
        Assert.Equal(before.Select(row => (row.Principal, row.Interest)), history.Loan.Schedule.Select(row => (row.Principal, row.Interest)));
        Assert.Equal(before.Select(row => row.ContractDueOn), history.Loan.Schedule.Select(row => row.ContractDueOn));
        Assert.Empty(Moves(history, March, "2026-05-05"));
    }

    /// <summary>By hand: half of 4,000,000 goes out in January and half on 20 February. The instalment of 5 May moves once, with both its parts.</summary>
    [Fact]
    public void A_loan_paid_out_in_tranches_moves_as_one()
    {
        var terms = Terms(InterestMethod.None, "0") with { Holidays = HolidayRule.NextWorkingDay, MaximumTranches = 2 };
        var history = InTranches(terms, 10, 2_000_000, new FundingShare(TheFund, Money.Rupiah(4_000_000)));
        history.Record(history.DecideTranche(null, new DateOnly(2026, 2, 20)));

        Assert.Single(Assert.IsType<Decision.ToRecord>(Decide(history, March, "2026-05-05")).Facts);
        history.Record(Decide(history, March, "2026-05-05"));

        // Of the first half 200,000, of the second a ninth: 222,222.

        Assert.Equal((new DateOnly(2026, 5, 6), 422_222), (history.Loan.Schedule[3].DueOn, history.Loan.Schedule[3].Principal.MinorUnits));
        Assert.Equal(new DateOnly(2026, 5, 6), LoanPosition.Of(history.Loan, DisbursedOn).Instalments[3].Instalment.DueOn);
        Assert.Empty(Moves(history, March, "2026-05-05"));
        Assert.Null(history.CheckBooks());
    }

    /// <summary>
    /// By hand: on 20 February the twelve instalments move a month, as numbers 13 to 24. That of 5 April is number 15 then, due on 5
    /// May; it moves, and a receipt of before found later still meets it on the 6th.
    /// </summary>
    [Fact]
    public void A_loan_that_was_rescheduled_moves_by_its_new_dates()
    {
        var history = Loan(HolidayRule.NextWorkingDay);
        history.Record(history.DecideRescheduling(new NewSchedule(ShiftPeriods: 1), new DateOnly(2026, 2, 20)));

        Assert.Equal(["15: 2026-05-05 > 2026-05-06"], Moves(history, March, "2026-05-05"));
        history.Record(Decide(history, March, "2026-05-05"));
        history.Pay(100_000, new DateOnly(2026, 2, 10));

        Assert.Equal(new DateOnly(2026, 5, 6), history.Loan.Schedule.Single(row => row.Number == 15).DueOn);
        Assert.Empty(Moves(history, March, "2026-05-05"));
        Assert.Null(history.CheckBooks());
    }

    /// <summary>Arrears count from the day it is awaited on: on the holiday itself nothing is overdue.</summary>
    [Fact]
    public void Days_past_due_count_from_the_date_it_moved_to()
    {
        var history = Loan(HolidayRule.NextWorkingDay).Pay(394_000, new DateOnly(2026, 2, 5));
        history.Record(Decide(history, new DateOnly(2026, 2, 20), "2026-03-05"));

        Assert.Equal(0, LoanPosition.Of(history.Loan, March).Arrears.Total.MinorUnits);
        Assert.Equal(4, LoanPosition.Of(history.Loan, new DateOnly(2026, 3, 10)).DaysPastDue);
    }

    private static LoanHistory Loan(HolidayRule rule, AdvanceRule advance = AdvanceRule.NextInstalment) => Of(
        Terms(InterestMethod.Flat, "1.5") with { Rounding = new RoundingRule("1000", RoundingMode.Up), Advance = advance, Holidays = rule }, 4_000_000, 12);

    private static WorkingCalendar Calendar(params string[] holidays) =>
        WorkingCalendar.Of(WorkingWeek.MondayToSaturday, holidays.Select(day => DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));

    private static IEnumerable<string> Moves(LoanHistory history, DateOnly today, params string[] holidays) =>
        MoveDueDatesDecider.DatesOf(history.Loan, Calendar(holidays), today).Select(Line);

    private static Decision Decide(LoanHistory history, DateOnly today, params string[] holidays) => MoveDueDatesDecider.Decide(
        NewTransaction(), Import, history.Loan, history.Funds, Calendar(holidays), MomentOf(today, history.Facts.Count));

    private static string Line(MovedDueDate date) =>
        $"{date.Instalment}: {BusinessDateConverter.Write(date.From)} > {BusinessDateConverter.Write(date.To)}";

    private static long NetOn(JournalLines lines, AccountCode account, DateOnly day, int sign) =>
        lines.Where(line => line.Account == account && line.EffectiveOn == day).Sum(line => line.Amount.MinorUnits) * sign;

    private static (long Outstanding, long Advance) Standing(Loan loan, DateOnly day)
    {
        var position = LoanPosition.Of(loan, day);
        return (position.Outstanding.Principal.MinorUnits, position.Advance.MinorUnits);
    }
}
