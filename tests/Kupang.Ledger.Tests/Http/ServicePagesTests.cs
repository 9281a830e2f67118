using System.Net;
using System.Text.Json.Nodes;
using Kupang.Ledger.Http;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Kupang.Ledger.Tests.Http;

/// <summary>What anybody may read without a key.</summary>
public sealed class ServicePagesTests(LedgerService service)
{
    [Fact]
    public async Task A_live_service_says_so() => Assert.Equal("""{"status":"live"}""", (await Get("/health/live")).Text);

    [Fact]
    public async Task A_service_that_is_ready_names_what_it_looked_at()
    {
        var (_, text) = await Get("/health/ready");

        var ready = JsonNode.Parse(text)!;
        Assert.Equal("ready", ready["status"]!.GetValue<string>());
        Assert.Equal("none", ready["projections"]!["status"]!.GetValue<string>());
        Assert.Equal(
            ["database", "service-role", "schema-version", "master-key", "door"],
            ready["checks"]!.AsArray().Select(check => check!["name"]!.GetValue<string>()));
        Assert.All(ready["checks"]!.AsArray(), check => Assert.Equal("ok", check!["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_service_without_its_database_asks_to_be_left_alone_for_a_moment()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");
        var http = new DefaultHttpContext
        {
            RequestServices = new ServiceCollection().AddLogging().AddSingleton(await Health(dataSource: nowhere)).BuildServiceProvider(),
            Response = { Body = new MemoryStream() },
        };

        await (await HealthEndpoint.GetReadiness(http)).ExecuteAsync(http);

        Assert.Equal(503, http.Response.StatusCode);
        Assert.Equal("1", http.Response.Headers.RetryAfter);
        Assert.Equal("application/problem+json; charset=utf-8", http.Response.ContentType);
        http.Response.Body.Position = 0;
        var problem = (await JsonNode.ParseAsync(http.Response.Body, cancellationToken: TestContext.Current.CancellationToken))!;
        Assert.Equal("unavailable", problem["code"]!.GetValue<string>());
        Assert.Equal(["failed", "unknown", "unknown", "unknown", "ok"], problem["checks"]!.AsArray().Select(check => check!["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_service_with_another_master_key_is_not_ready()
    {
        var checks = await (await Health(masterKey: new MasterKey([.. Enumerable.Repeat((byte)7, MasterKey.Length)]))).Check(TestContext.Current.CancellationToken);

        Assert.Equal("master-key", Assert.Single(checks, check => check.Status != HealthStatus.Ok).Name);
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json, text/html;q=0.9", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("nonsense", "application/json")]
    public async Task A_problem_page_is_html_for_browsers_and_json_for_programs(string accept, string type)
    {
        foreach (var path in new[] { "/problems", "/problems/insufficient-lendable-funds" })
        {
            var (response, text) = await Get(path, accept);

            Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
            Assert.Contains("Dana yang dapat dipinjamkan tidak cukup", text, StringComparison.Ordinal);
            Assert.Contains("There is not enough money to lend", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_problem_has_its_page()
    {
        var (_, list) = await Get("/problems", "application/json");
        Assert.Equal(ProblemCatalogue.All.Select(kind => kind.Code), JsonNode.Parse(list)!["items"]!.AsArray().Select(item => item!["code"]!.GetValue<string>()));

        foreach (var kind in ProblemCatalogue.All)
        {
            var (_, text) = await Get($"/problems/{kind.Code}", "application/json");
            var page = JsonNode.Parse(text)!;
            Assert.Equal(kind.Status, page["status"]!.GetValue<int>());
            Assert.Equal(kind.IsRetryable, page["retryable"]!.GetValue<bool>());
            Assert.Equal(kind.Title.Indonesian, page["title"]!["id"]!.GetValue<string>());
            Assert.Equal(kind.Detail.English, page["explanation"]!["en"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_problem_page_speaks_the_readers_language_first_and_runs_nothing()
    {
        var (response, indonesian) = await Get("/problems/not-found", "text/html");
        var (_, english) = await Get("/problems/not-found", "text/html", "en");

        Assert.StartsWith("<!doctype html>\n<html lang=\"id\">", indonesian, StringComparison.Ordinal);
        Assert.True(indonesian.IndexOf("Tidak ada apa pun", StringComparison.Ordinal) < indonesian.IndexOf("There is nothing", StringComparison.Ordinal));
        Assert.True(english.IndexOf("Tidak ada apa pun", StringComparison.Ordinal) > english.IndexOf("There is nothing", StringComparison.Ordinal));
        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'", response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.DoesNotContain("<script", indonesian, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/problems")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/v1/funds")]
    [InlineData("/nothing")]
    public async Task Every_answer_tells_browsers_to_be_careful(string path)
    {
        using var client = await service.NewClient();
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
    }

    private async Task<ServiceHealth> Health(NpgsqlDataSource? dataSource = null, MasterKey? masterKey = null)
    {
        var services = await service.Services();
        return new ServiceHealth(
            dataSource ?? services.GetRequiredService<NpgsqlDataSource>(),
            masterKey ?? services.GetRequiredService<MasterKey>(),
            services.GetRequiredService<Door>(),
            TimeProvider.System,
            NullLogger<ServiceHealth>.Instance);
    }

    private async Task<(HttpResponseMessage Response, string Text)> Get(string path, string? accept = null, string? languages = null)
    {
        using var client = await service.NewClient();
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Accept-Language", languages);
        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return (response, text);
    }
}
