using System.Net;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Members;

/// <summary>When a person may be erased, and who may see a NIK whole, over HTTP. What an erasure leaves is among the tests of the forgotten person.</summary>
public sealed class MemberRightsHttpTests(LedgerService service)
{
    private const string Nik = "5371015205870001";
    private static readonly object Erasure = new { reasonCode = "own-request" };

    [Fact]
    public async Task What_a_member_owes_is_settled_before_the_member_is_forgotten()
    {
        var book = await LoanBook.Open(service);
        var path = $"/v1/members/{book.MemberId}/erasures";
        var loanId = await book.Propose();
        await book.Partner.PostRefused(path, Erasure, "obligation-open");
        await book.Approve(loanId);
        await book.Disburse(loanId);
        var refused = await book.Partner.PostRefused(path, Erasure, "obligation-open");
        Assert.Equal(("loan", loanId.ToString(), "PJ-2026-000001"), (refused.Value("kind"), refused.Value("id"), refused.Value("number")));

        await book.Repay(loanId, 4_720_000, "2026-02-05");
        await book.Partner.PostRefused(path, Erasure, "retention-running");
        Assert.Equal("Maria", (await book.Partner.Get($"/v1/members/{book.MemberId}")).Value("name"));
    }

    [Fact]
    public async Task A_tenant_that_keeps_nothing_longer_forgets_at_once()
    {
        var book = await LoanBook.Open(service);
        await book.Repay(await book.Lend(), 4_720_000, "2026-02-05");
        await using var owner = await service.OpenOwnerConnection();
        await using var setting = new Npgsql.NpgsqlCommand($"update ledger.tenant set retention_years = 0 where tenant_id = '{book.Partner.Tenant}'", owner);
        await setting.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Equal("[DIHAPUS]", (await book.Partner.Post($"/v1/members/{book.MemberId}/erasures", Erasure)).Value("name"));
    }

    [Fact]
    public async Task A_group_is_left_before_the_member_is_forgotten()
    {
        var partner = await service.NewTenant();
        var memberId = (await partner.Post("/v1/members", new { name = "Maria", sex = "female" })).Id;
        var group = await partner.Post("/v1/groups", new { name = "Melati", formedOn = "2026-01-02", members = new[] { new { memberId } } });
        Assert.Equal("group", (await partner.PostRefused($"/v1/members/{memberId}/erasures", Erasure, "obligation-open")).Value("kind"));

        await partner.Post($"/v1/groups/{group.Id}/departures", new { memberId });

        await partner.Post($"/v1/members/{memberId}/erasures", Erasure);
        var approved = new { memberId = (await partner.Post("/v1/members", new { name = "Ria", sex = "female" })).Id, approvedBy = new[] { new { memberId, role = "chair" } } };
        await partner.PostRefused($"/v1/groups/{group.Id}/members", approved, "unknown-member");
    }

