using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Kupang.Ledger.Http;
using Kupang.Ledger.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xunit;

namespace Kupang.Ledger.Tests;

/// <summary>What an operator sees of the service, and what he never does.</summary>
public sealed class TelemetryTests(LedgerService service)
{
    private const string Name = "Kanaria Sulastri Ndolu";
    private const string Nik = "5371024107880009";
    private const string Phone = "081239004711";
    private const string Note = "pinjam dari ipar kanaria";
    private const string Key = "kunci-kanaria-1";
    private static readonly string[] Canaries = ["anaria", Nik, Phone, "ndolu"];

    [Fact]
    public async Task A_command_is_one_span_inside_its_request_and_in_a_batch_that_links_to_it()
    {
        using var traced = new Traced();
        var partner = await service.NewTenant();

        await traced.Post(partner, "/v1/members", new { name = Name, sex = "female" });

        var request = traced.Span("POST /v1/members");
        var command = traced.Span("command registerMember");
        Assert.Equal(request.SpanId, command.ParentSpanId);
        Assert.Equal("/v1/members", request.GetTagItem("http.route"));
        Assert.Equal("registerMember", command.GetTagItem("ledger.operation"));
        Assert.Equal("recorded", command.GetTagItem("ledger.outcome"));
        Assert.Equal(1, command.GetTagItem("ledger.batch.size"));
        Assert.Equal(await service.LastNumber(partner.Tenant), command.GetTagItem("ledger.sequence"));

        var batch = Assert.Single(traced.Batches(command));
        Assert.Equal(default, batch.ParentSpanId);
        Assert.Equal(ActivityStatusCode.Unset, batch.Status);
        Assert.Equal(command.GetTagItem("ledger.sequence"), batch.GetTagItem("ledger.sequence"));
        Assert.Contains(traced.All, span => span.Source.Name == "Npgsql" && span.ParentSpanId == batch.SpanId);
    }

    [Fact]
    public async Task A_refusal_is_told_by_its_code_and_has_no_number()
    {
        using var traced = new Traced();
        var partner = await service.NewTenant();

        await traced.Post(partner, "/v1/funds", new { code = "DB", name = "Dana", currency = "XXX" }, HttpStatusCode.UnprocessableEntity);

        var command = traced.Span("command openFund");
        Assert.Equal("unknown-currency", command.GetTagItem("ledger.outcome"));
        Assert.Null(command.GetTagItem("ledger.sequence"));
        Assert.Equal(ActivityStatusCode.Unset, command.Status);
    }

