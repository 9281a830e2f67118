using System.Net;
using Kupang.Ledger.Calendars;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>
/// Loans and the tenant's calendar. A loan of 5 October 2026 is due on Thursday 5 November, Saturday 5 December, Tuesday 5
/// January 2027 …, and Sunday 5 September, which is Monday the 6th. The business day is Tuesday 24 November 2026.
/// </summary>
public sealed class LoanCalendarHttpTests(LedgerService service)
{
    private const string AreaOfMaria = "5371031001";

    [Fact]
    public async Task A_disbursement_follows_the_week_and_the_holidays_known_then()
    {
        var book = await Open("next-working-day");
        await book.Partner.Post("/v1/working-days", new { workingDays = (string[])["monday", "tuesday", "wednesday", "thursday", "friday"] });
        await book.Partner.Post("/v1/holidays", Table("2027-01-05", "2027-02-05"));

        var disbursed = await Lend(book);

        Assert.Equal(["2026-11-05", "2026-12-05", "2027-01-05", "2027-02-05"], Days(disbursed, "contractDueOn").Take(4));

        // 5 December is a Saturday, which they no longer work; 5 February 2027 a Friday.
        Assert.Equal(["2026-11-05", "2026-12-07", "2027-01-06", "2027-02-08"], Days(disbursed, "dueOn").Take(4));
    }

    [Fact]
    public async Task A_holiday_of_an_area_moves_the_loans_of_who_lives_there()
    {
        var book = await Open("next-working-day");
        await book.Partner.Post("/v1/holidays", TableOf("2027-01-05", areaCode: "5371"));
        await book.Partner.Post("/v1/holidays", TableOf("2027-03-05", areaCode: "5301"));

        Assert.Equal("2027-01-06", Days(await Lend(book), "dueOn")[2]);
        Assert.Equal("2027-03-05", Days(await Lend(book), "dueOn")[4]);
    }

    [Fact]
    public async Task A_holiday_known_later_moves_only_what_is_ahead_and_what_was_known_stays_known()
    {
        var book = await Open("next-working-day");
        var loanId = await LoanOf(book);
        var before = await service.LastNumber(book.Partner.Tenant);

        await book.Partner.Post("/v1/holidays", Table("2026-11-05", "2026-12-05", "2027-01-05"), idempotencyKey: "libur");

        var now = await book.Partner.Get($"/v1/loans/{loanId}/schedule");
        Assert.Equal(["2026-11-05", "2026-12-07", "2027-01-06", "2027-02-05"], Days(now, "dueOn").Take(4));
        Assert.Equal("2026-12-05", Days(now, "contractDueOn")[1]);
        Assert.Equal(
            ["2026-11-05", "2026-12-05", "2027-01-05", "2027-02-05"],
            Days(await book.Partner.Get($"/v1/loans/{loanId}/schedule?knownAtSequence={before}"), "dueOn").Take(4));
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);

