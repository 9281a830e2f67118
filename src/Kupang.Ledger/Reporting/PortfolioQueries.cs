using System.Collections.Immutable;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Policies;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Reporting;

/// <summary>One loan that owes something whose day has passed, to one fund.</summary>
public sealed record ArrearsRow(
    LoanId LoanId,
    string Number,
    FundId FundId,
    MemberId MemberId,
    GroupId? GroupId,
    LoanProductId ProductId,
    StaffId? OfficerId,
    string? AreaCode,
    string? Sector,
    RepaymentRhythm Rhythm,
    bool IsRestructured,
    long Outstanding,
    DateOnly OldestDueOn,
    long ArrearsPrincipal,
    long ArrearsInterest,
    int InstalmentsOverdue);

/// <summary>What fell due and what was paid of it, in minor units, principal and interest together.</summary>
/// <param name="DueInPeriod">Of instalments that fell due in the period.</param>
/// <param name="OnTime">What of it was paid by the end of its due date.</param>
/// <param name="DueUntil">Of all instalments due by the end of the period.</param>
/// <param name="PaidUntil">What of it was paid by then.</param>
/// <param name="PaidBefore">What of it was paid before the period began.</param>
public sealed record CollectionSum(string? Key, long DueInPeriod, long OnTime, long DueUntil, long PaidUntil, long PaidBefore);

/// <summary>Sums over the portfolio's rows and the books, as one snapshot knows them.</summary>
public static class PortfolioQueries
{
    /// <summary>Principal is owed on these accounts, and allowance is set aside on those below them.</summary>
    public const string Receivables = "^1\\.1\\.03\\.0[12378]$";
    public const string Allowance = "^1\\.1\\.04\\.";

    private const string Known = "tenant_id = $1 and seq_from <= $2 and seq_to > $2";

    /// <summary>The rows of a day. The parameters are the funds and the day.</summary>
    public const string OfDay = Known + " and fund_id = any($3) and from_day <= $4 and to_day > $4";

    /// <summary>The instalments of a position's row.</summary>
    private const string OfLoan =
        "i.tenant_id = $1 and i.seq_from <= $2 and i.seq_to > $2 and i.from_day <= $4 and i.to_day > $4 and i.loan_id = p.loan_id and i.fund_id = p.fund_id";

    public static Task<List<PositionSum>> Positions(Snapshot snapshot, PortfolioView view, PortfolioGrouping? by, CancellationToken cancellation)
    {
        var amount = view.Basis == Basis.Booked ? "booked" : "outstanding";
        return snapshot.Query(
            PositionsSql(amount, by, view.CountsFundsApart(by), view.CountsInstalments),
            reader => new PositionSum(
                reader.IsDBNull(0) ? null : reader.GetString(0),
                new FundId(reader.GetGuid(1)),
                (BookingClass)reader.GetInt16(2),
                (RepaymentRhythm)reader.GetInt16(3),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateOnly>(4),
                reader.GetInt32(5),
                reader.GetInt64(6),
                reader.GetInt64(7),
                reader.GetInt64(8)),
            cancellation,
            view.Scope.Ids,
            view.Day);
    }

    /// <summary>
    /// One aggregate over the rows of a day. Loans that are equally late fall together, so that a policy classes a few hundred
    /// sums and not each loan.
    /// </summary>
    public static string PositionsSql(string amount, PortfolioGrouping? by, bool countsFundsApart, bool countsInstalments)
    {
        var overdue = countsInstalments
            ? $"case when p.oldest_unpaid_on < $4 then (select count(*)::int from ledger.portfolio_instalment i where {OfLoan} and i.due_on < $4 and i.is_unpaid) else 0 end"
            : "0";
        var loan = by is PortfolioGrouping.Product or PortfolioGrouping.Village or PortfolioGrouping.Sector
            ? "join ledger.portfolio_loan l using (tenant_id, loan_id)"
            : "";
        var counted = countsFundsApart ? "count(*)" : "count(*) filter (where p.is_first_fund)";
        return $"""
            select {KeyOf(by, "p")} as key, p.fund_id, p.booking_class, p.rhythm, case when p.oldest_unpaid_on < $4 then p.oldest_unpaid_on end as oldest,
                   {overdue} as overdue, {counted}, sum(p.{amount})::bigint, coalesce(sum(p.{amount}) filter (where p.is_restructured), 0)::bigint
              from ledger.portfolio_position p {loan}
             where {OfDay} and p.{amount} <> 0
             group by key, p.fund_id, p.booking_class, p.rhythm, oldest, overdue
            """;
    }

