using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.SharedKernel.AccountCode;
using static Kupang.Ledger.SharedKernel.JournalLine;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>
/// A <em>murabahah</em> of 3,000,000 at a margin of 10 % of the price, 300,000, over 3 months: three instalments of
/// 1,000,000 + 100,000, from 5 February on. All lines by hand.
/// </summary>
public sealed class LoanMarginTests
{
    private static readonly FundId Second = new(Guid.Parse("019b8c10-0000-7000-8000-000000000004"));
    private static readonly DateOnly February = new(2026, 2, 5);
    private static readonly DateOnly March = new(2026, 3, 5);
    private static readonly BookDay Day = BookDay.Open(February);
    private static readonly Party Borrower = new(PartyKind.Member, TheMember.Value);

    [Fact]
    public void The_sale_makes_the_price_and_the_margin_owed_and_no_income() => Assert.Equal(
        new JournalLines(
            Debit(MurabahahReceivable, TheFund, Money.Rupiah(3_300_000), BookDay.Open(DisbursedOn), Borrower),
            Credit(DeferredMurabahahMargin, TheFund, Money.Rupiah(300_000), BookDay.Open(DisbursedOn), Borrower),
            Credit(Cash, TheFund, Money.Rupiah(3_000_000), BookDay.Open(DisbursedOn))),
        Murabahah().Facts.Select(fact => fact.Data).OfType<LoanDisbursed>().Single().Lines);

    /// <summary>Whatever the booking class says: the loan's is SPP. A fee of 30,000 and its half and half are kept back from the price alone.</summary>
    [Fact]
    public void Each_fund_defers_its_part_and_a_fee_is_kept_back_from_the_price() => Assert.Equal(
        new JournalLines(
            Debit(MurabahahReceivable, TheFund, Money.Rupiah(2_200_000), Day, Borrower),
            Credit(DeferredMurabahahMargin, TheFund, Money.Rupiah(200_000), Day, Borrower),
            Credit(RevolvingBank, TheFund, Money.Rupiah(1_980_000), Day),
            Credit(AdministrationFeeIncome, TheFund, Money.Rupiah(20_000), Day, Borrower),
            Debit(MurabahahReceivable, Second, Money.Rupiah(1_100_000), Day, Borrower),
            Credit(DeferredMurabahahMargin, Second, Money.Rupiah(100_000), Day, Borrower),
            Credit(RevolvingBank, Second, Money.Rupiah(990_000), Day),
            Credit(AdministrationFeeIncome, Second, Money.Rupiah(10_000), Day, Borrower)),
        LoanPostingRules.Disbursement(
            [new FundingShare(TheFund, Money.Rupiah(2_000_000)), new FundingShare(Second, Money.Rupiah(1_000_000))],
            TheMember,
            [new Deduction(DeductionKind.AdministrationFee, Money.Rupiah(30_000))],
            BookingClass.Spp,
            Channel.BankTransfer,
            _ => Day,
            Money.Rupiah(300_000)));

    [Fact]
    public void A_payment_earns_the_margin_it_pays() => Assert.Equal(
        new JournalLines(
            Debit(Cash, TheFund, Money.Rupiah(600_000), Day),
            Credit(MurabahahMarginIncome, TheFund, Money.Rupiah(100_000), Day, Borrower),
            Credit(MurabahahReceivable, TheFund, Money.Rupiah(500_000), Day, Borrower),
            Credit(MurabahahReceivable, TheFund, Money.Rupiah(100_000), Day, Borrower),
            Debit(DeferredMurabahahMargin, TheFund, Money.Rupiah(100_000), Day, Borrower)),
        RepaymentOf(Murabahah().Decide(600_000, February)).Lines);

    /// <summary>Of 1,250,000 on 5 February 150,000 is held until 5 March, and pays the margin of March and 50,000 of the price then.</summary>
    [Fact]
    public void What_is_held_earns_its_margin_on_the_day_it_is_applied() => Assert.Equal(
        new JournalLines(
            Debit(Cash, TheFund, Money.Rupiah(1_250_000), Day),
            Credit(MurabahahMarginIncome, TheFund, Money.Rupiah(100_000), Day, Borrower),
            Credit(MurabahahReceivable, TheFund, Money.Rupiah(1_000_000), Day, Borrower),
            Credit(AdvancesHeld, TheFund, Money.Rupiah(150_000), Day, Borrower),
            Credit(MurabahahReceivable, TheFund, Money.Rupiah(100_000), Day, Borrower),
            Debit(DeferredMurabahahMargin, TheFund, Money.Rupiah(100_000), Day, Borrower),
            Debit(AdvancesHeld, TheFund, Money.Rupiah(150_000), BookDay.Open(March), Borrower),
            Credit(MurabahahMarginIncome, TheFund, Money.Rupiah(100_000), BookDay.Open(March), Borrower),
            Credit(MurabahahReceivable, TheFund, Money.Rupiah(50_000), BookDay.Open(March), Borrower),
            Credit(MurabahahReceivable, TheFund, Money.Rupiah(100_000), BookDay.Open(March), Borrower),
            Debit(DeferredMurabahahMargin, TheFund, Money.Rupiah(100_000), BookDay.Open(March), Borrower)),
        RepaymentOf(Murabahah(AdvanceRule.Hold).Decide(1_250_000, February)).Lines);

