using CsCheck;
using Kupang.Ledger.Arisan;
using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Xunit;

namespace Kupang.Ledger.Tests.Arisan;

/// <summary>
/// Whatever happens on the way (part payments, late and early ones, pots paid in parts, somebody leaving), an arisan that is
/// brought to its end has given everybody back what was paid, and holds nothing.
/// </summary>
public sealed class ArisanPropertyTests
{
    private static readonly DateOnly Today = new(2027, 12, 31);

    private static readonly Gen<(int Seats, ArisanOrder Order, (int Act, int Member, int Round, int Amount)[] Steps)> Histories = Gen.Select(
        Gen.Int[2, 5], Gen.Enum<ArisanOrder>(), Gen.Select(Gen.Int[0, 9], Gen.Int[0, 4], Gen.Int[1, 5], Gen.Int[1, 60_000]).Array[0, 25]);

    [Fact]
    public void Over_a_full_rota_everybody_receives_what_was_paid() => Histories.Sample(
        history =>
        {
            var run = new Run(history.Seats, history.Order);
            foreach (var (act, member, round, amount) in history.Steps)
            {
                run.Try(act, member % history.Seats, ((round - 1) % history.Seats) + 1, amount);
            }

            run.Finish();
            return run.Circle.IsSettled
                && run.Circle.Seats.All(memberId => run.Circle.PaidBy(memberId) == run.Circle.ReceivedBy(memberId) && run.Owed(memberId) == 0)
                && run.Cash == 0;
        },
        iter: 20_000);

    /// <summary>An arisan and its facts, folded as the ledger does.</summary>
    private sealed class Run
    {
        private static readonly Fund Box = new(
            new FundId(Guid.CreateVersion7()), "DN-1", "K", "Kotak", Currency.IndonesianRupiah, FundKind.GroupOwn, new FundTerms(), Restriction: null, ExternalId: null, Version: 1);

        private readonly List<JournalLine> lines = [];
        private long sequence;

        public Run(int seats, ArisanOrder order) => Record(new NewFact(
            Guid.Empty,
            new ArisanStarted(
                new ArisanId(Guid.CreateVersion7()),
                "AR-1",
                new GroupId(Guid.CreateVersion7()),
                Box.Id,
                Money.Rupiah(50_000),
                new ArisanRhythm(1, ArisanUnit.Month),
                new DateOnly(2026, 1, 31),
                [.. Enumerable.Range(0, seats).Select(_ => new MemberId(Guid.CreateVersion7()))],
                order),
            BookDay.Open(Today)));

        public ArisanCircle Circle { get; private set; } = null!;

        public long Cash => lines.Where(line => line.Account == AccountCode.Cash).Sum(line => line.Amount.MinorUnits);

        public long Owed(MemberId memberId) => lines.Where(line => line.Party?.Id == memberId.Value).Sum(line => line.Amount.MinorUnits);

        /// <summary>What is refused does not happen.</summary>
        public void Try(int act, int member, int round, int amount)
        {
            var memberId = Circle.Seats[member];
            if (Decide(act, memberId, round, amount) is Decision.ToRecord recorded)
            {
                Record(recorded.Facts[0]);
            }
        }

        /// <summary>Everybody still in it is drawn and pays, and every pot is paid out.</summary>
        public void Finish()
        {
            foreach (var round in Circle.Rounds.Where(round => Circle.ReceiverOf(round) is null))
            {
                var next = Circle.Seats.First(memberId => !Circle.HasLeft(memberId) && Circle.RoundOf(memberId) is null);
                Must(DrawArisanReceiverDecider.Decide(new DrawArisanReceiver(round, next), NewId(), Circle, Box, Now()));
            }

            foreach (var round in Circle.Rounds)
            {
                foreach (var memberId in Circle.Seats.Where(memberId => Circle.OwedBy(memberId, round).IsPositive))
                {
                    Must(ContributeToArisanDecider.Decide(new ContributeToArisan(memberId, round), NewId(), Circle, Box, Now()));
                }

                if (Circle.CollectedFor(round) > Circle.PaidOutOf(round))
                {
                    Must(PayArisanPotDecider.Decide(new PayArisanPot(round), NewId(), Circle, Box, Now()));
                }
            }
        }

        private Decision Decide(int act, MemberId memberId, int round, int amount) => act switch
        {
            < 5 => ContributeToArisanDecider.Decide(new ContributeToArisan(memberId, round, amount > 50_000 ? null : Money.Rupiah(amount)), NewId(), Circle, Box, Now()),
            < 7 => PayArisanPotDecider.Decide(new PayArisanPot(round, amount > 50_000 ? null : Money.Rupiah(amount)), NewId(), Circle, Box, Now()),
            < 9 => DrawArisanReceiverDecider.Decide(new DrawArisanReceiver(round, memberId), NewId(), Circle, Box, Now()),
            _ => LeaveArisanDecider.Decide(new LeaveArisan(memberId), NewId(), Circle, Box, Now()),
        };

        private void Must(Decision decision) => Record(Assert.IsType<Decision.ToRecord>(decision).Facts[0]);

        private void Record(NewFact fact)
        {
            sequence++;
            Circle = ArisanCircle.After(Circle, new RecordedFact(
                Guid.CreateVersion7(),
                fact.StreamId,
                fact.Data,
                new Envelope(sequence, DateTimeOffset.UnixEpoch, fact.Day.EffectiveOn, fact.Day.BookedOn, Guid.CreateVersion7(), "test", new Actor(default))));
            lines.AddRange((fact.Data as IMoneyFact)?.Lines ?? Enumerable.Empty<JournalLine>());
        }

        private static TransactionId NewId() => new(Guid.CreateVersion7());

        private Moment Now() => LoanHistory.MomentOf(Today, sequence);
    }
}
