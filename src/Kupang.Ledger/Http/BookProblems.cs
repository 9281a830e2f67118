namespace Kupang.Ledger.Http;

public static partial class ProblemCatalogue
{
    /// <summary>What the rules of the books refuse.</summary>
    private static IEnumerable<ProblemKind> BookProblems() =>
    [
    ];
}
