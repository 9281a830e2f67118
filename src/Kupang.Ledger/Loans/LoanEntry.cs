using System.Collections.Immutable;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>What happens to a loan that is paid out, in the order in which it counts on one day.</summary>
public enum EntryKind
{
    /// <summary>What was paid on paper before the loan was kept here.</summary>
    Opening,

    /// <summary>A further part of the principal is paid out.</summary>
    Tranche,
    Fee,
    Waiver,
    Payment,
    InsuranceClaim,
    Settlement,
    Refund,
    Rescheduling,
    WriteOff,
    Recovery,
    Forgiveness,

    /// <summary>One of the others is taken back on a day of its own.</summary>
    Return,
}

/// <summary>Something that happened to a loan after its money was paid out, as the loan remembers it.</summary>
/// <param name="Amount">What came in, below zero for what went out; of a fee or a waiver, what it is of.</param>
/// <param name="Split">What it pays or lets off, as far as is known now; the parts of what went out are below zero.</param>
/// <param name="BookedSplit">What its own fact said.</param>
/// <param name="Source">Where money came from or went to.</param>
/// <param name="Returns">The entry that this one takes back.</param>
public sealed record LoanEntry(
    TransactionId Id,
    EntryKind Kind,
    DateOnly EffectiveOn,
    long Sequence,
    Money Amount,
    ImmutableArray<SplitPart> Split,
    ImmutableArray<SplitPart> BookedSplit,
    PaymentSource Source = default,
    TransactionId? Returns = null)
{
    /// <summary>The schedule from this entry on, when it made another.</summary>
    public ImmutableArray<Instalment>? Schedule { get; init; }

    /// <summary>What it does beside moving money; null where the kind says it all.</summary>
    public LoanTurn? Turn { get; init; }

    /// <summary>Whether money came in or went out by it, so that the money can come back.</summary>
    public bool IsMoney => Kind is EntryKind.Payment or EntryKind.InsuranceClaim or EntryKind.Settlement or EntryKind.Refund or EntryKind.Recovery or EntryKind.Return;

    public bool IsRefund => Kind == EntryKind.Refund;

    public static LoanEntry Payment(TransactionId id, DateOnly effectiveOn, long sequence, Money amount, PaymentSource source) =>
        new(id, EntryKind.Payment, effectiveOn, sequence, amount, [], [], source);

    public static LoanEntry Of(RepaymentRecorded repayment, Envelope envelope) =>
        Payment(repayment.RepaymentId, envelope.EffectiveOn, envelope.Sequence, repayment.Amount, PaymentSource.Of(repayment))
            .WithSplit(repayment.Split) with
        { Schedule = repayment.Schedule };

    public static LoanEntry Of(AdvanceRefunded refund, Envelope envelope) => new LoanEntry(
        refund.RefundId,
        EntryKind.Refund,
        envelope.EffectiveOn,
        envelope.Sequence,
        -refund.Amount,
        [],
        [],
        new PaymentSource(refund.Lines.First(line => line.Amount.IsNegative).Account)).WithSplit(refund.Split);

    public static LoanEntry Of(LoanTrancheDisbursed tranche, Envelope envelope) =>
        new(tranche.DisbursementId, EntryKind.Tranche, envelope.EffectiveOn, envelope.Sequence, tranche.Principal, [], [])
        {
            Schedule = tranche.Schedule,
            Turn = new LoanTurn.Tranche(tranche.Funding, tranche.Rows),
        };

    public static LoanEntry Of(LoanFeeCharged fee, Envelope envelope) =>
        new(fee.FeeId, EntryKind.Fee, envelope.EffectiveOn, envelope.Sequence, fee.Amount, [], []);

    public static LoanEntry Of(LoanChargeWaived waived, Envelope envelope) =>
        new LoanEntry(waived.WaiverId, EntryKind.Waiver, envelope.EffectiveOn, envelope.Sequence, waived.Amount, [], []).WithSplit(waived.Split) with
        {
            Turn = new LoanTurn.Waiver(waived.Component),
        };

    public static LoanEntry Of(LoanSettled settled, Envelope envelope) =>
        new LoanEntry(settled.SettlementId, EntryKind.Settlement, envelope.EffectiveOn, envelope.Sequence, settled.Amount, [], [], SourceOf(settled.Lines)).WithSplit(settled.Split) with
        {
            Schedule = settled.Schedule,
            Turn = new LoanTurn.Settlement(settled.Policy, settled.RefinancedBy, settled.PaidArrears),
        };

    public static LoanEntry Of(LoanRescheduled rescheduled, Envelope envelope) =>
        new(rescheduled.ReschedulingId, EntryKind.Rescheduling, envelope.EffectiveOn, envelope.Sequence, Money.Zero(rescheduled.OverdueInterest.Currency), [], [])
        {
            Schedule = rescheduled.Schedule,
            Turn = new LoanTurn.Rescheduling(rescheduled.Rows, rescheduled.OverdueInterest, rescheduled.Terms),
        };

    public static LoanEntry Of(LoanWrittenOff writtenOff, Envelope envelope) =>
        new LoanEntry(writtenOff.WriteOffId, EntryKind.WriteOff, envelope.EffectiveOn, envelope.Sequence, Money.Zero(writtenOff.Amount.Currency), [], []).WithSplit(writtenOff.Split) with
        {
            Turn = new LoanTurn.WriteOff(writtenOff.Allowance),
        };

    public static LoanEntry Of(RecoveryRecorded recovery, Envelope envelope) =>
        new LoanEntry(recovery.RecoveryId, EntryKind.Recovery, envelope.EffectiveOn, envelope.Sequence, recovery.Amount, [], [], SourceOf(recovery.Lines)).WithSplit(recovery.Split);

    public static LoanEntry Of(InsuranceClaimPaid claim, Envelope envelope) =>
        new LoanEntry(claim.ClaimId, EntryKind.InsuranceClaim, envelope.EffectiveOn, envelope.Sequence, claim.Amount, [], [], SourceOf(claim.Lines)).WithSplit(claim.Split) with
        {
            Schedule = claim.Schedule,
        };

    public static LoanEntry Of(ClaimForgiven forgiven, Envelope envelope) =>
        new(forgiven.ForgivenessId, EntryKind.Forgiveness, envelope.EffectiveOn, envelope.Sequence, forgiven.Amount, [], []);

    /// <summary>The first line of a payment says where its money came from.</summary>
    private static PaymentSource SourceOf(JournalLines lines) => new(lines[0].Account);

    /// <summary>With what its own fact says that it pays.</summary>
    public LoanEntry WithSplit(ImmutableArray<SplitPart> split) => this with { Split = split, BookedSplit = split };

    /// <summary>Whether both take something back on one day.</summary>
    public bool GoesBackWith(LoanEntry other) => Returns is not null && other.Returns is not null && EffectiveOn == other.EffectiveOn;

    /// <summary>By day, then by kind, then by the order of recording.</summary>
    public bool ComesBefore(LoanEntry other) =>
        (EffectiveOn, Kind, Sequence).CompareTo((other.EffectiveOn, other.Kind, other.Sequence)) < 0;

    /// <summary>What takes this entry back on a later day, by what its own fact said.</summary>
    public LoanEntry ReturnedBy(TransactionId reversalId, DateOnly effectiveOn, long sequence)
    {
        ImmutableArray<SplitPart> split = [.. BookedSplit.Select(part => part with
        {
            Amount = -part.Amount,
            AppliedOn = part.AppliedOn > effectiveOn ? part.AppliedOn : null,
        })];
        return new LoanEntry(reversalId, EntryKind.Return, effectiveOn, sequence, -Amount, split, split, Source, Id);
    }
}

