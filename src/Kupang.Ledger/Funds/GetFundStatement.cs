using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Funds;

/// <summary>What one fact did to a fund's cash and bank on one day, and what was there afterwards.</summary>
public sealed record StatementMovement(
    long Sequence, string Type, string? Number, DateOnly EffectiveOn, DateOnly BookedOn, string Description, Money? In, Money? Out, Money Balance);

/// <summary>What a donor gave to a fund, and what is left of it, at the end of the period.</summary>
/// <param name="Contributed">Everything received from the donor.</param>
/// <param name="Returned">Everything given back.</param>
/// <param name="Capital">Revolving capital that is still there; over all donors it is the fund's capital.</param>
/// <param name="Operations">Given for running costs, spent or not.</param>
/// <param name="Loan">Lent by the donor and not yet given back.</param>
public sealed record StatementDonor(
    DonorId DonorId, string Number, Personal Name, Money Contributed, Money Returned, Money Capital, Money Operations, Money Loan);

/// <param name="From">The first day; without it, the statement begins with the fund.</param>
public sealed record FundStatement(
    FundId FundId,
    DateOnly? From,
    DateOnly To,
    Basis Basis,
    Money Opening,
    IReadOnlyList<StatementMovement> Movements,
    Money Closing,
    IReadOnlyList<StatementDonor> Donors,
    long AsOfSequence);

/// <summary>Cash in and out by one fact on one day, in minor units.</summary>
public sealed record CashMovement(long Sequence, BookDay Day, long In, long Out);

/// <summary>One donor's money on one account of a fund, in minor units: what came in, what went back.</summary>
public sealed record DonorMovement(DonorId DonorId, AccountCode Account, long In, long Out);

public static class StatementRules
{
    /// <param name="rows">In the order of the statement.</param>
    public static IReadOnlyList<StatementMovement> Movements(
        Money opening, IReadOnlyList<CashMovement> rows, IReadOnlyDictionary<long, (RecordedFact Fact, string Alias)> facts)
    {
        List<StatementMovement> movements = [];
        var balance = opening;
        foreach (var row in rows)
        {
            var (fact, alias) = facts[row.Sequence];
            var (received, paid) = (In(row.In), In(row.Out));
            balance = balance + received - paid;
            movements.Add(new StatementMovement(
                row.Sequence,
                alias,
                FactDescription.NumberOf(fact.Data),
                row.Day.EffectiveOn,
                row.Day.BookedOn,
                FactDescription.Of(alias, fact.Data),
                received.IsZero ? null : received,
                paid.IsZero ? null : paid,
                balance));
        }

        return movements;

        Money In(long minorUnits) => Money.OfMinorUnits(minorUnits, opening.Currency);
    }

    public static StatementDonor DonorOf(Donor donor, IReadOnlyCollection<DonorMovement> movements, Currency currency)
    {
        return new StatementDonor(
            donor.Id,
            donor.Number,
            new Personal(donor.Name),
            Money.OfMinorUnits(movements.Sum(movement => movement.In), currency),
            Money.OfMinorUnits(movements.Sum(movement => movement.Out), currency),
            LeftOn(AccountCode.RevolvingCapital),
            LeftOn(AccountCode.RestrictedOperations),
            LeftOn(AccountCode.LoansReceivedPayable));

        Money LeftOn(AccountCode account) => Money.OfMinorUnits(
            movements.Where(movement => movement.Account == account).Sum(movement => movement.In - movement.Out), currency);
    }
}

public static class GetFundStatementEndpoint
{
    private const int MostMovements = 10_000;

