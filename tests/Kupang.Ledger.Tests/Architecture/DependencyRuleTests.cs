using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Kupang.Ledger.Tests.Fixtures;
using Marten;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Wolverine.Http;
using Xunit;

namespace Kupang.Ledger.Tests.Architecture;

/// <summary>What the folders promise, checked on the compiled code. To allow a new dependency, change it here first.</summary>
public sealed partial class DependencyRuleTests(LedgerService service)
{
    private const string Everything = "*";

    private static readonly IReadOnlyList<IType> Types =
        [.. new ArchLoader().LoadAssemblies(typeof(LedgerHost).Assembly).Build().Types.Where(type => Folder(type) is not null)];

    private static readonly HashSet<string> Facts = [.. LedgerStore.FactTypes.All.Select(fact => fact.Type.FullName!)];

    /// <summary>Each folder, and what it may use: a whole folder, or only the facts of another capability.</summary>
    public static TheoryData<string, string[]> AllowedUses => new()
    {
        { "SharedKernel", [] },
        { "Writing", ["SharedKernel"] },
        { "Http", ["SharedKernel", "Writing"] },
        { "Partners", ["SharedKernel", "Writing", "Http"] },
        { "Staff", ["SharedKernel", "Writing", "Http"] },
        { "Members", ["SharedKernel", "Writing", "Http", "Staff"] },
        { "Funds", ["SharedKernel", "Writing", "Http", "Policies"] },
        { "Calendars", ["SharedKernel", "Writing", "Http"] },
        { "RateCaps", ["SharedKernel", "Writing", "Http"] },
        { "Loans", ["SharedKernel", "Writing", "Http", "Funds", "Members", "Staff", "Calendars", "RateCaps"] },
        { "Policies", ["SharedKernel", "Writing", "Http"] },
        { "UnidentifiedReceipts", ["SharedKernel", "Writing", "Http", "Funds", "Loans"] },
        { "Savings", ["SharedKernel", "Writing", "Http", "Funds", "Members", "Loans"] },
        { "Arisan", ["SharedKernel", "Writing", "Http", "Funds", "Members", "Loans"] },
        { "Cycles", ["SharedKernel", "Writing", "Http", "Funds", "Members", "Loans"] },
        { "SurplusSharing", ["SharedKernel", "Writing", "Http", "Funds", "Loans"] },
        { "Corrections", ["SharedKernel", "Writing", "Http", "Funds", "Loans", "Savings", "CashBoxes", "UnidentifiedReceipts", "Cycles", "Arisan", "SurplusSharing"] },
        { "GeneralLedger", ["SharedKernel", "Writing", "Http", "CashBoxes", "Funds", "Loans", "Savings"] },
        { "CashBoxes", ["SharedKernel", "Writing", "Http", "Funds", "Staff"] },
        { "Signals", ["SharedKernel", "Writing", "Http", "CashBoxes", "Members", "facts of Loans"] },
        { "Reporting", ["SharedKernel", "Writing", "Http", "Policies", "Funds", "Loans"] },
        { "Allowances", ["SharedKernel", "Writing", "Http", "Policies", "Funds", "Loans", "Reporting"] },
        { "Audit", ["SharedKernel", "Writing", "Http"] },
        { "CommandLine", [Everything] },
    };

    [Theory]
    [MemberData(nameof(AllowedUses))]
    public void A_folder_uses_only_what_it_may(string folder, string[] allowed) =>
        AssertNone(
            from type in Types
            where Folder(type) == folder && !allowed.Contains(Everything)
            from target in TargetsOf(type)
            where Folder(target) is { } used && used != folder && !allowed.Contains(used)
                && !(allowed.Contains($"facts of {used}") && Facts.Contains(target.FullName))
            select $"{type.FullName} uses {target.FullName}");

    [Fact]
    public void Every_folder_is_listed() =>
        Assert.Equal(AllowedUses.Select(row => row.Data.Item1).Order(), Types.Select(Folder).Distinct().Order());

    /// <summary>A type that may touch a framework says so at the end of its name, or lives in a folder that is there for it.</summary>
    [Fact]
    public void Business_code_knows_no_framework() =>
        AssertNone(
            from type in Types
            where Folder(type) is not ("Http" or "Writing" or "CommandLine") && !MayTouchFrameworks().IsMatch(type.FullName)
            from target in TargetsOf(type)
            where Framework().IsMatch(target.FullName)
            select $"{type.FullName} uses {target.FullName}");

    /// <summary>
    /// In Http a header's weight and in Writing a metric are binary fractions by the framework's own signatures; no amount,
    /// rate or date passes through those folders as anything but the exact types of the others.
    /// </summary>
    [Fact]
    public void Nothing_is_counted_in_binary_fractions() =>
        AssertNone(
            from type in Types
            where Folder(type) is not ("Http" or "Writing" or "CommandLine")
            from target in TargetsOf(type)
            where target.FullName is "System.Double" or "System.Single" or "System.Half"
            select $"{type.FullName} uses {target.FullName}");

    /// <summary>Every fact enters through the door: nothing else can append or save.</summary>
    [Fact]
    public void Only_the_door_writes() =>
        AssertNone(
            from type in Types
            where Folder(type) != "Writing"
            from target in TargetsOf(type)
            where WriteAccess().IsMatch(target.FullName)
            select $"{type.FullName} uses {target.FullName}");

    [Fact]
    public async Task No_endpoint_is_handed_a_way_past_the_door()
    {
        var chains = (await service.Services()).GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<HttpChain>())
            .OfType<HttpChain>()
            .ToArray();

        Assert.NotEmpty(chains);
        AssertNone(
            from chain in chains
            from parameter in chain.Method.Method.GetParameters()
            where parameter.ParameterType.IsAssignableTo(typeof(IQuerySession)) || parameter.ParameterType.IsAssignableTo(typeof(IDocumentStore))
            select $"{chain.OperationId} takes {parameter.ParameterType}");
    }

    private static IEnumerable<IType> TargetsOf(IType type) => type.Dependencies.Select(dependency => dependency.Target).Distinct();

    private static void AssertNone(IEnumerable<string> violations)
    {
        var found = string.Join(Environment.NewLine, violations);
        if (found.Length > 0)
        {
            Assert.Fail(found);
        }
    }

    private static string? Folder(IType type) =>
        FolderOfType().Match(type.FullName) is { Success: true } match ? match.Groups["folder"].Value : null;

    [GeneratedRegex(@"^Kupang\.Ledger\.(?<folder>\w+)\.", RegexOptions.ExplicitCapture)]
    private static partial Regex FolderOfType();

    // What follows the name are the compiler's nested types, which belong to it.
    [GeneratedRegex(@"(Endpoint|Handler|Projection|Subscription|Module|EventModel|Command)([+/].*)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex MayTouchFrameworks();

    [GeneratedRegex(@"^(Marten|Wolverine|JasperFx|Weasel|Npgsql|Microsoft\.AspNetCore)\.", RegexOptions.ExplicitCapture)]
    private static partial Regex Framework();

    [GeneratedRegex(@"^Marten\.(IDocumentSession|IQuerySession|IDocumentOperations|Events\.IEvent(Store)?Operations|Events\.IEventStore.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex WriteAccess();
}
