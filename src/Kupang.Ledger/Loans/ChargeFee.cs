using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>The borrower owes a fee from now on. Nothing is booked: it is income when it is paid.</summary>
/// <param name="Kind">What it is for, in a word of the partner's that names nobody, such as <c>legalisation</c>.</param>
public sealed record ChargeFee(Money Amount, [property: TextLimit(40)] string Kind) : DatedCommand;

public sealed record FeeAnswer(
    TransactionId Id, string Number, string? ExternalId, LoanId LoanId, string Kind, Money Amount, DateOnly EffectiveOn, DateOnly BookedOn, long AsOfSequence)
{
    public static FeeAnswer Of(RecordedFact fact, long sequence)
    {
        var fee = (LoanFeeCharged)fact.Data;
        return new FeeAnswer(
            fee.FeeId, fee.Number, fee.ExternalId, fee.LoanId, fee.Kind, fee.Amount, fact.Envelope.EffectiveOn, fact.Envelope.BookedOn, sequence);
    }
}

public static class ChargeFeeDecider
{
    public static Decision Decide(ChargeFee command, TransactionId id, Loan loan, FundBooks funds, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return LoanRules.CheckActive(loan)
            ?? AmountRules.Check(command.Amount, loan.Currency)
            ?? RecordRepaymentDecider.CheckDay(effectiveOn, loan, moment)
            ?? LoanEntries.Record(
                loan,
                new LoanEntry(id, EntryKind.Fee, effectiveOn, moment.Sequence + 1, command.Amount, [], []),
                funds,
                _ => new LoanFeeCharged(id, moment.NextNumber("BY"), loan.Id, loan.MemberId, command.Kind, command.Amount, command.ExternalId));
    }
}

public static class ChargeFeeEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/fees", OperationId = "chargeFee")]
    [Tags("Loans"), Takes(typeof(ChargeFee)), Answers(typeof(FeeAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<ChargeFee>("chargeFee", command =>
    {
        var id = new TransactionId(command.NewId());
        return LoanSlice.Of(
            loanId,
            _ => [],
            (loan, funds, _, moment) => ChargeFeeDecider.Decide(command, id, loan, funds, moment),
            (_, moment) => new Answer(201, FeeAnswer.Of(moment.Recorded<LoanFeeCharged>(), moment.Sequence), $"/v1/loans/{loanId}/fees/{id}")) with
        {
            PaperContent = $"{loanId}|fee|{command.Kind}|{command.Amount}|{command.EffectiveOn:O}",
        };
    });

    [WolverineGet("/v1/loans/{loanId}/fees/{feeId}", OperationId = "getFee")]
    [Tags("Loans"), Answers(typeof(FeeAnswer), 200)]
    public static Task<IResult> Get(Guid loanId, Guid feeId, HttpContext http) => http.ReadFact<LoanFeeCharged>(loanId, feeId, FeeAnswer.Of);
}
