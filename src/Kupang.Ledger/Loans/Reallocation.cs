using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// What standing payments pay after one became known late or was taken back. All are allocated again in the order in which
/// they count; where the result is another than before, one fact says so, with the difference on the payment's own day and
/// on the days on which its advance was to be applied.
/// </summary>
internal static class Reallocation
{
    /// <param name="entries">What stands from now on, in the order in which they count.</param>
    /// <param name="gone">A payment taken back as entered in error: the lines of its own fact are reversed, and here what it was found to pay since.</param>
    /// <returns>No fact when every payment pays what it paid before; a refusal when what was given back is no longer covered.</returns>
    public static (IReadOnlyList<NewFact> Facts, Decision? Refusal) Of(
        Loan loan, ImmutableList<LoanEntry> entries, TransactionId causedBy, FundBooks funds, BookDay day, LoanEntry? gone = null)
    {
        var allocated = PaymentAllocation.Of(loan, entries, out var isCovered);
        return isCovered ? (FactsOf(loan, allocated, causedBy, funds, day, gone), null) : ([], Uncovered(entries));
    }

    /// <summary>Refunds must be taken back before what they gave back of.</summary>
    public static Decision Uncovered(IEnumerable<LoanEntry> entries) =>
        LoanRules.DependsOn([.. entries.Where(entry => entry.IsRefund).Select(entry => entry.Id)]);

    /// <summary>The fact that says what of these payments moved, or none.</summary>
    public static IReadOnlyList<NewFact> FactsOf(
        Loan loan, IEnumerable<AllocatedEntry> allocated, TransactionId causedBy, FundBooks funds, BookDay day, LoanEntry? gone = null)
    {
        List<NewSplit> moved = [];
        List<JournalLine> lines = [];
        foreach (var entry in allocated)
        {
            Compare(entry.Entry, entry.Split, entry.Schedule);
        }

        if (gone is not null)
        {
            Compare(gone, gone.BookedSplit, gone.Schedule);
        }

        if (moved.Count == 0)
        {
            return [];
        }

        ImmutableArray<FundAmount> writtenOff = [.. moved.SelectMany(split => MoreWrittenOff(loan, split)).Where(share => !share.Amount.IsZero)];
        var id = new TransactionId(Guid.CreateVersion7());
        object fact = lines.Count > 0
            ? new RepaymentsReallocated(id, loan.Id, causedBy, [.. moved], new JournalLines(lines), writtenOff.Length > 0 ? writtenOff : null)
            : new RepaymentsReassigned(id, loan.Id, causedBy, [.. moved]);
        return [new NewFact(loan.Id.Value, fact, day, EventOf: id.Value)];

        static IEnumerable<FundAmount> MoreWrittenOff(Loan loan, NewSplit split)
        {
            var before = loan.Entries.Find(entry => entry.Id == split.RepaymentId) is { } entry ? FundAmount.WrittenOffOf(entry.Split, loan.FundId) : [];
            return FundAmount.WrittenOffOf(split.Split, loan.FundId).Concat(before.Select(share => share with { Amount = -share.Amount }))
                .GroupBy(share => share.FundId)
                .Select(fund => new FundAmount(fund.Key, Money.Sum(fund.Select(share => share.Amount), loan.Currency)));
        }

        void Compare(LoanEntry entry, ImmutableArray<SplitPart> now, ImmutableArray<Schedules.Instalment>? schedule)
        {
            if (!now.SequenceEqual(entry.Split) || !(schedule ?? []).SequenceEqual(entry.Schedule ?? []))
            {
                moved.Add(new NewSplit(entry.Id, now, schedule));
                lines.AddRange(LoanPostingRules.Reallocation(loan, funds, entry, now));
            }
        }
    }
}
