using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Wolverine.Http;

namespace Kupang.Ledger.Http.OpenApi;

/// <summary>The interface's own description. It is made once: it changes only with the program.</summary>
public static class OpenApiEndpoint
{
    private const string Name = "v1";

    public static IServiceCollection AddLedgerOpenApi(this IServiceCollection services) => services
        .AddSingleton<WrittenDocument>()
        .AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;

            // The framework sees only that endpoints take a context; what they say of themselves is read by the transformer.
            options.ShouldInclude = _ => false;
            options.AddDocumentTransformer<LedgerDocument>();
        });

    [WolverineGet("/openapi/v1.json", OperationId = "getDescription")]
    [Tags("Service"), Answers(typeof(object), 200)]
    public static async Task<IResult> Get(HttpContext http) =>
        Results.Bytes(await http.RequestServices.GetRequiredService<WrittenDocument>().Bytes(http.RequestAborted), "application/json; charset=utf-8");

    public sealed class WrittenDocument([FromKeyedServices(Name)] IOpenApiDocumentProvider documents)
    {
        private byte[]? written;

        public async Task<byte[]> Bytes(CancellationToken cancellation)
        {
            if (written is null)
            {
                var document = await documents.GetOpenApiDocumentAsync(cancellation);
                await using var stream = new MemoryStream();
                await document.SerializeAsync(stream, OpenApiSpecVersion.OpenApi3_1, OpenApiConstants.Json, cancellation);
                stream.WriteByte((byte)'\n');
                written = stream.ToArray();
            }

            return written;
        }
    }
}
