using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// What standing payments pay after one became known late or was taken back. Each is allocated again in the order in which
/// they count; where the result is another than before, one fact says so, with the difference on the payment's own day.
/// </summary>
public static class Reallocation
{
    /// <param name="payments">The payments that stand from now on, in the order in which they count.</param>
    /// <param name="from">The first of them that may pay something else.</param>
    /// <param name="gone">A payment taken back as entered in error: the lines of its own fact are reversed, and here what it was found to pay since.</param>
    /// <returns>None when every payment pays what it paid before.</returns>
    public static IReadOnlyList<NewFact> Of(
        Loan loan, ImmutableList<Payment> payments, int from, TransactionId causedBy, Fund fund, BookDay day, Payment? gone = null)
    {
        var paid = PaidBy(loan, payments.Take(from));
        var splits = payments.Take(from).ToDictionary(payment => payment.Id, payment => payment.Split);
        List<NewSplit> moved = [];
        List<JournalLine> lines = [];
        foreach (var payment in payments.Skip(from))
        {
            var now = payment.Returns is { } returned
                ? Payment.Negated(splits[returned])
                : PaymentAllocation.Split(loan.Schedule, paid, payment.Amount, payment.EffectiveOn, loan.Terms.Allocation);
            Add(paid, now);
            splits[payment.Id] = now;
            Compare(payment, now);
        }

        if (gone is not null)
        {
            Compare(gone, gone.BookedSplit);
        }

        if (moved.Count == 0)
        {
            return [];
        }

        var id = new TransactionId(Guid.CreateVersion7());
        object fact = lines.Count > 0
            ? new RepaymentsReallocated(id, loan.Id, causedBy, [.. moved], new JournalLines(lines))
            : new RepaymentsReassigned(id, loan.Id, causedBy, [.. moved]);
        return [new NewFact(loan.Id.Value, fact, day, EventOf: id.Value)];

        void Compare(Payment payment, ImmutableArray<SplitPart> now)
        {
            if (!now.SequenceEqual(payment.Split))
            {
                moved.Add(new NewSplit(payment.Id, now));
                lines.AddRange(LoanPostingRules.Reallocation(
                    loan.FundId, loan.MemberId, payment.Split, now, loan.Terms.BookingClass, fund.DayOf(payment.EffectiveOn)));
            }
        }
    }

    /// <summary>What these payments have paid, instalment by instalment.</summary>
    public static PaidParts[] PaidBy(Loan loan, IEnumerable<Payment> payments)
    {
        var paid = new PaidParts[loan.Schedule.Length];
        foreach (var payment in payments)
        {
            Add(paid, payment.Split);
        }

        return paid;
    }

    private static void Add(PaidParts[] paid, ImmutableArray<SplitPart> split)
    {
        foreach (var part in split)
        {
            if (part.Instalment is { } number)
            {
                paid[number - 1] = paid[number - 1].Add(part.Component, part.Amount.MinorUnits);
            }
        }
    }
}
