using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;
using static Kupang.Ledger.SharedKernel.AccountCode;
using static Kupang.Ledger.SharedKernel.JournalLine;

namespace Kupang.Ledger.CashBoxes;

/// <summary>Settles all or part of a cash difference.</summary>
/// <param name="DecisionReference">The decision by which it is written off.</param>
public sealed record ResolveCashDifference(
    CashResolutionKind Kind, Money Amount, [property: TextLimit(100)] string? DecisionReference = null) : DatedCommand;

public sealed record CashResolutionAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    TransactionId CashDifferenceId,
    CashResolutionKind Kind,
    Money Amount,
    MoneyAccountId? MoneyAccountId,
    string? DecisionReference,
    ImmutableArray<Approver>? ApprovedBy,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    IReadOnlyList<JournalEntryLine> Lines,
    long AsOfSequence)
{
    public static CashResolutionAnswer Of(RecordedFact fact, long sequence)
    {
        var resolved = (CashDifferenceResolved)fact.Data;
        return new CashResolutionAnswer(
            resolved.ResolutionId,
            resolved.Number,
            resolved.ExternalId,
            resolved.DifferenceId,
            resolved.Kind,
            resolved.Amount,
            resolved.MoneyAccountId,
            resolved.DecisionReference,
            fact.Envelope.ApprovedBy,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            [.. resolved.Lines.Select(JournalEntryLine.Of)],
            sequence);
    }
}

public static class ResolveCashDifferenceDecider
{
    /// <param name="box">Where the money goes or comes from: the box that is named, else the one that was counted.</param>
    public static Decision Decide(
        ResolveCashDifference command, TransactionId id, CashDifference? difference, MoneyAccount? box, Fund? fund, Moment moment)
    {
        if (difference is null)
        {
            return Decision.NotFound();
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        var counted = difference.Fact.Envelope.EffectiveOn;
        if ((DateRules.Check(effectiveOn, moment)
            ?? AmountRules.Check(command.Amount, difference.Recorded.Amount.Currency)
            ?? (effectiveOn < counted
                ? Decision.Refuse("before-cash-difference", "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("counted", counted))
                : command.Amount > difference.Open
                    ? Decision.Refuse("exceeds-cash-difference", "/amount", new Figure("amount", command.Amount), new Figure("open", difference.Open))
                : null)
            ?? CheckDecision(command)) is { } refusal)
        {
            return refusal;
        }

        var day = fund!.DayOf(effectiveOn);
        var movesMoney = command.Kind != CashResolutionKind.WrittenOff;
        return Decision.Record(new NewFact(
            difference.Recorded.DifferenceId.Value,
            new CashDifferenceResolved(
                id,
                moment.NextNumber("PS"),
                difference.Recorded.DifferenceId,
                command.Kind,
                command.Amount,
                LinesOf(difference.Recorded, movesMoney ? box : null, command.Amount, day),
                movesMoney ? box!.Id : null,
                command.DecisionReference,
                command.ExternalId),
            day,
            EventOf: id.Value));
    }

    /// <summary>
    /// What settles a shortage takes it off the person's name (Cr 1.1.05.01), against money or, written off, running costs; what
    /// settles too much cash takes it off what is owed (Dr 2.1.05.01), against money or, written off, other income.
    /// </summary>
    private static JournalLines LinesOf(CashDifferenceRecorded recorded, MoneyAccount? box, Money amount, BookDay day)
    {
        var fundId = recorded.FundId;
        return recorded.Kind == CashDifferenceKind.Short
            ? new JournalLines(
                Debit(box?.Account ?? RunningCosts, fundId, amount, day, moneyAccount: box?.Id),
                Credit(CashCountedShort, fundId, amount, day, CashCount.PartyOf(recorded.StaffId)))
            : new JournalLines(
                Debit(CashCountedOver, fundId, amount, day),
                Credit(box?.Account ?? OtherIncome, fundId, amount, day, moneyAccount: box?.Id));
    }

    /// <summary>Nobody forgives a shortage alone, nor takes what is somebody else's: there is a decision, and a second person.</summary>
    private static Decision? CheckDecision(ResolveCashDifference command) =>
        command.Kind != CashResolutionKind.WrittenOff
            ? command.DecisionReference is null ? null : Decision.Refuse("decision-without-write-off", "/decisionReference")
        : command.DecisionReference is null
            ? Decision.Refuse("write-off-needs-decision", "/decisionReference")
        : command.ApprovedBy is not { Length: > 0 }
            ? Decision.Refuse("write-off-needs-second-person", "/approvedBy")
        : null;
}

public static class ResolveCashDifferenceEndpoint
{
    [WolverinePost("/v1/cash-differences/{differenceId}/resolutions", OperationId = "resolveCashDifference")]
    [Tags("Cash"), Takes(typeof(ResolveCashDifference)), Answers(typeof(CashResolutionAnswer), 201)]
    public static Task<IResult> Post(Guid differenceId, HttpContext http) => http.Record<ResolveCashDifference>("resolveCashDifference", command =>
    {
        var id = new TransactionId(command.NewId());
        return new WriteSlice
        {
            PaperContent = $"{differenceId}|{command.Kind}|{command.Amount}|{command.EffectiveOn:O}",
            NoteAbout = states => states.Peek<CashDifference>(differenceId)?.Recorded.StaffId.Value,
            Needs = states => Needs(states, command, differenceId),
            Decide = (states, moment) =>
            {
                var difference = states.Find<CashDifference>(differenceId);
                return ResolveCashDifferenceDecider.Decide(
                    command,
                    id,
                    difference,
                    difference is null ? null : states.Find<MoneyAccount>(BoxOf(command, difference).Value),
                    difference is null ? null : states.Find<Fund>(difference.Recorded.FundId.Value),
                    moment);
            },
            Answer = (_, moment) => new Answer(
                201, CashResolutionAnswer.Of(moment.Recorded<CashDifferenceResolved>(), moment.Sequence), $"/v1/cash-differences/{differenceId}/resolutions/{id}"),
        };
    });

    [WolverineGet("/v1/cash-differences/{differenceId}/resolutions/{resolutionId}", OperationId = "getCashResolution")]
    [Tags("Cash"), Answers(typeof(CashResolutionAnswer), 200)]
    public static Task<IResult> Get(Guid differenceId, Guid resolutionId, HttpContext http) =>
        http.ReadFact<CashDifferenceResolved>(differenceId, resolutionId, CashResolutionAnswer.Of);

    private static MoneyAccountId BoxOf(ResolveCashDifference command, CashDifference difference) =>
        command.MoneyAccountId ?? difference.Recorded.MoneyAccountId;

    private static IEnumerable<Need> Needs(States states, ResolveCashDifference command, Guid differenceId)
    {
        yield return Need.Of<CashDifference>(differenceId);
        if (states.Peek<CashDifference>(differenceId) is { } difference)
        {
            var box = BoxOf(command, difference);
            yield return Need.Of<MoneyAccount>(box.Value);
            yield return Need.Balances(box);
            yield return Need.Of<Fund>(difference.Recorded.FundId.Value);
        }
    }
}
