using CsCheck;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>
/// What holds of every loan whatever happens to it: whichever way money paid ahead is used, whether one fund lends or three,
/// in whatever order payments, returns, mistakes and refunds become known.
/// </summary>
public sealed class LoanHistoryPropertyTests
{
    private static readonly FundId[] Funds = [TheFund, new(Guid.Parse("019b8c10-0000-7000-8000-000000000004")), new(Guid.Parse("019b8c10-0000-7000-8000-000000000005"))];

    /// <summary>The loans that histories are made of: 6,000,000 over 10 months, by 2 % of the balance or flat, or at a margin of as much.</summary>
    private static readonly Func<LoanHistory>[] Loans =
    [
        () => Loan(InterestMethod.DecliningEqualPrincipal, AdvanceRule.NextInstalment, 1),
        () => Loan(InterestMethod.Flat, AdvanceRule.NextInstalment, 3, AllocationOrder.OverdueInterestFirst),
        () => Loan(InterestMethod.DecliningEqualInstalments, AdvanceRule.Hold, 1),
        () => Loan(InterestMethod.Flat, AdvanceRule.Hold, 2, AllocationOrder.OverdueInterestFirst),
        () => Loan(InterestMethod.DecliningEqualPrincipal, AdvanceRule.Hold, 3),
        () => Loan(InterestMethod.DecliningEqualPrincipal, AdvanceRule.ReducePrincipal, 1, effect: ReductionEffect.Shorten),
        () => Loan(InterestMethod.DecliningEqualInstalments, AdvanceRule.ReducePrincipal, 2, effect: ReductionEffect.Shorten),
        () => Loan(InterestMethod.DecliningEqualInstalments, AdvanceRule.ReducePrincipal, 1, effect: ReductionEffect.LowerInstalments),
        () => Loan(InterestMethod.Flat, AdvanceRule.ReducePrincipal, 3, effect: ReductionEffect.LowerInstalments),
        () => Loan(InterestMethod.Flat, AdvanceRule.NextInstalment, 1, penalty: new PenaltyRule(PenaltyKind.PerDay, new Percentage(0.05m), GraceDays: 5, Rounding: new PenaltyRounding("500", RoundingMode.Up))),
        () => Loan(InterestMethod.DecliningEqualPrincipal, AdvanceRule.Hold, 2, AllocationOrder.Custom, penalty: new PenaltyRule(PenaltyKind.FlatPerInstalment, Amount: "10000")),
        () => Loan(InterestMethod.FixedMargin, AdvanceRule.NextInstalment, 3),
        () => Loan(InterestMethod.FixedMargin, AdvanceRule.Hold, 2, AllocationOrder.OverdueInterestFirst),
        () => FromCard(InterestMethod.Flat, AdvanceRule.NextInstalment, 1_900_000, 400_000),
        () => FromCard(InterestMethod.FixedMargin, AdvanceRule.Hold, 2_400_000, 480_000, held: 250_000),
    ];

    /// <summary>What of a loan's lines is principal: what a <em>murabahah</em> owes less the margin deferred.</summary>
    private static readonly AccountCode[] Receivable = [AccountCode.LoansReceivableSpp, AccountCode.MurabahahReceivable, AccountCode.DeferredMurabahahMargin];

    /// <summary>What is undone as a mistake leaves the books as if it had not been.</summary>
    [Fact]
    public void Whatever_is_taken_back_the_books_tie_to_the_loan_on_every_day_and_a_mistake_leaves_no_trace_in_them() =>
        Gen.Select(AnyLoan, Steps).Sample(
            (loan, steps) =>
            {
                var (live, without) = (loan(), loan());
                var standing = Pay(live, steps);
                TakeBack(live, standing);
                TakeBack(without, Pay(without, [.. standing.Where(step => step.Fate != 0)]));

                AssertTies(live);
                Assert.Equal(Balances(without, line => line.EffectiveOn), Balances(live, line => line.EffectiveOn));
                Assert.Equal(without.Splits, live.Splits);
            },
            iter: 20_000);

