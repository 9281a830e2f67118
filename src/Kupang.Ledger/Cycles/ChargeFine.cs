using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Cycles;

/// <summary>The group fines a member. The fine is owed until it is paid or kept back from the payout.</summary>
/// <param name="Code">One of the cycle's fines; another one when the amount is given.</param>
/// <param name="Amount">What the cycle's terms say for the code when left out.</param>
public sealed record ChargeFine(
    MemberId MemberId, [property: JsonConverter(typeof(FineCodeConverter))] string Code, Money? Amount = null) : DatedCommand;

public static class ChargeFineDecider
{
    public static Decision Decide(ChargeFine command, TransactionId id, CycleContext context, Moment moment)
    {
        var cycle = context.Cycle;
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((CycleRules.CheckOpen(cycle, effectiveOn, moment) ?? CycleRules.CheckMember(context, command.MemberId, effectiveOn)) is { } refusal)
        {
            return refusal;
        }

        if ((command.Amount ?? (cycle.Terms.Fines ?? []).FirstOrDefault(fine => string.Equals(fine.Code, command.Code, StringComparison.Ordinal))?.Amount) is not { } amount)
        {
            return Decision.Refuse("unknown-fine", "/code", new Figure("fineCode", command.Code));
        }

        return AmountRules.Check(amount, cycle.Currency) ?? Decision.Record(new NewFact(
            cycle.Id.Value,
            new FineCharged(id, cycle.Id, cycle.FundId, command.MemberId, command.Code, amount, command.ExternalId),
            context.Fund.DayOf(effectiveOn),
            EventOf: id.Value));
    }
}

public static class ChargeFineEndpoint
{
    [WolverinePost("/v1/cycles/{cycleId}/fines", OperationId = "chargeFine")]
    [Tags("Cycles"), Takes(typeof(ChargeFine)), Answers(typeof(CycleEntryAnswer), 201)]
    public static Task<IResult> Post(Guid cycleId, HttpContext http) => http.Record<ChargeFine>("chargeFine", command =>
    {
        var id = new TransactionId(command.NewId());
        return CycleSlice.Of(
            cycleId,
            command.MemberId,
            (context, _, moment) => ChargeFineDecider.Decide(command, id, context, moment),
            CycleEntryAnswer.Recorded<FineCharged>) with
        {
            PaperContent = $"{cycleId}|fine|{command.MemberId}|{command.Code}|{command.Amount}|{command.EffectiveOn:O}",
        };
    });
}
