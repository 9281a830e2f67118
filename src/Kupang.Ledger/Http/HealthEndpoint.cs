using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Http;

public sealed record LivenessAnswer(string Status);

/// <param name="Projections">Views that follow the log at a distance. There are none: every view is written with its facts.</param>
public sealed record ReadinessAnswer(string Status, IReadOnlyList<HealthCheck> Checks, ProjectionsAnswer Projections);

public sealed record ProjectionsAnswer(string Status);

/// <summary>What a load balancer asks. It needs no key and says nothing about anybody.</summary>
public static class HealthEndpoint
{
    public const string ReadinessOperation = "getReadiness";

    private static readonly ProjectionsAnswer NoProjections = new("none");

    [WolverineGet("/health/live", OperationId = "getLiveness")]
    [Tags("Service"), Answers(typeof(LivenessAnswer), 200)]
    public static IResult GetLiveness(HttpContext http) => Answer(http, new LivenessAnswer("live"));

    [WolverineGet("/health/ready", OperationId = ReadinessOperation)]
    [Tags("Service"), Answers(typeof(ReadinessAnswer), 200)]
    public static async Task<IResult> GetReadiness(HttpContext http)
    {
        var checks = await http.RequestServices.GetRequiredService<ServiceHealth>().Check(http.RequestAborted);
        return checks.All(check => check.Status == HealthStatus.Ok)
            ? Answer(http, new ReadinessAnswer("ready", checks, NoProjections))
            : new ProblemResult(
                "unavailable",
                refusal: new Refusal("unavailable", Pointer: null, [new Figure("checks", checks), new Figure("projections", NoProjections)]));
    }

    private static IResult Answer(HttpContext http, object answer)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(answer, LedgerJson.Options);
    }
}
