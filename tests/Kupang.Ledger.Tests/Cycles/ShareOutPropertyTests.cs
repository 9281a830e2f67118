using System.Collections.Immutable;
using CsCheck;
using Kupang.Ledger.Cycles;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.LoanHistory;

namespace Kupang.Ledger.Tests.Cycles;

/// <summary>
/// Whatever a group bought, fined and lent, a share-out leaves the same in the cycle, the loan and the fund's books: the cash
/// is gone but for what is carried and the social fund, the shares are closed, and what is still owed is what the loan says.
/// </summary>
public sealed class ShareOutPropertyTests
{
    private const long Price = 100_000;

    private static readonly Fund Box = new(
        TheFund, "DN-1", "K", "Kotak", Currency.IndonesianRupiah, FundKind.GroupOwn, new FundTerms(), Restriction: null, ExternalId: null, Version: 1);

    /// <summary>The debtor and five others; the loan is 6,000,000 over 10 months from 5 January.</summary>
    private static readonly ImmutableArray<MemberId> Members = [TheMember, .. Enumerable.Range(0, 5).Select(_ => new MemberId(Guid.CreateVersion7()))];

    private static readonly Group Sisters = new(
        new GroupId(Guid.CreateVersion7()), "KL-1", "Melati", new DateOnly(2025, 1, 1), Village: null, Meeting: null, ExternalId: null, Version: 1)
    {
        Memberships = [.. Members.Select(memberId => new Membership(memberId, GroupRole.Member, new DateOnly(2025, 1, 1)))],
    };

    private static readonly Func<LoanHistory>[] Loans =
    [
        () => Of(Terms(InterestMethod.Flat, "2"), 6_000_000, 10),
        () => Of(Terms(InterestMethod.DecliningEqualPrincipal, "2") with { Advance = AdvanceRule.Hold }, 6_000_000, 10),
        () => Of(Terms(InterestMethod.DecliningEqualInstalments, "3"), 6_000_000, 10),
        () => Of(Terms(InterestMethod.DecliningEqualPrincipal, "2") with { Advance = AdvanceRule.ReducePrincipal, Effect = ReductionEffect.Shorten }, 6_000_000, 10),
        () => Of(Terms(InterestMethod.None, "0") with { Interest = new InterestRule(InterestMethod.None) }, 6_000_000, 10),
    ];

    [Fact]
    public void Cycle_loan_and_books_say_the_same_after_every_share_out() => Gen.Select(
        Gen.Int[0, Loans.Length - 1],
        Gen.Int[0, 200].Array[6],
        Gen.Select(Gen.Int[0, 9], Gen.Long[1, 1_500_000]).Array[0, 5],
        Gen.Select(Gen.Int[0, 5], Gen.Long[1, 500_000]).Array[0, 4],
        Gen.OneOf(Gen.Const(1L), Gen.Const(100L), Gen.Const(1_000L))).Sample(
        (loan, shares, payments, fines, multiple) =>
        {
            var run = new Run(Loans[loan](), multiple);
            foreach (var (member, count) in shares.Index().Where(member => member.Item + (member.Index == 1 ? 60 : 0) > 0))
            {
                // The second member alone has enough shares for the loan.
                run.Buy(Members[member], count + (member == 1 ? 60 : 0));
            }

            foreach (var (month, amount) in payments.OrderBy(payment => payment.Item1))
            {
                run.Repay(amount, new DateOnly(2026, 2, 5).AddMonths(month));
            }

            foreach (var (member, amount) in fines)
            {
                run.Fine(Members[member], amount);
            }

            var (shared, social) = (run.ShareOut(), 7_000L);
            var debtor = shared.Portions.FirstOrDefault(portion => portion.MemberId == TheMember);
            var fineOwed = run.Cycle.Fines().Sum(fine => fine.Owed.MinorUnits);
            return run.On(AccountCode.Cash) == shared.Carried.MinorUnits + social
                && run.On(AccountCode.SocialFund) == -social
                && run.On(AccountCode.CycleShares) == 0
                && run.On(AccountCode.ShareOutPayable) == 0
                && shared.Portions.Sum(portion => portion.Payout.MinorUnits) ==
                    shared.Portions.Sum(portion => portion.Cash.MinorUnits + portion.Loans.Sum(paid => paid.Amount.MinorUnits) + portion.Fines.Sum(fine => fine.Amount.MinorUnits))
                && run.On(AccountCode.LoansReceivableSpp) == run.History.Loan.Schedule.Sum(row => run.History.Loan.Paid[row.Number - 1].OpenPrincipal(row))
                && (debtor is null || (debtor.Unpaid.IsZero == (run.History.Loan.Outstanding.MinorUnits + run.OwedFinesOf(TheMember) == 0) && run.History.Loan.Advance.IsZero))
                && (fineOwed == 0 || shared.Portions.Any(portion => portion.Unpaid.IsPositive) || run.FinesWithoutShares() == fineOwed)
                && run.Next.Opening.Surplus.MinorUnits == -(run.Sum("3.2.") + run.Sum("4.") + run.Sum("5."))
                && run.History.CheckBooks() is null;
        },
        iter: 20_000);