    [Fact]
    public async Task Requests_are_measured_by_route_and_commands_by_operation_and_outcome()
    {
        using var traced = new Traced();
        var partner = await service.NewTenant();

        await traced.Post(partner, "/v1/members", new { name = Name, sex = "female" });

        var metrics = traced.Metrics();
        Assert.Contains(metrics, metric => metric.StartsWith("http.server.request.duration", StringComparison.Ordinal) && metric.Contains("[http.route, /v1/members]", StringComparison.Ordinal));
        Assert.Contains(metrics, metric => metric == "ledger.door.commands [ledger.operation, registerMember] [ledger.outcome, recorded]");
        Assert.Contains(metrics, metric => metric.StartsWith("ledger.door.batch_size", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_name_NIK_phone_or_note_is_in_spans_metrics_or_logs_wherever_it_was_sent()
    {
        using var traced = new Traced();
        var book = await LoanBook.Open(service);

        await traced.Post(book.Partner, "/v1/members", new { name = Name, sex = "female", nik = Nik, phone = Phone }, key: Key);
        await traced.Post(book.Partner, "/v1/members", new { name = Name, sex = "female", nik = Nik, phone = Phone }, HttpStatusCode.UnprocessableEntity);
        await traced.Post(
            book.Partner,
            $"/v1/funds/{book.FundId}/contributions",
            new { amount = TenantClient.Idr(1000), purpose = "revolving-capital", source = Name, note = Note, receiptNumber = Nik });
        await traced.Post(book.Partner, "/v1/members", new { name = Name, sex = Name }, HttpStatusCode.BadRequest);
        await traced.Get(book.Partner, $"/v1/members?name={Uri.EscapeDataString(Name)}", HttpStatusCode.BadRequest);
        await traced.Get(book.Partner, $"/v1/members/{Nik}", HttpStatusCode.NotFound);
        await traced.Get(book.Partner, $"/v1/{Uri.EscapeDataString(Name)}", HttpStatusCode.NotFound);

        string[] told = [.. traced.All.Select(Traced.Text), .. traced.Metrics(), .. service.Log];
        Assert.All(Canaries, canary => Assert.DoesNotContain(told, text => text.Contains(canary, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task A_request_that_failed_is_logged_by_its_trace_and_never_by_its_path()
    {
        using var log = new LogCapture();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        var middleware = new ProblemMiddleware(_ => throw new InvalidOperationException("broken"), factory.CreateLogger<ProblemMiddleware>());
        var http = new DefaultHttpContext { Request = { Method = "GET", Path = "/v1/members/" + Name }, TraceIdentifier = "trace-1" };

        await middleware.InvokeAsync(http);

        var line = Assert.Single(log.Lines);
        Assert.Contains("trace", line, StringComparison.Ordinal);
        Assert.Contains("broken", line, StringComparison.Ordinal);
        Assert.DoesNotContain("anaria", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_endpoint_nothing_is_collected_and_with_one_both_are()
    {
        Assert.Empty(Collectors(endpoint: null));
        Assert.Equal([nameof(MeterProvider), nameof(TracerProvider)], Collectors("http://127.0.0.1:4317"));
    }

    [Theory]
    [InlineData(true, null, null)]
    [InlineData(false, null, ConsoleFormatterNames.Json)]
    [InlineData(false, "simple", "simple")]
    public void Logs_are_JSON_where_no_person_reads_them_unless_another_form_is_asked_for(bool isInteractive, string? configured, string? form)
    {
        var builder = Builder(("Logging:Console:FormatterName", configured));
        Telemetry.Configure(builder, isInteractive);
        using var services = builder.Services.BuildServiceProvider();

        Assert.Equal(form, services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics")]
    [InlineData("Microsoft.AspNetCore.Routing.EndpointRoutingMiddleware")]
    public void However_much_log_is_asked_for_paths_and_queries_are_not_in_it(string category)
    {
        var builder = Builder(("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"));
        Telemetry.Configure(builder, isInteractive: true);
        using var services = builder.Services.BuildServiceProvider();

        Assert.False(services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(LogLevel.Information));
    }

    private static IEnumerable<string> Collectors(string? endpoint)
    {
        var builder = Builder((Telemetry.Endpoint, endpoint));
        Telemetry.Configure(builder, isInteractive: true);
        return builder.Services.Select(descriptor => descriptor.ServiceType.Name).Where(name => name is nameof(MeterProvider) or nameof(TracerProvider)).Order();
    }

    private static WebApplicationBuilder Builder(params (string Name, string? Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        foreach (var (name, value) in settings)
        {
            builder.Configuration[name] = value;
        }

        return builder;
    }

    /// <summary>
    /// Collects as the service does, into memory. A listener hears the whole process, so spans are told from those of tests
    /// beside this one by the trace that the request names, and metrics can't be.
    /// </summary>
    private sealed class Traced : IDisposable
    {
        private readonly ConcurrentBag<Activity> spans = [];
        private readonly List<Metric> metrics = [];
        private readonly ActivityTraceId trace = ActivityTraceId.CreateRandom();
        private readonly TracerProvider tracing;
        private readonly MeterProvider metering;
        private int sent;

        public Traced()
        {
            tracing = Sdk.CreateTracerProviderBuilder().AddLedger().AddProcessor(new Keep(spans)).Build();
            metering = Sdk.CreateMeterProviderBuilder().AddLedger().AddInMemoryExporter(metrics).Build();
        }

        /// <summary>The trace's own spans, the batches that link to it, and what these did.</summary>
        public IReadOnlyList<Activity> All
        {
            get
            {
                // A caller has his answer a moment before the request's span ends.
                Assert.True(SpinWait.SpinUntil(() => spans.Count(span => span.TraceId == trace && span.Kind == ActivityKind.Server) == sent, 5_000));
                var mine = spans.Where(span => span.TraceId == trace || span.Links.Any(link => link.Context.TraceId == trace)).ToArray();
                return [.. spans.Where(span => mine.Any(one => one.TraceId == span.TraceId))];
            }
        }

        public Task<Reply> Post(TenantClient partner, string path, object body, HttpStatusCode expect = HttpStatusCode.Created, string? key = null) =>
            partner.Send(Traceable(TenantClient.Json(HttpMethod.Post, path, body, key ?? Guid.CreateVersion7().ToString())), expect);

        public Task<Reply> Get(TenantClient partner, string path, HttpStatusCode expect) =>
            partner.Send(Traceable(new HttpRequestMessage(HttpMethod.Get, path)), expect);

        public Activity Span(string name) => Assert.Single(All, span => span.DisplayName == name);

        public IEnumerable<Activity> Batches(Activity command) =>
            All.Where(span => span.Links.Any(link => link.Context.SpanId == command.SpanId));

        public string[] Metrics()
        {
            metering.ForceFlush();
            List<string> told = [];
            foreach (var metric in metrics)
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    List<string> tags = [metric.Name];
                    foreach (var tag in point.Tags)
                    {
                        tags.Add(tag.ToString());
                    }

                    told.Add(string.Join(' ', tags));
                }
            }

            return [.. told];
        }

        public static string Text(Activity span) => string.Join(
            ' ',
            [span.DisplayName, span.StatusDescription ?? "", .. span.TagObjects.Select(tag => tag.ToString()), .. span.Events.SelectMany(one => one.Tags.Select(tag => tag.ToString()))]);

        public void Dispose()
        {
            tracing.Dispose();
            metering.Dispose();
        }

        private HttpRequestMessage Traceable(HttpRequestMessage request)
        {
            sent++;
            request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
            return request;
        }

        /// <summary>Keeps each span once it has ended, when all its tags are set.</summary>
        private sealed class Keep(ConcurrentBag<Activity> spans) : BaseProcessor<Activity>
        {
            public override void OnEnd(Activity data) => spans.Add(data);
        }
    }
}
