using System.Collections.Immutable;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using static Kupang.Ledger.Loans.SplitComponent;

namespace Kupang.Ledger.Loans;

/// <summary>
/// What payments pay. Each pays first what is due by its day, in the order of the loan's terms. What is left is an advance,
/// which the terms say what becomes of: it pays the next instalments at once, interest before principal; it is held and pays
/// each of them on its due date; or it brings the principal down. What is left when nothing is owed stays an advance. Nothing
/// is lost: the parts of a payment sum to it.
/// <para>
/// All that happened to a loan is gone through in the order in which it counts: fees and penalties come to be owed, amounts
/// are let off, a tranche or a rescheduling makes another schedule, a settlement or a write-off leaves nothing open. A refund
/// takes of what is held, oldest payment first; what goes back takes what it had paid and what is held of it. What is held
/// after it pays what is open then. So the result hangs on the dated facts alone, and not on the order in which they became
/// known.
/// </para>
/// </summary>
internal sealed class PaymentAllocation
{
    private readonly LoanTerms terms;
    private readonly Currency currency;
    private readonly ImmutableArray<Instalment> firstSchedule;
    private readonly DateOnly disbursedOn;
    private readonly PenaltyAccrual? penalties;
    private readonly List<Entry> entries = [];
    private readonly List<PaidParts> paid;
    private readonly List<(DateOnly On, long Amount)> fees = [];
    private ImmutableArray<Instalment> schedule;
    private long principal;
    private long prepaid;
    private long feesPaid;
    private long penaltyPaid;
    private long claim;
    private bool isWrittenOff;
    private int made;

    private PaymentAllocation(Loan loan, IEnumerable<PaidParts> paid, ImmutableArray<Instalment> schedule, long prepaid)
    {
        (terms, currency, firstSchedule, disbursedOn) = (loan.Terms, loan.Currency, loan.FirstSchedule, loan.DisbursedOn!.Value);
        principal = firstSchedule.Sum(row => row.Principal.MinorUnits);
        penalties = PenaltyAccrual.Of(loan);
        this.paid = [.. paid];
        (this.schedule, this.prepaid) = (schedule, prepaid);
    }

    /// <summary>What a payment pays that counts after all others: what they have paid is known already.</summary>
    public static AllocatedEntry OfNewest(Loan loan, LoanEntry payment)
    {
        if (!loan.IsPlain)
        {
            return Of(loan, loan.Entries.Add(payment), out _)[^1];
        }

        var ahead = loan.Terms.Advance == AdvanceRule.ReducePrincipal ? loan.Principal.MinorUnits - loan.Schedule.Sum(row => row.Principal.MinorUnits) : 0;
        var allocation = new PaymentAllocation(loan, loan.Paid, loan.Schedule, ahead);
        allocation.Add(payment);
        allocation.Apply(payment.EffectiveOn);
        return allocation.Results(loan, loan.Entries.SelectMany(known => known.Split))[0];
    }

    /// <summary>What each of these entries does, when the loan has these and no others.</summary>
    /// <param name="isCovered">Whether enough was held for each refund and return.</param>
    public static IReadOnlyList<AllocatedEntry> Of(Loan loan, IReadOnlyList<LoanEntry> entries, out bool isCovered)
    {
        var allocation = new PaymentAllocation(loan, new PaidParts[loan.FirstSchedule.Length], loan.FirstSchedule, prepaid: 0);
        isCovered = true;
        foreach (var (index, entry) in entries.Index())
        {
            isCovered &= allocation.Add(entry);

            // What goes back on one day goes back together, whichever was recorded first.
            if (index + 1 == entries.Count || !entry.GoesBackWith(entries[index + 1]))
            {
                allocation.Apply(entry.EffectiveOn);
            }
        }

        return allocation.Results(loan, divided: []);
    }

    private bool HoldsSomething => entries.Exists(entry => entry.Held > 0);