    /// <summary>A cycle beside a loan's history, with the lines of both.</summary>
    private sealed class Run
    {
        private static readonly DateOnly Day = new(2026, 12, 7);

        private readonly List<JournalLine> lines = [];
        private long sequence = 1_000;

        public Run(LoanHistory history, long multiple)
        {
            History = history;
            Record(new NewFact(
                Guid.Empty,
                new CycleOpened(
                    new CycleId(Guid.CreateVersion7()),
                    "SK-1",
                    1,
                    Sisters.Id,
                    TheFund,
                    new CycleTerms(Money.Rupiah(Price), 1_000, Money.Rupiah(7_000), PayoutMultiple: Money.Rupiah(multiple)),
                    new DateOnly(2025, 1, 6),
                    CyclePool.FiguresOf(FundBalances.Empty(TheFund), Currency.IndonesianRupiah)),
                BookDay.Open(new DateOnly(2025, 1, 6))));
            Record(ContributeToSocialFundDecider.Decide(new ContributeToSocialFund(Members[2]) { EffectiveOn = new DateOnly(2025, 1, 6) }, NewTransaction(), Context(), Now()));
        }

        public LoanHistory History { get; }

        public Cycle Cycle { get; private set; } = null!;

        public CycleOpened Next { get; private set; } = null!;

        public void Buy(MemberId memberId, int shares) => Record(PurchaseSharesDecider.Decide(
            new PurchaseShares(memberId, shares) { EffectiveOn = new DateOnly(2025, 1, 6) }, NewTransaction(), Context(), Now()));

        public void Fine(MemberId memberId, long amount) => Record(ChargeFineDecider.Decide(
            new ChargeFine(memberId, "late", Money.Rupiah(amount)) { EffectiveOn = new DateOnly(2025, 2, 3) }, NewTransaction(), Context(), Now()));

        public void Repay(long amount, DateOnly day)
        {
            if (History.Loan.Status == LoanStatus.Active && History.Loan.Outstanding >= Money.Rupiah(amount))
            {
                History.Pay(amount, day);
            }
        }

        public CycleSharedOut ShareOut()
        {
            OwnLoan[] loans = History.Loan.Status == LoanStatus.Active ? [new OwnLoan(History.Loan, History.Funds)] : [];
            var decision = ShareOutDecider.Decide(
                new ShareOutCycle { EffectiveOn = Day }, NewTransaction(), new CycleId(Guid.CreateVersion7()), Context(), loans, Now());
            Record(decision);
            return Cycle.ShareOut!;
        }

        public long OwedFinesOf(MemberId memberId) => Cycle.Fines().Where(fine => fine.Fine.MemberId == memberId).Sum(fine => fine.Owed.MinorUnits);

        /// <summary>What is owed by those who had no shares to keep it back from.</summary>
        public long FinesWithoutShares() => Cycle.Fines()
            .Where(fine => Cycle.ShareOut!.Portions.All(portion => portion.MemberId != fine.Fine.MemberId)).Sum(fine => fine.Owed.MinorUnits);

        public long On(AccountCode account) => Sum(account.Value);

        public long Sum(string under) => lines.Concat(History.Journal)
            .Where(line => line.Account.Value.StartsWith(under, StringComparison.Ordinal)).Sum(line => line.Amount.MinorUnits);

        private CycleContext Context() => new(Cycle, Sisters, Box, lines.Concat(History.Journal).Aggregate(
            FundBalances.Empty(TheFund), (balances, line) => balances.Add(line.Account.Value, line.Amount.MinorUnits)));

        private void Record(Decision decision)
        {
            foreach (var fact in Assert.IsType<Decision.ToRecord>(decision).Facts)
            {
                Record(fact);
            }
        }

        private void Record(NewFact fact)
        {
            if (fact.StreamId == TheLoan.Value)
            {
                History.Record(Decision.Record(fact));
            }
            else if (fact.Data is CycleOpened opened && Cycle is not null)
            {
                Next = opened;
            }
            else
            {
                Cycle = Cycle.After(Cycle, new RecordedFact(
                    Guid.CreateVersion7(),
                    fact.StreamId,
                    fact.Data,
                    new Envelope(++sequence, DateTimeOffset.UnixEpoch, fact.Day.EffectiveOn, fact.Day.BookedOn, Guid.CreateVersion7(), "test", new Actor(default))));
                lines.AddRange((fact.Data as IMoneyFact)?.Lines ?? Enumerable.Empty<JournalLine>());
            }
        }

        private Moment Now() => MomentOf(Today, History.Facts.Count);
    }
}
