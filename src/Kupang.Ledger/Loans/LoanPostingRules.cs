using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;
using static Kupang.Ledger.SharedKernel.AccountCode;
using static Kupang.Ledger.SharedKernel.JournalLine;

namespace Kupang.Ledger.Loans;

/// <summary>
/// How a loan's money reaches the books: a pure function of figures for each fact that moves money. Interest is income when
/// it is received, so nothing is posted for it when a loan is paid out. The margin of a <em>murabahah</em> is part of what is owed
/// from the sale on: a contra account defers it, and gives it back as it is received.
/// </summary>
public static class LoanPostingRules
{
    /// <summary>The parts of a payment that have an account; what is let off and was never booked has none.</summary>
    private static readonly SplitComponent[] BookedComponents =
    [
        SplitComponent.Interest,
        SplitComponent.Principal,
        SplitComponent.PrincipalWrittenOff,
        SplitComponent.Fee,
        SplitComponent.Penalty,
        SplitComponent.Recovery,
        SplitComponent.Advance,
    ];

    /// <summary>Each fund pays out its share, and keeps its part of each deduction back.</summary>
    /// <param name="margin">Of a <em>murabahah</em>: each fund defers its part.</param>
    public static JournalLines Disbursement(
        ImmutableArray<FundingShare> funding,
        MemberId memberId,
        ImmutableArray<Deduction> deductions,
        BookingClass bookingClass,
        Channel channel,
        Func<FundId, BookDay> dayOf,
        Money? margin = null)
    {
        var party = PartyOf(memberId);
        var weights = funding.Select(share => share.Principal.MinorUnits).ToArray();
        var kept = deductions.Select(deduction => (deduction.Kind, Parts: deduction.Amount.ProRata(weights))).ToArray();
        var margins = margin?.ProRata(weights);
        return new JournalLines(funding.Index().SelectMany(share =>
        {
            var ((fundId, principal), day) = (share.Item, dayOf(share.Item.FundId));
            var net = kept.Aggregate(principal, (left, deduction) => left - deduction.Parts[share.Index]);
            return (JournalLine[])
            [
                .. margins is { } deferred
                    ? [
                        Debit(MurabahahReceivable, fundId, principal + deferred[share.Index], day, party),
                        Credit(DeferredMurabahahMargin, fundId, deferred[share.Index], day, party),
                    ]
                    : new[] { Debit(ReceivableOf(bookingClass), fundId, principal, day, party) },
                Credit(MoneyAccountOf(channel), fundId, net, day),
                .. kept.Select(deduction => Credit(AccountOf(deduction.Kind), fundId, deduction.Parts[share.Index], day, party)),
            ];
        }));
    }

    /// <summary>
    /// What a loan taken over from a paper card owes and is owed on the cut-over day, against the fund's opening balance. What
    /// was paid before is in no line; what is held is applied as any advance.
    /// </summary>
    public static JournalLines Opening(Loan loan, LoanEntry opening, FundBooks funds)
    {
        var (day, party) = (funds.DayOf(loan.FundId, opening.EffectiveOn), PartyOf(loan.MemberId));
        var applied = opening.Split.Where(part => part.AppliedOn is not null).ToArray();
        var held = opening.Amount - Paid(SplitComponent.Principal) - Paid(SplitComponent.Interest);
        var principal = loan.Principal - Paid(SplitComponent.Principal);
        var margin = loan.Terms.MarginOf(loan.FirstSchedule) is { } all ? all - Paid(SplitComponent.Interest) : Money.Zero(loan.Currency);
        return new JournalLines(
        [
            Debit(AccountOf(SplitComponent.Principal, loan.Terms), loan.FundId, principal + margin, day, party),
            Credit(DeferredMurabahahMargin, loan.FundId, margin, day, party),
            Credit(AdvancesHeld, loan.FundId, held, day, party),
            Credit(OpeningBalance, loan.FundId, principal - held, day),
            .. applied.GroupBy(part => part.AppliedOn!.Value).OrderBy(on => on.Key).SelectMany(on => Applied(loan, loan.FundId, [.. on], funds.DayOf(loan.FundId, on.Key))),
        ]);

        Money Paid(SplitComponent component) =>
            Money.Sum(opening.Split.Where(part => part.Component == component && part.AppliedOn is null).Select(part => part.Amount), loan.Currency);
    }

