using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.GeneralLedger;

/// <summary>An account's balance, on the side where it stands.</summary>
public sealed record TrialBalanceLine(AccountCode Account, string Name, Money Debit, Money Credit);

public sealed record TrialBalanceTotals(Money Debit, Money Credit);

/// <summary>Every account's balance as of a day, in one currency.</summary>
/// <param name="FundId">The one fund it is of; without it, all funds but the groups' own.</param>
public sealed record TrialBalance(
    FundId? FundId,
    string Currency,
    IReadOnlyList<TrialBalanceLine> Lines,
    TrialBalanceTotals Totals,
    Basis Basis,
    DateOnly EffectiveOn,
    long AsOfSequence)
{
    /// <summary>From debits less credits of each account; an account whose sides are equal has no line.</summary>
    public static TrialBalance Of(
        FundId? fundId, Currency currency, IEnumerable<(string Account, long MinorUnits)> figures, Basis basis, DateOnly effectiveOn, long sequence)
    {
        var zero = Money.Zero(currency);
        TrialBalanceLine[] lines =
        [
            .. figures
                .Where(figure => figure.MinorUnits != 0)
                .OrderBy(figure => figure.Account, StringComparer.Ordinal)
                .Select(figure =>
                {
                    var code = new AccountCode(figure.Account);
                    var balance = Money.OfMinorUnits(figure.MinorUnits, currency);
                    return new TrialBalanceLine(
                        code, ChartOfAccounts.Find(code)?.Name ?? figure.Account, Money.Max(balance, zero), Money.Max(-balance, zero));
                }),
        ];
        return new TrialBalance(
            fundId,
            currency.Code,
            lines,
            new TrialBalanceTotals(Money.Sum(lines.Select(line => line.Debit), currency), Money.Sum(lines.Select(line => line.Credit), currency)),
            basis,
            effectiveOn,
            sequence);
    }
}

public static class GetTrialBalanceEndpoint
{
    [WolverineGet("/v1/trial-balance", OperationId = "getTrialBalance")]
    [Tags("Books"), Answers(typeof(TrialBalance), 200), Query("fundId", "basis", "currency"), QueryWords("basis", typeof(Basis))]
    public static Task<IResult> Get(HttpContext http) => http.Read(
        async (snapshot, asOf, cancellation) =>
        {
            var basis = http.QueryWord<Basis>("basis") ?? Basis.Booked;
            if (await FundScope.Of(snapshot, http.QueryId("fundId"), http.QueryText("currency"), cancellation) is not { } scope)
            {
                return null;
            }

            var figures = await Figures(snapshot, scope, basis, asOf.EffectiveOn, cancellation);
            return TrialBalance.Of(scope.FundId, scope.Currency, figures, basis, asOf.EffectiveOn, snapshot.Sequence);
        },
        "fundId",
        "basis",
        "currency");

    private static Task<List<(string Account, long MinorUnits)>> Figures(
        Snapshot snapshot, FundScope scope, Basis basis, DateOnly day, CancellationToken cancellation)
    {
        // Running totals hold everything known; an earlier view adds up the lines it knew. A memorandum figure is no account.
        var source = snapshot.IsWhole ? "ledger.daily_balance where $2::bigint is not null" : "ledger.journal_line where n <= $2";
        return snapshot.Query(
            $"""
            select account, sum(amount)::bigint from {source}
               and tenant_id = $1 and fund_id = any($3) and currency = $4 and {basis.Column()} <= $5 and account ~ '^[0-9]' group by account
            """,
            reader => (reader.GetString(0), reader.GetInt64(1)),
            cancellation,
            scope.Ids,
            scope.Currency.Code,
            day);
    }
}
