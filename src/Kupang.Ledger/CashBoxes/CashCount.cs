using System.Collections.Frozen;
using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;
using static Kupang.Ledger.SharedKernel.AccountCode;
using static Kupang.Ledger.SharedKernel.JournalLine;

namespace Kupang.Ledger.CashBoxes;

/// <summary>How many notes or coins of one denomination lay on the table.</summary>
public sealed record CountedPieces(Money Denomination, int Pieces);

/// <summary>Cash that was counted, held against what the books say; a difference goes into the books and never nowhere. Pure.</summary>
/// <param name="Total">What was counted.</param>
/// <param name="Books">What the books say is there.</param>
public sealed record CashCount(Money Total, Money Books)
{
    private const int MostPieces = 1_000_000;

    /// <summary>Notes and coins in minor units: what Bank Indonesia lists as legal tender, and the dollars and euros of the border.</summary>
    private static readonly FrozenDictionary<string, long[]> Denominations = new Dictionary<string, long[]>(StringComparer.Ordinal)
    {
        [Currency.IndonesianRupiah.Code] = [100_000, 75_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50],
        [Currency.UnitedStatesDollar.Code] = [100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 50, 25, 10, 5, 1],
        [Currency.Euro.Code] = [500_00, 200_00, 100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 50, 20, 10, 5, 2, 1],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Counted less books: negative where cash is missing.</summary>
    public Money Difference => Total - Books;

    public CashDifferenceKind Kind => Difference.IsNegative ? CashDifferenceKind.Short : CashDifferenceKind.Over;

    /// <summary>What is missing or too much.</summary>
    public Money Amount => Difference.IsNegative ? -Difference : Difference;

    /// <summary>Why these pieces can't have been counted, or null. An empty list is an empty box.</summary>
    public static Decision? Check(ImmutableArray<CountedPieces> counted, Currency currency, string pointer = "/counted")
    {
        if (!Denominations.TryGetValue(currency.Code, out var known))
        {
            return Decision.Refuse("denominations-not-known", pointer, new Figure("currency", currency.Code));
        }

        HashSet<long> met = [];
        foreach (var (index, (denomination, pieces)) in counted.Index())
        {
            var refusal =
                denomination.Currency != currency || !known.Contains(denomination.MinorUnits)
                    ? Decision.Refuse("denomination-not-known", $"{pointer}/{index}/denomination", new Figure("denomination", denomination))
                : !met.Add(denomination.MinorUnits)
                    ? Decision.Refuse("denomination-twice", $"{pointer}/{index}/denomination", new Figure("denomination", denomination))
                : pieces is < 0 or > MostPieces
                    ? Decision.Refuse("pieces-not-possible", $"{pointer}/{index}/pieces", new Figure("pieces", pieces), new Figure("most", MostPieces))
                : null;
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    public static Money TotalOf(ImmutableArray<CountedPieces> counted, Currency currency) => Money.Sum(
        counted.Select(row => Money.OfMinorUnits(row.Denomination.MinorUnits * row.Pieces, currency)), currency);

    /// <summary>
    /// What the difference does to the books: missing cash is owed by whoever had the box (Dr 1.1.05.01 on the person's name /
    /// Cr cash), cash too much is owed until it is known to whom (Dr cash / Cr 2.1.05.01).
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no difference.</exception>
    public JournalLines LinesOf(FundId fundId, MoneyAccountId box, StaffId custodian, BookDay day) => Kind == CashDifferenceKind.Short
        ? new JournalLines(Debit(CashCountedShort, fundId, Amount, day, PartyOf(custodian)), Credit(Cash, fundId, Amount, day, moneyAccount: box))
        : new JournalLines(Debit(Cash, fundId, Amount, day, moneyAccount: box), Credit(CashCountedOver, fundId, Amount, day));

    public static Party PartyOf(StaffId staffId) => new(PartyKind.Staff, staffId.Value);
}
