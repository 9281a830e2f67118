using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Kupang.Ledger.SharedKernel;
using Microsoft.Net.Http.Headers;
using Wolverine.Http;

namespace Kupang.Ledger.Http;

/// <summary>A kind of problem, explained. Names in braces stand for the figures of a case.</summary>
public sealed record ProblemAnswer(string Type, string Code, int Status, Translated Title, Translated Explanation, bool Retryable)
{
    public static ProblemAnswer Of(ProblemKind kind) =>
        new(Problems.TypePrefix + kind.Code, kind.Code, kind.Status, Translated.Of(kind.Title), Translated.Of(kind.Detail), kind.IsRetryable);
}

/// <summary>A text in both languages, by their codes.</summary>
public sealed record Translated(string Id, string En)
{
    public static Translated Of(Text text) => new(text.Indonesian, text.English);
}

/// <summary>Where the type of a problem leads: what it means and what to do, for programs and for people.</summary>
public static class ProblemPagesEndpoint
{
    private const string Html = "text/html";

    [WolverineGet("/problems", OperationId = "listProblems")]
    [Tags("Service"), Answers(typeof(Page<ProblemAnswer>), 200)]
    public static IResult List(HttpContext http)
    {
        SayWhatItVariesBy(http);
        return WantsHtml(http.Request)
            ? Page(http, language => ProblemPages.List(ProblemCatalogue.All, language))
            : Results.Json(new Page<ProblemAnswer>([.. ProblemCatalogue.All.Select(ProblemAnswer.Of)], Next: null), LedgerJson.Options);
    }

    [WolverineGet("/problems/{code}", OperationId = "getProblem")]
    [Tags("Service"), Answers(typeof(ProblemAnswer), 200)]
    public static IResult Get(string code, HttpContext http)
    {
        if (ProblemCatalogue.Find(code) is not { } kind)
        {
            return new ProblemResult("not-found");
        }

        SayWhatItVariesBy(http);
        return WantsHtml(http.Request)
            ? Page(http, language => ProblemPages.One(kind, language))
            : Results.Json(ProblemAnswer.Of(kind), LedgerJson.Options);
    }

    /// <summary>Browsers name HTML in what they accept; a program that takes anything gets JSON.</summary>
    private static bool WantsHtml(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        var html = WeightOf(accepted, Html);
        return html > 0 && html >= WeightOf(accepted, "application/json");
    }

    private static decimal WeightOf(IList<MediaTypeHeaderValue> accepted, string type) =>
        accepted.Where(media => media.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
            .Select(media => (decimal)(media.Quality ?? 1))
            .DefaultIfEmpty(0)
            .Max();

    private static void SayWhatItVariesBy(HttpContext http) => http.Response.Headers.Vary = "Accept, Accept-Language";

    private static IResult Page(HttpContext http, Func<Language, string> write)
    {
        var language = Language.Of(http.Request);
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        http.Response.Headers.ContentLanguage = language == Language.English ? "en, id" : "id, en";
        return Results.Content(write(language), Html, Encoding.UTF8);
    }
}

/// <summary>The pages as HTML: words and a little space around them, nothing that runs.</summary>
internal static class ProblemPages
{
    private const string Style = "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
        + "td,th{text-align:left;vertical-align:top;padding:.2rem 1rem .2rem 0}code{font-size:.95em}";

    public static string List(IEnumerable<ProblemKind> kinds, Language language)
    {
        var rows = new StringBuilder("<table>\n");
        foreach (var kind in kinds)
        {
            rows.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{kind.Status}</td><td><a href=\"{Problems.TypePrefix}{Escaped(kind.Code)}\"><code>{Escaped(kind.Code)}</code></a></td>");
            rows.Append(CultureInfo.InvariantCulture, $"<td>{string.Join("<br>", InOrder(kind.Title, language))}</td></tr>\n");
        }

        return Document(new Text("Masalah", "Problems"), language, rows.Append("</table>").ToString());
    }

    public static string One(ProblemKind kind, Language language)
    {
        var retry = kind.IsRetryable
            ? new Text("Permintaan yang sama boleh diulang.", "The same request may be sent again.")
            : new Text("Mengulang permintaan yang sama tidak mengubah jawaban ini.", "Sending the same request again does not change this answer.");
        var body = new StringBuilder();
        body.Append(CultureInfo.InvariantCulture, $"<p><code>{Escaped(kind.Code)}</code> · {kind.Status}</p>\n");
        foreach (var paragraph in InOrder(kind.Detail, language).Zip(InOrder(retry, language), (detail, again) => $"<p>{detail} {again}</p>\n"))
        {
            body.Append(paragraph);
        }

        return Document(kind.Title, language, body.Append(CultureInfo.InvariantCulture, $"<p><a href=\"/problems\">/problems</a></p>").ToString());
    }

    private static string Document(Text title, Language language, string body) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        <!doctype html>
        <html lang="{(language == Language.English ? "en" : "id")}">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>{Escaped(title.In(language))}</title>
        <style>{Style}</style>
        <h1>{string.Join(" · ", InOrder(title, language))}</h1>
        {body}
        </html>

        """);

    /// <summary>Both languages, the reader's own first, each marked as what it is.</summary>
    private static IEnumerable<string> InOrder(Text text, Language language)
    {
        var (indonesian, english) = ($"<span lang=\"id\">{Escaped(text.Indonesian)}</span>", $"<span lang=\"en\">{Escaped(text.English)}</span>");
        return language == Language.English ? [english, indonesian] : [indonesian, english];
    }

    private static string Escaped(string text) => HtmlEncoder.Default.Encode(text);
}
