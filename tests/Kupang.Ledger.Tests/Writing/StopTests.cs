using System.Collections.Concurrent;
using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Writing;

/// <summary>A service that is told to stop while much waits at its door: nothing is lost between an answer and the books.</summary>
public sealed class StopTests(LedgerService service)
{
    [Fact]
    public async Task Whoever_waits_when_the_service_stops_is_served_and_whoever_comes_later_leaves_no_trace()
    {
        var partner = await service.NewTenant();
        await using var node = await service.StartNode();
        var client = node.For(partner);
        await using var hold = await HeldTenant.Of(service, partner);

        var waiting = await Arrived(node, client, 400);
        await hold.UntilWaiting();
        var stopped = node.Stop();
        var late = Enumerable.Range(0, 100).Select(number => Try(client, $"late-{number}")).ToArray();
        await hold.ReleaseWhenWaiting();

        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.All(await Task.WhenAll(late), answer => Assert.True(answer.Status is null or HttpStatusCode.ServiceUnavailable, answer.ToString()));
        await stopped;
        await AssertRecorded(partner, waiting.Select(answer => answer.Result.Key));
    }

    [Fact]
    public async Task A_door_that_closes_serves_those_who_wait_and_tells_the_others_to_come_back()
    {
        var partner = await service.NewTenant();
        await using var node = await service.StartNode();
        var client = node.For(partner);
        var door = node.Services.GetRequiredService<Door>();
        await using var hold = await HeldTenant.Of(service, partner);

        // They arrive at once, so some may come to the door when it is closed; nobody is left without an answer.
        var early = await Arrived(node, client, 400);
        await hold.UntilWaiting();
        var closed = door.StopAsync(TestContext.Current.CancellationToken);
        var refused = await client.Post("/v1/donors", new { name = "Late", kind = "ngo" }, HttpStatusCode.ServiceUnavailable, "late");
        await hold.ReleaseWhenWaiting();
        await closed;

        Assert.Equal("unavailable", refused.Value("code"));
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        var answers = await Task.WhenAll(early);
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable, answer.ToString()));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.Created);
        await AssertRecorded(partner, answers.Where(answer => answer.Status == HttpStatusCode.Created).Select(answer => answer.Key));
    }

    [Fact]
    public async Task Of_a_service_that_stops_under_load_the_books_hold_what_it_answered_and_nothing_that_found_it_gone()
    {
        var partner = await service.NewTenant();
        await using var node = await service.StartNode();
        var client = node.For(partner);
        ConcurrentBag<(string Key, HttpStatusCode? Status)> answers = [];
        TaskCompletionSource underLoad = new(TaskCreationOptions.RunContinuationsAsynchronously);

        var callers = Enumerable.Range(0, 32).Select(CallUntilTurnedAway).ToArray();
        await underLoad.Task.WaitAsync(TestContext.Current.CancellationToken);
        await node.Stop();
        await Task.WhenAll(callers);

        Assert.All(answers, answer => Assert.True(answer.Status is null or HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable, answer.ToString()));
        Assert.DoesNotContain(answers, answer => answer.Status is null && node.HasSeen(answer.Key));

        // All are sent again, to a node that goes on: what was answered is there, and what found nobody is new.
        foreach (var (key, status) in answers)
        {
            var again = await partner.Post("/v1/donors", Donor(key), idempotencyKey: key);
            Assert.True(status is HttpStatusCode.ServiceUnavailable || again.Headers.Contains("Idempotent-Replayed") == status is HttpStatusCode.Created, key);
        }

        await AssertRecorded(partner, answers.Select(answer => answer.Key));

        async Task CallUntilTurnedAway(int caller)
        {
            for (var number = 0; ; number++)
            {
                var answer = await Try(client, $"{caller}-{number}");
                answers.Add(answer);
                if (answers.Count >= 300)
                {
                    underLoad.TrySetResult();
                }

                if (answer.Status != HttpStatusCode.Created)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Commands that have come into the service and are not answered yet.</summary>
    private static async Task<Task<(string Key, HttpStatusCode? Status)>[]> Arrived(LedgerNode node, TenantClient client, int count)
    {
        var keys = Enumerable.Range(0, count).Select(number => $"early-{number}").ToArray();
        var calls = keys.Select(key => Try(client, key)).ToArray();
        await Task.WhenAll(keys.Select(node.ArrivalOf)).WaitAsync(TestContext.Current.CancellationToken);
        return calls;
    }

    /// <summary>The answer, or no status when there was nobody to answer.</summary>
    private static async Task<(string Key, HttpStatusCode? Status)> Try(TenantClient client, string key)
    {
        try
        {
            return (key, await client.StatusOf(Json(HttpMethod.Post, "/v1/donors", Donor(key), key)));
        }
        catch (HttpRequestException)
        {
            return (key, null);
        }
    }

    private static object Donor(string key) => new { name = $"Donor {key}", kind = "ngo" };

    /// <summary>Exactly these were carried out, each once.</summary>
    private async Task AssertRecorded(TenantClient partner, IEnumerable<string> keys)
    {
        string[] expected = [.. keys.Order(StringComparer.Ordinal)];
        Assert.NotEmpty(expected);
        await using var owner = await service.OpenOwnerConnection();
        await using var kept = new NpgsqlCommand("select array_agg(key) from ledger.idempotency where tenant_id = $1 and operation = 'registerDonor'", owner)
        {
            Parameters = { new NpgsqlParameter { Value = partner.Tenant } },
        };
        Assert.Equal(expected, ((string[])(await kept.ExecuteScalarAsync(TestContext.Current.CancellationToken))!).Order(StringComparer.Ordinal));
        await using var made = new NpgsqlCommand("select count(*)::int from ledger.listing where tenant_id = $1 and kind = 'donor'", owner)
        {
            Parameters = { new NpgsqlParameter { Value = partner.Tenant } },
        };
        Assert.Equal(expected.Length, await made.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }
}
