using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>A member pays. The engine decides what the payment pays.</summary>
public sealed record RecordRepayment(Money Amount, PaymentMethod? Method = null) : DatedCommand;

/// <summary>What the payer gets back. <paramref name="Advance"/> is what was paid beyond everything owed.</summary>
public sealed record RepaymentAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    LoanId LoanId,
    Money Amount,
    Money Penalty,
    Money Fee,
    Money Interest,
    Money Principal,
    Money Advance,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    string? ReceiptNumber,
    long AsOfSequence)
{
    public static RepaymentAnswer Of(RecordedFact fact, long sequence)
    {
        var repayment = (RepaymentRecorded)fact.Data;
        var currency = repayment.Amount.Currency;
        return new RepaymentAnswer(
            repayment.RepaymentId,
            repayment.Number,
            repayment.ExternalId,
            repayment.LoanId,
            repayment.Amount,
            Penalty: Sum(SplitComponent.Penalty),
            Fee: Money.Zero(currency),
            Interest: Sum(SplitComponent.Interest),
            Principal: Sum(SplitComponent.Principal),
            Advance: Sum(SplitComponent.Advance),
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            fact.Envelope.Paper?.Number,
            sequence);

        Money Sum(SplitComponent component)
        {
            var sum = Money.Zero(currency);
            foreach (var part in repayment.Split)
            {
                sum = part.Component == component ? sum + part.Amount : sum;
            }

            return sum;
        }
    }
}

public static class RecordRepaymentDecider
{
    public static Decision Decide(RecordRepayment command, TransactionId id, Loan loan, Fund fund, Moment moment)
    {
        if (loan.Status != LoanStatus.Active)
        {
            return LoanRules.WrongStatus("loan-not-active", loan);
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((AmountRules.Check(command.Amount, loan.Currency)
            ?? DateRules.Check(effectiveOn, moment)
            ?? LoanRules.NotBefore(effectiveOn, loan.Disbursement!.EffectiveOn, "before-disbursement")
            ?? MethodRules.Check(command.Method, command.Channel)) is { } refusal)
        {
            return refusal;
        }

        // Most payments are the newest of their loan; then what was paid before is what the loan knows already.
        var payment = new Payment(id, effectiveOn, moment.Sequence + 1, command.Amount, [], []);
        var place = loan.PlaceOf(payment);
        var paid = place == loan.Payments.Count ? loan.Paid.ToArray() : Reallocation.PaidBy(loan, loan.Payments.Take(place));
        var split = PaymentAllocation.Split(loan.Schedule, paid, command.Amount, effectiveOn, loan.Terms.Allocation);
        var day = fund.DayOf(effectiveOn);
        NewFact repayment = new(
            loan.Id.Value,
            new RepaymentRecorded(
                id,
                moment.NextNumber("AN"),
                loan.Id,
                loan.MemberId,
                command.Amount,
                split,
                LoanPostingRules.Repayment(
                    loan.FundId, loan.MemberId, command.Amount, split, loan.Terms.BookingClass, MethodRules.ChannelOf(command.Method, command.Channel), day),
                command.ExternalId),
            day,
            EventOf: id.Value);
        return place == loan.Payments.Count
            ? Decision.Record(repayment)
            : Decision.Record(
                [repayment, .. Reallocation.Of(loan, loan.Payments.Insert(place, payment with { Split = split }), place + 1, id, fund, day)]);
    }
}

public static class RecordRepaymentEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/repayments", OperationId = "recordRepayment")]
    [Tags("Loans"), Takes(typeof(RecordRepayment)), Answers(typeof(RepaymentAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<RecordRepayment>("recordRepayment", command =>
    {
        var id = new TransactionId(command.NewId());
        var channel = MethodRules.ChannelOf(command.Method, command.Channel);
        return LoanSlice.Of(
            loanId,
            _ => [],
            (loan, fund, _, moment) => RecordRepaymentDecider.Decide(command, id, loan, fund, moment),
            (_, moment) => new Answer(
                201, RepaymentAnswer.Of(moment.Recorded<RepaymentRecorded>(), moment.Sequence), $"/v1/loans/{loanId}/repayments/{id}")) with
        {
            Channel = channel,
            PaperContent = $"{loanId}|{command.Amount}|{command.EffectiveOn:O}|{channel}",
        };
    });

    [WolverineGet("/v1/loans/{loanId}/repayments/{repaymentId}", OperationId = "getRepayment")]
    [Tags("Loans"), Answers(typeof(RepaymentAnswer), 200)]
    public static Task<IResult> Get(Guid loanId, Guid repaymentId, HttpContext http) =>
        http.ReadFact<RepaymentRecorded>(loanId, repaymentId, RepaymentAnswer.Of);
}
