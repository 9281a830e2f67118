using System.Net;
using System.Reflection;
using Kupang.Ledger.Http;
using Kupang.Ledger.Tests.Fixtures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Kupang.Ledger.Tests.Contracts;

/// <summary>
/// The interface's description is a promise to partners: it is committed, so that a change of it is seen by whoever reads
/// the change, and it says of every operation what the operation does.
/// </summary>
public sealed class OpenApiTests(LedgerService service)
{
    [Fact]
    public async Task The_committed_description_is_what_the_service_answers()
    {
        using var client = await service.NewClient();
        var answered = await client.GetByteArrayAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        var committed = File.Exists(InterfaceDescription.CommittedPath)
            ? await File.ReadAllBytesAsync(InterfaceDescription.CommittedPath, TestContext.Current.CancellationToken)
            : [];
        if (!answered.SequenceEqual(committed))
        {
            var beside = InterfaceDescription.CommittedPath + ".new";
            await File.WriteAllBytesAsync(beside, answered, TestContext.Current.CancellationToken);
            Assert.Fail($"The description has changed. When that is meant, put {beside} in the place of the committed one.");
        }
    }

    [Fact]
    public async Task Every_endpoint_is_described()
    {
        var described = InterfaceDescription.Operations.Select(operation => $"{operation.Method} {operation.Path}").ToHashSet();

        var missing = (await Endpoints())
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}"))
            .Where(endpoint => !described.Contains(endpoint));

        Assert.Equal([], missing);
    }

    [Fact]
    public void Every_operation_has_a_name_a_tag_an_answer_and_a_problem()
    {
        Assert.All(InterfaceDescription.Operations, operation =>
        {
            Assert.NotEmpty(operation.Id);
            Assert.NotEmpty(operation.Node["tags"]!.AsArray()[0]!.GetValue<string>());
            var statuses = operation.Node["responses"]!.AsObject().Select(response => response.Key).ToArray();
            Assert.Contains(statuses, status => status.StartsWith('2'));
            if (operation.Path.StartsWith("/v1/", StringComparison.Ordinal))
            {
                Assert.Contains(statuses, status => status.StartsWith('4'));
                Assert.NotNull(operation.Node["security"]);
            }
        });
        Assert.Equal(
            InterfaceDescription.Operations.Count,
            InterfaceDescription.Operations.Select(operation => operation.Id).Distinct().Count());
    }

    [Fact]
    public async Task Every_request_has_an_example_that_the_service_can_read()
    {
        foreach (var endpoint in (await Endpoints()).Where(endpoint => endpoint.Metadata.GetMetadata<TakesAttribute>() is not null))
        {
            var id = endpoint.Metadata.GetRequiredMetadata<EndpointNameMetadata>().EndpointName;
            var example = InterfaceDescription.Of(id).RequestExample;
            Assert.True(example is not null, $"{id} has no example in examples.json.");

            var read = typeof(RequestJson).GetMethod(nameof(RequestJson.Read))!.MakeGenericMethod(endpoint.Metadata.GetMetadata<TakesAttribute>()!.Body);
            try
            {
                Assert.NotNull(read.Invoke(null, [(ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(example.ToJsonString())]));
            }
            catch (TargetInvocationException failure) when (failure.InnerException is RequestProblem problem)
            {
                Assert.Fail($"{id}: {string.Join("; ", problem.Errors)}");
            }
        }
    }

    [Fact]
    public void Every_example_is_as_its_schema_says()
    {
        Assert.All(InterfaceDescription.Operations, operation =>
        {
            foreach (var (schema, example) in operation.Examples())
            {
                Assert.Equal([], InterfaceDescription.Mismatches(schema, example));
            }
        });
    }

    /// <summary>A parameter that is described is taken, and one that is not is refused.</summary>
    [Fact]
    public async Task Reads_take_the_parameters_that_are_described_and_no_others()
    {
        var partner = await service.NewTenant();
        var all = InterfaceDescription.Operations.SelectMany(operation => operation.QueryParameters).Distinct().ToArray();
        foreach (var operation in InterfaceDescription.Operations.Where(operation => operation.Method == "GET" && operation.Path.StartsWith("/v1/", StringComparison.Ordinal)))
        {
            var path = System.Text.RegularExpressions.Regex.Replace(operation.Path, @"\{\w+\}", _ => Guid.CreateVersion7().ToString());
            foreach (var parameter in all)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}?{parameter}=%20");
                using var response = await partner.Answer(request);
                var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                var isUnknown = text.Contains("unknown-parameter", StringComparison.Ordinal);
                Assert.True(
                    operation.QueryParameters.Contains(parameter) != isUnknown,
                    $"{operation.Id} with {parameter}: {text}");
                Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
            }
        }
    }

    private async Task<IReadOnlyList<RouteEndpoint>> Endpoints() =>
        [.. (await service.Services()).GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];
}
