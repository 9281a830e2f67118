using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Cycles;

/// <summary>
/// A member leaves in the middle of the cycle and is paid for the shares, less what the member owes: by the price or by the
/// value of the shares, as the cycle's terms say, and never more than their value by the books.
/// </summary>
public sealed record PayOutMember(MemberId MemberId) : DatedCommand;

public sealed record MemberPayoutAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    CycleId CycleId,
    MemberPortion Portion,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    IReadOnlyList<string>? Warnings,
    long AsOfSequence)
{
    public static MemberPayoutAnswer Of(RecordedFact fact, IReadOnlyList<string> warnings, long sequence)
    {
        var payout = (CycleMemberPaidOut)fact.Data;
        return new MemberPayoutAnswer(
            payout.PayoutId,
            payout.Number,
            payout.ExternalId,
            payout.CycleId,
            payout.Portion,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            warnings.Count > 0 ? warnings : null,
            sequence);
    }
}

public static class PayOutMemberDecider
{
    /// <param name="loans">The member's loans of the group's own money that run.</param>
    public static Decision Decide(PayOutMember command, TransactionId id, CycleContext context, IReadOnlyList<OwnLoan> loans, Moment moment)
    {
        var cycle = context.Cycle;
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((CycleRules.CheckOpen(cycle, effectiveOn, moment)
            ?? CycleRules.CheckChannel(command.Channel)
            ?? ShareOutRules.CheckNothingLater(cycle, loans, effectiveOn)) is { } refusal)
        {
            return refusal;
        }

        if (cycle.Holdings().FirstOrDefault(holding => holding.MemberId == command.MemberId) is not { } holding)
        {
            return Decision.Refuse("no-shares", "/memberId");
        }

        var payout = PayoutOf(context, holding);
        var debts = MemberDebts.Of(command.MemberId, cycle, loans, effectiveOn);
        if (debts.Total > payout)
        {
            return Decision.Refuse("debts-exceed-payout", "/memberId", new Figure("debts", debts.Total), new Figure("payout", payout));
        }

        var portion = new Portion(new Stake(command.MemberId, holding.Shares, holding.PaidIn, debts.Total), payout, debts.Total);
        var (settled, repayments, unsettled) = debts.Settle(portion, cycle.FundId, effectiveOn, moment);
        var day = context.Fund.DayOf(effectiveOn);
        return unsettled ?? Decision.Record(
        [
            .. repayments,
            new NewFact(
                cycle.Id.Value,
                new CycleMemberPaidOut(
                    id,
                    moment.NextNumber("KS"),
                    cycle.Id,
                    cycle.FundId,
                    settled,
                    CyclePostingRules.Payouts(cycle.FundId, [settled], command.Channel ?? Channel.Cash, day),
                    command.ExternalId),
                day,
                EventOf: id.Value),
        ]);
    }

    /// <summary>Interest that nobody has paid yet is not in the value: who leaves has no part in what comes later.</summary>
    private static Money PayoutOf(CycleContext context, ShareHolding holding)
    {
        var cycle = context.Cycle;
        var allShares = cycle.Holdings().Sum(known => (long)known.Shares);
        var value = Division.PayoutOf(CyclePool.BookValueOf(context.Balances, cycle.Currency), holding.Shares, allShares, cycle.PayoutMultiple);
        return cycle.Terms.Leavers == LeaverRule.ShareValue ? value : Money.Min(holding.PaidIn, value);
    }
}

public static class PayOutMemberEndpoint
{
    [WolverinePost("/v1/cycles/{cycleId}/member-payouts", OperationId = "payOutMember")]
    [Tags("Cycles"), Takes(typeof(PayOutMember)), Answers(typeof(MemberPayoutAnswer), 201)]
    public static Task<IResult> Post(Guid cycleId, HttpContext http) => http.Record<PayOutMember>("payOutMember", command =>
    {
        var id = new TransactionId(command.NewId());
        return CycleSlice.Of(
            cycleId,
            command.MemberId,
            (context, states, moment) => PayOutMemberDecider.Decide(
                command, id, context, OwnLoan.Of([command.MemberId], context.Cycle.FundId, states), moment),
            (states, moment) =>
            {
                var fact = moment.Recorded<CycleMemberPaidOut>();
                var paid = (CycleMemberPaidOut)fact.Data;
                return new Answer(
                    201,
                    MemberPayoutAnswer.Of(fact, CashWarnings.Of(states.Balances(paid.FundId), paid.Lines), moment.Sequence),
                    $"/v1/cycles/{cycleId}/entries/{id}");
            },
            (cycle, states) => OwnLoan.NeedsOf([command.MemberId], cycle.FundId, states)) with
        {
            Channel = command.Channel ?? Channel.Cash,
            PaperContent = $"{cycleId}|payout|{command.MemberId}|{command.EffectiveOn:O}|{command.Channel}",
        };
    });
}
