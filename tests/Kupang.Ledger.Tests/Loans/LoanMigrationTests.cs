using Kupang.Ledger.Calendars;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Xunit;
using static Kupang.Ledger.SharedKernel.AccountCode;
using static Kupang.Ledger.SharedKernel.JournalLine;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>
/// A card, by hand. 4,000,000 at 1.5 % flat over 12 months, rounded up to 1,000: instalments of 334,000 + 60,000, paid out on
/// 5 October 2025, so due from 5 November on. By the cut-over on 31 March 2026 five are due: 1,670,000 + 300,000. The card
/// shows 1,336,000 + 260,000 paid: four whole, and 20,000 of the interest of the fifth.
/// </summary>
public sealed class LoanMigrationTests
{
    private static readonly DateOnly CutOver = new(2026, 3, 31);
    private static readonly DateOnly FifthDue = new(2026, 3, 5);
    private static readonly TransactionId Migration = new(Guid.Parse("019b8c10-0000-7000-8000-000000000009"));
    private static readonly Party Borrower = new(PartyKind.Member, TheMember.Value);
    private static readonly SubjectKey Key = SubjectKey.New(TheMember.Value);
    private static readonly Fund TheBook = new(
        TheFund, "DN-1", "DB", "Dana", Currency.IndonesianRupiah, FundKind.Revolving, new FundTerms(), Restriction: null, ExternalId: null, Version: 1);

    private static readonly MigratingLoan Card = new(
        "K-017", "SPP", Money.Rupiah(4_000_000), 12, new DateOnly(2025, 10, 5), Money.Rupiah(1_336_000), Money.Rupiah(260_000), "Modal kios", TheMember);

    private static readonly LoanTerms Flat = LoanHistory.Terms(InterestMethod.Flat, "1.5") with { Rounding = new RoundingRule("1000", RoundingMode.Up) };

    [Fact]
    public void What_is_owed_is_the_funds_opening_balance_and_what_was_paid_is_no_income()
    {
        var history = TakenOver();
        var fact = Assert.IsType<LoanMigrated>(history.Facts[0].Data);

        Assert.Equal(
            new JournalLines(
                Debit(LoansReceivableSpp, TheFund, Money.Rupiah(2_664_000), BookDay.Open(CutOver), Borrower),
                Credit(OpeningBalance, TheFund, Money.Rupiah(2_664_000), BookDay.Open(CutOver))),
            fact.Lines);
        Assert.Equal(
            [
                "1 Interest 60000", "1 Principal 334000", "2 Interest 60000", "2 Principal 334000", "3 Interest 60000", "3 Principal 334000",
                "4 Interest 60000", "4 Principal 334000", "5 Interest 20000",
            ],
            fact.Split.Select(part => $"{part.Instalment} {part.Component} {part.Amount.MinorUnits}"));
        Assert.Equal("Modal kios", Key.Decrypt(fact.Purpose));
        Assert.Null(history.CheckBooks());
    }

    /// <summary>Of the fifth, due 26 days before, 334,000 and 40,000 are open.</summary>
    [Fact]
    public void On_the_cut_over_day_it_stands_as_the_card_says()
    {
        var loan = TakenOver().Loan;
        var position = LoanPosition.Of(loan, CutOver);

        Assert.Equal((2_664_000, 460_000), (position.Outstanding.Principal.MinorUnits, position.Outstanding.Interest.MinorUnits));
        Assert.Equal((334_000, 40_000, 26), (position.Arrears.Principal.MinorUnits, position.Arrears.Interest.MinorUnits, position.DaysPastDue));
        Assert.Equal((1_336_000, 260_000), (position.Paid.Principal.MinorUnits, position.Paid.Interest.MinorUnits));
        Assert.Equal((FifthDue, new DateOnly(2025, 10, 5)), (position.OldestDueOn, loan.DisbursedOn));
        Assert.Equal(["migrated"], loan.FlagsOn(CutOver));
        Assert.True(LoanPosition.Of(loan, CutOver.AddDays(-1)).Outstanding.Total.IsZero);
    }

    [Fact]
    public void A_payment_goes_on_where_the_card_ended()
    {
        var history = TakenOver().Pay(100_000, new DateOnly(2026, 4, 1));

        Assert.Equal([(5, 40_000L), (5, 60_000L)], Repayment(history).Split.Select(part => (part.Instalment!.Value, part.Amount.MinorUnits)));
        Assert.Null(history.CheckBooks());
    }

