using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.GeneralLedger;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Xunit;

namespace Kupang.Ledger.Tests.Fixtures;

/// <summary>
/// A loan of one member and the facts recorded about it, numbered and folded as the ledger does, without one. The loan is
/// paid out on 5 January 2026 and has monthly instalments from 5 February on.
/// </summary>
public sealed class LoanHistory
{
    public static readonly FundId TheFund = new(Guid.Parse("019b8c10-0000-7000-8000-000000000003"));
    public static readonly LoanId TheLoan = new(Guid.Parse("019b8c10-0000-7000-8000-000000000001"));
    public static readonly MemberId TheMember = new(Guid.Parse("019b8c10-0000-7000-8000-000000000002"));
    public static readonly DateOnly DisbursedOn = new(2026, 1, 5);
    public static readonly DateOnly Today = new(2027, 3, 31);

    private readonly List<RecordedFact> facts = [];

    private IReadOnlyList<Fund> funds;

    private LoanHistory(LoanTerms terms, int instalments, long? firstTranche, params FundingShare[] shares)
    {
        funds = [.. shares.Select(share => new Fund(
            share.FundId, "DN-1", "DB", "Dana", Currency.IndonesianRupiah, FundKind.Revolving, new FundTerms(), Restriction: null, ExternalId: null, Version: 1))];
        var funding = shares.ToImmutableArray();
        var principal = shares.Sum(share => share.Principal.MinorUnits);
        Record(DisbursedOn, new LoanProposed(
            TheLoan,
            "PJ-1",
            funding,
            new LoanProductId(Guid.CreateVersion7()),
            1,
            terms,
            TheMember,
            Money.Rupiah(principal),
            instalments,
            new Encrypted(TheMember.Value, ""),
            new LoanProfile(Sex.Female, null, null, null, null, FirstLoan: true, 1, null, null)));
        Record(DisbursedOn, new LoanApproved(NewTransaction(), TheLoan, Money.Rupiah(principal), funding, "BA-1"));
        if (firstTranche is { } first)
        {
            Record(DecideTranche(first, DisbursedOn));
            return;
        }

        var schedule = Assert.IsType<ScheduleResult.Made>(
            LoanSchedules.Of(terms, Money.Rupiah(principal), instalments, DisbursedOn, firstDueOn: null)).Schedule.Instalments;
        Record(DisbursedOn, new LoanDisbursed(
            NewTransaction(),
            "PC-1",
            TheLoan,
            TheMember,
            Money.Rupiah(principal),
            funding,
            [],
            schedule,
            LoanPostingRules.Disbursement(funding, TheMember, [], terms.BookingClass, Channel.Cash, _ => BookDay.Open(DisbursedOn), terms.MarginOf(schedule))));
    }

    private LoanHistory(Fund fund) => funds = [fund];

    public FundBooks Funds => new(funds);

    public IReadOnlyList<RecordedFact> Facts => facts;

    public Loan Loan { get; private set; } = null!;

    public IEnumerable<JournalLine> Journal => facts.Select(fact => fact.Data).OfType<IMoneyFact>().SelectMany(fact => fact.Lines);

    /// <summary>What each payment pays, in words: by day, payments before returns, and the smaller amount first where two are of one day.</summary>
    public string Splits => string.Join(
        '\n',
        Loan.Entries
            .OrderBy(payment => (payment.EffectiveOn, payment.Returns is not null, payment.Amount.MinorUnits))
            .Select(payment => $"{payment.EffectiveOn:O} {payment.Amount}: {string.Join(", ", payment.Split)}"));

    /// <summary>4,000,000 at 1.5 % flat over 12 months, rounded up to 1,000: instalments of 334,000 + 60,000.</summary>
    public static LoanHistory Flat(AllocationOrder allocation = AllocationOrder.OldestInstalmentFirst) => Of(
        Terms(InterestMethod.Flat, "1.5") with { Rounding = new RoundingRule("1000", RoundingMode.Up), Allocation = allocation }, 4_000_000, 12);

    /// <summary>6,000,000 at 2 % of the balance over 10 months: 600,000 + 120,000, then 600,000 + 108,000, …</summary>
    public static LoanHistory Declining(AllocationOrder allocation = AllocationOrder.OldestInstalmentFirst) =>
        Of(Terms(InterestMethod.DecliningEqualPrincipal, "2") with { Allocation = allocation }, 6_000_000, 10);

    /// <summary>A loan taken over from a card, by what was decided.</summary>
    public static LoanHistory TakenOver(Fund fund, Decision migration) => new LoanHistory(fund).Record(migration);

    public static LoanHistory Of(LoanTerms terms, long principal, int instalments) =>
        new(terms, instalments, firstTranche: null, new FundingShare(TheFund, Money.Rupiah(principal)));

    /// <summary>The same with the first tranche paid out, and the rest to follow.</summary>
    public static LoanHistory InTranches(LoanTerms terms, int instalments, long firstTranche, params FundingShare[] shares) => new(terms, instalments, firstTranche, shares);

