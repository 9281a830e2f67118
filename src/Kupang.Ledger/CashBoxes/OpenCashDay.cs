using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.CashBoxes;

/// <summary>A day of a cash box begins, with what was in it when it was last closed.</summary>
public sealed record OpenCashDay : DatedCommand;

/// <param name="Carried">What was counted when the box was last closed; absent while it never was.</param>
/// <param name="Books">What the books say was in it when the day began: more or less than carried only by later entries, which a second person agreed to.</param>
public sealed record CashDayOpeningAnswer(
    TransactionId Id,
    string? ExternalId,
    MoneyAccountId MoneyAccountId,
    StaffId CustodianId,
    DateOnly EffectiveOn,
    Money? Carried,
    Money Books,
    long AsOfSequence)
{
    public static CashDayOpeningAnswer Of(RecordedFact fact, long sequence)
    {
        var opened = (CashDayOpened)fact.Data;
        return new CashDayOpeningAnswer(
            opened.OpeningId, opened.ExternalId, opened.MoneyAccountId, opened.CustodianId, fact.Envelope.EffectiveOn, opened.Carried, opened.Books, sequence);
    }
}

/// <summary>On which days a cash box can be opened and closed.</summary>
internal static class CashDayRules
{
    public static Decision? Check(MoneyAccount box, DateOnly effectiveOn, Moment moment) =>
        !box.IsCashBox
            ? Decision.Refuse("not-a-cash-box", pointer: null)
        : DateRules.Check(effectiveOn, moment) is { } refusal
            ? refusal
        : effectiveOn <= box.ClosedThrough
            ? Decision.Refuse("cash-day-closed", "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("closedThrough", box.ClosedThrough.Value))
        : null;
}

public static class OpenCashDayDecider
{
    public static Decision Decide(OpenCashDay command, TransactionId id, MoneyAccount? box, MoneyAccountBalances balances, Moment moment)
    {
        if (box is null)
        {
            return Decision.NotFound();
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return CashDayRules.Check(box, effectiveOn, moment)
            ?? (box.OpenDay is { } open ? Decision.Refuse("cash-day-open", "/effectiveOn", new Figure("openDay", open)) : null)
            ?? Decision.Record(new NewFact(
                box.Id.Value,
                new CashDayOpened(
                    id,
                    box.Id,
                    box.CustodianOn(effectiveOn)!.Value,
                    Money.OfMinorUnits(balances.At(effectiveOn.AddDays(-1)), box.Currency),
                    box.Carried,
                    command.ExternalId),
                BookDay.Open(effectiveOn),
                EventOf: id.Value));
    }
}

public static class OpenCashDayEndpoint
{
    [WolverinePost("/v1/money-accounts/{moneyAccountId}/day-openings", OperationId = "openCashDay")]
    [Tags("Cash"), Takes(typeof(OpenCashDay)), Answers(typeof(CashDayOpeningAnswer), 201)]
    public static Task<IResult> Post(Guid moneyAccountId, HttpContext http) => http.Record<OpenCashDay>("openCashDay", command =>
    {
        var id = new TransactionId(command.NewId());
        var box = new MoneyAccountId(moneyAccountId);
        return new WriteSlice
        {
            PaperContent = $"{moneyAccountId}|opening|{command.EffectiveOn:O}",
            NoteAbout = _ => moneyAccountId,
            Needs = _ => [Need.Of<MoneyAccount>(moneyAccountId), Need.Balances(box)],
            Decide = (states, moment) => OpenCashDayDecider.Decide(command, id, states.Find<MoneyAccount>(moneyAccountId), states.Balances(box), moment),
            Answer = (_, moment) => new Answer(
                201, CashDayOpeningAnswer.Of(moment.Recorded<CashDayOpened>(), moment.Sequence), $"/v1/money-accounts/{moneyAccountId}/day-openings/{id}"),
        };
    });

    [WolverineGet("/v1/money-accounts/{moneyAccountId}/day-openings/{openingId}", OperationId = "getCashDayOpening")]
    [Tags("Cash"), Answers(typeof(CashDayOpeningAnswer), 200)]
    public static Task<IResult> Get(Guid moneyAccountId, Guid openingId, HttpContext http) =>
        http.ReadFact<CashDayOpened>(moneyAccountId, openingId, CashDayOpeningAnswer.Of);
}
