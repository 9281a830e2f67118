using System.Text.Json;
using Kupang.Ledger.Funds;
using Kupang.Ledger.GeneralLedger;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Xunit;

namespace Kupang.Ledger.Tests.GeneralLedger;

public sealed class BookCheckTests
{
    private static readonly FundId FundId = new(Guid.CreateVersion7());
    private static readonly DateTimeOffset Morning = new(2026, 11, 24, 4, 0, 0, TimeSpan.Zero);
    private static readonly BookDay Late = new(new DateOnly(2026, 1, 20), new DateOnly(2026, 2, 1));
    private static readonly BookDay Day = BookDay.Open(new DateOnly(2026, 1, 5));

    [Fact]
    public void Receivables_are_what_the_loans_owe_on_every_day()
    {
        var check = new BookCheck(LedgerStore.FactTypes, new OneLoan((1_000, Day), (-400, Late)));

        Assert.Null(AddPayout(check, 1, 1_000, Day));
        Assert.Null(AddPayout(check, 2, -400, Late));
        Assert.Null(Complete(check, Total("1.1.01.01", -1_000, Day), Total("1.1.01.01", 400, Late), Total("1.1.03.01", 1_000, Day), Total("1.1.03.01", -400, Late)));
    }

    [Fact]
    public void A_day_on_which_the_loans_owe_something_else_is_named_with_both_sums()
    {
        var check = new BookCheck(LedgerStore.FactTypes, new OneLoan((1_000, Day), (-300, Late)));

        AddPayout(check, 1, 1_000, Day);
        AddPayout(check, 2, -400, Late);

        Assert.Equal(
            $"receivables of fund {FundId} on 2026-01-20 by effective_on: expected 700, which its loans owe, found 600 in the journal",
            Complete(check, Total("1.1.01.01", -1_000, Day), Total("1.1.01.01", 400, Late), Total("1.1.03.01", 1_000, Day), Total("1.1.03.01", -400, Late))!.ToString());
    }

    [Fact]
    public void A_sum_that_is_right_by_the_day_it_happened_can_be_wrong_by_the_day_it_counts()
    {
        var check = new BookCheck(LedgerStore.FactTypes, new OneLoan((1_000, Day), (-400, BookDay.Open(Late.EffectiveOn))));

        AddPayout(check, 1, 1_000, Day);
        AddPayout(check, 2, -400, Late);

        Assert.Equal(
            $"receivables of fund {FundId} on 2026-01-20 by booked_on: expected 600, which its loans owe, found 1000 in the journal",
            Complete(check, Total("1.1.01.01", -1_000, Day), Total("1.1.01.01", 400, Late), Total("1.1.03.01", 1_000, Day), Total("1.1.03.01", -400, Late))!.ToString());
    }

    /// <summary>The receivable of 1,100 less 90 deferred is more than the principal of 1,000, and 90 is less than the margin of 100.</summary>
    [Fact]
    public void What_is_owed_with_a_margin_less_what_is_deferred_of_it_is_the_principal_and_what_is_deferred_is_the_margin_not_received()
    {
        Assert.Null(Check(principal: 1_000, margin: 100, deferred: 100));
        Assert.Equal(
            $"receivables of fund {FundId} on 2026-01-05 by effective_on: expected 1000, which its loans owe, found 1010 in the journal",
            Check(principal: 1_000, margin: 100, deferred: 90)!.ToString());
        Assert.Equal(
            $"deferred margins of fund {FundId} on 2026-01-05 by effective_on: expected 90, which its loans owe, found 100 in the journal",
            Check(principal: 1_000, margin: 90, deferred: 100)!.ToString());

        static BookDifference? Check(long principal, long margin, long deferred)
        {
            var check = new BookCheck(LedgerStore.FactTypes, new OneLoan((principal, Day)).Deferring(margin, Day));
            var sale = Fact(1_100, Day) with
            {
                Lines = new JournalLines(
                    JournalLine.Debit(AccountCode.MurabahahReceivable, FundId, Money.Rupiah(1_100), Day),
                    JournalLine.Credit(AccountCode.DeferredMurabahahMargin, FundId, Money.Rupiah(deferred), Day),
                    JournalLine.Credit(AccountCode.Cash, FundId, Money.Rupiah(1_100 - deferred), Day)),
            };
            var payout = new RecordedFact(
                Guid.CreateVersion7(),
                FundId.Value,
                sale,
                new Envelope(1, Morning, Day.EffectiveOn, Day.BookedOn, Guid.CreateVersion7(), "test", new Actor(new ApiKeyId(Guid.CreateVersion7()))));
            return check.Add(payout, [.. LedgerLine.Of(payout).Select(JournalRow.Of)])
                ?? check.Complete(1, eventWithoutNumber: null, [], [Total("1.1.03.07", 1_100, Day), Total("1.1.03.08", -deferred, Day), Total("1.1.01.01", deferred - 1_100, Day)]);
        }
    }

