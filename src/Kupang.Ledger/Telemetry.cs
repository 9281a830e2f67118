using System.Diagnostics;
using Kupang.Ledger.Writing;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kupang.Ledger;

/// <summary>
/// What the service tells an operator: logs always, spans and metrics when somebody collects them. A path or a query may
/// hold a name, so neither leaves the service; a request is told by its route.
/// </summary>
public static class Telemetry
{
    public const string ServiceName = "kupang-ledger";

    /// <summary>The standard setting of where spans and metrics go. Without it none are made.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string LogForm = "Logging:Console:FormatterName";

    public static void Configure(WebApplicationBuilder builder, bool isInteractive)
    {
        ConfigureLogs(builder, isInteractive);
        if (!string.IsNullOrEmpty(builder.Configuration[Endpoint]))
        {
            builder.Services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService(ServiceName, serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3)))
                .WithTracing(tracing => tracing.AddLedger().AddOtlpExporter())
                .WithMetrics(metrics => metrics.AddLedger().AddOtlpExporter());
        }
    }

    /// <summary>Spans of the requests, of the door, and of the SQL that either of them sends.</summary>
    public static TracerProviderBuilder AddLedger(this TracerProviderBuilder tracing) => tracing
        .AddSource(DoorTrace.SourceName, "Npgsql")
        .AddAspNetCoreInstrumentation(options =>
        {
            options.Filter = http => !http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal);
            options.EnrichWithHttpResponse = (span, _) =>
            {
                foreach (var tag in (ReadOnlySpan<string>)["url.path", "url.query", "user_agent.original"])
                {
                    span.SetTag(tag, null);
                }
            };
        });

    /// <summary>The door's own metrics, those of HTTP by route, and those of the runtime.</summary>
    public static MeterProviderBuilder AddLedger(this MeterProviderBuilder metrics) =>
        metrics.AddMeter(DoorMetrics.MeterName, "System.Runtime").AddAspNetCoreInstrumentation();

    /// <summary>SQL is part of a trace where a request or the door sends it; what runs in the background is not one by itself.</summary>
    public static NpgsqlDataSource DataSource(string name, string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString) { Name = name };
        builder.ConfigureTracing(tracing => tracing
            .ConfigureCommandFilter(_ => Activity.Current is not null)
            .ConfigureBatchFilter(_ => Activity.Current is not null)
            .EnableFirstResponseEvent(false));
        return builder.Build();
    }

    private static void ConfigureLogs(WebApplicationBuilder builder, bool isInteractive)
    {
        if (!isInteractive && builder.Configuration[LogForm] is null)
        {
            builder.Logging.AddJsonConsole(options => (options.UseUtcTimestamp, options.TimestampFormat) = (true, "O"));
        }

        // These say the path and the query of each request as soon as somebody asks for more than warnings.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning);
    }
}
