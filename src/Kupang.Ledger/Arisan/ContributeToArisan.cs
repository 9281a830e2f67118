using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Arisan;

/// <summary>Somebody pays for a round: on its day, late, or ahead.</summary>
/// <param name="Round">The first that is not paid in full when left out.</param>
/// <param name="Amount">What is not paid of the round when left out.</param>
public sealed record ContributeToArisan(MemberId MemberId, int? Round = null, Money? Amount = null) : DatedCommand;

public static class ContributeToArisanDecider
{
    public static Decision Decide(ContributeToArisan command, TransactionId id, ArisanCircle circle, Fund fund, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((ArisanRules.CheckDay(circle, effectiveOn, moment)
            ?? ArisanRules.CheckSeat(circle, command.MemberId)
            ?? ArisanRules.CheckChannel(command.Channel)
            ?? (command.Round is { } named ? ArisanRules.CheckRound(circle, named) : null)) is { } refusal)
        {
            return refusal;
        }

        var round = command.Round ?? circle.Rounds.FirstOrDefault(of => circle.OwedBy(command.MemberId, of).IsPositive);
        if (round == 0 || !circle.OwedBy(command.MemberId, round).IsPositive)
        {
            return Decision.Refuse("round-already-paid", "/round", new Figure("round", round));
        }

        var owed = circle.OwedBy(command.MemberId, round);
        var amount = command.Amount ?? owed;
        var day = fund.DayOf(effectiveOn);
        return AmountRules.Check(amount, circle.Currency)
            ?? (amount > owed ? Decision.Refuse("exceeds-contribution", "/amount", new Figure("owed", owed), new Figure("required", amount)) : null)
            ?? Decision.Record(new NewFact(
                circle.Id.Value,
                new ArisanContributed(
                    id,
                    moment.NextNumber("IA"),
                    circle.Id,
                    circle.FundId,
                    command.MemberId,
                    round,
                    amount,
                    new JournalLines(
                        JournalLine.Debit(LoanPostingRules.MoneyAccountOf(command.Channel ?? Channel.Cash), fund.Id, amount, day),
                        JournalLine.Credit(AccountCode.ArisanPots, fund.Id, amount, day, new Party(PartyKind.Member, command.MemberId.Value))),
                    command.ExternalId),
                day,
                EventOf: id.Value));
    }
}

public static class ContributeToArisanEndpoint
{
    [WolverinePost("/v1/arisan/{arisanId}/contributions", OperationId = "contributeToArisan")]
    [Tags("Arisan"), Takes(typeof(ContributeToArisan)), Answers(typeof(ArisanEntryAnswer), 201)]
    public static Task<IResult> Post(Guid arisanId, HttpContext http) => http.Record<ContributeToArisan>("contributeToArisan", command =>
    {
        var id = new TransactionId(command.NewId());
        return ArisanSlice.Of<ArisanContributed>(
            arisanId, command.MemberId, (circle, fund, moment) => ContributeToArisanDecider.Decide(command, id, circle, fund, moment)) with
        {
            Channel = command.Channel ?? Channel.Cash,
            PaperContent = $"{arisanId}|in|{command.MemberId}|{command.Round}|{command.Amount}|{command.EffectiveOn:O}|{command.Channel}",
        };
    });
}
