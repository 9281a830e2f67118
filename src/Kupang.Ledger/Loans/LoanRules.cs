using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>What several steps of a loan's life are refused for.</summary>
public static class LoanRules
{
    public static Decision WrongStatus(string code, Loan loan) =>
        Decision.Refuse(code, pointer: null, new Figure("loanStatus", LedgerJson.WordOf(loan.Status)));

    /// <summary>Why nothing can be charged, let off or rescheduled, or null.</summary>
    public static Decision? CheckActive(Loan loan) => loan.Status == LoanStatus.Active ? null : WrongStatus("loan-not-active", loan);

    /// <summary>A step does not lie before the one it follows.</summary>
    public static Decision? NotBefore(DateOnly effectiveOn, DateOnly earlier, string code) =>
        effectiveOn < earlier ? Decision.Refuse(code, "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("earlier", earlier)) : null;

    /// <summary>What rests on a fact must be taken back before it.</summary>
    public static Decision DependsOn(params IReadOnlyList<TransactionId> later) => Decision.Refuse(
        "later-facts-depend-on-it", "/transactionId", new Figure("later", string.Join(", ", later)));
}
