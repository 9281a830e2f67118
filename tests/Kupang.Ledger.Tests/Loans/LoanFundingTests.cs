using CsCheck;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.SharedKernel.JournalLine;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>A loan of 6,000,000, two thirds of it from one fund and a third from another, at 2 % of the balance over 10 months.</summary>
public sealed class LoanFundingTests
{
    private static readonly FundId Second = new(Guid.Parse("019b8c10-0000-7000-8000-000000000004"));
    private static readonly DateOnly FirstDue = new(2026, 2, 5);
    private static readonly BookDay Day = BookDay.Open(FirstDue);
    private static readonly Party Borrower = new(PartyKind.Member, TheMember.Value);

    /// <summary>By hand: of 120,000 interest 80,000 and 40,000, of 600,000 principal 400,000 and 200,000.</summary>
    [Fact]
    public void A_payment_is_divided_between_the_funds_and_each_funds_lines_balance()
    {
        var repayment = RepaymentOf(Loan(), 720_000);

        Assert.Equal(
            [
                new SplitPart(1, FirstDue, SplitComponent.Interest, Money.Rupiah(80_000), FundId: TheFund),
                new SplitPart(1, FirstDue, SplitComponent.Interest, Money.Rupiah(40_000), FundId: Second),
                new SplitPart(1, FirstDue, SplitComponent.Principal, Money.Rupiah(400_000), FundId: TheFund),
                new SplitPart(1, FirstDue, SplitComponent.Principal, Money.Rupiah(200_000), FundId: Second),
            ],
            repayment.Split);
        Assert.Equal(
            new JournalLines(
                Debit(AccountCode.Cash, TheFund, Money.Rupiah(480_000), Day),
                Credit(AccountCode.InterestIncomeSpp, TheFund, Money.Rupiah(80_000), Day, Borrower),
                Credit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(400_000), Day, Borrower),
                Debit(AccountCode.Cash, Second, Money.Rupiah(240_000), Day),
                Credit(AccountCode.InterestIncomeSpp, Second, Money.Rupiah(40_000), Day, Borrower),
                Credit(AccountCode.LoansReceivableSpp, Second, Money.Rupiah(200_000), Day, Borrower)),
            repayment.Lines);
    }

    /// <summary>By hand: two thirds of 100,001 are 66,667.33 and a third is 33,333.67, so the one rupiah left goes to the second.</summary>
    [Fact]
    public void What_can_not_be_divided_goes_to_the_largest_remainder() =>
        Assert.Equal([66_667, 33_334], RepaymentOf(Loan(), 100_001).Split.Select(part => part.Amount.MinorUnits));

    /// <summary>By hand: two halves of one rupiah remain alike, so it goes to the first.</summary>
    [Fact]
    public void And_of_two_that_remain_alike_to_the_first() =>
        Assert.Equal([50_001, 50_000], RepaymentOf(Loan(3_000_000, 3_000_000), 100_001).Split.Select(part => part.Amount.MinorUnits));

    [Fact]
    public void Both_funds_are_paid_in_full_together()
    {
        var history = Loan(3_999_999, 2_000_001);
        for (var month = 0; month < 10; month++)
        {
            history.Pay(history.Loan.Schedule[month].Total.MinorUnits, FirstDue.AddMonths(month));
        }

        Assert.Equal(LoanStatus.Repaid, history.Loan.Status);
        Assert.All(
            new[] { TheFund, Second },
            fund => Assert.Equal(0, history.Journal.Where(line => line.FundId == fund && line.Account == AccountCode.LoansReceivableSpp).Sum(line => line.Amount.MinorUnits)));
    }

    /// <summary>By hand: a fee of 100,000 is kept back, 66,667 and 33,333; so 3,933,333 and 1,966,667 are paid out.</summary>
    [Fact]
    public void Each_fund_pays_out_its_share_and_keeps_its_part_of_a_fee() => Assert.Equal(
        new JournalLines(
            Debit(AccountCode.LoansReceivableSpp, TheFund, Money.Rupiah(4_000_000), Day, Borrower),
            Credit(AccountCode.Cash, TheFund, Money.Rupiah(3_933_333), Day),
            Credit(AccountCode.AdministrationFeeIncome, TheFund, Money.Rupiah(66_667), Day, Borrower),
            Debit(AccountCode.LoansReceivableSpp, Second, Money.Rupiah(2_000_000), Day, Borrower),
            Credit(AccountCode.Cash, Second, Money.Rupiah(1_966_667), Day),
            Credit(AccountCode.AdministrationFeeIncome, Second, Money.Rupiah(33_333), Day, Borrower)),
        LoanPostingRules.Disbursement(
            [new FundingShare(TheFund, Money.Rupiah(4_000_000)), new FundingShare(Second, Money.Rupiah(2_000_000))],
            TheMember,
            [new Deduction(DeductionKind.AdministrationFee, Money.Rupiah(100_000))],
            BookingClass.Spp,
            Channel.Cash,
            _ => Day));

    [Fact]
    public void A_division_loses_nothing_and_gives_nobody_more_than_the_weight() =>
        Gen.Select(Gen.Long[1, 1_000_000_000_000].Array[1, 10], Gen.Double[0, 1]).Sample(
            (weights, part) =>
            {
                var amount = Money.Rupiah((long)(weights.Sum() * (decimal)part));
                var shares = amount.ProRata(weights);
                Assert.Equal(amount, Money.Sum(shares, amount.Currency));
                Assert.All(shares.Zip(weights), share => Assert.InRange(share.First.MinorUnits, 0, share.Second));
                Assert.Equal(shares, (-amount).ProRata(weights).Select(share => -share));
            },
            iter: 20_000);

    private static LoanHistory Loan(long first = 4_000_000, long second = 2_000_000) => Of(
        Terms(InterestMethod.DecliningEqualPrincipal, "2"),
        10,
        new FundingShare(TheFund, Money.Rupiah(first)),
        new FundingShare(Second, Money.Rupiah(second)));

    private static RepaymentRecorded RepaymentOf(LoanHistory history, long amount) =>
        Assert.IsType<RepaymentRecorded>(Assert.Single(Assert.IsType<Decision.ToRecord>(history.Decide(amount, FirstDue)).Facts).Data);
}
