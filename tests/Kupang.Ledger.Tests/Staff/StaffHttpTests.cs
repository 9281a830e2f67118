using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Staff;

public sealed class StaffHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_person_of_the_staff_is_registered_read_and_listed()
    {
        var partner = await service.NewTenant();
        var staff = await partner.Post("/v1/staff", new { name = "Petrus", role = "loan-officer", externalId = "p-1" });

        Assert.Equal($"/v1/staff/{staff.Id}", staff.Headers.Location!.OriginalString);
        Assert.Equal("PT-2026-000001", staff.Value("number"));
        Assert.Equal("Petrus", (await partner.Get($"/v1/staff/{staff.Id}")).Value("name"));
        Assert.Equal("Petrus", (await partner.Get("/v1/staff?externalId=p-1"))["items"][0]!["name"]!.GetValue<string>());
        await (await service.NewTenant()).Get($"/v1/staff/{staff.Id}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Whoever_left_no_longer_acts_nor_handles_cash_nor_approves()
    {
        var partner = await service.NewTenant();
        var fund = await Fund(partner);
        var staff = (await partner.Post("/v1/staff", new { name = "Petrus", role = "loan-officer" })).Id;
        await partner.Send(As(staff, fund, Contribution()), HttpStatusCode.Created);
        await partner.Post(fund, Contribution(handledBy: staff));

        var departed = await partner.Post($"/v1/staff/{staff}/departures", new { effectiveOn = "2026-11-20", reasonCode = "resigned" });
        Assert.Equal("2026-11-20", departed.Value("departedOn"));

        Assert.Equal("unknown-staff", (await partner.Send(As(staff, fund, Contribution()), HttpStatusCode.UnprocessableEntity)).Value("code"));
        await partner.PostRefused(fund, Contribution(handledBy: staff), "unknown-staff");
        await partner.PostRefused(fund, Contribution(approver: new { role = "manager", staffId = staff }), "unknown-staff");
        var again = await partner.Post($"/v1/staff/{staff}/departures", new { }, HttpStatusCode.UnprocessableEntity, "again");
        Assert.Equal("already-departed", again.Value("code"));
        var replayed = await partner.Post($"/v1/staff/{staff}/departures", new { }, HttpStatusCode.UnprocessableEntity, "again");
        Assert.Equal((again.Value("code"), again.Value("detail")), (replayed.Value("code"), replayed.Value("detail")));
    }

    [Fact]
    public async Task Nobody_unknown_acts_handles_cash_or_approves()
    {
        var partner = await service.NewTenant();
        var fund = await Fund(partner);
        var stranger = Guid.CreateVersion7();

        var acting = await partner.Send(As(stranger, fund, Contribution()), HttpStatusCode.UnprocessableEntity);
        Assert.Equal(("unknown-staff", "/Acting-Staff"), (acting.Value("code"), Pointer(acting)));
        Assert.Equal("/handledBy", Pointer(await partner.PostRefused(fund, Contribution(handledBy: stranger), "unknown-staff")));
        Assert.Equal(
            "/approvedBy/0/staffId",
            Pointer(await partner.PostRefused(fund, Contribution(approver: new { role = "manager", staffId = stranger }), "unknown-staff")));
        Assert.Equal(
            "/approvedBy/0/memberId",
            Pointer(await partner.PostRefused(fund, Contribution(approver: new { role = "chair", memberId = stranger }), "unknown-member")));
        Assert.Equal("0", (await partner.Get(fund.Replace("/contributions", "", StringComparison.Ordinal))).Amount("capital"));
    }

    [Fact]
    public async Task The_maker_does_not_approve()
    {
        var partner = await service.NewTenant();
        var fund = await Fund(partner);
        var maker = (await partner.Post("/v1/staff", new { name = "Petrus", role = "loan-officer" })).Id;
        var manager = (await partner.Post("/v1/staff", new { name = "Ana", role = "manager" })).Id;

        var refused = await partner.Send(
            As(maker, fund, Contribution(approver: new { role = "manager", staffId = maker })), HttpStatusCode.UnprocessableEntity);
        Assert.Equal("same-person", refused.Value("code"));
        await partner.Send(As(maker, fund, Contribution(approver: new { role = "manager", staffId = manager })), HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_member_may_approve_and_something_that_is_no_member_may_not()
    {
        var partner = await service.NewTenant();
        var fund = await Fund(partner);
        var fundId = fund.Split('/')[3];
        var member = (await partner.Post("/v1/members", new { name = "Maria", sex = "female" })).Id;

        await partner.Post(fund, Contribution(approver: new { role = "chair", memberId = member }));
        await partner.PostRefused(fund, Contribution(approver: new { role = "chair", memberId = fundId }), "unknown-member");
        await (await service.Services()).GetRequiredService<Door>().Forget();
        await partner.PostRefused(fund, Contribution(approver: new { role = "chair", memberId = fundId }), "unknown-member");
        await (await service.Services()).GetRequiredService<Door>().Forget();
        await partner.PostRefused(fund, Contribution(handledBy: member), "unknown-staff");
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_with_a_pointer()
    {
        var partner = await service.NewTenant();
        var staff = (await partner.Post("/v1/staff", new { name = "Petrus", role = "loan-officer" })).Id;

        Assert.Equal("/reasonCode", Pointer(await partner.PostRefused(
            $"/v1/staff/{staff}/departures", new { reasonCode = "Petrus moved to Soe" }, "malformed-request", HttpStatusCode.BadRequest)));
        Assert.Equal("/approvedBy/0", Pointer(await partner.PostRefused(
            $"/v1/staff/{staff}/departures", """{"approvedBy":[null]}""", "malformed-request", HttpStatusCode.BadRequest)));
        await partner.PostRefused("/v1/staff", new { name = "Petrus" }, "malformed-request", HttpStatusCode.BadRequest);
        await partner.Post($"/v1/staff/{Guid.CreateVersion7()}/departures", new { }, HttpStatusCode.NotFound);
    }

    private static async Task<string> Fund(TenantClient partner) =>
        $"/v1/funds/{(await partner.Post("/v1/funds", new { code = "DB", name = "Dana bergulir", currency = "IDR" })).Id}/contributions";

    private static object Contribution(Guid? handledBy = null, object? approver = null)
    {
        Dictionary<string, object> body = new()
        {
            ["amount"] = Idr(1_000_000),
            ["purpose"] = "revolving-capital",
            ["source"] = "Yayasan Alfa",
        };
        if (handledBy is { } handler)
        {
            body["handledBy"] = handler;
        }

        if (approver is not null)
        {
            body["approvedBy"] = new[] { approver };
        }

        return body;
    }

    [Fact]
    public async Task What_a_phone_says_of_itself_is_kept_with_the_fact()
    {
        var book = await LoanBook.Open(service);
        var loanId = await book.Lend();

        await book.Partner.Send(Payment(("Device-Id", "hp-07"), ("Device-Sequence", "118"), ("Captured-At", "2026-02-05T09:30:00+08:00")), HttpStatusCode.Created);

        var actor = (await book.Partner.Get($"/v1/loans/{loanId}/transactions"))["items"].AsArray()[^1]!["actor"]!;
        Assert.Equal("hp-07", actor["deviceId"]!.GetValue<string>());
        Assert.Equal(118, actor["deviceSequence"]!.GetValue<long>());
        Assert.Equal(new DateTimeOffset(2026, 2, 5, 1, 30, 0, TimeSpan.Zero), actor["capturedAt"]!.GetValue<DateTimeOffset>());
        foreach (var wrong in new[] { ("Captured-At", "2026-02-05T09:30:00"), ("Captured-At", "kemarin"), ("Device-Sequence", "-1"), ("Device-Sequence", "1.5") })
        {
            await book.Partner.Send(Payment(("Device-Id", "hp-07"), wrong), HttpStatusCode.BadRequest);
        }

        HttpRequestMessage Payment(params (string Name, string Value)[] headers)
        {
            var request = Json(
                HttpMethod.Post,
                $"/v1/loans/{loanId}/repayments",
                new { amount = Idr(394_000), effectiveOn = "2026-02-05", method = "cash" },
                Guid.CreateVersion7().ToString());
            foreach (var (name, value) in headers)
            {
                request.Headers.Add(name, value);
            }

            return request;
        }
    }

    private static HttpRequestMessage As(Guid staffId, string path, object body)
    {
        var request = Json(HttpMethod.Post, path, body, Guid.CreateVersion7().ToString());
        request.Headers.Add("Acting-Staff", staffId.ToString());
        return request;
    }

    private static string Pointer(Reply reply) => reply["errors"][0]!["pointer"]!.GetValue<string>();
}
