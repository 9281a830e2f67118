using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// What borrowers owe by the loans' own facts: what was paid out, less the principal in what each payment pays. When a
/// payment's split moves, the difference counts on the payment's day.
/// </summary>
public sealed class LoanReceivables : ILoanBook
{
    private readonly Dictionary<(FundId FundId, BookDay Day), Money> movements = [];
    private readonly Dictionary<LoanId, FundId> funds = [];
    private readonly Dictionary<TransactionId, (DateOnly EffectiveOn, Money Booked, Money Principal)> payments = [];

    public void Add(RecordedFact fact)
    {
        switch (fact.Data)
        {
            case LoanDisbursed disbursed:
                funds[disbursed.LoanId] = disbursed.Funding[0].FundId;
                Move(disbursed.LoanId, fact.Envelope.Day, disbursed.Principal);
                break;
            case RepaymentRecorded repayment:
                var principal = PrincipalOf(repayment.Split, repayment.Amount.Currency);
                payments[repayment.RepaymentId] = (fact.Envelope.EffectiveOn, principal, principal);
                Move(repayment.LoanId, fact.Envelope.Day, -principal);
                break;
            case RepaymentReversed reversed:
                Reverse(reversed, fact.Envelope.Day);
                break;
            case LoanDisbursementReversed reversed:
                Move(reversed.LoanId, fact.Envelope.Day, -reversed.Amount);
                break;
            case RepaymentsReallocated reallocated:
                Reallocate(reallocated);
                break;
        }
    }

    public IEnumerable<PrincipalMovement> Movements() =>
        movements.Select(movement => new PrincipalMovement(movement.Key.FundId, movement.Value, movement.Key.Day));

    /// <summary>Takes back what the payment's own fact said; what moved since comes with the reallocation beside it.</summary>
    private void Reverse(RepaymentReversed reversed, BookDay day)
    {
        var principal = payments[reversed.TransactionId].Booked;
        Move(reversed.LoanId, day, principal);
        if (reversed.Kind == ReversalKind.Returned)
        {
            payments[reversed.ReversalId] = (day.EffectiveOn, -principal, -principal);
        }
    }

    private void Reallocate(RepaymentsReallocated reallocated)
    {
        foreach (var split in reallocated.Splits)
        {
            var (effectiveOn, booked, before) = payments[split.RepaymentId];
            var now = PrincipalOf(split.Split, before.Currency);
            if (now != before)
            {
                // The day it counts in the books was decided with the difference, and stands in its lines.
                var bookedOn = reallocated.Lines.First(line => line.EffectiveOn == effectiveOn).BookedOn;
                payments[split.RepaymentId] = (effectiveOn, booked, now);
                Move(reallocated.LoanId, new BookDay(effectiveOn, bookedOn), before - now);
            }
        }
    }

    private void Move(LoanId loanId, BookDay day, Money amount)
    {
        var key = (funds[loanId], day);
        movements[key] = movements.TryGetValue(key, out var sum) ? sum + amount : amount;
    }

    private static Money PrincipalOf(ImmutableArray<SplitPart> split, Currency currency) =>
        Money.Sum(split.Where(part => part.Component == SplitComponent.Principal).Select(part => part.Amount), currency);
}
