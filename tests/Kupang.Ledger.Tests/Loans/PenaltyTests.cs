using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.SharedKernel.JournalLine;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>
/// Late penalties as functions of the date, counted by hand: 4,000,000 at 1.5 % flat over 12 months, instalments of 334,000 +
/// 60,000 = 394,000 from 5 February 2026 on.
/// </summary>
public sealed class PenaltyTests
{
    private static readonly PenaltyRule TenthOfAPercentADay = new(PenaltyKind.PerDay, new Percentage(0.1m));

    /// <summary>5 February is the due day: nothing. On the 6th one day of 0.1 % of 394,000 = 394; on the 15th ten days = 3,940.</summary>
    [Theory]
    [InlineData("2026-02-05", 0)]
    [InlineData("2026-02-06", 394)]
    [InlineData("2026-02-15", 3_940)]
    public void Days_count_from_the_one_after_the_due_date_to_the_day_itself(string day, long penalty) =>
        Assert.Equal(penalty, PenaltyOn(Loan(TenthOfAPercentADay), day));

    /// <summary>
    /// 5 February to 5 March are 28 days: 28 x 394 = 11,032. On 10 March the first bears 33 x 394 = 13,002 and the second
    /// 5 x 394 = 1,970: 14,972.
    /// </summary>
    [Fact]
    public void Each_overdue_instalment_bears_its_own_days()
    {
        Assert.Equal(11_032, PenaltyOn(Loan(TenthOfAPercentADay), "2026-03-05"));
        Assert.Equal(14_972, PenaltyOn(Loan(TenthOfAPercentADay), "2026-03-10"));
    }

    /// <summary>
    /// On 15 February she pays 194,000: ten days of 394 were borne. 200,000 is left, so each further day bears 200: on the 20th
    /// 3,940 + 5 x 200 = 4,940.
    /// </summary>
    [Fact]
    public void It_is_counted_on_what_was_unpaid_when_each_day_began() =>
        Assert.Equal(4_940, PenaltyOn(Loan(TenthOfAPercentADay).Pay(194_000, new DateOnly(2026, 2, 15)), "2026-02-20"));

    /// <summary>Of 60,000 + 134,000 paid, 200,000 of principal is open: by the principal 10 x 334 + 5 x 200 = 4,340; by the instalment 15 x 394 = 5,910.</summary>
    [Theory]
    [InlineData(PenaltyBase.OverduePrincipal, 4_340)]
    [InlineData(PenaltyBase.Instalment, 5_910)]
    public void Or_on_another_base(PenaltyBase of, long penalty) =>
        Assert.Equal(penalty, PenaltyOn(Loan(TenthOfAPercentADay with { Base = of }).Pay(194_000, new DateOnly(2026, 2, 15)), "2026-02-20"));

    /// <summary>Three days of grace: on 8 February nothing; on the 9th all four days count, 4 x 394 = 1,576. Paid on the 8th it bears none for ever.</summary>
    [Fact]
    public void Within_the_days_of_grace_nothing_is_borne_and_after_them_all_days_count()
    {
        var rule = TenthOfAPercentADay with { GraceDays = 3 };

        Assert.Equal(0, PenaltyOn(Loan(rule), "2026-02-08"));
        Assert.Equal(1_576, PenaltyOn(Loan(rule), "2026-02-09"));
        Assert.Equal(0, PenaltyOn(Loan(rule).Pay(394_000, new DateOnly(2026, 2, 8)), "2026-03-05"));
    }

    /// <summary>5 % of 394,000 is 19,700, which 50 days reach: on 27 March the first bears that, the second 22 x 394 = 8,668.</summary>
    [Fact]
    public void An_instalment_bears_no_more_than_its_cap() =>
        Assert.Equal(19_700 + 8_668, PenaltyOn(Loan(TenthOfAPercentADay with { CapPercent = new Percentage(5) }), "2026-03-27"));

    /// <summary>14,972 of two instalments together goes up to 15,000, not 13,002 and 1,970 each to 13,500 and 2,000.</summary>
    [Fact]
    public void What_the_loan_owes_is_rounded_once() =>
        Assert.Equal(15_000, PenaltyOn(Loan(TenthOfAPercentADay with { Rounding = new PenaltyRounding("500", RoundingMode.Up) }), "2026-03-10"));

    [Fact]
    public void A_flat_penalty_is_borne_once_by_each_instalment_that_is_late()
    {
        var rule = new PenaltyRule(PenaltyKind.FlatPerInstalment, Amount: "5000");

        Assert.Equal(0, PenaltyOn(Loan(rule), "2026-02-05"));
        Assert.Equal(5_000, PenaltyOn(Loan(rule), "2026-03-05"));
        Assert.Equal(10_000, PenaltyOn(Loan(rule), "2026-03-06"));
        Assert.Equal(5_000, PenaltyOn(Loan(rule).Pay(394_000, new DateOnly(2026, 2, 20)), "2026-03-05"));
    }

