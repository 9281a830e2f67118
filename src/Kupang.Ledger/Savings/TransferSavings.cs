using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Savings;

/// <summary>Moves savings to another account, the same owner's or another's, of the same fund or of another.</summary>
public sealed record TransferSavings(SavingsAccountId ToAccountId, Money Amount) : DatedCommand;

public static class TransferSavingsDecider
{
    /// <param name="funds">Those of both accounts.</param>
    public static Decision Decide(TransferSavings command, TransactionId id, SavingsAccount from, SavingsAccount? to, FundBooks funds, Moment moment)
    {
        if (to is null)
        {
            return Decision.Refuse("unknown-savings-account", "/toAccountId", new Figure("accountId", command.ToAccountId.ToString()));
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if (((to.Id == from.Id ? Decision.Refuse("same-savings-account", "/toAccountId") : null)
            ?? SavingsRules.CheckOpen(from)
            ?? SavingsRules.CheckOpen(to, "/toAccountId")
            ?? AmountRules.Check(command.Amount, from.Currency)
            ?? AmountRules.Check(command.Amount, to.Currency, "/toAccountId")
            ?? SavingsRules.CheckDay(effectiveOn, from, moment)
            ?? SavingsRules.CheckDay(effectiveOn, to, moment)
            ?? (command.Channel is null or Channel.Offset ? null : Decision.Refuse("channel-is-offset", "/channel"))
            ?? SavingsRules.CheckDeposit(to, command.Amount)
            ?? SavingsRules.CheckTakingOut(from, command.Amount, effectiveOn)) is { } refusal)
        {
            return refusal;
        }

        var number = moment.NextNumber("MS");
        return Decision.Record(
            new NewFact(
                to.Id.Value,
                new SavingsTransferReceived(id, number, to.Id, from.Id, command.Amount),
                funds.DayOf(to.FundId, effectiveOn)),
            new NewFact(
                from.Id.Value,
                new SavingsTransferred(
                    id,
                    number,
                    from.Id,
                    from.FundId,
                    from.Owner,
                    to.Id,
                    command.Amount,
                    SavingsPostingRules.Transfer(from, to, command.Amount, funds, effectiveOn),
                    command.ExternalId),
                funds.DayOf(from.FundId, effectiveOn),
                EventOf: id.Value));
    }
}

public static class TransferSavingsEndpoint
{
    [WolverinePost("/v1/savings-accounts/{accountId}/transfers", OperationId = "transferSavings")]
    [Tags("Savings"), Takes(typeof(TransferSavings)), Answers(typeof(SavingsTransactionAnswer), 201)]
    public static Task<IResult> Post(Guid accountId, HttpContext http) => http.Record<TransferSavings>("transferSavings", command =>
    {
        var id = new TransactionId(command.NewId());
        var other = command.ToAccountId.Value;
        return SavingsSlice.Of(
            accountId,
            states =>
            [
                Need.Of<SavingsAccount>(other),
                .. states.Peek<SavingsAccount>(other) is { } to ? [Need.Of<Fund>(to.FundId.Value)] : (IEnumerable<Need>)[],
            ],
            (from, funds, states, moment) =>
            {
                var to = states.Find<SavingsAccount>(other);
                var both = to is null ? funds : new FundBooks(states.Find<Fund>(from.FundId.Value)!, states.Find<Fund>(to.FundId.Value)!);
                return TransferSavingsDecider.Decide(command, id, from, to, both, moment);
            },
            (states, moment) => SavingsSlice.Moved<SavingsTransferred>(accountId, states, moment)) with
        {
            Channel = Channel.Offset,
            PaperContent = $"{accountId}|transfer|{other}|{command.Amount}|{command.EffectiveOn:O}",
        };
    });
}