    public static Task<List<ArrearsRow>> Arrears(Snapshot snapshot, PortfolioView view, long skip, int limit, CancellationToken cancellation)
    {
        var amount = view.Basis == Basis.Booked ? "booked" : "outstanding";
        return snapshot.Query(
            $"""
            select p.loan_id, l.number, p.fund_id, l.member_id, p.group_id, l.product_id, p.officer_id, l.area_code, l.sector, p.rhythm, p.is_restructured,
                   p.{amount}, p.oldest_unpaid_on, a.principal, a.interest, a.instalments
              from ledger.portfolio_position p join ledger.portfolio_loan l using (tenant_id, loan_id)
              cross join lateral (
                   select coalesce(sum(i.open_principal), 0)::bigint as principal, coalesce(sum(i.open_interest), 0)::bigint as interest,
                          (count(*) filter (where i.is_unpaid and i.due_on < $4))::int as instalments
                     from ledger.portfolio_instalment i
                    where {OfLoan} and i.due_on <= $4) a
             where {OfDay} and p.oldest_unpaid_on < $4
             order by p.oldest_unpaid_on, l.number, p.fund_id offset $5 limit $6
            """,
            reader => new ArrearsRow(
                new LoanId(reader.GetGuid(0)),
                reader.GetString(1),
                new FundId(reader.GetGuid(2)),
                new MemberId(reader.GetGuid(3)),
                reader.IsDBNull(4) ? null : new GroupId(reader.GetGuid(4)),
                new LoanProductId(reader.GetGuid(5)),
                reader.IsDBNull(6) ? null : new StaffId(reader.GetGuid(6)),
                reader.IsDBNull(7) ? null : reader.GetString(7),
                reader.IsDBNull(8) ? null : reader.GetString(8),
                (RepaymentRhythm)reader.GetInt16(9),
                reader.GetBoolean(10),
                reader.GetInt64(11),
                reader.GetFieldValue<DateOnly>(12),
                reader.GetInt64(13),
                reader.GetInt64(14),
                reader.GetInt32(15)),
            cancellation,
            view.Scope.Ids,
            view.Day,
            skip,
            (long)limit);
    }

    /// <summary>What is open of instalments that are due, by their due dates.</summary>
    public static Task<List<(DateOnly DueOn, long Principal, long Interest)>> OverdueByDueDate(Snapshot snapshot, PortfolioView view, CancellationToken cancellation) =>
        snapshot.Query(
            $"""
            select due_on, sum(open_principal)::bigint, sum(open_interest)::bigint from ledger.portfolio_instalment
             where {OfDay} and due_on <= $4 and (open_principal <> 0 or open_interest <> 0) group by due_on
            """,
            reader => (reader.GetFieldValue<DateOnly>(0), reader.GetInt64(1), reader.GetInt64(2)),
            cancellation,
            view.Scope.Ids,
            view.Day);

