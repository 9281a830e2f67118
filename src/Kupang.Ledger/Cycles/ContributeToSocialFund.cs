using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Cycles;

/// <summary>A member pays into the social fund.</summary>
/// <param name="Amount">What the cycle's terms ask when left out.</param>
public sealed record ContributeToSocialFund(MemberId MemberId, Money? Amount = null) : DatedCommand;

public static class ContributeToSocialFundDecider
{
    public static Decision Decide(ContributeToSocialFund command, TransactionId id, CycleContext context, Moment moment)
    {
        var cycle = context.Cycle;
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((CycleRules.CheckOpen(cycle, effectiveOn, moment)
            ?? CycleRules.CheckMember(context, command.MemberId, effectiveOn)
            ?? CycleRules.CheckChannel(command.Channel)) is { } refusal)
        {
            return refusal;
        }

        if ((command.Amount ?? cycle.Terms.SocialFundContribution) is not { } amount)
        {
            return Decision.Refuse("no-social-contribution-agreed", "/amount");
        }

        var day = context.Fund.DayOf(effectiveOn);
        return AmountRules.Check(amount, cycle.Currency) ?? Decision.Record(new NewFact(
            cycle.Id.Value,
            new SocialFundContributed(
                id,
                moment.NextNumber("DS"),
                cycle.Id,
                cycle.FundId,
                command.MemberId,
                amount,
                CyclePostingRules.PaidIn(AccountCode.SocialFund, cycle.FundId, command.MemberId, amount, command.Channel ?? Channel.Cash, day),
                command.ExternalId),
            day,
            EventOf: id.Value));
    }
}

public static class ContributeToSocialFundEndpoint
{
    [WolverinePost("/v1/cycles/{cycleId}/social-contributions", OperationId = "contributeToSocialFund")]
    [Tags("Cycles"), Takes(typeof(ContributeToSocialFund)), Answers(typeof(CycleEntryAnswer), 201)]
    public static Task<IResult> Post(Guid cycleId, HttpContext http) => http.Record<ContributeToSocialFund>("contributeToSocialFund", command =>
    {
        var id = new TransactionId(command.NewId());
        return CycleSlice.Of(
            cycleId,
            command.MemberId,
            (context, _, moment) => ContributeToSocialFundDecider.Decide(command, id, context, moment),
            CycleEntryAnswer.Recorded<SocialFundContributed>) with
        {
            Channel = command.Channel ?? Channel.Cash,
            PaperContent = $"{cycleId}|social-in|{command.MemberId}|{command.Amount}|{command.EffectiveOn:O}|{command.Channel}",
        };
    });
}
