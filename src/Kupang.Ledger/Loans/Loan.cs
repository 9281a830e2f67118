using System.Collections.Immutable;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

/// <summary>What a loan's facts add up to, over everything recorded. How it stands on a day is its <see cref="LoanPosition"/>.</summary>
public sealed record Loan(
    LoanId Id,
    string Number,
    string? ExternalId,
    ImmutableArray<FundingShare> Funding,
    LoanProductId ProductId,
    int ProductVersion,
    LoanTerms Terms,
    MemberId MemberId,
    GroupId? GroupId,
    Money Principal,
    int InstalmentCount,
    LoanProfile Profile,
    Encrypted Purpose,
    DateOnly ProposedOn) : IStreamState<Loan>, IListed, IBindsMembers
{
    public static string Kind => "loan";

    /// <summary>What was asked for, and of which funds; an approval may change how much.</summary>
    public ImmutableArray<FundingShare> ProposedFunding { get; init; } = Funding;

    public Step? Approval { get; init; }

    public Step? Rejection { get; init; }

    public Step? Cancellation { get; init; }

    public Step? Disbursement { get; init; }

    /// <summary>Payments out whose money came back later. Until that day the loan was one.</summary>
    public ImmutableList<ReturnedDisbursement> ReturnedDisbursements { get; init; } = [];

    public ImmutableArray<Deduction> Deductions { get; init; } = [];

    /// <summary>As the disbursement fixed it; empty before.</summary>
    public ImmutableArray<Instalment> FirstSchedule { get; init; } = [];

    /// <summary>As it is now: principal paid ahead of time may have made another of it.</summary>
    public ImmutableArray<Instalment> Schedule =>
        Terms.Advance == AdvanceRule.ReducePrincipal && Payments.FindLast(payment => payment.Schedule is not null) is { } last
            ? last.Schedule!.Value
            : FirstSchedule;

    /// <summary>The payments in the order in which they count: by day, then by number.</summary>
    public ImmutableList<Payment> Payments { get; init; } = [];

    /// <summary>What all payments together pay, instalment by instalment, what is held for later due dates among it.</summary>
    public ImmutableArray<PaidParts> Paid { get; init; } = [];

    /// <summary>What is paid in and meant for no instalment.</summary>
    public Money Advance { get; init; } = Money.Zero(Principal.Currency);

    public ImmutableList<OfficerAssignment> Officers { get; init; } = [];

    public Currency Currency => Principal.Currency;

    /// <summary>The fund it is made from, the first of them when there are several.</summary>
    public FundId FundId => Funding[0].FundId;

    public Listing Listing => new(Id.Value, Number, ExternalId, Funding.Length == 1 ? FundId.Value : null, GroupId?.Value, MemberId.Value, ProductId.Value);

    public Money Outstanding => Money.OfMinorUnits(
        Schedule.Select((row, index) => row.Total.MinorUnits - Paid[index].Principal - Paid[index].Interest).Sum(), Currency);

    public LoanStatus Status =>
        Rejection is not null ? LoanStatus.Rejected
        : Cancellation is not null ? LoanStatus.Cancelled
        : Disbursement is not null ? (Outstanding.IsZero ? LoanStatus.Repaid : LoanStatus.Active)
        : Approval is not null ? LoanStatus.Approved
        : LoanStatus.Proposed;

    /// <summary>Who of the staff looked after the loan on a day: whom it was proposed under, until another one did.</summary>
    public StaffId? OfficerOn(DateOnly day) => OfficerAssignment.On(day, Officers) ?? Profile.OfficerId;

    /// <summary>Until it is refused, given up or paid in full, and no advance of the member is held; a claim outlives its write-off.</summary>
    public bool Binds(MemberId memberId) =>
        Status is LoanStatus.Proposed or LoanStatus.Approved or LoanStatus.Active or LoanStatus.WrittenOff || !Advance.IsZero;

    public static Loan After(Loan? state, RecordedFact fact) => fact.Data switch
    {
        LoanProposed proposed => Propose(proposed, fact.Envelope),
        LoanApproved approved => state! with { Principal = approved.Principal, Funding = approved.Funding, Approval = Step.Of(approved.ApprovalId, fact) },
        LoanRejected rejected => state! with { Rejection = Step.Of(rejected.RejectionId, fact) },
        LoanCancelled cancelled => state! with { Cancellation = Step.Of(cancelled.CancellationId, fact) },
        LoanDisbursed disbursed => state! with
        {
            Disbursement = Step.Of(disbursed.DisbursementId, fact),
            Deductions = disbursed.Deductions,
            FirstSchedule = disbursed.Schedule,
            Paid = [.. disbursed.Schedule.Select(_ => default(PaidParts))],
        },
        RepaymentRecorded repayment => state!.Add(Payment.Of(repayment, fact.Envelope)),
        AdvanceRefunded refund => state!.Add(Payment.Of(refund, fact.Envelope)),
        RepaymentsReallocated reallocated => reallocated.Splits.Aggregate(state!, (loan, split) => loan.Replace(split)),
        RepaymentsReassigned reassigned => reassigned.Splits.Aggregate(state!, (loan, split) => loan.Replace(split)),
        LoanApprovalReversed => state! with
        {
            Approval = null,
            Principal = Money.Sum(state.ProposedFunding.Select(share => share.Principal), state.Currency),
            Funding = state.ProposedFunding,
        },
        LoanDisbursementReversed reversed => state!.WithoutDisbursement(reversed, fact.Envelope.EffectiveOn),
        RepaymentReversed or AdvanceRefundReversed => state!.Reverse((IReversal)fact.Data, fact.Envelope),
        LoanOfficerAssigned assigned => state! with { Officers = state.Officers.Add(OfficerAssignment.Of(assigned.OfficerId, fact)) },
        _ => throw new InvalidOperationException($"A loan knows no {fact.Data.GetType().Name}."),
    };

    private static Loan Propose(LoanProposed proposed, Envelope envelope) => new(
        proposed.LoanId,
        proposed.Number,
        proposed.ExternalId,
        proposed.Funding,
        proposed.ProductId,
        proposed.ProductVersion,
        proposed.Terms,
        proposed.MemberId,
        proposed.GroupId,
        proposed.Principal,
        proposed.Instalments,
        proposed.Profile,
        proposed.Purpose,
        envelope.EffectiveOn);

    /// <summary>How many payments count before this one.</summary>
    public int PlaceOf(Payment payment)
    {
        var place = Payments.Count;
        while (place > 0 && payment.ComesBefore(Payments[place - 1]))
        {
            place--;
        }

        return place;
    }

    private Loan Add(Payment payment) => Apply(payment.Split, sign: 1) with { Payments = Payments.Insert(PlaceOf(payment), payment) };

    private Loan Replace(NewSplit split)
    {
        var place = Payments.FindIndex(payment => payment.Id == split.RepaymentId);
        if (place < 0)
        {
            // It was taken back as entered in error: the difference stands in the books, and the loan knows it no more.
            return this;
        }

        var payment = Payments[place];
        return Apply(payment.Split, sign: -1).Apply(split.Split, sign: 1) with
        {
            Payments = Payments.SetItem(place, payment with { Split = split.Split, Schedule = split.Schedule }),
        };
    }

    private Loan Reverse(IReversal reversed, Envelope envelope)
    {
        var payment = Payments.Find(known => known.Id == reversed.TransactionId)!;
        return reversed.Kind == ReversalKind.EnteredInError
            ? Apply(payment.Split, sign: -1) with { Payments = Payments.Remove(payment) }
            : Add(payment.ReturnedBy(reversed.ReversalId, envelope.EffectiveOn, envelope.Sequence));
    }

    private Loan WithoutDisbursement(LoanDisbursementReversed reversed, DateOnly effectiveOn) => this with
    {
        Disbursement = null,
        Deductions = [],
        FirstSchedule = [],
        Paid = [],
        ReturnedDisbursements = reversed.Kind == ReversalKind.Returned
            ? ReturnedDisbursements.Add(new ReturnedDisbursement(Disbursement!, FirstSchedule, effectiveOn))
            : ReturnedDisbursements,
    };

    private Loan Apply(ImmutableArray<SplitPart> split, int sign)
    {
        var paid = Paid.ToBuilder();
        var advance = Advance;
        foreach (var part in split)
        {
            var amount = sign * part.Amount.MinorUnits;
            if (part.Instalment is { } number)
            {
                paid[number - 1] = paid[number - 1].Add(part.Component, amount);
            }
            else if (part.Component == SplitComponent.Advance)
            {
                advance += Money.OfMinorUnits(amount, Currency);
            }
        }

        return this with { Paid = paid.ToImmutable(), Advance = advance };
    }
}

