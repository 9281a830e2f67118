using System.Text.Json;
using System.Text.Json.Nodes;
using Kupang.Ledger.SharedKernel;
using Xunit;

namespace Kupang.Ledger.Tests.Contracts;

/// <summary>
/// Facts outlive the code that wrote them. Each file in StoredEvents is one fact exactly as some version of this service
/// stored it, so today's code must read it and lose nothing. When a fact changes, a file is added; none is edited.
/// </summary>
public sealed class StoredEventTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Contracts", "StoredEvents");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_stored_fact_is_read_whole(string file)
    {
        var stored = File.ReadAllBytes(Path.Combine(Folder, file));
        var fact = LedgerStore.FactTypes.Read(AliasOf(file), stored);

        var written = JsonSerializer.Serialize(fact, fact.GetType(), LedgerJson.Options);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(stored), JsonNode.Parse(written)), $"It is now written as {written}");
    }

    [Fact]
    public void Every_kind_of_fact_has_a_stored_sample() =>
        Assert.Equal(
            LedgerStore.FactTypes.All.Select(fact => fact.Alias).Order(),
            Files.Select(row => AliasOf(row.Data)).Distinct().Order());

    /// <summary>Members are camel case, numbers whole, and amounts text: a fraction in JSON is read as a binary one by many.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void A_stored_fact_has_the_form_of_all(string file) =>
        Assert.Equal([], OddParts(JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder, file))), ""));

    private static IEnumerable<string> OddParts(JsonNode? node, string pointer) => node switch
    {
        null => [$"{pointer} is null"],
        JsonObject members => members
            .Where(member => !char.IsAsciiLetterLower(member.Key[0]) || !member.Key.All(char.IsAsciiLetterOrDigit))
            .Select(member => $"{pointer}/{member.Key} is not camel case")
            .Concat(members.SelectMany(member => OddParts(member.Value, $"{pointer}/{member.Key}"))),
        JsonArray items => items.SelectMany((item, index) => OddParts(item, $"{pointer}/{index}")),
        _ when node.GetValueKind() == JsonValueKind.Number && node.ToJsonString().AsSpan().ContainsAny(".eE") => [$"{pointer} is a fraction"],
        _ => [],
    };

    /// <summary>Files are named after the fact's name in the store and, from the second form on, a version.</summary>
    private static string AliasOf(string file) => file.Split('.')[0];
}
