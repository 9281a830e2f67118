using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kupang.Ledger.Tests.Fixtures;

/// <summary>One operation of the committed description.</summary>
public sealed record DescribedOperation(string Method, string Path, JsonNode Node)
{
    public string Id => Node["operationId"]!.GetValue<string>();

    public JsonNode? RequestExample => Node["requestBody"]?["content"]?["application/json"]?["example"];

    public JsonNode RequestSchema => Node["requestBody"]!["content"]!["application/json"]!["schema"]!;

    public IReadOnlyList<string> QueryParameters =>
    [
        .. Node["parameters"]!.AsArray()
            .Select(parameter => InterfaceDescription.Resolve(parameter!))
            .Where(parameter => parameter["in"]!.GetValue<string>() == "query")
            .Select(parameter => parameter["name"]!.GetValue<string>()),
    ];

    /// <summary>The schema of an answer with this status.</summary>
    public JsonNode AnswerSchema(int status) =>
        InterfaceDescription.Resolve(Node["responses"]![status.ToString(CultureInfo.InvariantCulture)]!)["content"]!.AsObject().First().Value!["schema"]!;

    public IEnumerable<(JsonNode Schema, JsonNode Example)> Examples()
    {
        var contents = Node["responses"]!.AsObject().Select(response => InterfaceDescription.Resolve(response.Value!)["content"])
            .Append(Node["requestBody"]?["content"]);
        return from content in contents
               where content is not null
               let body = content.AsObject().First().Value
               where body["example"] is not null
               select (body["schema"]!, body["example"]!);
    }

    public override string ToString() => Id;
}

/// <summary>The committed description of the interface, and a small reader of the part of JSON Schema that it uses.</summary>
public static class InterfaceDescription
{
    public static readonly string CommittedPath = Path.Combine(RepositoryFolder(), "tests", "Kupang.Ledger.Tests", "Contracts", "openapi-v1.json");

    private static readonly Lazy<JsonNode> Document = new(() => JsonNode.Parse(File.ReadAllText(CommittedPath))!);

    public static IReadOnlyList<DescribedOperation> Operations =>
    [
        .. from path in Document.Value["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           select new DescribedOperation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!),
    ];

    public static DescribedOperation Of(string id) => Operations.Single(operation => operation.Id == id);

    /// <summary>What a reference leads to, or the node itself.</summary>
    public static JsonNode Resolve(JsonNode node) => node["$ref"] is { } reference
        ? reference.GetValue<string>()[2..].Split('/').Aggregate(Document.Value, (at, name) => at[name]!)
        : node;

    /// <summary>Where a value is not what a schema says.</summary>
    public static IEnumerable<string> Mismatches(JsonNode schema, JsonNode? value, string pointer = "")
    {
        var resolved = Resolve(schema);
        if (resolved["oneOf"] is JsonArray choices)
        {
            return choices.Any(choice => !Mismatches(choice!, value, pointer).Any()) ? [] : [$"{pointer}: none of the choices"];
        }

        if (resolved["type"] is { } type && !TypesOf(type).Any(name => IsOfType(name, value)))
        {
            return [$"{pointer}: {value?.ToJsonString() ?? "null"} is not {type.ToJsonString()}"];
        }

        return value switch
        {
            JsonObject members => MismatchesOfMembers(resolved, members, pointer),
            JsonArray items when resolved["items"] is { } itemSchema => items.SelectMany((item, index) => Mismatches(itemSchema, item, $"{pointer}/{index}")),
            JsonValue text when value.GetValueKind() == JsonValueKind.String => MismatchesOfText(resolved, text.GetValue<string>(), pointer),
            _ => [],
        };
    }

    private static IEnumerable<string> MismatchesOfMembers(JsonNode schema, JsonObject members, string pointer)
    {
        var known = schema["properties"] as JsonObject ?? [];
        var isClosed = schema["additionalProperties"] is JsonValue closed && !closed.GetValue<bool>();
        var missing = (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).Where(name => !members.ContainsKey(name));
        return missing.Select(name => $"{pointer}/{name} is missing")
            .Concat(members.Where(member => isClosed && !known.ContainsKey(member.Key)).Select(member => $"{pointer}/{member.Key} is unknown"))
            .Concat(members.Where(member => known.ContainsKey(member.Key)).SelectMany(member => Mismatches(known[member.Key]!, member.Value, $"{pointer}/{member.Key}")));
    }

    private static IEnumerable<string> MismatchesOfText(JsonNode schema, string text, string pointer)
    {
        if (schema["enum"] is JsonArray words && !words.Any(word => word!.GetValue<string>() == text))
        {
            yield return $"{pointer}: '{text}' is not one of {words.ToJsonString()}";
        }

        if (schema["pattern"] is { } pattern && !Regex.IsMatch(text, pattern.GetValue<string>()))
        {
            yield return $"{pointer}: '{text}' has not the form {pattern}";
        }

        var hasForm = schema["format"]?.GetValue<string>() switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => true,
        };
        if (!hasForm || text.Length > (schema["maxLength"]?.GetValue<int>() ?? int.MaxValue) || text.Length < (schema["minLength"]?.GetValue<int>() ?? 0))
        {
            yield return $"{pointer}: '{text}' has not the form or length of {schema.ToJsonString()}";
        }
    }

    private static IEnumerable<string> TypesOf(JsonNode type) =>
        type is JsonArray several ? several.Select(name => name!.GetValue<string>()) : [type.GetValue<string>()];

    private static bool IsOfType(string name, JsonNode? value) => (name, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("null", JsonValueKind.Null) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => !value!.ToJsonString().AsSpan().ContainsAny(".eE"),
        _ => false,
    };

    public static string RepositoryFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kupang.Ledger.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run from inside the repository.");
        }

        return folder.FullName;
    }
}