public enum LoanStatus
{
    Proposed,
    Approved,
    Rejected,
    Cancelled,
    Active,
    Repaid,
    WrittenOff,
}

/// <summary>One step of a loan's life: its own id, and the days and number of its fact.</summary>
public sealed record Step(TransactionId Id, DateOnly EffectiveOn, long Sequence)
{
    public static Step Of(TransactionId id, RecordedFact fact) => new(id, fact.Envelope.EffectiveOn, fact.Envelope.Sequence);
}

/// <summary>A payment out as it stood until its money came back.</summary>
public sealed record ReturnedDisbursement(Step Step, ImmutableArray<Instalment> Schedule, DateOnly ReturnedOn);

/// <summary>A payment as the loan remembers it, a refund, or the day on which one of them was taken back.</summary>
/// <param name="Amount">What came in; below zero for what went out.</param>
/// <param name="Split">What it pays, as far as is known now; the parts of what went out are below zero.</param>
/// <param name="BookedSplit">What its own fact said it pays.</param>
/// <param name="Source">Where the money came from or went to.</param>
/// <param name="Returns">The payment or refund that this one takes back.</param>
public sealed record Payment(
    TransactionId Id,
    DateOnly EffectiveOn,
    long Sequence,
    Money Amount,
    ImmutableArray<SplitPart> Split,
    ImmutableArray<SplitPart> BookedSplit,
    PaymentSource Source,
    TransactionId? Returns = null)
{
    /// <summary>The schedule from this payment on, when it made another.</summary>
    public ImmutableArray<Instalment>? Schedule { get; init; }

    public bool IsRefund => Amount.IsNegative && Returns is null;

    /// <summary>On one day payments come first, then refunds, then what takes them back.</summary>
    private int Rank => Returns is not null ? 2 : IsRefund ? 1 : 0;

    public static Payment Of(RepaymentRecorded repayment, Envelope envelope) => new(
        repayment.RepaymentId,
        envelope.EffectiveOn,
        envelope.Sequence,
        repayment.Amount,
        repayment.Split,
        repayment.Split,
        PaymentSource.Of(repayment))
    {
        Schedule = repayment.Schedule,
    };

    public static Payment Of(AdvanceRefunded refund, Envelope envelope) => new(
        refund.RefundId,
        envelope.EffectiveOn,
        envelope.Sequence,
        -refund.Amount,
        refund.Split,
        refund.Split,
        new PaymentSource(refund.Lines.First(line => line.Amount.IsNegative).Account));

    /// <summary>Whether both take something back on one day.</summary>
    public bool GoesBackWith(Payment other) => Returns is not null && other.Returns is not null && EffectiveOn == other.EffectiveOn;

    /// <summary>In each rank by the order of recording.</summary>
    public bool ComesBefore(Payment other) =>
        (EffectiveOn, Rank, Sequence).CompareTo((other.EffectiveOn, other.Rank, other.Sequence)) < 0;

    /// <summary>What takes this payment back on a later day, by what its own fact said.</summary>
    public Payment ReturnedBy(TransactionId reversalId, DateOnly effectiveOn, long sequence)
    {
        ImmutableArray<SplitPart> split = [.. BookedSplit.Select(part => part with
        {
            Amount = -part.Amount,
            AppliedOn = part.AppliedOn > effectiveOn ? part.AppliedOn : null,
        })];
        return new Payment(reversalId, effectiveOn, sequence, -Amount, split, split, Source, Id);
    }
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

/// <summary>What has been paid of one instalment, in minor units.</summary>
public readonly record struct PaidParts(long Principal, long Interest)
{
    public PaidParts Add(SplitComponent component, long amount) => component switch
    {
        SplitComponent.Principal => this with { Principal = Principal + amount },
        SplitComponent.Interest => this with { Interest = Interest + amount },
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, "An instalment has principal and interest."),
    };
}
