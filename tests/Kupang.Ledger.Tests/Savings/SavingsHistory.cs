using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Savings;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Tests.Savings;

/// <summary>
/// An account of one member and the facts recorded about it, numbered and folded as the ledger does, without one. It was
/// opened on 1 January 2026; the business day is 24 November.
/// </summary>
public sealed class SavingsHistory
{
    public static readonly DateOnly OpenedOn = new(2026, 1, 1);
    public static readonly DateOnly Today = new(2026, 11, 24);
    public static readonly MemberId TheMember = LoanHistory.TheMember;

    private static readonly SavingsAccountId TheAccount = new(Guid.Parse("01a24000-0000-7000-8000-000000000001"));

    private readonly List<RecordedFact> facts = [];
    private Fund fund = new(
        LoanHistory.TheFund, "DN-1", "DB", "Dana", Currency.IndonesianRupiah, FundKind.Revolving, new FundTerms(), Restriction: null, ExternalId: null, Version: 1);

    public SavingsHistory(SavingsTerms? terms = null) => Record(
        BookDay.Open(OpenedOn),
        new SavingsAccountOpened(
            TheAccount, "SA-1", fund.Id, new Party(PartyKind.Member, TheMember.Value), new SavingsProductId(Guid.CreateVersion7()), 1, terms ?? Voluntary()));

    public SavingsAccount Account { get; private set; } = null!;

    public IReadOnlyList<RecordedFact> Facts => facts;

    public static SavingsTerms Voluntary(string minimumBalance = "0") => new("IDR", SavingsKind.Voluntary, MinimumBalance: minimumBalance);

    public static TransactionId NewTransaction() => new(Guid.CreateVersion7());

    public static DateOnly Day(int month, int day) => new(2026, month, day);

    public Decision DecideDeposit(long amount, DateOnly day, TransactionId? id = null) => DepositSavingsDecider.Decide(
        new DepositSavings(Money.Rupiah(amount), PaymentMethod.Cash) { EffectiveOn = day }, id ?? NewTransaction(), Account, Books, Moment);

    public Decision DecideWithdrawal(long amount, DateOnly day, TransactionId? id = null) => WithdrawSavingsDecider.Decide(
        new WithdrawSavings(Money.Rupiah(amount), PaymentMethod.Cash) { EffectiveOn = day }, id ?? NewTransaction(), Account, Books, Moment);

    public Decision DecideHold(long amount, DateOnly day, TransactionId? id = null) => HoldSavingsDecider.Decide(
        new HoldSavings(Money.Rupiah(amount), "pledged"), id ?? NewTransaction(), Account, isLoanKnown: false, BookDay.Open(day), Moment);

    public Decision DecideRelease(TransactionId holdId, long? amount, DateOnly day) => HoldSavingsDecider.Decide(
        new ReleaseSavingsHold(holdId, amount is { } part ? Money.Rupiah(part) : null), NewTransaction(), Account, BookDay.Open(day), Moment);

    public Decision DecideClosing(DateOnly day) => CloseSavingsAccountDecider.Decide(
        new CloseSavingsAccount(PaymentMethod.Cash) { EffectiveOn = day }, NewTransaction(), Account, Books, Moment);

    public Decision DecideReversal(TransactionId id, ReversalKind kind = ReversalKind.EnteredInError, DateOnly day = default)
    {
        var original = facts.Single(fact => fact.Data is ISavingsEntry entry && entry.EntryId == id);
        var effectiveOn = kind == ReversalKind.EnteredInError ? original.Envelope.EffectiveOn : day;
        return SavingsReversals.Decide(
            new ReversalOrder(NewTransaction(), id, kind, Books, fund.DayOf(effectiveOn), Reason: null), (ISavingsEntry)original.Data, [Account], Moment);
    }

    public Decision DecideInterest(string month) =>
        RunSavingsInterestDecider.Decide(new RunSavingsInterest(month), NewTransaction(), fund, [Account], Moment);

    public SavingsHistory Deposit(long amount, DateOnly day, TransactionId? id = null) => Record(DecideDeposit(amount, day, id));

    public SavingsHistory Withdraw(long amount, DateOnly day, TransactionId? id = null) => Record(DecideWithdrawal(amount, day, id));

    public SavingsHistory Hold(long amount, DateOnly day, TransactionId? id = null) => Record(DecideHold(amount, day, id));

    public SavingsHistory CloseBooksThrough(DateOnly day)
    {
        fund = fund with { ClosedThrough = day };
        return this;
    }

    /// <summary>Records what was decided about the account, whatever it was but a refusal.</summary>
    public SavingsHistory Record(Decision decision)
    {
        foreach (var fact in Xunit.Assert.IsType<Decision.ToRecord>(decision).Facts.Where(fact => fact.StreamId == TheAccount.Value))
        {
            Record(fact.Day, fact.Data, fact.ReasonCode);
        }

        return this;
    }

    public Passbook Passbook(Basis basis = Basis.Effective, DateOnly? from = null) => PassbookRules.Of(
        Account,
        facts.ToDictionary(fact => fact.Envelope.Sequence, fact => (fact, LedgerStore.FactTypes.Of(fact.Data).Alias)),
        from,
        Today,
        basis,
        facts.Count);

    private FundBooks Books => new(fund);

    private Moment Moment => LoanHistory.MomentOf(Today, facts.Count);

    private void Record(BookDay day, object data, string? reasonCode = null)
    {
        var fact = new RecordedFact(
            Guid.CreateVersion7(),
            TheAccount.Value,
            data,
            new Envelope(
                facts.Count + 1, DateTimeOffset.UnixEpoch, day.EffectiveOn, day.BookedOn, Guid.CreateVersion7(), "test", new Actor(default), ReasonCode: reasonCode));
        facts.Add(fact);
        Account = SavingsAccount.After(Account, fact);
    }
}
