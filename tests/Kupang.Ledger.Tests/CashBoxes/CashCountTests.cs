using System.Collections.Immutable;
using CsCheck;
using Kupang.Ledger.CashBoxes;
using Kupang.Ledger.SharedKernel;
using Xunit;

namespace Kupang.Ledger.Tests.CashBoxes;

public sealed class CashCountTests
{
    private static readonly FundId FundId = new(Guid.CreateVersion7());
    private static readonly MoneyAccountId Box = new(Guid.CreateVersion7());
    private static readonly StaffId Petrus = new(Guid.CreateVersion7());
    private static readonly BookDay Day = BookDay.Open(new DateOnly(2026, 2, 5));
    private static readonly long[] Rupiah = [100_000, 75_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50];

    private static readonly Gen<int[]> Pieces = Gen.Int[0, 40].Array[Rupiah.Length];

    /// <summary>Three 100,000, one 50,000, two 20,000 and two 2,000: 300 + 50 + 40 + 4 thousand.</summary>
    [Fact]
    public void Notes_and_coins_add_up() => Assert.Equal(
        Money.Rupiah(394_000),
        CashCount.TotalOf([Row(100_000, 3), Row(50_000, 1), Row(20_000, 2), Row(2_000, 2)], Currency.IndonesianRupiah));

    [Fact]
    public void Missing_cash_is_on_the_name_of_who_had_the_box()
    {
        var lines = new CashCount(Money.Rupiah(390_000), Money.Rupiah(394_000)).LinesOf(FundId, Box, Petrus, Day);

        Assert.Equal([("1.1.05.01", 4_000L, Petrus.Value, null), ("1.1.01.01", -4_000L, (Guid?)null, Box)], lines.Select(Of));
    }

    [Fact]
    public void Cash_too_much_is_on_nobodys_name()
    {
        var lines = new CashCount(Money.Rupiah(395_000), Money.Rupiah(394_000)).LinesOf(FundId, Box, Petrus, Day);

        Assert.Equal([("1.1.01.01", 1_000L, null, Box), ("2.1.05.01", -1_000L, (Guid?)null, (MoneyAccountId?)null)], lines.Select(Of));
    }

    /// <summary>The total is found a second time by laying every note and coin on the table one by one.</summary>
    [Fact]
    public void What_was_counted_is_what_the_books_say_afterwards() => Pieces.Select(Gen.Long[0, 20_000_000]).Sample(
        (pieces, books) =>
        {
            ImmutableArray<CountedPieces> counted = [.. Rupiah.Zip(pieces, Row)];
            Assert.Null(CashCount.Check(counted, Currency.IndonesianRupiah));
            var onTheTable = 0L;
            foreach (var (denomination, number) in Rupiah.Zip(pieces))
            {
                for (var piece = 0; piece < number; piece++)
                {
                    onTheTable += denomination;
                }
            }

            var count = new CashCount(CashCount.TotalOf(counted, Currency.IndonesianRupiah), Money.Rupiah(books));
            var moved = count.Difference.IsZero
                ? 0
                : count.LinesOf(FundId, Box, Petrus, Day).Where(line => line.MoneyAccount == Box).Sum(line => line.Amount.MinorUnits);
            Assert.Equal(onTheTable, books + moved);
        },
        iter: 20_000);

    private static CountedPieces Row(long denomination, int pieces) => new(Money.Rupiah(denomination), pieces);

    private static (string, long, Guid?, MoneyAccountId?) Of(JournalLine line) => (line.Account.Value, line.Amount.MinorUnits, line.Party?.Id, line.MoneyAccount);
}
