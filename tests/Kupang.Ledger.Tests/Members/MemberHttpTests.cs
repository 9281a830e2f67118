using System.Net;
using System.Text.Json.Nodes;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;

namespace Kupang.Ledger.Tests.Members;

public sealed class MemberHttpTests(LedgerService service)
{
    private const string Nik = "5371015205870001";

    [Fact]
    public async Task A_member_is_registered_read_and_listed_with_a_masked_nik()
    {
        var partner = await service.NewTenant();
        var member = await partner.Post("/v1/members", Maria());

        Assert.Equal($"/v1/members/{member.Id}", member.Headers.Location!.OriginalString);
        Assert.Equal(("AG-2026-000001", "female", "Maria Bria"), (member.Value("number"), member.Value("sex"), member.Value("name")));
        var read = await partner.Get($"/v1/members/{member.Id}");
        Assert.Equal(("5371••••••••0001", "1987-05-12", "081234567890"), (read.Value("nik"), read.Value("birthDate"), read.Value("phone")));
        Assert.Equal("5371031003", read["address"]["areaCode"]!.GetValue<string>());
        Assert.Equal("belakang kapela", read["address"]["landmark"]!.GetValue<string>());
        Assert.Equal(("craft", "tenun ikat", "Oesapa"), (read.Value("sector"), read.Value("business"), read.Value("village")));
        Assert.Empty(read["warnings"].AsArray());
        Assert.Empty(read["flags"].AsArray());
        Assert.True(JsonNode.DeepEquals(member.Body, read.Body));
        Assert.Equal(member.Id.ToString(), (await partner.Get("/v1/members?number=AG-2026-000001"))["items"][0]!["id"]!.GetValue<string>());
        Assert.Empty((await partner.Get("/v1/members?externalId=none"))["items"].AsArray());
        await (await service.NewTenant()).Get($"/v1/members/{member.Id}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_looks_wrong_about_a_nik_is_a_warning()
    {
        var partner = await service.NewTenant();
        var member = await partner.Post("/v1/members", new { name = "Yoseph", sex = "male", nik = "5371015205870000", birthYear = 1990 });

        Assert.Equal(
            ["nik-sex-differs", "nik-birth-date-differs", "nik-impossible-serial"],
            member["warnings"].AsArray().Select(warning => warning!.GetValue<string>()));
        Assert.Equal("1990", member.Value("birthYear"));
    }

    [Fact]
    public async Task A_nik_belongs_to_one_member_of_a_tenant_unless_somebody_decides_otherwise()
    {
        var partner = await service.NewTenant();
        var first = await partner.Post("/v1/members", new { name = "Maria", sex = "female", nik = Nik });

        var refused = await partner.PostRefused("/v1/members", new { name = "Ria", sex = "female", nik = Nik }, "nik-already-registered");
        Assert.Equal(first.Id.ToString(), refused.Value("memberId"));
        var conflict = new { reasonCode = "decision", decisionReference = "BA-12/2026" };
        var second = await partner.Post("/v1/members", new { name = "Ria", sex = "female", nik = Nik, nikConflict = conflict });
        Assert.Equal("nik-conflict", second["flags"][0]!.GetValue<string>());
        Assert.Equal(first.Id.ToString(), second["nikConflict"]["heldBy"]!.GetValue<string>());
        await partner.PostRefused("/v1/members", new { name = "Ana", sex = "female", nik = "5371015205870002", nikConflict = conflict }, "no-nik-conflict");

        // Another tenant knows nothing of it.
        await (await service.NewTenant()).Post("/v1/members", new { name = "Maria", sex = "female", nik = Nik });
    }

    [Fact]
    public async Task Nothing_that_identifies_somebody_is_stored_in_clear()
    {
        var partner = await service.NewTenant();
        var member = await partner.Post("/v1/members", Maria());
        await partner.Patch($"/v1/members/{member.Id}", new { name = "Maria Goretti", phone = "081999888777" }, "\"1\"");
        await partner.PostRefused("/v1/members", Maria(), "nik-already-registered");
        await partner.Post("/v1/staff", new { name = "Petrus Nahak", role = "loan-officer" });

        var stored = await EverythingStored();

        Assert.Contains(partner.Tenant, stored, StringComparison.Ordinal);
        Assert.All(
            ["Maria Bria", "Goretti", "Petrus Nahak", Nik, "5371••••", "1987-05-12", "081234567890", "081999888777", "belakang kapela", "tenun ikat"],
            text => Assert.DoesNotContain(text, stored, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repeated_request_is_answered_as_it_was()
    {
        var partner = await service.NewTenant();
        var key = Guid.CreateVersion7().ToString();
        var first = await partner.Post("/v1/members", Maria(), idempotencyKey: key);
        var again = await partner.Post("/v1/members", Maria(), idempotencyKey: key);

        Assert.Equal(first.Text, again.Text);
        Assert.True(again.Headers.Contains("Idempotent-Replayed"));
        Assert.Single((await partner.Get("/v1/members"))["items"].AsArray());
    }

    [Fact]
    public async Task A_change_names_the_version_it_was_decided_on()
    {
        var partner = await service.NewTenant();
        var path = $"/v1/members/{(await partner.Post("/v1/members", Maria())).Id}";
        var etag = (await partner.Get(path)).Headers.ETag!.Tag;

        var changed = await partner.Patch(path, new { name = "Maria Goretti", address = new { areaCode = "5371031004" } }, etag);
        Assert.Equal(("Maria Goretti", "081234567890"), (changed.Value("name"), changed.Value("phone")));
        Assert.Null(changed["address"]["landmark"]);
        var read = await partner.Get(path);
        Assert.NotEqual(etag, read.Headers.ETag!.Tag);
        Assert.Equal(read.Headers.ETag, changed.Headers.ETag);
        Assert.True(JsonNode.DeepEquals(changed.Body, read.Body));

        Assert.Equal(changed.Text, (await partner.Patch(path, new { name = "Maria Goretti", address = new { areaCode = "5371031004" } }, etag)).Text);
        Assert.Equal("precondition-failed", (await partner.Patch(path, new { name = "Ria" }, etag, HttpStatusCode.PreconditionFailed)).Value("code"));
        Assert.Equal("precondition-required", (await partner.Patch(path, new { name = "Ria" }, etag: null, (HttpStatusCode)428)).Value("code"));
        Assert.Equal("nothing-to-change", (await partner.Patch(path, new { }, read.Headers.ETag.Tag, HttpStatusCode.UnprocessableEntity)).Value("code"));
        await partner.Patch(path, new { sector = "trade" }, $"\"{new string('0', 4000)}2\"");
        await partner.Patch($"/v1/members/{Guid.CreateVersion7()}", new { name = "Ria" }, etag, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"name":"Ria","sex":"female"}""", "/sex")]
    [InlineData("""{"externalId":"x"}""", "/externalId")]
    [InlineData("""{"id":"019ab000-0000-7000-8000-000000000001"}""", "/id")]
    [InlineData("""{"phone":"1","phones":[{"number":"2"}]}""", "/phones")]
    [InlineData("""{"phones":[]}""", "/phones")]
    public async Task A_change_that_cannot_be_read_is_said_with_a_pointer(string body, string pointer)
    {
        var partner = await service.NewTenant();
        var path = $"/v1/members/{(await partner.Post("/v1/members", new { name = "Maria", sex = "female" })).Id}";

        Assert.Equal(pointer, Pointer(await partner.Patch(path, body, "\"1\"", HttpStatusCode.BadRequest)));
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_with_a_pointer()
    {
        var partner = await service.NewTenant();
        foreach (var (body, pointer) in new (string, string)[]
        {
            ("""{"name":"Maria","sex":"female","religion":"x"}""", "/religion"),
            ("""{"name":"Maria","sex":"female","address":{"areaCode":"5371031003","rukun":"1"}}""", "/address/rukun"),
            ("""{"name":"Maria","sex":"woman"}""", "/sex"),
            ("""{"name":"Maria"}""", ""),
            ($$"""{"name":"{{new string('a', 10_000)}}","sex":"female"}""", "/name"),
            ("""{"name":"Ma\u0000ria","sex":"female"}""", "/name"),
            ("""{"name":" ","sex":"female"}""", "/name"),
            ("""{"name":"Maria","sex":"female","nik":"5371 0152 0587 0001"}""", "/nik"),
            ("""{"name":"Maria","sex":"female","nik":"537101520587000112345"}""", "/nik"),
            ("""{"name":"Maria","sex":"female","nik":5371015205870001}""", "/nik"),
            ("""{"name":"Maria","sex":"female","address":{"areaCode":"53.71.03.1003"}}""", "/address/areaCode"),
            ("""{"name":"Maria","sex":"female","phones":[null]}""", "/phones/0"),
            ("""{"name":"Maria","sex":"female","sector":"banking"}""", "/sector"),
            ("""{"name":"Maria","sex":"female","nikConflict":{"reasonCode":"Maria said so","decisionReference":"1"}}""", "/nikConflict/reasonCode"),
        })
        {
            var refused = await partner.PostRefused("/v1/members", body, "malformed-request", HttpStatusCode.BadRequest);
            Assert.Equal((body, pointer), (body, Pointer(refused)));
            Assert.DoesNotContain("5371", refused.Text, StringComparison.Ordinal);
        }

        await partner.Get("/v1/members?groupId=x", HttpStatusCode.BadRequest);
        await partner.Get("/v1/members?village=Oesapa", HttpStatusCode.BadRequest);
        Assert.Empty((await partner.Get("/v1/members"))["items"].AsArray());
    }

    [Fact]
    public async Task Birth_dates_that_cannot_be_are_refused_without_repeating_them()
    {
        var partner = await service.NewTenant();
        var refused = await partner.PostRefused("/v1/members", new { name = "Maria", sex = "female", birthDate = "2026-11-25" }, "birth-not-plausible");
        Assert.DoesNotContain("2026-11-25", refused.Text, StringComparison.Ordinal);
        await partner.PostRefused("/v1/members", new { name = "Maria", sex = "female", birthYear = 2027 }, "birth-not-plausible");
        await partner.PostRefused("/v1/members", new { name = "Maria", sex = "female", birthYear = 1990, birthDate = "1991-01-01" }, "birth-year-differs");
    }

    [Fact]
    public async Task Names_of_every_script_and_phones_that_others_answer_come_back_as_given()
    {
        var partner = await service.NewTenant();
        var phones = new[] { new { number = "0811", sharedWith = "household" }, new { number = "0812", sharedWith = "chair" } };
        var member = await partner.Post("/v1/members", new { name = "Ýosé ꦩꦫꦶꦪ 🌺", sex = "female", phones });

        Assert.Equal("Ýosé ꦩꦫꦶꦪ 🌺", member.Value("name"));
        Assert.Equal("0811", member.Value("phone"));
        Assert.Equal("chair", member["phones"][1]!["sharedWith"]!.GetValue<string>());
    }

    private static object Maria() => new
    {
        name = "Maria Bria",
        sex = "female",
        nik = Nik,
        phone = "081234567890",
        birthDate = "1987-05-12",
        village = "Oesapa",
        address = new { areaCode = "5371031003", dusun = "II", rt = "004", rw = "002", landmark = "belakang kapela" },
        business = "tenun ikat",
        sector = "craft",
    };

    private static string Pointer(Reply reply) => reply["errors"][0]!["pointer"]!.GetValue<string>();

    /// <summary>Every row of every table of the database as text, of every tenant.</summary>
    private async Task<string> EverythingStored()
    {
        await using var connection = await service.OpenOwnerConnection();
        List<string> tables = [];
        await using (var command = new Npgsql.NpgsqlCommand(
            "select format('%I.%I', table_schema, table_name) from information_schema.tables where table_type = 'BASE TABLE' and table_schema in ('ledger', 'wolverine')",
            connection))
        await using (var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken))
        {
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                tables.Add(reader.GetString(0));
            }
        }

        Assert.Contains("ledger.mt_events", tables);
        Assert.Contains("ledger.idempotency", tables);
        var stored = new System.Text.StringBuilder();
        foreach (var table in tables)
        {
            await using var command = new Npgsql.NpgsqlCommand($"select coalesce(string_agg(t::text, E'\\n'), '') from {table} t", connection);
            stored.AppendLine((string?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        return stored.ToString();
    }
}
