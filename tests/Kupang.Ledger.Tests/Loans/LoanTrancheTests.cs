using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>A loan of 3,000,000 at 2 % of the balance over four months, paid out in up to three parts from 5 January 2026 on.</summary>
public sealed class LoanTrancheTests
{
    private static readonly DateOnly March10 = new(2026, 3, 10);

    /// <summary>
    /// 2,000,000 in January: 500,000 each, interest 40,000, 30,000, 20,000, 10,000. On 10 March two due dates are left, 5 April
    /// and 5 May: 1,000,000 more are 500,000 each with 20,000 and 10,000.
    /// </summary>
    [Fact]
    public void A_further_tranche_is_paid_back_on_the_due_dates_that_are_left()
    {
        var history = InThree();
        Assert.Equal("500000+40000 500000+30000 500000+20000 500000+10000", Words(history.Loan.Schedule));
        Assert.Equal(Money.Rupiah(1_000_000), history.Loan.Undisbursed);

        history.Record(history.DecideTranche(null, March10));

        Assert.Equal("500000+40000 500000+30000 1000000+40000 1000000+20000", Words(history.Loan.Schedule));
        Assert.Equal(2_000_000, LoanPosition.Of(history.Loan, March10.AddDays(-1)).Outstanding.Principal.MinorUnits);
        Assert.Equal(3_000_000, LoanPosition.Of(history.Loan, March10).Outstanding.Principal.MinorUnits);
        Assert.Null(history.CheckBooks());
    }

    /// <summary>On 9 March 1,600,000 pay 540,000 and 530,000 that are due, 520,000 of April, and 10,000 interest of May: 1,500,000 of principal.</summary>
    [Fact]
    public void What_pays_ahead_before_a_tranche_is_of_the_schedule_until_then_also_when_it_becomes_known_later()
    {
        var (known, late) = (InThree(), InThree());
        known.Pay(1_600_000, March10.AddDays(-1));
        known.Record(known.DecideTranche(null, March10));
        late.Record(late.DecideTranche(null, March10)).Pay(1_600_000, March10.AddDays(-1));

        Assert.Equal(known.Splits, late.Splits);
        Assert.Equal(3_000_000 - 1_500_000, late.Loan.Schedule.Sum(row => row.Principal.MinorUnits) - late.Loan.Paid.Sum(parts => parts.Principal));
        Assert.Null(late.CheckBooks());
    }

    [Fact]
    public void A_loan_whose_first_tranche_is_paid_back_still_waits_for_the_next()
    {
        var history = InThree().Pay(2_100_000, March10);

        Assert.Equal(LoanStatus.Active, history.Loan.Status);
        Assert.Equal(LoanStatus.Active, history.Record(history.DecideTranche(500_000, March10)).Loan.Status);
    }

    [Fact]
    public void No_more_is_paid_out_than_was_approved_nor_in_more_parts_than_the_product_allows()
    {
        var history = InThree();
        Assert.Equal("exceeds-approved", Refused(history.DecideTranche(1_000_001, March10)));
        Assert.Equal("first-due-on-fixed", Refused(history.DecideTranche(100_000, March10, March10.AddDays(10))));
        Assert.Equal("no-instalment-left", Refused(history.DecideTranche(100_000, new DateOnly(2026, 5, 5))));
        Assert.Equal("before-disbursement", Refused(history.DecideTranche(100_000, DisbursedOn.AddDays(-1))));

        history.Record(history.DecideTranche(400_000, March10));
        Assert.Equal("too-many-tranches", Refused(history.DecideTranche(400_000, March10)));

        history.Record(history.DecideTranche(600_000, March10));
        Assert.Equal("loan-not-approved", Refused(history.DecideTranche(1, March10)));
    }

    [Fact]
    public void A_tranche_entered_in_error_leaves_no_trace_unless_something_came_after_it()
    {
        var (tranche, payment) = (NewTransaction(), NewTransaction());
        var history = InThree();
        history.Record(history.DecideTranche(400_000, March10, id: tranche)).Pay(100_000, March10, payment);
        Assert.Equal("later-facts-depend-on-it", Refused(history.DecideReversal(tranche, ReversalKind.EnteredInError, March10)));
        Assert.Equal("reversible-only-as-error", Refused(history.DecideReversal(tranche, ReversalKind.Returned, March10)));

        history.Reverse(payment).Reverse(tranche);

        Assert.Equal(InThree().Loan.Schedule, history.Loan.Schedule);
        Assert.Equal(Money.Rupiah(1_000_000), history.Loan.Undisbursed);
        Assert.Equal(2_000_000, history.Journal.Where(line => line.Account == AccountCode.LoansReceivableSpp).Sum(line => line.Amount.MinorUnits));
        Assert.Null(history.CheckBooks());
    }

    /// <summary>Two funds lend 2,000,000 and 1,000,000: of each part one third is of the second, to the last rupiah.</summary>
    [Fact]
    public void Each_fund_pays_its_share_of_each_tranche_and_gets_it_back()
    {
        var second = new FundId(Guid.Parse("019b8c10-0000-7000-8000-000000000004"));
        var history = InTranches(TermsOfThree, 4, 1_000_001, new(TheFund, Money.Rupiah(2_000_000)), new(second, Money.Rupiah(1_000_000)));
        history.Record(history.DecideTranche(1_000_000, March10)).Record(history.DecideTranche(null, March10)).Pay(3_000_000, new DateOnly(2026, 5, 5));

        Assert.Equal(
            [2_000_000, 1_000_000],
            history.Loan.DisbursedShares.OrderByDescending(share => share.Principal).Select(share => share.Principal.MinorUnits));
        history.Pay(1_000_000, new DateOnly(2026, 5, 5));
        Assert.Equal(LoanStatus.Repaid, history.Loan.Status);
        Assert.All(
            history.Journal.Where(line => line.Account == AccountCode.LoansReceivableSpp).GroupBy(line => line.FundId),
            fund => Assert.Equal(0, fund.Sum(line => line.Amount.MinorUnits)));
        Assert.Null(history.CheckBooks());
    }

    private static LoanTerms TermsOfThree => Terms(InterestMethod.DecliningEqualPrincipal, "2") with { MaximumTranches = 3 };

    private static LoanHistory InThree() => InTranches(TermsOfThree, 4, 2_000_000, new FundingShare(TheFund, Money.Rupiah(3_000_000)));

    private static string Refused(Decision decision) => Assert.IsType<Decision.Refused>(decision).Refusal.Code;

    private static string Words(IEnumerable<Instalment> schedule) =>
        string.Join(' ', schedule.Select(row => $"{row.Principal.MinorUnits}+{row.Interest.MinorUnits}"));
}
