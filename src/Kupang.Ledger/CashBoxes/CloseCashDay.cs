using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.CashBoxes;

/// <summary>The cash of a box is counted at the end of a day, and the day is closed: from then on nothing changes it without a second person.</summary>
/// <param name="Counted">Each denomination once; a box that is empty has none.</param>
/// <param name="FundId">Whose books take a difference, where several funds share the box.</param>
/// <param name="Reason">Why there is a difference, in words; kept encrypted under the key of whoever has the box.</param>
public sealed record CloseCashDay(
    ImmutableArray<CountedPieces> Counted, FundId? FundId = null, [property: TextLimit(500)] string? Reason = null) : DatedCommand;

/// <param name="Difference">Counted less books: negative where cash is missing.</param>
/// <param name="CashDifferenceId">What is open until somebody settles it; absent when cash and books agree.</param>
public sealed record CashDayClosingAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    MoneyAccountId MoneyAccountId,
    StaffId CustodianId,
    DateOnly EffectiveOn,
    ImmutableArray<CountedPieces> Counted,
    Money Total,
    Money Books,
    Money Difference,
    TransactionId? CashDifferenceId,
    Personal? Reason,
    long AsOfSequence)
{
    public static CashDayClosingAnswer Of(RecordedFact fact, long sequence)
    {
        var closed = (CashDayClosed)fact.Data;
        return new CashDayClosingAnswer(
            closed.ClosingId,
            closed.Number,
            closed.ExternalId,
            closed.MoneyAccountId,
            closed.CustodianId,
            fact.Envelope.EffectiveOn,
            closed.Counted,
            closed.Total,
            closed.Books,
            closed.Difference,
            closed.DifferenceId,
            closed.Reason is { } reason ? new Personal(reason) : null,
            sequence);
    }
}

public static class CloseCashDayDecider
{
    /// <param name="differenceId">What a difference is recorded under, when there is one.</param>
    public static Decision Decide(CloseCashDay command, TransactionId id, TransactionId differenceId, States states, MoneyAccount? box, Moment moment)
    {
        if (box is null)
        {
            return Decision.NotFound();
        }

        if (command.Counted.IsDefault)
        {
            return Decision.Refuse("count-required", "/counted");
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((CashDayRules.Check(box, effectiveOn, moment)
            ?? (box.OpenDay is { } open && open != effectiveOn ? Decision.Refuse("cash-day-open", "/effectiveOn", new Figure("openDay", open)) : null)
            ?? CashCount.Check(command.Counted, box.Currency)) is { } refusal)
        {
            return refusal;
        }

        var balances = states.Balances(box.Id);
        var count = new CashCount(CashCount.TotalOf(command.Counted, box.Currency), Money.OfMinorUnits(balances.At(effectiveOn), box.Currency));
        if (!count.Difference.IsZero && command.Reason is null)
        {
            return Decision.Refuse(
                "cash-difference-needs-reason", "/reason", new Figure("counted", count.Total), new Figure("books", count.Books), new Figure("difference", count.Difference));
        }

        var custodian = box.CustodianOn(effectiveOn)!.Value;
        if (count.Difference.IsZero)
        {
            return command.FundId is not null
                ? Decision.Refuse("no-cash-difference", "/fundId")
                : Decision.Record(Closing(command, id, box, count, custodian, effectiveOn, differenceId: null, states, moment));
        }

        var (fund, unclear) = BoxFund.Of(states, balances, box.FundId, command.FundId, box.Currency);
        return unclear ?? Decision.Record(
            DifferenceOf(command, box, fund!, count, custodian, effectiveOn, states, moment, differenceId),
            Closing(command, id, box, count, custodian, effectiveOn, differenceId, states, moment));
    }

    private static NewFact DifferenceOf(
        CloseCashDay command,
        MoneyAccount box,
        Fund fund,
        CashCount count,
        StaffId custodian,
        DateOnly effectiveOn,
        States states,
        Moment moment,
        TransactionId differenceId)
    {
        var day = fund.DayOf(effectiveOn);
        return new NewFact(
            differenceId.Value,
            new CashDifferenceRecorded(
                differenceId,
                moment.NextNumber("SK"),
                count.Kind,
                box.Id,
                fund.Id,
                custodian,
                count.Amount,
                count.LinesOf(fund.Id, box.Id, custodian, day),
                ReasonOf(command, custodian, states)),
            day,
            EventOf: differenceId.Value);
    }

    private static NewFact Closing(
        CloseCashDay command,
        TransactionId id,
        MoneyAccount box,
        CashCount count,
        StaffId custodian,
        DateOnly effectiveOn,
        TransactionId? differenceId,
        States states,
        Moment moment) => new(
        box.Id.Value,
        new CashDayClosed(
            id,
            moment.NextNumber("TH"),
            box.Id,
            custodian,
            command.Counted,
            count.Total,
            count.Books,
            count.Difference,
            differenceId,
            ReasonOf(command, custodian, states),
            command.ExternalId),
        BookDay.Open(effectiveOn),
        EventOf: id.Value);

    private static Encrypted? ReasonOf(CloseCashDay command, StaffId custodian, States states) =>
        command.Reason is { } reason ? states.KeyOf(custodian.Value)!.Encrypt(reason) : null;
}

/// <summary>Whose money in a box is meant: the box's own fund, the one that is named, or the only one there is.</summary>
internal static class BoxFund
{
    public static IEnumerable<Need> Needs(States states, MoneyAccountId box, FundId? ofBox, FundId? named)
    {
        foreach (var fundId in Candidates(states.PeekBalances(box), ofBox, named))
        {
            yield return Need.Of<Fund>(fundId.Value);
        }
    }

