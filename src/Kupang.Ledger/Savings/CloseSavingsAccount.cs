using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Savings;

/// <summary>
/// Closes an account and pays out all that is in it, its minimum balance too. Interest of months that were not run yet is not
/// paid: it is run before.
/// </summary>
/// <param name="Method">How the rest is paid out; not needed where there is none.</param>
public sealed record CloseSavingsAccount(PaymentMethod? Method = null) : DatedCommand;

public static class CloseSavingsAccountDecider
{
    public static Decision Decide(CloseSavingsAccount command, TransactionId id, SavingsAccount account, FundBooks funds, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        var balance = account.Balance;
        if ((SavingsRules.CheckOpen(account)
            ?? SavingsRules.CheckDay(effectiveOn, account, moment)
            ?? CheckLast(account, effectiveOn)
            ?? (account.Held.IsZero ? null : Decision.Refuse("savings-held", pointer: null, new Figure("held", account.Held)))
            ?? (balance.IsZero ? null : SavingsRules.CheckLock(account, effectiveOn))
            ?? (balance.IsNegative ? Decision.Refuse("savings-overdrawn", pointer: null, new Figure("balance", balance)) : null)
            ?? (balance.IsZero ? null : MethodRules.Check(command.Method, command.Channel))) is { } refusal)
        {
            return refusal;
        }

        var day = funds.DayOf(account.FundId, effectiveOn);
        var money = LoanPostingRules.MoneyAccountOf(MethodRules.ChannelOf(command.Method, command.Channel));
        object closed = balance.IsZero
            ? new SavingsAccountClosed(id, account.Id, command.ExternalId)
            : new SavingsAccountPaidOut(
                id,
                moment.NextNumber("TT"),
                account.Id,
                account.FundId,
                account.Owner,
                balance,
                SavingsPostingRules.Withdrawal(account, balance, money, day),
                command.ExternalId);
        return Decision.Record(new NewFact(account.Id.Value, closed, day, EventOf: id.Value));
    }

    /// <summary>Nothing happens to an account after it was closed.</summary>
    private static Decision? CheckLast(SavingsAccount account, DateOnly effectiveOn) =>
        account.Movements is [.., var last] && effectiveOn < last.Day.EffectiveOn
            ? Decision.Refuse("before-last-movement", "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("earlier", last.Day.EffectiveOn))
            : null;
}

public static class CloseSavingsAccountEndpoint
{
    [WolverinePost("/v1/savings-accounts/{accountId}/closings", OperationId = "closeSavingsAccount")]
    [Tags("Savings"), Takes(typeof(CloseSavingsAccount)), Answers(typeof(SavingsAccountAnswer), 201)]
    public static Task<IResult> Post(Guid accountId, HttpContext http) => http.Record<CloseSavingsAccount>("closeSavingsAccount", command =>
    {
        var id = new TransactionId(command.NewId());
        Channel? channel = command is { Method: null, Channel: null } ? null : MethodRules.ChannelOf(command.Method, command.Channel);
        return SavingsSlice.Of(
            accountId,
            (account, funds, moment) => CloseSavingsAccountDecider.Decide(command, id, account, funds, moment),
            (states, moment) => new Answer(
                201, SavingsAccountAnswer.Of(states.Find<SavingsAccount>(accountId)!, moment.Today, moment.Sequence), $"/v1/savings-accounts/{accountId}")) with
        {
            Channel = channel,
            PaperContent = $"{accountId}|closing|{command.EffectiveOn:O}|{channel}",
        };
    });
}
