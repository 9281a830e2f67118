using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.CashBoxes;

/// <summary>What one fund has in a box.</summary>
public sealed record FundInBox(FundId FundId, Money Balance);

/// <summary>Who answers for a box, from a day on.</summary>
public sealed record Custodian(StaffId StaffId, DateOnly From);

/// <param name="Account">The account of the chart that its lines stand on.</param>
/// <param name="Balance">What it holds on the day that is asked for.</param>
/// <param name="ClosedThrough">The last day whose cash was counted; what is dated until then needs a second person.</param>
/// <param name="OpenDay">The day that was opened and is not closed.</param>
/// <param name="Warnings"><c>cash-below-zero</c>, <c>open-limit-exceeded</c>.</param>
public sealed record MoneyAccountAnswer(
    MoneyAccountId Id,
    string Number,
    string? ExternalId,
    MoneyAccountKind Kind,
    Personal Name,
    string Currency,
    AccountCode Account,
    FundId? FundId,
    StaffId? CustodianId,
    IReadOnlyList<Custodian> Custodians,
    Money? OpenLimit,
    Personal? BankAccountNumber,
    Money Balance,
    IReadOnlyList<FundInBox> Funds,
    DateOnly? ClosedThrough,
    DateOnly? OpenDay,
    IReadOnlyList<string> Warnings,
    long AsOfSequence)
{
    public static MoneyAccountAnswer Of(States states, MoneyAccountId id, Moment moment) =>
        Of(states.Find<MoneyAccount>(id.Value)!, states.Balances(id), moment.Today, moment.Sequence);

    public static async Task<MoneyAccountAnswer> Of(MoneyAccount box, Snapshot snapshot, DateOnly day, CancellationToken cancellation) =>
        Of(box, await BalancesOf(box.Id, snapshot, cancellation), day, snapshot.Sequence);

    /// <summary>What moved in and out of a box as far as a view knows.</summary>
    internal static async Task<MoneyAccountBalances> BalancesOf(MoneyAccountId id, Snapshot snapshot, CancellationToken cancellation) => (await snapshot.Query(
        """
        select fund_id, effective_on, sum(amount)::bigint from ledger.journal_line
         where tenant_id = $1 and n <= $2 and money_account = $3 group by fund_id, effective_on
        """,
        reader => (FundId: new FundId(reader.GetGuid(0)), Day: reader.GetFieldValue<DateOnly>(1), MinorUnits: reader.GetInt64(2)),
        cancellation,
        id.Value)).Aggregate(MoneyAccountBalances.Empty(id), (balances, move) => balances.Add(move.FundId, move.Day, move.MinorUnits));

    private static MoneyAccountAnswer Of(MoneyAccount box, MoneyAccountBalances balances, DateOnly day, long sequence)
    {
        var balance = Money.OfMinorUnits(balances.At(day), box.Currency);
        return new MoneyAccountAnswer(
            box.Id,
            box.Number,
            box.ExternalId,
            box.MoneyAccountKind,
            new Personal(box.Name),
            box.Currency.Code,
            box.Account,
            box.FundId,
            box.CustodianOn(day),
            [.. box.Custodians.OrderBy(custodian => (custodian.From, custodian.Sequence)).Select(custodian => new Custodian(custodian.OfficerId, custodian.From))],
            box.OpenLimit,
            box.BankAccountNumber is { } number ? new Personal(number) : null,
            balance,
            [.. balances.Funds.Select(fundId => new FundInBox(fundId, Money.OfMinorUnits(balances.At(day, fundId), box.Currency)))],
            box.ClosedThrough,
            box.OpenDay,
            balance.IsNegative ? ["cash-below-zero"] : balance > box.OpenLimit ? ["open-limit-exceeded"] : [],
            sequence);
    }
}

public static class GetMoneyAccountEndpoint
{
    [WolverineGet("/v1/money-accounts/{moneyAccountId}", OperationId = "getMoneyAccount")]
    [Tags("Cash"), Answers(typeof(MoneyAccountAnswer), 200)]
    public static Task<IResult> Get(Guid moneyAccountId, HttpContext http) => http.Read(async (snapshot, asOf, cancellation) =>
        await snapshot.Find<MoneyAccount>(moneyAccountId, cancellation) is { } box
            ? await MoneyAccountAnswer.Of(box, snapshot, asOf.EffectiveOn, cancellation)
            : null);

    [WolverineGet("/v1/money-accounts", OperationId = "listMoneyAccounts")]
    [Tags("Cash"), Answers(typeof(Page<MoneyAccountAnswer>), 200), Query("fundId", "kind"), QueryWords("kind", typeof(MoneyAccountKind))]
    public static Task<IResult> List(HttpContext http)
    {
        var kind = http.QueryWord<MoneyAccountKind>("kind");
        return http.List<MoneyAccount>(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["fundId"] = "fund_id" },
            ["kind"],
            async (box, snapshot) => kind is null || box.MoneyAccountKind == kind
                ? await MoneyAccountAnswer.Of(box, snapshot, snapshot.Today, http.RequestAborted)
                : null);
    }
}
