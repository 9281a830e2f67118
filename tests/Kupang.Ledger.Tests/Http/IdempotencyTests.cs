using System.Net;
using System.Text.Json.Nodes;
using Kupang.Ledger.Tests.Fixtures;
using Npgsql;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Http;

/// <summary>
/// A request takes effect at most once, for ever, and repeating it is always safe. What two of them do that meet at the door is
/// among the tests of the door.
/// </summary>
public sealed class IdempotencyTests(LedgerService service)
{
    private static readonly string[] ReadScope = ["read"];
    private static readonly object Fund = new { code = "DB", name = "Dana bergulir", currency = "IDR" };

    [Fact]
    public async Task Without_a_key_nothing_is_recorded()
    {
        var partner = await service.NewTenant();
        var before = await service.LastNumber(partner.Tenant);

        var reply = await partner.Send(Json(HttpMethod.Post, "/v1/funds", Fund, idempotencyKey: null), HttpStatusCode.BadRequest);

        Assert.Equal("idempotency-key-required", reply.Value("code"));
        Assert.Equal(before, await service.LastNumber(partner.Tenant));
    }

    [Fact]
    public async Task The_same_request_is_answered_with_the_same_bytes_and_writes_nothing()
    {
        var partner = await service.NewTenant();
        var first = await partner.Post("/v1/funds", Fund, idempotencyKey: "fund-1");
        var before = await service.LastNumber(partner.Tenant);

        var again = await partner.Post("/v1/funds", Fund, idempotencyKey: "fund-1");

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.False(IsReplayed(first));
        Assert.True(IsReplayed(again));
        Assert.Equal(before, await service.LastNumber(partner.Tenant));
    }

    [Fact]
    public async Task A_text_about_somebody_is_repeated_too()
    {
        var partner = await service.NewTenant();
        var donor = new { name = "Yayasan Alfa", kind = "ngo" };
        var first = await partner.Post("/v1/donors", donor, idempotencyKey: "donor-1");

        Assert.Equal(first.Text, (await partner.Post("/v1/donors", donor, idempotencyKey: "donor-1")).Text);
        Assert.Equal("Yayasan Alfa", first.Value("name"));
    }

    [Fact]
    public async Task An_api_key_is_shown_again_to_whoever_repeats_the_request_that_made_it()
    {
        var partner = await service.NewTenant();
        var key = new { name = "Lapangan", scopes = ReadScope };
        var first = await partner.Post("/v1/api-keys", key, idempotencyKey: "key-1");

        Assert.Equal(first.Text, (await partner.Post("/v1/api-keys", key, idempotencyKey: "key-1")).Text);
        await using var connection = await service.OpenOwnerConnection();
        await using var kept = new NpgsqlCommand("select count(*) from ledger.idempotency where body like '%' || $1 || '%'", connection);
        kept.Parameters.Add(new NpgsqlParameter { Value = first.Value("key") });
        Assert.Equal(0L, await kept.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Spaces_and_the_order_of_members_make_no_other_request()
    {
        var partner = await service.NewTenant();
        var first = await partner.Post("/v1/funds", """{"code":"DB","name":"Dana","currency":"IDR","terms":{"interestRecognition":"cash"}}""", idempotencyKey: "fund-1");

        var again = await partner.Post(
            "/v1/funds", "{ \"terms\": {\"interestRecognition\" : \"cash\"},\n \"currency\":\"IDR\", \"name\":\"D\\u0061na\", \"code\":\"DB\" }", idempotencyKey: "fund-1");

        Assert.Equal(first.Text, again.Text);
    }

    [Fact]
    public async Task Another_request_under_the_same_key_is_refused()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", Fund, idempotencyKey: "fund-1");
        var other = await partner.Post("/v1/funds", new { code = "LAIN", name = "Lain", currency = "IDR" });
        await partner.Post($"/v1/funds/{fund.Id}/contributions", Contribution(), idempotencyKey: "in-1");
        var before = await service.LastNumber(partner.Tenant);

        await Refused("/v1/funds", new { code = "DB", name = "Dana bergulir 2", currency = "IDR" }, "fund-1");
        await Refused($"/v1/funds/{fund.Id}/contributions", Contribution(amount: 2_000_000), "in-1");
        await Refused($"/v1/funds/{other.Id}/contributions", Contribution(), "in-1");

        Assert.Equal(before, await service.LastNumber(partner.Tenant));

        async Task Refused(string path, object body, string key) =>
            Assert.Equal("idempotency-key-reused", (await partner.Post(path, body, HttpStatusCode.UnprocessableEntity, key)).Value("code"));
    }

    [Fact]
    public async Task A_refusal_stays_a_refusal_when_its_reason_has_gone()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", Fund);
        var donorId = Guid.CreateVersion7();
        var contribution = Contribution(source: donorId.ToString());
        var first = await partner.Post($"/v1/funds/{fund.Id}/contributions", contribution, HttpStatusCode.UnprocessableEntity, "in-1");
        await partner.Post("/v1/donors", new { id = donorId, name = "Yayasan Alfa", kind = "ngo" });

        var again = await partner.Post($"/v1/funds/{fund.Id}/contributions", contribution, HttpStatusCode.UnprocessableEntity, "in-1");

        Assert.Equal("unknown-donor", first.Value("code"));
        Assert.Equal("unknown-donor", again.Value("code"));
        Assert.Equal(donorId.ToString(), again.Value("donorId"));
        Assert.False(IsReplayed(first));
        Assert.True(IsReplayed(again));
        await partner.Post($"/v1/funds/{fund.Id}/contributions", contribution, idempotencyKey: "in-2");
    }

