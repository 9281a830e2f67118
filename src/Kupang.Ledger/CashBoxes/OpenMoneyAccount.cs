using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Staff;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.CashBoxes;

/// <summary>A cash box or a bank account is kept from now on.</summary>
/// <param name="FundId">The only fund whose money it may hold; several may share it when left out.</param>
/// <param name="CustodianId">Who answers for it; every cash box has one.</param>
/// <param name="OpenLimit">What it may hold before whoever has it is told to empty it.</param>
/// <param name="Account">Which bank account of the chart it is; by default the bank of what the fund is for.</param>
/// <param name="Currency">By default the fund's, else the limit's, else IDR.</param>
public sealed record OpenMoneyAccount(
    MoneyAccountKind Kind,
    [property: TextLimit(120)] string Name,
    FundId? FundId = null,
    StaffId? CustodianId = null,
    Money? OpenLimit = null,
    [property: TextLimit(60)] string? BankAccountNumber = null,
    AccountCode? Account = null,
    string? Currency = null) : DatedCommand;

public static class OpenMoneyAccountDecider
{
    /// <param name="fund">The fund that is named, if one is and it exists.</param>
    /// <param name="key">The box's own key, for its name and for notes about it.</param>
    public static Decision Decide(OpenMoneyAccount command, MoneyAccountId id, Fund? fund, StaffMember? custodian, SubjectKey key, Moment moment)
    {
        if (command.FundId is { } fundId && fund is null)
        {
            return Decision.Refuse("unknown-fund", "/fundId", new Figure("fundId", fundId.ToString()));
        }

        var currency = command.Currency ?? fund?.Currency.Code ?? command.OpenLimit?.Currency.Code ?? Currency.IndonesianRupiah.Code;
        if (!Currency.IsKnown(currency))
        {
            return Decision.Refuse("unknown-currency", "/currency", new Figure("currency", currency));
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        var account = command.Account ?? AccountOf(command.Kind, fund);
        return CheckCurrency(command, fund, currency)
            ?? CheckCustodian(command, custodian)
            ?? CheckKind(command, account)
            ?? DateRules.Check(effectiveOn, moment)
            ?? Decision.Record(new NewFact(
                    id.Value,
                    new MoneyAccountOpened(
                        id,
                        moment.NextNumber(command.Kind == MoneyAccountKind.CashBox ? "KB" : "RB"),
                        command.Kind,
                        key.Encrypt(command.Name),
                        currency,
                        account,
                        command.FundId,
                        command.CustodianId,
                        command.OpenLimit,
                        command.BankAccountNumber is { } number ? key.Encrypt(number) : null,
                        command.ExternalId),
                    BookDay.Open(effectiveOn),
                    EventOf: id.Value))
                .WithKeys(key);
    }

    private static AccountCode AccountOf(MoneyAccountKind kind, Fund? fund) =>
        kind == MoneyAccountKind.CashBox ? AccountCode.Cash
        : fund is { FundKind: FundKind.Operations } ? AccountCode.OperationsBank
        : AccountCode.RevolvingBank;

    private static Decision? CheckCurrency(OpenMoneyAccount command, Fund? fund, string currency) =>
        fund is not null && fund.Currency.Code != currency
            ? Decision.Refuse("wrong-currency", "/currency", new Figure("currency", fund.Currency.Code), new Figure("amount", currency))
        : command.OpenLimit is { } limit ? AmountRules.Check(limit, SharedKernel.Currency.FromCode(currency), "/openLimit")
        : null;

    private static Decision? CheckCustodian(OpenMoneyAccount command, StaffMember? custodian) =>
        command.CustodianId is { } asked
            ? custodian is not { MayAct: true } ? Decision.Refuse("unknown-staff", "/custodianId", new Figure("staffId", asked.ToString())) : null
        : command.Kind == MoneyAccountKind.CashBox ? Decision.Refuse("custodian-required", "/custodianId")
        : null;

    private static Decision? CheckKind(OpenMoneyAccount command, AccountCode account)
    {
        var isCash = command.Kind == MoneyAccountKind.CashBox;
        return isCash != (account == AccountCode.Cash) || !ChartOfAccounts.IsMoney(account) || ChartOfAccounts.Find(account) is not { IsGroup: false }
                ? Decision.Refuse("account-does-not-fit-kind", "/account", new Figure("account", account.Value))
            : isCash && command.BankAccountNumber is not null
                ? Decision.Refuse("not-a-bank-account", "/bankAccountNumber")
            : null;
    }
}

public static class OpenMoneyAccountEndpoint
{
    [WolverinePost("/v1/money-accounts", OperationId = "openMoneyAccount")]
    [Tags("Cash"), Takes(typeof(OpenMoneyAccount)), Answers(typeof(MoneyAccountAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<OpenMoneyAccount>("openMoneyAccount", command =>
    {
        var id = new MoneyAccountId(command.NewId());
        return new WriteSlice
        {
            PaperContent = $"{command.Kind}|{command.FundId}|{command.CustodianId}|{command.EffectiveOn:O}",
            NoteAbout = _ => command.FundId?.Value ?? command.CustodianId?.Value,
            Needs = _ => Needs(command, id),
            Decide = (states, moment) => OpenMoneyAccountDecider.Decide(
                command,
                id,
                command.FundId is { } fundId ? states.Find<Fund>(fundId.Value) : null,
                command.CustodianId is { } custodianId ? states.Find<StaffMember>(custodianId.Value) : null,
                SubjectKey.New(id.Value),
                moment),
            Answer = (states, moment) => new Answer(201, MoneyAccountAnswer.Of(states, id, moment), $"/v1/money-accounts/{id}"),
        };
    });

    private static IEnumerable<Need> Needs(OpenMoneyAccount command, MoneyAccountId id)
    {
        yield return Need.Of<MoneyAccount>(id.Value);
        yield return Need.Balances(id);
        if (command.FundId is { } fundId)
        {
            yield return Need.Of<Fund>(fundId.Value);
        }

        if (command.CustodianId is { } custodianId)
        {
            yield return Need.Of<StaffMember>(custodianId.Value);
        }
    }
}
