using System.Numerics;
using CsCheck;
using Kupang.Ledger.Cycles;
using Kupang.Ledger.SharedKernel;
using Xunit;

namespace Kupang.Ledger.Tests.Cycles;

/// <summary>How a pool is divided, by hand and over random groups.</summary>
public sealed class DivisionTests
{
    private static readonly Gen<(long Cash, (int Shares, long Debt)[] Members, long Multiple)> Groups = Gen.Select(
        Gen.Long[0, 50_000_000],
        Gen.Select(Gen.Int[1, 500], Gen.OneOf(Gen.Const(0L), Gen.Long[0, 3_000_000])).Array[1, 25],
        Gen.OneOf(Gen.Const(1L), Gen.Const(100L), Gen.Const(500L), Gen.Const(1_000L)));

    /// <summary>1,031,500 over 100 shares, in hundreds; see the domain notes, §3.</summary>
    [Fact]
    public void The_worked_share_out_adds_up_to_the_cash()
    {
        var division = Divide(1_031_500, 100, (40, 0), (25, 0), (20, 0), (15, 0));

        Assert.Equal([412_600, 257_800, 206_300, 154_700], division.Portions.Select(portion => portion.Cash.MinorUnits));
        Assert.Equal(100, division.Carried.MinorUnits);
    }

    /// <summary>
    /// 1,000,000 over 100 shares; the third owes more than 200,000 at first and leaves with 50,000 unpaid. By hand: cash
    /// 365,000, first owes 385,000, second nothing: pool 365,000 + 385,000 + 250,000 =
    /// 1,000,000. Third: 200,000 of 250,000. Then 750,000 over 80 shares, 9,375 each: first 40 = 375,000, less than 385,000, so
    /// the first leaves too with 10,000 unpaid, and the second has the cash, 365,000.
    /// </summary>
    [Fact]
    public void Who_leaves_may_make_another_one_leave()
    {
        var division = Divide(365_000, 1, (40, 385_000), (40, 0), (20, 250_000));

        Assert.Equal([(375_000L, 0L, 10_000L), (365_000L, 365_000L, 0L), (200_000L, 0L, 50_000L)], division.Portions.Select(
            portion => (portion.Payout.MinorUnits, portion.Cash.MinorUnits, portion.Unpaid.MinorUnits)));
        Assert.Equal(0, division.Carried.MinorUnits);
    }

    /// <summary>115 cut off to hundreds is less than the 105 that are owed: nobody is left, and the cash waits for the next cycle.</summary>
    [Fact]
    public void When_everybody_leaves_the_cash_is_carried()
    {
        var division = Divide(10, 100, (1, 105));

        Assert.Equal((0L, 5L), (division.Portions[0].Cash.MinorUnits, division.Portions[0].Unpaid.MinorUnits));
        Assert.Equal(10, division.Carried.MinorUnits);
    }

    [Fact]
    public void Cash_handed_out_and_carried_are_exactly_the_cash_and_each_part_is_the_formulas() => Groups.Sample(
        group =>
        {
            var division = Divide(group.Cash, group.Multiple, group.Members);
            var stayed = division.Portions.Where(portion => portion.Unpaid.IsZero).ToArray();
            var left = division.Portions.Where(portion => portion.Unpaid.IsPositive).ToArray();

            // The formula again, in fractions of whole numbers: the pool of those who stayed, by their shares.
            var pool = new BigInteger(group.Cash) + stayed.Aggregate(BigInteger.Zero, (sum, portion) => sum + portion.Stake.Debt.MinorUnits);
            var shares = stayed.Sum(portion => (long)portion.Stake.Shares);
            return group.Cash == division.Portions.Sum(portion => portion.Cash.MinorUnits) + division.Carried.MinorUnits
                && stayed.All(portion => portion.Payout.MinorUnits == pool * portion.Stake.Shares / shares / group.Multiple * group.Multiple
                    && portion.Cash.MinorUnits >= 0 && portion.Offset == portion.Stake.Debt)
                && left.All(portion => portion.Cash.IsZero && portion.Payout < portion.Stake.Debt && portion.Unpaid == portion.Stake.Debt - portion.Payout)
                && (stayed.Length == 0
                    ? division.Carried.MinorUnits == group.Cash
                    : division.Carried.MinorUnits >= 0 && division.Carried.MinorUnits < stayed.Length * group.Multiple);
        },
        iter: 20_000);

    [Fact]
    public void The_lines_of_a_share_out_pay_the_cash_and_close_the_shares() => Groups.Sample(
        group =>
        {
            var (fund, day) = (new FundId(Guid.CreateVersion7()), BookDay.Open(new DateOnly(2026, 10, 5)));
            MemberPortion[] portions =
            [
                .. Divide(group.Cash, group.Multiple, group.Members).Portions.Select(portion => new MemberPortion(
                    portion.Stake.MemberId,
                    portion.Stake.Shares,
                    portion.Stake.PaidIn,
                    portion.Payout,
                    portion.Cash,
                    portion.Unpaid,
                    portion.Offset.IsZero ? [] : [new OffsetLoan(new LoanId(Guid.CreateVersion7()), new TransactionId(Guid.CreateVersion7()), portion.Offset)],
                    [])),
            ];
            var lines = CyclePostingRules.Payouts(fund, portions, Channel.Cash, day);
            return On(AccountCode.Cash) == -portions.Sum(portion => portion.Cash.MinorUnits)
                && On(AccountCode.CycleShares) == portions.Sum(portion => portion.PaidIn.MinorUnits)
                && On(AccountCode.ShareOutPayable) == -portions.SelectMany(portion => portion.Loans).Sum(loan => loan.Amount.MinorUnits);

            long On(AccountCode account) => lines.Where(line => line.Account == account).Sum(line => line.Amount.MinorUnits);
        },
        iter: 20_000);

    private static Division Divide(long cash, long multiple, params (int Shares, long Debt)[] members) => Division.Of(
        Money.Rupiah(cash),
        [.. members.Select(member => new Stake(new MemberId(Guid.CreateVersion7()), member.Shares, Money.Rupiah(member.Shares * 10_000L), Money.Rupiah(member.Debt)))],
        Money.Rupiah(multiple));
}
