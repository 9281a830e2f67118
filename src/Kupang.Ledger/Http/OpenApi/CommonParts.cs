using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Kupang.Ledger.Http.OpenApi;

/// <summary>What operations have in common: parameters, headers, problems and the key.</summary>
internal sealed class CommonParts
{
    public const string Bearer = "bearer";

    private static readonly string[] Axes = ["effectiveOn", "knownAt", "knownAtSequence"];
    private static readonly string[] OfLists = ["limit", "cursor", "number", "externalId"];

    private readonly OpenApiDocument document;

    public CommonParts(OpenApiDocument document)
    {
        this.document = document;
        document.AddComponent(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            Description = "A key of the partner: kl_live_ and 64 hex digits. It alone says which tenant is meant.",
        });
        AddParameters();
        AddProblems();
    }

    public IEnumerable<IOpenApiParameter> ParametersOf(Operation operation)
    {
        foreach (var name in operation.RouteParameters)
        {
            yield return new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = SchemaOf(name) };
        }

        if (operation.IsRead || operation.Query.OnlyThese)
        {
            foreach (var name in QueryOf(operation))
            {
                yield return document.Components!.Parameters!.ContainsKey(name)
                    ? new OpenApiParameterReference(name, document)
                    : new OpenApiParameter { Name = name, In = ParameterLocation.Query, Schema = SchemaOf(name, operation) };
            }
        }

        if (operation.Writes)
        {
            yield return new OpenApiParameterReference(operation.IsConditional ? "If-Match" : "Idempotency-Key", document);
            foreach (var name in new[] { ActorHeaders.ActingStaff, ActorHeaders.DeviceId, ActorHeaders.DeviceSequence, ActorHeaders.CapturedAt })
            {
                yield return new OpenApiParameterReference(name, document);
            }
        }

        yield return new OpenApiParameterReference("Accept-Language", document);
    }

    public static Dictionary<string, IOpenApiHeader>? HeadersOf(Operation operation, int status)
    {
        Dictionary<string, IOpenApiHeader> headers = new(StringComparer.Ordinal);
        if (operation.Writes)
        {
            headers["Idempotent-Replayed"] = Header("true when this is the kept answer of an earlier request under the same key.", "true");
        }

        if (operation.Writes && operation.Answers.Status == StatusCodes.Status201Created)
        {
            headers["Location"] = Header("The address of what was recorded.");
        }

        if ((operation.IsRead || operation.IsConditional) && typeof(IVersioned).IsAssignableFrom(operation.Answers.Body))
        {
            headers["ETag"] = Header("The version to send as If-Match when changing it.");
        }

        return headers.Count == 0 || status >= 300 ? null : headers;
    }

    public IOpenApiResponse Problem(int status) => new OpenApiResponseReference(NameOf(status), document);

    private static IEnumerable<string> QueryOf(Operation operation) =>
        operation.Query.OnlyThese ? operation.Query.Names
        : (operation.IsList ? OfLists : Axes).Union(operation.Query.Names, StringComparer.Ordinal);

    private static OpenApiSchema SchemaOf(string name, Operation? operation = null) =>
        operation?.Words.FirstOrDefault(words => words.Name == name) is { } words ? SchemaBook.WordsOf(words.Words)
        : name.EndsWith("Id", StringComparison.Ordinal) ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" }
        : name is "from" or "to" || name.EndsWith("On", StringComparison.Ordinal) ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" }
        : name is "after" or "overdueDaysFrom" ? new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" }
        : new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = RequestJson.DefaultTextLimit };

    private static OpenApiHeader Header(string description, string? only = null) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = only is null ? null : [JsonValue.Create(only)] },
    };

    private void AddParameters()
    {
        AddQuery("effectiveOn", "The business day the answer is as of; today in the tenant's zone when left out.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" });
        AddQuery("knownAt", "What was known at this instant. Not together with knownAtSequence.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" });
        AddQuery(
            "knownAtSequence",
            "What was known at this number of the tenant's log, at most the last.",
            new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" });
        AddQuery(
            "limit",
            "How many items a page has at most.",
            new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = Text(Cursor.LargestLimit), Default = JsonValue.Create(Cursor.DefaultLimit) });
        AddQuery("cursor", "Where the page begins: part of the next link of the page before.", new OpenApiSchema { Type = JsonSchemaType.String });
        AddQuery("number", "Only the one with this printed number.", new OpenApiSchema { Type = JsonSchemaType.String });
        AddQuery("externalId", "Only the one that the partner calls so.", new OpenApiSchema { Type = JsonSchemaType.String });
        AddHeader(
            "Idempotency-Key",
            "Made anew for each new request and repeated with it. Kept for ever.",
            isRequired: true,
            new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255, Pattern = "^[!-~]+$" },
            "7b0c7d0e-8f43-4a55-9d0a-5f6a2f1f3c11");
        AddHeader("If-Match", "The ETag of the version that the change was decided on.", isRequired: true, new OpenApiSchema { Type = JsonSchemaType.String }, "\"1\"");
        AddHeader(ActorHeaders.ActingStaff, "The person of the staff who acts.", isRequired: false, new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" });
        AddHeader(
            ActorHeaders.DeviceId,
            "The device it was written down on: an id that names no person.",
            isRequired: false,
            new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 100, Pattern = "^[!-~]+$" },
            "hp-07");
        AddHeader(
            ActorHeaders.DeviceSequence,
            "Which entry of that device it is, counted by the device.",
            isRequired: false,
            new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" });
        AddHeader(
            ActorHeaders.CapturedAt,
            "When it was written down, by the clock of the device, with its offset.",
            isRequired: false,
            new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            "2026-02-05T09:30:00+08:00");
        AddHeader("Accept-Language", "The language of problems: id (the default) or en.", isRequired: false, new OpenApiSchema { Type = JsonSchemaType.String }, "id");
    }

    private void AddQuery(string name, string description, OpenApiSchema schema) => document.AddComponent<IOpenApiParameter>(
        name, new OpenApiParameter { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema });

    private void AddHeader(string name, string description, bool isRequired, OpenApiSchema schema, string? example = null) =>
        document.AddComponent<IOpenApiParameter>(name, new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Required = isRequired,
            Schema = schema,
            Example = example is null ? null : JsonValue.Create(example),
        });

    private void AddProblems()
    {
        document.AddComponent("Problem", ProblemSchema());
        foreach (var kinds in ProblemCatalogue.All.GroupBy(kind => kind.Status))
        {
            var first = kinds.First();
            document.AddComponent<IOpenApiResponse>(NameOf(kinds.Key), new OpenApiResponse
            {
                Description = string.Join(", ", kinds.Select(kind => kind.Code)),
                Headers = kinds.Any(kind => kind.IsRetryable)
                    ? new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal) { ["Retry-After"] = Header("How many seconds to wait.") }
                    : null,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", document), Example = ExampleOf(first) },
                },
            });
        }
    }

    private static JsonObject ExampleOf(ProblemKind kind) => new()
    {
        ["type"] = Problems.TypePrefix + kind.Code,
        ["title"] = kind.Title.English,
        ["status"] = kind.Status,
        ["detail"] = kind.Detail.English,
        ["instance"] = "/v1/funds",
        ["code"] = kind.Code,
        ["traceId"] = "0af7651916cd43dd8448eb211c80319c",
        ["retryable"] = kind.IsRetryable,
    };

    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "A problem as RFC 9457 defines it. The figures of the case stand beside these members, by name.",
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = Described("The address that explains the code.", "uri-reference"),
            ["title"] = Described("What kind of problem it is, in the reader's language."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = Described("This case, in the reader's language."),
            ["instance"] = Described("The path that was asked.", "uri-reference"),
            ["code"] = Described("Stable, in kebab case: what programs branch on."),
            ["traceId"] = Described("What to tell the operator."),
            ["retryable"] = new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "Whether the same request may succeed later." },
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
                    {
                        ["pointer"] = Described("A JSON pointer into the body, or the name of a parameter or header."),
                        ["code"] = Described("What is wrong there."),
                        ["detail"] = Described("The same in words."),
                    },
                    Required = new HashSet<string>(StringComparer.Ordinal) { "pointer", "code", "detail" },
                },
            },
        },
        Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "detail", "instance", "code", "traceId", "retryable" },
    };

    private static OpenApiSchema Described(string description, string? format = null) =>
        new() { Type = JsonSchemaType.String, Format = format, Description = description };

    private static string NameOf(int status) => "Problem" + Text(status);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
