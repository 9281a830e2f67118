using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Npgsql;
using NpgsqlTypes;

namespace Kupang.Ledger.Reporting;

/// <summary>
/// Keeps the portfolio's rows up with the log. Whoever reads brings them up to date first, one at a time in the cluster (the
/// row of the tenant's head is locked), part by part: what one request has no time for, the next one finds done. A loan with
/// new facts has all its rows made anew from its whole stream, so rows that are lost need no repair but to be forgotten.
/// </summary>
public sealed class PortfolioProjection(NpgsqlDataSource dataSource, FactTypes types, TimeProvider clock)
{
    private const int FactsOfAPart = 5_000;
    private const int LoansOfABatch = 250;

    /// <summary>How long one request makes rows before it asks the caller to come again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly string[] factsOfLoans = [.. types.All.Where(type => type.Stream == StreamKind.Of<Loan>()).Select(type => type.Alias)];

    /// <returns>The number up to which the rows are made: the tenant's last one when it was asked for.</returns>
    /// <exception cref="PortfolioIsBehind">There is more to be made than one request can wait for.</exception>
    public async Task<long> CatchUp(string tenant, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var (reached, head) = await CatchUpPart(tenant, cancellation);
            if (reached >= head)
            {
                return reached;
            }

            if (clock.GetElapsedTime(began) > Patience)
            {
                throw new PortfolioIsBehind(reached, head);
            }
        }
    }

    /// <summary>Takes the rows of loans out of the tables and puts these in, within the connection's transaction.</summary>
    public static async Task Write(NpgsqlConnection connection, string tenant, IReadOnlyList<PortfolioRows> loans, CancellationToken cancellation)
    {
        var ids = loans.Select(rows => rows.Loan.Id.Value).ToArray();
        await using (var forget = new NpgsqlBatch(connection))
        {
            foreach (var table in (string[])["portfolio_loan", "portfolio_position", "portfolio_instalment"])
            {
                forget.BatchCommands.Add(Statements.Of($"delete from ledger.{table} where tenant_id = $1 and loan_id = any($2)", tenant, ids));
            }

            await forget.ExecuteNonQueryAsync(cancellation);
        }

        await CopyLoans(connection, tenant, loans, cancellation);
        await CopyPositions(connection, tenant, loans, cancellation);
        await CopyInstalments(connection, tenant, loans, cancellation);
    }

    private async Task<(long Reached, long Head)> CatchUpPart(string tenant, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var (reached, head) = await LockHead(connection, tenant, cancellation);
        if (reached >= head)
        {
            return (reached, head);
        }

        var through = Math.Min(head, reached + FactsOfAPart);
        foreach (var ids in (await LoansBehind(connection, tenant, reached, through, cancellation)).Chunk(LoansOfABatch))
        {
            var facts = await FactsOf(connection, tenant, ids, cancellation);
            await Write(connection, tenant, [.. facts.GroupBy(fact => fact.StreamId).Select(loan => PortfolioRows.Of([.. loan]))], cancellation);
        }

        await using var advance = new NpgsqlCommand("update ledger.portfolio_head set n = $2 where tenant_id = $1", connection);
        Add(advance, tenant, through);
        await advance.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (through, head);
    }

    private static async Task<(long Reached, long Head)> LockHead(NpgsqlConnection connection, string tenant, CancellationToken cancellation)
    {
        await using var begin = new NpgsqlCommand(
            "insert into ledger.portfolio_head (tenant_id, n) values ($1, 0) on conflict do nothing", connection);
        Add(begin, tenant);
        await begin.ExecuteNonQueryAsync(cancellation);
        await using var locked = new NpgsqlCommand(
            "select p.n, h.n from ledger.portfolio_head p join ledger.tenant_head h using (tenant_id) where p.tenant_id = $1 for update of p", connection);
        Add(locked, tenant);
        await using var reader = await locked.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>Loans with facts among these numbers that their rows do not hold yet.</summary>
    private async Task<List<Guid>> LoansBehind(NpgsqlConnection connection, string tenant, long after, long through, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select distinct f.stream_id
              from ledger.fact f join ledger.mt_events e on e.id = f.event_id
              left join ledger.portfolio_loan l on l.tenant_id = f.tenant_id and l.loan_id = f.stream_id
             where f.tenant_id = $1 and f.n > $2 and f.n <= $3 and e.type = any($4) and f.n > coalesce(l.n, 0)
            """,
            connection);
        Add(command, tenant, after, through, factsOfLoans);
        List<Guid> ids = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    private async Task<List<RecordedFact>> FactsOf(NpgsqlConnection connection, string tenant, Guid[] loans, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select {FactReader.Columns} from ledger.mt_events where tenant_id = $1 and stream_id = any($2) order by stream_id, version", connection);
        Add(command, tenant, loans);
        List<RecordedFact> facts = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            facts.Add(FactReader.Read(reader, types));
        }

        return facts;
    }

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
    }

    private static async Task CopyLoans(NpgsqlConnection connection, string tenant, IReadOnlyList<PortfolioRows> loans, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy ledger.portfolio_loan (tenant_id, loan_id, n, number, member_id, product_id, area_code, sector) from stdin (format binary)",
            cancellation);
        foreach (var rows in loans)
        {
            await copy.StartRowAsync(cancellation);
            await Put(copy, tenant, NpgsqlDbType.Text);
            await Put(copy, rows.Loan.Id.Value, NpgsqlDbType.Uuid);
            await Put(copy, rows.Sequence, NpgsqlDbType.Bigint);
            await Put(copy, rows.Loan.Number, NpgsqlDbType.Text);
            await Put(copy, rows.Loan.MemberId.Value, NpgsqlDbType.Uuid);
            await Put(copy, rows.Loan.ProductId.Value, NpgsqlDbType.Uuid);
            await Put(copy, rows.Loan.Profile.AreaCode, NpgsqlDbType.Text);
            await Put(copy, rows.Loan.Profile.Sector, NpgsqlDbType.Text);
        }

        await copy.CompleteAsync(cancellation);
    }

    private static async Task CopyPositions(NpgsqlConnection connection, string tenant, IReadOnlyList<PortfolioRows> loans, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            """
            copy ledger.portfolio_position (tenant_id, loan_id, fund_id, from_day, to_day, seq_from, seq_to, booking_class, rhythm,
                is_first_fund, is_restructured, officer_id, group_id, outstanding, booked, interest, oldest_unpaid_on) from stdin (format binary)
            """,
            cancellation);
        foreach (var rows in loans)
        {
            foreach (var (row, seqFrom, seqTo) in rows.Positions)
            {
                await copy.StartRowAsync(cancellation);
                await PutKey(copy, tenant, rows.Loan.Id, row.FundId);
                await PutTimes(copy, row.From, row.To, seqFrom, seqTo);
                await Put(copy, (short)rows.Loan.Terms.BookingClass, NpgsqlDbType.Smallint);
                await Put(copy, (short)rows.Rhythm, NpgsqlDbType.Smallint);
                await Put(copy, row.IsFirstFund, NpgsqlDbType.Boolean);
                await Put(copy, row.IsRestructured, NpgsqlDbType.Boolean);
                await Put(copy, row.OfficerId?.Value, NpgsqlDbType.Uuid);
                await Put(copy, row.GroupId?.Value, NpgsqlDbType.Uuid);
                await Put(copy, row.Outstanding, NpgsqlDbType.Bigint);
                await Put(copy, row.Booked, NpgsqlDbType.Bigint);
                await Put(copy, row.Interest, NpgsqlDbType.Bigint);
                await Put(copy, row.OldestUnpaidOn, NpgsqlDbType.Date);
            }
        }

        await copy.CompleteAsync(cancellation);
    }

    private static async Task CopyInstalments(NpgsqlConnection connection, string tenant, IReadOnlyList<PortfolioRows> loans, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            """
            copy ledger.portfolio_instalment (tenant_id, loan_id, fund_id, from_day, to_day, seq_from, seq_to, number, due_on,
                due_principal, due_interest, paid_principal, paid_interest, open_principal, open_interest, is_unpaid) from stdin (format binary)
            """,
            cancellation);
        foreach (var rows in loans)
        {
            foreach (var (row, seqFrom, seqTo) in rows.Instalments)
            {
                await copy.StartRowAsync(cancellation);
                await PutKey(copy, tenant, rows.Loan.Id, row.FundId);
                await PutTimes(copy, row.From, row.To, seqFrom, seqTo);
                await Put(copy, row.Number, NpgsqlDbType.Integer);
                await Put(copy, row.DueOn, NpgsqlDbType.Date);
                await Put(copy, row.DuePrincipal, NpgsqlDbType.Bigint);
                await Put(copy, row.DueInterest, NpgsqlDbType.Bigint);
                await Put(copy, row.PaidPrincipal, NpgsqlDbType.Bigint);
                await Put(copy, row.PaidInterest, NpgsqlDbType.Bigint);
                await Put(copy, row.OpenPrincipal, NpgsqlDbType.Bigint);
                await Put(copy, row.OpenInterest, NpgsqlDbType.Bigint);
                await Put(copy, row.IsUnpaid, NpgsqlDbType.Boolean);
            }
        }

        await copy.CompleteAsync(cancellation);
    }

    private static async Task PutKey(NpgsqlBinaryImporter copy, string tenant, LoanId loanId, FundId fundId)
    {
        await Put(copy, tenant, NpgsqlDbType.Text);
        await Put(copy, loanId.Value, NpgsqlDbType.Uuid);
        await Put(copy, fundId.Value, NpgsqlDbType.Uuid);
    }

    private static async Task PutTimes(NpgsqlBinaryImporter copy, DateOnly from, DateOnly to, long seqFrom, long seqTo)
    {
        await Put(copy, from, NpgsqlDbType.Date);
        await Put(copy, to, NpgsqlDbType.Date);
        await Put(copy, seqFrom, NpgsqlDbType.Bigint);
        await Put(copy, seqTo, NpgsqlDbType.Bigint);
    }

    private static Task Put<TValue>(NpgsqlBinaryImporter copy, TValue value, NpgsqlDbType type) =>
        value is null ? copy.WriteNullAsync() : copy.WriteAsync(value, type);
}

/// <summary>More facts came than one request could make rows of; what it made is kept.</summary>
public sealed class PortfolioIsBehind(long reached, long last) : Exception
{
    public long Reached { get; } = reached;

    public long Last { get; } = last;
}
