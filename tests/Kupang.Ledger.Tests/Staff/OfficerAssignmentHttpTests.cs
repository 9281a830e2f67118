using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Staff;

/// <summary>Who of the staff looks after a group or a loan, as of any day and as it was known at any time.</summary>
public sealed class OfficerAssignmentHttpTests(LedgerService service)
{
    [Fact]
    public async Task A_group_has_an_officer_from_the_day_of_the_assignment_until_the_next()
    {
        var book = await LoanBook.Open(service);
        var (petrus, ana) = (await Staff(book, "Petrus"), await Staff(book, "Ana"));
        var group = await Group(book);

        var assigned = await Assign(book, group, petrus, "2026-02-01");
        await Assign(book, group, ana, "2026-05-01");

        Assert.Equal(petrus, await OfficerOf(book, $"{group}?effectiveOn=2026-04-30"));
        Assert.Equal(ana, await OfficerOf(book, group));
        Assert.Null(await OfficerOf(book, $"{group}?effectiveOn=2026-01-31"));
        Assert.Equal(petrus, await OfficerOf(book, $"{group}?knownAtSequence={assigned["asOfSequence"]}"));
    }

    /// <summary>A change of March that becomes known in November holds until the change of May, which was known before it.</summary>
    [Fact]
    public async Task An_assignment_that_becomes_known_late_holds_until_the_next_one_by_day()
    {
        var book = await LoanBook.Open(service);
        var (petrus, ana, maya) = (await Staff(book, "Petrus"), await Staff(book, "Ana"), await Staff(book, "Maya"));
        var loan = $"/v1/loans/{await book.Lend()}";
        await Assign(book, loan, petrus, "2026-02-01");
        await Assign(book, loan, ana, "2026-05-01");

        await Assign(book, loan, maya, "2026-03-01");

        Assert.Equal(
            [petrus, maya, ana],
            [await OfficerOf(book, $"{loan}?effectiveOn=2026-02-28"), await OfficerOf(book, $"{loan}?effectiveOn=2026-03-01"), await OfficerOf(book, loan)]);
        Assert.Null(await OfficerOf(book, $"{loan}?effectiveOn=2026-01-31"));
        var rows = (await book.Partner.Get($"{loan}/transactions"))["items"].AsArray();
        Assert.Equal(3, rows.Count(row => row!["type"]!.GetValue<string>() == "officer-assignment"));
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
    }

    [Fact]
    public async Task A_loan_is_proposed_under_the_officer_who_looked_after_the_group_on_that_day()
    {
        var book = await LoanBook.Open(service);
        var (petrus, ana) = (await Staff(book, "Petrus"), await Staff(book, "Ana"));
        var group = await Group(book);
        await Assign(book, group, petrus, "2026-02-01");
        await Assign(book, group, ana, "2026-05-01");

        var april = await Propose("2026-04-20");
        Assert.Equal((petrus, petrus), (Profile(april), Officer(april)));
        Assert.Equal(ana, Profile(await Propose("2026-05-01")));
        Assert.Equal(petrus, Profile(await Propose("2026-05-01", petrus)));
        Assert.Null(Profile(await Propose("2026-01-20")));

        // The profile stays what it was; who looks after the loan now is another question.
        await Assign(book, $"/v1/loans/{april.Id}", ana, "2026-06-01");
        var read = await book.Partner.Get($"/v1/loans/{april.Id}");
        Assert.Equal((petrus, ana), (Profile(read), Officer(read)));

        // Whoever has left is nobody's officer any more.
        await book.Partner.Post($"/v1/staff/{ana}/departures", new { effectiveOn = "2026-11-01" });
        Assert.Null(Profile(await Propose("2026-11-20")));

        Task<Reply> Propose(string proposedOn, Guid? officerId = null) => book.Partner.Post("/v1/loans", new
        {
            fundId = book.FundId,
            productId = book.ProductId,
            memberId = book.MemberId,
            groupId = Guid.Parse(group[^36..]),
            principal = Idr(1_000_000),
            instalments = 12,
            purpose = "Modal kios",
            proposedOn,
            officerId,
        });
    }

    [Fact]
    public async Task The_same_officer_again_is_known_already_and_writes_nothing()
    {
        var book = await LoanBook.Open(service);
        var petrus = await Staff(book, "Petrus");
        var (group, loan) = (await Group(book), $"/v1/loans/{await book.Lend()}");
        await Assign(book, group, petrus, "2026-02-01");
        await Assign(book, loan, petrus, "2026-02-01");
        var last = await service.LastNumber(book.Partner.Tenant);

        foreach (var path in new[] { group, loan })
        {
            var again = await Assign(book, path, petrus, "2026-03-01", HttpStatusCode.OK);
            Assert.Equal(petrus, Officer(again));
        }

        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));
    }

    [Fact]
    public async Task Nobody_unknown_or_gone_is_assigned_nor_before_there_is_anything_to_look_after()
    {
        var book = await LoanBook.Open(service);
        var (petrus, gone) = (await Staff(book, "Petrus"), await Staff(book, "Ana"));
        await book.Partner.Post($"/v1/staff/{gone}/departures", new { });
        var foreign = await Staff(await LoanBook.Open(service), "Petrus");
        var (group, loan) = (await Group(book), $"/v1/loans/{await book.Lend()}");
        var last = await service.LastNumber(book.Partner.Tenant);

        foreach (var path in new[] { group, loan })
        {
            foreach (var staffId in new[] { gone, foreign, book.MemberId, Guid.CreateVersion7() })
            {
                await Refused(path, staffId, "2026-03-01", "unknown-staff");
            }

            await Refused(path, petrus, "2026-11-25", "in-the-future");
        }

        await Refused(group, petrus, "2026-01-09", "before-group-formed");
        await Refused(loan, petrus, "2026-01-02", "before-proposal");
        foreach (var nothing in new[] { $"/v1/groups/{Guid.CreateVersion7()}", $"/v1/loans/{Guid.CreateVersion7()}" })
        {
            await Assign(book, nothing, petrus, "2026-03-01", HttpStatusCode.NotFound);
        }

        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));

        Task<Reply> Refused(string path, Guid staffId, string effectiveOn, string code) =>
            book.Partner.PostRefused($"{path}/officer-assignments", new { staffId, effectiveOn }, code);
    }

    private static Task<Reply> Assign(LoanBook book, string path, Guid staffId, string effectiveOn, HttpStatusCode expect = HttpStatusCode.Created) =>
        book.Partner.Post($"{path}/officer-assignments", new { staffId, effectiveOn }, expect);

    private static async Task<Guid> Staff(LoanBook book, string name) => (await book.Partner.Post("/v1/staff", new { name, role = "loan-officer" })).Id;

    private static async Task<string> Group(LoanBook book)
    {
        var members = new[] { new { memberId = book.MemberId, role = "chair" } };
        return $"/v1/groups/{(await book.Partner.Post("/v1/groups", new { name = "Melati", formedOn = "2026-01-10", members })).Id}";
    }

    private static async Task<Guid?> OfficerOf(LoanBook book, string path) => Officer(await book.Partner.Get(path));

    private static Guid? Officer(Reply thing) => thing.Body["officerId"]?.GetValue<Guid>();

    private static Guid? Profile(Reply loan) => loan["profile"]["officerId"]?.GetValue<Guid>();
}
