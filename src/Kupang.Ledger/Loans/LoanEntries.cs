using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>Records what happens to a loan, and what it moves of what is known to have happened after it.</summary>
internal static class LoanEntries
{
    /// <param name="fact">The fact of it, from what it pays or lets off and the schedule it makes.</param>
    public static Decision Record(Loan loan, LoanEntry entry, FundBooks funds, Func<AllocatedEntry, object> fact)
    {
        var entries = loan.Entries.Insert(loan.PlaceOf(entry), entry);
        var allocated = PaymentAllocation.Of(loan, entries, out var isCovered);
        if (!isCovered)
        {
            return Reallocation.Uncovered(entries);
        }

        var day = funds.DayOf(loan.FundId, entry.EffectiveOn);
        return Decision.Record(
        [
            new NewFact(loan.Id.Value, fact(allocated.First(of => of.Entry.Id == entry.Id)), day, EventOf: entry.Id.Value),
            .. Reallocation.FactsOf(loan, allocated.Where(other => other.Entry.Id != entry.Id), entry.Id, funds, day),
        ]);
    }
}
