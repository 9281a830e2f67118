using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Arisan;

/// <summary>
/// Somebody leaves before receiving a pot: what was paid is paid back in the round that would have been the leaver's. Who
/// has received one already leaves only when every round is paid.
/// </summary>
public sealed record LeaveArisan(MemberId MemberId) : DatedCommand;

public static class LeaveArisanDecider
{
    public static Decision Decide(LeaveArisan command, TransactionId id, ArisanCircle circle, Fund fund, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return ArisanRules.CheckDay(circle, effectiveOn, moment)
            ?? ArisanRules.CheckSeat(circle, command.MemberId)
            ?? CheckEven(command.MemberId, circle)
            ?? Decision.Record(new NewFact(
                circle.Id.Value,
                new ArisanMemberLeft(id, circle.Id, circle.FundId, command.MemberId, command.ExternalId),
                fund.DayOf(effectiveOn),
                EventOf: id.Value));
    }

    private static Decision? CheckEven(MemberId memberId, ArisanCircle circle)
    {
        var owed = Money.Sum(circle.Rounds.Select(round => circle.OwedBy(memberId, round)), circle.Currency);
        if (circle.ReceivedBy(memberId).IsPositive && owed.IsPositive)
        {
            return Decision.Refuse("still-owes-contributions", "/memberId", new Figure("owed", owed));
        }

        // Nobody may have paid ahead what would not be owed any more. And two who leave pay each other back nothing, so neither
        // may have paid for the other's pot alone.
        var after = circle with { Leaving = memberId };
        var overpaid = circle.Rounds.Any(round => circle.Seats.Any(other => after.OwedBy(other, round).IsNegative));
        var uneven = circle.Seats.Where(circle.HasLeft).Any(other =>
            after.PaidBy(memberId, after.RoundOf(other)!.Value) != after.PaidBy(other, after.RoundOf(memberId)!.Value));
        return overpaid || uneven ? Decision.Refuse("paid-for-a-leaver", "/memberId") : null;
    }
}

public static class LeaveArisanEndpoint
{
    [WolverinePost("/v1/arisan/{arisanId}/departures", OperationId = "leaveArisan")]
    [Tags("Arisan"), Takes(typeof(LeaveArisan)), Answers(typeof(ArisanEntryAnswer), 201)]
    public static Task<IResult> Post(Guid arisanId, HttpContext http) => http.Record<LeaveArisan>("leaveArisan", command =>
    {
        var id = new TransactionId(command.NewId());
        return ArisanSlice.Of<ArisanMemberLeft>(
            arisanId, command.MemberId, (circle, fund, moment) => LeaveArisanDecider.Decide(command, id, circle, fund, moment)) with
        {
            PaperContent = $"{arisanId}|leave|{command.MemberId}|{command.EffectiveOn:O}",
        };
    });
}