    /// <summary>A payment that becomes known late takes what is open first; what the card paid stays where it was.</summary>
    [Fact]
    public void What_becomes_known_late_never_moves_what_the_card_says()
    {
        var history = TakenOver().Pay(100_000, new DateOnly(2026, 4, 10)).Pay(30_000, CutOver).Charge(5_000, CutOver);

        Assert.Equal(
            [(5, 30_000L)], history.Facts.Select(fact => fact.Data).OfType<RepaymentRecorded>().Last().Split.Select(part => (part.Instalment!.Value, part.Amount.MinorUnits)));
        Assert.Equal(((LoanMigrated)history.Facts[0].Data).Split, history.Loan.Entries[0].Split);
        Assert.DoesNotContain(
            history.Facts.Select(fact => fact.Data).OfType<RepaymentsReallocated>().SelectMany(moved => moved.Splits), split => split.RepaymentId == Migration);
        Assert.Null(history.CheckBooks());
    }

    [Fact]
    public void What_happened_before_stands_on_the_card_alone()
    {
        AssertRefused("before-cut-over", TakenOver().Decide(100_000, CutOver.AddDays(-1)));
        TakenOver().Pay(100_000, CutOver);
    }

    /// <summary>
    /// The product holds what is paid ahead. Five instalments are paid and 100,000 more: on 5 April it pays the interest of the
    /// sixth, 60,000, and 40,000 of its principal.
    /// </summary>
    [Fact]
    public void An_advance_is_held_and_applied_on_the_next_due_date()
    {
        var history = TakenOver(
            Flat with { Advance = AdvanceRule.Hold }, Card with { PaidPrincipal = Money.Rupiah(1_670_000), PaidInterest = Money.Rupiah(300_000), Advance = Money.Rupiah(100_000) });
        var april = BookDay.Open(new DateOnly(2026, 4, 5));

        Assert.Equal(
            new JournalLines(
                Debit(LoansReceivableSpp, TheFund, Money.Rupiah(2_330_000), BookDay.Open(CutOver), Borrower),
                Credit(AdvancesHeld, TheFund, Money.Rupiah(100_000), BookDay.Open(CutOver), Borrower),
                Credit(OpeningBalance, TheFund, Money.Rupiah(2_230_000), BookDay.Open(CutOver)),
                Debit(AdvancesHeld, TheFund, Money.Rupiah(100_000), april, Borrower),
                Credit(InterestIncomeSpp, TheFund, Money.Rupiah(60_000), april, Borrower),
                Credit(LoansReceivableSpp, TheFund, Money.Rupiah(40_000), april, Borrower)),
            ((LoanMigrated)history.Facts[0].Data).Lines);
        Assert.Equal(100_000, LoanPosition.Of(history.Loan, CutOver).Advance.MinorUnits);
        Assert.Null(history.CheckBooks());

        // 60,000 paid on 1 April pay the interest and 334,000 of the principal with what is held: 294,000 of it are left.
        history.Pay(60_000, new DateOnly(2026, 4, 1));
        Assert.Equal(0, LoanPosition.Of(history.Loan, new DateOnly(2026, 4, 5)).Advance.MinorUnits);
        Assert.Null(history.CheckBooks());

        history.Refund(20_000, new DateOnly(2026, 4, 2));
        Assert.Equal(140_000, LoanPosition.Of(history.Loan, new DateOnly(2026, 4, 2)).Advance.MinorUnits);
        Assert.Null(history.CheckBooks());
    }

    /// <summary>3,000,000 at a margin of 300,000 over 3 months, of which one instalment is paid: 2,000,000 + 200,000 are owed.</summary>
    [Fact]
    public void The_margin_that_was_not_received_is_deferred()
    {
        var history = TakenOver(
            Flat with { Interest = new InterestRule(InterestMethod.FixedMargin, new Percentage(10), RatePeriod.Term), Rounding = null },
            new MigratingLoan("K-1", "SPP", Money.Rupiah(3_000_000), 3, new DateOnly(2026, 2, 10), Money.Rupiah(1_000_000), Money.Rupiah(100_000), "Mesin", TheMember));

        Assert.Equal(
            new JournalLines(
                Debit(MurabahahReceivable, TheFund, Money.Rupiah(2_200_000), BookDay.Open(CutOver), Borrower),
                Credit(DeferredMurabahahMargin, TheFund, Money.Rupiah(200_000), BookDay.Open(CutOver), Borrower),
                Credit(OpeningBalance, TheFund, Money.Rupiah(2_000_000), BookDay.Open(CutOver))),
            ((LoanMigrated)history.Facts[0].Data).Lines);
        history.Pay(2_200_000, new DateOnly(2026, 4, 10));
        Assert.Equal(LoanStatus.Repaid, history.Loan.Status);
        Assert.Null(history.CheckBooks());
    }

