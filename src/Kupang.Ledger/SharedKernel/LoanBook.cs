namespace Kupang.Ledger.SharedKernel;

/// <summary>A change of what borrowers owe a fund on one pair of days: positive when paid out, negative when it came back.</summary>
public sealed record LoanBookMovement(FundId FundId, Money Amount, BookDay Day);

/// <summary>
/// What borrowers owe, told by the loans' own facts and never by journal lines, so that the check of the books can hold one
/// against the other: on every day, the receivables of a fund are what its loans owe. It is given every fact of a tenant in
/// order, keeps what it needs of them (not the facts themselves: there may be a million), and at the end names each change
/// of outstanding principal with both its days. Whoever knows loans implements it; a fact of another kind is passed over.
/// </summary>
public interface ILoanBook
{
    void Add(RecordedFact fact);

    /// <summary>Asked once, after the last fact. Changes of one fund on one pair of days may be summed.</summary>
    IEnumerable<LoanBookMovement> Movements();

    /// <summary>The same of margins of <em>murabahah</em> that were agreed and not received yet.</summary>
    IEnumerable<LoanBookMovement> Margins();
}
