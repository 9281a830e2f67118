using CsCheck;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.Reporting;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Reporting;

/// <summary>
/// Whatever happens to a loan, the rows that reports add up say of any day, as known at any number, what the loan itself says:
/// its position folded from the facts that were known, and the receivable in its own lines.
/// </summary>
public sealed class PortfolioRowsPropertyTests
{
    private static readonly FundId[] Funds = [TheFund, new(Guid.Parse("019b8c10-0000-7000-8000-000000000004"))];

    [Fact]
    public void Rows_say_what_the_loan_says_on_any_day_as_known_at_any_number() =>
        Gen.Select(Gen.Int[0, 3], Steps, Gen.Int[-5, 450].Array[6], Gen.Int[0, 300]).Sample(
            (kind, steps, days, closed) =>
            {
                var history = HistoryOf(kind, steps, closed);
                var rows = PortfolioRows.Of(history.Facts);
                foreach (var (known, day) in from known in new[] { 3, (history.Facts.Count + 3) / 2, history.Facts.Count } from day in days select (known, day))
                {
                    AssertSame(UntilEndOfCommand(history.Facts, known), rows, DisbursedOn.AddDays(day));
                }
            },
            iter: 1_000);

    [Fact]
    public void The_same_facts_give_the_same_rows_and_no_two_rows_overlap() =>
        Gen.Select(Gen.Int[0, 3], Steps).Sample(
            (kind, steps) =>
            {
                var history = HistoryOf(kind, steps, closed: 40);
                var (once, again) = (PortfolioRows.Of(history.Facts), PortfolioRows.Of(history.Facts));

                Assert.Equal(once.Positions, again.Positions);
                Assert.Equal(once.Instalments, again.Instalments);
                foreach (var ((one, two), index) in once.Positions.SelectMany((one, index) => once.Positions.Skip(index + 1).Select(two => ((one, two), index))))
                {
                    var apart = one.Row.FundId != two.Row.FundId || one.Row.To <= two.Row.From || two.Row.To <= one.Row.From
                        || one.SeqTo <= two.SeqFrom || two.SeqTo <= one.SeqFrom;
                    Assert.True(apart, $"{index}: {one} and {two}");
                }
            },
            iter: 1_000);

    /// <summary>A view never shows half a command.</summary>
    private static RecordedFact[] UntilEndOfCommand(IReadOnlyList<RecordedFact> facts, int known) =>
        [.. facts.Take(known), .. facts.Skip(known).TakeWhile(fact => fact.Envelope.CommandId == facts[known - 1].Envelope.CommandId)];

    private static void AssertSame(RecordedFact[] facts, PortfolioRows rows, DateOnly day)
    {
        var loan = facts.Aggregate<RecordedFact, Loan?>(null, Loan.After)!;
        var position = LoanPosition.Of(loan, day);
        var sequence = facts[^1].Envelope.Sequence;
        var positions = rows.Positions.Where(row => Holds(row.SeqFrom, row.SeqTo, row.Row.From, row.Row.To)).Select(row => row.Row).ToArray();
        var instalments = rows.Instalments.Where(row => Holds(row.SeqFrom, row.SeqTo, row.Row.From, row.Row.To)).Select(row => row.Row).ToArray();

        Assert.Equal(position.Outstanding.Principal.MinorUnits, positions.Sum(row => row.Outstanding));
        Assert.Equal(position.Outstanding.Interest.MinorUnits, positions.Sum(row => row.Interest));
        var lines = facts.Select(fact => fact.Data).OfType<IMoneyFact>().SelectMany(fact => fact.Lines).Where(line => line.Account == AccountCode.LoansReceivableSpp).ToArray();
        foreach (var share in loan.Funding)
        {
            var row = positions.SingleOrDefault(of => of.FundId == share.FundId);
            Assert.Equal(lines.Where(line => line.FundId == share.FundId && line.EffectiveOn <= day).Sum(line => line.Amount.MinorUnits), row.Outstanding);
            Assert.Equal(lines.Where(line => line.FundId == share.FundId && line.BookedOn <= day).Sum(line => line.Amount.MinorUnits), row.Booked);
        }

        if (position.Outstanding.Total.IsPositive)
        {
            var unpaidSince = positions[0].OldestUnpaidOn is { } oldest && oldest <= day ? oldest : (DateOnly?)null;
            Assert.Equal(position.OldestDueOn, unpaidSince);
            Assert.Equal(loan.OfficerOn(day), positions[0].OfficerId);
        }

        var due = instalments.Where(row => row.DueOn <= day).ToArray();
        Assert.Equal(position.Arrears.Principal.MinorUnits, due.Sum(row => row.OpenPrincipal));
        Assert.Equal(position.Arrears.Interest.MinorUnits, due.Sum(row => row.OpenInterest));
        Assert.Equal(position.Instalments.Sum(of => of.Paid.Total.MinorUnits), instalments.Sum(row => row.PaidPrincipal + row.PaidInterest));
        Assert.Equal(position.Instalments.Sum(of => of.Due.Total.MinorUnits), instalments.Sum(row => row.DuePrincipal + row.DueInterest));

        bool Holds(long seqFrom, long seqTo, DateOnly from, DateOnly to) => seqFrom <= sequence && sequence < seqTo && from <= day && day < to;
    }