    /// <summary>The same of several funds, with what each lends.</summary>
    public static LoanHistory Of(LoanTerms terms, int instalments, params FundingShare[] shares) => new(terms, instalments, firstTranche: null, shares);

    public static LoanTerms Terms(InterestMethod method, string ratePercent) => new(
        "IDR",
        new InterestRule(method, new Percentage(decimal.Parse(ratePercent, System.Globalization.CultureInfo.InvariantCulture)), RatePeriod.Month),
        new RepaymentFrequency(1, FrequencyUnit.Month),
        BookingClass: BookingClass.Spp);

    public static TransactionId NewTransaction() => new(Guid.CreateVersion7());

    public static Moment MomentOf(DateOnly today, long sequence = 0) => new(
        new DateTimeOffset(today, new TimeOnly(4, 0), TimeSpan.Zero), today, sequence, prefix => prefix + "-1");

    public Decision Decide(long amount, DateOnly paidOn, TransactionId? id = null) => RecordRepaymentDecider.Decide(
        new RecordRepayment(Money.Rupiah(amount), PaymentMethod.Cash) { EffectiveOn = paidOn }, id ?? NewTransaction(), Loan, Funds, MomentOf(Today, facts.Count));

    /// <summary>Pays, and records what is decided.</summary>
    public LoanHistory Pay(long amount, DateOnly paidOn, TransactionId? id = null) => Record(Decide(amount, paidOn, id));

    public Decision DecideRefund(long amount, DateOnly paidOn, TransactionId? id = null) => RefundAdvanceDecider.Decide(
        new RefundAdvance(Money.Rupiah(amount), RefundTarget.Cash) { EffectiveOn = paidOn }, id ?? NewTransaction(), Loan, Funds, MomentOf(Today, facts.Count));

    /// <summary>Gives back of what was paid ahead, and records what is decided.</summary>
    public LoanHistory Refund(long amount, DateOnly paidOn, TransactionId? id = null) => Record(DecideRefund(amount, paidOn, id));

    /// <summary>Charges a fee, and records what is decided.</summary>
    public LoanHistory Charge(long amount, DateOnly day, TransactionId? id = null) => Record(ChargeFeeDecider.Decide(
        new ChargeFee(Money.Rupiah(amount), "legalisation") { EffectiveOn = day }, id ?? NewTransaction(), Loan, Funds, MomentOf(Today, facts.Count)));

    public Decision DecideWaiver(ChargeComponent component, long amount, DateOnly day, TransactionId? id = null) => WaiveChargeDecider.Decide(
        new WaiveCharge(component, Money.Rupiah(amount), "BA-7") { EffectiveOn = day }, id ?? NewTransaction(), Loan, Funds, MomentOf(Today, facts.Count));

    /// <summary>Pays out of the principal that is left.</summary>
    public Decision DecideTranche(long? principal, DateOnly day, DateOnly? firstDueOn = null, TransactionId? id = null) => DisburseLoanDecider.Decide(
        new DisburseLoan(PaymentMethod.Cash, firstDueOn, Principal: principal is { } amount ? Money.Rupiah(amount) : null) { EffectiveOn = day },
        id ?? NewTransaction(),
        Loan,
        [.. Loan.Funding.Select(share => new LendingFund(funds.First(fund => fund.Id == share.FundId), Balances(share.FundId)))],
        WorkingWeek.MondayToSaturday,
        MomentOf(Today, facts.Count));

    public Decision DecideSettlement(SettlementPolicy policy, long amount, DateOnly day, TransactionId? id = null, string? decision = "BA-8") => SettleLoanDecider.Decide(
        new SettleLoan(Money.Rupiah(amount), policy, PaymentMethod.Cash, decision) { EffectiveOn = day }, id ?? NewTransaction(), Loan, Funds, MomentOf(Today, facts.Count));

    public Decision DecideRescheduling(NewSchedule to, DateOnly day, TransactionId? id = null) =>
        RescheduleLoanDecider.Decide(to, day, "BA-9", externalId: null, id ?? NewTransaction(), Loan, Funds, WorkingWeek.MondayToSaturday, MomentOf(Today, facts.Count));

    /// <param name="allowance">What the fund's allowance for loan losses holds.</param>
    public Decision DecideWriteOff(DateOnly day, long allowance = 0, TransactionId? id = null) => WriteOffLoanDecider.Decide(
        new WriteOffLoan("BA-10") { EffectiveOn = day },
        id ?? NewTransaction(),
        Loan,
        Funds,
        [.. Loan.Funding.Select(share => new LendingFund(funds.First(fund => fund.Id == share.FundId), Balances(share.FundId).Add(AccountCode.LoanLossAllowanceSpp.Value, -allowance)))],
        MomentOf(Today, facts.Count));

    public Decision DecideRecovery(long amount, DateOnly day, TransactionId? id = null) => RecoverWriteOffDecider.Decide(
        new RecoverWriteOff(Money.Rupiah(amount), PaymentMethod.Cash) { EffectiveOn = day }, id ?? NewTransaction(), Loan, Funds, MomentOf(Today, facts.Count));