    [Fact]
    public async Task What_was_malformed_not_allowed_or_not_found_is_not_kept()
    {
        var partner = await service.NewTenant();
        var fundId = Guid.CreateVersion7();
        var path = $"/v1/funds/{fundId}/contributions";
        var reader = partner.With((await partner.Post("/v1/api-keys", new { name = "Pembaca", scopes = ReadScope })).Value("key"));
        var nobody = partner.With("kl_live_" + new string('0', 64));

        await partner.Post(path, "{", HttpStatusCode.BadRequest, "in-1");
        await nobody.Post(path, Contribution(), HttpStatusCode.Unauthorized, "in-1");
        await reader.Post(path, Contribution(), HttpStatusCode.Forbidden, "in-1");
        await partner.Post(path, Contribution(), HttpStatusCode.NotFound, "in-1");
        await partner.Post("/v1/funds", new { id = fundId, code = "DB", name = "Dana bergulir", currency = "IDR" });

        Assert.False(IsReplayed(await partner.Post(path, Contribution(), idempotencyKey: "in-1")));
    }

    [Fact]
    public async Task A_change_of_an_old_version_is_not_kept()
    {
        var partner = await service.NewTenant();
        var product = await partner.Post("/v1/loan-products", InterfaceDescription.Of("defineLoanProduct").RequestExample!.ToJsonString());
        var path = $"/v1/loan-products/{product.Id}";
        var change = new { name = "Nama baru" };

        Assert.Equal("precondition-failed", (await Change("\"7\"", HttpStatusCode.PreconditionFailed)).Value("code"));
        var first = await Change("\"1\"", HttpStatusCode.OK);
        var again = await Change("\"1\"", HttpStatusCode.OK);

        Assert.False(IsReplayed(first));
        Assert.True(IsReplayed(again));
        Assert.Equal(first.Text, again.Text);

        Task<Reply> Change(string version, HttpStatusCode expect)
        {
            var request = Json(HttpMethod.Patch, path, change, "change-1");
            request.Headers.TryAddWithoutValidation("If-Match", version);
            return partner.Send(request, expect);
        }
    }

    [Fact]
    public async Task A_change_without_a_key_is_repeated_by_its_version()
    {
        var partner = await service.NewTenant();
        var product = await partner.Post("/v1/loan-products", InterfaceDescription.Of("defineLoanProduct").RequestExample!.ToJsonString());
        var path = $"/v1/loan-products/{product.Id}";
        var first = await partner.Patch(path, new { name = "Nama baru" }, "\"1\"");
        var before = await service.LastNumber(partner.Tenant);

        var again = await partner.Patch(path, new { name = "Nama baru" }, "\"1\"");

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(before, await service.LastNumber(partner.Tenant));
    }

