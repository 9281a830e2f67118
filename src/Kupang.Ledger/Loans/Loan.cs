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

    /// <summary>The paper card that it was taken over from; null for a loan that began here.</summary>
    public LoanCard? Card { get; init; }

    /// <summary>When its money was paid out, which may have been before the ledger knew it.</summary>
    public DateOnly? DisbursedOn => Disbursement is null ? null : Card?.DisbursedOn ?? Disbursement.EffectiveOn;

    /// <summary>What was paid out first, and of which funds; the rest of the principal follows in tranches.</summary>
    public ImmutableArray<FundingShare> FirstFunding { get; init; } = [];

    /// <summary>Payments out whose money came back later. Until that day the loan was one.</summary>
    public ImmutableList<ReturnedDisbursement> ReturnedDisbursements { get; init; } = [];

    /// <summary>The loan that it was proposed to pay off.</summary>
    public LoanId? Refinances { get; init; }

    /// <summary>How it did so.</summary>
    public RefinancedLoan? Refinanced { get; init; }

    public ImmutableArray<Deduction> Deductions { get; init; } = [];

    /// <summary>As the disbursement fixed it, with the dates of the calendar since; empty before.</summary>
    public ImmutableArray<Instalment> FirstSchedule { get; init; } = [];

    /// <summary>As it is now: what happened since may have made another of it.</summary>
    public ImmutableArray<Instalment> Schedule => Entries.FindLast(entry => entry.Schedule is not null)?.Schedule ?? FirstSchedule;

    /// <summary>What happened since it was paid out, in the order in which it counts: by day, kind and number.</summary>
    public ImmutableList<LoanEntry> Entries { get; init; } = [];

    /// <summary>What all of it together pays or lets off, by the number of the instalment; what is held for later due dates is among it.</summary>
    public ImmutableArray<PaidParts> Paid { get; init; } = [];

    /// <summary>What is paid in and meant for no instalment.</summary>
    public Money Advance { get; init; } = Money.Zero(Principal.Currency);

    /// <summary>To which groups it went since it was proposed.</summary>
    public ImmutableList<GroupTransfer> Transfers { get; init; } = [];

    public LoanEntry? WriteOff => Entries.Find(entry => entry.Kind == EntryKind.WriteOff);

    /// <summary>What a further schedule of it hangs on: the terms it was made on, or those of its last rescheduling.</summary>
    public LoanTerms CurrentTerms => Entries.Select(entry => entry.Turn).OfType<LoanTurn.Rescheduling>().LastOrDefault()?.Terms ?? Terms;

    public ImmutableList<OfficerAssignment> Officers { get; init; } = [];

    public Currency Currency => Principal.Currency;

    /// <summary>The fund it is made from, the first of them when there are several.</summary>
    public FundId FundId => Funding[0].FundId;

    public Listing Listing => new(Id.Value, Number, ExternalId, Funding.Length == 1 ? FundId.Value : null, GroupId?.Value, MemberId.Value, ProductId.Value);

    /// <summary>Principal and interest not paid yet, over all facts.</summary>
    public Money Outstanding => Money.OfMinorUnits(
        Schedule.Sum(row => Paid[row.Number - 1].OpenPrincipal(row) + Paid[row.Number - 1].OpenInterest(row)), Currency);

    /// <summary>What was approved and is not paid out yet.</summary>
    public Money Undisbursed => Disbursement is null ? Money.Zero(Currency) : Principal - Money.Sum(DisbursedShares.Select(share => share.Principal), Currency);

    /// <summary>What each fund has paid out.</summary>
    public IEnumerable<FundingShare> DisbursedShares => Entries.Select(entry => entry.Turn).OfType<LoanTurn.Tranche>().SelectMany(tranche => tranche.Funding)
        .Concat(FirstFunding).GroupBy(share => share.FundId)
        .Select(fund => new FundingShare(fund.Key, Money.Sum(fund.Select(share => share.Principal), Currency)));

    /// <summary>Whether nothing but payments, refunds and their returns happened to it, and no penalty can be owed: then what is paid says all.</summary>
    public bool IsPlain =>
        Terms.Penalty is null or { Kind: PenaltyKind.None } && Entries.TrueForAll(entry => entry.Kind is EntryKind.Opening or EntryKind.Payment or EntryKind.Refund or EntryKind.Return);

    private bool OwesNothing => Outstanding.IsZero
        && Undisbursed.IsZero
        && (IsPlain || Entries.IsEmpty || LoanPosition.Of(this, Entries[^1].EffectiveOn).Outstanding is { Fee.IsZero: true, Penalty.IsZero: true });

    public LoanStatus Status =>
        Rejection is not null ? LoanStatus.Rejected
        : Cancellation is not null ? LoanStatus.Cancelled
        : WriteOff is not null ? LoanStatus.WrittenOff
        : Disbursement is not null ? (OwesNothing ? LoanStatus.Repaid : LoanStatus.Active)
        : Approval is not null ? LoanStatus.Approved
        : LoanStatus.Proposed;

    /// <summary>Who of the staff looked after the loan on a day: whom it was proposed under, until another one did.</summary>
    public StaffId? OfficerOn(DateOnly day) => OfficerAssignment.On(day, Officers) ?? Profile.OfficerId;

    /// <summary>Which group it was of on a day: the one it was proposed in, until it went to another.</summary>
    public GroupId? GroupOn(DateOnly day) =>
        Transfers.Where(transfer => transfer.From <= day).MaxBy(transfer => (transfer.From, transfer.Sequence)) is { } last ? last.GroupId : GroupId;

    /// <summary>What happened to it until a day, for ever.</summary>
    public IReadOnlyList<string> FlagsOn(DateOnly day) =>
    [
        .. FlagsOf(Disbursement?.EffectiveOn <= day ? Refinanced : null),
        .. Entries.Where(entry => entry.EffectiveOn <= day)
            .Select(entry => entry.Kind switch
            {
                EntryKind.Opening => "migrated",
                EntryKind.Rescheduling => "rescheduled",
                EntryKind.Settlement when entry.Turn is LoanTurn.Settlement { RefinancedBy: not null } turn => turn.PaidArrears is { IsPositive: true } ? "evergreened" : "refinanced",
                EntryKind.Settlement => "settled-early",
                EntryKind.InsuranceClaim => "insurance-claim",
                EntryKind.WriteOff => "written-off",
                EntryKind.Forgiveness => "claim-forgiven",
                _ => null,
            })
            .OfType<string>().Distinct(),
    ];

    private static IEnumerable<string> FlagsOf(RefinancedLoan? refinanced) =>
        refinanced is null ? [] : refinanced.PaidArrears.IsPositive ? ["refinances", "evergreened"] : ["refinances"];

    /// <summary>Until it is refused, given up or paid in full, and no advance of the member is held; a claim outlives its write-off.</summary>
    public bool Binds(MemberId memberId) =>
        Status is LoanStatus.Proposed or LoanStatus.Approved or LoanStatus.Active or LoanStatus.WrittenOff || !Advance.IsZero;

    public static Loan After(Loan? state, RecordedFact fact) => fact.Data switch
    {
        LoanProposed proposed => Propose(proposed, fact.Envelope),
        LoanMigrated migrated => LoanMigration.Begin(migrated, fact.Envelope).Add(LoanMigration.Opening(migrated, fact.Envelope)),
        LoanMigrationReversed reversed => state!.WithoutDisbursement(ReversalKind.EnteredInError, fact.Envelope.EffectiveOn) with
        {
            Cancellation = Step.Of(reversed.ReversalId, fact),
            Entries = [],
            Advance = Money.Zero(state.Currency),
        },
        LoanApproved approved => state! with { Principal = approved.Principal, Funding = approved.Funding, Approval = Step.Of(approved.ApprovalId, fact) },
        LoanRejected rejected => state! with { Rejection = Step.Of(rejected.RejectionId, fact) },
        LoanCancelled cancelled => state! with { Cancellation = Step.Of(cancelled.CancellationId, fact) },
        LoanTrancheDisbursed tranche => state!.Add(LoanEntry.Of(tranche, fact.Envelope)) with { Deductions = [.. state.Deductions, .. tranche.Deductions] },
        LoanTrancheReversed reversed => state!.WithoutTranche(reversed),
        LoanRemainderCancelled => state! with { Principal = state.Principal - state.Undisbursed },
        LoanDisbursed disbursed => state! with
        {
            Disbursement = Step.Of(disbursed.DisbursementId, fact),
            Deductions = disbursed.Deductions,
            FirstFunding = disbursed.Funding,
            Refinanced = disbursed.Refinanced,
            FirstSchedule = disbursed.Schedule,
            Paid = [.. disbursed.Schedule.Select(_ => default(PaidParts))],
        },
        LoanDueDatesMoved moved => moved.Apply(state!),
        RepaymentRecorded repayment => state!.Add(LoanEntry.Of(repayment, fact.Envelope)),
        AdvanceRefunded refund => state!.Add(LoanEntry.Of(refund, fact.Envelope)),
        LoanSettled settled => state!.Add(LoanEntry.Of(settled, fact.Envelope)),
        LoanRescheduled rescheduled => state!.Add(LoanEntry.Of(rescheduled, fact.Envelope)),
        LoanWrittenOff writtenOff => state!.Add(LoanEntry.Of(writtenOff, fact.Envelope)),
        RecoveryRecorded recovery => state!.Add(LoanEntry.Of(recovery, fact.Envelope)),
        InsuranceClaimPaid claim => state!.Add(LoanEntry.Of(claim, fact.Envelope)),
        ClaimForgiven forgiven => state!.Add(LoanEntry.Of(forgiven, fact.Envelope)),
        LoanTransferred transferred => state! with { Transfers = state.Transfers.Add(new GroupTransfer(transferred.GroupId, fact.Envelope.EffectiveOn, fact.Envelope.Sequence)) },
        LoanFeeCharged fee => state!.Add(LoanEntry.Of(fee, fact.Envelope)),
        LoanChargeWaived waived => state!.Add(LoanEntry.Of(waived, fact.Envelope)),
        RepaymentsReallocated reallocated => reallocated.Splits.Aggregate(state!, (loan, split) => loan.Replace(split)),
        RepaymentsReassigned reassigned => reassigned.Splits.Aggregate(state!, (loan, split) => loan.Replace(split)),
        LoanApprovalReversed => state! with
        {
            Approval = null,
            Principal = Money.Sum(state.ProposedFunding.Select(share => share.Principal), state.Currency),
            Funding = state.ProposedFunding,
        },
        LoanDisbursementReversed reversed => state!.WithoutDisbursement(reversed.Kind, fact.Envelope.EffectiveOn),
        RepaymentReversed or AdvanceRefundReversed or LoanEntryReversed or LoanTurnReversed => state!.Reverse((IReversal)fact.Data, fact.Envelope),
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
        envelope.EffectiveOn)
    {
        Refinances = proposed.Refinances,
    };

    /// <summary>How many entries count before this one.</summary>
    public int PlaceOf(LoanEntry entry)
    {
        var place = Entries.Count;
        while (place > 0 && entry.ComesBefore(Entries[place - 1]))
        {
            place--;
        }

        return place;
    }

    private Loan Add(LoanEntry entry) => Numbered(entry.Schedule).Apply(entry.Split, sign: 1) with { Entries = Entries.Insert(PlaceOf(entry), entry) };

    /// <summary>With room for what is paid of the new instalments of a schedule, whose numbers count on from the last.</summary>
    private Loan Numbered(ImmutableArray<Instalment>? schedule)
    {
        var more = (schedule ?? []).Select(row => row.Number).Append(0).Max() - Paid.Length;
        return more > 0 ? this with { Paid = [.. Paid, .. new PaidParts[more]] } : this;
    }

    private Loan Replace(NewSplit split)
    {
        var place = Entries.FindIndex(entry => entry.Id == split.RepaymentId);
        if (place < 0)
        {
            // It was taken back as entered in error: the difference stands in the books, and the loan knows it no more.
            return this;
        }

        var entry = Entries[place];
        return Apply(entry.Split, sign: -1).Apply(split.Split, sign: 1) with
        {
            Entries = Entries.SetItem(place, entry with { Split = split.Split, Schedule = split.Schedule }),
        };
    }

    private Loan Reverse(IReversal reversed, Envelope envelope)
    {
        var entry = Entries.Find(known => known.Id == reversed.TransactionId)!;
        return reversed.Kind == ReversalKind.EnteredInError
            ? Apply(entry.Split, sign: -1) with { Entries = Entries.Remove(entry) }
            : Add(entry.ReturnedBy(reversed.ReversalId, envelope.EffectiveOn, envelope.Sequence));
    }

    private Loan WithoutTranche(LoanTrancheReversed reversed) =>
        this with { Entries = Entries.RemoveAll(entry => entry.Id == reversed.TransactionId) };

    private Loan WithoutDisbursement(ReversalKind kind, DateOnly effectiveOn) => this with
    {
        Disbursement = null,
        Deductions = [],
        FirstFunding = [],
        Refinanced = null,
        FirstSchedule = [],
        Paid = [],
        ReturnedDisbursements = kind == ReversalKind.Returned
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

/// <summary>From a day on the loan is of another group, or of none.</summary>
public sealed record GroupTransfer(GroupId? GroupId, DateOnly From, long Sequence);

/// <summary>A payment out as it stood until its money came back.</summary>
public sealed record ReturnedDisbursement(Step Step, ImmutableArray<Instalment> Schedule, DateOnly ReturnedOn);
