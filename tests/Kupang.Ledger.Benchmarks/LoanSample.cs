using System.Collections.Immutable;
using System.Globalization;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Benchmarks;

/// <summary>A loan in the middle of its life, decided and folded as the service does, without a database.</summary>
public sealed class LoanSample
{
    public static readonly DateOnly DisbursedOn = new(2026, 1, 5);
    public static readonly DateOnly Today = new(2027, 3, 31);

    private static readonly FundId TheFund = new(Guid.Parse("019b8c10-0000-7000-8000-000000000003"));
    private static readonly MemberId TheMember = new(Guid.Parse("019b8c10-0000-7000-8000-000000000002"));

    private readonly List<RecordedFact> facts = [];

    /// <summary>60,000,000 over 36 months, of which a month's worth has been paid each month, so that none repays it.</summary>
    public LoanSample(int payments)
    {
        var terms = Terms(InterestMethod.Flat);
        var principal = Money.Rupiah(60_000_000);
        var funding = ImmutableArray.Create(new FundingShare(TheFund, principal));
        Record(DisbursedOn, new LoanProposed(
            LoanId,
            "PJ-2026-000001",
            funding,
            new LoanProductId(Guid.CreateVersion7()),
            ProductVersion: 1,
            terms,
            TheMember,
            principal,
            Instalments: 36,
            new Encrypted(TheMember.Value, ""),
            new LoanProfile(Sex.Female, AgeBand: null, AreaCode: null, Sector: null, PurposeCode: null, FirstLoan: true, LoanCycle: 1, OfficerId: null, Programme: null)));
        Record(DisbursedOn, new LoanApproved(NewTransaction(), LoanId, principal, funding, "BA-01"));
        Record(DisbursedOn, new LoanDisbursed(
            NewTransaction(),
            "PC-2026-000001",
            LoanId,
            TheMember,
            principal,
            funding,
            Deductions: [],
            Schedules.Made(terms, principal, 36).Instalments,
            LoanPostingRules.Disbursement(funding, TheMember, [], terms.BookingClass, Channel.Cash, _ => BookDay.Open(DisbursedOn))));
        for (var index = 0; index < payments; index++)
        {
            var day = DisbursedOn.AddDays(10 * (index + 1));
            var decided = (Decision.ToRecord)Decide(Loan, 500_000, day);
            Record(day, decided.Facts[0].Data);
        }
    }

    public static LoanId LoanId { get; } = new(Guid.Parse("019b8c10-0000-7000-8000-000000000001"));

    public static FundBooks Funds { get; } = new(new Fund(
        TheFund, "DN-2026-000001", "DB", "Dana bergulir", Currency.IndonesianRupiah, FundKind.Revolving, new FundTerms(), Restriction: null, ExternalId: null, Version: 1));

    public IReadOnlyList<RecordedFact> Facts => facts;

    public Loan Loan => facts.Aggregate<RecordedFact, Loan?>(null, Loan.After)!;

    public RepaymentRecorded LastRepayment => (RepaymentRecorded)facts[^1].Data;

    public static LoanTerms Terms(InterestMethod method) => new(
        "IDR",
        method == InterestMethod.None
            ? new InterestRule(method)
            : new InterestRule(method, new Percentage(decimal.Parse("1.5", CultureInfo.InvariantCulture)), RatePeriod.Month),
        new RepaymentFrequency(1, FrequencyUnit.Month),
        new RoundingRule("1000", RoundingMode.Up),
        BookingClass: BookingClass.Spp);

    public static Decision Decide(Loan loan, long amount, DateOnly paidOn) => RecordRepaymentDecider.Decide(
        new RecordRepayment(Money.Rupiah(amount), PaymentMethod.Cash) { EffectiveOn = paidOn }, NewTransaction(), loan, Funds, Now);

    /// <summary>The lines of the last payment.</summary>
    public static JournalLines Post(Loan loan) => new(LoanPostingRules.Payment(loan, Funds, loan.Entries[^1], loan.Entries[^1].Split));

    private static Moment Now { get; } = new(
        new DateTimeOffset(Today, new TimeOnly(4, 0), TimeSpan.Zero), Today, sequence: 0, prefix => prefix + "-2027-000001");

    private static TransactionId NewTransaction() => new(Guid.CreateVersion7());

    private void Record(DateOnly day, object data) => facts.Add(new RecordedFact(
        Guid.CreateVersion7(),
        LoanId.Value,
        data,
        new Envelope(
            facts.Count + 1,
            new DateTimeOffset(day, new TimeOnly(4, 0), TimeSpan.Zero),
            day,
            day,
            Guid.CreateVersion7(),
            "benchmark",
            new Actor(new ApiKeyId(Guid.CreateVersion7())))));
}

/// <summary>Schedules as the service makes them.</summary>
public static class Schedules
{
    public static Schedule Made(LoanTerms terms, Money principal, int instalments) =>
        LoanSchedules.Of(terms, principal, instalments, LoanSample.DisbursedOn, firstDueOn: null) is ScheduleResult.Made made
            ? made.Schedule
            : throw new InvalidOperationException("These terms make no schedule.");
}
