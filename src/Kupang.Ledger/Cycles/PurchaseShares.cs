using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Cycles;

/// <summary>A member buys shares, by the price of the cycle.</summary>
/// <param name="ForMeetingOn">An earlier meeting of the cycle to catch up on, where its terms allow it; the day itself when left out.</param>
public sealed record PurchaseShares(MemberId MemberId, int Shares, DateOnly? ForMeetingOn = null) : DatedCommand;

public static class PurchaseSharesDecider
{
    public static Decision Decide(PurchaseShares command, TransactionId id, CycleContext context, Moment moment)
    {
        var cycle = context.Cycle;
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return CycleRules.CheckOpen(cycle, effectiveOn, moment)
            ?? CycleRules.CheckMember(context, command.MemberId, effectiveOn)
            ?? CycleRules.CheckChannel(command.Channel)
            ?? CheckMeeting(command, cycle, effectiveOn)
            ?? CheckShares(command, cycle, command.ForMeetingOn ?? effectiveOn)
            ?? Record(command, id, context, effectiveOn, moment);
    }

    private static Decision? CheckMeeting(PurchaseShares command, Cycle cycle, DateOnly effectiveOn) =>
        command.ForMeetingOn is not { } missed || missed == effectiveOn ? null
        : !cycle.Terms.CatchUp ? Decision.Refuse("no-catching-up", "/forMeetingOn")
        : missed > effectiveOn || missed < cycle.StartsOn
            ? Decision.Refuse("meeting-outside-cycle", "/forMeetingOn", new Figure("forMeetingOn", missed), new Figure("startsOn", cycle.StartsOn), new Figure("effectiveOn", effectiveOn))
        : null;

    private static Decision? CheckShares(PurchaseShares command, Cycle cycle, DateOnly meetingOn)
    {
        var (bought, most) = (cycle.SharesFor(command.MemberId, meetingOn), cycle.Terms.MaximumSharesPerMeeting);
        return cycle.HasPaidOut(command.MemberId) ? Decision.Refuse("member-paid-out", "/memberId")
            : command.Shares < 1 ? Decision.Refuse("shares-not-positive", "/shares", new Figure("shares", command.Shares))
            : command.Shares > most - bought
                ? Decision.Refuse("more-shares-than-allowed", "/shares", new Figure("shares", command.Shares), new Figure("bought", bought), new Figure("most", most))
            : null;
    }

    private static Decision Record(PurchaseShares command, TransactionId id, CycleContext context, DateOnly effectiveOn, Moment moment)
    {
        var (cycle, day) = (context.Cycle, context.Fund.DayOf(effectiveOn));
        var amount = Money.OfMinorUnits(cycle.Terms.SharePrice.MinorUnits * command.Shares, cycle.Currency);
        return Decision.Record(new NewFact(
            cycle.Id.Value,
            new SharesPurchased(
                id,
                moment.NextNumber("PS"),
                cycle.Id,
                cycle.FundId,
                command.MemberId,
                command.Shares,
                amount,
                CyclePostingRules.PaidIn(AccountCode.CycleShares, cycle.FundId, command.MemberId, amount, command.Channel ?? Channel.Cash, day),
                command.ForMeetingOn == effectiveOn ? null : command.ForMeetingOn,
                command.ExternalId),
            day,
            EventOf: id.Value));
    }
}

public static class PurchaseSharesEndpoint
{
    [WolverinePost("/v1/cycles/{cycleId}/share-purchases", OperationId = "purchaseShares")]
    [Tags("Cycles"), Takes(typeof(PurchaseShares)), Answers(typeof(CycleEntryAnswer), 201)]
    public static Task<IResult> Post(Guid cycleId, HttpContext http) => http.Record<PurchaseShares>("purchaseShares", command =>
    {
        var id = new TransactionId(command.NewId());
        return CycleSlice.Of(
            cycleId,
            command.MemberId,
            (context, _, moment) => PurchaseSharesDecider.Decide(command, id, context, moment),
            CycleEntryAnswer.Recorded<SharesPurchased>) with
        {
            Channel = command.Channel ?? Channel.Cash,
            PaperContent = $"{cycleId}|shares|{command.MemberId}|{command.Shares}|{command.ForMeetingOn:O}|{command.EffectiveOn:O}|{command.Channel}",
        };
    });
}
