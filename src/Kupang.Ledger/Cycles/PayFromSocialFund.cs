using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Cycles;

/// <summary>The social fund helps somebody who is or was in the group, with no more than it has.</summary>
/// <param name="ReasonCode">What for, in a word that names nobody, such as <c>illness</c>.</param>
public sealed record PayFromSocialFund(
    MemberId MemberId, Money Amount, [property: JsonConverter(typeof(ReasonCodeConverter))] string? ReasonCode = null) : DatedCommand;

public static class PayFromSocialFundDecider
{
    public static Decision Decide(PayFromSocialFund command, TransactionId id, CycleContext context, Moment moment)
    {
        var cycle = context.Cycle;
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((CycleRules.CheckOpen(cycle, effectiveOn, moment)
            ?? CycleRules.CheckChannel(command.Channel)
            ?? AmountRules.Check(command.Amount, cycle.Currency)) is { } refusal)
        {
            return refusal;
        }

        if (context.Group.Memberships.All(membership => membership.MemberId != command.MemberId || membership.JoinedOn > effectiveOn))
        {
            return CycleRules.NotInGroup(command.MemberId);
        }

        var held = Money.OfMinorUnits(-context.Balances[AccountCode.SocialFund.Value], cycle.Currency);
        if (command.Amount > held)
        {
            return Decision.Refuse("exceeds-social-fund", "/amount", new Figure("available", held), new Figure("required", command.Amount));
        }

        var day = context.Fund.DayOf(effectiveOn);
        return Decision.Record(new NewFact(
            cycle.Id.Value,
            new SocialFundPaid(
                id,
                moment.NextNumber("SS"),
                cycle.Id,
                cycle.FundId,
                command.MemberId,
                command.Amount,
                CyclePostingRules.SocialPayment(cycle.FundId, command.MemberId, command.Amount, command.Channel ?? Channel.Cash, day),
                command.ExternalId),
            day,
            EventOf: id.Value,
            ReasonCode: command.ReasonCode));
    }
}

public static class PayFromSocialFundEndpoint
{
    [WolverinePost("/v1/cycles/{cycleId}/social-payments", OperationId = "payFromSocialFund")]
    [Tags("Cycles"), Takes(typeof(PayFromSocialFund)), Answers(typeof(CycleEntryAnswer), 201)]
    public static Task<IResult> Post(Guid cycleId, HttpContext http) => http.Record<PayFromSocialFund>("payFromSocialFund", command =>
    {
        var id = new TransactionId(command.NewId());
        return CycleSlice.Of(
            cycleId,
            command.MemberId,
            (context, _, moment) => PayFromSocialFundDecider.Decide(command, id, context, moment),
            CycleEntryAnswer.Recorded<SocialFundPaid>) with
        {
            Channel = command.Channel ?? Channel.Cash,
            PaperContent = $"{cycleId}|social-out|{command.MemberId}|{command.Amount}|{command.EffectiveOn:O}|{command.Channel}",
        };
    });
}