    [Fact]
    public async Task A_hundred_at_once_take_effect_once()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", Fund);
        await partner.Post("/v1/donors", new { name = "Yayasan Alfa", kind = "ngo" });
        var before = await service.LastNumber(partner.Tenant);

        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ =>
            partner.Post($"/v1/funds/{fund.Id}/contributions", Contribution(), idempotencyKey: "in-1")));

        Assert.Single(replies.Select(reply => reply.Text).Distinct());
        Assert.Single(replies, reply => !IsReplayed(reply));
        Assert.Equal(before + 1, await service.LastNumber(partner.Tenant));
        Assert.Equal("1000000", (await partner.Get($"/v1/funds/{fund.Id}")).Amount("capital"));
    }

    [Fact]
    public async Task A_key_counts_within_one_tenant_and_one_operation()
    {
        var one = await service.NewTenant();
        var other = await service.NewTenant();

        var ofOne = await one.Post("/v1/funds", Fund, idempotencyKey: "k");
        var ofOther = await other.Post("/v1/funds", Fund, idempotencyKey: "k");
        var donor = await one.Post("/v1/donors", new { name = "Yayasan Alfa", kind = "ngo" }, idempotencyKey: "k");

        Assert.NotEqual(ofOne.Id, ofOther.Id);
        Assert.All([ofOne, ofOther, donor], reply => Assert.False(IsReplayed(reply)));
    }

    [Fact]
    public async Task The_same_payment_under_the_same_paper_number_is_recorded_once()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", Fund);
        var path = $"/v1/funds/{fund.Id}/contributions";
        var first = await partner.Post(path, Contribution(receiptNumber: "017"));
        var before = await service.LastNumber(partner.Tenant);

        var again = await partner.Post(path, Contribution(receiptNumber: "017"), HttpStatusCode.OK);
        var other = await partner.PostRefused(path, Contribution(receiptNumber: "017", amount: 2_000_000), "receipt-number-taken");

        Assert.Equal(first.Text, again.Text);
        Assert.Equal("017", other.Value("number"));
        Assert.Equal(before, await service.LastNumber(partner.Tenant));
        await partner.Post(path, Contribution(receiptNumber: "018", amount: 2_000_000));
    }

    [Fact]
    public async Task The_same_thing_under_an_id_of_the_client_is_recorded_once()
    {
        var partner = await service.NewTenant();
        var id = Guid.CreateVersion7();
        var first = await partner.Post("/v1/funds", new { id, code = "DB", name = "Dana bergulir", currency = "IDR" });
        var before = await service.LastNumber(partner.Tenant);

        var again = await partner.Post("/v1/funds", new { id, code = "DB", name = "Dana bergulir", currency = "IDR" }, HttpStatusCode.OK);
        await partner.PostRefused("/v1/funds", new { id, code = "LAIN", name = "Lain", currency = "IDR" }, "id-taken");
        await partner.PostRefused("/v1/donors", new { id, name = "Yayasan Alfa", kind = "ngo" }, "id-taken");
        await partner.PostRefused($"/v1/funds/{id}/contributions", Contribution(id: id), "id-taken");

        Assert.Equal(id, first.Id);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(before, await service.LastNumber(partner.Tenant));
    }

    [Fact]
    public async Task Two_tenants_may_use_the_same_id()
    {
        var id = Guid.CreateVersion7();
        var fund = new { id, code = "DB", name = "Dana bergulir", currency = "IDR" };
        var contributionId = Guid.CreateVersion7();
        foreach (var partner in new[] { await service.NewTenant(), await service.NewTenant() })
        {
            Assert.Equal(id, (await partner.Post("/v1/funds", fund)).Id);
            Assert.Equal(contributionId, (await partner.Post($"/v1/funds/{id}/contributions", Contribution(id: contributionId))).Id);
        }
    }

    private static bool IsReplayed(Reply reply) => reply.Headers.TryGetValues("Idempotent-Replayed", out var values) && values.Single() == "true";

    private static string Contribution(long amount = 1_000_000, string source = "Yayasan Alfa", string? receiptNumber = null, Guid? id = null)
    {
        var body = new JsonObject
        {
            ["amount"] = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(Idr(amount))),
            ["effectiveOn"] = "2026-01-05",
            ["purpose"] = "revolving-capital",
            ["source"] = source,
        };
        if (receiptNumber is not null)
        {
            body["receiptNumber"] = receiptNumber;
        }

        if (id is not null)
        {
            body["id"] = id;
        }

        return body.ToJsonString();
    }
}
