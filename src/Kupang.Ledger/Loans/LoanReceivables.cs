using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// What borrowers owe by the loans' own facts: what was paid out, less the principal in what each payment pays, each part on
/// the day it is applied. When a payment's split moves, the difference counts on those days. The same is done for the margins
/// of <em>murabahah</em>, which are owed from the payment out on.
/// </summary>
public sealed class LoanReceivables : ILoanBook
{
    private readonly Dictionary<(FundId FundId, BookDay Day), Money> movements = [];
    private readonly Dictionary<(FundId FundId, BookDay Day), Money> margins = [];
    private readonly Dictionary<LoanId, ImmutableArray<FundingShare>> marginShares = [];
    private readonly Dictionary<LoanId, FundId> funds = [];
    private readonly Dictionary<TransactionId, Known> payments = [];

    public void Add(RecordedFact fact)
    {
        switch (fact.Data)
        {
            case LoanProposed { Terms.IsFixedMargin: true } proposed:
                marginShares[proposed.LoanId] = [];
                break;
            case LoanMigrated migrated:
                TakeOver(migrated, fact.Envelope.EffectiveOn);
                break;
            case LoanMigrationReversed reversed:
                Reverse(reversed, reversed.Lines, fact.Envelope.EffectiveOn);
                Move([new FundingShare(reversed.FundId, reversed.Principal)], fact.Envelope.EffectiveOn, reversed.Lines, sign: -1);
                Move(marginShares.GetValueOrDefault(reversed.LoanId, []), fact.Envelope.EffectiveOn, reversed.Lines, sign: -1, isMargin: true);
                break;
            case LoanDisbursed disbursed:
                funds[disbursed.LoanId] = disbursed.Funding[0].FundId;
                Move(disbursed.Funding, fact.Envelope.EffectiveOn, disbursed.Lines, sign: 1);
                DeferMargin(disbursed, fact.Envelope.EffectiveOn);
                break;
            case LoanTrancheDisbursed tranche:
                Move(tranche.Funding, fact.Envelope.EffectiveOn, tranche.Lines, sign: 1);
                break;
            case LoanTrancheReversed reversed:
                Move(reversed.Funding, fact.Envelope.EffectiveOn, reversed.Lines, sign: -1);
                break;
            case LoanDisbursementReversed reversed:
                Move(reversed.Funding, fact.Envelope.EffectiveOn, reversed.Lines, sign: -1);
                Move(marginShares.GetValueOrDefault(reversed.LoanId, []), fact.Envelope.EffectiveOn, reversed.Lines, sign: -1, isMargin: true);
                break;
            case RepaymentRecorded repayment:
                Pay(repayment.RepaymentId, repayment.LoanId, fact.Envelope.EffectiveOn, repayment.Split, repayment.Lines);
                break;
            case AdvanceRefunded refund:
                Pay(refund.RefundId, refund.LoanId, fact.Envelope.EffectiveOn, refund.Split, refund.Lines);
                break;
            case IPaysALoan paying:
                Pay(paying.Id, paying.LoanId, fact.Envelope.EffectiveOn, paying.Split, paying.Lines);
                break;
            case LoanTurnReversed reversed:
                Reverse(reversed, reversed.Lines, fact.Envelope.EffectiveOn);
                break;
            case RepaymentReversed reversed:
                Reverse(reversed, reversed.Lines, fact.Envelope.EffectiveOn);
                break;
            case AdvanceRefundReversed reversed:
                Reverse(reversed, reversed.Lines, fact.Envelope.EffectiveOn);
                break;
            case RepaymentsReallocated reallocated:
                foreach (var split in reallocated.Splits)
                {
                    if (!payments.TryGetValue(split.RepaymentId, out var payment))
                    {
                        // A fee, a waiver or another schedule pays no principal.
                        continue;
                    }

                    var now = payment.PartsOf(split.Split);
                    Move([.. now, .. payment.Now.Select(part => part.Negated)], reallocated.Lines);
                    payments[split.RepaymentId] = payment with { Now = now };
                }

                break;
        }
    }

    public IEnumerable<LoanBookMovement> Movements() => NamesOf(movements);

    public IEnumerable<LoanBookMovement> Margins() => NamesOf(margins);

    private static IEnumerable<LoanBookMovement> NamesOf(Dictionary<(FundId FundId, BookDay Day), Money> sums) =>
        sums.Select(movement => new LoanBookMovement(movement.Key.FundId, movement.Value, movement.Key.Day));