    /// <summary>0.1 % of 374,000 a day: nothing for March, 374 from 1 April on.</summary>
    [Fact]
    public void No_penalty_is_borne_for_the_days_on_paper()
    {
        var loan = TakenOver(Flat with { Penalty = new PenaltyRule(PenaltyKind.PerDay, new Percentage(0.1m)) }, Card).Loan;

        Assert.Equal(0, LoanPosition.Of(loan, CutOver).Arrears.Penalty.MinorUnits);
        Assert.Equal(374, LoanPosition.Of(loan, CutOver.AddDays(1)).Arrears.Penalty.MinorUnits);
    }

    [Fact]
    public void A_card_taken_over_by_mistake_is_given_back_while_nothing_else_stands()
    {
        var payment = NewTransaction();
        var history = TakenOver().Pay(100_000, new DateOnly(2026, 4, 1), payment);

        AssertRefused("later-facts-depend-on-it", history.DecideReversal(Migration, ReversalKind.EnteredInError, default));
        AssertRefused("reversible-only-as-error", history.DecideReversal(Migration, ReversalKind.Returned, new DateOnly(2026, 4, 2)));
        history.Reverse(payment);
        var decision = Assert.IsType<Decision.ToRecord>(history.DecideReversal(Migration, ReversalKind.EnteredInError, default));
        Assert.Equal(("loan-card", "K-017"), (Assert.Single(decision.ReleasedPapers).Book, decision.ReleasedPapers[0].Number));
        history.Record(decision);

        Assert.Equal(LoanStatus.Cancelled, history.Loan.Status);
        Assert.False(history.Loan.Binds(TheMember));
        Assert.All(history.Journal.GroupBy(line => line.Account), account => Assert.Equal(0, account.Sum(line => line.Amount.MinorUnits)));
        Assert.Null(history.CheckBooks());
    }

    [Fact]
    public void Every_mistake_is_named_by_its_row_and_column()
    {
        AssertErrors("1 cardNumber card-number-taken", Card with { CardNumber = "TAKEN" });
        AssertErrors("2 cardNumber card-named-twice", Card, Card);
        AssertErrors("1 memberId member-required", Card with { MemberExternalId = "A-1" });
        AssertErrors("1 memberExternalId member-required", Card with { MemberId = null });
        AssertErrors("1 memberExternalId unknown-member", Card with { MemberId = null, MemberExternalId = "A-1" });
        AssertErrors("1 productCode unknown-product", Card with { ProductCode = "UEP" });
        AssertErrors("1 paidInterest amount-not-positive", Card with { PaidInterest = Money.Rupiah(-1) });
        AssertErrors("1 principal amount-not-positive", Card with { Principal = Money.Rupiah(0), PaidPrincipal = Money.Rupiah(0) });
        AssertErrors("1 disbursedOn card-after-cut-over", Card with { DisbursedOn = CutOver });
        AssertErrors("1 instalments instalments-out-of-range", Card with { Instalments = 0 });
        AssertErrors("1 paidPrincipal card-is-paid", Card with { PaidPrincipal = Money.Rupiah(4_000_000) });
        AssertErrors("1 paidInterest paid-exceeds-schedule", Card with { PaidInterest = Money.Rupiah(720_001) });
        AssertErrors("1 advance advance-not-held", Card with { Advance = Money.Rupiah(1) });
        AssertErrors(Flat with { Advance = AdvanceRule.Hold }, "1 advance advance-with-arrears", Card with { Advance = Money.Rupiah(1) });
        AssertErrors(
            Flat with { Advance = AdvanceRule.ReducePrincipal, Effect = ReductionEffect.Shorten },
            "1 paidPrincipal paid-ahead-changed-the-schedule",
            Card with { PaidPrincipal = Money.Rupiah(1_670_001) });
    }