    /// <summary>
    /// By the rows of three kinds of day: each instalment on its own due date, all due by the end on the last day, and the same
    /// on the day before the first.
    /// </summary>
    public static Task<List<CollectionSum>> Collections(
        Snapshot snapshot, PortfolioView view, DateOnly from, PortfolioGrouping? by, CancellationToken cancellation)
    {
        const string Paid = "i.paid_principal + i.paid_interest";
        const string Due = "i.due_principal + i.due_interest";
        return snapshot.Query(
            $"""
            select {KeyOf(by, "i")} as key,
                   coalesce(sum({Due}) filter (where i.from_day <= $4 and i.to_day > $4 and i.due_on >= $5), 0)::bigint,
                   coalesce(sum({Paid}) filter (where i.due_on >= $5 and i.from_day <= i.due_on and i.to_day > i.due_on), 0)::bigint,
                   coalesce(sum({Due}) filter (where i.from_day <= $4 and i.to_day > $4), 0)::bigint,
                   coalesce(sum({Paid}) filter (where i.from_day <= $4 and i.to_day > $4), 0)::bigint,
                   coalesce(sum({Paid}) filter (where i.from_day <= $6 and i.to_day > $6), 0)::bigint
              from ledger.portfolio_instalment i join ledger.portfolio_loan l using (tenant_id, loan_id)
             where {Known} and fund_id = any($3) and i.due_on <= $4
             group by key order by key
            """,
            reader => new CollectionSum(
                reader.IsDBNull(0) ? null : reader.GetString(0),
                reader.GetInt64(1),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.GetInt64(4),
                reader.GetInt64(5)),
            cancellation,
            view.Scope.Ids,
            view.Day,
            from,
            from.AddDays(-1));
    }

    /// <summary>
    /// Debits less credits of each fund's accounts of a form, from a day (or ever) until the view's day, on the view's basis.
    /// </summary>
    public static async Task<ILookup<FundId, (string Account, long MinorUnits)>> Books(
        Snapshot snapshot, PortfolioView view, string accounts, DateOnly? from, CancellationToken cancellation)
    {
        var source = snapshot.IsWhole ? "ledger.daily_balance where $2::bigint is not null" : "ledger.journal_line where n <= $2";
        var rows = await snapshot.Query(
            $"""
            select fund_id, account, sum(amount)::bigint from {source}
               and tenant_id = $1 and fund_id = any($3) and {view.Basis.Column()} <= $4 and ($5::date is null or {view.Basis.Column()} >= $5) and account ~ $6
             group by fund_id, account
            """,
            reader => (Fund: new FundId(reader.GetGuid(0)), Account: reader.GetString(1), Amount: reader.GetInt64(2)),
            cancellation,
            view.Scope.Ids,
            view.Day,
            from,
            accounts);
        return rows.ToLookup(row => row.Fund, row => (row.Account, row.Amount));
    }

    /// <summary>
    /// What facts of loans took from allowance or made loan loss expense in a period, less what others put back: the principal
    /// written off, in minor units, whatever kind of fact does so.
    /// </summary>
    public static async Task<long> WrittenOff(Snapshot snapshot, PortfolioView view, DateOnly from, CancellationToken cancellation) => (await snapshot.Query(
        $"""
        select coalesce(sum(j.amount), 0)::bigint
          from ledger.journal_line j
          join ledger.fact f on f.tenant_id = j.tenant_id and f.n = j.n
          join ledger.portfolio_loan l on l.tenant_id = f.tenant_id and l.loan_id = f.stream_id
         where j.tenant_id = $1 and j.n <= $2 and j.fund_id = any($3) and j.{view.Basis.Column()} between $4 and $5 and (j.account ~ $6 or j.account = $7)
        """,
        reader => reader.GetInt64(0),
        cancellation,
        view.Scope.Ids,
        from,
        view.Day,
        Allowance,
        AccountCode.LoanLossExpense.Value)).Single();

    /// <summary>The printed numbers of things, by their ids.</summary>
    public static async Task<ImmutableDictionary<Guid, string>> NumbersOf(Snapshot snapshot, IEnumerable<Guid> ids, CancellationToken cancellation) =>
        (await snapshot.Query(
            "select id, number from ledger.listing where tenant_id = $1 and n <= $2 and id = any($3)",
            reader => KeyValuePair.Create(reader.GetGuid(0), reader.GetString(1)),
            cancellation,
            ids.ToArray())).ToImmutableDictionary();

    private static string KeyOf(PortfolioGrouping? by, string rows) => by switch
    {
        null => "null::text",
        PortfolioGrouping.Fund => $"{rows}.fund_id::text",
        PortfolioGrouping.Officer => $"{rows}.officer_id::text",
        PortfolioGrouping.Group => $"{rows}.group_id::text",
        PortfolioGrouping.Product => "l.product_id::text",
        PortfolioGrouping.Village => "l.area_code",
        _ => "l.sector",
    };
}