    /// <summary>Everything that was lent, less what was paid of it by the card.</summary>
    private void TakeOver(LoanMigrated migrated, DateOnly cutOverOn)
    {
        funds[migrated.LoanId] = migrated.FundId;
        Move([new FundingShare(migrated.FundId, migrated.Principal)], cutOverOn, migrated.Lines, sign: 1);
        if (migrated.Terms.MarginOf(migrated.Schedule) is { } margin)
        {
            marginShares[migrated.LoanId] = [new FundingShare(migrated.FundId, margin)];
            Move(marginShares[migrated.LoanId], cutOverOn, migrated.Lines, sign: 1, isMargin: true);
        }

        Pay(migrated.MigrationId, migrated.LoanId, cutOverOn, migrated.Split, migrated.Lines);
    }

    /// <summary>Each fund defers its part of the margin by what it lends.</summary>
    private void DeferMargin(LoanDisbursed disbursed, DateOnly effectiveOn)
    {
        if (marginShares.ContainsKey(disbursed.LoanId))
        {
            var margin = Money.Sum(disbursed.Schedule.Select(row => row.Interest), disbursed.Principal.Currency);
            var parts = margin.ProRata([.. disbursed.Funding.Select(share => share.Principal.MinorUnits)]);
            ImmutableArray<FundingShare> shares = [.. disbursed.Funding.Zip(parts, (share, part) => share with { Principal = part })];
            marginShares[disbursed.LoanId] = shares;
            Move(shares, effectiveOn, disbursed.Lines, sign: 1, isMargin: true);
        }
    }

    private void Pay(TransactionId id, LoanId loanId, DateOnly effectiveOn, ImmutableArray<SplitPart> split, JournalLines lines)
    {
        var payment = new Known(funds[loanId], effectiveOn, marginShares.ContainsKey(loanId), [], []);
        var parts = payment.PartsOf(split);
        payments[id] = payment with { Booked = parts, Now = parts };
        Move(parts, lines);
    }

    /// <summary>Takes back what the payment's own fact said; what moved since comes with the reallocation beside it.</summary>
    private void Reverse(IReversal reversal, JournalLines lines, DateOnly effectiveOn)
    {
        var payment = payments[reversal.TransactionId];
        ImmutableArray<PaidPart> back = reversal.Kind == ReversalKind.EnteredInError
            ? [.. payment.Booked.Select(part => part.Negated)]
            : [.. payment.Booked.Select(part => part.Negated with { On = part.On > effectiveOn ? part.On : effectiveOn })];
        Move(back, lines);
        if (reversal.Kind == ReversalKind.Returned)
        {
            payments[reversal.ReversalId] = payment with { EffectiveOn = effectiveOn, Booked = back, Now = back };
        }
    }

    private void Move(ImmutableArray<FundingShare> funding, DateOnly on, JournalLines lines, int sign, bool isMargin = false) => Move(
        [.. funding.Select(share => new PaidPart(share.FundId, on, -sign * share.Principal.MinorUnits, share.Principal.Currency, isMargin))], lines);

    /// <summary>The day each part counts in the books was decided with it, and stands in the lines.</summary>
    private void Move(ImmutableArray<PaidPart> paid, JournalLines lines)
    {
        foreach (var part in paid.GroupBy(part => (part.FundId, part.On, part.IsMargin)))
        {
            var amount = -part.Sum(of => of.MinorUnits);
            if (amount != 0)
            {
                var bookedOn = lines.First(line => line.FundId == part.Key.FundId && line.EffectiveOn == part.Key.On).BookedOn;
                var key = (part.Key.FundId, new BookDay(part.Key.On, bookedOn));
                var owed = Money.OfMinorUnits(amount, part.First().Currency);
                var sums = part.Key.IsMargin ? margins : movements;
                sums[key] = sums.TryGetValue(key, out var sum) ? sum + owed : owed;
            }
        }
    }

    /// <summary>Principal, or margin, of one fund that a payment pays on a day.</summary>
    private readonly record struct PaidPart(FundId FundId, DateOnly On, long MinorUnits, Currency Currency, bool IsMargin)
    {
        public PaidPart Negated => this with { MinorUnits = -MinorUnits };
    }

    private sealed record Known(FundId FundId, DateOnly EffectiveOn, bool HasMargin, ImmutableArray<PaidPart> Booked, ImmutableArray<PaidPart> Now)
    {
        public ImmutableArray<PaidPart> PartsOf(ImmutableArray<SplitPart> split) =>
        [
            .. split.Where(part => IsPrincipal(part.Component) || (HasMargin && IsMargin(part.Component)))
                .Select(part => new PaidPart(
                    part.FundId ?? FundId, part.AppliedOn ?? EffectiveOn, part.Amount.MinorUnits, part.Amount.Currency, !IsPrincipal(part.Component))),
        ];

        private static bool IsPrincipal(SplitComponent component) => component is SplitComponent.Principal or SplitComponent.PrincipalWrittenOff;

        private static bool IsMargin(SplitComponent component) =>
            component is SplitComponent.Interest or SplitComponent.InterestWaived or SplitComponent.InterestWrittenOff;
    }
}
