using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.Reporting;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Npgsql;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>
/// The portfolio of 200,000 active loans with 2 million facts on past days: the sums that classes and portfolio at risk are
/// made from, against a plain aggregate over the same rows. The rows are made by the service's own code from the facts of a
/// few loans, and copied under other ids: what is measured is the reading of them.
/// </summary>
public sealed class PortfolioRun(TextWriter output, CancellationToken cancellation)
{
    private const string Tenant = "portfolio";
    private const int Loans = 200_000;
    private const int Kinds = 40;
    private const int Funds = 20;
    private const int Batch = 2_000;
    private const int Rounds = 15;
    private const long Sequence = 20;

    private static readonly DateOnly DisbursedOn = new(2026, 1, 5);

    /// <returns>Whether both queries sum the same.</returns>
    public async Task<bool> Run()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"kupang-ledger-portfolio-{Guid.CreateVersion7():N}");
        Directory.CreateDirectory(folder);
        try
        {
            await using var server = await DatabaseServer.StartAsync(Path.Combine(folder, "postgres"), cancellation);
            await LedgerInstallation.Prepare(server.ConnectionString, Path.Combine(folder, "service"), [Tenant], cancellation);
            await using var dataSource = NpgsqlDataSource.Create(server.ConnectionString);
            await using var connection = await dataSource.OpenConnectionAsync(cancellation);
            FundId[] funds = [.. Enumerable.Range(0, Funds).Select(_ => new FundId(Guid.CreateVersion7()))];
            var facts = await Fill(connection, funds);
            await server.Analyze(cancellation);
            return await Measure(connection, funds, facts);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<long> Fill(NpgsqlConnection connection, FundId[] funds)
    {
        PortfolioRows[] kinds = [.. Enumerable.Range(0, Kinds).Select(kind => PortfolioRows.Of(FactsOf(kind)))];
        for (var start = 0; start < Loans; start += Batch)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            PortfolioRows[] loans =
            [
                .. Enumerable.Range(start, Batch).Select(index => Copied(kinds[index % Kinds], new LoanId(Guid.CreateVersion7()), funds[index % Funds])),
            ];
            await PortfolioProjection.Write(connection, Tenant, loans, cancellation);
            await transaction.CommitAsync(cancellation);
        }

        return Enumerable.Range(0, Kinds).Sum(kind => (long)FactsOf(kind).Count) * (Loans / Kinds);
    }

    private async Task<bool> Measure(NpgsqlConnection connection, FundId[] funds, long facts)
    {
        const string Plain = $"select count(*), sum(outstanding)::bigint from ledger.portfolio_position where {PortfolioQueries.OfDay} and outstanding <> 0";
        var classes = PortfolioQueries.PositionsSql("outstanding", by: null, countsFundsApart: false, countsInstalments: false);
        List<(double Plain, double Classes)> times = [];
        var isSame = true;
        var loans = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            // Another past day each time, and another one first: neither query finds what only the other has warmed.
            var day = DisbursedOn.AddDays(20 + (13 * round));
            var (first, second) = round % 2 == 0 ? (Plain, classes) : (classes, Plain);
            var one = await Sum(connection, first, funds, day);
            var two = await Sum(connection, second, funds, day);
            var (plain, grouped) = round % 2 == 0 ? (one, two) : (two, one);
            isSame &= plain.Loans == grouped.Loans && plain.Outstanding == grouped.Outstanding;
            loans = plain.Loans;
            times.Add((plain.Milliseconds, grouped.Milliseconds));
        }

        var (plainMiddle, classesMiddle) = (Middle(times.Select(time => time.Plain)), Middle(times.Select(time => time.Classes)));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{Loans:#,0} loans, {facts:#,0} facts, {Rounds} past days, {loans:#,0} loans owing on the last of them"));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"classes and portfolio at risk {classesMiddle:0} ms, plain aggregate over the same rows {plainMiddle:0} ms, ratio {classesMiddle / plainMiddle:0.00} (bar: 3 at most)"));
        await output.WriteLineAsync(isSame ? "Both sum the same loans and principal on every day." : "The two sums differ.");
        return isSame;
    }

    /// <summary>What a query sums, whichever columns it groups by: the loans and the principal stand in its last columns.</summary>
    private async Task<(double Milliseconds, long Loans, long Outstanding)> Sum(NpgsqlConnection connection, string sql, FundId[] funds, DateOnly day)
    {
        var began = Stopwatch.GetTimestamp();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in new object[] { Tenant, Sequence, funds.Select(fund => fund.Value).ToArray(), day })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        var (loans, outstanding) = (0L, 0L);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var at = reader.FieldCount > 2 ? 6 : 0;
            loans += reader.GetInt64(at);
            outstanding += reader.GetInt64(at + 1);
        }

        return (Stopwatch.GetElapsedTime(began).TotalMilliseconds, loans, outstanding);
    }

    private static double Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static PortfolioRows Copied(PortfolioRows rows, LoanId id, FundId fundId) => rows with
    {
        Loan = rows.Loan with { Id = id, Number = id.ToString() },
        Positions = [.. rows.Positions.Select(known => known with { Row = known.Row with { FundId = fundId } })],
        Instalments = [.. rows.Instalments.Select(known => known with { Row = known.Row with { FundId = fundId } })],
    };

    /// <summary>Ten facts: a loan of 12 months and seven payments, each kind in time or so many days late.</summary>
    private static List<RecordedFact> FactsOf(int kind)
    {
        var fund = new Fund(
            new FundId(Guid.CreateVersion7()), "DN-1", "DB", "Dana", Currency.IndonesianRupiah, FundKind.Revolving, new FundTerms(), Restriction: null, ExternalId: null, Version: 1);
        var (loanId, memberId, principal) = (new LoanId(Guid.CreateVersion7()), new MemberId(Guid.CreateVersion7()), Money.Rupiah(1_200_000 + (120_000 * kind)));
        var terms = new LoanTerms(
            "IDR",
            new InterestRule(InterestMethod.Flat, new Percentage(1.5m), RatePeriod.Month),
            new RepaymentFrequency(1, FrequencyUnit.Month),
            BookingClass: (BookingClass)(kind % 3));
        var funding = ImmutableArray.Create(new FundingShare(fund.Id, principal));
        List<RecordedFact> facts = [];
        Record(DisbursedOn, new LoanProposed(
            loanId,
            "PJ-1",
            funding,
            new LoanProductId(Guid.CreateVersion7()),
            ProductVersion: 1,
            terms,
            memberId,
            principal,
            Instalments: 12,
            new Encrypted(memberId.Value, ""),
            new LoanProfile(Sex.Female, AgeBand: null, AreaCode: null, Sector: null, PurposeCode: null, FirstLoan: true, LoanCycle: 1, OfficerId: null, Programme: null)));
        Record(DisbursedOn, new LoanApproved(NewTransaction(), loanId, principal, funding, "BA-1"));
        var schedule = ((ScheduleResult.Made)LoanSchedules.Of(terms, principal, 12, DisbursedOn, firstDueOn: null)).Schedule.Instalments;
        Record(DisbursedOn, new LoanDisbursed(
            NewTransaction(),
            "PC-1",
            loanId,
            memberId,
            principal,
            funding,
            [],
            schedule,
            LoanPostingRules.Disbursement(funding, memberId, [], terms.BookingClass, Channel.Cash, _ => BookDay.Open(DisbursedOn))));
        for (var payment = 0; payment < 7; payment++)
        {
            var day = schedule[payment].DueOn.AddDays(5 * (kind % 8));
            var loan = facts.Aggregate<RecordedFact, Loan?>(null, Loan.After)!;
            var moment = new Moment(new DateTimeOffset(2027, 1, 31, 4, 0, 0, TimeSpan.Zero), new DateOnly(2027, 1, 31), facts.Count, prefix => prefix + "-1");
            var decided = (Decision.ToRecord)RecordRepaymentDecider.Decide(
                new RecordRepayment(schedule[payment].Total, PaymentMethod.Cash) { EffectiveOn = day }, NewTransaction(), loan, new FundBooks(fund), moment);
            Record(day, decided.Facts[0].Data);
        }

        return facts;

        void Record(DateOnly day, object data) => facts.Add(new RecordedFact(
            Guid.CreateVersion7(),
            loanId.Value,
            data,
            new Envelope(
                facts.Count + 1, DateTimeOffset.UnixEpoch, day, day, Guid.CreateVersion7(), "portfolio-run", new Actor(new ApiKeyId(Guid.CreateVersion7())))));
    }

    private static TransactionId NewTransaction() => new(Guid.CreateVersion7());
}
