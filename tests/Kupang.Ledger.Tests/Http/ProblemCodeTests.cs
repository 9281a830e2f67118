using System.Text.RegularExpressions;
using Kupang.Ledger.Http;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;

namespace Kupang.Ledger.Tests.Http;

public sealed partial class ProblemCodeTests
{
    /// <summary>A refusal whose code nobody can look up would be answered as our own mistake.</summary>
    [Fact]
    public void Every_code_that_a_rule_refuses_with_is_explained()
    {
        var known = ProblemCatalogue.All.Select(kind => kind.Code).ToHashSet();
        var sources = Directory.EnumerateFiles(Path.Combine(InterfaceDescription.RepositoryFolder(), "src", "Kupang.Ledger"), "*.cs", SearchOption.AllDirectories);

        var codes = sources.SelectMany(path => Refusals().Matches(File.ReadAllText(path))).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.True(codes.Count > 50, "The refusals were not found in the source.");
        Assert.Equal([], codes.Except(known).Order());
    }

    [GeneratedRegex("(?:Refuse|WrongStatus)\\(\\s*\"([a-z0-9-]+)\"")]
    private static partial Regex Refusals();
}
