using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>How one kill went: what was known when it happened, and what the retry of everything told.</summary>
/// <param name="Acknowledged">Answered before the kill.</param>
/// <param name="Replayed">Answered again from what was stored, when everything was sent once more.</param>
/// <param name="Differing">Acknowledged before, and answered differently now: none may be.</param>
public sealed record KillResult(int Requests, int Acknowledged, int Replayed, int Differing);

/// <summary>
/// kill -9 in the middle of keyed requests, first of the service, then of the postmaster. Everything is then sent again
/// under the same keys, as a careful client would; each must be in the books exactly once.
/// </summary>
public sealed class KillRun(TextWriter output, CancellationToken cancellation)
{
    private const int Requests = 2_000;
    private const int Connections = 32;
    private const int Loans = 200;
    private const int Funds = 2;

    private static readonly TimeSpan PatienceForRetries = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan BetweenRetries = TimeSpan.FromMilliseconds(100);

    private readonly DateOnly today = BusinessCalendar.DayOf(
        TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(BusinessCalendar.DefaultTimeZone));

    public async Task<bool> Run()
    {
        await using var environment = await LoadEnvironment.Start(["killed"], cancellation);
        await output.WriteLineAsync(await environment.Describe(cancellation));
        var portfolio = await new LoanSetup(environment.Service.Port, environment.Tenants[0], today.AddDays(-30), cancellation).Make(Loans, Funds);

        var first = await Kill(environment.Service.Port, portfolio, environment.Service.Kill, () => environment.RestartService(cancellation));
        await Report("the service", first);
        var second = await Kill(
            environment.Service.Port,
            portfolio,
            environment.Server.Kill,
            async () =>
            {
                await environment.Server.StartAgain(cancellation);
                await environment.Service.WaitUntilReady(cancellation);
            });
        await Report("the postmaster", second);
        return await new Verification(environment, output, cancellation).Check([portfolio], Loans)
            && first.Differing + second.Differing == 0;
    }

    /// <summary>Sends, kills in the middle, restarts, and sends everything again until each is answered 201.</summary>
    private async Task<KillResult> Kill(int port, Portfolio portfolio, Action kill, Func<Task> restart)
    {
        var receipts = Enumerable.Range(0, Requests).Select(index =>
        {
            var number = portfolio.Journal.NextNumber();
            return new Receipt(number, Guid.CreateVersion7(), portfolio.Loans[index % portfolio.Loans.Count], RepaymentRequest.SmallestAmount + (index % 9));
        }).ToArray();
        var before = new byte[]?[Requests];
        var (next, answered) = (-1, 0);
        var killing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            var request = new RepaymentRequest(portfolio.Tenant, today);
            try
            {
                using var http = await RawHttpConnection.OpenAsync(port, cancellation);
                while (Interlocked.Increment(ref next) is var index && index < Requests)
                {
                    var answer = await http.SendAsync(request.For(receipts[index]), cancellation);
                    before[index] = answer.Status == 201 ? answer.Body.ToArray() : null;
                    if (Interlocked.Increment(ref answered) == Requests / 3)
                    {
                        killing.SetResult();
                    }
                }
            }
            catch (Exception broken) when (broken is IOException or SocketException)
            {
                // Just what a kill looks like to a caller: it knows nothing about what it asked for last.
                killing.TrySetResult();
            }
        })));
        await killing.Task;
        kill();
        await sending;
        await restart();
        return await SendAllAgain(port, portfolio, receipts, before);
    }

    private async Task<KillResult> SendAllAgain(int port, Portfolio portfolio, Receipt[] receipts, byte[]?[] before)
    {
        var (next, replayed, differing) = (-1, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            var request = new RepaymentRequest(portfolio.Tenant, today);
            using var http = await RawHttpConnection.OpenAsync(port, cancellation);
            while (Interlocked.Increment(ref next) is var index && index < receipts.Length)
            {
                var answer = await SendUntilMade(http, request.For(receipts[index]));
                _ = answer.IsReplayed ? Interlocked.Increment(ref replayed) : 0;
                if (before[index] is { } first && !(answer.IsReplayed && answer.Body.Span.SequenceEqual(first)))
                {
                    Interlocked.Increment(ref differing);
                }
            }
        })));
        portfolio.Journal.Add(receipts, []);
        return new KillResult(receipts.Length, before.Count(answer => answer is not null), replayed, differing);
    }

    private async Task<RawAnswer> SendUntilMade(RawHttpConnection http, ReadOnlyMemory<byte> bytes)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await http.SendAsync(bytes, cancellation);
            if (answer.Status == 201)
            {
                return answer;
            }

            if (answer.Status is not (503 or 409) || Stopwatch.GetElapsedTime(began) > PatienceForRetries)
            {
                throw new LoadFailure($"A retried repayment was answered {answer.Status}: {answer.Text}");
            }

            await Task.Delay(BetweenRetries, cancellation);
        }
    }

    private Task Report(string what, KillResult result) => output.WriteLineAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"kill -9 of {what}: {result.Acknowledged:#,0} of {result.Requests:#,0} were acknowledged before; sent again under the same keys, "
        + $"{result.Replayed:#,0} had been recorded and {result.Requests - result.Replayed:#,0} were recorded now; {result.Differing} answered differently"));
}