        // The same request again, and the same table under another key: nothing is doubled.
        var number = await service.LastNumber(book.Partner.Tenant);
        Assert.Equal(before + 2, number);
        await book.Partner.Post("/v1/holidays", Table("2026-11-05", "2026-12-05", "2027-01-05"), idempotencyKey: "libur");
        await book.Partner.Post("/v1/holidays", Table("2026-11-05", "2026-12-05", "2027-01-05"), HttpStatusCode.OK);
        Assert.Equal(number, await service.LastNumber(book.Partner.Tenant));
    }

    [Fact]
    public async Task What_is_held_for_a_due_date_is_applied_on_the_day_it_moved_to()
    {
        var book = await Open("next-working-day", "hold");
        var loanId = await LoanOf(book);
        await book.Repay(loanId, 500_000, "2026-11-05");
        var before = await service.LastNumber(book.Partner.Tenant);

        await book.Partner.Post("/v1/holidays", Table("2026-12-05"));

        // 106,000 were held for Saturday 5 December: 60,000 of interest and 46,000 of principal.
        LoanBook.AssertAmount("3666000", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-12-05"), "outstanding", "principal");
        LoanBook.AssertAmount("3620000", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-12-07"), "outstanding", "principal");
        LoanBook.AssertAmount("3620000", await book.Partner.Get($"/v1/loans/{loanId}?effectiveOn=2026-12-05&knownAtSequence={before}"), "outstanding", "principal");
        Assert.Null((await service.CheckBooks(book.Partner.Tenant)).Difference);
        var types = (await book.Partner.Get($"/v1/loans/{loanId}/transactions"))["items"].AsArray().Select(row => row!["type"]!.GetValue<string>());
        Assert.Equal(["due-dates-move", "reallocation"], types.TakeLast(2));
    }

    /// <summary>The service stopped after the fact of the table and before any loan followed; whoever sends the table again finishes it.</summary>
    [Fact]
    public async Task The_table_sent_again_finishes_what_was_interrupted()
    {
        var book = await Open("next-working-day");
        var loans = new[] { await LoanOf(book), await LoanOf(book) };
        await RecordOnly(book.Partner.Tenant, new HolidaysImported(
            new TransactionId(Guid.CreateVersion7()), [new Holiday(new DateOnly(2026, 12, 5), "Libur 2026-12-05")]));
        Assert.All(await DecemberOf(), due => Assert.Equal("2026-12-05", due));

        await book.Partner.Post("/v1/holidays", Table("2026-12-05"), HttpStatusCode.OK);

        Assert.All(await DecemberOf(), due => Assert.Equal("2026-12-07", due));

        async Task<string[]> DecemberOf() => await Task.WhenAll(
            loans.Select(async loanId => Days(await book.Partner.Get($"/v1/loans/{loanId}/schedule"), "dueOn")[1]));
    }

    [Fact]
    public async Task A_working_day_given_up_and_a_holiday_taken_back_move_what_is_ahead()
    {
        var book = await Open("next-working-day");
        var loanId = await LoanOf(book);
        await book.Partner.Post("/v1/holidays", Table("2027-01-05"));

        await book.Partner.Post("/v1/working-days", new { workingDays = (string[])["monday", "tuesday", "wednesday", "thursday", "friday"] });
        Assert.Equal(["2026-12-07", "2027-01-06"], Days(await book.Partner.Get($"/v1/loans/{loanId}/schedule"), "dueOn")[1..3]);
        await book.Partner.Post("/v1/holiday-removals", new { dates = (string[])["2027-01-05"] });
        Assert.Equal(["2026-12-07", "2027-01-05"], Days(await book.Partner.Get($"/v1/loans/{loanId}/schedule"), "dueOn")[1..3]);
    }

    [Fact]
    public async Task More_loans_than_are_looked_at_at_once_follow_and_those_that_keep_their_days_do_not()
    {
        var book = await Open("next-working-day");
        var last = Guid.Empty;
        for (var proposals = 0; proposals < 205; proposals++)
        {
            last = await book.Propose(1_000_000, "2026-10-01");
        }

        await book.Approve(last, effectiveOn: "2026-10-02");
        await book.Disburse(last, "2026-10-05");
        var before = await service.LastNumber(book.Partner.Tenant);
        await book.Partner.Post("/v1/holidays", Table("2026-12-05"));

        Assert.Equal("2026-12-07", Days(await book.Partner.Get($"/v1/loans/{last}/schedule"), "dueOn")[1]);
        Assert.Equal(before + 2, await service.LastNumber(book.Partner.Tenant));
    }

    [Fact]
    public async Task A_loan_follows_the_meetings_of_its_group()
    {
        var book = await Open("next-meeting");
        var group = await Group(book, new { every = 1, unit = "month", weekday = "wednesday", weekOfMonth = 2 });
        await book.Partner.Post("/v1/holidays", Table("2026-11-05", "2027-01-05"));

        var disbursed = await Lend(book, group);

        // Holidays on the 5th wait for the second Wednesday: 11 November 2026, 13 January 2027; the Sunday of September for the 8th.
        Assert.Equal(["2026-11-11", "2026-12-05", "2027-01-13"], Days(disbursed, "dueOn").Take(3));
        Assert.Equal("2027-09-08", Days(disbursed, "dueOn")[10]);
    }

    [Fact]
    public async Task Without_a_group_or_its_meeting_day_nothing_can_follow_it()
    {
        var book = await Open("next-meeting");
        var refused = await book.Partner.PostRefused("/v1/loans", Proposal(book, groupId: null), "loan-without-group");
        Assert.Equal("/groupId", refused["errors"][0]!["pointer"]!.GetValue<string>());
        foreach (var meeting in (object?[])[null, new { every = 2, unit = "week", weekday = "monday" }, new { every = 1, unit = "month" }])
        {
            var group = await Group(book, meeting);
            var loanId = (await book.Partner.Post("/v1/loans", Proposal(book, group))).Id;
            await book.Approve(loanId, effectiveOn: "2026-10-02");
            await book.Partner.PostRefused(
                $"/v1/loans/{loanId}/disbursements", new { effectiveOn = "2026-10-05", method = "bank" }, "group-without-meeting-day");

            // As soon as it is known when they meet, the money goes out.
            await book.Partner.Patch($"/v1/groups/{group}", new { meeting = new { every = 1, unit = "week", weekday = "monday" } }, "\"1\"");
            await book.Disburse(loanId, "2026-10-05");
        }
    }

    [Fact]
    public async Task A_preview_follows_the_tenants_calendar_where_it_names_none()
    {
        var book = await Open("next-working-day");
        await book.Partner.Post("/v1/holidays", Table("2026-11-05"));
        await book.Partner.Post("/v1/holidays", TableOf("2026-12-07", areaCode: "53"));
        await book.Partner.Post("/v1/working-days", new { workingDays = (string[])["monday", "tuesday", "wednesday", "thursday", "friday"] });

        Assert.Equal(["2026-11-06", "2026-12-07"], await Preview(null));
        Assert.Equal(["2026-11-05", "2026-12-07"], await Preview(new { holidays = Array.Empty<string>() }));
        Assert.Equal(["2026-11-06", "2026-12-05"], await Preview(new { workingDays = (string[])["thursday", "friday", "saturday"] }));

        async Task<IEnumerable<string>> Preview(object? calendar) => Days(
            await book.Partner.Post(
                "/v1/loan-schedules",
                new { productId = book.ProductId, principal = Idr(4_000_000), instalments = 12, disbursedOn = "2026-10-05", calendar = calendar ?? new { } },
                HttpStatusCode.OK),
            "dueOn").Take(2);
    }

    private async Task<LoanBook> Open(string holidays, string advance = "next-instalment")
    {
        var book = await LoanBook.Open(service, advance: advance);
        await book.Partner.Patch($"/v1/loan-products/{book.ProductId}", new { holidays }, "\"1\"");
        await book.Partner.Patch($"/v1/members/{book.MemberId}", new { address = new { areaCode = AreaOfMaria } }, "\"1\"");
        return book;
    }

    private static object Table(params string[] days) => new { holidays = days.Select(date => new { date, name = $"Libur {date}" }) };

    private static object TableOf(string day, string areaCode) => new { areaCode, holidays = new[] { new { date = day, name = $"Libur {day}" } } };

    private static Dictionary<string, object> Proposal(LoanBook book, Guid? groupId)
    {
        Dictionary<string, object> proposal = new()
        {
            ["fundId"] = book.FundId,
            ["productId"] = book.ProductId,
            ["memberId"] = book.MemberId,
            ["principal"] = Idr(4_000_000),
            ["instalments"] = 12,
            ["purpose"] = "Modal kios",
            ["proposedOn"] = "2026-10-01",
        };
        if (groupId is { } group)
        {
            proposal["groupId"] = group;
        }

        return proposal;
    }

    private static async Task<Reply> Lend(LoanBook book, Guid? groupId = null)
    {
        var loanId = (await book.Partner.Post("/v1/loans", Proposal(book, groupId))).Id;
        await book.Approve(loanId, effectiveOn: "2026-10-02");
        return await book.Disburse(loanId, "2026-10-05");
    }

    private static async Task<Guid> LoanOf(LoanBook book) => Guid.Parse((await Lend(book)).Value("loanId"));

    private static async Task<Guid> Group(LoanBook book, object? meeting)
    {
        var members = new[] { new { memberId = book.MemberId, role = "chair" } };
        return (await book.Partner.Post("/v1/groups", meeting is null
            ? new { name = "Melati", formedOn = "2026-01-10", members }
            : (object)new { name = "Melati", formedOn = "2026-01-10", members, meeting })).Id;
    }

    private static string[] Days(Reply reply, string member) => [.. reply["instalments"].AsArray().Select(row => row![member]!.GetValue<string>())];

    /// <summary>The fact alone, as it stands when the service stops right after it.</summary>
    private async Task RecordOnly(string tenant, HolidaysImported fact)
    {
        var outcome = await (await service.Services()).GetRequiredService<Door>().Enter(new WriteRequest
        {
            Tenant = tenant,
            Operation = "importHolidays",
            IdempotencyKey = Guid.CreateVersion7().ToString(),
            Fingerprint = [1],
            Actor = new Actor(new ApiKeyId(Guid.CreateVersion7())),
            Needs = _ => [Need.Of<TenantCalendar>(TenantCalendar.StreamId)],
            Decide = (_, moment) => Decision.Record(new NewFact(TenantCalendar.StreamId, fact, BookDay.Open(moment.Today), EventOf: fact.ImportId.Value)),
            Answer = (_, _) => new Answer(201, new { }),
        });
        Assert.IsType<Outcome.Answered>(outcome);
    }
}
