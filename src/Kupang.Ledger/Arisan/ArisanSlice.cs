using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Arisan;

/// <summary>What every command about an existing arisan tells the door.</summary>
public static class ArisanSlice
{
    public static WriteSlice Of<TFact>(Guid arisanId, MemberId? about, Func<ArisanCircle, Fund, Moment, Decision> decide)
        where TFact : IArisanFact => new()
        {
            NoteAbout = states => about?.Value ?? states.Peek<ArisanCircle>(arisanId)?.FundId.Value,
            Needs = states => states.Peek<ArisanCircle>(arisanId) is { } circle
                ? [Need.Of<ArisanCircle>(arisanId), Need.Of<Fund>(circle.FundId.Value), Need.Balances(circle.FundId)]
                : [Need.Of<ArisanCircle>(arisanId)],
            Decide = (states, moment) => states.Find<ArisanCircle>(arisanId) is { } circle
                ? decide(circle, states.Find<Fund>(circle.FundId.Value)!, moment)
                : Decision.NotFound(),
            Answer = (states, moment) =>
            {
                var fact = moment.Recorded<TFact>();
                var warnings = fact.Data is IMoneyFact money ? CashWarnings.Of(states.Balances(((TFact)fact.Data).FundId), money.Lines) : null;
                var answer = ArisanEntryAnswer.Of(fact, warnings: warnings);
                return new Answer(201, answer, $"/v1/arisan/{arisanId}/entries/{answer.Id}");
            },
        };
}

/// <summary>What several facts of an arisan are refused for.</summary>
public static class ArisanRules
{
    public static Decision? CheckDay(ArisanCircle circle, DateOnly effectiveOn, Moment moment) =>
        DateRules.Check(effectiveOn, moment)
            ?? LoanRules.NotBefore(effectiveOn, circle.StartsOn, "before-arisan");

    public static Decision? CheckRound(ArisanCircle circle, int round) => round < 1 || round > circle.Seats.Length
        ? Decision.Refuse("no-such-round", "/round", new Figure("round", round), new Figure("most", circle.Seats.Length))
        : null;

    public static Decision? CheckSeat(ArisanCircle circle, MemberId memberId) =>
        !circle.Seats.Contains(memberId) ? Decision.Refuse("not-in-arisan", "/memberId", new Figure("memberId", memberId.ToString()))
        : circle.HasLeft(memberId) ? Decision.Refuse("has-left-arisan", "/memberId", new Figure("memberId", memberId.ToString()))
        : null;

    public static Decision? CheckChannel(Channel? channel) => channel == Channel.Offset ? Decision.Refuse("method-required", "/channel") : null;
}

/// <summary>A fact of an arisan as its payer gets it back.</summary>
public sealed record ArisanEntryAnswer(
    TransactionId Id,
    string Type,
    string? Number,
    string? ExternalId,
    ArisanId ArisanId,
    MemberId MemberId,
    int? Round,
    Money? Amount,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    string? ReceiptNumber,
    TransactionId? ReversedBy,
    IReadOnlyList<string>? Warnings,
    long Sequence)
{
    public static ArisanEntryAnswer Of(RecordedFact fact, TransactionId? reversedBy = null, IReadOnlyList<string>? warnings = null) => fact.Data switch
    {
        ArisanReceiverDrawn draw => New(draw, "draw", draw.ArisanId, draw.Round, amount: null, draw.ExternalId),
        ArisanContributed paid => New(paid, "contribution", paid.ArisanId, paid.Round, paid.Amount, paid.ExternalId),
        ArisanPotPaid pot => New(pot, "pot-payment", pot.ArisanId, pot.Round, pot.Amount, pot.ExternalId),
        ArisanMemberLeft left => New(left, "departure", left.ArisanId, round: null, amount: null, left.ExternalId),
        _ => throw new ArgumentOutOfRangeException(nameof(fact), fact.Data.GetType().Name, "Not a fact of an arisan."),
    } with
    {
        Number = FactDescription.NumberOf(fact.Data),
        EffectiveOn = fact.Envelope.EffectiveOn,
        BookedOn = fact.Envelope.BookedOn,
        ReceiptNumber = fact.Envelope.Paper?.Number,
        ReversedBy = reversedBy,
        Warnings = warnings is { Count: > 0 } ? warnings : null,
        Sequence = fact.Envelope.Sequence,
    };

    private static ArisanEntryAnswer New(IArisanFact fact, string type, ArisanId arisanId, int? round, Money? amount, string? externalId) =>
        new(fact.TransactionId, type, null, externalId, arisanId, fact.MemberId, round, amount, default, default, null, null, null, 0);
}