    /// <summary>
    /// 150,000 of 10 March paid the margin of February (100,000) and 50,000 of its price. Then 1,050,000 of 5 February becomes
    /// known: it pays that margin and 950,000 of the price, and the payment of March the 50,000 left of it and the margin of
    /// March. So in March as much margin is earned and nothing moves; with 1,100,000 the 50,000 are of the price of March.
    /// With 40,000 alone, 60,000 of the margin of February is left for March to pay, and with it 90,000 of the price.
    /// </summary>
    [Fact]
    public void A_late_payment_moves_margin_between_the_days_on_which_it_was_received()
    {
        var late = new DateOnly(2026, 3, 4);
        var history = Murabahah().Pay(150_000, late);

        Assert.IsType<RepaymentsReassigned>(Assert.IsType<Decision.ToRecord>(history.Decide(1_050_000, February)).Facts[1].Data);
        var moved = Assert.IsType<RepaymentsReallocated>(Assert.IsType<Decision.ToRecord>(history.Decide(40_000, February)).Facts[1].Data);
        Assert.Equal(
            new JournalLines(
                Debit(MurabahahMarginIncome, TheFund, Money.Rupiah(40_000), BookDay.Open(late), Borrower),
                Credit(DeferredMurabahahMargin, TheFund, Money.Rupiah(40_000), BookDay.Open(late), Borrower)),
            moved.Lines);
    }

    /// <summary>
    /// A margin of 3 rupiah, one a month, is deferred by two equal funds as 2 and 1. The first month's goes to the larger, the
    /// second's to the first of two alike, the third's to the one that has it left.
    /// </summary>
    [Fact]
    public void No_fund_has_margin_left_at_the_end()
    {
        var history = Of(
            Terms(AdvanceRule.NextInstalment, "0.0001"),
            3,
            new FundingShare(TheFund, Money.Rupiah(1_500_000)),
            new FundingShare(Second, Money.Rupiah(1_500_000)));
        for (var month = 0; month < 3; month++)
        {
            history.Pay(1_000_001, February.AddMonths(month));
        }

        Assert.Equal(LoanStatus.Repaid, history.Loan.Status);
        Assert.Equal([TheFund, TheFund, Second], history.Journal.Where(line => line.Account == MurabahahMarginIncome).Select(line => line.FundId));
        Assert.All(
            history.Journal.Where(line => line.Account == MurabahahReceivable || line.Account == DeferredMurabahahMargin).GroupBy(line => (line.FundId, line.Account)),
            account => Assert.Equal(0, account.Sum(line => line.Amount.MinorUnits)));
        Assert.Null(history.CheckBooks());
    }

    [Fact]
    public void Terms_that_a_margin_agreed_once_knows_nothing_of_are_refused()
    {
        var terms = Terms(AdvanceRule.NextInstalment);

        Assert.Null(terms.Check(""));
        AssertRefused("/advance", terms with { Advance = AdvanceRule.ReducePrincipal, Effect = ReductionEffect.Shorten });
        AssertRefused("/maximumTranches", terms with { MaximumTranches = 2 });
        AssertRefused("/penalty/kind", terms with { Penalty = new PenaltyRule(PenaltyKind.PerDay, new Percentage(0.1m)) });

        static void AssertRefused(string pointer, LoanTerms terms)
        {
            var refusal = Assert.IsType<Decision.Refused>(terms.Check("")).Refusal;
            Assert.Equal(("terms-out-of-range", pointer), (refusal.Code, refusal.Pointer));
        }
    }

    private static LoanTerms Terms(AdvanceRule advance, string percent = "10") => LoanHistory.Terms(InterestMethod.FixedMargin, percent) with
    {
        Interest = new InterestRule(InterestMethod.FixedMargin, new Percentage(decimal.Parse(percent, System.Globalization.CultureInfo.InvariantCulture)), RatePeriod.Term),
        Advance = advance,
    };

    private static LoanHistory Murabahah(AdvanceRule advance = AdvanceRule.NextInstalment) => Of(Terms(advance), 3_000_000, 3);

    private static RepaymentRecorded RepaymentOf(Decision decision) =>
        Assert.IsType<RepaymentRecorded>(Assert.Single(Assert.IsType<Decision.ToRecord>(decision).Facts).Data);
}