    /// <summary>Two phones bring the same payments, and the same returns of them, in any order.</summary>
    [Fact]
    public void The_order_of_recording_makes_no_difference_to_the_loan_or_to_the_books() =>
        Gen.Select(AnyLoan, Steps, Gen.Int[0, int.MaxValue]).Sample(
            (loan, steps, seed) =>
            {
                var (inOrder, shuffled) = (loan(), loan());
                var standing = Pay(inOrder, [.. steps.OrderBy(step => step.Day)]);
                TakeBack(inOrder, standing);
                Step[] other = [.. standing.OrderBy(step => HashCode.Combine(seed, step.Day))];
                Assert.Equal(other, Pay(shuffled, other));
                TakeBack(shuffled, other);

                Assert.Equal(inOrder.Splits, shuffled.Splits);
                Assert.Equal(Balances(inOrder, line => line.EffectiveOn), Balances(shuffled, line => line.EffectiveOn));
                AssertTies(shuffled);
            },
            iter: 20_000);

    [Fact]
    public void With_months_closed_between_them_the_books_still_tie_on_both_bases() =>
        Gen.Select(AnyLoan, Steps, Gen.Int[0, 8], Gen.Int[20, 300]).Sample(
            (loan, steps, after, closed) =>
            {
                var history = loan();
                TakeBack(history, Pay(history, [.. steps.Take(after)]));
                history.CloseThrough(DisbursedOn.AddDays(closed));
                TakeBack(history, Pay(history, [.. steps.Skip(after)]));

                AssertTies(history);
            },
            iter: 20_000);

    /// <summary>A refund is of what is held on its day; taken back as a mistake it leaves no trace.</summary>
    [Fact]
    public void What_was_paid_ahead_can_be_given_back_and_no_more() =>
        Gen.Select(AnyLoan, Steps, Gen.Int[0, 420], Gen.Long[1, 3_000_000]).Sample(
            (loan, steps, day, amount) =>
            {
                var (history, without) = (loan(), loan());
                var standing = Pay(history, steps);
                TakeBack(without, Pay(without, standing));
                var on = DisbursedOn.AddDays(day);
                var held = LoanPosition.Of(history.Loan, on).Advance.MinorUnits;
                var refund = NewTransaction();
                var decision = history.DecideRefund(amount, on, refund);
                if (amount > held)
                {
                    Assert.Equal("exceeds-advance", Assert.IsType<Decision.Refused>(decision).Refusal.Code);
                    return;
                }

                history.Record(decision);
                AssertTies(history);
                Assert.Equal(held - amount, LoanPosition.Of(history.Loan, on).Advance.MinorUnits);

                history.Reverse(refund);
                TakeBack(history, standing);
                AssertTies(history);
                Assert.Equal(Balances(without, line => line.EffectiveOn), Balances(history, line => line.EffectiveOn));
                Assert.Equal(without.Splits, history.Splits);
            },
            iter: 20_000);

    /// <summary>
    /// Fees and waivers, and one of the turns a loan can take, on any day; then payments become known that are dated before or
    /// after it, and some are taken back: the books tie to the loan on every day, and nobody owes less than nothing.
    /// </summary>
    [Fact]
    public void Whatever_turn_a_loan_takes_and_whatever_becomes_known_after_it_the_books_tie_to_the_loan() =>
        Gen.Select(AnyLoan, Steps, Gen.Int[0, 6], Gen.Int[0, 400], Gen.Int[0, 8], Gen.Long[0, 3_000_000]).Sample(
            (loan, steps, turn, day, after, amount) =>
            {
                var history = loan();
                var on = DisbursedOn.AddDays(day);
                var standing = Pay(history, [.. steps.Take(after)]);
                var decision = Turn(history, turn, on, amount);
                if (decision is Decision.ToRecord recorded)
                {
                    history.Record(recorded);
                }

                AssertTies(history);
                standing = [.. standing, .. Pay(history, [.. steps.Skip(after)])];
                AssertTies(history);
                foreach (var step in standing.Where(step => step.Fate == 0))
                {
                    history.Reverse(step.Id);
                }

                AssertTies(history);
                Assert.All(LoanPosition.Of(history.Loan, Today).Instalments, row => Assert.False(row.Open.Principal.IsNegative || row.Open.Interest.IsNegative));
            },
            iter: 20_000);

