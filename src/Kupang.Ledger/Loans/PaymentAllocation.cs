using System.Collections.Immutable;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// What payments pay. Each pays first what is due by its day, in the order of the loan's terms. What is left is an advance,
/// which the terms say what becomes of: it pays the next instalments at once, interest before principal; it is held and pays
/// each of them on its due date; or it brings the principal down. What is left when nothing is owed stays an advance. Nothing
/// is lost: the parts of a payment sum to it.
/// <para>
/// Payments are gone through in the order in which they count. A refund takes of what is held, oldest payment first; a
/// payment that goes back takes what it had paid and what is held of it. What is held after it pays what is open then. So the
/// result hangs on the dated facts alone, and not on the order in which they became known.
/// </para>
/// </summary>
internal sealed class PaymentAllocation
{
    private readonly LoanTerms terms;
    private readonly ImmutableArray<Instalment> firstSchedule;
    private readonly Money principal;
    private readonly DateOnly disbursedOn;
    private readonly List<Entry> entries = [];
    private readonly PaidParts[] paid;
    private ImmutableArray<Instalment> schedule;
    private long prepaid;
    private int made;

    private PaymentAllocation(Loan loan, PaidParts[] paid, ImmutableArray<Instalment> schedule, long prepaid)
    {
        (terms, firstSchedule, principal, disbursedOn) = (loan.Terms, loan.FirstSchedule, loan.Principal, loan.Disbursement!.EffectiveOn);
        (this.paid, this.schedule, this.prepaid) = (paid, schedule, prepaid);
    }

    /// <summary>What a payment pays that counts after all others: what they have paid is known already.</summary>
    public static AllocatedPayment OfNewest(Loan loan, Payment payment)
    {
        var ahead = loan.Terms.Advance == AdvanceRule.ReducePrincipal ? loan.Principal.MinorUnits - loan.Schedule.Sum(row => row.Principal.MinorUnits) : 0;
        var allocation = new PaymentAllocation(loan, [.. loan.Paid], loan.Schedule, ahead);
        allocation.Add(payment);
        allocation.Apply(payment.EffectiveOn);
        return allocation.Results(loan, loan.Payments.SelectMany(known => known.Split))[0];
    }

    /// <summary>What each of these payments pays, when the loan has these and no others.</summary>
    /// <param name="isCovered">Whether enough was held for each refund and return.</param>
    public static IReadOnlyList<AllocatedPayment> Of(Loan loan, IReadOnlyList<Payment> payments, out bool isCovered)
    {
        var allocation = new PaymentAllocation(loan, new PaidParts[loan.FirstSchedule.Length], loan.FirstSchedule, prepaid: 0);
        isCovered = true;
        foreach (var (index, payment) in payments.Index())
        {
            isCovered &= allocation.Add(payment);

            // What goes back on one day goes back together, whichever was recorded first.
            if (index + 1 == payments.Count || !payment.GoesBackWith(payments[index + 1]))
            {
                allocation.Apply(payment.EffectiveOn);
            }
        }

        return allocation.Results(loan, divided: []);
    }

    private bool HoldsSomething => entries.Exists(entry => entry.Held > 0);

    private bool Add(Payment payment)
    {
        var entry = new Entry(payment, ++made);
        entries.Add(entry);
        if (payment.Amount.IsNegative)
        {
            return TakeOut(entry);
        }

        entry.Held = payment.Amount.MinorUnits;
        return true;
    }

    /// <summary>What goes out of the loan: first what its payment had paid by then, when it takes one back, the rest of what is held.</summary>
    private bool TakeOut(Entry entry)
    {
        var day = entry.Payment.EffectiveOn;
        var left = -entry.Payment.Amount.MinorUnits;
        foreach (var holder in entries)
        {
            Release(holder, day);
        }

        if (entry.Payment.Returns is { } returned)
        {
            var own = entries.Find(known => known.Payment.Id == returned)!;
            foreach (var part in own.Parts)
            {
                left -= part.Amount;
                entry.Parts.Add(part with { Amount = -part.Amount, AppliedOn = null, Made = ++made, Undoes = part });
                Count(part, -1);
            }

            left -= entry.TakeOf(own, left);
        }

        foreach (var holder in entries)
        {
            left -= entry.TakeOf(holder, left);
        }

        return left == 0;
    }

    /// <summary>What was to be paid after a day is held again.</summary>
    private void Release(Entry entry, DateOnly day)
    {
        foreach (var part in entry.Parts.Where(part => part.AppliedOn > day).ToArray())
        {
            entry.Parts.Remove(part);
            entry.Held += part.Amount;
            Count(part, -1);
        }
    }

    /// <summary>What is held on a day pays what it may.</summary>
    private void Apply(DateOnly day)
    {
        // Due dates never decrease, so what is due is the beginning of the schedule.
        var due = schedule.TakeWhile(row => row.DueOn <= day).ToArray();
        var inOrder = terms.Allocation == AllocationOrder.OldestInstalmentFirst
            ? due.SelectMany(InterestThenPrincipal)
            : due.Select(row => (row, SplitComponent.Interest)).Concat(due.Select(row => (row, SplitComponent.Principal)));
        foreach (var (row, component) in inOrder.TakeWhile(_ => HoldsSomething))
        {
            Pay(row, component, day);
        }

        if (terms.Advance == AdvanceRule.ReducePrincipal)
        {
            Reduce(due, day);
        }

        foreach (var (row, component) in schedule.Skip(due.Length).SelectMany(InterestThenPrincipal).TakeWhile(_ => HoldsSomething))
        {
            Pay(row, component, terms.Advance == AdvanceRule.Hold ? row.DueOn : day);
        }
    }

