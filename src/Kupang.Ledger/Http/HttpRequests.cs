using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Http;

/// <summary>Reading the parts of a request that are alike everywhere.</summary>
public static class HttpRequests
{
    /// <summary>The body's bytes, after it is known to be one JSON document of bounded size.</summary>
    public static ValueTask<ReadOnlyMemory<byte>> ReadBody(this HttpContext http, int longest) =>
        http.Request.HasJsonContentType() ? http.ReadBytes(longest) : throw RequestProblem.Of("unsupported-media-type");

    /// <summary>Whether the body is a table as spreadsheets save it.</summary>
    public static bool HasCsvBody(this HttpContext http) =>
        System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
        && string.Equals(type.MediaType, "text/csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>The body's bytes, whatever they are: some, and not more than asked for.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadBytes(this HttpContext http, int longest)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted);
            if (result.Buffer.Length > longest)
            {
                throw RequestProblem.Of("body-too-large");
            }

            if (result.IsCompleted)
            {
                var bytes = System.Buffers.BuffersExtensions.ToArray(result.Buffer);
                reader.AdvanceTo(result.Buffer.End);
                return bytes.Length > 0 ? bytes : throw RequestProblem.Malformed("", "required", "The request has no body.");
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>An operation that takes no query parameters refuses them all.</summary>
    public static void RefuseQuery(this HttpContext http)
    {
        if (http.Request.QueryString.HasValue)
        {
            http.AllowQuery();
        }
    }

    /// <summary>Refuses every query parameter but these, and each that stands twice.</summary>
    public static void AllowQuery(this HttpContext http, params ReadOnlySpan<string> names)
    {
        foreach (var (name, values) in http.Request.Query)
        {
            if (!names.Contains(name))
            {
                throw RequestProblem.Of("malformed-request", Bounded(name), "unknown-parameter", "There is no such query parameter.");
            }

            if (values.Count != 1)
            {
                throw RequestProblem.Of("malformed-request", name, "duplicate-parameter", "The query parameter stands more than once.");
            }
        }
    }

    public static DateOnly? QueryDay(this HttpContext http, string name) =>
        http.Request.Query[name] is not [{ } text] ? null
        : BusinessDateConverter.TryParse(text, out var day) ? day
        : throw RequestProblem.Of("malformed-request", name, "invalid-value", "A day is written 2026-11-24 and exists in the calendar.");

    public static Guid? QueryId(this HttpContext http, string name) =>
        http.Request.Query[name] is not [{ } text] ? null
        : Guid.TryParse(text, out var id) ? id
        : throw RequestProblem.Of("malformed-request", name, "invalid-value", "An id is a UUID in its usual form.");

    public static long? QueryNumber(this HttpContext http, string name, long least, long most) =>
        http.Request.Query[name] is not [{ } text] ? null
        : long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most ? number
        : throw RequestProblem.Of("malformed-request", name, "invalid-value", $"A whole number from {least} to {most} stands here.");

    public static string? QueryText(this HttpContext http, string name) =>
        http.Request.Query[name] is not [{ } text] ? null
        : TextConverter.IsProper(text, 200) ? text
        : throw RequestProblem.Of("malformed-request", name, "invalid-value", "A text of 1 to 200 characters stands here.");

    /// <summary>One of a few words, as the enum's names in kebab case.</summary>
    public static TEnum? QueryWord<TEnum>(this HttpContext http, string name)
        where TEnum : struct, Enum
    {
        if (http.Request.Query[name] is not [{ } text])
        {
            return null;
        }

        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (string.Equals(LedgerJson.WordOf(value), text, StringComparison.Ordinal))
            {
                return value;
            }
        }

        throw RequestProblem.Of("malformed-request", name, "invalid-value", "The word is not one of those that stand here.");
    }

    private static string Bounded(string name) => name.Length <= 60 ? name : name[..60];
}