    /// <summary>Payments one after the other, the first three of them before the books are closed; some are taken back; some loans are rescheduled, settled or written off.</summary>
    private static LoanHistory HistoryOf(int kind, Step[] steps, int closed)
    {
        var history = kind switch
        {
            0 => Of(Terms(InterestMethod.DecliningEqualPrincipal, "2"), 6_000_000, 10),
            1 => Of(Terms(InterestMethod.Flat, "2") with { Advance = AdvanceRule.Hold, ArrearsTolerance = "5000" }, 6_000_000, 10),
            2 => Of(Terms(InterestMethod.DecliningEqualInstalments, "2") with { Advance = AdvanceRule.ReducePrincipal, Effect = ReductionEffect.LowerInstalments }, 6_000_000, 10),
            _ => Of(Terms(InterestMethod.Flat, "2") with { Advance = AdvanceRule.Hold }, 10, Share(0, 3_999_999), Share(1, 2_000_001)),
        };
        foreach (var (index, step) in steps.Index())
        {
            var paid = NewTransaction();
            if (history.Decide(step.Amount, DisbursedOn.AddDays(step.Day), paid) is Decision.ToRecord recorded)
            {
                history.Record(recorded);
                if (step.Fate <= 1
                    && history.DecideReversal(
                        paid, step.Fate == 0 ? ReversalKind.EnteredInError : ReversalKind.Returned, DisbursedOn.AddDays(step.Day + step.Back)) is Decision.ToRecord back)
                {
                    history.Record(back);
                }
            }

            if (step.Turn <= 2)
            {
                var day = DisbursedOn.AddDays(step.Day + step.Back);
                var turn = step.Turn switch
                {
                    0 => history.DecideRescheduling(new NewSchedule(ShiftPeriods: 2), day),
                    1 => history.DecideWriteOff(day, allowance: 1_000_000),
                    _ => history.DecideSettlement(SettlementPolicy.CurrentPeriod, 6_000_000, day),
                };
                if (turn is Decision.ToRecord turned)
                {
                    history.Record(turned);
                }
            }

            if (index == 2)
            {
                history.CloseThrough(DisbursedOn.AddDays(closed));
            }
        }

        return history;
    }

    private static Gen<Step[]> Steps =>
        Gen.Select(Gen.Int[0, 400], Gen.OneOf(Gen.Long[1, 700_000], Gen.Long[1, 3_000_000]), Gen.Int[0, 6], Gen.Int[0, 60], Gen.Int[0, 14], (day, amount, fate, back, turn) => new Step(day, amount, fate, back, turn))
            .Array[1, 7];

    private static FundingShare Share(int fund, long principal) => new(Funds[fund], Money.Rupiah(principal));

    /// <param name="Fate">0: entered in error; 1: returned after some days; else it stands.</param>
    /// <param name="Turn">0: rescheduled; 1: written off; 2: settled, where it can be; else none of it.</param>
    private sealed record Step(int Day, long Amount, int Fate, int Back, int Turn);
}