    /// <summary>1,000 may be unpaid: what is left of 394,000 bears nothing.</summary>
    [Fact]
    public void What_is_tolerated_bears_none() => Assert.Equal(
        0,
        PenaltyOn(
            Of(Terms(InterestMethod.Flat, "1.5") with { Rounding = new RoundingRule("1000", RoundingMode.Up), Penalty = TenthOfAPercentADay, ArrearsTolerance = "1000" }, 4_000_000, 12)
                .Pay(393_000, new DateOnly(2026, 2, 5)),
            "2026-03-05"));

    /// <summary>On 15 February 500,000 pay 394,000, then 3,940 of penalty, and 102,060 ahead: 60,000 + 42,060 of instalment 2.</summary>
    [Fact]
    public void It_is_paid_after_what_is_due_and_before_what_is_paid_ahead_and_is_income_then()
    {
        var day = new DateOnly(2026, 2, 15);
        var repayment = Assert.IsType<RepaymentRecorded>(Assert.Single(Assert.IsType<Decision.ToRecord>(Loan(TenthOfAPercentADay).Decide(500_000, day)).Facts).Data);

        Assert.Equal(
            [(1, SplitComponent.Interest, 60_000), (1, SplitComponent.Principal, 334_000), (null, SplitComponent.Penalty, 3_940), (2, SplitComponent.Interest, 60_000), (2, SplitComponent.Principal, 42_060)],
            repayment.Split.Select(part => (part.Instalment, part.Component, part.Amount.MinorUnits)));
        var borrower = new Party(PartyKind.Member, TheMember.Value);
        Assert.Equal(
            new JournalLines(
                Debit(AccountCode.Cash, TheFund, Money.Rupiah(500_000), BookDay.Open(day)),
                Credit(AccountCode.InterestIncomeSpp, TheFund, Money.Rupiah(120_000), BookDay.Open(day), borrower),
                Credit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(376_060), BookDay.Open(day), borrower),
                Credit(AccountCode.PenaltyIncomeSpp, TheFund, Money.Rupiah(3_940), BookDay.Open(day), borrower)),
            repayment.Lines);
    }

    /// <summary>The payment of 5 February becomes known late: what was taken as penalty on the 15th pays instalment 2 ahead.</summary>
    [Fact]
    public void A_payment_that_was_made_in_time_leaves_no_penalty_when_it_becomes_known()
    {
        var history = Loan(TenthOfAPercentADay).Pay(394_000 + 3_940, new DateOnly(2026, 2, 15)).Pay(394_000, new DateOnly(2026, 2, 5));

        Assert.Equal(0, history.Journal.Where(line => line.Account == AccountCode.PenaltyIncomeSpp).Sum(line => line.Amount.MinorUnits));
        Assert.Equal(4_720_000 - 394_000 - 397_940, LoanPosition.Of(history.Loan, new DateOnly(2026, 2, 15)).Outstanding.Total.MinorUnits);
        Assert.Null(history.CheckBooks());
    }

    /// <summary>All is paid late and in full but the penalty: the loan is active until that is paid or let off.</summary>
    [Fact]
    public void A_loan_is_repaid_when_its_penalty_is_too()
    {
        var last = new DateOnly(2027, 1, 6);
        var history = Loan(new PenaltyRule(PenaltyKind.FlatPerInstalment, Amount: "5000")).Pay(4_720_000, last);
        Assert.Equal(LoanStatus.Active, history.Loan.Status);

        history.Pay(60_000, last);

        Assert.Equal(LoanStatus.Repaid, history.Loan.Status);
        Assert.Equal(60_000, LoanPosition.Of(history.Loan, last).Paid.Penalty.MinorUnits);
    }

    [Theory]
    [InlineData(PenaltyKind.None, "0.1", null, "kind")]
    [InlineData(PenaltyKind.PerDay, null, null, "ratePercentPerDay")]
    [InlineData(PenaltyKind.PerDay, "0.1", "5000", "amount")]
    [InlineData(PenaltyKind.FlatPerInstalment, null, null, "amount")]
    [InlineData(PenaltyKind.FlatPerInstalment, null, "0", "amount")]
    [InlineData(PenaltyKind.FlatPerInstalment, "0.1", "5000", "ratePercentPerDay")]
    public void A_rule_names_what_its_kind_needs_and_nothing_else(PenaltyKind kind, string? rate, string? amount, string misfit)
    {
        var percent = rate is null ? (Percentage?)null : new Percentage(decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture));
        var terms = Terms(InterestMethod.Flat, "1.5") with { Penalty = new PenaltyRule(kind, percent, amount) };

        var refusal = Assert.IsType<Decision.Refused>(terms.Check("")).Refusal;

        Assert.Equal(("terms-out-of-range", $"/penalty/{misfit}"), (refusal.Code, refusal.Pointer));
    }

    private static LoanHistory Loan(PenaltyRule rule) =>
        Of(Terms(InterestMethod.Flat, "1.5") with { Rounding = new RoundingRule("1000", RoundingMode.Up), Penalty = rule }, 4_000_000, 12);

    private static long PenaltyOn(LoanHistory history, string day) =>
        LoanPosition.Of(history.Loan, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).Outstanding.Penalty.MinorUnits;
}
