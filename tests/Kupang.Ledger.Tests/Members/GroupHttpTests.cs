using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Kupang.Ledger.Tests.Members;

public sealed class GroupHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_group_is_formed_read_and_found_by_its_members()
    {
        var partner = await service.NewTenant();
        var (maria, yuliana) = (await Member(partner, "Maria"), await Member(partner, "Yuliana"));
        var group = await Melati(partner, maria, yuliana);
        await Melati(partner);

        Assert.Equal(("KL-2026-000001", "Melati", "2026-01-10"), (group.Value("number"), group.Value("name"), group.Value("formedOn")));
        Assert.Equal($"/v1/groups/{group.Id}", group.Headers.Location!.OriginalString);
        Assert.Equal("monday", group["meeting"]["weekday"]!.GetValue<string>());
        var read = await partner.Get($"/v1/groups/{group.Id}");
        Assert.Equal(["chair", "member"], read["members"].AsArray().Select(member => member!["role"]!.GetValue<string>()));
        Assert.Empty((await partner.Get($"/v1/groups/{group.Id}?effectiveOn=2026-01-09"))["members"].AsArray());

        Assert.Single((await partner.Get($"/v1/groups?memberId={maria}"))["items"].AsArray());
        Assert.Equal(2, (await partner.Get($"/v1/members?groupId={group.Id}"))["items"].AsArray().Count);
        Assert.Empty((await partner.Get($"/v1/members?groupId={Guid.CreateVersion7()}"))["items"].AsArray());
        await (await service.NewTenant()).Get($"/v1/groups/{group.Id}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Members_join_and_leave_on_days_of_their_own()
    {
        var partner = await service.NewTenant();
        var (maria, yuliana) = (await Member(partner, "Maria"), await Member(partner, "Yuliana"));
        var path = $"/v1/groups/{(await Melati(partner, maria)).Id}";

        var joined = await partner.Post($"{path}/members", new { memberId = yuliana, role = "treasurer", effectiveOn = "2026-03-01", note = "adik Maria" });
        Assert.Equal("2026-03-01", joined["members"][1]!["joinedOn"]!.GetValue<string>());
        var left = await partner.Post($"{path}/departures", new { memberId = yuliana, effectiveOn = "2026-06-01", reasonCode = "moved" });

        Assert.Single(left["members"].AsArray());
        Assert.Equal("2026-06-01", left["formerMembers"][0]!["leftOn"]!.GetValue<string>());
        Assert.Equal(2, (await partner.Get($"{path}?effectiveOn=2026-05-31"))["members"].AsArray().Count);
        Assert.Empty((await partner.Get($"/v1/groups?memberId={yuliana}"))["items"].AsArray());
        Assert.Single((await partner.Get($"/v1/groups?memberId={yuliana}&effectiveOn=2026-05-31"))["items"].AsArray());
    }

    [Fact]
    public async Task What_a_group_cannot_be_is_refused_with_a_pointer()
    {
        var partner = await service.NewTenant();
        var maria = await Member(partner, "Maria");
        var stranger = Guid.CreateVersion7();
        var foreign = await Member(await service.NewTenant(), "Maria");
        var path = $"/v1/groups/{(await Melati(partner, maria)).Id}";

        Assert.Equal("/members/0/memberId", Pointer(await partner.PostRefused("/v1/groups", Group(stranger), "unknown-member")));
        Assert.Equal("/members/1/memberId", Pointer(await partner.PostRefused("/v1/groups", Group(maria, foreign), "unknown-member")));
        await partner.PostRefused("/v1/groups", Group(maria, maria), "already-in-group");
        await partner.PostRefused("/v1/groups", new { name = "Melati", formedOn = "2026-11-25", members = Array.Empty<object>() }, "in-the-future");
        await partner.PostRefused($"{path}/members", new { memberId = maria }, "already-in-group");
        await partner.PostRefused($"{path}/members", new { memberId = stranger }, "unknown-member");
        await partner.PostRefused($"{path}/members", new { memberId = await Member(partner, "Ana"), role = "chair" }, "role-taken");
        await partner.PostRefused($"{path}/members", new { memberId = await Member(partner, "Ani"), effectiveOn = "2026-01-09" }, "before-group-formed");
        await partner.PostRefused($"{path}/departures", new { memberId = stranger }, "not-in-group");
        await partner.PostRefused($"{path}/departures", new { memberId = maria, effectiveOn = "2026-01-09" }, "before-joining");
        await partner.Post($"/v1/groups/{stranger}/members", new { memberId = maria }, HttpStatusCode.NotFound);
        await partner.PostRefused(
            "/v1/groups",
            new { name = "Melati", formedOn = "2026-01-10", members = Array.Empty<object>(), meeting = new { every = 1, unit = "month", weekday = "monday" } },
            "meeting-not-possible");
    }

    [Fact]
    public async Task An_id_of_another_kind_of_thing_is_nobodys_and_hides_nothing()
    {
        var partner = await service.NewTenant();
        var group = (await Melati(partner)).Id;
        await (await service.Services()).GetRequiredService<Door>().Forget();

        await partner.PostRefused($"/v1/groups/{group}/members", new { memberId = group }, "unknown-member");
        Assert.Equal("/members/0/memberId", Pointer(await partner.PostRefused("/v1/groups", Group(group), "unknown-member")));
        await partner.Post($"/v1/staff/{group}/departures", new { }, HttpStatusCode.NotFound);
        await partner.Get($"/v1/members/{group}", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"name":"Melati","formedOn":"2026-01-10","members":null}""")]
    [InlineData("""{"name":"Melati","formedOn":"2026-01-10","members":[null]}""")]
    [InlineData("""{"name":"Melati","formedOn":"2026-01-10","members":[{"role":"chair"}]}""")]
    [InlineData("""{"name":"Melati","formedOn":"2026-01-10","members":[{"memberId":"00000000-0000-0000-0000-000000000000"}]}""")]
    [InlineData("""{"name":"Melati","formedOn":"2026-13-10","members":[]}""")]
    [InlineData("""{"name":"Melati","formedOn":"2026-01-10","members":[],"meeting":{"every":1}}""")]
    [InlineData("""{"name":"Melati","formedOn":"2026-01-10","members":[],"meeting":{"every":1.5,"unit":"week"}}""")]
    [InlineData("""{"name":"Melati","formedOn":"2026-01-10","members":[],"leader":"Maria"}""")]
    public async Task What_cannot_be_read_is_said(string body) =>
        await (await service.NewTenant()).PostRefused("/v1/groups", body, "malformed-request", HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_change_of_a_group_names_the_version_it_was_decided_on()
    {
        var partner = await service.NewTenant();
        var path = $"/v1/groups/{(await Melati(partner)).Id}";
        var etag = (await partner.Get(path)).Headers.ETag!.Tag;

        var changed = await partner.Patch(path, new { name = "Mawar", meeting = new { every = 1, unit = "month", dayOfMonth = 5 } }, etag);
        Assert.Equal("Mawar", changed.Value("name"));
        Assert.Equal(5, changed["meeting"]["dayOfMonth"]!.GetValue<int>());
        var read = await partner.Get(path);
        Assert.Equal(("Mawar", read.Headers.ETag), (read.Value("name"), changed.Headers.ETag));
        await partner.Patch(path, new { name = "Anggrek" }, etag, HttpStatusCode.PreconditionFailed);
        await partner.Patch(path, new { name = "Anggrek" }, etag: null, (HttpStatusCode)428);
        await partner.Patch(path, new { village = "Oesapa" }, "\"2\"", HttpStatusCode.BadRequest);
        await partner.Patch(path, new { }, "\"2\"", HttpStatusCode.UnprocessableEntity);
    }

    private static async Task<Guid> Member(TenantClient partner, string name) =>
        (await partner.Post("/v1/members", new { name, sex = "female" })).Id;

    private static Task<Reply> Melati(TenantClient partner, params Guid[] members) => partner.Post("/v1/groups", Group(members));

    /// <summary>The first is the chair.</summary>
    private static object Group(params Guid[] members) => new
    {
        name = "Melati",
        village = "Oesapa",
        formedOn = "2026-01-10",
        members = members.Select((memberId, index) => new { memberId, role = index == 0 ? "chair" : "member" }),
        meeting = new { every = 2, unit = "week", weekday = "monday" },
    };

    private static string Pointer(Reply reply) => reply["errors"][0]!["pointer"]!.GetValue<string>();
}
