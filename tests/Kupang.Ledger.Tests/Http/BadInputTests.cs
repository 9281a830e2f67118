using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kupang.Ledger.Http;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;

namespace Kupang.Ledger.Tests.Http;

/// <summary>No input yields a 500, and none that is refused leaves a trace in the log.</summary>
public sealed partial class BadInputTests(LedgerService service)
{
    private const string Key = "Idempotency-Key";

    public static TheoryData<string> Writes => [.. InterfaceDescription.Operations.Where(operation => operation.RequestExample is not null).Select(operation => operation.Id)];

    public static TheoryData<string> Reads =>
    [
        .. InterfaceDescription.Operations
            .Where(operation => operation.Method == "GET" && operation.Path.StartsWith("/v1/", StringComparison.Ordinal))
            .Select(operation => operation.Id),
    ];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_damaged_body_is_a_problem_and_changes_nothing(string id)
    {
        var operation = InterfaceDescription.Of(id);
        var battery = await Battery.Of(service, operation);

        foreach (var (name, body) in Damage.Of(operation))
        {
            await battery.Send(name, battery.Request(body));
        }

        var noUtf8 = new ByteArrayContent([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}']);
        noUtf8.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await battery.Send("bytes that are no UTF-8", battery.Request(noUtf8));
        await battery.AssertNothingHappened();
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_damaged_request_is_a_problem_and_changes_nothing(string id)
    {
        var operation = InterfaceDescription.Of(id);
        var battery = await Battery.Of(service, operation);
        var body = operation.RequestExample!.ToJsonString();
        var parameters = operation.Node["parameters"]!.ToJsonString();

        await battery.Send("a body over the limit", battery.Request("{\"note\":\"" + new string('x', 1_100_000) + "\"}"), "body-too-large");
        await battery.Send("plain text", battery.Request(new StringContent(body, Encoding.UTF8, "text/plain")), "unsupported-media-type");
        await battery.Send("no media type", battery.Request(new ByteArrayContent(Encoding.UTF8.GetBytes(body))), "unsupported-media-type");
        await battery.Send("an unknown parameter", battery.Request(body, "?unknown=1"), "malformed-request");
        await battery.Send("no key", Without(battery.Request(body), "Authorization"), "unauthenticated");
        foreach (var key in new[] { "Bearer kl_live_0000", "Basic eDp5", "Bearer", "Bearer kl_live_" + new string('0', 64), "Bearer \u00e9", "Bearer " + new string('x', 5_000) })
        {
            await battery.Send($"the key {key}", With(battery.Request(body), "Authorization", key), "unauthenticated");
        }

        if (parameters.Contains(Key, StringComparison.Ordinal))
        {
            await battery.Send("no idempotency key", Without(battery.Request(body), Key), "idempotency-key-required");
            foreach (var key in new[] { new string('k', 256), "a b", "kunci-\u00e9", "", "a\tb" })
            {
                await battery.Send($"the idempotency key '{key}'", With(battery.Request(body), Key, key), "idempotency-key-required");
            }

            await battery.Send("Acting-Staff that is no id", With(battery.Request(body), "Acting-Staff", "x"), "malformed-request");
            await battery.Send("a device with a space in its name", With(battery.Request(body), "Device-Id", "hp 7"), "malformed-request");
            await battery.Send("an entry of no device", With(battery.Request(body), "Device-Sequence", "1"), "malformed-request");
            await battery.Send("Acting-Staff that nobody is", With(battery.Request(body), "Acting-Staff", Guid.CreateVersion7().ToString()));
        }

        if (parameters.Contains("If-Match", StringComparison.Ordinal))
        {
            await battery.Send("no If-Match", Without(battery.Request(body), "If-Match"), "precondition-required");
            foreach (var version in new[] { "\"999\"", "x", "*", "\"99999999999999999999\"", "" })
            {
                await battery.Send($"If-Match {version}", With(battery.Request(body), "If-Match", version));
            }
        }

        await battery.AssertNothingHappened();
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_damaged_read_is_a_problem(string id)
    {
        var operation = InterfaceDescription.Of(id);
        var battery = await Battery.Of(service, operation);
        var beyond = new Cursor(0, 999_999_999).Write();
        string[] queries =
        [
            "unknown=1", "limit=0", "limit=201", "limit=99999999999999999999", "limit=-1", "limit=x", "limit=", "limit=1&limit=2", "limit=%D9%A3",
            "cursor=x", "cursor=e30", "cursor=%00", $"cursor={beyond}", "cursor=" + new string('A', 4_000), "cursor=bnVsbA",
            "knownAtSequence=999999999", "knownAtSequence=-1", "knownAtSequence=1e3", "knownAtSequence=99999999999999999999",
            "knownAt=2026-11-24T09:00:00Z&knownAtSequence=1", "knownAt=yesterday", "knownAt=2026-11-24", "knownAt=9999-99-99T00:00:00Z",
            "effectiveOn=2026-02-30", "effectiveOn=0000-01-01", "effectiveOn=9999-12-31", "effectiveOn=", "effectiveOn=x%00",
            "number=%00", "number=" + new string('x', 10_000), "externalId=%EF%BF%BE", "externalId=",
            .. operation.QueryParameters.Except(["limit", "cursor", "number", "externalId", "account"]).Select(parameter => $"{parameter}=%20"),
        ];

        foreach (var query in queries)
        {
            await battery.Send(query, battery.Read($"?{query}"));
        }

        if (operation.Path.Contains('{'))
        {
            foreach (var value in new[] { "x", "1", Guid.CreateVersion7().ToString() })
            {
                var path = RouteParameter().Replace(operation.Path, value);
                await battery.Send($"the path {path}", battery.ReadOf(path), "not-found");
            }
        }

        await battery.AssertNothingHappened();
    }

    [Theory]
    [InlineData("POST", "/v1/nothing-here", "not-found", 404)]
    [InlineData("GET", "/", "not-found", 404)]
    [InlineData("DELETE", "/v1/funds", "method-not-allowed", 405)]
    [InlineData("PUT", "/v1/funds/0198c0de-7000-7000-8000-000000000001", "method-not-allowed", 405)]
    [InlineData("TRACE", "/v1/funds", "method-not-allowed", 405)]
    [InlineData("BREW", "/v1/funds", "method-not-allowed", 405)]
    [InlineData("GET", "/v1/funds/not-an-id", "not-found", 404)]
    [InlineData("GET", "/problems/nothing-of-the-kind", "not-found", 404)]
    [InlineData("GET", "/openapi/v2.json", "not-found", 404)]
    [InlineData("POST", "/health/live", "method-not-allowed", 405)]
    public async Task Where_there_is_nothing_a_problem_is_the_answer(string method, string path, string code, int status)
    {
        var partner = await service.NewTenant();

        using var response = await partner.Answer(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(code, problem["code"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"code":"A","name":"A"}""", "malformed-request", "", "required")]
    [InlineData("""{"code":"A","name":"A","currency":"IDR","colour":"red"}""", "malformed-request", "/colour", "unknown-member")]
    [InlineData("""{"code":"A","code":"B","name":"A","currency":"IDR"}""", "malformed-request", "/code", "duplicate-member")]
    [InlineData("""{"code":7,"name":"A","currency":"IDR"}""", "malformed-request", "/code", "invalid-value")]
    [InlineData("""{"code":null,"name":"A","currency":"IDR"}""", "malformed-request", "/code", "invalid-value")]
    [InlineData("""{"code":"A\u0000","name":"A","currency":"IDR"}""", "malformed-request", "/code", "invalid-value")]
    [InlineData("""{"code":"A","name":"A","currency":"IDR","kind":"Revolving"}""", "malformed-request", "/kind", "invalid-value")]
    [InlineData("""{"code":"A","name":"A","currency":"IDR","kind":"revolving, operations"}""", "malformed-request", "/kind", "invalid-value")]
    [InlineData("""{"code":"A","name":"A","currency":"IDR","kind":0}""", "malformed-request", "/kind", "invalid-value")]
    [InlineData("""{"code":"A","name":"A","currency":"IDR","id":"x"}""", "malformed-request", "/id", "invalid-value")]
    [InlineData("""{"code":"A","name":"A","currency":"IDR","id":"00000000-0000-0000-0000-000000000000"}""", "malformed-request", "/id", "invalid-value")]
    [InlineData("""{"code":"A","name":"A","currency":"XXX"}""", "unknown-currency", "/currency", "unknown-currency")]
    [InlineData("{", "malformed-request", "", "invalid-value")]
    public async Task A_fund_is_refused_with_a_code_and_a_pointer(string body, string code, string pointer, string errorCode) =>
        AssertProblem(await (await service.NewTenant()).Post("/v1/funds", body, StatusOf(code)), code, pointer, errorCode);

    [Theory]
    [InlineData("amount", """{"amount":1000,"currency":"IDR"}""", "malformed-request", "/amount", "invalid-value")]
    [InlineData("amount", """{"amount":"1e9","currency":"IDR"}""", "malformed-request", "/amount", "invalid-value")]
    [InlineData("amount", """{"amount":"5","amount":"6","currency":"IDR"}""", "malformed-request", "/amount", "duplicate-member")]
    [InlineData("amount", """{"amount":5,"amount":"6","currency":"IDR"}""", "malformed-request", "/amount", "invalid-value")]
    [InlineData("amount", """{"amount":"0.5","currency":"IDR"}""", "malformed-request", "/amount", "invalid-value")]
    [InlineData("amount", """{"amount":"1000","currency":"XXX"}""", "malformed-request", "/amount", "invalid-value")]
    [InlineData("amount", """{"amount":"1000000000000001","currency":"IDR"}""", "malformed-request", "/amount", "invalid-value")]
    [InlineData("amount", """{"amount":"1000","currency":"USD"}""", "wrong-currency", "/amount", "wrong-currency")]
    [InlineData("amount", """{"amount":"0","currency":"IDR"}""", "amount-not-positive", "/amount", "amount-not-positive")]
    [InlineData("amount", """{"amount":"-5","currency":"IDR"}""", "amount-not-positive", "/amount", "amount-not-positive")]
    [InlineData("effectiveOn", "\"2026-02-30\"", "malformed-request", "/effectiveOn", "invalid-value")]
    [InlineData("effectiveOn", "\"9999-12-31\"", "malformed-request", "/effectiveOn", "invalid-value")]
    [InlineData("effectiveOn", "\"2026-11-25\"", "in-the-future", "/effectiveOn", "in-the-future")]
    [InlineData("source", "\"0198c0de-7000-7000-8000-000000000009\"", "unknown-donor", "/source", "unknown-donor")]
    [InlineData("restriction", "\"Lain\"", "restriction-needs-own-fund", "/restriction", "restriction-needs-own-fund")]
    [InlineData("handledBy", "\"0198c0de-7000-7000-8000-000000000009\"", "unknown-staff", "/handledBy", "unknown-staff")]
    [InlineData("approvedBy", "[null]", "malformed-request", "/approvedBy/0", "invalid-value")]
    [InlineData("approvedBy", """[{"role":"chair"}]""", "malformed-request", "/approvedBy/0", "invalid-value")]
    [InlineData("evidence", "[null]", "malformed-request", "/evidence/0", "invalid-value")]
    [InlineData("receiptBook", "\"A\"", "malformed-request", "/receiptBook", "invalid-value")]
    public async Task A_contribution_is_refused_with_a_code_and_a_pointer(string member, string value, string code, string pointer, string errorCode)
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", new { code = "DB", name = "Dana bergulir", currency = "IDR" });
        var members = new Dictionary<string, string>
        {
            ["amount"] = """{"amount":"1000","currency":"IDR"}""",
            ["purpose"] = "\"revolving-capital\"",
            ["source"] = "\"Yayasan Alfa\"",
            [member] = value,
        };
        var body = "{" + string.Join(',', members.Select(one => $"\"{one.Key}\":{one.Value}")) + "}";

        AssertProblem(await partner.Post($"/v1/funds/{fund.Id}/contributions", body, StatusOf(code)), code, pointer, errorCode);
    }

    /// <summary>What the service computes can't be told to it, not even in vain.</summary>
    [Theory]
    [InlineData("/v1/vouchers", "recordVoucher", "/lines/0", "side")]
    [InlineData("/v1/vouchers", "recordVoucher", "/lines/0", "filled")]
    [InlineData("/v1/loan-products", "defineLoanProduct", "/repayment", "unitsPerYear")]
    public async Task A_computed_member_is_unknown_to_requests(string path, string operation, string pointer, string member)
    {
        var body = InterfaceDescription.Of(operation).RequestExample!.DeepClone();
        var place = pointer.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(body, (at, name) => at is JsonArray items ? items[int.Parse(name, CultureInfo.InvariantCulture)]! : at[name]!);
        place[member] = "x";

        AssertProblem(
            await (await service.NewTenant()).Post(path, body.ToJsonString(), HttpStatusCode.BadRequest), "malformed-request", $"{pointer}/{member}", "unknown-member");
    }

    [Fact]
    public async Task A_problem_speaks_the_language_that_is_asked_for()
    {
        var partner = await service.NewTenant();

        async Task<string> Title(string? languages)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/v1/nothing");
            if (languages is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept-Language", languages);
            }

            return (await partner.Send(request, HttpStatusCode.NotFound)).Value("title");
        }

        Assert.Equal("Tidak ditemukan", await Title(null));
        Assert.Equal("Not found", await Title("en-GB,en;q=0.8"));
        Assert.Equal("Tidak ditemukan", await Title("fr"));
        Assert.Equal("Tidak ditemukan", await Title("en;q=0.5, id"));
        Assert.Equal("Tidak ditemukan", await Title(";;;=,q=x"));
    }

    private static HttpRequestMessage Without(HttpRequestMessage request, string header)
    {
        request.Headers.Remove(header);
        return request;
    }

    private static HttpRequestMessage With(HttpRequestMessage request, string header, string value)
    {
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);
        return request;
    }

    private static HttpStatusCode StatusOf(string code) => (HttpStatusCode)ProblemCatalogue.Of(code).Status;

    private static void AssertProblem(Reply reply, string code, string pointer, string errorCode)
    {
        Assert.Equal(code, reply.Value("code"));
        Assert.Equal($"/problems/{code}", reply.Value("type"));
        var error = Assert.Single(reply["errors"].AsArray());
        Assert.Equal(pointer, error!["pointer"]!.GetValue<string>());
        Assert.Equal(errorCode, error["code"]!.GetValue<string>());
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex RouteParameter();

    /// <summary>One operation under fire: every answer is a problem of the catalogue, and the log stays as long as it was.</summary>
    private sealed class Battery(LedgerService service, HttpClient http, TenantClient partner, DescribedOperation operation, string path, long before)
    {
        private static readonly string[] Scopes = ["read"];

        private readonly List<string> failures = [];

        /// <summary>The things that the address names are there, so that what is refused is the request and not its address.</summary>
        public static async Task<Battery> Of(LedgerService service, DescribedOperation operation)
        {
            var book = await LoanBook.Open(service);
            var path = operation.Path;
            foreach (var name in RouteParameter().Matches(path).Select(match => match.Value))
            {
                path = path.Replace(name, (await Thing(book, operation.Id, name)).ToString(), StringComparison.Ordinal);
            }

            return new Battery(service, await service.NewClient(), book.Partner, operation, path, await service.LastNumber(book.Partner.Tenant));
        }

        private static async Task<Guid> Thing(LoanBook book, string operation, string parameter) => parameter switch
        {
            "{fundId}" => book.FundId,
            "{productId}" => book.ProductId,
            "{memberId}" => book.MemberId,
            "{loanId}" when operation is "recordRepayment" => await book.Lend(),
            "{loanId}" when operation is "disburseLoan" => await Approved(book),
            "{loanId}" => await book.Propose(),
            "{groupId}" => (await book.Partner.Post("/v1/groups", new { name = "Melati", formedOn = "2024-03-10", members = Array.Empty<object>() })).Id,
            "{staffId}" => (await book.Partner.Post("/v1/staff", new { name = "Yohanes", role = "loan-officer" })).Id,
            "{apiKeyId}" => (await book.Partner.Post("/v1/api-keys", new { name = "Lapangan", scopes = Scopes })).Id,
            _ => Guid.CreateVersion7(),
        };

        private static async Task<Guid> Approved(LoanBook book)
        {
            var loanId = await book.Propose();
            await book.Approve(loanId);
            return loanId;
        }

        public HttpRequestMessage Request(string body, string query = "") => Request(new StringContent(body, Encoding.UTF8, "application/json"), query);

        public HttpRequestMessage Read(string query) => ReadOf(path + query);

        public HttpRequestMessage ReadOf(string pathAndQuery)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, pathAndQuery);
            request.Headers.Add("Authorization", $"Bearer {partner.Key}");
            return request;
        }

        public HttpRequestMessage Request(HttpContent body, string query = "")
        {
            var request = new HttpRequestMessage(new HttpMethod(operation.Method), path + query) { Content = body };
            request.Headers.Add("Authorization", $"Bearer {partner.Key}");
            request.Headers.Add(Key, Guid.CreateVersion7().ToString());
            request.Headers.Add("If-Match", "\"1\"");
            return request;
        }

        public async Task Send(string name, HttpRequestMessage request, string? code = null)
        {
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (Fault(response, text, code) is { } fault)
            {
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {fault}: {(int)response.StatusCode} {text}"));
            }
        }

        public async Task AssertNothingHappened()
        {
            Assert.Equal([], failures);
            Assert.Equal(before, await service.LastNumber(partner.Tenant));
        }

        private static string? Fault(HttpResponseMessage response, string text, string? code)
        {
            if ((int)response.StatusCode is < 400 or >= 500)
            {
                return "not a 4xx";
            }

            if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            {
                return "not a problem";
            }

            var problem = JsonNode.Parse(text)!;
            var answered = problem["code"]!.GetValue<string>();
            return ProblemCatalogue.Find(answered) is not { } kind ? "not in the catalogue"
                : kind.Status != (int)response.StatusCode ? "not the status of its code"
                : code is not null && code != answered ? $"not {code}"
                : null;
        }
    }
}