    public static (Fund? Fund, Decision? Refusal) Of(States states, MoneyAccountBalances balances, FundId? ofBox, FundId? named, Currency currency)
    {
        if (ofBox is not null && named is not null && named != ofBox)
        {
            return (null, Decision.Refuse("money-account-of-another-fund", "/fundId", new Figure("fundId", ofBox.Value.ToString())));
        }

        if (Candidates(balances, ofBox, named) is not [var fundId])
        {
            return (null, Decision.Refuse("fund-required", "/fundId"));
        }

        return states.Find<Fund>(fundId.Value) is not { } fund
                ? (null, Decision.Refuse("unknown-fund", "/fundId", new Figure("fundId", fundId.ToString())))
            : fund.Currency != currency
                ? (null, Decision.Refuse("wrong-currency", "/fundId", new Figure("currency", currency.Code), new Figure("amount", fund.Currency.Code)))
            : (fund, null);
    }

    private static FundId[] Candidates(MoneyAccountBalances? balances, FundId? ofBox, FundId? named) =>
        (named ?? ofBox) is { } one ? [one] : [.. balances?.Funds ?? []];
}

public static class CloseCashDayEndpoint
{
    [WolverinePost("/v1/money-accounts/{moneyAccountId}/day-closings", OperationId = "closeCashDay")]
    [Tags("Cash"), Takes(typeof(CloseCashDay)), Answers(typeof(CashDayClosingAnswer), 201)]
    public static Task<IResult> Post(Guid moneyAccountId, HttpContext http) => http.Record<CloseCashDay>("closeCashDay", command =>
    {
        var (id, differenceId) = (new TransactionId(command.NewId()), new TransactionId(Guid.CreateVersion7()));
        return new WriteSlice
        {
            PaperContent = $"{moneyAccountId}|closing|{command.EffectiveOn:O}|{CountOf(command)}",
            NoteAbout = _ => moneyAccountId,
            Needs = states => [Need.Of<CashDifference>(differenceId.Value), .. Needs(states, command, new MoneyAccountId(moneyAccountId))],
            Decide = (states, moment) => CloseCashDayDecider.Decide(command, id, differenceId, states, states.Find<MoneyAccount>(moneyAccountId), moment),
            Answer = (_, moment) => new Answer(
                201, CashDayClosingAnswer.Of(moment.Recorded<CashDayClosed>(), moment.Sequence), $"/v1/money-accounts/{moneyAccountId}/day-closings/{id}"),
        };
    });

    [WolverineGet("/v1/money-accounts/{moneyAccountId}/day-closings/{closingId}", OperationId = "getCashDayClosing")]
    [Tags("Cash"), Answers(typeof(CashDayClosingAnswer), 200)]
    public static Task<IResult> Get(Guid moneyAccountId, Guid closingId, HttpContext http) =>
        http.ReadFact<CashDayClosed>(moneyAccountId, closingId, CashDayClosingAnswer.Of);

    private static IEnumerable<Need> Needs(States states, CloseCashDay command, MoneyAccountId id)
    {
        yield return Need.Of<MoneyAccount>(id.Value);
        yield return Need.Balances(id);
        if (states.Peek<MoneyAccount>(id.Value) is not { } box)
        {
            yield break;
        }

        foreach (var need in BoxFund.Needs(states, id, box.FundId, command.FundId))
        {
            yield return need;
        }

        // Whoever had the box on that day is among those who ever had it.
        foreach (var custodian in command.Reason is null ? [] : box.Custodians.Select(custodian => custodian.OfficerId).Distinct())
        {
            yield return Need.SubjectKey(custodian.Value);
        }
    }

    private static string CountOf(CloseCashDay command) =>
        command.Counted.IsDefault ? "" : string.Join(';', command.Counted.Select(row => $"{row.Denomination} {row.Pieces}"));
}