    private static Decision Turn(LoanHistory history, int turn, DateOnly on, long amount)
    {
        var loan = history.Loan;
        return loan.Status != LoanStatus.Active
            ? Decision.AlreadyRecorded()
            : turn switch
            {
                0 => history.DecideSettlement(SettlementPolicy.HalfRebate, SettleLoanDecider.Quote(loan, SettlementPolicy.HalfRebate, on).Amount.MinorUnits, on),
                1 => history.DecideRescheduling(new NewSchedule(ShiftPeriods: 1 + (int)(amount % 5)), on),
                2 => history.DecideRescheduling(new NewSchedule(Instalments: 1 + (int)(amount % 24), OverdueInterest: DeferredInterest.Spread), on),
                3 => history.DecideWriteOff(on, allowance: amount / loan.Funding.Length),
                4 => history.DecideClaim(Math.Max(1, LoanPosition.Of(loan, on).Outstanding.Principal.MinorUnits), ClaimPayer.Insurer, on),
                5 => history.DecideWaiver(ChargeComponent.Interest, Math.Max(1, Math.Min(amount, LoanPosition.Of(loan, on).Outstanding.Interest.MinorUnits)), on),
                _ => ChargeAndPay(history, on, amount),
            };
    }

    private static Decision ChargeAndPay(LoanHistory history, DateOnly on, long amount) => history.Charge(1 + (amount % 50_000), on).Decide(1 + amount, on);

    private static Gen<Func<LoanHistory>> AnyLoan => Gen.Int[0, Loans.Length - 1].Select(index => Loans[index]);

    /// <summary>Payments of different days, each of them kept, entered in error, or returned some days later. Some pay the loan off.</summary>
    private static Gen<Step[]> Steps =>
        Gen.Select(
                Gen.Int[0, 400],
                Gen.OneOf(Gen.Long[1, 500_000], Gen.Long[1, 500_000], Gen.Long[1, 3_000_000]),
                Gen.Int[0, 5],
                Gen.Int[0, 60],
                (day, amount, fate, back) => new Step(day, amount, fate, day + back))
            .Array[1, 8].Select(steps => steps.DistinctBy(step => step.Day).ToArray());

    private static LoanHistory Loan(
        InterestMethod method,
        AdvanceRule advance,
        int funds,
        AllocationOrder allocation = AllocationOrder.OldestInstalmentFirst,
        ReductionEffect? effect = null,
        PenaltyRule? penalty = null) => Of(
            Terms(method, "2") with
            {
                Advance = advance,
                Effect = effect,
                Allocation = allocation,
                AllocationRule = allocation == AllocationOrder.Custom ? PenaltyFirst : null,
                Penalty = penalty,
            },
            10,
            [.. funds == 1 ? [Share(0, 6_000_000)] : funds == 2 ? [Share(0, 3_999_999), Share(1, 2_000_001)] : new[] { Share(0, 1_000_001), Share(1, 2_000_000), Share(2, 2_999_999) }]);

    private static AllocationRule PenaltyFirst => new(
        [AllocationComponent.Penalty, AllocationComponent.Fee, AllocationComponent.Interest, AllocationComponent.Principal], AllocationProcessing.Horizontal);

    /// <summary>Paid out four months before on paper, and taken over on the day on which the others are paid out.</summary>
    private static LoanHistory FromCard(InterestMethod method, AdvanceRule advance, long paidPrincipal, long paidInterest, long held = 0) => LoanMigrationTests.TakenOver(
        Terms(method, "2") with { Advance = advance },
        new MigratingLoan(
            "K-1", "SPP", Money.Rupiah(6_000_000), 10, DisbursedOn.AddMonths(-4), Money.Rupiah(paidPrincipal), Money.Rupiah(paidInterest), "Kios", TheMember, Advance: held > 0 ? Money.Rupiah(held) : null),
        DisbursedOn);

    private static FundingShare Share(int fund, long principal) => new(Funds[fund], Money.Rupiah(principal));

