using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kupang.Ledger.SharedKernel;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kupang.Ledger.Http.OpenApi;

/// <summary>
/// Describes every endpoint from what stands at it: its route, its name and the attributes that say what it takes and
/// answers. What all operations of a kind have in common is described once.
/// </summary>
public sealed partial class LedgerDocument(EndpointDataSource endpoints) : IOpenApiDocumentTransformer
{
    private const string Json = "application/json";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Kupang Ledger",
            Version = "1",
            Description = "An event-sourced ledger of revolving funds and microloans. Amounts are exact decimal text, days are business days "
                + "of the tenant, and every request that records something may be repeated safely under its Idempotency-Key.",
        };
        document.Servers = [];
        document.Tags = new HashSet<OpenApiTag>();
        document.Paths = [];
        var operations = Operation.In(endpoints);
        var schemas = new SchemaBook(document);
        var parts = new CommonParts(document);

        // Answers come first: a type that is also taken gets a second, stricter schema.
        var answers = operations.ToDictionary(operation => operation, operation => schemas.Of(operation.Answers.Body, Way.Answer));
        foreach (var operation in operations)
        {
            if (!document.Paths.TryGetValue(operation.Path, out var path))
            {
                document.Paths[operation.Path] = path = new OpenApiPathItem { Operations = [] };
            }

            path.Operations![operation.Method] = Describe(document, operation, answers[operation], schemas, parts);
        }

        foreach (var tag in operations.Select(operation => operation.Tag).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            document.Tags.Add(new OpenApiTag { Name = tag });
        }

        return Task.CompletedTask;
    }

    private static OpenApiOperation Describe(
        OpenApiDocument document, Operation operation, IOpenApiSchema answer, SchemaBook schemas, CommonParts parts)
    {
        var described = new OpenApiOperation
        {
            OperationId = operation.Id,
            Summary = SummaryOf(operation.Id),
            Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, document) },
            Parameters = [.. parts.ParametersOf(operation)],
            Responses = [],
        };
        if (operation.Takes is { } body)
        {
            described.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = Content(Json, schemas.Of(body, Way.Request), Examples.Request(operation.Id)),
            };
            if (operation.CsvColumns is { } columns)
            {
                var table = new OpenApiSchema { Type = JsonSchemaType.String, Description = $"A table in UTF-8 whose first line is: {columns}. Semicolons divide as well as commas." };
                described.RequestBody.Content!.Add("text/csv", new OpenApiMediaType { Schema = table });
            }
        }

        if (!operation.IsPublic)
        {
            described.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(CommonParts.Bearer, document)] = [] }];
        }

        foreach (var status in operation.SuccessStatuses())
        {
            described.Responses[Text(status)] = new OpenApiResponse
            {
                Description = DescriptionOf(operation, status),
                Headers = CommonParts.HeadersOf(operation, status),
                Content = AnswerOf(operation, answer, status),
            };
        }

        foreach (var status in operation.ProblemStatuses())
        {
            described.Responses[Text(status)] = parts.Problem(status);
        }

        return described;
    }

    private static Dictionary<string, OpenApiMediaType> Content(string type, IOpenApiSchema schema, JsonNode? example) =>
        new(StringComparer.Ordinal) { [type] = new OpenApiMediaType { Schema = schema, Example = example } };

    /// <summary>What can be had as a file says so by its parameter.</summary>
    private static Dictionary<string, OpenApiMediaType> AnswerOf(Operation operation, IOpenApiSchema answer, int status)
    {
        var content = Content(Json, answer, status == operation.Answers.Status ? Examples.Answer(operation.Id) : null);
        foreach (var type in operation.Query.Names.Contains("format", StringComparer.Ordinal) ? [TableResult.Csv, TableResult.Xlsx] : Array.Empty<string>())
        {
            content[type] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = type == TableResult.Csv ? null : "binary" } };
        }

        return content;
    }

    private static string DescriptionOf(Operation operation, int status) => (status, operation.Answers.Status) switch
    {
        (200, 201) => "The same was recorded before, by a request under another key; nothing was written.",
        (201, _) => "Recorded.",
        _ => "Done.",
    };

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    /// <summary><c>receiveContribution</c> as <c>Receive contribution</c>.</summary>
    private static string SummaryOf(string operationId)
    {
        var words = WordBegin().Replace(operationId, " $0").ToLowerInvariant();
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    [GeneratedRegex("[A-Z]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex WordBegin();
}

/// <summary>One operation of the interface, as its endpoint declares it.</summary>
internal sealed partial record Operation(
    string Id, string Path, HttpMethod Method, string Tag, Type? Takes, AnswersAttribute Answers, QueryAttribute Query, IReadOnlyList<QueryWordsAttribute> Words, string? CsvColumns)
{
    /// <summary>It needs no key, and says nothing about anybody.</summary>
    public bool IsPublic => !Path.StartsWith("/v1/", StringComparison.Ordinal);

    /// <summary>It records something, or tries to.</summary>
    public bool Writes => Takes is not null && typeof(Command).IsAssignableFrom(Takes);

    public bool IsConditional => Takes is not null && typeof(IConditionalCommand).IsAssignableFrom(Takes);

    public bool IsRead => Method == HttpMethod.Get && !IsPublic;

    public bool IsList => Answers.Body.IsGenericType && Answers.Body.GetGenericTypeDefinition() == typeof(Page<>);

    public IEnumerable<string> RouteParameters => RouteParameter().Matches(Path).Select(match => match.Groups["name"].Value);

    /// <summary>All operations in the order of their paths.</summary>
    public static IReadOnlyList<Operation> In(EndpointDataSource endpoints) =>
    [
        .. from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
           let name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()
           let answers = endpoint.Metadata.GetMetadata<AnswersAttribute>()
           where name is not null && answers is not null
           let path = "/" + RouteConstraint().Replace(endpoint.RoutePattern.RawText!.TrimStart('/'), "")
           from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
           orderby path, method
           select new Operation(
               name.EndpointName,
               path,
               HttpMethod.Parse(method),
               endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags is [var tag, ..] ? tag : "",
               endpoint.Metadata.GetMetadata<TakesAttribute>()?.Body,
               answers,
               endpoint.Metadata.GetMetadata<QueryAttribute>() ?? new QueryAttribute(),
               endpoint.Metadata.GetOrderedMetadata<QueryWordsAttribute>(),
               endpoint.Metadata.GetMetadata<TakesCsvAttribute>()?.Columns),
    ];

    public IEnumerable<int> SuccessStatuses() =>
        Writes && Answers.Status == StatusCodes.Status201Created ? [StatusCodes.Status200OK, StatusCodes.Status201Created] : [Answers.Status];

    public IEnumerable<int> ProblemStatuses()
    {
        SortedSet<int> statuses = IsPublic ? [] : [400, 401, 403, 503];
        if (RouteParameters.Any())
        {
            statuses.Add(404);
        }

        if (Takes is not null)
        {
            statuses.UnionWith([413, 415, 422]);
        }

        if (Writes)
        {
            statuses.Add(409);
        }

        if (IsConditional)
        {
            statuses.UnionWith([412, 428]);
        }

        if (Id == HealthEndpoint.ReadinessOperation)
        {
            statuses.Add(503);
        }

        return statuses;
    }

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex RouteParameter();

    [GeneratedRegex(@"(?<=\{\w+):[^}]*(?=\})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex RouteConstraint();
}
