namespace Kupang.Ledger.Http;

public static partial class ProblemCatalogue
{
    /// <summary>What the rules of members, groups and staff refuse.</summary>
    private static IEnumerable<ProblemKind> MemberProblems() =>
    [
    ];
}
