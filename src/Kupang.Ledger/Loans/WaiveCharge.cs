using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>
/// Lets off a penalty, fees or interest that was not received yet, by a decision. Interest is let off the oldest instalment
/// first. No money moves, and nothing is booked: it had not been income yet.
/// </summary>
public sealed record WaiveCharge(ChargeComponent Component, Money Amount, [property: TextLimit(100)] string DecisionReference) : DatedCommand;

public sealed record WaiverAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    LoanId LoanId,
    ChargeComponent Component,
    Money Amount,
    ImmutableArray<SplitPart> Split,
    string DecisionReference,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    long AsOfSequence)
{
    public static WaiverAnswer Of(RecordedFact fact, long sequence)
    {
        var waived = (LoanChargeWaived)fact.Data;
        return new WaiverAnswer(
            waived.WaiverId,
            waived.Number,
            waived.ExternalId,
            waived.LoanId,
            waived.Component,
            waived.Amount,
            waived.Split,
            waived.DecisionReference,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            sequence);
    }
}

public static class WaiveChargeDecider
{
    public static Decision Decide(WaiveCharge command, TransactionId id, Loan loan, FundBooks funds, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((LoanRules.CheckActive(loan) ?? AmountRules.Check(command.Amount, loan.Currency) ?? RecordRepaymentDecider.CheckDay(effectiveOn, loan, moment)) is { } refusal)
        {
            return refusal;
        }

        if (command.Component == ChargeComponent.Interest && loan.Terms.IsFixedMargin)
        {
            // The margin is part of the price: to let it off would take it out of the books, which this fact does not.
            return Decision.Refuse("margin-can-not-be-waived", "/component");
        }

        var open = LoanPosition.Of(loan, effectiveOn).Outstanding;
        var most = command.Component switch
        {
            ChargeComponent.Penalty => open.Penalty,
            ChargeComponent.Fee => open.Fee,
            _ => open.Interest,
        };
        if (command.Amount > most)
        {
            return Decision.Refuse("exceeds-open-charge", "/amount", new Figure("open", most), new Figure("required", command.Amount));
        }

        var waiver = new LoanEntry(id, EntryKind.Waiver, effectiveOn, moment.Sequence + 1, command.Amount, [], []) { Turn = new LoanTurn.Waiver(command.Component) };
        return LoanEntries.Record(loan, waiver, funds, allocated => new LoanChargeWaived(
            id, moment.NextNumber("KR"), loan.Id, loan.MemberId, command.Component, command.Amount, allocated.Split, command.DecisionReference, command.ExternalId));
    }
}

public static class WaiveChargeEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/waivers", OperationId = "waiveCharge")]
    [Tags("Loans"), Takes(typeof(WaiveCharge)), Answers(typeof(WaiverAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<WaiveCharge>("waiveCharge", command =>
    {
        var id = new TransactionId(command.NewId());
        return LoanSlice.Of(
            loanId,
            _ => [],
            (loan, funds, _, moment) => WaiveChargeDecider.Decide(command, id, loan, funds, moment),
            (_, moment) => new Answer(201, WaiverAnswer.Of(moment.Recorded<LoanChargeWaived>(), moment.Sequence), $"/v1/loans/{loanId}/waivers/{id}")) with
        {
            PaperContent = $"{loanId}|waiver|{command.Component}|{command.Amount}|{command.EffectiveOn:O}",
        };
    });

    [WolverineGet("/v1/loans/{loanId}/waivers/{waiverId}", OperationId = "getWaiver")]
    [Tags("Loans"), Answers(typeof(WaiverAnswer), 200)]
    public static Task<IResult> Get(Guid loanId, Guid waiverId, HttpContext http) => http.ReadFact<LoanChargeWaived>(loanId, waiverId, WaiverAnswer.Of);
}