/// <summary>What an entry does to a loan beside moving money.</summary>
public abstract record LoanTurn
{
    private LoanTurn()
    {
    }

    /// <param name="Funding">Of which funds it was paid out.</param>
    /// <param name="Rows">How it is paid back: on due dates that the loan has already, with their numbers.</param>
    public sealed record Tranche(ImmutableArray<FundingShare> Funding, ImmutableArray<Instalment> Rows) : LoanTurn;

    public sealed record Waiver(ChargeComponent Component) : LoanTurn;

    /// <param name="RefinancedBy">The loan that paid it off, where another did.</param>
    public sealed record Settlement(SettlementPolicy Policy, LoanId? RefinancedBy = null, Money? PaidArrears = null) : LoanTurn;

    /// <param name="Rows">The instalments that take the place of all that was not paid.</param>
    /// <param name="OverdueInterest">What of their interest was due before; it bears none itself.</param>
    /// <param name="Terms">What their schedule hangs on.</param>
    public sealed record Rescheduling(ImmutableArray<Instalment> Rows, Money OverdueInterest, LoanTerms Terms) : LoanTurn;

    /// <param name="Allowance">How much of each fund's allowance was there to be used.</param>
    public sealed record WriteOff(ImmutableArray<FundAmount> Allowance) : LoanTurn;
}

