using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Writing;

/// <summary>What the door does when things go wrong around it.</summary>
public sealed class DoorTests(LedgerService service)
{
    [Fact]
    public async Task One_command_that_the_database_refuses_does_not_harm_those_committed_with_it()
    {
        var partner = await service.NewTenant();
        await using var owner = await service.OpenOwnerConnection();
        await Execute(owner, $"""
            create or replace function ledger.refuse_bad_key() returns trigger language plpgsql as $$
            begin
                if new.key = 'bad-key-{partner.Tenant}' then raise exception 'planted'; end if;
                return new;
            end $$;
            create or replace trigger planted before insert on ledger.idempotency for each row execute function ledger.refuse_bad_key();
            """);
        await using var hold = await HeldTenant.Of(service, partner);

        var good = Enumerable.Range(0, 20).Select(number => Donor(partner, $"Donor {number}", $"good-{number}")).ToArray();
        var bad = Donor(partner, "Donor bad", $"bad-key-{partner.Tenant}");
        await hold.ReleaseWhenWaiting();

        Assert.All(await Task.WhenAll(good), status => Assert.Equal(HttpStatusCode.Created, status));
        Assert.Equal(HttpStatusCode.InternalServerError, await bad);
        Assert.Equal(20, (await partner.Get("/v1/donors?limit=200"))["items"].AsArray().Count);
        await Execute(owner, "drop trigger planted on ledger.idempotency");
    }

    [Fact]
    public async Task When_too_many_wait_the_rest_are_told_to_come_back_and_those_who_waited_are_served()
    {
        var partner = await service.NewTenant();
        await using var hold = await HeldTenant.Of(service, partner);

        var all = Enumerable.Range(0, Door.QueueLimit + 400).Select(number => Donor(partner, $"Donor {number}", $"key-{number}")).ToArray();

        // While the tenant is held nobody is served, so whoever has an answer was turned away.
        await Task.WhenAny(all);
        await hold.ReleaseWhenWaiting();
        var statuses = await Task.WhenAll(all);

        Assert.All(statuses, status => Assert.True(status is HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable, status.ToString()));
        Assert.InRange(statuses.Count(status => status == HttpStatusCode.ServiceUnavailable), 1, 400);
        Assert.Equal(
            statuses.Count(status => status == HttpStatusCode.Created),
            await Count(partner, "select count(*) from ledger.listing where tenant_id = $1 and kind = 'donor'"));
    }

    [Fact]
    public async Task The_second_of_two_equal_requests_waits_five_seconds_for_the_first()
    {
        var partner = await service.NewTenant();
        var clock = (FakeTimeProvider)(await service.Services()).GetRequiredService<TimeProvider>();
        await using var hold = await HeldTenant.Of(service, partner);

        var first = Donor(partner, "Donor", "the-key");
        await hold.UntilWaiting();
        var second = partner.Post("/v1/donors", new { name = "Donor", kind = "ngo" }, HttpStatusCode.Conflict, "the-key");
        for (var seconds = 0; seconds < 600 && !second.IsCompleted; seconds++)
        {
            // The question gives the second request time to come to the door; the day must not end meanwhile.
            clock.Advance(TimeSpan.FromSeconds(1));
            await hold.UntilWaiting();
        }

        Assert.Equal("request-in-progress", (await second).Value("code"));
        Assert.Equal(TimeSpan.FromSeconds(1), (await second).Headers.RetryAfter!.Delta);
        await hold.ReleaseWhenWaiting();
        Assert.Equal(HttpStatusCode.Created, await first);
    }

    [Fact]
    public async Task It_measures_batches_ages_commits_and_how_commands_end()
    {
        ConcurrentDictionary<string, long> measured = new(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, subscription) =>
        {
            if (instrument.Meter.Name == DoorMetrics.MeterName)
            {
                subscription.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.AddOrUpdate(
            string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => tag.Value)]), value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();

        var partner = await service.NewTenant();
        await partner.Post("/v1/donors", new { name = "Donor", kind = "ngo" }, idempotencyKey: "once");
        await partner.Post("/v1/donors", new { name = "Donor", kind = "ngo" }, idempotencyKey: "once");
        await partner.PostRefused("/v1/donors", new { name = "Donor", kind = "ngo" }, "donor-already-registered");

        Assert.True(measured["ledger.door.batch_size"] >= 3);
        Assert.True(measured["ledger.door.commands registerDonor recorded"] >= 1);
        Assert.True(measured["ledger.door.commands registerDonor replayed"] >= 1);
        Assert.True(measured["ledger.door.commands registerDonor donor-already-registered"] >= 1);
        Assert.Contains("ledger.door.queue_age", measured.Keys);
        Assert.Contains("ledger.door.commit_time", measured.Keys);
    }

    [Fact]
    public async Task A_view_by_number_never_shows_half_a_command()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", new { code = "DB", name = "Dana", currency = "IDR" });

        // The first contribution of a new donor is two facts of one command: the donor and the money.
        var contribution = await partner.Post(
            $"/v1/funds/{fund.Id}/contributions",
            new { amount = Idr(5_000), purpose = "revolving-capital", source = "Yayasan Baru" });
        var last = contribution["asOfSequence"].GetValue<long>();

        Assert.Equal(last - 2, (await partner.Get($"/v1/funds/{fund.Id}?knownAtSequence={last - 1}"))["asOfSequence"].GetValue<long>());
        Assert.Equal(last, (await partner.Get($"/v1/funds/{fund.Id}?knownAtSequence={last}"))["asOfSequence"].GetValue<long>());
    }

    private static Task<HttpStatusCode> Donor(TenantClient partner, string name, string key) =>
        partner.StatusOf(Json(HttpMethod.Post, "/v1/donors", new { name, kind = "ngo" }, key));

    private async Task<long> Count(TenantClient partner, string sql)
    {
        await using var owner = await service.OpenOwnerConnection();
        await using var command = new NpgsqlCommand(sql, owner) { Parameters = { new NpgsqlParameter { Value = partner.Tenant } } };
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