    private void Pay(Instalment row, SplitComponent component, DateOnly on)
    {
        var open = component == SplitComponent.Interest
            ? row.Interest.MinorUnits - paid[row.Number - 1].Interest
            : row.Principal.MinorUnits - paid[row.Number - 1].Principal;
        Spend(open, new Part(row.Number, row.DueOn, component, 0, on));
    }

    /// <summary>Brings the principal down that is not due yet by all that is held, and makes the rest of the schedule anew.</summary>
    private void Reduce(Instalment[] due, DateOnly day)
    {
        var notDue = principal.MinorUnits - due.Sum(row => row.Principal.MinorUnits);
        Spend(notDue - prepaid, new Part(Instalment: null, DueOn: null, SplitComponent.Principal, 0, day));
        var ahead = notDue - prepaid;
        if (ahead != schedule.Skip(due.Length).Sum(row => row.Principal.MinorUnits))
        {
            var left = Money.OfMinorUnits(ahead, principal.Currency);
            var lent = Money.OfMinorUnits(principal.MinorUnits - prepaid, principal.Currency);
            schedule = PrincipalReduction.Of(terms, disbursedOn, firstSchedule, schedule, due.Length, left, lent, isRunning: day > BeginOf(due.Length));
            entries[^1].Schedule = schedule;
        }
    }

    /// <summary>The period of an instalment begins after the due date before it, the first one after the disbursement.</summary>
    private DateOnly BeginOf(int index) => index == 0 ? disbursedOn : firstSchedule[index - 1].DueOn;

    private void Spend(long open, Part part)
    {
        foreach (var entry in entries)
        {
            var amount = Math.Min(entry.Held, open);
            if (amount > 0)
            {
                var own = part with { Amount = amount, AppliedOn = part.AppliedOn == entry.Payment.EffectiveOn ? null : part.AppliedOn, Made = ++made };
                entry.Parts.Add(own);
                (entry.Held, open) = (entry.Held - amount, open - amount);
                Count(own, sign: 1);
            }
        }
    }

    private void Count(Part part, int sign)
    {
        if (part.Instalment is { } number)
        {
            paid[number - 1] = paid[number - 1].Add(part.Component, sign * part.Amount);
        }
        else
        {
            prepaid += sign * part.Amount;
        }
    }

    private static IEnumerable<(Instalment Row, SplitComponent Component)> InterestThenPrincipal(Instalment row) =>
        [(row, SplitComponent.Interest), (row, SplitComponent.Principal)];

    /// <summary>What each payment pays, and of which fund when there are several.</summary>
    /// <param name="divided">The parts of payments that are not gone through here.</param>
    private ImmutableArray<AllocatedPayment> Results(Loan loan, IEnumerable<SplitPart> divided)
    {
        if (loan.Funding.Length == 1)
        {
            return [.. entries.Select(entry => entry.Result(part => [part.Of(loan.Currency)]))];
        }

        var funds = new FundShares(loan.Funding, divided);
        Dictionary<Part, SplitPart[]> shares = new(ReferenceEqualityComparer.Instance);
        foreach (var part in entries.SelectMany(entry => entry.All()).OrderBy(part => part.Made))
        {
            shares[part] = part.Undoes is { } source ? funds.Undo(shares[source]) : funds.Divide(part.Of(loan.Currency));
        }

        return [.. entries.Select(entry => entry.Result(part => shares[part]))];
    }

    /// <summary>A part as it is worked out: in minor units, of no fund yet. Without an instalment it is principal paid ahead of time, or an advance.</summary>
    /// <param name="Made">Counts the parts in the order in which they come to be.</param>
    /// <param name="Undoes">The part that this one takes back.</param>
    private sealed record Part(int? Instalment, DateOnly? DueOn, SplitComponent Component, long Amount, DateOnly? AppliedOn, int Made = 0, Part? Undoes = null)
    {
        public SplitPart Of(Currency currency) => new(Instalment, DueOn, Component, Money.OfMinorUnits(Amount, currency), AppliedOn);
    }

    private sealed class Entry(Payment payment, int made)
    {
        private Part? advance;

        public Payment Payment { get; } = payment;

        public List<Part> Parts { get; } = [];

        /// <summary>Paid in and not used yet.</summary>
        public long Held { get; set; }

        /// <summary>Of what was held, what went out again; below zero for what takes it out.</summary>
        public long Spent { get; set; }

        public ImmutableArray<Instalment>? Schedule { get; set; }

        /// <summary>Takes of what another holds as much as there is, and says how much it was.</summary>
        public long TakeOf(Entry holder, long amount)
        {
            var taken = Math.Min(holder.Held, amount);
            (holder.Held, holder.Spent, Spent) = (holder.Held - taken, holder.Spent + taken, Spent - taken);
            return taken;
        }

        /// <summary>Its parts, and last what pays nothing. Asked when all payments are gone through.</summary>
        public IEnumerable<Part> All() => Held + Spent == 0
            ? Parts
            : Parts.Append(advance ??= new Part(Instalment: null, DueOn: null, SplitComponent.Advance, Held + Spent, AppliedOn: null, made));

        public AllocatedPayment Result(Func<Part, SplitPart[]> shares) => new(Payment, [.. All().SelectMany(shares)], Schedule);
    }
}

/// <summary>A payment and what it pays, and the schedule from it on where it makes another.</summary>
internal sealed record AllocatedPayment(Payment Payment, ImmutableArray<SplitPart> Split, ImmutableArray<Instalment>? Schedule);
