using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.CashBoxes;

/// <summary>Cash is brought to the bank.</summary>
/// <param name="To">The bank account.</param>
/// <param name="FundId">Whose money it is, where several funds share both.</param>
public sealed record DepositCash(MoneyAccountId To, Money Amount, FundId? FundId = null) : DatedCommand;

/// <summary>Cash is handed over, from an officer's bag to the treasurer's safe.</summary>
/// <param name="To">The other cash box.</param>
/// <param name="FundId">Whose money it is, where several funds share both.</param>
public sealed record HandOverCash(MoneyAccountId To, Money Amount, FundId? FundId = null) : DatedCommand;

/// <summary>Money that only changes its box: a transfer voucher whose lines name both.</summary>
public static class TransferMoneyDecider
{
    /// <param name="toKind">What the money may go into.</param>
    public static Decision Decide(
        DatedCommand command, Transfer transfer, TransactionId id, MoneyAccountKind toKind, States states, MoneyAccount? from, MoneyAccount? to, Moment moment)
    {
        if (from is null)
        {
            return Decision.NotFound();
        }

        if (to is null)
        {
            return Decision.Refuse("unknown-money-account", "/to", new Figure("moneyAccountId", transfer.To.ToString()));
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        var refusal = !from.IsCashBox ? Decision.Refuse("not-a-cash-box", pointer: null)
            : to.MoneyAccountKind != toKind ? Decision.Refuse(toKind == MoneyAccountKind.CashBox ? "not-a-cash-box" : "not-a-bank-account", "/to")
            : to.Id == from.Id ? Decision.Refuse("same-money-account", "/to")
            : to.Currency != from.Currency
                ? Decision.Refuse("wrong-currency", "/to", new Figure("currency", from.Currency.Code), new Figure("amount", to.Currency.Code))
            : AmountRules.Check(transfer.Amount, from.Currency) ?? DateRules.Check(effectiveOn, moment);
        if (refusal is not null)
        {
            return refusal;
        }

        var (fund, unclear) = BoxFund.Of(states, states.Balances(from.Id), from.FundId ?? to.FundId, transfer.FundId, from.Currency);
        if (unclear is not null)
        {
            return unclear;
        }

        var day = fund!.DayOf(effectiveOn);
        return Decision.Record(new NewFact(
            id.Value,
            new VoucherRecorded(
                id,
                moment.NextNumber("BT"),
                fund.Id,
                VoucherType.Transfer,
                transfer.Amount,
                new JournalLines(
                    JournalLine.Debit(to.Account, fund.Id, transfer.Amount, day, moneyAccount: to.Id),
                    JournalLine.Credit(from.Account, fund.Id, transfer.Amount, day, moneyAccount: from.Id)),
                command.ExternalId),
            day,
            EventOf: id.Value));
    }
}

/// <summary>What moves, and where to.</summary>
public sealed record Transfer(MoneyAccountId To, Money Amount, FundId? FundId);

public static class TransferMoneyEndpoint
{
    [WolverinePost("/v1/money-accounts/{moneyAccountId}/bank-deposits", OperationId = "depositCash")]
    [Tags("Cash"), Takes(typeof(DepositCash)), Answers(typeof(VoucherAnswer), 201)]
    public static Task<IResult> Deposit(Guid moneyAccountId, HttpContext http) => http.Record<DepositCash>("depositCash", command =>
        SliceOf(command, new Transfer(command.To, command.Amount, command.FundId), moneyAccountId, MoneyAccountKind.BankAccount));

    [WolverinePost("/v1/money-accounts/{moneyAccountId}/hand-overs", OperationId = "handOverCash")]
    [Tags("Cash"), Takes(typeof(HandOverCash)), Answers(typeof(VoucherAnswer), 201)]
    public static Task<IResult> HandOver(Guid moneyAccountId, HttpContext http) => http.Record<HandOverCash>("handOverCash", command =>
        SliceOf(command, new Transfer(command.To, command.Amount, command.FundId), moneyAccountId, MoneyAccountKind.CashBox));

    private static WriteSlice SliceOf(DatedCommand command, Transfer transfer, Guid from, MoneyAccountKind toKind)
    {
        var id = new TransactionId(command.NewId());
        return new WriteSlice
        {
            PaperContent = $"{from}|{transfer.To}|{transfer.Amount}|{transfer.FundId}|{command.EffectiveOn:O}",
            NoteAbout = _ => from,
            Needs = states => Needs(states, transfer, new MoneyAccountId(from), id),
            Decide = (states, moment) => TransferMoneyDecider.Decide(
                command, transfer, id, toKind, states, states.Find<MoneyAccount>(from), states.Find<MoneyAccount>(transfer.To.Value), moment),
            Answer = (_, moment) => new Answer(
                201, VoucherAnswer.Of(moment.Recorded<VoucherRecorded>(), warnings: [], moment.Sequence), $"/v1/vouchers/{id}"),
        };
    }

    private static IEnumerable<Need> Needs(States states, Transfer transfer, MoneyAccountId from, TransactionId id)
    {
        yield return Need.Of<Voucher>(id.Value);
        yield return Need.Of<MoneyAccount>(from.Value);
        yield return Need.Of<MoneyAccount>(transfer.To.Value);
        yield return Need.Balances(from);
        yield return Need.Balances(transfer.To);
        if (states.Peek<MoneyAccount>(from.Value) is { } box && states.Peek<MoneyAccount>(transfer.To.Value) is { } to)
        {
            foreach (var need in BoxFund.Needs(states, from, box.FundId ?? to.FundId, transfer.FundId))
            {
                yield return need;
            }
        }
    }
}