    [Fact]
    public void The_totals_added_up_by_hand_must_be_those_of_the_cards()
    {
        var command = Command(Card, Card with { CardNumber = "K-018" });
        Assert.Empty(Plan(Flat, command).Errors);

        foreach (var (control, column) in new[]
        {
            (command.Control with { Count = 1 }, "count"),
            (command.Control with { Principal = Money.Rupiah(1) }, "principal"),
            (command.Control with { Outstanding = Money.Rupiah(1) }, "outstanding"),
            (command.Control with { PaidInterest = Money.Rupiah(1) }, "paidInterest"),
        })
        {
            var (row, name, refusal) = Assert.Single(Plan(Flat, command with { Control = control }).Errors);
            Assert.Equal((0, $"control/{column}", "control-total-differs"), (row, name, refusal.Refusal.Code));
        }
    }

    [Fact]
    public void A_sheet_is_read_by_its_columns_and_its_mistakes_are_named()
    {
        var (cards, rows, errors) = MigrationSheet.Read(
            $""""
            cardNumber;memberId;productCode;principal;instalments;disbursedOn;paidPrincipal;paidInterest;purpose;advance
            K-017;{TheMember};SPP;4000000;12;2025-10-05;1336000;260000;"Modal kios; ""Sinar""";

            K-018;{TheMember};SPP;4.000,00;12;2025-13-05;1336000;;Kios;
            K-019;SPP
            """".ReplaceLineEndings("\r\n"),
            Currency.IndonesianRupiah);

        Assert.Equal([Card with { Purpose = "Modal kios; \"Sinar\"" }], cards);
        Assert.Equal([1], rows);
        Assert.Equal(
            ["2 principal invalid-value", "2 disbursedOn invalid-value", "2 paidInterest required", "3  invalid-value"],
            errors.Select(error => $"{error.Row} {error.Column} {error.Code}"));
    }

    private static void AssertErrors(string expected, params MigratingLoan[] cards) => AssertErrors(Flat, expected, cards);

    private static void AssertErrors(LoanTerms terms, string expected, params MigratingLoan[] cards)
    {
        var plan = Plan(terms, Command(cards));
        Assert.Equal([expected], plan.Errors.Select(error => $"{error.Row} {error.Column} {error.Refusal.Refusal.Code}"));
        var decision = MigrateLoansDecider.Decide(Command(cards), [.. cards.Select(_ => (TheLoan, Migration))], Context(terms), _ => Key, _ => 0, MomentOf(Today));
        Assert.Equal("cards-have-errors", Assert.IsType<Decision.Refused>(decision).Refusal.Code);
    }

    private static void AssertRefused(string code, Decision decision) => Assert.Equal(code, Assert.IsType<Decision.Refused>(decision).Refusal.Code);

    private static RepaymentRecorded Repayment(LoanHistory history) => history.Facts.Select(fact => fact.Data).OfType<RepaymentRecorded>().Single();

    private static LoanHistory TakenOver() => TakenOver(Flat, Card);

    /// <param name="cutOver">31 March when left out.</param>
    internal static LoanHistory TakenOver(LoanTerms terms, MigratingLoan card, DateOnly? cutOver = null) => LoanHistory.TakenOver(
        TheBook, MigrateLoansDecider.Decide(Command(card) with { CutOverOn = cutOver ?? CutOver }, [(TheLoan, Migration)], Context(terms), _ => Key, _ => 0, MomentOf(Today)));

    private static MigrationPlan Plan(LoanTerms terms, MigrateLoans command) => MigrationPlan.Of(command, Context(terms), MomentOf(Today));

    private static MigrateLoans Command(params MigratingLoan[] cards) => new(
        TheFund,
        CutOver,
        new MigrationControl(
            cards.Length,
            Money.Rupiah(cards.Sum(card => card.Principal.MinorUnits)),
            Money.Rupiah(cards.Sum(card => card.Principal.MinorUnits - card.PaidPrincipal.MinorUnits)),
            Money.Rupiah(cards.Sum(card => card.PaidInterest.MinorUnits))),
        [.. cards]);

    private static MigrationContext Context(LoanTerms terms)
    {
        var product = new LoanProduct(new LoanProductId(Guid.CreateVersion7()), "PR-1", null, "SPP", "SPP", 1, terms, new ProductLimits());
        return new MigrationContext(
            TheBook,
            TenantCalendar.Undecided,
            name => name == new KeyName(LoanProduct.CodeName, "SPP") ? product.Id.Value : name == LoanMigration.CardName("TAKEN") ? TheLoan.Value : null,
            id => id == product.Id.Value ? product : null,
            id => id == TheMember.Value ? new Member(TheMember, "AG-1", Key.Encrypt("Maria"), Sex.Female, ExternalId: null, Version: 1) : null);
    }
}
