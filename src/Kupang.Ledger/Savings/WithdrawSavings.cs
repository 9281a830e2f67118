using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Savings;

/// <summary>Money is taken out of an account, as far as it is free on the day and on every day since.</summary>
public sealed record WithdrawSavings(Money Amount, PaymentMethod? Method = null) : DatedCommand;

public static class WithdrawSavingsDecider
{
    public static Decision Decide(WithdrawSavings command, TransactionId id, SavingsAccount account, FundBooks funds, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((SavingsRules.CheckOpen(account)
            ?? AmountRules.Check(command.Amount, account.Currency)
            ?? SavingsRules.CheckDay(effectiveOn, account, moment)
            ?? MethodRules.Check(command.Method, command.Channel)
            ?? SavingsRules.CheckTakingOut(account, command.Amount, effectiveOn)) is { } refusal)
        {
            return refusal;
        }

        var day = funds.DayOf(account.FundId, effectiveOn);
        var money = LoanPostingRules.MoneyAccountOf(MethodRules.ChannelOf(command.Method, command.Channel));
        return Decision.Record(new NewFact(
            account.Id.Value,
            new SavingsWithdrawn(
                id,
                moment.NextNumber("TS"),
                account.Id,
                account.FundId,
                account.Owner,
                command.Amount,
                SavingsPostingRules.Withdrawal(account, command.Amount, money, day),
                command.ExternalId),
            day,
            EventOf: id.Value));
    }
}

public static class WithdrawSavingsEndpoint
{
    [WolverinePost("/v1/savings-accounts/{accountId}/withdrawals", OperationId = "withdrawSavings")]
    [Tags("Savings"), Takes(typeof(WithdrawSavings)), Answers(typeof(SavingsTransactionAnswer), 201)]
    public static Task<IResult> Post(Guid accountId, HttpContext http) => http.Record<WithdrawSavings>("withdrawSavings", command =>
    {
        var id = new TransactionId(command.NewId());
        var channel = MethodRules.ChannelOf(command.Method, command.Channel);
        return SavingsSlice.Of(
            accountId,
            (account, funds, moment) => WithdrawSavingsDecider.Decide(command, id, account, funds, moment),
            (states, moment) => SavingsSlice.Moved<SavingsWithdrawn>(accountId, states, moment)) with
        {
            Channel = channel,
            PaperContent = $"{accountId}|withdrawal|{command.Amount}|{command.EffectiveOn:O}|{channel}",
        };
    });
}