    /// <summary>
    /// What a payment does with this split, in every fund it pays: money in, and what it pays out of it. What is held for
    /// later due dates is an advance until then, and each later application has lines on its own day. Money that went out
    /// has the other sign.
    /// </summary>
    public static IEnumerable<JournalLine> Payment(Loan loan, FundBooks funds, LoanEntry payment, ImmutableArray<SplitPart> split) =>
        split.GroupBy(part => part.FundId ?? loan.FundId).SelectMany(fund => (IEnumerable<JournalLine>)
        [
            .. MoneyIn(loan, funds, payment, fund.Key, Money.Sum(fund.Where(part => part.IsMoney).Select(part => part.Amount), loan.Currency)),
            .. Loss(loan, payment, fund.Key, Money.Sum(fund.Where(part => part.Component == SplitComponent.PrincipalWrittenOff).Select(part => part.Amount), loan.Currency), funds.DayOf(fund.Key, payment.EffectiveOn)),
            .. Paid(loan, fund.Key, [.. fund.Select(part => part.AppliedOn is null ? part : part with { Component = SplitComponent.Advance })], funds.DayOf(fund.Key, payment.EffectiveOn)),
            .. fund.Where(part => part.AppliedOn is not null).GroupBy(part => part.AppliedOn!.Value).OrderBy(day => day.Key)
                .SelectMany(day => Applied(loan, fund.Key, [.. day], funds.DayOf(fund.Key, day.Key))),
        ]);

    /// <summary>The difference between what a payment was thought to pay and what it pays, each on its own day.</summary>
    public static IEnumerable<JournalLine> Reallocation(Loan loan, FundBooks funds, LoanEntry payment, ImmutableArray<SplitPart> now) =>
        Payment(loan, funds, payment, now)
            .Concat(Payment(loan, funds, payment, payment.Split).Select(line => line with { Amount = -line.Amount }))
            .GroupBy(line => (line.FundId, line.Account, line.EffectiveOn))
            .Select(account => account.First() with { Amount = Money.Sum(account.Select(line => line.Amount), loan.Currency) })
            .Where(line => !line.Amount.IsZero);

    /// <summary>Allowance (<em>cadangan kerugian</em>) for loans of this class.</summary>
    public static AccountCode AllowanceOf(BookingClass bookingClass) => bookingClass switch
    {
        BookingClass.Spp => LoanLossAllowanceSpp,
        BookingClass.Uep => LoanLossAllowanceUep,
        _ => LoanLossAllowanceOther,
    };

    public static AccountCode MoneyAccountOf(Channel channel) => channel == Channel.Cash ? Cash : RevolvingBank;

    private static AccountCode ReceivableOf(BookingClass bookingClass) => bookingClass switch
    {
        BookingClass.Spp => LoansReceivableSpp,
        BookingClass.Uep => LoansReceivableUep,
        _ => LoansReceivableOther,
    };

    /// <summary>Money that another fund holds comes by way of the accounts between funds, so that each fund's books balance alone.</summary>
    private static IEnumerable<JournalLine> MoneyIn(Loan loan, FundBooks funds, LoanEntry payment, FundId fundId, Money amount)
    {
        if (amount.IsZero)
        {
            return [];
        }

        var day = funds.DayOf(fundId, payment.EffectiveOn);
        if (payment.Source.HeldBy is not { } holder || holder == fundId)
        {
            return [Debit(payment.Source.Account, fundId, amount, day, payment.Source.Account == AdvancesHeld ? PartyOf(loan.MemberId) : null)];
        }

        var holdersDay = funds.DayOf(holder, payment.EffectiveOn);
        return
        [
            Debit(payment.Source.Account, holder, amount, holdersDay),
            Credit(DueToOtherFunds, holder, amount, holdersDay),
            Debit(DueFromOtherFunds, fundId, amount, day),
        ];
    }