/// <summary>An amount of one fund.</summary>
public sealed record FundAmount(FundId FundId, Money Amount)
{
    /// <summary>The principal that a split writes off, of each fund.</summary>
    /// <param name="onlyFund">The fund of parts that name none.</param>
    public static ImmutableArray<FundAmount> WrittenOffOf(IEnumerable<SplitPart> split, FundId onlyFund) =>
    [
        .. split.Where(part => part.Component == SplitComponent.PrincipalWrittenOff)
            .GroupBy(part => part.FundId ?? onlyFund)
            .Select(fund => new FundAmount(fund.Key, Money.Sum(fund.Select(part => part.Amount), fund.First().Amount.Currency))),
    ];

    public static IEnumerable<MemorandumLine> Memoranda(IEnumerable<FundAmount> writtenOff, BookDay day) =>
        writtenOff.Select(share => new MemorandumLine(Memorandum.WrittenOff, share.FundId, share.Amount, day));
}

/// <summary>What is owed beside the principal.</summary>
public enum ChargeComponent
{
    Penalty,
    Fee,
    Interest,
}

/// <summary>Where a payment's money came from.</summary>
/// <param name="Account">A cash box, a bank account, or the receipts that nobody could place.</param>
/// <param name="HeldBy">The fund that holds it, when that need not be one of the loan's.</param>
public readonly record struct PaymentSource(AccountCode Account, FundId? HeldBy = null)
{
    /// <summary>The first line of a payment says it.</summary>
    public static PaymentSource Of(RepaymentRecorded repayment)
    {
        var line = repayment.Lines[0];
        return new PaymentSource(line.Account, repayment.AppliedFrom is null ? null : line.FundId);
    }
}

/// <summary>What has been paid of one instalment and what was let off, in minor units.</summary>
public readonly record struct PaidParts(long Principal, long Interest, long PrincipalLetOff = 0, long InterestLetOff = 0)
{
    public PaidParts Add(SplitComponent component, long amount) => component switch
    {
        SplitComponent.Principal => this with { Principal = Principal + amount },
        SplitComponent.Interest => this with { Interest = Interest + amount },
        SplitComponent.PrincipalWrittenOff => this with { PrincipalLetOff = PrincipalLetOff + amount },
        SplitComponent.InterestWaived or SplitComponent.InterestWrittenOff => this with { InterestLetOff = InterestLetOff + amount },
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, "An instalment has principal and interest."),
    };

    public long OpenPrincipal(Instalment row) => row.Principal.MinorUnits - Principal - PrincipalLetOff;

    public long OpenInterest(Instalment row) => row.Interest.MinorUnits - Interest - InterestLetOff;
}
