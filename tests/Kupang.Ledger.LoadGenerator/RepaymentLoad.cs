using System.Diagnostics;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>What a stretch of load came to. Only requests that recorded something count; repeats are besides.</summary>
public sealed record LoadResult(long Recorded, long Repeated, TimeSpan Elapsed, Latencies Latencies)
{
    public static LoadResult None => new(0, 0, TimeSpan.Zero, new Latencies());

    public decimal PerSecond => Elapsed.Ticks == 0 ? 0 : decimal.Divide(Recorded * TimeSpan.TicksPerSecond, Elapsed.Ticks);

    public LoadResult And(LoadResult more)
    {
        ArgumentNullException.ThrowIfNull(more);
        var latencies = new Latencies();
        latencies.Add(Latencies);
        latencies.Add(more.Latencies);
        return new LoadResult(Recorded + more.Recorded, Repeated + more.Repeated, Elapsed + more.Elapsed, latencies);
    }
}

/// <summary>
/// Repayments on loans chosen at random, on many connections, for a time. Every request is new, but one in a hundred is then
/// sent once more and must get the same answer, marked as a replay.
/// </summary>
public sealed class RepaymentLoad(int port, DateOnly paidOn)
{
    private const int RepeatedOneIn = 100;

    private static readonly TimeSpan PatienceForLastAnswers = TimeSpan.FromSeconds(60);

    /// <param name="connections">How many connections each portfolio gets.</param>
    public async Task<LoadResult> Run(IReadOnlyList<Portfolio> portfolios, int connections, TimeSpan duration, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(portfolios);
        List<(RawHttpConnection Http, Portfolio Portfolio)> opened = [];
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            foreach (var portfolio in portfolios.SelectMany(portfolio => Enumerable.Repeat(portfolio, connections)))
            {
                opened.Add((RawHttpConnection.OpenBlocking(port), portfolio));
            }

            // A token for each request would cost more than the request, so a service that hangs is ended by its sockets.
            await using var closing = hurry.Token.Register(() => opened.ForEach(connection => connection.Http.Dispose()));
            hurry.CancelAfter(duration + PatienceForLastAnswers);
            var started = Stopwatch.GetTimestamp();
            var until = started + (duration.Ticks * Stopwatch.Frequency / TimeSpan.TicksPerSecond);
            var parts = await Task.WhenAll(opened.Select((connection, index) => OnOwnThread(
                () => new Caller(connection.Http, connection.Portfolio, paidOn, index).Work(started, until))));
            return parts.Aggregate((sum, part) => sum.And(part)) with { Elapsed = duration };
        }
        catch (Exception closed) when (hurry.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new LoadFailure("The service stopped answering.", closed);
        }
        finally
        {
            opened.ForEach(connection => connection.Http.Dispose());
        }
    }

    /// <summary>The thread pool would spin between two answers, on a core that service and database need.</summary>
    private static Task<LoadResult> OnOwnThread(Func<Task<LoadResult>> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    /// <summary>One connection, one request at a time.</summary>
    private sealed class Caller(RawHttpConnection http, Portfolio portfolio, DateOnly paidOn, int seed)
    {
        private readonly Random random = new(seed);
        private readonly RepaymentRequest request = new(portfolio.Tenant, paidOn);
        private readonly List<Receipt> acknowledged = [];
        private readonly List<Receipt> unknown = [];
        private readonly Latencies latencies = new();
        private long repeated;

        public async Task<LoadResult> Work(long started, long until)
        {
            var inTime = 0L;
            try
            {
                for (var now = started; now < until;)
                {
                    var receipt = NextReceipt();
                    unknown.Add(receipt);
                    var bytes = request.For(receipt);
                    now = Stopwatch.GetTimestamp();
                    var answer = await http.SendAsync(bytes);
                    var answered = Stopwatch.GetTimestamp();
                    if (answer.Status != 201 || answer.IsReplayed)
                    {
                        throw new LoadFailure($"A repayment was answered {answer.Status}: {answer.Text}");
                    }

                    unknown.Clear();
                    acknowledged.Add(receipt);
                    latencies.AddTicks(answered - now);
                    inTime += answered <= until ? 1 : 0;
                    now = answered;
                    if (acknowledged.Count % RepeatedOneIn == 0)
                    {
                        await Repeat(bytes, answer);
                        now = Stopwatch.GetTimestamp();
                    }
                }
            }
            finally
            {
                portfolio.Journal.Add(acknowledged, unknown);
            }

            return new LoadResult(inTime, repeated, TimeSpan.Zero, latencies);
        }

        private async Task Repeat(ReadOnlyMemory<byte> bytes, RawAnswer first)
        {
            var expected = first.Body.ToArray();
            var again = await http.SendAsync(bytes);
            if (again.Status != first.Status || !again.IsReplayed || !again.Body.Span.SequenceEqual(expected))
            {
                throw new LoadFailure($"A repeated repayment was answered differently, {again.Status}: {again.Text}");
            }

            repeated++;
        }

        private Receipt NextReceipt()
        {
            var number = portfolio.Journal.NextNumber();
            return new Receipt(
                number,
                Guid.CreateVersion7(),
                portfolio.Loans[random.Next(portfolio.Loans.Count)],
                RepaymentRequest.SmallestAmount + (int)(number % 9) * 500);
        }
    }
}