    private bool Add(LoanEntry given)
    {
        var day = given.EffectiveOn;
        penalties?.AccrueTo(day, schedule, paid);
        var entry = new Entry(given, ++made);
        entries.Add(entry);
        switch (given.Kind)
        {
            case EntryKind.Opening:
                TakeOver(entry);
                break;
            case EntryKind.Refund or EntryKind.Return:
                return TakeOut(entry);
            case EntryKind.Fee:
                fees.Add((day, given.Amount.MinorUnits));
                break;
            case EntryKind.Tranche:
                principal += given.Amount.MinorUnits;
                TurnTo(entry, TurnedSchedule.With(schedule, ((LoanTurn.Tranche)given.Turn!).Rows));
                break;
            case EntryKind.Waiver:
                LetOff(entry, ((LoanTurn.Waiver)given.Turn!).Component, given.Amount.MinorUnits, day);
                break;
            case EntryKind.Rescheduling:
                ReleaseAll(day);
                TurnTo(entry, TurnedSchedule.Rescheduled(schedule, paid, day, (LoanTurn.Rescheduling)given.Turn!, terms.IsFixedMargin));
                break;
            case EntryKind.Settlement:
                entry.Held = given.Amount.MinorUnits;
                Settle(entry, ((LoanTurn.Settlement)given.Turn!).Policy, day);
                break;
            case EntryKind.InsuranceClaim:
                entry.Held = given.Amount.MinorUnits;
                PayPrincipal(entry, day);
                break;
            case EntryKind.WriteOff:
                WriteOff(entry, day);
                break;
            case EntryKind.Forgiveness:
                claim = 0;
                break;
            default:
                entry.Held = given.Amount.MinorUnits;
                break;
        }

        return true;
    }

    /// <summary>What was paid on paper is what the card says, and never comes to pay anything else; the rest of it is held.</summary>
    private void TakeOver(Entry entry)
    {
        entry.Held = entry.Of.Amount.MinorUnits;
        foreach (var part in entry.Of.BookedSplit.Where(part => part is { Instalment: not null, AppliedOn: null }))
        {
            entry.Held -= Mark(entry, new Part(part.Instalment, part.DueOn, part.Component, 0, entry.Of.EffectiveOn), part.Amount.MinorUnits);
        }
    }

    private void TurnTo(Entry entry, ImmutableArray<Instalment> turned)
    {
        (schedule, entry.Schedule) = (turned, turned);
        while (paid.Count < schedule.Max(row => row.Number))
        {
            paid.Add(default);
        }
    }

