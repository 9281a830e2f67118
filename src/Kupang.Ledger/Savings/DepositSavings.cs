using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Savings;

/// <summary>Money is paid into an account.</summary>
public sealed record DepositSavings(Money Amount, PaymentMethod? Method = null) : DatedCommand;

public static class DepositSavingsDecider
{
    public static Decision Decide(DepositSavings command, TransactionId id, SavingsAccount account, FundBooks funds, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((SavingsRules.CheckOpen(account)
            ?? AmountRules.Check(command.Amount, account.Currency)
            ?? SavingsRules.CheckDay(effectiveOn, account, moment)
            ?? MethodRules.Check(command.Method, command.Channel)
            ?? SavingsRules.CheckDeposit(account, command.Amount)) is { } refusal)
        {
            return refusal;
        }

        var day = funds.DayOf(account.FundId, effectiveOn);
        var money = LoanPostingRules.MoneyAccountOf(MethodRules.ChannelOf(command.Method, command.Channel));
        return Decision.Record(new NewFact(
            account.Id.Value,
            new SavingsDeposited(
                id,
                moment.NextNumber("SS"),
                account.Id,
                account.FundId,
                account.Owner,
                command.Amount,
                SavingsPostingRules.Deposit(account, command.Amount, money, day),
                command.ExternalId),
            day,
            EventOf: id.Value));
    }
}

public static class DepositSavingsEndpoint
{
    [WolverinePost("/v1/savings-accounts/{accountId}/deposits", OperationId = "depositSavings")]
    [Tags("Savings"), Takes(typeof(DepositSavings)), Answers(typeof(SavingsTransactionAnswer), 201)]
    public static Task<IResult> Post(Guid accountId, HttpContext http) => http.Record<DepositSavings>("depositSavings", command =>
    {
        var id = new TransactionId(command.NewId());
        var channel = MethodRules.ChannelOf(command.Method, command.Channel);
        return SavingsSlice.Of(
            accountId,
            (account, funds, moment) => DepositSavingsDecider.Decide(command, id, account, funds, moment),
            (states, moment) => SavingsSlice.Moved<SavingsDeposited>(accountId, states, moment)) with
        {
            Channel = channel,
            PaperContent = $"{accountId}|deposit|{command.Amount}|{command.EffectiveOn:O}|{channel}",
        };
    });
}
