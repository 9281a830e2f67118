using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Http;

/// <summary>Writes problems (RFC 9457) in the reader's language. The code never changes; the words may.</summary>
public static class Problems
{
    public const string TypePrefix = "/problems/";

    public static Task Write(HttpContext http, string code, IReadOnlyList<ProblemError>? errors = null, Refusal? refusal = null)
    {
        var kind = ProblemCatalogue.Of(code);
        var language = Language.Of(http.Request);
        var members = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["type"] = TypePrefix + code,
            ["title"] = kind.Title.In(language),
            ["status"] = kind.Status,
            ["detail"] = Fill(kind.Detail.In(language), refusal?.Figures ?? [], language),
            ["instance"] = http.Request.Path.Value,
            ["code"] = code,
            ["traceId"] = TraceIdOf(http),
            ["retryable"] = kind.IsRetryable,
        };
        if (ErrorsOf(errors, refusal, kind, language) is { } list)
        {
            members["errors"] = list;
        }

        foreach (var figure in refusal?.Figures ?? [])
        {
            members.TryAdd(figure.Name, figure.Value);
        }

        var response = http.Response;
        response.StatusCode = kind.Status;
        response.ContentType = "application/problem+json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentLanguage = language == Language.English ? "en" : "id";
        response.Headers.Vary = "Accept-Language";
        if (kind.IsRetryable)
        {
            response.Headers.RetryAfter = "1";
        }

        if (kind.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        return response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(members, LedgerJson.Options), http.RequestAborted).AsTask();
    }

    /// <summary>By what an operator finds the request again in logs and traces.</summary>
    public static string TraceIdOf(HttpContext http) => Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;

    private static IReadOnlyList<ProblemError>? ErrorsOf(
        IReadOnlyList<ProblemError>? errors, Refusal? refusal, ProblemKind kind, Language language) =>
        errors is { Count: > 0 } ? errors
        : refusal?.Pointer is { } pointer ? [new ProblemError(pointer, refusal.Code, kind.Title.In(language))]
        : null;

    /// <summary>Puts the figures of this case in the places that the text names in braces.</summary>
    private static string Fill(string text, IReadOnlyList<Figure> figures, Language language) =>
        figures.Aggregate(text, (filled, figure) => filled.Replace($"{{{figure.Name}}}", Print(figure.Value, language), StringComparison.Ordinal));

    private static string Print(object value, Language language) => value switch
    {
        Money money => Printed.Of(money),
        DateOnly day => Printed.Of(day, language),
        JsonElement { ValueKind: JsonValueKind.Object } element => Printed.Of(element.Deserialize<Money>(LedgerJson.Options)),
        JsonElement { ValueKind: JsonValueKind.String } element when BusinessDateConverter.TryParse(element.GetString(), out var day) => Printed.Of(day, language),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

/// <summary>How figures are printed for people: <c>Rp1.250.000</c>, <c>24 Nov 2026</c>.</summary>
public static class Printed
{
    private static readonly string[] IndonesianMonths = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"];
    private static readonly string[] EnglishMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    private static readonly NumberFormatInfo Rupiah = new() { NumberGroupSeparator = ".", NumberDecimalSeparator = ",", NumberGroupSizes = [3] };

    public static string Of(Money money)
    {
        var digits = money.Amount.ToString(money.Currency.Decimals switch { 0 => "#,0", 2 => "#,0.00", _ => "#,0.000" }, Rupiah);
        return money.Currency == Currency.IndonesianRupiah ? $"Rp{digits}" : $"{money.Currency} {digits}";
    }

    public static string Of(DateOnly day, Language language) => string.Create(
        CultureInfo.InvariantCulture, $"{day.Day} {(language == Language.English ? EnglishMonths : IndonesianMonths)[day.Month - 1]} {day.Year}");
}

/// <summary>The languages that people read here. Bahasa Indonesia comes first.</summary>
public sealed record Language
{
    public static readonly Language Indonesian = new();
    public static readonly Language English = new();

    private Language()
    {
    }

    /// <summary>The first of the two that the caller accepts, by weight; Indonesian when neither is named.</summary>
    public static Language Of(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage
            .Where(language => language.Quality is null or > 0)
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value switch
            {
                { } tag when tag.StartsWith("id", StringComparison.OrdinalIgnoreCase) => Indonesian,
                { } tag when tag.StartsWith("en", StringComparison.OrdinalIgnoreCase) => English,
                _ => null,
            })
            .FirstOrDefault(language => language is not null) ?? Indonesian;

    public bool Equals(Language? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A problem as the result of an endpoint.</summary>
public sealed class ProblemResult(
    string code, IReadOnlyList<ProblemError>? errors = null, Refusal? refusal = null, bool replayed = false) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (replayed)
        {
            httpContext.Response.Headers["Idempotent-Replayed"] = "true";
        }

        return Problems.Write(httpContext, code, errors, refusal);
    }
}
