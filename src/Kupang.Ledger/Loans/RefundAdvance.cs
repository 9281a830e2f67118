using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>Where a refund goes.</summary>
public enum RefundTarget
{
    /// <summary>Back to the member: in cash, or by the channel that is named.</summary>
    Cash,
}

/// <summary>Gives back of what a member has paid ahead. What it would have paid on later due dates is open again.</summary>
public sealed record RefundAdvance(Money Amount, RefundTarget To) : DatedCommand;

public sealed record AdvanceRefundAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    LoanId LoanId,
    Money Amount,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    IReadOnlyList<string>? Warnings,
    long AsOfSequence)
{
    public static AdvanceRefundAnswer Of(RecordedFact fact, long sequence) => Of(fact, sequence, warnings: null);

    public static AdvanceRefundAnswer Of(RecordedFact fact, long sequence, IReadOnlyList<string>? warnings)
    {
        var refund = (AdvanceRefunded)fact.Data;
        return new AdvanceRefundAnswer(
            refund.RefundId, refund.Number, refund.ExternalId, refund.LoanId, refund.Amount, fact.Envelope.EffectiveOn, fact.Envelope.BookedOn, warnings, sequence);
    }
}

public static class RefundAdvanceDecider
{
    public static Decision Decide(RefundAdvance command, TransactionId id, Loan loan, FundBooks funds, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((RecordRepaymentDecider.CheckStatus(loan)
            ?? AmountRules.Check(command.Amount, loan.Currency)
            ?? RecordRepaymentDecider.CheckDay(effectiveOn, loan, moment)
            ?? MethodRules.Check(PaymentMethodOf(command), command.Channel)) is { } refusal)
        {
            return refusal;
        }

        var source = new PaymentSource(LoanPostingRules.MoneyAccountOf(MethodRules.ChannelOf(PaymentMethodOf(command), command.Channel)));
        var refund = new LoanEntry(id, EntryKind.Refund, effectiveOn, moment.Sequence + 1, -command.Amount, [], [], source);
        var place = loan.PlaceOf(refund);
        var allocated = PaymentAllocation.Of(loan, loan.Entries.Insert(place, refund), out var isCovered);
        if (!isCovered)
        {
            var held = LoanPosition.Of(loan, effectiveOn).Advance;
            return Decision.Refuse("exceeds-advance", "/amount", new Figure("advance", held), new Figure("required", command.Amount));
        }

        var (split, day) = (allocated[place].Split, funds.DayOf(loan.FundId, effectiveOn));
        return Decision.Record(
        [
            new NewFact(
                loan.Id.Value,
                new AdvanceRefunded(
                    id,
                    moment.NextNumber("PT"),
                    loan.Id,
                    loan.MemberId,
                    command.Amount,
                    split,
                    new JournalLines(LoanPostingRules.Payment(loan, funds, refund, split)),
                    command.ExternalId),
                day,
                EventOf: id.Value),
            .. Reallocation.FactsOf(loan, allocated.Where(other => other.Entry.Id != id), id, funds, day),
        ]);
    }

    /// <summary>A refund is in cash unless a channel says otherwise.</summary>
    public static PaymentMethod? PaymentMethodOf(RefundAdvance command) => command.Channel is null ? PaymentMethod.Cash : null;
}

public static class RefundAdvanceEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/advance-refunds", OperationId = "refundAdvance")]
    [Tags("Loans"), Takes(typeof(RefundAdvance)), Answers(typeof(AdvanceRefundAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<RefundAdvance>("refundAdvance", command =>
    {
        var id = new TransactionId(command.NewId());
        var channel = MethodRules.ChannelOf(RefundAdvanceDecider.PaymentMethodOf(command), command.Channel);
        return LoanSlice.Of(
            loanId,
            LendingFund.Needs,
            (loan, funds, _, moment) => RefundAdvanceDecider.Decide(command, id, loan, funds, moment),
            (states, moment) => new Answer(
                201,
                AdvanceRefundAnswer.Of(moment.Recorded<AdvanceRefunded>(), moment.Sequence, WarningsOf(states.Find<Loan>(loanId)!, states, moment)),
                $"/v1/loans/{loanId}/advance-refunds/{id}")) with
        {
            Channel = channel,
            PaperContent = $"{loanId}|refund|{command.Amount}|{command.EffectiveOn:O}|{channel}",
        };
    });

    [WolverineGet("/v1/loans/{loanId}/advance-refunds/{refundId}", OperationId = "getAdvanceRefund")]
    [Tags("Loans"), Answers(typeof(AdvanceRefundAnswer), 200)]
    public static Task<IResult> Get(Guid loanId, Guid refundId, HttpContext http) =>
        http.ReadFact<AdvanceRefunded>(loanId, refundId, AdvanceRefundAnswer.Of);

    private static IReadOnlyList<string>? WarningsOf(Loan loan, States states, Moment moment)
    {
        var lines = ((AdvanceRefunded)moment.Recorded<AdvanceRefunded>().Data).Lines;
        return CashWarnings.OfAny(loan.Funding.Select(share => states.Balances(share.FundId)), lines);
    }
}
