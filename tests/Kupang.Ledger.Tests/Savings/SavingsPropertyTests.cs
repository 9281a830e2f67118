using CsCheck;
using Kupang.Ledger.Savings;
using Kupang.Ledger.SharedKernel;
using Xunit;
using static Kupang.Ledger.Tests.Savings.SavingsHistory;

namespace Kupang.Ledger.Tests.Savings;

/// <summary>What holds of every account, in whatever order its movements become known.</summary>
public sealed class SavingsPropertyTests
{
    private const int Days = 40;

    private static readonly Gen<Step[]> Steps = Gen.Select(Gen.Int[0, 4], Gen.Int[0, Days - 1], Gen.Int[1, 60], (kind, day, amount) => new Step(kind, OpenedOn.AddDays(day), amount))
        .Array[1, 14];

    /// <summary>
    /// From the first day on which money went out or was held, no day ends with less than is held and must stay. The days are
    /// gone through one by one over the facts themselves.
    /// </summary>
    [Fact]
    public void No_account_lies_below_its_floor_with_holds_counted_on_any_day() =>
        Gen.Select(Steps, Gen.Int[0, 20]).Sample(
            (steps, minimum) =>
            {
                var history = Lived(steps, minimum);
                var began = history.Facts.Where(fact => fact.Data is SavingsWithdrawn or SavingsHeld).Select(fact => fact.Envelope.EffectiveOn).Order().FirstOrDefault(DateOnly.MaxValue);
                for (var day = 0; day < Days; day++)
                {
                    var on = OpenedOn.AddDays(day);
                    var (balance, held) = WalkedTo(history, on);
                    Assert.Equal((balance, held), (history.Account.BalanceOn(on).MinorUnits, history.Account.HeldOn(on).MinorUnits));
                    Assert.True(on < began || balance - held >= minimum, $"{on}: {balance} less {held} held is below {minimum}.");
                }
            },
            iter: 20_000);

    /// <summary>A refusal is never idle: the amount that the refusal names can be taken out, and one more can't.</summary>
    [Fact]
    public void What_is_said_to_be_available_can_be_taken_out_to_the_last_rupiah() =>
        Gen.Select(Steps, Gen.Int[0, 20], Gen.Int[0, Days - 1]).Sample(
            (steps, minimum, day) =>
            {
                var (history, on) = (Lived(steps, minimum), OpenedOn.AddDays(day));
                var available = SavingsAccountAnswer.Of(history.Account, on, 1).Available.MinorUnits;
                Assert.IsType<Decision.Refused>(history.DecideWithdrawal(available + 1, on));
                Assert.True(available == 0 || history.DecideWithdrawal(available, on) is Decision.ToRecord);
            },
            iter: 20_000);

    [Fact]
    public void The_passbook_ends_with_the_balance_on_both_bases_and_a_replay_of_the_facts_is_the_account() =>
        Steps.Sample(
            steps =>
            {
                var history = Lived(steps, minimum: 0);
                foreach (var basis in new[] { Basis.Effective, Basis.Booked })
                {
                    var passbook = history.Passbook(basis);
                    Assert.Equal(history.Account.Balance, passbook.Closing);
                    var sum = 0L;
                    Assert.All(passbook.Rows, row => Assert.Equal(sum += (row.In?.MinorUnits ?? 0) - (row.Out?.MinorUnits ?? 0), row.Balance.MinorUnits));
                }

                var replayed = history.Facts.Aggregate<RecordedFact, SavingsAccount?>(null, SavingsAccount.After)!;
                Assert.Equal(SavingsAccountAnswer.Of(history.Account, Today, 1).Balance, SavingsAccountAnswer.Of(replayed, Today, 1).Balance);
                Assert.Equal(history.Account.Movements, replayed.Movements);
            },
            iter: 20_000);

    /// <summary>What is refused is not recorded; a mistake is taken back at once when it is one of a withdrawal.</summary>
    private static SavingsHistory Lived(Step[] steps, int minimum)
    {
        var history = new SavingsHistory(Voluntary(minimum.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        foreach (var (kind, day, amount) in steps)
        {
            var id = NewTransaction();
            var hold = history.Account.Holds.Find(known => known.Open.IsPositive);
            var decision = kind switch
            {
                0 or 1 => history.DecideDeposit(amount, day, id),
                2 => history.DecideWithdrawal(amount, day, id),
                3 => history.DecideHold(amount, day),
                _ when hold is not null => history.DecideRelease(hold.Id, amount, day),
                _ => history.DecideDeposit(amount, day, id),
            };
            if (decision is Decision.ToRecord)
            {
                history.Record(decision);
                if (kind == 2 && amount % 5 == 0)
                {
                    history.Record(history.DecideReversal(id));
                }
            }
        }

        return history;
    }

    private static (long Balance, long Held) WalkedTo(SavingsHistory history, DateOnly day)
    {
        var (balance, held) = (0L, 0L);
        foreach (var fact in history.Facts.Where(fact => fact.Envelope.EffectiveOn <= day))
        {
            balance += fact.Data switch
            {
                SavingsDeposited deposited => deposited.Amount.MinorUnits,
                SavingsWithdrawn withdrawn => -withdrawn.Amount.MinorUnits,
                SavingsEntryReversed reversed => reversed.Amount.MinorUnits,
                _ => 0,
            };
            held += fact.Data switch
            {
                SavingsHeld hold => hold.Amount.MinorUnits,
                SavingsHoldReleased released => -released.Amount.MinorUnits,
                _ => 0,
            };
        }

        return (balance, held);
    }

    private sealed record Step(int Kind, DateOnly Day, int Amount);
}
