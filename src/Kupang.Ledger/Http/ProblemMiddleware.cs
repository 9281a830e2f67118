using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Http;

/// <summary>Turns everything that stops a request into a problem: no bare status, no text of an exception leaves the service.</summary>
public sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (RequestProblem problem) when (!http.Response.HasStarted)
        {
            await Problems.Write(http, problem.Code, problem.Errors, new Refusal(problem.Code, Pointer: null, problem.Figures));
            return;
        }
        catch (BadHttpRequestException problem) when (!http.Response.HasStarted)
        {
            await Problems.Write(http, problem.StatusCode == StatusCodes.Status413PayloadTooLarge ? "body-too-large" : "malformed-request");
            return;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller went away: there is nobody to answer.
            return;
        }
        catch (Exception failure) when (!http.Response.HasStarted)
        {
            var isTransient = TenantWriter.IsTransient(failure);
            log.Log(
                isTransient ? LogLevel.Warning : LogLevel.Error,
                failure,
                "{Method} {Route} failed, trace {TraceId}",
                http.Request.Method,
                (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText,
                Problems.TraceIdOf(http));
            await Problems.Write(http, isTransient ? "unavailable" : "unexpected");
            return;
        }

        if (!http.Response.HasStarted && http.Response.StatusCode >= StatusCodes.Status400BadRequest && http.Response.ContentLength is null)
        {
            await Problems.Write(http, CodeOf(http.Response.StatusCode));
        }
    }

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => "not-found",
        StatusCodes.Status405MethodNotAllowed => "method-not-allowed",
        StatusCodes.Status406NotAcceptable => "not-acceptable",
        StatusCodes.Status413PayloadTooLarge => "body-too-large",
        StatusCodes.Status415UnsupportedMediaType => "unsupported-media-type",
        StatusCodes.Status401Unauthorized => "unauthenticated",
        StatusCodes.Status403Forbidden => "scope-missing",
        >= StatusCodes.Status500InternalServerError => "unexpected",
        _ => "malformed-request",
    };
}