    /// <summary>Both arrive at once, for many members: whichever is first decides, and none is forgotten who has just asked for a loan.</summary>
    [Fact]
    public async Task Nobody_is_forgotten_and_lent_to()
    {
        var book = await LoanBook.Open(service);
        var partner = book.Partner;
        var members = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await partner.Post("/v1/members", new { name = "Ria", sex = "female" })).Id));

        var ends = await Task.WhenAll(members.Select(async memberId => await Task.WhenAll(
            partner.StatusOf(Json(HttpMethod.Post, $"/v1/members/{memberId}/erasures", Erasure, Guid.CreateVersion7().ToString())),
            partner.StatusOf(Json(
                HttpMethod.Post,
                "/v1/loans",
                new { fundId = book.FundId, productId = book.ProductId, memberId, principal = Idr(1_000_000), instalments = 12, purpose = "Modal" },
                Guid.CreateVersion7().ToString())))));

        Assert.All(ends, both => Assert.Equal([HttpStatusCode.Created, HttpStatusCode.UnprocessableEntity], both.Order()));
    }

    [Fact]
    public async Task What_one_node_forgets_no_other_still_knows()
    {
        var partner = await service.NewTenant();
        await using var node = await service.StartNode();
        var elsewhere = node.For(partner);
        var path = $"/v1/members/{(await partner.Post("/v1/members", new { name = "Maria", sex = "female" })).Id}";
        await elsewhere.Patch(path, new { business = "Kios" }, "\"1\"");

        await partner.Post($"{path}/erasures", Erasure);

        Assert.Equal("[DIHAPUS]", (await elsewhere.Get(path)).Value("business"));
        Assert.Equal("member-erased", (await elsewhere.Patch(path, new { business = "Tenun" }, "\"3\"", HttpStatusCode.UnprocessableEntity)).Value("code"));
    }

    [Fact]
    public async Task Another_tenants_member_is_not_there_to_be_forgotten()
    {
        var partner = await service.NewTenant();
        var memberId = (await partner.Post("/v1/members", new { name = "Maria", sex = "female", nik = Nik })).Id;
        var other = await service.NewTenant();

        await other.PostRefused($"/v1/members/{memberId}/erasures", Erasure, "not-found", HttpStatusCode.NotFound);
        await other.PostRefused($"/v1/members/{memberId}/nik-disclosures", new { reasonCode = "credit-check" }, "not-found", HttpStatusCode.NotFound);
        await other.Get($"/v1/members/{memberId}/nik-disclosures", HttpStatusCode.NotFound);
        Assert.Equal("Maria", (await partner.Get($"/v1/members/{memberId}")).Value("name"));
    }

    [Fact]
    public async Task A_nik_is_shown_whole_only_to_who_says_why_and_that_is_on_record()
    {
        var partner = await service.NewTenant();
        var member = await partner.Post("/v1/members", new { name = "Maria", sex = "female", nik = Nik });
        var staff = await partner.Post("/v1/staff", new { name = "Petrus", role = "loan-officer" });
        var path = $"/v1/members/{member.Id}/nik-disclosures";
        await partner.PostRefused(path, new { note = "untuk bank" }, "malformed-request", HttpStatusCode.BadRequest);

        var request = Json(HttpMethod.Post, path, new { reasonCode = "credit-check", note = "untuk bank" }, "show-1");
        request.Headers.Add("Acting-Staff", staff.Id.ToString());
        var shown = await partner.Send(request, HttpStatusCode.Created);

        Assert.Equal((Nik, "credit-check"), (shown.Value("nik"), shown.Value("reasonCode")));
        Assert.Equal("5371••••••••0001", (await partner.Get($"/v1/members/{member.Id}")).Value("nik"));
        var disclosures = await partner.Get(path);
        var disclosure = Assert.Single(disclosures["items"].AsArray())!;
        Assert.Equal(staff.Id, disclosure["actor"]!["staffId"]!.GetValue<Guid>());
        Assert.Equal(("credit-check", "untuk bank"), (disclosure["reasonCode"]!.GetValue<string>(), disclosure["note"]!.GetValue<string>()));
        Assert.DoesNotContain(Nik, disclosures.Text, StringComparison.Ordinal);
        var fact = (await partner.Get("/v1/events?limit=200"))["items"].AsArray()[^1]!;
        Assert.Equal("nik_disclosed", fact["type"]!.GetValue<string>());
        Assert.DoesNotContain(Nik, fact.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disclosures_are_listed_page_by_page()
    {
        var partner = await service.NewTenant();
        var path = $"/v1/members/{(await partner.Post("/v1/members", new { name = "Maria", sex = "female", nik = Nik })).Id}/nik-disclosures";
        foreach (var reasonCode in new[] { "first", "second", "third" })
        {
            await partner.Post(path, new { reasonCode });
        }

        var page = await partner.Get($"{path}?limit=2");
        var rest = await partner.Get(page.Value("next"));

        Assert.Equal(
            ["first", "second", "third"],
            page["items"].AsArray().Concat(rest["items"].AsArray()).Select(item => item!["reasonCode"]!.GetValue<string>()));
        Assert.Null(rest.Body["next"]);
    }

    [Fact]
    public async Task A_nik_that_was_never_given_is_not_shown()
    {
        var partner = await service.NewTenant();
        var memberId = (await partner.Post("/v1/members", new { name = "Maria", sex = "female" })).Id;

        await partner.PostRefused($"/v1/members/{memberId}/nik-disclosures", new { reasonCode = "credit-check" }, "nik-not-known");
    }

    [Fact]
    public async Task An_external_id_does_not_hold_the_nik() => Assert.Equal(
        "/externalId",
        (await (await service.NewTenant()).PostRefused(
            "/v1/members", new { name = "Maria", sex = "female", nik = Nik, externalId = $"ktp-{Nik}" }, "malformed-request", HttpStatusCode.BadRequest))["errors"][0]!["pointer"]!
        .GetValue<string>());

    [Fact]
    public async Task What_a_loan_is_for_is_said_in_clear_only_as_a_code()
    {
        var book = await LoanBook.Open(service);
        object Proposal(string purposeCode) => new
        {
            fundId = book.FundId,
            productId = book.ProductId,
            memberId = book.MemberId,
            principal = Idr(1_000_000),
            instalments = 12,
            purpose = "Untuk anak Maria",
            purposeCode,
        };

        var refused = await book.Partner.PostRefused("/v1/loans", Proposal("untuk anak Maria"), "malformed-request", HttpStatusCode.BadRequest);
        Assert.Equal("/purposeCode", refused["errors"][0]!["pointer"]!.GetValue<string>());
        await book.Partner.Post("/v1/loans", Proposal("school-fees"));
    }

    /// <summary>What can't be kept is refused, whatever slice it comes through, and not recorded without its words.</summary>
    [Fact]
    public async Task A_note_about_somebody_who_was_forgotten_is_refused()
    {
        var partner = await service.NewTenant();
        var member = await partner.Post("/v1/members", new { name = "Maria", sex = "female" });
        await partner.Post($"/v1/members/{member.Id}/erasures", Erasure);

        var outcome = await (await service.Services()).GetRequiredService<Door>().Enter(new WriteRequest
        {
            Tenant = partner.Tenant,
            Operation = "test",
            IdempotencyKey = "note",
            Fingerprint = [],
            Actor = new Actor(new ApiKeyId(Guid.CreateVersion7())),
            Envelope = new EnvelopeParts { Note = "pindah", NoteAbout = _ => member.Id },
            Needs = _ => [Need.Of<Member>(member.Id)],
            Decide = (_, moment) => Decision.Record(new NewFact(member.Id, new MemberAmended(new MemberId(member.Id), Sector: Sector.Trade), BookDay.Open(moment.Today))),
            Answer = (_, _) => new Answer(201, new { }),
        });

        Assert.Equal(("member-erased", "/note"), (Assert.IsType<Outcome.Refused>(outcome).Refusal.Code, ((Outcome.Refused)outcome).Refusal.Pointer));
    }
}
