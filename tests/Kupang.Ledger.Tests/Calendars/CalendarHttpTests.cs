using System.Net;
using System.Text;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;

namespace Kupang.Ledger.Tests.Calendars;

/// <summary>A tenant's working days and holidays, as the office keeps them. The business day is 24 November 2026.</summary>
public sealed class CalendarHttpTests(LedgerService service)
{
    private static readonly object Nyepi = new { date = "2026-03-19", name = "Hari Suci Nyepi" };
    private static readonly object GoodFriday = new { date = "2026-04-03", name = "Jumat Agung" };

    [Fact]
    public async Task Who_has_decided_nothing_works_from_Monday_to_Saturday_without_holidays()
    {
        var partner = await service.NewTenant();

        Assert.Equal(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"], Texts(await partner.Get("/v1/working-days"), "workingDays"));
        Assert.Empty((await partner.Get("/v1/holidays"))["holidays"].AsArray());
    }

    [Fact]
    public async Task Working_days_count_from_the_day_they_were_decided_on()
    {
        var partner = await service.NewTenant();
        var set = await partner.Post("/v1/working-days", new { workingDays = Days("friday", "monday"), effectiveOn = "2026-11-02", decisionReference = "SK-1" });

        Assert.Equal(["monday", "friday"], Texts(set, "workingDays"));
        Assert.Equal(6, Texts(await partner.Get("/v1/working-days?effectiveOn=2026-11-01"), "workingDays").Length);
        Assert.Equal(2, Texts(await partner.Get("/v1/working-days?effectiveOn=2026-11-02"), "workingDays").Length);
        var number = await service.LastNumber(partner.Tenant);
        Assert.Equal(6, Texts(await partner.Get($"/v1/working-days?knownAtSequence={number - 1}"), "workingDays").Length);
        await partner.Post("/v1/working-days", new { workingDays = Days("monday", "friday") }, HttpStatusCode.OK);
        Assert.Equal(number, await service.LastNumber(partner.Tenant));
    }

    [Theory]
    [InlineData("""{"workingDays":[]}""", "working-days-not-possible")]
    [InlineData("""{"workingDays":["monday","monday"]}""", "working-days-not-possible")]
    [InlineData("""{"workingDays":["monday"],"effectiveOn":"2026-11-25"}""", "in-the-future")]
    public async Task Working_days_that_can_not_be_are_refused(string body, string code) =>
        await (await service.NewTenant()).PostRefused("/v1/working-days", body, code);

    [Fact]
    public async Task A_table_is_kept_for_everywhere_and_for_each_area_that_has_its_own()
    {
        var partner = await service.NewTenant();
        await partner.Post("/v1/holidays", new { year = 2026, holidays = new[] { GoodFriday, Nyepi }, decisionReference = "SKB" });
        await partner.Post("/v1/holidays", new { areaCode = "5371", holidays = new[] { new { date = "2026-04-25", name = "HUT Kota Kupang" } } });

        Assert.Equal(["2026-03-19", "2026-04-03", "2026-04-25"], Dates(await partner.Get("/v1/holidays?from=2026-01-01&to=2026-12-31")));
        Assert.Equal(["2026-03-19", "2026-04-03", "2026-04-25"], Dates(await partner.Get("/v1/holidays?areaCode=5371031001")));
        Assert.Equal(["2026-03-19", "2026-04-03"], Dates(await partner.Get("/v1/holidays?areaCode=5301")));
        Assert.Equal(["2026-04-03", "2026-04-25"], Dates(await partner.Get("/v1/holidays?from=2026-04-01&to=2026-04-30")));
        Assert.Empty(Dates(await partner.Get("/v1/holidays?from=2027-01-01")));
        Assert.Empty(Dates(await (await service.NewTenant()).Get("/v1/holidays")));
    }

    [Fact]
    public async Task A_holiday_that_moves_is_taken_out_and_imported_on_its_new_day_and_what_was_known_stays_known()
    {
        var partner = await service.NewTenant();
        await partner.Post("/v1/holidays", new { holidays = new[] { Nyepi, GoodFriday } });
        var before = await service.LastNumber(partner.Tenant);

        var removed = await partner.Post("/v1/holiday-removals", new { dates = Days("2026-03-19"), reasonCode = "decision", decisionReference = "Perubahan SKB" });
        await partner.Post("/v1/holidays", new { holidays = new[] { new { date = "2026-03-20", name = "Hari Suci Nyepi" } } });

        Assert.Empty(Dates(removed));
        Assert.Equal(["2026-03-20", "2026-04-03"], Dates(await partner.Get("/v1/holidays")));
        Assert.Equal(["2026-03-19", "2026-04-03"], Dates(await partner.Get($"/v1/holidays?knownAtSequence={before}")));
        Assert.Empty(Dates(await partner.Get("/v1/holidays?effectiveOn=2026-11-23")));
    }

    [Fact]
    public async Task The_same_table_again_records_nothing()
    {
        var partner = await service.NewTenant();
        await partner.Post("/v1/holidays", new { holidays = new[] { Nyepi } }, idempotencyKey: "libur-2026");
        var number = await service.LastNumber(partner.Tenant);

        await partner.Post("/v1/holidays", new { holidays = new[] { Nyepi } }, idempotencyKey: "libur-2026");
        await partner.Post("/v1/holidays", new { year = 2026, holidays = new[] { Nyepi } }, HttpStatusCode.OK);

        Assert.Equal(number, await service.LastNumber(partner.Tenant));
    }

    [Theory]
    [InlineData("""{"holidays":[]}""", "holidays-not-a-table", "/holidays")]
    [InlineData("""{"year":2027,"holidays":[{"date":"2026-03-19","name":"Nyepi"}]}""", "holiday-in-another-year", "/holidays/0/date")]
    [InlineData("""{"holidays":[{"date":"2026-03-19","name":"Nyepi"},{"date":"2026-03-19","name":"Idulfitri"}]}""", "holiday-named-twice", "/holidays/1/date")]
    [InlineData("""{"effectiveOn":"2026-11-25","holidays":[{"date":"2026-03-19","name":"Nyepi"}]}""", "in-the-future", "/effectiveOn")]
    public async Task A_table_that_can_not_be_is_refused(string body, string code, string pointer)
    {
        var partner = await service.NewTenant();
        var number = await service.LastNumber(partner.Tenant);
        Assert.Equal(pointer, (await partner.PostRefused("/v1/holidays", body, code))["errors"][0]!["pointer"]!.GetValue<string>());
        Assert.Equal(number, await service.LastNumber(partner.Tenant));
    }

    [Theory]
    [InlineData("""{"holidays":[{"date":"2026-02-30","name":"Nyepi"}]}""", "/holidays/0/date")]
    [InlineData("""{"holidays":[{"date":"2026-03-19","name":" "}]}""", "/holidays/0/name")]
    [InlineData("""{"areaCode":"537","holidays":[{"date":"2026-03-19","name":"Nyepi"}]}""", "/areaCode")]
    public async Task A_table_that_can_not_be_read_is_malformed(string body, string pointer)
    {
        var refused = await (await service.NewTenant()).PostRefused("/v1/holidays", body, "malformed-request", HttpStatusCode.BadRequest);
        Assert.Equal(pointer, refused["errors"][0]!["pointer"]!.GetValue<string>());
    }

    [Fact]
    public async Task Only_what_stands_in_a_table_is_taken_out_of_it()
    {
        var partner = await service.NewTenant();
        await partner.Post("/v1/holidays", new { holidays = new[] { Nyepi } });

        await partner.PostRefused("/v1/holiday-removals", new { dates = Days("2026-03-20") }, "unknown-holiday");
        await partner.PostRefused("/v1/holiday-removals", new { areaCode = "53", dates = Days("2026-03-19") }, "unknown-holiday");
        await partner.PostRefused("/v1/holiday-removals", new { dates = Days("2026-03-19", "2026-03-19") }, "holiday-named-twice");
        await partner.PostRefused("/v1/holiday-removals", new { dates = Array.Empty<string>() }, "holidays-not-a-table");
        await partner.PostRefused("/v1/holiday-removals", new { dates = Days("2026-03-19"), effectiveOn = "2026-11-23" }, "unknown-holiday");
        Assert.Single(Dates(await partner.Get("/v1/holidays")));
    }

    /// <summary>As a spreadsheet saves it in Indonesia: semicolons, quotes where a name has one, and the mark of Windows at its beginning.</summary>
    [Fact]
    public async Task A_table_comes_as_a_spreadsheet_saves_it()
    {
        var partner = await service.NewTenant();
        var table = "\uFEFFdate;name\r\n2026-03-21;\"Idulfitri; hari pertama\"\r\n2026-03-19; Nyepi\r\n2026-12-25;\"Kelahiran \"\"Yesus\"\" Kristus\"\r\n";

        await Csv(partner, table, "?year=2026&areaCode=53", HttpStatusCode.Created);

        var read = await partner.Get("/v1/holidays?areaCode=53");
        Assert.Equal(["2026-03-19", "2026-03-21", "2026-12-25"], Dates(read));
        Assert.Equal(
            ["Nyepi", "Idulfitri; hari pertama", "Kelahiran \"Yesus\" Kristus"],
            read["holidays"].AsArray().Select(holiday => holiday!["name"]!.GetValue<string>()));
        await Csv(partner, "date,name\n2026-03-19,Nyepi\n", "?areaCode=53", HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_wrong_with_a_table_is_said_by_line_and_column_and_nothing_is_written()
    {
        var partner = await service.NewTenant();
        var number = await service.LastNumber(partner.Tenant);
        var refused = await Csv(
            partner, "date,name\n2026-03-19,Nyepi\n19/03/2026,Nyepi\n2026-03-19,\n\n2026-12-25\n2026-12-24,\"Cuti\"x\n", "", HttpStatusCode.BadRequest);

        Assert.Equal("malformed-request", refused.Value("code"));
        Assert.Equal(
            ["/3/date invalid-value", "/4/date duplicate-day", "/4/name invalid-value", "/6 invalid-value", "/7 invalid-value"],
            refused["errors"].AsArray().Select(error => $"{error!["pointer"]} {error["code"]}"));
        Assert.Equal(number, await service.LastNumber(partner.Tenant));
        await Csv(partner, "tanggal,nama\n", "", HttpStatusCode.BadRequest);
        await Csv(partner, "date,name\n", "", HttpStatusCode.UnprocessableEntity);
        await Csv(partner, "date,name\n2026-03-19,Nyepi\n", "?wilayah=53", HttpStatusCode.BadRequest);
        await Csv(partner, "date,name\n2026-03-19,Nyepi\n", "?areaCode=537", HttpStatusCode.BadRequest);
        await Csv(partner, "date,name\n2026-03-19,Nyepi\n", "?year=2027", HttpStatusCode.UnprocessableEntity);
        await Csv(partner, "date,name\n" + new string('x', 130 * 1024), "", HttpStatusCode.RequestEntityTooLarge);
        await Csv(partner, "date,name\n2026-03-19,\uFFFF\n", "", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Years_beyond_ten_and_areas_of_no_form_are_not_read()
    {
        var partner = await service.NewTenant();

        await partner.Get("/v1/holidays?from=2026-01-01&to=2037-01-01", HttpStatusCode.BadRequest);
        await partner.Get("/v1/holidays?from=2026-02-01&to=2026-01-31", HttpStatusCode.BadRequest);
        await partner.Get("/v1/holidays?areaCode=53a1", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_id_of_the_calendar_is_not_taken_by_anything_else()
    {
        var refused = await (await service.NewTenant()).PostRefused(
            "/v1/funds",
            new { id = "00000000-0000-0000-0000-00000000ca1e", code = "DB", name = "Dana", currency = "IDR" },
            "malformed-request",
            HttpStatusCode.BadRequest);
        Assert.Equal("/id", refused["errors"][0]!["pointer"]!.GetValue<string>());
    }

    private static string[] Days(params string[] days) => days;

    private static string[] Texts(Reply reply, string member) => [.. reply[member].AsArray().Select(item => item!.GetValue<string>())];

    private static string[] Dates(Reply reply) => [.. reply["holidays"].AsArray().Select(holiday => holiday!["date"]!.GetValue<string>())];

    private static Task<Reply> Csv(TenantClient partner, string table, string query, HttpStatusCode expect)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/holidays" + query) { Content = new StringContent(table, Encoding.UTF8, "text/csv") };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        return partner.Send(request, expect);
    }
}
