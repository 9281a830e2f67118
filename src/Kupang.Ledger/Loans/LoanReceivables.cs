using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// What borrowers owe by the loans' own facts: what was paid out, less the principal in what each payment pays, each part on
/// the day it is applied. When a payment's split moves, the difference counts on those days.
/// </summary>
public sealed class LoanReceivables : ILoanBook
{
    private readonly Dictionary<(FundId FundId, BookDay Day), Money> movements = [];
    private readonly Dictionary<LoanId, FundId> funds = [];
    private readonly Dictionary<TransactionId, Known> payments = [];

    public void Add(RecordedFact fact)
    {
        switch (fact.Data)
        {
            case LoanDisbursed disbursed:
                funds[disbursed.LoanId] = disbursed.Funding[0].FundId;
                Move(disbursed.Funding, fact.Envelope.EffectiveOn, disbursed.Lines, sign: 1);
                break;
            case LoanTrancheDisbursed tranche:
                Move(tranche.Funding, fact.Envelope.EffectiveOn, tranche.Lines, sign: 1);
                break;
            case LoanTrancheReversed reversed:
                Move(reversed.Funding, fact.Envelope.EffectiveOn, reversed.Lines, sign: -1);
                break;
            case LoanDisbursementReversed reversed:
                Move(reversed.Funding, fact.Envelope.EffectiveOn, reversed.Lines, sign: -1);
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

                    var now = payment.PrincipalOf(split.Split);
                    Move([.. now, .. payment.Now.Select(part => part.Negated)], reallocated.Lines);
                    payments[split.RepaymentId] = payment with { Now = now };
                }

                break;
        }
    }

    public IEnumerable<PrincipalMovement> Movements() =>
        movements.Select(movement => new PrincipalMovement(movement.Key.FundId, movement.Value, movement.Key.Day));

    private void Pay(TransactionId id, LoanId loanId, DateOnly effectiveOn, ImmutableArray<SplitPart> split, JournalLines lines)
    {
        var payment = new Known(funds[loanId], effectiveOn, [], []);
        var principal = payment.PrincipalOf(split);
        payments[id] = payment with { Booked = principal, Now = principal };
        Move(principal, lines);
    }

    /// <summary>Takes back what the payment's own fact said; what moved since comes with the reallocation beside it.</summary>
    private void Reverse(IReversal reversal, JournalLines lines, DateOnly effectiveOn)
    {
        var payment = payments[reversal.TransactionId];
        ImmutableArray<PaidPrincipal> back = reversal.Kind == ReversalKind.EnteredInError
            ? [.. payment.Booked.Select(part => part.Negated)]
            : [.. payment.Booked.Select(part => part.Negated with { On = part.On > effectiveOn ? part.On : effectiveOn })];
        Move(back, lines);
        if (reversal.Kind == ReversalKind.Returned)
        {
            payments[reversal.ReversalId] = new Known(payment.FundId, effectiveOn, back, back);
        }
    }

    private void Move(ImmutableArray<FundingShare> funding, DateOnly on, JournalLines lines, int sign) =>
        Move([.. funding.Select(share => new PaidPrincipal(share.FundId, on, -sign * share.Principal.MinorUnits, share.Principal.Currency))], lines);

    /// <summary>The day each part counts in the books was decided with it, and stands in the lines.</summary>
    private void Move(ImmutableArray<PaidPrincipal> paid, JournalLines lines)
    {
        foreach (var part in paid.GroupBy(part => (part.FundId, part.On)))
        {
            var amount = -part.Sum(of => of.MinorUnits);
            if (amount != 0)
            {
                var bookedOn = lines.First(line => line.FundId == part.Key.FundId && line.EffectiveOn == part.Key.On).BookedOn;
                var key = (part.Key.FundId, new BookDay(part.Key.On, bookedOn));
                var owed = Money.OfMinorUnits(amount, part.First().Currency);
                movements[key] = movements.TryGetValue(key, out var sum) ? sum + owed : owed;
            }
        }
    }

    /// <summary>Principal of one fund that a payment pays on a day.</summary>
    private readonly record struct PaidPrincipal(FundId FundId, DateOnly On, long MinorUnits, Currency Currency)
    {
        public PaidPrincipal Negated => this with { MinorUnits = -MinorUnits };
    }

    private sealed record Known(FundId FundId, DateOnly EffectiveOn, ImmutableArray<PaidPrincipal> Booked, ImmutableArray<PaidPrincipal> Now)
    {
        public ImmutableArray<PaidPrincipal> PrincipalOf(ImmutableArray<SplitPart> split) =>
        [
            .. split.Where(part => part.Component is SplitComponent.Principal or SplitComponent.PrincipalWrittenOff)
                .Select(part => new PaidPrincipal(part.FundId ?? FundId, part.AppliedOn ?? EffectiveOn, part.Amount.MinorUnits, part.Amount.Currency)),
        ];
    }
}
