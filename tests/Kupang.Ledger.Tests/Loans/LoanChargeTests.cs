using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Loans.SplitComponent;
using static Kupang.Ledger.SharedKernel.JournalLine;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>
/// Fees, waivers, and the orders in which a payment pays what is due. 4,000,000 at 1.5 % flat over 12 months: instalments of
/// 334,000 + 60,000 from 5 February 2026 on.
/// </summary>
public sealed class LoanChargeTests
{
    private static readonly DateOnly March10 = new(2026, 3, 10);

    [Fact]
    public void A_fee_moves_no_money_and_is_paid_after_all_that_is_due_as_income_of_that_day()
    {
        var history = Flat().Charge(25_000, new DateOnly(2026, 2, 5));
        Assert.Equal(25_000, LoanPosition.Of(history.Loan, March10).Arrears.Fee.MinorUnits);

        var repayment = Assert.IsType<RepaymentRecorded>(Assert.Single(Assert.IsType<Decision.ToRecord>(history.Decide(850_000, March10)).Facts).Data);

        Assert.Equal(
            [(1, Interest, 60_000), (1, Principal, 334_000), (2, Interest, 60_000), (2, Principal, 334_000), (null, Fee, 25_000), (3, Interest, 37_000)],
            Parts(repayment));
        Assert.Contains(
            Credit(AccountCode.AdministrationFeeIncome, TheFund, Money.Rupiah(25_000), BookDay.Open(March10), new Party(PartyKind.Member, TheMember.Value)), repayment.Lines);
    }

    /// <summary>
    /// On 10 March two instalments are due, the first charged with a fee of 5,000 before it fell due; 0.1 % a day: 33 x 394 =
    /// 13,002 by the first and 5 x 394 = 1,970 by the second. Penalty, fee, interest, principal: of 300,000, horizontally
    /// instalment 1 takes 13,002 + 5,000 + 60,000 + 221,998; vertically 14,972 + 5,000 + 120,000 + 160,028.
    /// </summary>
    [Theory]
    [InlineData(AllocationProcessing.Horizontal, "Penalty 13002, Fee 5000, 1 Interest 60000, 1 Principal 221998")]
    [InlineData(AllocationProcessing.Vertical, "Penalty 14972, Fee 5000, 1 Interest 60000, 2 Interest 60000, 1 Principal 160028")]
    public void An_order_of_the_products_own_goes_by_instalment_or_by_component(AllocationProcessing processing, string split)
    {
        var order = new AllocationRule(
            [AllocationComponent.Penalty, AllocationComponent.Fee, AllocationComponent.Interest, AllocationComponent.Principal], processing);
        var history = WithPenalty(order).Charge(5_000, new DateOnly(2026, 2, 1));

        Assert.Equal(split, Words(history.Decide(300_000, March10)));
    }

    /// <summary>Principal before interest: 334,000 + 16,000 of the first, then nothing is left for the second.</summary>
    [Fact]
    public void Principal_may_come_before_interest()
    {
        var order = new AllocationRule(
            [AllocationComponent.Principal, AllocationComponent.Interest, AllocationComponent.Fee, AllocationComponent.Penalty], AllocationProcessing.Horizontal);

        Assert.Equal("1 Principal 334000, 1 Interest 16000", Words(WithPenalty(order).Decide(350_000, March10)));
    }

    [Fact]
    public void An_order_names_each_component_once()
    {
        var twice = new AllocationRule(
            [AllocationComponent.Penalty, AllocationComponent.Penalty, AllocationComponent.Interest, AllocationComponent.Principal], AllocationProcessing.Vertical);
        var terms = Terms(InterestMethod.Flat, "1.5");

        Assert.Equal("allocation-rule-incomplete", CodeOf(terms with { Allocation = AllocationOrder.Custom, AllocationRule = twice }));
        Assert.Equal("allocation-rule-incomplete", CodeOf(terms with { Allocation = AllocationOrder.Custom }));
        Assert.Equal("allocation-rule-incomplete", CodeOf(terms with { AllocationRule = twice }));
    }