    public Decision DecideForgiveness(DateOnly day, TransactionId? id = null) => RecoverWriteOffDecider.Decide(
        new ForgiveClaim("BA-11") { EffectiveOn = day }, id ?? NewTransaction(), Loan, Funds, MomentOf(Today, facts.Count));

    public Decision DecideClaim(long amount, ClaimPayer paidBy, DateOnly day, TransactionId? id = null) => RecordInsuranceClaimDecider.Decide(
        new RecordInsuranceClaim(Money.Rupiah(amount), paidBy, "BA-12", paidBy == ClaimPayer.Insurer ? PaymentMethod.Bank : null) { EffectiveOn = day },
        id ?? NewTransaction(),
        Loan,
        Funds,
        MomentOf(Today, facts.Count));

    /// <summary>What is decided when a payment is taken back; on the day of the payment when it was entered in error.</summary>
    public Decision DecideReversal(TransactionId payment, ReversalKind kind, DateOnly day)
    {
        var original = facts.Single(fact => IdOf(fact.Data) == payment);
        var effectiveOn = kind == ReversalKind.EnteredInError ? original.Envelope.EffectiveOn : day;
        return LoanReversals.Decide(
            new ReversalOrder(NewTransaction(), payment, kind, Funds, Funds.DayOf(Loan.FundId, effectiveOn), Reason: null), original, Loan, Funds, MomentOf(Today, facts.Count));
    }

    /// <summary>Takes a payment back, and records what is decided.</summary>
    public LoanHistory Reverse(TransactionId payment, ReversalKind kind = ReversalKind.EnteredInError, DateOnly day = default) =>
        Record(DecideReversal(payment, kind, day));

    /// <summary>Records what was decided, whatever it was but a refusal.</summary>
    public LoanHistory Record(Decision decision)
    {
        var command = Guid.CreateVersion7();
        foreach (var fact in Assert.IsType<Decision.ToRecord>(decision).Facts)
        {
            Record(fact.Day, fact.Data, command);
        }

        return this;
    }

    /// <summary>
    /// Where the books that these facts make say something else than <c>check-books</c> makes of them; null when they agree.
    /// The books are kept as the door keeps them: a row a line, and a total for each account and pair of days.
    /// </summary>
    public BookDifference? CheckBooks()
    {
        var check = new BookCheck(LedgerStore.FactTypes, new LoanReceivables());
        var journal = facts.Select(fact => (Fact: fact, Rows: LedgerLine.Of(fact).Select(JournalRow.Of).ToArray())).ToArray();
        var totals = journal.SelectMany(entry => entry.Rows)
            .GroupBy(row => (row.FundId, row.Account, row.Currency, row.Day))
            .Select(total => new BalanceRow(total.Key.FundId, total.Key.Account, total.Key.Currency, total.Key.Day, total.Sum(row => row.MinorUnits)));
        return journal.Select(entry => check.Add(entry.Fact, entry.Rows)).FirstOrDefault(difference => difference is not null)
            ?? check.Complete(facts.Count, eventWithoutNumber: null, [], totals);
    }

    /// <summary>The funds' books are closed through this day; what is dated before counts on the day after it.</summary>
    public LoanHistory CloseThrough(DateOnly day)
    {
        funds = [.. funds.Select(fund => fund with { ClosedThrough = day })];
        return this;
    }

    private static TransactionId? IdOf(object fact) => fact switch
    {
        RepaymentRecorded recorded => recorded.RepaymentId,
        LoanMigrated migrated => migrated.MigrationId,
        AdvanceRefunded refunded => refunded.RefundId,
        LoanFeeCharged fee => fee.FeeId,
        LoanSettled settled => settled.SettlementId,
        LoanRescheduled rescheduled => rescheduled.ReschedulingId,
        LoanWrittenOff writtenOff => writtenOff.WriteOffId,
        RecoveryRecorded recovery => recovery.RecoveryId,
        InsuranceClaimPaid claim => claim.ClaimId,
        ClaimForgiven forgiven => forgiven.ForgivenessId,
        LoanChargeWaived waived => waived.WaiverId,
        LoanTrancheDisbursed tranche => tranche.DisbursementId,
        _ => null,
    };

    /// <summary>A fund with far more capital than its loans, and what it has promised them.</summary>
    private static FundBalances Balances(FundId fundId) => FundBalances.Empty(fundId)
        .Add(AccountCode.RevolvingCapital.Value, -1_000_000_000).Add(AccountCode.Cash.Value, 1_000_000_000);

    private void Record(DateOnly day, object data) => Record(BookDay.Open(day), data, Guid.CreateVersion7());

    private void Record(BookDay day, object data, Guid command)
    {
        var fact = new RecordedFact(
            Guid.CreateVersion7(),
            TheLoan.Value,
            data,
            new Envelope(facts.Count + 1, DateTimeOffset.UnixEpoch, day.EffectiveOn, day.BookedOn, command, "test", new Actor(default)));
        facts.Add(fact);
        Loan = Loan.After(Loan, fact);
    }
}