    [WolverineGet("/v1/funds/{fundId}/statement", OperationId = "getFundStatement")]
    [Tags("Funds"), Answers(typeof(FundStatement), 200), Query("from", "to", "basis"), QueryWords("basis", typeof(Basis))]
    public static Task<IResult> Get(Guid fundId, HttpContext http) => http.Read(
        async (snapshot, asOf, cancellation) =>
        {
            var (from, to) = (http.QueryDay("from"), http.QueryDay("to") ?? asOf.EffectiveOn);
            var basis = http.QueryWord<Basis>("basis") ?? Basis.Booked;
            if (from > to)
            {
                throw RequestProblem.Of("malformed-request", "from", "invalid-value", "The first day is not after the last.");
            }

            if (await snapshot.Find<Fund>(fundId, cancellation) is not { } fund)
            {
                return null;
            }

            var opening = Money.OfMinorUnits(from is { } first ? await Opening(snapshot, fundId, basis, first, cancellation) : 0, fund.Currency);
            var rows = await CashMovements(snapshot, fundId, basis, from, to, cancellation);
            var facts = await snapshot.FactsNumbered([.. rows.Select(row => row.Sequence).Distinct()], cancellation);
            var types = http.RequestServices.GetRequiredService<FactTypes>();
            var movements = StatementRules.Movements(
                opening, rows, facts.ToDictionary(fact => fact.Envelope.Sequence, fact => (fact, types.Of(fact.Data).Alias)));
            return new FundStatement(
                fund.Id,
                from,
                to,
                basis,
                opening,
                movements,
                movements.Count > 0 ? movements[^1].Balance : opening,
                await Donors(snapshot, fund, basis, to, cancellation),
                snapshot.Sequence);
        },
        "from",
        "to",
        "basis");

    private static async Task<long> Opening(Snapshot snapshot, Guid fundId, Basis basis, DateOnly first, CancellationToken cancellation)
    {
        var source = snapshot.IsWhole ? "ledger.daily_balance where $2::bigint is not null" : "ledger.journal_line where n <= $2";
        var sums = await snapshot.Query(
            $"""
            select coalesce(sum(amount), 0)::bigint from {source}
               and tenant_id = $1 and fund_id = $3 and {basis.Column()} < $4 and starts_with(account, $5)
            """,
            reader => reader.GetInt64(0),
            cancellation,
            fundId,
            first,
            ChartOfAccounts.Money);
        return sums.Single();
    }

    private static async Task<IReadOnlyList<CashMovement>> CashMovements(
        Snapshot snapshot, Guid fundId, Basis basis, DateOnly? from, DateOnly to, CancellationToken cancellation)
    {
        var rows = await snapshot.Query(
            $"""
            select n, effective_on, booked_on, coalesce(sum(amount) filter (where amount > 0), 0)::bigint,
                   coalesce(-sum(amount) filter (where amount < 0), 0)::bigint
              from ledger.journal_line
             where tenant_id = $1 and n <= $2 and fund_id = $3 and ($4::date is null or {basis.Column()} >= $4) and {basis.Column()} <= $5
               and starts_with(account, $6)
             group by n, effective_on, booked_on order by {basis.Column()}, n, effective_on, booked_on limit $7
            """,
            reader => new CashMovement(
                reader.GetInt64(0),
                new BookDay(reader.GetFieldValue<DateOnly>(1), reader.GetFieldValue<DateOnly>(2)),
                reader.GetInt64(3),
                reader.GetInt64(4)),
            cancellation,
            fundId,
            from,
            to,
            ChartOfAccounts.Money,
            MostMovements + 1);
        return rows.Count <= MostMovements
            ? rows
            : throw RequestProblem.Of(
                "malformed-request", "from", "period-too-long", $"A statement has at most {MostMovements} movements; name days that lie closer together.");
    }

    private static async Task<IReadOnlyList<StatementDonor>> Donors(
        Snapshot snapshot, Fund fund, Basis basis, DateOnly to, CancellationToken cancellation)
    {
        var rows = await snapshot.Query(
            $"""
            select party_id, account, coalesce(-sum(amount) filter (where amount < 0), 0)::bigint,
                   coalesce(sum(amount) filter (where amount > 0), 0)::bigint
              from ledger.journal_line
             where tenant_id = $1 and n <= $2 and fund_id = $3 and {basis.Column()} <= $4 and party_kind = 'donor'
             group by party_id, account
            """,
            reader => new DonorMovement(
                new DonorId(reader.GetGuid(0)), new AccountCode(reader.GetString(1)), reader.GetInt64(2), reader.GetInt64(3)),
            cancellation,
            fund.Id.Value,
            to);
        var byDonor = rows.ToLookup(row => row.DonorId.Value);
        var donors = await snapshot.FindAll<Donor>([.. byDonor.Select(group => group.Key)], cancellation);
        return
        [
            .. donors.Values
                .OrderBy(donor => donor.Number, StringComparer.Ordinal)
                .Select(donor => StatementRules.DonorOf(donor, [.. byDonor[donor.Id.Value]], fund.Currency)),
        ];
    }
}
