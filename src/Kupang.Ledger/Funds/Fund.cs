using System.Collections.Immutable;
using Kupang.Ledger.Policies;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Funds;

/// <summary>What a fund is; what it holds is in its balances (<see cref="FundPosition"/>).</summary>
public sealed record Fund(
    FundId Id,
    string Number,
    string Code,
    string Name,
    Currency Currency,
    FundKind FundKind,
    FundTerms Terms,
    string? Restriction,
    string? ExternalId,
    long Version) : IStreamState<Fund>, IListed
{
    /// <summary>The kind of name under which a fund's code is claimed.</summary>
    public const string CodeName = "fund-code";

    public static string Kind => "fund";

    /// <summary>The last day whose books are closed, if any are.</summary>
    public DateOnly? ClosedThrough { get; init; }

    /// <summary>How its loans are classed, by the day from which each policy holds, then in the order of recording.</summary>
    public ImmutableList<AdoptedPolicy> Policies { get; init; } = [];

    /// <summary>What each donor has in the fund, by account: what came from him and did not go back.</summary>
    private ImmutableDictionary<(DonorId, AccountCode), Money> Contributed { get; init; } = ImmutableDictionary<(DonorId, AccountCode), Money>.Empty;

    public Listing Listing => new(Id.Value, Number, ExternalId, FundId: Id.Value);

    /// <summary>What of a donor's money can go back to him: his gifts and shares are one sum, his loans another.</summary>
    public Money ContributedBy(DonorId donorId, ContributionNature nature) => Contributed.GetValueOrDefault(
        (donorId, FundPostingRules.SourceOf(ContributionPurpose.RevolvingCapital, nature)), Money.Zero(Currency));

    /// <summary>The days of a fact of this fund: it counts on the day it happened, or on the first open day after it.</summary>
    public BookDay DayOf(DateOnly effectiveOn) =>
        new(effectiveOn, ClosedThrough is { } closed && effectiveOn <= closed ? closed.AddDays(1) : effectiveOn);

    /// <summary>The policy that holds on a day; null when none was adopted for it.</summary>
    public ClassificationPolicy? PolicyOn(DateOnly day) => Policies.FindLast(adopted => adopted.EffectiveOn <= day)?.Policy;

    public static Fund After(Fund? state, RecordedFact fact)
    {
        var evolved = fact.Data switch
        {
            FundOpened opened => new Fund(
                opened.FundId,
                opened.Number,
                opened.Code,
                opened.Name,
                Currency.FromCode(opened.Currency),
                opened.Kind,
                opened.Terms,
                opened.Restriction,
                opened.ExternalId,
                Version: 0),
            FundAmended amended => state! with { Name = amended.Name, Terms = amended.Terms ?? state.Terms },
            FundPeriodClosed closed => state! with { ClosedThrough = closed.ClosedThrough },
            ClassificationPolicyAdopted adopted => state! with
            {
                Policies =
                [
                    .. state.Policies.Add(new AdoptedPolicy(fact.Envelope.EffectiveOn, adopted.Policy, fact.Envelope.Sequence))
                        .OrderBy(of => (of.EffectiveOn, of.Sequence)),
                ],
            },
            ContributionReceived received => state!.With(received.Lines),
            CapitalReturned returned => state!.With(returned.Lines),
            ContributionReversed reversed => state!.With(reversed.Lines),
            CapitalReturnReversed reversed => state!.With(reversed.Lines),
            _ => throw new InvalidOperationException($"A fund knows no {fact.Data.GetType().Name}."),
        };

        // The version counts what a person would edit, so that an ETag does not grow old with every payment.
        return fact.Data is FundOpened or FundAmended ? evolved with { Version = evolved.Version + 1 } : evolved;
    }

    /// <summary>A donor's money is a credit on his name.</summary>
    private Fund With(JournalLines lines) => this with
    {
        Contributed = lines.Where(line => line.Party is { Kind: PartyKind.Donor }).Aggregate(Contributed, (contributed, line) =>
        {
            var account = (new DonorId(line.Party!.Id), line.Account);
            return contributed.SetItem(account, contributed.GetValueOrDefault(account, Money.Zero(Currency)) - line.Amount);
        }),
    };
}

/// <summary>A policy and the day from which it holds.</summary>
public sealed record AdoptedPolicy(DateOnly EffectiveOn, ClassificationPolicy Policy, long Sequence);

/// <summary>Who gives or lends money to funds.</summary>
public sealed record Donor(DonorId Id, string Number, DonorKind DonorKind, Encrypted Name, string? ExternalId)
    : IStreamState<Donor>, IListed
{
    /// <summary>The kind of name under which the keyed hash of a donor's name is claimed.</summary>
    public const string HashedName = "donor-name";

    public static string Kind => "donor";

    public Listing Listing => new(Id.Value, Number, ExternalId);

    public static Donor After(Donor? state, RecordedFact fact) => fact.Data switch
    {
        DonorRegistered registered => new Donor(registered.DonorId, registered.Number, registered.Kind, registered.Name, registered.ExternalId),
        _ => throw new InvalidOperationException($"A donor knows no {fact.Data.GetType().Name}."),
    };
}

/// <summary>
/// A voucher as it was recorded. Each is a stream of its own: a fund has ever more of them, and whoever needs the fund would
/// read them all.
/// </summary>
/// <param name="ReversedBy">The reversal that took it back, if one did.</param>
public sealed record Voucher(RecordedFact Fact, TransactionId? ReversedBy = null) : IStreamState<Voucher>, IListed
{
    public static string Kind => "voucher";

    public VoucherRecorded Recorded => (VoucherRecorded)Fact.Data;

    public Listing Listing => new(Recorded.VoucherId.Value, Recorded.Number, Recorded.ExternalId, FundId: Recorded.FundId.Value);

    public static Voucher After(Voucher? state, RecordedFact fact) => fact.Data switch
    {
        VoucherRecorded => new Voucher(fact),
        VoucherReversed reversed => state! with { ReversedBy = reversed.ReversalId },
        _ => throw new InvalidOperationException($"A voucher knows no {fact.Data.GetType().Name}."),
    };
}
