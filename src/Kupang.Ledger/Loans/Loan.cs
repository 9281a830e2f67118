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

    /// <summary>What was asked for, which an approval may change.</summary>
    public Money ProposedPrincipal { get; init; } = Principal;

    public Step? Approval { get; init; }

    public Step? Rejection { get; init; }

    public Step? Cancellation { get; init; }

    public Step? Disbursement { get; init; }

    /// <summary>Payments out whose money came back later. Until that day the loan was one.</summary>
    public ImmutableList<ReturnedDisbursement> ReturnedDisbursements { get; init; } = [];

    public ImmutableArray<Deduction> Deductions { get; init; } = [];

    /// <summary>Fixed by the disbursement; empty before.</summary>
    public ImmutableArray<Instalment> Schedule { get; init; } = [];

    /// <summary>The payments in the order in which they count: by day, then by number.</summary>
    public ImmutableList<Payment> Payments { get; init; } = [];

    /// <summary>What all payments together have paid, instalment by instalment.</summary>
    public ImmutableArray<PaidParts> Paid { get; init; } = [];

    public Money Advance { get; init; } = Money.Zero(Principal.Currency);

    public ImmutableList<OfficerAssignment> Officers { get; init; } = [];

    public Currency Currency => Principal.Currency;

    public FundId FundId => Funding[0].FundId;

    public Listing Listing => new(Id.Value, Number, ExternalId, FundId.Value, GroupId?.Value, MemberId.Value, ProductId.Value);

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
            Schedule = disbursed.Schedule,
            Paid = [.. disbursed.Schedule.Select(_ => default(PaidParts))],
        },
        RepaymentRecorded repayment => state!.Add(Payment.Of(repayment, fact.Envelope)),
        RepaymentsReallocated reallocated => reallocated.Splits.Aggregate(state!, (loan, split) => loan.Replace(split)),
        RepaymentsReassigned reassigned => reassigned.Splits.Aggregate(state!, (loan, split) => loan.Replace(split)),
        LoanApprovalReversed => state! with
        {
            Approval = null,
            Principal = state.ProposedPrincipal,
            Funding = [state.Funding[0] with { Principal = state.ProposedPrincipal }],
        },
        LoanDisbursementReversed reversed => state!.WithoutDisbursement(reversed, fact.Envelope.EffectiveOn),
        RepaymentReversed reversed => state!.Reverse(reversed, fact.Envelope),
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
            Payments = Payments.SetItem(place, payment with { Split = split.Split }),
        };
    }

    private Loan Reverse(RepaymentReversed reversed, Envelope envelope)
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
        Schedule = [],
        Paid = [],
        ReturnedDisbursements = reversed.Kind == ReversalKind.Returned
            ? ReturnedDisbursements.Add(new ReturnedDisbursement(Disbursement!, Schedule, effectiveOn))
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
            else
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

/// <summary>A payment as the loan remembers it, or the day its money went back.</summary>
/// <param name="Split">What it pays, as far as is known now.</param>
/// <param name="BookedSplit">What its own fact said it pays.</param>
/// <param name="Returns">The payment whose money goes back by this one; its parts are below zero then.</param>
public sealed record Payment(
    TransactionId Id,
    DateOnly EffectiveOn,
    long Sequence,
    Money Amount,
    ImmutableArray<SplitPart> Split,
    ImmutableArray<SplitPart> BookedSplit,
    TransactionId? Returns = null)
{
    public static Payment Of(RepaymentRecorded repayment, Envelope envelope) => new(
        repayment.RepaymentId, envelope.EffectiveOn, envelope.Sequence, repayment.Amount, repayment.Split, repayment.Split);

    /// <summary>On one day payments come before returns, and each in the order of recording.</summary>
    public bool ComesBefore(Payment other) =>
        (EffectiveOn, Returns is not null, Sequence).CompareTo((other.EffectiveOn, other.Returns is not null, other.Sequence)) < 0;

    /// <summary>What takes this payment back on a later day, by what its own fact said.</summary>
    public Payment ReturnedBy(TransactionId reversalId, DateOnly effectiveOn, long sequence)
    {
        var split = Negated(BookedSplit);
        return new Payment(reversalId, effectiveOn, sequence, -Amount, split, split, Id);
    }

    public static ImmutableArray<SplitPart> Negated(ImmutableArray<SplitPart> split) =>
        [.. split.Select(part => part with { Amount = -part.Amount })];
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
