using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

/// <summary>Takes back an approval, a payment out or a repayment, unless later facts of the loan rest on it.</summary>
public static class LoanReversals
{
    public static Decision Decide(ReversalOrder order, RecordedFact original, Loan loan, Moment moment) => original.Data switch
    {
        LoanApproved approved => OfApproval(order, loan, approved),
        LoanDisbursed disbursed => OfDisbursement(order, loan, disbursed, moment),
        RepaymentRecorded repayment => OfRepayment(order, loan, repayment, moment),
        _ => throw new ArgumentOutOfRangeException(nameof(original), original.Data.GetType().Name, "Not a fact of a loan."),
    };

    private static Decision OfApproval(ReversalOrder order, Loan loan, LoanApproved approved) =>
        loan.Disbursement is { } disbursement ? DependsOn(disbursement.Id)
        : loan.Cancellation is { } cancellation ? DependsOn(cancellation.Id)
        : loan.ReturnedDisbursements is [.., var returned] ? DependsOn(returned.Step.Id)
        : Decision.Record(new NewFact(
            loan.Id.Value,
            new LoanApprovalReversed(order.Id, order.TransactionId, loan.Id, order.Kind, approved.Funding, order.Reason),
            order.Day,
            EventOf: order.Id.Value));

    private static Decision OfDisbursement(ReversalOrder order, Loan loan, LoanDisbursed disbursed, Moment moment) =>
        loan.Payments.Count > 0
            ? DependsOn([.. loan.Payments.Select(payment => payment.Id)])
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

    private static Decision OfRepayment(ReversalOrder order, Loan loan, RepaymentRecorded repayment, Moment moment)
    {
        var payment = loan.Payments.Find(known => known.Id == order.TransactionId)!;
        var reversed = new NewFact(
            loan.Id.Value,
            new RepaymentReversed(
                order.Id,
                order.TransactionId,
                moment.NextNumber("PB"),
                loan.Id,
                loan.MemberId,
                order.Kind,
                repayment.Amount,
                order.LinesOf(repayment.Lines),
                order.Reason),
            order.Day,
            EventOf: order.Id.Value);
        var moved = order.Kind == ReversalKind.EnteredInError
            ? Reallocation.Of(loan, loan.Payments.Remove(payment), loan.Payments.IndexOf(payment), order.Id, order.Fund, order.Day, gone: payment)
            : Returned(order, loan, payment, moment);
        return Decision.Record([reversed, .. moved]);
    }

    private static IReadOnlyList<NewFact> Returned(ReversalOrder order, Loan loan, Payment payment, Moment moment)
    {
        var back = payment.ReturnedBy(order.Id, order.Day.EffectiveOn, moment.Sequence + 1);
        var place = loan.PlaceOf(back);
        return Reallocation.Of(loan, loan.Payments.Insert(place, back), place, order.Id, order.Fund, order.Day);
    }

    private static Decision DependsOn(params IReadOnlyList<TransactionId> later) => Decision.Refuse(
        "later-facts-depend-on-it", "/transactionId", new Figure("later", string.Join(", ", later)));
}