    /// <summary>90,000 are let off of interest 1 (60,000) and 2 (30,000); a payment of 700,000 then pays 334,000, 30,000, 334,000 and 2,000 ahead.</summary>
    [Fact]
    public void Interest_is_let_off_the_oldest_instalment_first_and_nothing_is_booked()
    {
        var decision = Assert.IsType<Decision.ToRecord>(Flat().DecideWaiver(ChargeComponent.Interest, 90_000, March10));
        var waived = Assert.IsType<LoanChargeWaived>(Assert.Single(decision.Facts).Data);
        Assert.Equal([(1, InterestWaived, 60_000), (2, InterestWaived, 30_000)], waived.Split.Select(part => (part.Instalment, part.Component, part.Amount.MinorUnits)));

        var history = Flat().Record(decision);
        Assert.Equal("1 Principal 334000, 2 Interest 30000, 2 Principal 334000, 3 Interest 2000", Words(history.Decide(700_000, March10)));
        Assert.Equal(90_000, LoanPosition.Of(history.Loan, March10).Waived.Interest.MinorUnits);
        Assert.Equal(720_000 - 90_000, LoanPosition.Of(history.Loan, March10).Outstanding.Interest.MinorUnits);
    }

    /// <summary>A receipt of 5 February over 394,000 turns up: interest 1 was paid, so what was let off is of 2 (60,000) and 3 (30,000).</summary>
    [Fact]
    public void A_payment_that_becomes_known_late_moves_what_was_let_off()
    {
        var history = Flat();
        history.Record(history.DecideWaiver(ChargeComponent.Interest, 90_000, March10)).Pay(394_000, new DateOnly(2026, 2, 5));

        var waiver = history.Loan.Entries.Single(entry => entry.Kind == EntryKind.Waiver);

        Assert.Equal([(2, 60_000), (3, 30_000)], waiver.Split.Select(part => (part.Instalment, part.Amount.MinorUnits)));
        Assert.Null(history.CheckBooks());
    }

    [Fact]
    public void Penalty_and_fees_are_let_off_as_far_as_they_are_owed()
    {
        var history = WithPenalty(order: null).Charge(5_000, new DateOnly(2026, 2, 1));
        Assert.Equal("exceeds-open-charge", Refused(history.DecideWaiver(ChargeComponent.Penalty, 14_973, March10)));
        Assert.Equal("exceeds-open-charge", Refused(history.DecideWaiver(ChargeComponent.Fee, 5_001, March10)));

        history.Record(history.DecideWaiver(ChargeComponent.Penalty, 14_972, March10)).Record(history.DecideWaiver(ChargeComponent.Fee, 5_000, March10));

        var position = LoanPosition.Of(history.Loan, March10);
        Assert.Equal((0, 0), (position.Outstanding.Penalty.MinorUnits, position.Outstanding.Fee.MinorUnits));
        Assert.Equal(2 * 394, LoanPosition.Of(history.Loan, March10.AddDays(1)).Outstanding.Penalty.MinorUnits);
    }

    [Fact]
    public void A_fee_and_a_waiver_can_be_taken_back_as_mistakes_and_only_as_such()
    {
        var (fee, waiver) = (NewTransaction(), NewTransaction());
        var history = Flat().Charge(25_000, new DateOnly(2026, 2, 5), fee);
        history.Record(history.DecideWaiver(ChargeComponent.Interest, 60_000, March10, waiver)).Pay(1_000_000, March10);
        Assert.Equal("reversible-only-as-error", Refused(history.DecideReversal(fee, ReversalKind.Returned, March10)));

        history.Reverse(fee).Reverse(waiver);

        Assert.Equal(
            "1 Interest 60000, 1 Principal 334000, 2 Interest 60000, 2 Principal 334000, 3 Interest 60000, 3 Principal 152000",
            Words(history.Loan.Entries.Single().Split));
        Assert.Null(history.CheckBooks());
    }

    private static LoanHistory WithPenalty(AllocationRule? order) => Of(
        Terms(InterestMethod.Flat, "1.5") with
        {
            Rounding = new RoundingRule("1000", RoundingMode.Up),
            Penalty = new PenaltyRule(PenaltyKind.PerDay, new Percentage(0.1m)),
            Allocation = order is null ? AllocationOrder.OldestInstalmentFirst : AllocationOrder.Custom,
            AllocationRule = order,
        },
        4_000_000,
        12);

    private static string? CodeOf(LoanTerms terms) => (terms.Check("") as Decision.Refused)?.Refusal.Code;

    private static string Refused(Decision decision) => Assert.IsType<Decision.Refused>(decision).Refusal.Code;

    private static IEnumerable<(int?, SplitComponent, long)> Parts(RepaymentRecorded repayment) =>
        repayment.Split.Select(part => (part.Instalment, part.Component, part.Amount.MinorUnits));

    private static string Words(Decision decision) =>
        Words(Assert.IsType<RepaymentRecorded>(Assert.IsType<Decision.ToRecord>(decision).Facts[0].Data).Split);

    private static string Words(IEnumerable<SplitPart> split) =>
        string.Join(", ", split.Select(part => $"{part.Instalment} {part.Component} {part.Amount.MinorUnits}".TrimStart()));
}
