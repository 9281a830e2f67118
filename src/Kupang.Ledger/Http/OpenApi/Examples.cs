using System.Text.Json.Nodes;

namespace Kupang.Ledger.Http.OpenApi;

/// <summary>What requests and answers look like, by operation id. The tests send every request among them.</summary>
internal static class Examples
{
    private const string Resource = "Kupang.Ledger.Http.OpenApi.examples.json";

    private static readonly Lazy<JsonObject> All = new(() =>
    {
        using var stream = typeof(Examples).Assembly.GetManifestResourceStream(Resource)!;
        return JsonNode.Parse(stream)!.AsObject();
    });

    public static JsonNode? Request(string operationId) => All.Value[operationId]?["request"]?.DeepClone();

    public static JsonNode? Answer(string operationId) => All.Value[operationId]?["answer"]?.DeepClone();
}
