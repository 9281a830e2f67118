using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Cycles;

/// <summary>A cycle with the group whose it is and the fund that holds its money.</summary>
/// <param name="Balances">Of the fund, over everything known.</param>
public sealed record CycleContext(Cycle Cycle, Group Group, Fund Fund, FundBalances Balances);

/// <summary>What every command about an existing cycle tells the door.</summary>
public static class CycleSlice
{
    /// <param name="needs">What it needs besides, once the cycle is known.</param>
    /// <param name="about">The member it is about; the fund when it is about all.</param>
    public static WriteSlice Of(
        Guid cycleId,
        MemberId? about,
        Func<CycleContext, States, Moment, Decision> decide,
        Func<States, Moment, Answer> answer,
        Func<Cycle, States, IEnumerable<Need>>? needs = null) => new()
        {
            NoteAbout = states => about?.Value ?? states.Peek<Cycle>(cycleId)?.FundId.Value,
            Needs = states => states.Peek<Cycle>(cycleId) is { } cycle
                ?
                [
                    Need.Of<Cycle>(cycleId),
                    Need.Of<Group>(cycle.GroupId.Value),
                    Need.Of<Fund>(cycle.FundId.Value),
                    Need.Balances(cycle.FundId),
                    .. needs?.Invoke(cycle, states) ?? [],
                ]
                : [Need.Of<Cycle>(cycleId)],
            Decide = (states, moment) => states.Find<Cycle>(cycleId) is { } cycle ? decide(ContextOf(cycle, states), states, moment) : Decision.NotFound(),
            Answer = answer,
        };

    private static CycleContext ContextOf(Cycle cycle, States states) =>
        new(cycle, states.Find<Group>(cycle.GroupId.Value)!, states.Find<Fund>(cycle.FundId.Value)!, states.Balances(cycle.FundId));
}

/// <summary>What several facts of a cycle are refused for.</summary>
public static class CycleRules
{
    /// <summary>The cycle runs on the day; what becomes known after the share-out belongs to the next one.</summary>
    public static Decision? CheckOpen(Cycle cycle, DateOnly effectiveOn, Moment moment) =>
        cycle.Status != CycleStatus.Open ? Decision.Refuse("cycle-closed", pointer: null, new Figure("cycleStatus", LedgerJson.WordOf(cycle.Status)))
        : CheckDay(cycle, effectiveOn, moment);

    public static Decision? CheckDay(Cycle cycle, DateOnly effectiveOn, Moment moment) =>
        DateRules.Check(effectiveOn, moment)
            ?? (effectiveOn < cycle.StartsOn
                ? Decision.Refuse("before-cycle", "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("startsOn", cycle.StartsOn))
                : null);

    public static Decision? CheckMember(CycleContext context, MemberId memberId, DateOnly effectiveOn) =>
        context.Group.HasMember(memberId, effectiveOn) ? null : NotInGroup(memberId);

    public static Decision NotInGroup(MemberId memberId) =>
        Decision.Refuse("not-in-group", "/memberId", new Figure("memberId", memberId.ToString()));

    /// <summary>The group's box holds cash unless a channel says otherwise; nothing is paid into or out of it by setting off.</summary>
    public static Decision? CheckChannel(Channel? channel) => channel == Channel.Offset ? Decision.Refuse("method-required", "/channel") : null;
}

/// <summary>A fact of a cycle as its payer gets it back.</summary>
public sealed record CycleEntryAnswer(
    TransactionId Id,
    string Type,
    string? Number,
    string? ExternalId,
    CycleId CycleId,
    MemberId? MemberId,
    Money Amount,
    int? Shares,
    DateOnly? ForMeetingOn,
    string? FineCode,
    TransactionId? FineId,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    string? ReceiptNumber,
    string? ReasonCode,
    TransactionId? ReversedBy,
    IReadOnlyList<string>? Warnings,
    long Sequence)
{
    public static CycleEntryAnswer Of(RecordedFact fact, TransactionId? reversedBy = null, IReadOnlyList<string>? warnings = null)
    {
        var row = fact.Data switch
        {
            SharesPurchased bought => New(bought, "share-purchase", bought.CycleId, bought.Amount, bought.ExternalId) with { Shares = bought.Shares, ForMeetingOn = bought.ForMeetingOn },
            SocialFundContributed social => New(social, "social-contribution", social.CycleId, social.Amount, social.ExternalId),
            SocialFundPaid social => New(social, "social-payment", social.CycleId, social.Amount, social.ExternalId),
            FineCharged fine => New(fine, "fine", fine.CycleId, fine.Amount, fine.ExternalId) with { FineCode = fine.Code },
            FinePaid paid => New(paid, "fine-payment", paid.CycleId, paid.Amount, paid.ExternalId) with { FineId = paid.FineId },
            CycleMemberPaidOut payout => New(payout, "member-payout", payout.CycleId, payout.Portion.Payout, payout.ExternalId) with { Shares = payout.Portion.Shares },
            CycleSharedOut shared => New(shared, "share-out", shared.CycleId, shared.Pool, shared.ExternalId) with { Shares = shared.TotalShares },
            _ => throw new ArgumentOutOfRangeException(nameof(fact), fact.Data.GetType().Name, "Not a payment of a cycle."),
        };
        return row with
        {
            Number = FactDescription.NumberOf(fact.Data),
            EffectiveOn = fact.Envelope.EffectiveOn,
            BookedOn = fact.Envelope.BookedOn,
            ReceiptNumber = fact.Envelope.Paper?.Number,
            ReasonCode = fact.Envelope.ReasonCode,
            ReversedBy = reversedBy,
            Warnings = warnings is { Count: > 0 } ? warnings : null,
            Sequence = fact.Envelope.Sequence,
        };
    }

    /// <summary>What was just recorded, and where it is found.</summary>
    public static Answer Recorded<TFact>(States states, Moment moment)
        where TFact : ICycleFact
    {
        var fact = moment.Recorded<TFact>();
        var warnings = fact.Data is IMoneyFact money ? CashWarnings.Of(states.Balances(((TFact)fact.Data).FundId), money.Lines) : null;
        var answer = Of(fact, warnings: warnings);
        return new Answer(201, answer, $"/v1/cycles/{answer.CycleId}/entries/{answer.Id}");
    }

    private static CycleEntryAnswer New(ICycleFact fact, string type, CycleId cycleId, Money amount, string? externalId) => new(
        fact.TransactionId, type, null, externalId, cycleId, fact.MemberId, amount, null, null, null, null, default, default, null, null, null, null, 0);
}