    /// <summary>Records the payments one after the other, and answers those the loan took: it takes none after it was paid off.</summary>
    private static Step[] Pay(LoanHistory history, Step[] steps)
    {
        List<Step> standing = [];
        foreach (var step in steps)
        {
            switch (history.Decide(step.Amount, DisbursedOn.AddDays(step.Day), step.Id))
            {
                case Decision.ToRecord recorded:
                    history.Record(recorded);
                    standing.Add(step);
                    break;
                case Decision.Refused refused:
                    Assert.Equal("loan-not-active", refused.Refusal.Code);
                    break;
            }
        }

        return [.. standing];
    }

    private static void TakeBack(LoanHistory history, Step[] steps)
    {
        foreach (var step in steps.Where(step => step.Fate <= 1))
        {
            history.Reverse(step.Id, step.Fate == 0 ? ReversalKind.EnteredInError : ReversalKind.Returned, DisbursedOn.AddDays(step.Back));
        }
    }

    /// <summary>
    /// By what <c>check-books</c> makes of the facts, on both bases. And on every day that the books know the receivable is what
    /// the loan owes, and what is held for the borrower is what she has paid ahead; what she owes a fund is never less than
    /// nothing nor more than it has lent.
    /// </summary>
    private static void AssertTies(LoanHistory history)
    {
        Assert.Null(history.CheckBooks());
        var (journal, loan) = (history.Journal.ToArray(), history.Loan);
        var receivable = journal.Where(line => Receivable.Contains(line.Account)).ToArray();
        var deferred = journal.Where(line => line.Account == AccountCode.DeferredMurabahahMargin).ToArray();
        var held = journal.Where(line => line.Account == AccountCode.AdvancesHeld).ToArray();
        foreach (var day in journal.Select(line => line.EffectiveOn).Distinct())
        {
            var position = LoanPosition.Of(loan, day);
            Assert.Equal(position.Outstanding.Principal.MinorUnits, Until(day, receivable));
            Assert.Equal(position.Advance.MinorUnits, -Until(day, held));
            Assert.Equal(loan.Terms.IsFixedMargin ? position.Outstanding.Interest.MinorUnits : 0, -Until(day, deferred));
            Assert.False(position.Outstanding.Principal.IsNegative || position.Outstanding.Interest.IsNegative || position.Advance.IsNegative, "somebody owes less than nothing");
        }

        foreach (var share in loan.Funding)
        {
            AssertIsNeverReceivedTwice(share, deferred);
            var balance = 0L;
            foreach (var day in receivable.Where(line => line.FundId == share.FundId).GroupBy(line => line.EffectiveOn).OrderBy(day => day.Key))
            {
                balance += day.Sum(line => line.Amount.MinorUnits);
                Assert.InRange(balance, 0, share.Principal.MinorUnits);
            }
        }

        static long Until(DateOnly day, JournalLine[] lines)
        {
            var sum = 0L;
            foreach (var line in lines)
            {
                sum += line.EffectiveOn <= day ? line.Amount.MinorUnits : 0;
            }

            return sum;
        }
    }

    /// <summary>What a fund has deferred of a margin is never less than nothing, and nothing when all that is owed is paid.</summary>
    private static void AssertIsNeverReceivedTwice(FundingShare share, JournalLine[] deferred)
    {
        var balance = 0L;
        foreach (var day in deferred.Where(line => line.FundId == share.FundId).GroupBy(line => line.EffectiveOn).OrderBy(day => day.Key))
        {
            balance -= day.Sum(line => line.Amount.MinorUnits);
            Assert.InRange(balance, 0, share.Principal.MinorUnits / 5 + 1);
        }
    }

    private static string Balances(LoanHistory history, Func<JournalLine, DateOnly> dayOf) => string.Join(
        '\n',
        history.Journal.GroupBy(line => (Day: dayOf(line), line.FundId, line.Account))
            .Select(group => (group.Key, Sum: group.Sum(line => line.Amount.MinorUnits)))
            .Where(balance => balance.Sum != 0)
            .OrderBy(balance => balance.Key.Day).ThenBy(balance => balance.Key.FundId.Value).ThenBy(balance => balance.Key.Account.Value, StringComparer.Ordinal));

    /// <param name="Fate">0: entered in error; 1: returned on day <paramref name="Back"/>; else it stands.</param>
    private sealed record Step(int Day, long Amount, int Fate, int Back)
    {
        public TransactionId Id => new(new Guid(Day + 1, 0, 0, new byte[8]));
    }
}
