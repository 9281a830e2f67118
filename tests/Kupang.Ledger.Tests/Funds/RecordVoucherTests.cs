using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Xunit;

namespace Kupang.Ledger.Tests.Funds;

public sealed class RecordVoucherTests
{
    private static readonly FundId FundId = new(Guid.CreateVersion7());
    private static readonly TransactionId Id = new(Guid.CreateVersion7());
    private static readonly DateOnly Today = new(2026, 11, 24);
    private static readonly DateOnly Day = new(2026, 3, 2);

    [Fact]
    public void An_expense_from_the_operations_bank_releases_as_much_of_the_restriction() => Assert.Equal(
        ["5.1.01.01 1200000", "1.1.01.03 -1200000", "3.1.01.02 1200000", "4.2.02.01 -1200000"],
        Recorded(FundKind.Revolving, VoucherType.CashOut, Debit("5.1.01.01", 1_200_000), Credit("1.1.01.03", 1_200_000)));

    [Fact]
    public void An_expense_from_revolving_money_releases_nothing() => Assert.Equal(
        ["5.3.01.01 12500", "1.1.01.02 -12500"],
        Recorded(FundKind.Revolving, VoucherType.CashOut, Debit("5.3.01.01", 12_500), Credit("1.1.01.02", 12_500)));

    [Fact]
    public void Operations_money_that_only_changes_its_box_is_not_spent() => Assert.Equal(
        ["1.1.01.01 500", "1.1.01.03 -500"],
        Recorded(FundKind.Revolving, VoucherType.Transfer, Debit("1.1.01.01", 500), Credit("1.1.01.03", 500)));

    [Fact]
    public void Of_money_drawn_for_an_expense_and_for_the_cash_box_only_the_expense_is_spent() => Assert.Equal(
        ["5.1.01.01 300", "1.1.01.01 200", "1.1.01.03 -500", "3.1.01.02 300", "4.2.02.01 -300"],
        Recorded(FundKind.Revolving, VoucherType.CashOut, Debit("5.1.01.01", 300), Debit("1.1.01.01", 200), Credit("1.1.01.03", 500)));

    [Fact]
    public void Of_an_expense_paid_from_two_banks_only_the_part_from_operations_money_releases() => Assert.Equal(
        ["5.1.01.01 500", "1.1.01.02 -200", "1.1.01.03 -300", "3.1.01.02 300", "4.2.02.01 -300"],
        Recorded(FundKind.Revolving, VoucherType.CashOut, Debit("5.1.01.01", 500), Credit("1.1.01.02", 200), Credit("1.1.01.03", 300)));

    [Fact]
    public void Equipment_bought_from_operations_money_releases_it_too() => Assert.Equal(
        ["1.2.01.01 900", "1.1.01.03 -900", "3.1.01.02 900", "4.2.02.01 -900"],
        Recorded(FundKind.Revolving, VoucherType.CashOut, Debit("1.2.01.01", 900), Credit("1.1.01.03", 900)));

    [Fact]
    public void A_fund_for_running_costs_spends_operations_money_from_its_cash_box_too() => Assert.Equal(
        ["5.1.01.01 40", "1.1.01.01 -40", "3.1.01.02 40", "4.2.02.01 -40"],
        Recorded(FundKind.Operations, VoucherType.CashOut, Debit("5.1.01.01", 40), Credit("1.1.01.01", 40)));

    [Fact]
    public void A_memorial_moves_no_money_and_releases_nothing() => Assert.Equal(
        ["5.1.01.01 70", "2.1.04.02 -70"],
        Recorded(FundKind.Operations, VoucherType.Memorial, Debit("5.1.01.01", 70), Credit("2.1.04.02", 70)));

    [Fact]
    public void Its_lines_stand_on_the_day_it_happened_and_on_the_first_open_day()
    {
        var fund = Fund(FundKind.Revolving) with { ClosedThrough = new DateOnly(2026, 3, 31) };

        var decision = Assert.IsType<Decision.ToRecord>(RecordVoucherDecider.Decide(
            Command(VoucherType.CashIn, Debit("1.1.01.02", 5), Credit("4.2.01.01", 5)), Id, fund, Moment()));

        var fact = Assert.Single(decision.Facts);
        Assert.Equal(new BookDay(Day, new DateOnly(2026, 4, 1)), fact.Day);
        Assert.All(((VoucherRecorded)fact.Data).Lines, line => Assert.Equal(fact.Day, new BookDay(line.EffectiveOn, line.BookedOn)));
    }

    [Fact]
    public void Nothing_is_dated_before_the_books_were_opened()
    {
        var decision = RecordVoucherDecider.Decide(
            Command(VoucherType.CashIn, Debit("1.1.01.02", 5), Credit("4.2.01.01", 5)), Id, Fund(FundKind.Revolving), Moment(new DateOnly(2026, 3, 3)));

        Assert.Equal("before-cut-over", Assert.IsType<Decision.Refused>(decision).Refusal.Code);
    }

    private static string[] Recorded(FundKind kind, VoucherType type, params VoucherLineInput[] lines)
    {
        var decision = Assert.IsType<Decision.ToRecord>(RecordVoucherDecider.Decide(Command(type, lines), Id, Fund(kind), Moment()));
        return [.. ((VoucherRecorded)Assert.Single(decision.Facts).Data).Lines.Select(line => $"{line.Account} {line.Amount.ToAmountText()}")];
    }

    private static RecordVoucher Command(VoucherType type, params VoucherLineInput[] lines) => new(type, FundId, [.. lines]) { EffectiveOn = Day };

    private static VoucherLineInput Debit(string account, long amount) => new(new AccountCode(account), Debit: Money.Rupiah(amount));

    private static VoucherLineInput Credit(string account, long amount) => new(new AccountCode(account), Credit: Money.Rupiah(amount));

    private static Fund Fund(FundKind kind) =>
        new(FundId, "DN-2026-000001", "DB", "Dana", Currency.IndonesianRupiah, kind, new FundTerms(), Restriction: null, ExternalId: null, Version: 1);

    private static Moment Moment(DateOnly? booksOpenFrom = null) =>
        new(new DateTimeOffset(Today, new TimeOnly(4, 0), TimeSpan.Zero), Today, sequence: 7, prefix => $"{prefix}-2026-000001") { BooksOpenFrom = booksOpenFrom };
}
