using Kupang.Ledger.Savings;
using Kupang.Ledger.SharedKernel;
using Xunit;
using static Kupang.Ledger.Tests.Savings.SavingsHistory;

namespace Kupang.Ledger.Tests.Savings;

/// <summary>What <c>check-books</c> finds when savings in the journal are not what the accounts say, person by person.</summary>
public sealed class SavingsBookTests
{
    [Fact]
    public void Deposits_withdrawals_and_what_is_taken_back_tie_to_the_journal()
    {
        var wrong = NewTransaction();
        var history = new SavingsHistory().Deposit(50_000, Day(3, 1)).Deposit(70_000, Day(3, 2), wrong).Withdraw(20_000, Day(4, 1));
        history.Record(history.DecideReversal(wrong, ReversalKind.Returned, Day(5, 1)));

        Assert.Null(BookOf(history.Facts).FirstDifference());
    }

    [Fact]
    public void A_deposit_booked_on_somebody_elses_name_or_of_another_amount_is_found()
    {
        var facts = new SavingsHistory().Deposit(50_000, Day(3, 1)).Facts;
        var deposited = (SavingsDeposited)facts[1].Data;
        var elsewhere = new JournalLines(deposited.Lines.Select(line => line.Party is null ? line : line with { Party = new Party(PartyKind.Member, Guid.CreateVersion7()) }));

        Assert.NotNull(BookOf([facts[0], facts[1] with { Data = deposited with { Lines = elsewhere } }]).FirstDifference());
        var found = BookOf([facts[0], facts[1] with { Data = deposited with { Amount = Money.Rupiah(49_999) } }]).FirstDifference();
        Assert.Equal((49_999L, 50_000L), (found!.Value.Accounts, found.Value.Lines));
        Assert.Contains("2.1.01.03", found.Value.What, StringComparison.Ordinal);
    }

    private static SavingsBook BookOf(IEnumerable<RecordedFact> facts)
    {
        var book = new SavingsBook();
        foreach (var fact in facts)
        {
            book.Add(fact);
        }

        return book;
    }
}
