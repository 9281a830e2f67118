using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Arisan;

/// <summary>
/// The pot of a round is paid to its receiver, as far as it is there. What somebody pays late for the round is paid out
/// after it.
/// </summary>
/// <param name="Amount">All that was paid in for the round and not paid out when left out.</param>
public sealed record PayArisanPot(int Round, Money? Amount = null) : DatedCommand;

public static class PayArisanPotDecider
{
    public static Decision Decide(PayArisanPot command, TransactionId id, ArisanCircle circle, Fund fund, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((ArisanRules.CheckDay(circle, effectiveOn, moment)
            ?? ArisanRules.CheckChannel(command.Channel)
            ?? ArisanRules.CheckRound(circle, command.Round)
            ?? LoanRules.NotBefore(effectiveOn, circle.DayOf(command.Round), "before-round")) is { } refusal)
        {
            return refusal;
        }

        if (circle.ReceiverOf(command.Round) is not { } receiver)
        {
            return Decision.Refuse("receiver-not-drawn", "/round", new Figure("round", command.Round));
        }

        // What is dated later than the payment was not there yet.
        var there = circle.On(effectiveOn).CollectedFor(command.Round) - circle.PaidOutOf(command.Round);
        var amount = command.Amount ?? there;
        var day = fund.DayOf(effectiveOn);
        return (command.Amount is null && !there.IsPositive ? Decision.Refuse("pot-is-empty", "/round", new Figure("round", command.Round)) : null)
            ?? AmountRules.Check(amount, circle.Currency)
            ?? (amount > there ? Decision.Refuse("exceeds-pot", "/amount", new Figure("available", there), new Figure("required", amount)) : null)
            ?? Decision.Record(new NewFact(
                circle.Id.Value,
                new ArisanPotPaid(
                    id,
                    moment.NextNumber("PA"),
                    circle.Id,
                    circle.FundId,
                    receiver,
                    command.Round,
                    amount,
                    new JournalLines(
                        JournalLine.Debit(AccountCode.ArisanPots, fund.Id, amount, day, new Party(PartyKind.Member, receiver.Value)),
                        JournalLine.Credit(LoanPostingRules.MoneyAccountOf(command.Channel ?? Channel.Cash), fund.Id, amount, day)),
                    command.ExternalId),
                day,
                EventOf: id.Value));
    }
}

public static class PayArisanPotEndpoint
{
    [WolverinePost("/v1/arisan/{arisanId}/pot-payments", OperationId = "payArisanPot")]
    [Tags("Arisan"), Takes(typeof(PayArisanPot)), Answers(typeof(ArisanEntryAnswer), 201)]
    public static Task<IResult> Post(Guid arisanId, HttpContext http) => http.Record<PayArisanPot>("payArisanPot", command =>
    {
        var id = new TransactionId(command.NewId());
        return ArisanSlice.Of<ArisanPotPaid>(
            arisanId, about: null, (circle, fund, moment) => PayArisanPotDecider.Decide(command, id, circle, fund, moment)) with
        {
            NoteAbout = states => states.Peek<ArisanCircle>(arisanId) is { } circle && ArisanRules.CheckRound(circle, command.Round) is null
                ? circle.ReceiverOf(command.Round)?.Value
                : null,
            Channel = command.Channel ?? Channel.Cash,
            PaperContent = $"{arisanId}|pot|{command.Round}|{command.Amount}|{command.EffectiveOn:O}|{command.Channel}",
        };
    });
}
