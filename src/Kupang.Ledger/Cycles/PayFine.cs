using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Cycles;

/// <summary>A fine is paid, or a part of it; also one that a share-out left owed.</summary>
/// <param name="Amount">What is owed of it when left out.</param>
public sealed record PayFine(TransactionId FineId, Money? Amount = null) : DatedCommand;

public static class PayFineDecider
{
    public static Decision Decide(PayFine command, TransactionId id, CycleContext context, Moment moment)
    {
        var cycle = context.Cycle;
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((CycleRules.CheckDay(cycle, effectiveOn, moment) ?? CycleRules.CheckChannel(command.Channel)) is { } refusal)
        {
            return refusal;
        }

        if (cycle.Fines().FirstOrDefault(fine => fine.Fine.FineId == command.FineId) is not { } owed)
        {
            return Decision.Refuse("unknown-fine", "/fineId", new Figure("fineCode", command.FineId.ToString()));
        }

        var chargedOn = cycle.Standing.First(fact => ReferenceEquals(fact.Data, owed.Fine)).Envelope.EffectiveOn;
        var earliest = cycle.ShareOut is null ? chargedOn : cycle.LastOn;
        return owed.Owed.IsZero ? Decision.Refuse("fine-already-paid", "/fineId")
            : effectiveOn < earliest
                ? Decision.Refuse("before-fine", "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("earlier", earliest))
            : (command.Amount ?? owed.Owed) is var amount && AmountRules.Check(amount, cycle.Currency) is { } unfit ? unfit
            : amount > owed.Owed ? Decision.Refuse("exceeds-fine", "/amount", new Figure("owed", owed.Owed), new Figure("required", amount))
            : Record(command, id, context, owed.Fine, amount, effectiveOn, moment);
    }

    private static Decision Record(PayFine command, TransactionId id, CycleContext context, FineCharged fine, Money amount, DateOnly effectiveOn, Moment moment)
    {
        var day = context.Fund.DayOf(effectiveOn);
        return Decision.Record(new NewFact(
            context.Cycle.Id.Value,
            new FinePaid(
                id,
                moment.NextNumber("DK"),
                context.Cycle.Id,
                context.Cycle.FundId,
                fine.MemberId,
                fine.FineId,
                amount,
                CyclePostingRules.PaidIn(AccountCode.GroupFineIncome, context.Cycle.FundId, fine.MemberId, amount, command.Channel ?? Channel.Cash, day),
                command.ExternalId),
            day,
            EventOf: id.Value));
    }
}

public static class PayFineEndpoint
{
    [WolverinePost("/v1/cycles/{cycleId}/fine-payments", OperationId = "payFine")]
    [Tags("Cycles"), Takes(typeof(PayFine)), Answers(typeof(CycleEntryAnswer), 201)]
    public static Task<IResult> Post(Guid cycleId, HttpContext http) => http.Record<PayFine>("payFine", command =>
    {
        var id = new TransactionId(command.NewId());
        return CycleSlice.Of(
            cycleId,
            about: null,
            (context, _, moment) => PayFineDecider.Decide(command, id, context, moment),
            CycleEntryAnswer.Recorded<FinePaid>) with
        {
            NoteAbout = states => states.Peek<Cycle>(cycleId)?.Of<FineCharged>().FirstOrDefault(fine => fine.FineId == command.FineId)?.MemberId.Value,
            Channel = command.Channel ?? Channel.Cash,
            PaperContent = $"{cycleId}|fine-paid|{command.FineId}|{command.Amount}|{command.EffectiveOn:O}|{command.Channel}",
        };
    });
}
