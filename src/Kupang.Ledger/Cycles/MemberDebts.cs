using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Cycles;

/// <summary>A running loan of the group's own money, and the books of its fund.</summary>
public sealed record OwnLoan(Loan Loan, FundBooks Books)
{
    /// <summary>
    /// Everything that its schedule still asks, interest of later due dates too, with the fees charged and the penalty borne
    /// until the day: the loan ends with the cycle. What the terms would take off for paying ahead is not asked.
    /// </summary>
    public Money OwedOn(DateOnly day)
    {
        var charges = LoanPosition.Of(Loan, day).Outstanding;
        var owed = Loan.Outstanding + charges.Fee + charges.Penalty;
        var trial = PaymentAllocation.OfNewest(Loan, LoanEntry.Payment(default, day, long.MaxValue, owed, new PaymentSource(AccountCode.ShareOutPayable)));
        return owed - Money.Sum(
            trial.Split.Where(part => part is { Component: SplitComponent.Advance, AppliedOn: null }).Select(part => part.Amount), Loan.Currency);
    }

    public Money Principal => Money.OfMinorUnits(
        Loan.Schedule.Sum(row => Loan.Paid[row.Number - 1].OpenPrincipal(row)), Loan.Currency);

    /// <summary>The last day on which money of it moved.</summary>
    public DateOnly LastOn => Loan.Entries.Select(entry => entry.EffectiveOn).Append(Loan.Disbursement!.EffectiveOn).Max();

    /// <summary>Whether a loan is one of a member from the group's own money alone, and runs.</summary>
    public static bool Is(Loan loan, MemberId memberId, FundId fundId) =>
        loan.MemberId == memberId && loan.Status == LoanStatus.Active && loan.Funding is [{ } only] && only.FundId == fundId;

    /// <summary>What is needed to know the members' loans; more of it as more is known.</summary>
    public static IEnumerable<Need> NeedsOf(IEnumerable<MemberId> members, FundId fundId, States states) => members.SelectMany(memberId => (IEnumerable<Need>)
    [
        Need.ParticipationsOf(memberId),
        .. states.PeekParticipationsOf(memberId),
        .. states.PeekParticipationsOf(memberId).OfType<Need.Stream>()
            .Select(part => states.Peek<Loan>(part.Id))
            .OfType<Loan>()
            .Where(loan => Is(loan, memberId, fundId))
            .SelectMany(LoanSlice.FundsOf)
            .Distinct()
            .Select(of => Need.Of<Fund>(of.Value)),
    ]);

    /// <summary>The members' loans, the oldest first.</summary>
    public static IReadOnlyList<OwnLoan> Of(IEnumerable<MemberId> members, FundId fundId, States states) =>
    [
        .. members.SelectMany(memberId => states.ParticipationsOf(memberId).Select(part => part.Value).OfType<Loan>().Where(loan => Is(loan, memberId, fundId)))
            .OrderBy(loan => loan.Disbursement!.Sequence)
            .Select(loan => new OwnLoan(loan, LoanSlice.BooksOf(loan, states))),
    ];
}

/// <param name="Owed">All of it, on the day.</param>
public sealed record LoanDebt(OwnLoan Own, Money Owed)
{
    public Money Principal => Own.Principal;
}

/// <summary>What a member owes the group: loans of its own money, and fines.</summary>
public sealed record MemberDebts(MemberId MemberId, ImmutableArray<LoanDebt> Loans, ImmutableArray<FineOwed> Fines, Currency Currency)
{
    public Money Total => Money.Sum(Loans.Select(loan => loan.Owed).Concat(Fines.Select(fine => fine.Owed)), Currency);

    public static MemberDebts Of(MemberId memberId, Cycle cycle, IEnumerable<OwnLoan> loans, DateOnly day) => new(
        memberId,
        [.. loans.Where(own => own.Loan.MemberId == memberId).Select(own => new LoanDebt(own, own.OwedOn(day)))],
        [.. cycle.Fines().Where(fine => fine.Fine.MemberId == memberId && fine.Owed.IsPositive)],
        cycle.Currency);

    /// <summary>
    /// Pays these debts of what is kept back, loans before fines and the oldest first: each loan by a repayment in its own
    /// stream, so that loan, fund and cycle say the same.
    /// </summary>
    public (MemberPortion Portion, IReadOnlyList<NewFact> Repayments, Decision? Refusal) Settle(Portion portion, FundId fundId, DateOnly effectiveOn, Moment moment)
    {
        var left = portion.Offset;
        List<OffsetLoan> loans = [];
        List<NewFact> repayments = [];
        foreach (var (own, owed) in Loans)
        {
            var amount = Money.Min(left, owed);
            if (amount.IsPositive)
            {
                var id = new TransactionId(Guid.CreateVersion7());
                var source = new PaymentSource(AccountCode.ShareOutPayable, fundId);
                if (RecordRepaymentDecider.Pay(id, amount, effectiveOn, source, externalId: null, appliedFrom: null, own.Loan, own.Books, moment) is not Decision.ToRecord paid)
                {
                    return (null!, [], Decision.Refuse("loan-not-active", pointer: null, new Figure("loanStatus", LedgerJson.WordOf(own.Loan.Status))));
                }

                loans.Add(new OffsetLoan(own.Loan.Id, id, amount));
                repayments.AddRange(paid.Facts);
                left -= amount;
            }
        }

        List<OffsetFine> fines = [];
        foreach (var fine in Fines)
        {
            var amount = Money.Min(left, fine.Owed);
            if (amount.IsPositive)
            {
                fines.Add(new OffsetFine(fine.Fine.FineId, amount));
                left -= amount;
            }
        }

        var stake = portion.Stake;
        return (new MemberPortion(stake.MemberId, stake.Shares, stake.PaidIn, portion.Payout, portion.Cash, portion.Unpaid, [.. loans], [.. fines]), repayments, null);
    }
}
