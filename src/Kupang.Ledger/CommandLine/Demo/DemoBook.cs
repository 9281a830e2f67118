using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kupang.Ledger.Writing;
using Spectre.Console;

namespace Kupang.Ledger.CommandLine.Demo;

/// <summary>
/// Brings a planned book in through the same door as everything else, over HTTP. Every request has a key and most an id that
/// hang on the plan alone, so a seeding that was interrupted goes on where it stopped and nothing is doubled.
/// </summary>
/// <param name="http">Knows the service's address and a key of its tenant.</param>
public sealed class DemoBook(HttpClient http, BookPlan plan)
{
    /// <summary>As many requests as make full batches at the door without crowding out anybody else.</summary>
    private const int RequestsAtOnce = 16;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Seeds what is not there yet, and says how far it is: with a bar on a terminal, in plain lines elsewhere.</summary>
    public async Task Seed(IAnsiConsole console)
    {
        const string doing = "Mengisi buku contoh (seeding the demo book)";
        if (await IsComplete())
        {
            return;
        }

        if (console.Profile.Capabilities.Interactive)
        {
            await console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(progress =>
                {
                    var bar = progress.AddTask(doing, maxValue: plan.Requests.Count);
                    return Send(() => bar.Increment(1));
                });
            return;
        }

        var sent = 0;
        await Send(() =>
        {
            var number = Interlocked.Increment(ref sent);
            if (number * 10 / plan.Requests.Count > (number - 1) * 10 / plan.Requests.Count)
            {
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{doing}: {number * 100 / plan.Requests.Count} %"));
            }
        });
    }

    /// <summary>The last of the plan's requests is a voucher; where it is, all the others are.</summary>
    private async Task<bool> IsComplete()
    {
        var last = JsonSerializer.SerializeToElement(plan.Requests[^1].Body, Json).GetProperty("id").GetGuid();
        using var response = await http.GetAsync($"/v1/vouchers/{last}");
        return response.StatusCode == HttpStatusCode.OK;
    }

    private async Task Send(Action sent)
    {
        foreach (var step in plan.Requests.Index().GroupBy(request => request.Item.Step))
        {
            await Parallel.ForEachAsync(step, new ParallelOptions { MaxDegreeOfParallelism = RequestsAtOnce }, async (request, cancellation) =>
            {
                await Post(request.Item, string.Create(CultureInfo.InvariantCulture, $"demo-book-{request.Index:D5}"), cancellation);
                sent();
            });
        }
    }

    private async Task Post(PlannedRequest planned, string key, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, planned.Path) { Content = JsonContent.Create(planned.Body, planned.Body.GetType(), options: Json) };
        request.Headers.Add("Idempotency-Key", key);
        if (planned.Acting is { } acting)
        {
            request.Headers.Add("Acting-Staff", acting.ToString());
        }

        using var response = await http.SendAsync(request, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new StartupProblem(
                $"Seeding the demo book stopped at {planned.Path}: {await response.Content.ReadAsStringAsync(cancellation)}");
        }
    }
}
