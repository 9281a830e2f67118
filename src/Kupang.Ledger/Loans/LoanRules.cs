using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>What several steps of a loan's life are refused for.</summary>
public static class LoanRules
{
    public static Decision WrongStatus(string code, Loan loan) =>
        Decision.Refuse(code, pointer: null, new Figure("loanStatus", LedgerJson.WordOf(loan.Status)));

    /// <summary>Why nothing can be charged, let off or rescheduled, or null.</summary>
    public static Decision? CheckActive(Loan loan) => loan.Status == LoanStatus.Active ? null : WrongStatus("loan-not-active", loan);

    /// <summary>What makes up the claim after a write-off.</summary>
    public static readonly SplitComponent[] WrittenOffComponents =
    [
        SplitComponent.PrincipalWrittenOff, SplitComponent.InterestWrittenOff, SplitComponent.FeeWrittenOff, SplitComponent.PenaltyWrittenOff,
    ];

    /// <summary>A turn is not dated before another one: that one must be taken back first.</summary>
    public static Decision? CheckLastTurn(Loan loan, DateOnly effectiveOn)
    {
        TransactionId[] later =
        [
            .. loan.Entries
                .Where(entry => entry.Kind is EntryKind.Rescheduling or EntryKind.Settlement or EntryKind.WriteOff or EntryKind.InsuranceClaim or EntryKind.Tranche)
                .Where(entry => entry.EffectiveOn > effectiveOn)
                .Select(entry => entry.Id),
        ];
        return later.Length == 0 ? null : DependsOn(later);
    }

    /// <summary>A step does not lie before the one it follows.</summary>
    public static Decision? NotBefore(DateOnly effectiveOn, DateOnly earlier, string code) =>
        effectiveOn < earlier ? Decision.Refuse(code, "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("earlier", earlier)) : null;

    /// <summary>What rests on a fact must be taken back before it.</summary>
    public static Decision DependsOn(params IReadOnlyList<TransactionId> later) => Decision.Refuse(
        "later-facts-depend-on-it", "/transactionId", new Figure("later", string.Join(", ", later)));
}