    /// <summary>What is written off is borne by the fund's allowance as far as it went on that day, the rest is an expense.</summary>
    private static IEnumerable<JournalLine> Loss(Loan loan, LoanEntry entry, FundId fundId, Money amount, BookDay day)
    {
        if (amount.IsZero)
        {
            return [];
        }

        var allowance = entry.Turn is LoanTurn.WriteOff turn && turn.Allowance.FirstOrDefault(of => of.FundId == fundId) is { } there ? there.Amount : Money.Zero(loan.Currency);
        var covered = Money.Min(allowance, amount);
        return new[] { Debit(AllowanceOf(loan.Terms.BookingClass), fundId, covered, day), Debit(LoanLossExpense, fundId, amount - covered, day) }.Where(line => !line.Amount.IsZero);
    }

    private static IEnumerable<JournalLine> Applied(Loan loan, FundId fundId, SplitPart[] parts, BookDay day) =>
    [
        Debit(AdvancesHeld, fundId, Money.Sum(parts.Select(part => part.Amount), loan.Currency), day, PartyOf(loan.MemberId)),
        .. Paid(loan, fundId, parts, day),
    ];

    private static IEnumerable<JournalLine> Paid(Loan loan, FundId fundId, SplitPart[] parts, BookDay day)
    {
        var party = PartyOf(loan.MemberId);
        foreach (var component in BookedComponents)
        {
            var amount = Money.Sum(parts.Where(part => part.Component == component).Select(part => part.Amount), loan.Currency);
            if (!amount.IsZero)
            {
                yield return Credit(AccountOf(component, loan.Terms), fundId, amount, day, party);
            }
        }

        // A margin is no longer owed nor deferred, whether it was received or let off.
        var margin = loan.Terms.IsFixedMargin
            ? Money.Sum(parts.Where(part => part.Component is SplitComponent.Interest or SplitComponent.InterestWaived or SplitComponent.InterestWrittenOff).Select(part => part.Amount), loan.Currency)
            : Money.Zero(loan.Currency);
        if (!margin.IsZero)
        {
            yield return Credit(MurabahahReceivable, fundId, margin, day, party);
            yield return Debit(DeferredMurabahahMargin, fundId, margin, day, party);
        }
    }

    private static AccountCode AccountOf(SplitComponent component, LoanTerms terms) => (component, terms.BookingClass) switch
    {
        (SplitComponent.Principal or SplitComponent.PrincipalWrittenOff, _) when terms.IsFixedMargin => MurabahahReceivable,
        (SplitComponent.Interest, _) when terms.IsFixedMargin => MurabahahMarginIncome,
        (SplitComponent.Principal or SplitComponent.PrincipalWrittenOff, _) => ReceivableOf(terms.BookingClass),
        (SplitComponent.Fee, _) => AdministrationFeeIncome,
        (SplitComponent.Penalty, BookingClass.Spp) => PenaltyIncomeSpp,
        (SplitComponent.Penalty, BookingClass.Uep) => PenaltyIncomeUep,
        (SplitComponent.Penalty, _) => PenaltyIncomeOther,
        (SplitComponent.Recovery, _) => WriteOffRecoveries,
        (SplitComponent.Advance, _) => AdvancesHeld,
        (SplitComponent.Interest, BookingClass.Spp) => InterestIncomeSpp,
        (SplitComponent.Interest, BookingClass.Uep) => InterestIncomeUep,
        (SplitComponent.Interest, _) => InterestIncomeOther,
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, "No account is known for it."),
    };

    private static AccountCode AccountOf(DeductionKind kind) => kind switch
    {
        DeductionKind.AdministrationFee => AdministrationFeeIncome,
        DeductionKind.CompulsorySavings => CompulsorySavings,
        DeductionKind.Refinancing => AdvancesHeld,
        _ => InsurancePremiumsPayable,
    };

    private static Party PartyOf(MemberId memberId) => new(PartyKind.Member, memberId.Value);
}