    /// <summary>What goes out of the loan: first what its payment had paid by then, when it takes one back, the rest of what is held.</summary>
    private bool TakeOut(Entry entry)
    {
        var day = entry.Of.EffectiveOn;
        var left = -entry.Of.Amount.MinorUnits;
        ReleaseAll(day);
        if (entry.Of.Returns is { } returned)
        {
            var own = entries.Find(known => known.Of.Id == returned)!;
            foreach (var part in own.Parts)
            {
                left -= part.IsMoney ? part.Amount : 0;
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
    private void ReleaseAll(DateOnly day)
    {
        foreach (var entry in entries)
        {
            foreach (var part in entry.Parts.Where(part => part.AppliedOn > day).ToArray())
            {
                entry.Parts.Remove(part);
                entry.Held += part.Amount;
                Count(part, -1);
            }
        }
    }

    /// <summary>What is held on a day pays what it may.</summary>
    private void Apply(DateOnly day)
    {
        if (isWrittenOff)
        {
            claim -= Spend(claim, new Part(Instalment: null, DueOn: null, Recovery, 0, day));
            return;
        }

        PayDue(day);

        // What went back may make another schedule, too.
        if (terms.Advance == AdvanceRule.ReducePrincipal)
        {
            Reduce([.. schedule.Where(row => row.DueOn <= day)], day);
        }

        foreach (var row in schedule.Where(row => row.DueOn > day).TakeWhile(_ => HoldsSomething))
        {
            PayAhead(row, terms.Advance == AdvanceRule.Hold ? row.DueOn : day);
        }
    }

    private void PayAhead(Instalment row, DateOnly on)
    {
        Pay(row, Interest, on);
        Pay(row, Principal, on);
    }

    private void PayDue(DateOnly day)
    {
        foreach (var (row, component) in AllocationSteps.Of(terms, schedule, day))
        {
            if (!HoldsSomething)
            {
                break;
            }

            switch (component)
            {
                case Fee:
                    Spend(OpenFees(row), new Part(Instalment: null, DueOn: null, Fee, 0, day));
                    break;
                case Penalty:
                    Spend(OpenPenalty(row), new Part(Instalment: null, DueOn: null, Penalty, 0, day));
                    break;
                default:
                    Pay(row!, component, day);
                    break;
            }
        }
    }

    /// <summary>Fees charged until an instalment fell due, or all.</summary>
    private long OpenFees(Instalment? row) => Math.Max(0, fees.Where(fee => row is null || fee.On <= row.DueOn).Sum(fee => fee.Amount) - feesPaid);

    private long OpenPenalty(Instalment? row) => penalties is null ? 0 : Math.Max(0, penalties.UntilNow(row?.Number ?? int.MaxValue) - penaltyPaid);

    private long Open(Instalment row, SplitComponent component) =>
        component == Interest ? paid[row.Number - 1].OpenInterest(row) : paid[row.Number - 1].OpenPrincipal(row);

    private void Pay(Instalment row, SplitComponent component, DateOnly on) => Spend(Open(row, component), new Part(row.Number, row.DueOn, component, 0, on));

    /// <summary>Brings the principal down that is not due yet by all that is held, and makes the rest of the schedule anew.</summary>
    private void Reduce(Instalment[] due, DateOnly day)
    {
        var notDue = principal - due.Sum(row => row.Principal.MinorUnits);
        Spend(notDue - prepaid, new Part(Instalment: null, DueOn: null, Principal, 0, day));
        var ahead = notDue - prepaid;
        if (ahead != schedule.Skip(due.Length).Sum(row => row.Principal.MinorUnits))
        {
            var left = Money.OfMinorUnits(ahead, currency);
            var lent = Money.OfMinorUnits(principal - prepaid, currency);
            var reduced = PrincipalReduction.Of(terms, disbursedOn, firstSchedule, schedule, due.Length, left, lent, isRunning: day > BeginOf(due.Length));

            // Interest that was paid or let off before stays with its instalment.
            schedule = [.. reduced.Select(row => row with { Interest = Money.Max(row.Interest, row.Interest - Money.OfMinorUnits(paid[row.Number - 1].OpenInterest(row), currency)) })];
            entries[^1].Schedule = schedule;
        }
    }

    /// <summary>The period of an instalment begins after the due date before it, the first one after the disbursement.</summary>
    private DateOnly BeginOf(int index) => index == 0 ? disbursedOn : firstSchedule[index - 1].DueOn;

    /// <summary>All that is due, of the interest that is not due what the policy says, and all principal; the rest of the interest is let off.</summary>
    private void Settle(Entry entry, SettlementPolicy policy, DateOnly day)
    {
        ReleaseAll(day);
        PayDue(day);
        var ahead = schedule.Where(row => row.DueOn > day).ToArray();
        var charged = SettlementInterest.Of(policy, schedule, day, disbursedOn) - ahead.Sum(row => paid[row.Number - 1].Interest);
        foreach (var row in ahead)
        {
            var part = new Part(row.Number, row.DueOn, Interest, 0, day);
            charged -= Spend(Math.Min(Math.Max(0, charged), Open(row, Interest)), part);
            Mark(entry, part with { Component = InterestWaived }, Open(row, Interest));
        }

        PayAllPrincipal(day);
    }

    private void PayAllPrincipal(DateOnly day)
    {
        var due = schedule.Where(row => row.DueOn <= day).ToArray();
        foreach (var row in terms.Advance == AdvanceRule.ReducePrincipal ? due : [.. schedule])
        {
            Pay(row, Principal, day);
        }

        if (terms.Advance == AdvanceRule.ReducePrincipal)
        {
            Reduce(due, day);
        }
    }

    /// <summary>The insurer pays principal alone. When it pays all of it, what else is owed is let off.</summary>
    private void PayPrincipal(Entry entry, DateOnly day)
    {
        ReleaseAll(day);
        PayAllPrincipal(day);
        if (schedule.All(row => Open(row, Principal) == 0))
        {
            foreach (var component in Enum.GetValues<ChargeComponent>())
            {
                LetOff(entry, component, long.MaxValue, day);
            }
        }
    }

    /// <summary>Lets off as much as there is: interest of the oldest instalment first.</summary>
    private void LetOff(Entry entry, ChargeComponent component, long amount, DateOnly day)
    {
        switch (component)
        {
            case ChargeComponent.Fee:
                Mark(entry, new Part(Instalment: null, DueOn: null, FeeWaived, 0, day), Math.Min(amount, OpenFees(row: null)));
                break;
            case ChargeComponent.Penalty:
                Mark(entry, new Part(Instalment: null, DueOn: null, PenaltyWaived, 0, day), Math.Min(amount, OpenPenalty(row: null)));
                break;
            default:
                foreach (var row in schedule)
                {
                    amount -= Mark(entry, new Part(row.Number, row.DueOn, InterestWaived, 0, day), Math.Min(amount, Open(row, Interest)));
                }

                break;
        }
    }

    /// <summary>What is held pays what it can, and all that is open then leaves the books; the claim lives.</summary>
    private void WriteOff(Entry entry, DateOnly day)
    {
        ReleaseAll(day);
        PayDue(day);
        foreach (var row in schedule.Where(row => row.DueOn > day))
        {
            PayAhead(row, day);
        }

        foreach (var row in schedule)
        {
            claim += Mark(entry, new Part(row.Number, row.DueOn, PrincipalWrittenOff, 0, day), Open(row, Principal));

            // Interest that was not due is not owed by a loan that is over.
            claim += row.DueOn <= day ? Mark(entry, new Part(row.Number, row.DueOn, InterestWrittenOff, 0, day), Open(row, Interest)) : 0;
            Mark(entry, new Part(row.Number, row.DueOn, InterestWaived, 0, day), Open(row, Interest));
        }

        claim += Mark(entry, new Part(Instalment: null, DueOn: null, FeeWrittenOff, 0, day), OpenFees(row: null));
        claim += Mark(entry, new Part(Instalment: null, DueOn: null, PenaltyWrittenOff, 0, day), OpenPenalty(row: null));
        isWrittenOff = true;
    }

    /// <summary>What is held pays, oldest first; answers how much it was.</summary>
    private long Spend(long open, Part part)
    {
        var spent = 0L;
        foreach (var entry in entries)
        {
            var amount = Math.Min(entry.Held, open - spent);
            if (amount > 0)
            {
                entry.Held -= amount;
                spent += Mark(entry, part, amount);
            }
        }

        return spent;
    }

    private long Mark(Entry entry, Part part, long amount)
    {
        if (amount <= 0)
        {
            return 0;
        }

        var own = part with { Amount = amount, AppliedOn = part.AppliedOn == entry.Of.EffectiveOn ? null : part.AppliedOn, Made = ++made };
        entry.Parts.Add(own);
        Count(own, sign: 1);
        return amount;
    }

    private void Count(Part part, int sign)
    {
        var amount = sign * part.Amount;
        if (part.Instalment is { } number)
        {
            paid[number - 1] = paid[number - 1].Add(part.Component, amount);
            return;
        }

        switch (part.Component)
        {
            case Principal:
                prepaid += amount;
                break;
            case Fee or FeeWaived or FeeWrittenOff:
                feesPaid += amount;
                break;
            case Penalty or PenaltyWaived or PenaltyWrittenOff:
                penaltyPaid += amount;
                break;
            case Recovery when sign < 0:
                claim -= amount;
                break;
        }
    }

    /// <summary>What each entry pays, and of which fund when there are several.</summary>
    /// <param name="divided">The parts of payments that are not gone through here.</param>
    private ImmutableArray<AllocatedEntry> Results(Loan loan, IEnumerable<SplitPart> divided)
    {
        if (loan.Funding.Length == 1)
        {
            return [.. entries.Select(entry => entry.Result(part => [part.Of(loan.Currency)]))];
        }

        var funds = new FundShares(loan, divided);
        var tranches = new Queue<Entry>(entries.Where(entry => entry.Of.Turn is LoanTurn.Tranche));
        Dictionary<Part, SplitPart[]> shares = new(ReferenceEqualityComparer.Instance);
        foreach (var part in entries.SelectMany(entry => entry.All()).OrderBy(part => part.Made))
        {
            while (tranches.TryPeek(out var tranche) && tranche.Made < part.Made)
            {
                funds.Lend(((LoanTurn.Tranche)tranches.Dequeue().Of.Turn!).Funding);
            }

            shares[part] = part.Undoes is { } source ? funds.Undo(shares[source]) : funds.Divide(part.Of(loan.Currency));
        }

        return [.. entries.Select(entry => entry.Result(part => shares[part]))];
    }

    /// <summary>A part as it is worked out: in minor units, of no fund yet. Without an instalment it is principal paid ahead of time, a charge, or an advance.</summary>
    /// <param name="Made">Counts the parts in the order in which they come to be.</param>
    /// <param name="Undoes">The part that this one takes back.</param>
    private sealed record Part(int? Instalment, DateOnly? DueOn, SplitComponent Component, long Amount, DateOnly? AppliedOn, int Made = 0, Part? Undoes = null)
    {
        public bool IsMoney => SplitPart.IsMoneyOf(Component);

        public SplitPart Of(Currency currency) => new(Instalment, DueOn, Component, Money.OfMinorUnits(Amount, currency), AppliedOn);
    }

    private sealed class Entry(LoanEntry of, int made)
    {
        private Part? advance;

        public LoanEntry Of { get; } = of;

        public int Made { get; } = made;

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

        /// <summary>Its parts, and last what pays nothing. Asked when all entries are gone through.</summary>
        public IEnumerable<Part> All() => Held + Spent == 0
            ? Parts
            : Parts.Append(advance ??= new Part(Instalment: null, DueOn: null, Advance, Held + Spent, AppliedOn: null, Made));

        public AllocatedEntry Result(Func<Part, SplitPart[]> shares) => new(Of, [.. All().SelectMany(shares)], Schedule);
    }
}

/// <summary>An entry and what it pays, and the schedule from it on where it makes another.</summary>
internal sealed record AllocatedEntry(LoanEntry Entry, ImmutableArray<SplitPart> Split, ImmutableArray<Instalment>? Schedule);
