using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Cycles;

/// <summary>A group's cycle of saving together. Everything but its terms is read off the facts of it that stand.</summary>
public sealed record Cycle(
    CycleId Id,
    string Number,
    int Ordinal,
    GroupId GroupId,
    FundId FundId,
    CycleTerms Terms,
    DateOnly StartsOn,
    PoolFigures Opening,
    CycleId? PreviousCycleId,
    string? ExternalId) : IStreamState<Cycle>, IListed, IBindsMembers
{
    /// <summary>The kind of name that a fund holds for its first cycle; the others follow by share-outs.</summary>
    public const string FirstOfFund = "cycle-of-fund";

    public static string Kind => "cycle";

    /// <summary>The facts that were not taken back, in the order of recording.</summary>
    public ImmutableList<RecordedFact> Standing { get; init; } = [];

    public bool IsWithdrawn { get; init; }

    public Currency Currency => Terms.SharePrice.Currency;

    public Listing Listing => new(Id.Value, Number, ExternalId, FundId.Value, GroupId.Value);

    public CycleSharedOut? ShareOut => Of<CycleSharedOut>().FirstOrDefault();

    public CycleStatus Status => IsWithdrawn ? CycleStatus.Withdrawn : ShareOut is not null ? CycleStatus.SharedOut : CycleStatus.Open;

    /// <summary>The last day of a fact that stands; the first of the cycle when there is none.</summary>
    public DateOnly LastOn => Standing.Select(fact => fact.Envelope.EffectiveOn).Append(StartsOn).Max();

    public Money PayoutMultiple => Terms.PayoutMultiple ?? Money.OfMinorUnits(1, Currency);

    /// <summary>Everybody who has shares, in the order of their first purchase.</summary>
    public IReadOnlyList<ShareHolding> Holdings()
    {
        var paidOut = Of<CycleMemberPaidOut>().Select(payout => payout.Portion.MemberId).ToHashSet();
        return
        [
            .. Of<SharesPurchased>().GroupBy(purchase => purchase.MemberId)
                .Where(member => !paidOut.Contains(member.Key))
                .Select(member => new ShareHolding(
                    member.Key, member.Sum(purchase => purchase.Shares), Money.Sum(member.Select(purchase => purchase.Amount), Currency))),
        ];
    }

    /// <summary>How many shares a member has bought for the meeting of a day.</summary>
    public int SharesFor(MemberId memberId, DateOnly meetingOn) => Standing
        .Where(fact => fact.Data is SharesPurchased purchase && purchase.MemberId == memberId && (purchase.ForMeetingOn ?? fact.Envelope.EffectiveOn) == meetingOn)
        .Sum(fact => ((SharesPurchased)fact.Data).Shares);

    public bool HasPaidOut(MemberId memberId) => Of<CycleMemberPaidOut>().Any(payout => payout.Portion.MemberId == memberId);

    /// <summary>The fines and what is owed of each, in the order of charging.</summary>
    public IEnumerable<FineOwed> Fines()
    {
        var paid = Of<FinePaid>().Select(payment => (payment.FineId, payment.Amount))
            .Concat(Portions().SelectMany(portion => portion.Fines).Select(fine => (fine.FineId, fine.Amount)))
            .ToLookup(payment => payment.FineId, payment => payment.Amount);
        return Of<FineCharged>().Select(fine => new FineOwed(fine, fine.Amount - Money.Sum(paid[fine.FineId], Currency)));
    }

    /// <summary>Until the shares are paid out and the fines paid.</summary>
    public bool Binds(MemberId memberId) =>
        (Status == CycleStatus.Open && Holdings().Any(holding => holding.MemberId == memberId))
        || Fines().Any(fine => fine.Fine.MemberId == memberId && fine.Owed.IsPositive);

    /// <summary>As it was at the end of a day.</summary>
    public Cycle On(DateOnly day) => this with { Standing = Standing.RemoveAll(fact => fact.Envelope.EffectiveOn > day) };

    public IEnumerable<TFact> Of<TFact>() => Standing.Select(fact => fact.Data).OfType<TFact>();

    public static Cycle After(Cycle? state, RecordedFact fact) => fact.Data switch
    {
        CycleOpened opened => new Cycle(
            opened.CycleId,
            opened.Number,
            opened.Ordinal,
            opened.GroupId,
            opened.FundId,
            opened.Terms,
            opened.StartsOn,
            opened.Opening,
            opened.PreviousCycleId,
            opened.ExternalId),
        CycleRevised revised => state! with { Terms = revised.Terms, StartsOn = revised.StartsOn },
        CycleWithdrawn => state! with { IsWithdrawn = true },
        ICycleFact => state! with { Standing = state.Standing.Add(fact) },
        IReversal reversal => state! with
        {
            Standing = state.Standing.RemoveAll(known => ((ICycleFact)known.Data).TransactionId == reversal.TransactionId),
        },
        _ => throw new InvalidOperationException($"A cycle knows no {fact.Data.GetType().Name}."),
    };

    private IEnumerable<MemberPortion> Portions() =>
        Of<CycleMemberPaidOut>().Select(payout => payout.Portion).Concat(Of<CycleSharedOut>().SelectMany(shareOut => shareOut.Portions));
}

public enum CycleStatus
{
    Open,
    SharedOut,

    /// <summary>The share-out that opened it was taken back.</summary>
    Withdrawn,
}

/// <param name="PaidIn">What was paid for the shares.</param>
public sealed record ShareHolding(MemberId MemberId, int Shares, Money PaidIn);

public sealed record FineOwed(FineCharged Fine, Money Owed);
