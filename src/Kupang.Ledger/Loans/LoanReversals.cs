using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

/// <summary>Takes back an approval, a payment out, a repayment or a refund, unless later facts of the loan rest on it.</summary>
public static class LoanReversals
{
    public static Decision Decide(ReversalOrder order, RecordedFact original, Loan loan, FundBooks funds, Moment moment) => original.Data switch
    {
        LoanApproved approved => OfApproval(order, loan, approved),
        LoanTrancheDisbursed tranche => OfTranche(order, loan, tranche, moment),
        LoanSettled { RefinancedBy: not null } when !order.IsPartOfAnother => Decision.Refuse("part-of-refinancing", "/transactionId"),
        IPaysALoan paying => OfTurn(order, funds, loan, paying, moment),
        LoanFeeCharged or LoanChargeWaived or LoanRescheduled or ClaimForgiven => OfPayment(order, funds, loan, moment, number =>
            new LoanEntryReversed(order.Id, order.TransactionId, number, loan.Id, loan.MemberId, order.Kind, order.Reason)),
        LoanMigrated migrated => LoanMigration.Reverse(order, loan, migrated, funds, moment),
        LoanDisbursed disbursed => OfDisbursement(order, loan, disbursed, moment),
        RepaymentRecorded repayment => OfPayment(order, funds, loan, moment, number => new RepaymentReversed(
            order.Id,
            order.TransactionId,
            number,
            loan.Id,
            loan.MemberId,
            order.Kind,
            repayment.Amount,
            order.LinesOf(repayment.Lines),
            order.Reason)),
        AdvanceRefunded refund => OfPayment(order, funds, loan, moment, number => new AdvanceRefundReversed(
            order.Id,
            order.TransactionId,
            number,
            loan.Id,
            loan.MemberId,
            order.Kind,
            refund.Amount,
            order.LinesOf(refund.Lines),
            order.Reason)),
        _ => throw new ArgumentOutOfRangeException(nameof(original), original.Data.GetType().Name, "Not a fact of a loan."),
    };

    private static Decision OfApproval(ReversalOrder order, Loan loan, LoanApproved approved) =>
        loan.Disbursement is { } disbursement ? LoanRules.DependsOn(disbursement.Id)
        : loan.Cancellation is { } cancellation ? LoanRules.DependsOn(cancellation.Id)
        : loan.ReturnedDisbursements is [.., var returned] ? LoanRules.DependsOn(returned.Step.Id)
        : Decision.Record(new NewFact(
            loan.Id.Value,
            new LoanApprovalReversed(order.Id, order.TransactionId, loan.Id, order.Kind, approved.Funding, order.Reason),
            order.Day,
            EventOf: order.Id.Value));

    private static Decision OfDisbursement(ReversalOrder order, Loan loan, LoanDisbursed disbursed, Moment moment) =>
        loan.Entries.Count > 0
            ? LoanRules.DependsOn([.. loan.Entries.Select(entry => entry.Id)])
            : Decision.Record(new NewFact(
                loan.Id.Value,
                new LoanDisbursementReversed(
                    order.Id,
                    order.TransactionId,
                    moment.NextNumber("PB"),
                    loan.Id,
                    loan.MemberId,
                    order.Kind,
                    disbursed.Principal,
                    disbursed.Funding,
                    order.LinesOf(disbursed.Lines),
                    order.Reason),
                order.Day,
                EventOf: order.Id.Value));

    /// <summary>A write-off stands as long as something was recovered of it or its claim was given up.</summary>
    private static Decision OfTurn(ReversalOrder order, FundBooks funds, Loan loan, IPaysALoan turn, Moment moment)
    {
        var later = turn is LoanWrittenOff
            ? loan.Entries.Where(entry => entry.Kind is EntryKind.Recovery or EntryKind.Forgiveness).Select(entry => entry.Id).ToArray()
            : [];
        return later.Length > 0 ? LoanRules.DependsOn(later) : OfPayment(order, funds, loan, moment, number => new LoanTurnReversed(
            order.Id,
            order.TransactionId,
            number,
            loan.Id,
            loan.MemberId,
            order.Kind,
            turn is LoanWrittenOff writtenOff ? writtenOff.Amount : loan.Entries.Find(known => known.Id == order.TransactionId)!.Amount,
            order.LinesOf(turn.Lines),
            order.Reason,
            turn is LoanWrittenOff ? [.. FundAmount.WrittenOffOf(turn.Split, loan.FundId).Select(share => share with { Amount = -share.Amount })] : null));
    }

    private static Decision OfTranche(ReversalOrder order, Loan loan, LoanTrancheDisbursed tranche, Moment moment)
    {
        var own = loan.Entries.Find(known => known.Id == order.TransactionId)!;
        var later = loan.Entries.Where(entry => own.ComesBefore(entry)).Select(entry => entry.Id).ToArray();
        return order.Kind == ReversalKind.Returned ? OnlyInError()
            : later.Length > 0 ? LoanRules.DependsOn(later)
            : Decision.Record(new NewFact(
                loan.Id.Value,
                new LoanTrancheReversed(
                    order.Id,
                    order.TransactionId,
                    moment.NextNumber("PB"),
                    loan.Id,
                    loan.MemberId,
                    order.Kind,
                    tranche.Principal,
                    tranche.Funding,
                    order.LinesOf(tranche.Lines),
                    order.Reason),
                order.Day,
                EventOf: order.Id.Value));
    }

    /// <summary>No money of its own moved, or what came back later pays the loan: only what was never so can be taken back.</summary>
    private static Decision OnlyInError() => Decision.Refuse("reversible-only-as-error", "/kind");

    private static Decision OfPayment(ReversalOrder order, FundBooks funds, Loan loan, Moment moment, Func<string, object> reversal)
    {
        var payment = loan.Entries.Find(known => known.Id == order.TransactionId)!;
        if (order.Kind == ReversalKind.Returned && !payment.IsMoney)
        {
            return OnlyInError();
        }

        if (order.Kind == ReversalKind.Returned && loan.WriteOff is { } writeOff && payment.ComesBefore(writeOff) && order.Day.EffectiveOn >= writeOff.EffectiveOn)
        {
            // What it had paid would be open again in books that the loan has left.
            return LoanRules.DependsOn(writeOff.Id);
        }

        var reversed = new NewFact(loan.Id.Value, reversal(moment.NextNumber("PB")), order.Day, EventOf: order.Id.Value);
        var (moved, refusal) = order.Kind == ReversalKind.EnteredInError
            ? Reallocation.Of(loan, loan.Entries.Remove(payment), order.Id, funds, order.Day, gone: payment)
            : Returned(order, funds, loan, payment, moment);
        return refusal ?? Decision.Record([reversed, .. moved]);
    }

    private static (IReadOnlyList<NewFact> Facts, Decision? Refusal) Returned(
        ReversalOrder order, FundBooks funds, Loan loan, LoanEntry payment, Moment moment)
    {
        var back = payment.ReturnedBy(order.Id, order.Day.EffectiveOn, moment.Sequence + 1);
        return Reallocation.Of(loan, loan.Entries.Insert(loan.PlaceOf(back), back), order.Id, funds, order.Day);
    }
}
