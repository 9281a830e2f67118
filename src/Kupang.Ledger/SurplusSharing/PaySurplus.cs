using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.SurplusSharing;

/// <summary>A member is paid of the surplus that was shared.</summary>
/// <param name="Amount">All that is owed to the member when left out.</param>
public sealed record PaySurplus(MemberId MemberId, Money? Amount = null) : DatedCommand;

public sealed record SurplusPaymentAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    TransactionId DistributionId,
    FundId FundId,
    MemberId MemberId,
    Money Amount,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    string? ReceiptNumber,
    IReadOnlyList<string>? Warnings,
    long AsOfSequence)
{
    public static SurplusPaymentAnswer Of(RecordedFact fact, long sequence) => Of(fact, warnings: [], sequence);

    public static SurplusPaymentAnswer Of(RecordedFact fact, IReadOnlyList<string> warnings, long sequence)
    {
        var paid = (SurplusPaid)fact.Data;
        return new SurplusPaymentAnswer(
            paid.PaymentId,
            paid.Number,
            paid.ExternalId,
            paid.DistributionId,
            paid.FundId,
            paid.MemberId,
            paid.Amount,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            fact.Envelope.Paper?.Number,
            warnings.Count > 0 ? warnings : null,
            sequence);
    }
}

public static class PaySurplusDecider
{
    public static Decision Decide(PaySurplus command, TransactionId id, TransactionId distributionId, Fund? fund, SurplusYear? year, Moment moment)
    {
        if (fund is null || year?.Shared is not { } shared || shared.DistributionId != distributionId || shared.FundId != fund.Id)
        {
            return Decision.NotFound();
        }

        var sharedOn = year.Standing.First(fact => ReferenceEquals(fact.Data, shared)).Envelope.EffectiveOn;
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((DateRules.Check(effectiveOn, moment)
            ?? LoanRules.NotBefore(effectiveOn, sharedOn, "before-distribution")
            ?? (command.Channel == Channel.Offset ? Decision.Refuse("method-required", "/channel") : null)) is { } refusal)
        {
            return refusal;
        }

        var owed = year.OwedTo(command.MemberId);
        var amount = command.Amount ?? owed;
        var day = fund.DayOf(effectiveOn);
        return (owed.IsZero ? Decision.Refuse("no-surplus-owed", "/memberId", new Figure("memberId", command.MemberId.ToString())) : null)
            ?? AmountRules.Check(amount, fund.Currency)
            ?? (amount > owed ? Decision.Refuse("exceeds-surplus-owed", "/amount", new Figure("owed", owed), new Figure("required", amount)) : null)
            ?? Decision.Record(new NewFact(
                SurplusYear.IdOf(fund.Id, shared.Year),
                new SurplusPaid(
                    id,
                    moment.NextNumber("PU"),
                    distributionId,
                    fund.Id,
                    command.MemberId,
                    amount,
                    new JournalLines(
                        JournalLine.Debit(AccountCode.MembersSurplusPayable, fund.Id, amount, day, new Party(PartyKind.Member, command.MemberId.Value)),
                        JournalLine.Credit(LoanPostingRules.MoneyAccountOf(command.Channel ?? Channel.Cash), fund.Id, amount, day)),
                    command.ExternalId),
                day,
                EventOf: id.Value));
    }
}

public static class PaySurplusEndpoint
{
    [WolverinePost("/v1/funds/{fundId}/surplus-distributions/{distributionId}/payments", OperationId = "paySurplus")]
    [Tags("Surplus"), Takes(typeof(PaySurplus)), Answers(typeof(SurplusPaymentAnswer), 201)]
    public static Task<IResult> Post(Guid fundId, Guid distributionId, HttpContext http) => http.Record<PaySurplus>("paySurplus", command =>
    {
        var id = new TransactionId(command.NewId());
        return new WriteSlice
        {
            Channel = command.Channel ?? Channel.Cash,
            PaperContent = $"{distributionId}|surplus-paid|{command.MemberId}|{command.Amount}|{command.EffectiveOn:O}|{command.Channel}",
            NoteAbout = _ => command.MemberId.Value,
            Needs = states =>
            [
                Need.Of<Fund>(fundId),
                Need.Balances(new FundId(fundId)),
                Need.FactMaking(distributionId),
                .. StreamOf(states.PeekFactMaking(distributionId)) is { } year ? new[] { Need.Of<SurplusYear>(year) } : [],
            ],
            Decide = (states, moment) => PaySurplusDecider.Decide(
                command,
                id,
                new TransactionId(distributionId),
                states.Find<Fund>(fundId),
                StreamOf(states.FactMaking(distributionId)) is { } year ? states.Find<SurplusYear>(year) : null,
                moment),
            Answer = (states, moment) =>
            {
                var fact = moment.Recorded<SurplusPaid>();
                var warnings = CashWarnings.Of(states.Balances(new FundId(fundId)), ((SurplusPaid)fact.Data).Lines);
                return new Answer(201, SurplusPaymentAnswer.Of(fact, warnings, moment.Sequence), $"/v1/funds/{fundId}/surplus-distributions/{distributionId}/payments/{id}");
            },
        };
    });

    [WolverineGet("/v1/funds/{fundId}/surplus-distributions/{distributionId}/payments/{paymentId}", OperationId = "getSurplusPayment")]
    [Tags("Surplus"), Answers(typeof(SurplusPaymentAnswer), 200)]
    public static Task<IResult> Get(Guid fundId, Guid distributionId, Guid paymentId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.FactMaking(paymentId, cancellation) is { Data: SurplusPaid paid } fact && paid.FundId.Value == fundId && paid.DistributionId.Value == distributionId
            ? SurplusPaymentAnswer.Of(fact, snapshot.Sequence)
            : null);

    private static Guid? StreamOf(RecordedFact? fact) => fact is { Data: SurplusShared } ? fact.StreamId : null;
}
