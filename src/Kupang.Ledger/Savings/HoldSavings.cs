using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Savings;

/// <summary>Keeps part of an account from being taken out, until it is released.</summary>
/// <param name="ReasonCode">Why, such as <c>pledged</c>.</param>
/// <param name="LoanId">The loan it is pledged for, the owner's own or another's.</param>
public sealed record HoldSavings(
    Money Amount, [property: JsonConverter(typeof(ReasonCodeConverter))] string ReasonCode, LoanId? LoanId = null) : DatedCommand;

/// <summary>Sets a hold free, whole or in part.</summary>
/// <param name="Amount">All that still holds when left out.</param>
public sealed record ReleaseSavingsHold(TransactionId HoldId, Money? Amount = null) : DatedCommand;

/// <param name="Open">What of it still holds, over everything known.</param>
public sealed record SavingsHoldAnswer(
    TransactionId Id, Money Amount, Money Released, Money Open, DateOnly EffectiveOn, string? ReasonCode, LoanId? LoanId)
{
    public static SavingsHoldAnswer Of(SavingsHold hold) =>
        new(hold.Id, hold.Amount, hold.Released, hold.Open, hold.EffectiveOn, hold.ReasonCode, hold.LoanId);
}

public static class HoldSavingsDecider
{
    /// <param name="isLoanKnown">Whether there is the loan that the hold names.</param>
    public static Decision Decide(HoldSavings command, TransactionId id, SavingsAccount account, bool isLoanKnown, BookDay day, Moment moment) =>
        SavingsRules.CheckOpen(account)
            ?? AmountRules.Check(command.Amount, account.Currency)
            ?? SavingsRules.CheckDay(day.EffectiveOn, account, moment)
            ?? (command.LoanId is { } loan && !isLoanKnown ? Decision.Refuse("unknown-loan", "/loanId", new Figure("loanId", loan.ToString())) : null)
            ?? SavingsRules.CheckFree(account, command.Amount, day.EffectiveOn)
            ?? Decision.Record(new NewFact(
                account.Id.Value,
                new SavingsHeld(id, account.Id, command.Amount, command.LoanId, command.ExternalId),
                day,
                EventOf: id.Value,
                ReasonCode: command.ReasonCode));

    public static Decision Decide(ReleaseSavingsHold command, TransactionId id, SavingsAccount account, BookDay day, Moment moment)
    {
        if (account.Holds.Find(known => known.Id == command.HoldId) is not { } hold)
        {
            return Decision.Refuse("unknown-hold", "/holdId", new Figure("holdId", command.HoldId.ToString()));
        }

        var amount = command.Amount ?? hold.Open;
        return (hold.Open.IsZero ? Decision.Refuse("hold-released", "/holdId", new Figure("holdId", command.HoldId.ToString())) : null)
            ?? AmountRules.Check(amount, account.Currency)
            ?? SavingsRules.CheckDay(day.EffectiveOn, account, moment)
            ?? (day.EffectiveOn < hold.EffectiveOn
                ? Decision.Refuse("before-hold", "/effectiveOn", new Figure("effectiveOn", day.EffectiveOn), new Figure("earlier", hold.EffectiveOn))
                : null)
            ?? (amount > hold.Open
                ? Decision.Refuse("exceeds-hold", "/amount", new Figure("open", hold.Open), new Figure("required", amount))
                : null)
            ?? Decision.Record(new NewFact(
                account.Id.Value,
                new SavingsHoldReleased(id, account.Id, hold.Id, amount, command.ExternalId),
                day,
                EventOf: id.Value));
    }
}

public static class HoldSavingsEndpoint
{
    [WolverinePost("/v1/savings-accounts/{accountId}/holds", OperationId = "holdSavings")]
    [Tags("Savings"), Takes(typeof(HoldSavings)), Answers(typeof(SavingsHoldAnswer), 201)]
    public static Task<IResult> Post(Guid accountId, HttpContext http) => http.Record<HoldSavings>("holdSavings", command =>
    {
        var id = new TransactionId(command.NewId());
        return SavingsSlice.Of(
            accountId,
            _ => command.LoanId is { } loan ? [Need.Of<Loan>(loan.Value)] : [],
            (account, funds, states, moment) => HoldSavingsDecider.Decide(
                command,
                id,
                account,
                command.LoanId is { } loan && states.Find<Loan>(loan.Value) is not null,
                funds.DayOf(account.FundId, command.EffectiveOn ?? moment.Today),
                moment),
            (states, _) => AnswerOf(states, accountId, id)) with
        {
            PaperContent = $"{accountId}|hold|{command.Amount}|{command.EffectiveOn:O}",
        };
    });

    [WolverinePost("/v1/savings-accounts/{accountId}/hold-releases", OperationId = "releaseSavingsHold")]
    [Tags("Savings"), Takes(typeof(ReleaseSavingsHold)), Answers(typeof(SavingsHoldAnswer), 201)]
    public static Task<IResult> Release(Guid accountId, HttpContext http) => http.Record<ReleaseSavingsHold>("releaseSavingsHold", command =>
    {
        var id = new TransactionId(command.NewId());
        return SavingsSlice.Of(
            accountId,
            (account, funds, moment) => HoldSavingsDecider.Decide(
                command, id, account, funds.DayOf(account.FundId, command.EffectiveOn ?? moment.Today), moment),
            (states, _) => AnswerOf(states, accountId, command.HoldId)) with
        {
            PaperContent = $"{accountId}|hold-release|{command.HoldId}|{command.Amount}|{command.EffectiveOn:O}",
        };
    });

    [WolverineGet("/v1/savings-accounts/{accountId}/holds/{holdId}", OperationId = "getSavingsHold")]
    [Tags("Savings"), Answers(typeof(SavingsHoldAnswer), 200)]
    public static Task<IResult> Get(Guid accountId, Guid holdId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        (await snapshot.Find<SavingsAccount>(accountId, cancellation))?.Holds.Find(hold => hold.Id.Value == holdId) is { } hold
            ? SavingsHoldAnswer.Of(hold)
            : null);

    private static Answer AnswerOf(States states, Guid accountId, TransactionId holdId) => new(
        201,
        SavingsHoldAnswer.Of(states.Find<SavingsAccount>(accountId)!.Holds.Find(hold => hold.Id == holdId)!),
        $"/v1/savings-accounts/{accountId}/holds/{holdId}");
}
