using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Cycles;

/// <summary>What the reversal of a fact of a cycle is decided on.</summary>
/// <param name="Next">The cycle that the fact began, when it is a share-out.</param>
/// <param name="Repayments">What the fact repaid of loans, each with its loan.</param>
public sealed record CycleFacts(Cycle Cycle, Cycle? Next, IReadOnlyList<(RecordedFact Repayment, OwnLoan Own)> Repayments)
{
    public static CycleFacts Of(Cycle cycle, RecordedFact fact, States states) => new(
        cycle,
        fact.Data is CycleSharedOut shared ? states.Find<Cycle>(shared.NextCycleId.Value) : null,
        [
            .. LoansOf(fact).Select(offset => (states.FactMaking(offset.RepaymentId.Value)!, states.Find<Loan>(offset.LoanId.Value)!))
                .Select(paid => (paid.Item1, new OwnLoan(paid.Item2, LoanSlice.BooksOf(paid.Item2, states)))),
        ]);

    public static IEnumerable<Need> NeedsOf(RecordedFact fact, States states)
    {
        yield return Need.Of<Cycle>(fact.StreamId);
        if (fact.Data is CycleSharedOut shared)
        {
            yield return Need.Of<Cycle>(shared.NextCycleId.Value);
        }

        foreach (var offset in LoansOf(fact))
        {
            yield return Need.FactMaking(offset.RepaymentId.Value);
            yield return Need.Of<Loan>(offset.LoanId.Value);
            foreach (var fundId in states.Peek<Loan>(offset.LoanId.Value) is { } loan ? LoanSlice.FundsOf(loan) : [])
            {
                yield return Need.Of<Fund>(fundId.Value);
            }
        }
    }

    private static IEnumerable<OffsetLoan> LoansOf(RecordedFact fact) => fact.Data switch
    {
        CycleSharedOut shared => shared.Portions.SelectMany(portion => portion.Loans),
        CycleMemberPaidOut payout => payout.Portion.Loans,
        _ => [],
    };
}

/// <summary>
/// Takes back a fact of a cycle. What a share-out has divided stands until the share-out is taken back, and that only while
/// nothing was recorded in the next cycle. What a payout repaid of loans goes back with it.
/// </summary>
public static class CycleReversals
{
    public static Decision Decide(ReversalOrder order, RecordedFact original, CycleFacts facts, Moment moment)
    {
        var fact = (ICycleFact)original.Data;
        return LaterThan(original, fact, facts) is { Length: > 0 } later ? LoanRules.DependsOn(later)
            : fact is CycleSharedOut or CycleMemberPaidOut && order.Kind == ReversalKind.Returned
                ? Decision.Refuse("payout-not-returned", "/kind")
            : fact switch
            {
                FineCharged fine => Record(order, facts, [], new FineReversed(
                    order.Id, order.TransactionId, fine.CycleId, fine.FundId, order.Kind, fine.Amount, order.Reason)),
                CycleSharedOut shared => OfPayout(order, facts, moment, number => new CycleShareOutReversed(
                    order.Id, order.TransactionId, number, shared.CycleId, shared.FundId, order.Kind, shared.Pool, order.LinesOf(shared.Lines), order.Reason)),
                CycleMemberPaidOut payout => OfPayout(order, facts, moment, number => Entry(order, number, facts.Cycle, payout.Portion.Payout, payout.Lines)),
                SharesPurchased bought => Record(order, facts, [], Entry(order, moment.NextNumber("PB"), facts.Cycle, bought.Amount, bought.Lines)),
                SocialFundContributed social => Record(order, facts, [], Entry(order, moment.NextNumber("PB"), facts.Cycle, social.Amount, social.Lines)),
                SocialFundPaid social => Record(order, facts, [], Entry(order, moment.NextNumber("PB"), facts.Cycle, social.Amount, social.Lines)),
                FinePaid paid => Record(order, facts, [], Entry(order, moment.NextNumber("PB"), facts.Cycle, paid.Amount, paid.Lines)),
                _ => throw new ArgumentOutOfRangeException(nameof(original), original.Data.GetType().Name, "Not a fact of a cycle."),
            };
    }

    /// <summary>Whether a repayment was kept back from a payout: it stands and falls with it.</summary>
    public static bool IsPartOfPayout(RepaymentRecorded repayment) => repayment.Lines[0].Account == AccountCode.ShareOutPayable;

    public static Decision PartOfPayout(RepaymentRecorded repayment) =>
        Decision.Refuse("part-of-payout", "/transactionId", new Figure("transactionId", repayment.RepaymentId.ToString()));

    /// <summary>What was decided on the fact, and must be taken back before it.</summary>
    private static TransactionId[] LaterThan(RecordedFact original, ICycleFact fact, CycleFacts facts)
    {
        var after = facts.Cycle.Standing.Where(known => known.Envelope.Sequence > original.Envelope.Sequence).Select(known => (ICycleFact)known.Data);
        return
        [
            .. after.Where(later => fact switch
            {
                SocialFundContributed or SocialFundPaid => false,
                FineCharged charged => later is FinePaid paid ? paid.FineId == charged.FineId : PortionsOf(later).Any(portion => portion.Fines.Any(fine => fine.FineId == charged.FineId)),
                SharesPurchased bought => later is CycleSharedOut || (later is CycleMemberPaidOut payout && payout.Portion.MemberId == bought.MemberId),
                CycleSharedOut => true,
                _ => later is CycleSharedOut,
            }).Select(later => later.TransactionId),
            .. facts.Next?.Standing.Select(known => ((ICycleFact)known.Data).TransactionId) ?? [],
        ];
    }

    private static ImmutableArray<MemberPortion> PortionsOf(ICycleFact fact) => fact switch
    {
        CycleSharedOut shared => shared.Portions,
        CycleMemberPaidOut payout => [payout.Portion],
        _ => [],
    };

    private static Decision OfPayout(ReversalOrder order, CycleFacts facts, Moment moment, Func<string, object> reversal)
    {
        var number = moment.NextNumber("PB");
        List<NewFact> back = [];
        foreach (var (repayment, own) in facts.Repayments)
        {
            var id = new TransactionId(Guid.CreateVersion7());
            var ofLoan = order with { Id = id, TransactionId = ((RepaymentRecorded)repayment.Data).RepaymentId, Funds = own.Books };
            if (LoanReversals.Decide(ofLoan, repayment, own.Loan, own.Books, moment) is not Decision.ToRecord recorded)
            {
                return LoanRules.DependsOn(ofLoan.TransactionId);
            }

            back.AddRange(recorded.Facts);
        }

        if (facts.Next is { } next)
        {
            back.Add(new NewFact(next.Id.Value, new CycleWithdrawn(next.Id, order.TransactionId), order.Day));
        }

        return Record(order, facts, back, reversal(number));
    }

    private static CycleEntryReversed Entry(ReversalOrder order, string number, Cycle cycle, Money amount, JournalLines lines) => new(
        order.Id, order.TransactionId, number, cycle.Id, cycle.FundId, order.Kind, amount, order.LinesOf(lines), order.Reason);

    private static Decision Record(ReversalOrder order, CycleFacts facts, IReadOnlyList<NewFact> others, object reversal) => Decision.Record(
        [new NewFact(facts.Cycle.Id.Value, reversal, order.Day, EventOf: order.Id.Value), .. others]);
}
