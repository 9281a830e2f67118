using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>A member pays. The engine decides what the payment pays.</summary>
public sealed record RecordRepayment(Money Amount, PaymentMethod? Method = null) : DatedCommand;

/// <summary>What the payer gets back.</summary>
/// <param name="Principal">What it brings the principal down by, ahead of time too.</param>
/// <param name="Advance">What it pays of nothing yet: held for later due dates, or paid beyond everything owed.</param>
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
            Fee: Sum(SplitComponent.Fee),
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
                var paysAtOnce = part.AppliedOn is null ? part.Component : SplitComponent.Advance;
                sum = paysAtOnce == component ? sum + part.Amount : sum;
            }

            return sum;
        }
    }
}

public static class RecordRepaymentDecider
{
    public static Decision Decide(RecordRepayment command, TransactionId id, Loan loan, FundBooks funds, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return CheckStatus(loan)
            ?? AmountRules.Check(command.Amount, loan.Currency)
            ?? CheckDay(effectiveOn, loan, moment)
            ?? MethodRules.Check(command.Method, command.Channel)
            ?? Pay(id, command.Amount, effectiveOn, SourceOf(command), command.ExternalId, appliedFrom: null, loan, funds, moment);
    }

    /// <summary>Whether money may be paid on a loan at all. One that is repaid or written off may still learn of a payment made before it was.</summary>
    public static Decision? CheckStatus(Loan loan) =>
        loan.Status is LoanStatus.Active or LoanStatus.Repaid or LoanStatus.WrittenOff ? null : LoanRules.WrongStatus("loan-not-active", loan);

    public static Decision? CheckDay(DateOnly effectiveOn, Loan loan, Moment moment) =>
        DateRules.Check(effectiveOn, moment) ?? LoanMigration.CheckDay(effectiveOn, loan) ?? LoanRules.NotBefore(effectiveOn, loan.Disbursement!.EffectiveOn, "before-disbursement");

    /// <summary>The payment itself, and the reallocation when it becomes known after payments that count later.</summary>
    /// <param name="appliedFrom">The unidentified receipt that holds the money.</param>
    public static Decision Pay(
        TransactionId id,
        Money amount,
        DateOnly effectiveOn,
        PaymentSource source,
        string? externalId,
        TransactionId? appliedFrom,
        Loan loan,
        FundBooks funds,
        Moment moment)
    {
        var payment = LoanEntry.Payment(id, effectiveOn, moment.Sequence + 1, amount, source);
        var place = loan.PlaceOf(payment);
        if (loan.WriteOff is { } writeOff && writeOff.ComesBefore(payment))
        {
            return LoanRules.WrongStatus("loan-not-active", loan);
        }

        if (loan.Status == LoanStatus.Repaid && OwedBefore(loan, place, effectiveOn).IsZero)
        {
            return LoanRules.WrongStatus("loan-not-active", loan);
        }

        // Most payments are the newest of their loan; then what was paid before is what the loan knows already.
        var day = funds.DayOf(loan.FundId, effectiveOn);
        if (place == loan.Entries.Count)
        {
            return Decision.Record(FactOf(PaymentAllocation.OfNewest(loan, payment)));
        }

        var entries = loan.Entries.Insert(place, payment);
        var allocated = PaymentAllocation.Of(loan, entries, out var isCovered);
        return isCovered
            ? Decision.Record([FactOf(allocated[place]), .. Reallocation.FactsOf(loan, allocated.Where(other => other.Entry.Id != id), id, funds, day)])
            : Reallocation.Uncovered(entries);

        NewFact FactOf(AllocatedEntry allocated) => new(
            loan.Id.Value,
            new RepaymentRecorded(
                id,
                moment.NextNumber("AN"),
                loan.Id,
                loan.MemberId,
                amount,
                allocated.Split,
                new JournalLines(LoanPostingRules.Payment(loan, funds, payment, allocated.Split)),
                externalId,
                allocated.Schedule,
                appliedFrom),
            day,
            EventOf: id.Value);
    }

    /// <summary>What was owed on a day by the payments that count first.</summary>
    private static Money OwedBefore(Loan loan, int place, DateOnly day) =>
        LoanPosition.Of(loan with { Entries = loan.Entries.GetRange(0, place) }, day).Outstanding.Total;

    private static PaymentSource SourceOf(RecordRepayment command) =>
        new(LoanPostingRules.MoneyAccountOf(MethodRules.ChannelOf(command.Method, command.Channel)));
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
            (loan, funds, _, moment) => RecordRepaymentDecider.Decide(command, id, loan, funds, moment),
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
