using System.Diagnostics;
using System.Globalization;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>The whole measurement: makes the books, measures ledger and rival in turn, and then finds every receipt again.</summary>
public sealed class LoadRun(LoadOptions options, TextWriter output, CancellationToken cancellation)
{
    private const int ManyConnections = 64;
    private const int ConnectionsOfATenant = 8;
    private const int LoansReadOverHttp = 50;

    private static readonly int[] RivalClients = [1, 2, 4, 8, 16, 32, 64];

    private readonly DateOnly today = BusinessCalendar.DayOf(
        TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(BusinessCalendar.DefaultTimeZone));

    private readonly SortedDictionary<int, Measurement> rival = [];
    private readonly SortedDictionary<int, Measurement> spread = [];
    private Measurement? oneFund;
    private Measurement? manyTenants;

    /// <returns>Whether every receipt was found and the books are right. The bars do not matter here: they are measured, not tested.</returns>
    public async Task<bool> Run()
    {
        var others = options.Has(LoadOptions.ManyTenants) ? options.Tenants : 0;
        string[] names = ["spread", "one-fund", .. Enumerable.Range(1, others).Select(number => $"tenant-{number}")];
        await using var environment = await LoadEnvironment.Start(names, cancellation);
        await output.WriteLineAsync(await environment.Describe(cancellation));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"service process {environment.Service.ProcessId}, postmaster {environment.Server.Postmaster}"));

        try
        {
            var books = await MakeBooks(environment);
            await Plan(environment, books);
            await Measure(environment, books);
            await output.WriteLineAsync();
            await output.WriteLineAsync(ResultTable.Of(Lines()));
            await PrintCosts();
            return await Verify(environment, books);
        }
        catch (LoadFailure)
        {
            await environment.PrintWhatServiceSaid(output);
            throw;
        }
    }

    private async Task<Books> MakeBooks(LoadEnvironment environment)
    {
        var spreadBook = await Make(environment, environment.Tenants[0], options.Loans, options.Funds);
        var oneFundBook = options.Has(LoadOptions.OneFund) ? await Make(environment, environment.Tenants[1], options.Loans, funds: 1) : null;
        List<Portfolio> tenantBooks = [];
        if (options.Has(LoadOptions.ManyTenants))
        {
            foreach (var tenant in environment.Tenants.Skip(2))
            {
                tenantBooks.Add(await Make(environment, tenant, Math.Max(1, options.Loans / options.Tenants), Math.Max(1, options.Funds / options.Tenants)));
            }
        }

        return new Books(spreadBook, oneFundBook, tenantBooks);
    }

    private async Task<Portfolio> Make(LoadEnvironment environment, LoadTenant tenant, int loans, int funds)
    {
        var began = Stopwatch.GetTimestamp();
        var portfolio = await new LoanSetup(environment.Service.Port, tenant, today.AddDays(-30), cancellation).Make(loans, funds);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{tenant.Name}: {loans:#,0} loans in {funds} {(funds == 1 ? "fund" : "funds")}, proposed, approved and paid out over HTTP in {Seconds(Stopwatch.GetElapsedTime(began))} s"));
        return portfolio;
    }

    /// <summary>Which rows there are.</summary>
    private async Task Plan(LoadEnvironment environment, Books books)
    {
        var load = new RepaymentLoad(environment.Service.Port, today);
        Measurement Ledger(string name, IReadOnlyList<Portfolio> portfolios, int connections) =>
            new(name, duration => load.Run(portfolios, connections, duration, cancellation));

        if (options.Has(LoadOptions.Rival))
        {
            await output.WriteLineAsync("Filling pgbench's tables…");
            var pgbench = await Pgbench.Prepare(environment.Server, environment.Folder, cancellation);
            foreach (var clients in RivalClients)
            {
                rival[clients] = new Measurement(
                    Name("pgbench", clients), duration => pgbench.Run(clients, (int)(duration.Ticks / TimeSpan.TicksPerSecond), cancellation));
            }
        }

        if (options.Has(LoadOptions.Spread))
        {
            foreach (var connections in options.Connections)
            {
                spread[connections] = Ledger(Name("repayments", connections), [books.Spread], connections);
            }
        }

        oneFund = books.OneFund is { } book ? Ledger(Name("one fund, one cash account", ManyConnections), [book], ManyConnections) : null;
        manyTenants = books.Tenants.Count > 0
            ? Ledger(string.Create(CultureInfo.InvariantCulture, $"{books.Tenants.Count} tenants x {ConnectionsOfATenant}"), books.Tenants, ConnectionsOfATenant)
            : null;
        await environment.Server.Analyze(cancellation);
    }

    private async Task Measure(LoadEnvironment environment, Books books)
    {
        var load = new RepaymentLoad(environment.Service.Port, today);
        var warmUp = TimeSpan.FromSeconds(Math.Clamp(options.Seconds / 2, 2, 10));
        foreach (var portfolios in (IReadOnlyList<Portfolio>[])[[books.Spread], books.OneFund is { } book ? [book] : [], books.Tenants])
        {
            _ = portfolios.Count > 0 ? await load.Run(portfolios, ManyConnections / portfolios.Count, warmUp, cancellation) : null;
        }

        Measurement?[] ledgerRows = [.. spread.Values, oneFund, manyTenants];
        var rows = Alternate([.. ledgerRows.OfType<Measurement>()], [.. rival.Values]);
        var part = TimeSpan.FromSeconds(Math.Max(1, options.Seconds / options.Rounds));
        for (var round = 0; round < options.Rounds; round++)
        {
            // The other way round each time: what comes late meets fuller tables.
            foreach (var row in round % 2 == 0 ? rows : rows.Reverse())
            {
                await row.Measure(part, environment.Cpu, () => environment.Server.Position(cancellation));
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"round {round + 1}: {row.Name,-34} {row.Result.PerSecond,8:#,0}/s  p50 {ResultTable.Milliseconds(row.Result, 50)} ms  p99 {ResultTable.Milliseconds(row.Result, 99)} ms"));
            }
        }
    }

    /// <summary>Ledger and rival take turns, so that both see the machine at all times of the run.</summary>
    private static IReadOnlyList<Measurement> Alternate(IReadOnlyList<Measurement> ledger, IReadOnlyList<Measurement> others) =>
        [.. Enumerable.Range(0, Math.Max(ledger.Count, others.Count)).SelectMany(index => others.Skip(index).Take(1).Concat(ledger.Skip(index).Take(1)))];

    private IEnumerable<ResultLine> Lines()
    {
        if (rival.Count > 0)
        {
            var (bestClients, best) = rival.MaxBy(row => row.Value.Result.PerSecond);
            var bestName = Name("pgbench", bestClients);
            foreach (var (connections, row) in spread.Reverse())
            {
                var (name, against, bar) = connections switch
                {
                    1 => (Name("pgbench", 1), rival[1].Result, 0.5m),
                    <= 16 => (bestName, best.Result, 1.2m),
                    _ => (bestName, best.Result, 2m),
                };
                yield return new ResultLine(row.Name, row.Result, name, against, bar, IsLatency: false);
                if (connections > 16)
                {
                    yield return new ResultLine($"{row.Name}: p99", row.Result, name, against, Bar: 4, IsLatency: true);
                }
            }
        }

        if (spread.TryGetValue(ManyConnections, out var many))
        {
            if (oneFund is not null)
            {
                yield return new ResultLine(oneFund.Name, oneFund.Result, many.Name, many.Result, Bar: 0.9m, IsLatency: false);
            }

            if (manyTenants is not null)
            {
                yield return new ResultLine(manyTenants.Name, manyTenants.Result, many.Name, many.Result, Bar: 1m, IsLatency: false);
            }
        }
    }

    private async Task PrintCosts()
    {
        await output.WriteLineAsync(Measurement.CostHeading);
        Measurement?[] rows = [.. spread.Values, oneFund, manyTenants, .. rival.Values];
        foreach (var row in rows.OfType<Measurement>())
        {
            await output.WriteLineAsync(row.Cost());
        }

        await output.WriteLineAsync();
    }

    private async Task<bool> Verify(LoadEnvironment environment, Books books)
    {
        Portfolio?[] used = [books.Spread, books.OneFund, .. books.Tenants];
        var isRight = await new Verification(environment, output, cancellation).Check([.. used.OfType<Portfolio>()], LoansReadOverHttp);
        foreach (var warning in environment.WarningsOfService())
        {
            await output.WriteLineAsync($"The service said: {warning}");
        }

        return isRight;
    }

    private static string Name(string what, int connections) =>
        string.Create(CultureInfo.InvariantCulture, $"{what}, {connections} {(connections == 1 ? "connection" : "connections")}");

    private static string Seconds(TimeSpan time) =>
        decimal.Divide(time.Ticks, TimeSpan.TicksPerSecond).ToString("0.0", CultureInfo.InvariantCulture);

    private sealed record Books(Portfolio Spread, Portfolio? OneFund, IReadOnlyList<Portfolio> Tenants);
}