    [Fact]
    public void A_number_that_is_missing_or_stands_twice_is_named()
    {
        Assert.Equal("the numbers: expected 1, found 2", AddPayout(new BookCheck(LedgerStore.FactTypes, new OneLoan()), 2, 1, Day)!.ToString());

        var check = new BookCheck(LedgerStore.FactTypes, new OneLoan());
        AddPayout(check, 1, 1, Day);
        Assert.Equal("the numbers: expected 2, found 1", AddPayout(check, 1, 1, Day)!.ToString());
        Assert.Equal("the tenant's head: expected 1, found 2", check.Complete(2, eventWithoutNumber: null, [], [])!.ToString());
    }

    [Fact]
    public void The_clock_of_the_log_never_runs_back()
    {
        var check = new BookCheck(LedgerStore.FactTypes, new OneLoan());
        AddPayout(check, 1, 1, Day);

        Assert.StartsWith("sequence 2, recordedAt: expected 2026-11-24T04:00:00", AddPayout(check, 2, 1, Day, Morning.AddSeconds(-1))!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_whose_lines_do_not_balance_can_not_be_read()
    {
        var check = new BookCheck(LedgerStore.FactTypes, new OneLoan());
        var row = Row(1, 1_000, Day, Morning);
        var unbalanced = JsonSerializer.Serialize(Fact(1_000, Day), LedgerJson.Options).Replace("\"-1000\"", "\"-999\"", StringComparison.Ordinal);
        var tampered = row with { Event = row.Event! with { Data = System.Text.Encoding.UTF8.GetBytes(unbalanced) } };

        var difference = check.Add(tampered, [])!.ToString();

        Assert.StartsWith("sequence 1, voucher_recorded: expected a fact that can be read and balances, found Fund", difference, StringComparison.Ordinal);
        Assert.EndsWith("debits less credits are 1 minor units.", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fact_of_a_type_nobody_knows_stops_the_check()
    {
        var row = Row(1, 1_000, Day, Morning);

        var difference = new BookCheck(LedgerStore.FactTypes, new OneLoan()).Add(row with { Event = row.Event! with { Type = "loan_forgotten" } }, []);

        Assert.Contains("'loan_forgotten'", difference!.Found, StringComparison.Ordinal);
    }

    private static BookDifference? AddPayout(BookCheck check, long sequence, long amount, BookDay day, DateTimeOffset? recordedAt = null)
    {
        var row = Row(sequence, amount, day, recordedAt ?? Morning);
        var journal = Fact(amount, day).Lines.Select((line, number) => new JournalRow(
            sequence, (short)number, FundId.Value, line.Account.Value, "IDR", line.Amount.MinorUnits, day, PartyKind: null, PartyId: null, MoneyAccount: null));
        return check.Add(row, [.. journal]);
    }

    private static BookDifference? Complete(BookCheck check, params BalanceRow[] totals) => check.Complete(check.Facts, eventWithoutNumber: null, [], totals);

    private static BalanceRow Total(string account, long amount, BookDay day) => new(FundId.Value, account, "IDR", day, amount);

    private static NumberedRow Row(long sequence, long amount, BookDay day, DateTimeOffset recordedAt)
    {
        var envelope = new Envelope(
            sequence, recordedAt, day.EffectiveOn, day.BookedOn, Guid.CreateVersion7(), "test", new Actor(new ApiKeyId(Guid.CreateVersion7())));
        return new NumberedRow(
            sequence,
            Guid.CreateVersion7(),
            FundId.Value,
            recordedAt,
            new StoredEventRow(
                FundId.Value,
                "voucher_recorded",
                JsonSerializer.SerializeToUtf8Bytes(Fact(amount, day), LedgerJson.Options),
                JsonSerializer.SerializeToUtf8Bytes(new { envelope }, LedgerJson.Options)));
    }

    /// <summary>A payout in the lines a disbursement would have.</summary>
    private static VoucherRecorded Fact(long amount, BookDay day) => new(
        new TransactionId(Guid.CreateVersion7()),
        "X-1",
        FundId,
        VoucherType.Memorial,
        Money.Rupiah(Math.Abs(amount)),
        new JournalLines(
            JournalLine.Debit(AccountCode.LoansReceivableSpp, FundId, Money.Rupiah(amount), day),
            JournalLine.Credit(AccountCode.Cash, FundId, Money.Rupiah(amount), day)));

    private sealed class OneLoan(params (long Amount, BookDay Day)[] movements) : ILoanBook
    {
        private readonly List<(long Amount, BookDay Day)> margins = [];

        public OneLoan Deferring(long amount, BookDay day)
        {
            margins.Add((amount, day));
            return this;
        }

        public void Add(RecordedFact fact)
        {
        }

        public IEnumerable<LoanBookMovement> Movements() =>
            movements.Select(movement => new LoanBookMovement(FundId, Money.Rupiah(movement.Amount), movement.Day));

        public IEnumerable<LoanBookMovement> Margins() => margins.Select(movement => new LoanBookMovement(FundId, Money.Rupiah(movement.Amount), movement.Day));
    }
}
