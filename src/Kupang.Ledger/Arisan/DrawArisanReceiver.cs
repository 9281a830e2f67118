using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Arisan;

/// <summary>It was drawn by lot who receives the pot of a round. Everybody is drawn once.</summary>
public sealed record DrawArisanReceiver(int Round, MemberId MemberId) : DatedCommand;

public static class DrawArisanReceiverDecider
{
    public static Decision Decide(DrawArisanReceiver command, TransactionId id, ArisanCircle circle, Fund fund, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return circle.Order == ArisanOrder.Rota ? Decision.Refuse("receivers-not-drawn", pointer: null)
            : ArisanRules.CheckDay(circle, effectiveOn, moment)
                ?? ArisanRules.CheckRound(circle, command.Round)
                ?? ArisanRules.CheckSeat(circle, command.MemberId)
                ?? (circle.ReceiverOf(command.Round) is not null ? Decision.Refuse("round-already-drawn", "/round", new Figure("round", command.Round))
                    : circle.RoundOf(command.MemberId) is { } other ? Decision.Refuse("member-already-drawn", "/memberId", new Figure("round", other))
                    : Decision.Record(new NewFact(
                        circle.Id.Value,
                        new ArisanReceiverDrawn(id, circle.Id, circle.FundId, command.Round, command.MemberId, command.ExternalId),
                        fund.DayOf(effectiveOn),
                        EventOf: id.Value)));
    }
}

public static class DrawArisanReceiverEndpoint
{
    [WolverinePost("/v1/arisan/{arisanId}/draws", OperationId = "drawArisanReceiver")]
    [Tags("Arisan"), Takes(typeof(DrawArisanReceiver)), Answers(typeof(ArisanEntryAnswer), 201)]
    public static Task<IResult> Post(Guid arisanId, HttpContext http) => http.Record<DrawArisanReceiver>("drawArisanReceiver", command =>
    {
        var id = new TransactionId(command.NewId());
        return ArisanSlice.Of<ArisanReceiverDrawn>(
            arisanId, command.MemberId, (circle, fund, moment) => DrawArisanReceiverDecider.Decide(command, id, circle, fund, moment)) with
        {
            PaperContent = $"{arisanId}|draw|{command.Round}|{command.MemberId}|{command.EffectiveOn:O}",
        };
    });
}
