using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Arisan;

/// <summary>
/// A rotating pot. Over all rounds everybody pays as much as everybody receives: with n seats each pays n contributions and
/// receives one pot of n. Who leaves before receiving pays no more, and in the leaver's round each pays back what the leaver
/// had paid to that member's pot; so it comes out even for all, the leaver too.
/// </summary>
public sealed record ArisanCircle(
    ArisanId Id,
    string Number,
    GroupId GroupId,
    FundId FundId,
    Money Contribution,
    ArisanRhythm Rhythm,
    DateOnly StartsOn,
    ImmutableArray<MemberId> Seats,
    ArisanOrder Order,
    string? ExternalId) : IStreamState<ArisanCircle>, IListed, IBindsMembers
{
    public static string Kind => "arisan";

    /// <summary>The facts that were not taken back, in the order of recording.</summary>
    public ImmutableList<RecordedFact> Standing { get; init; } = [];

    public Currency Currency => Contribution.Currency;

    public Listing Listing => new(Id.Value, Number, ExternalId, FundId.Value, GroupId.Value);

    public IEnumerable<int> Rounds => Enumerable.Range(1, Seats.Length);

    /// <summary>The day of a round; months keep the day of the first one and clamp at their end.</summary>
    public DateOnly DayOf(int round) => Rhythm.Unit == ArisanUnit.Week
        ? StartsOn.AddDays(7 * Rhythm.Every * (round - 1))
        : StartsOn.AddMonths(Rhythm.Every * (round - 1));

    /// <summary>
    /// Who receives a round's pot; nobody while it is to be drawn. Who left is not drawn any more: the last rounds that are not
    /// drawn are the leavers', the very last the first leaver's, so that a round stays whose it is.
    /// </summary>
    public MemberId? ReceiverOf(int round)
    {
        if (Order == ArisanOrder.Rota)
        {
            return Seats[round - 1];
        }

        var drawn = Of<ArisanReceiverDrawn>().ToDictionary(draw => draw.Round, draw => draw.MemberId);
        if (drawn.TryGetValue(round, out var receiver))
        {
            return receiver;
        }

        var leavers = Left().Except(drawn.Values).ToArray();
        var fromTheEnd = Rounds.Except(drawn.Keys).Reverse().ToList().IndexOf(round);
        return fromTheEnd < leavers.Length ? leavers[fromTheEnd] : null;
    }

    /// <summary>The round whose pot is a member's; none while it is to be drawn.</summary>
    public int? RoundOf(MemberId memberId) => Rounds.Where(round => ReceiverOf(round) == memberId).Select(round => (int?)round).FirstOrDefault();

    /// <summary>Somebody of whom it is asked what would be if that member left.</summary>
    public MemberId? Leaving { get; init; }

    public bool HasLeft(MemberId memberId) => Left().Contains(memberId);

    /// <summary>What a member pays for a round in all.</summary>
    public Money DueOf(MemberId memberId, int round) =>
        HasLeft(memberId) ? PaidBy(memberId, round)
        : ReceiverOf(round) is { } receiver && HasLeft(receiver)
            ? RoundOf(memberId) is { } own ? PaidBy(receiver, own) : Money.Zero(Currency)
        : Contribution;

    public Money PaidBy(MemberId memberId, int round) =>
        Sum(Of<ArisanContributed>().Where(paid => paid.MemberId == memberId && paid.Round == round).Select(paid => paid.Amount));

    public Money OwedBy(MemberId memberId, int round) => DueOf(memberId, round) - PaidBy(memberId, round);

    public Money CollectedFor(int round) => Sum(Of<ArisanContributed>().Where(paid => paid.Round == round).Select(paid => paid.Amount));

    public Money PaidOutOf(int round) => Sum(Of<ArisanPotPaid>().Where(pot => pot.Round == round).Select(pot => pot.Amount));

    public Money PaidBy(MemberId memberId) => Sum(Of<ArisanContributed>().Where(paid => paid.MemberId == memberId).Select(paid => paid.Amount));

    public Money ReceivedBy(MemberId memberId) => Sum(Of<ArisanPotPaid>().Where(pot => pot.MemberId == memberId).Select(pot => pot.Amount));

    /// <summary>Whether everybody has paid everything and every pot was paid out.</summary>
    public bool IsSettled => Rounds.All(round =>
        ReceiverOf(round) is not null && CollectedFor(round) == PaidOutOf(round) && Seats.All(memberId => OwedBy(memberId, round).IsZero));

    /// <summary>Until it is settled, everybody in it owes or is owed.</summary>
    public bool Binds(MemberId memberId) => Seats.Contains(memberId) && !IsSettled;

    public IEnumerable<TFact> Of<TFact>() => Standing.Select(fact => fact.Data).OfType<TFact>();

    /// <summary>As it was at the end of a day.</summary>
    public ArisanCircle On(DateOnly day) => this with { Standing = Standing.RemoveAll(fact => fact.Envelope.EffectiveOn > day) };

    public static ArisanCircle After(ArisanCircle? state, RecordedFact fact) => fact.Data switch
    {
        ArisanStarted started => new ArisanCircle(
            started.ArisanId,
            started.Number,
            started.GroupId,
            started.FundId,
            started.Contribution,
            started.Rhythm,
            started.StartsOn,
            started.Seats,
            started.Order,
            started.ExternalId),
        IArisanFact => state! with { Standing = state.Standing.Add(fact) },
        IReversal reversal => state! with
        {
            Standing = state.Standing.RemoveAll(known => ((IArisanFact)known.Data).TransactionId == reversal.TransactionId),
        },
        _ => throw new InvalidOperationException($"An arisan knows no {fact.Data.GetType().Name}."),
    };

    /// <summary>In the order of leaving.</summary>
    private IEnumerable<MemberId> Left()
    {
        var left = Of<ArisanMemberLeft>().Select(fact => fact.MemberId);
        return Leaving is { } leaving ? left.Append(leaving) : left;
    }

    private Money Sum(IEnumerable<Money> amounts) => Money.Sum(amounts, Currency);
}
