using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Members;

/// <summary>Shows a member's NIK whole. That it was shown, to whom and why, is on record before it is.</summary>
/// <param name="ReasonCode">Why, such as <c>credit-check</c>.</param>
/// <param name="Note">In words, kept encrypted under the member's key.</param>
public sealed record DiscloseNik(
    [property: JsonConverter(typeof(ReasonCodeConverter))] string ReasonCode, [property: TextLimit(2000)] string? Note = null) : Command;

/// <param name="Nik">Whole, unless the person was erased since.</param>
public sealed record DisclosedNikAnswer(MemberId MemberId, Personal Nik, string ReasonCode, DateTimeOffset DisclosedAt, long AsOfSequence);

/// <summary>That a NIK was shown, for the person it belongs to and for auditors: it does not show it again.</summary>
public sealed record NikDisclosureAnswer(long Sequence, DateTimeOffset DisclosedAt, Actor Actor, string? ReasonCode, Personal? Note)
{
    public static NikDisclosureAnswer Of(RecordedFact fact) => new(
        fact.Envelope.Sequence,
        fact.Envelope.RecordedAt,
        fact.Envelope.Actor,
        fact.Envelope.ReasonCode,
        ((NikDisclosed)fact.Data).Note is { } note ? new Personal(note) : null);
}

public static class DiscloseNikDecider
{
    /// <param name="key">The member's key, or null when the person was erased.</param>
    public static Decision Decide(DiscloseNik command, Member? member, SubjectKey? key, Moment moment) =>
        member is null ? Decision.NotFound()
        : key is null ? Decision.Refuse("member-erased")
        : member.Nik is null ? Decision.Refuse("nik-not-known")
        : Decision.Record(new NewFact(
            member.Id.Value,
            new NikDisclosed(member.Id, MemberParts.Text(key, command.Note), command.ExternalId),
            BookDay.Open(moment.Today),
            EventOf: command.Id,
            ReasonCode: command.ReasonCode));
}

public static class DiscloseNikEndpoint
{
    [WolverinePost("/v1/members/{memberId}/nik-disclosures", OperationId = "discloseNik")]
    [Tags("Members"), Takes(typeof(DiscloseNik)), Answers(typeof(DisclosedNikAnswer), 201)]
    public static Task<IResult> Post(Guid memberId, HttpContext http) => http.Record<DiscloseNik>("discloseNik", command => new WriteSlice
    {
        Needs = _ => [Need.Of<Member>(memberId), Need.SubjectKey(memberId)],
        Decide = (states, moment) => DiscloseNikDecider.Decide(command, states.Find<Member>(memberId), states.KeyOf(memberId), moment),
        Answer = (states, moment) => new Answer(
            201,
            new DisclosedNikAnswer(
                new MemberId(memberId), new Personal(states.Find<Member>(memberId)!.Nik!), command.ReasonCode, moment.RecordedAt, moment.Sequence),
            $"/v1/members/{memberId}/nik-disclosures"),
    });

    [WolverineGet("/v1/members/{memberId}/nik-disclosures", OperationId = "listNikDisclosures")]
    [Tags("Members"), Answers(typeof(Page<NikDisclosureAnswer>), 200)]
    [Query("effectiveOn", "knownAt", "knownAtSequence", "limit", "cursor", OnlyThese = true)]
    public static Task<IResult> List(Guid memberId, HttpContext http) =>
        http.ReadRows<MemberRegistered, NikDisclosureAnswer>(
            memberId,
            (facts, effectiveOn) => facts
                .Where(fact => fact.Data is NikDisclosed && fact.Envelope.EffectiveOn <= effectiveOn)
                .Select(NikDisclosureAnswer.Of),
            row => row.Sequence);
}
