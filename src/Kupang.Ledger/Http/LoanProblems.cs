namespace Kupang.Ledger.Http;

public static partial class ProblemCatalogue
{
    /// <summary>What the rules of loans and their products refuse.</summary>
    private static IEnumerable<ProblemKind> LoanProblems() =>
    [
    ];
}
