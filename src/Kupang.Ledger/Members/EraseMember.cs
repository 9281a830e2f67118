using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Members;

/// <summary>
/// Destroys what tells who a member is, for ever: the person's key, and the hash that a NIK is found by. What happened to
/// money stays, under an id that names nobody.
/// </summary>
/// <param name="ReasonCode">Why, such as <c>own-request</c>.</param>
public sealed record EraseMember([property: JsonConverter(typeof(ReasonCodeConverter))] string ReasonCode) : Command;

public static class EraseMemberDecider
{
    /// <param name="key">The person's key, or null when it is gone already.</param>
    /// <param name="participations">Everything the person is or was part of.</param>
    /// <param name="hashOfNik">By what a NIK is found again.</param>
    public static Decision Decide(
        EraseMember command, Member? member, SubjectKey? key, IReadOnlyList<StreamState> participations, Func<string, string> hashOfNik, Moment moment)
    {
        if (member is null)
        {
            return Decision.NotFound();
        }

        if (member.ErasedOn is not null)
        {
            return Decision.AlreadyRecorded();
        }

        return CheckObligations(member.Id, participations)
            ?? CheckRetention(participations, moment)
            ?? Decision.Record(new NewFact(
                    member.Id.Value,
                    new MemberErased(member.Id, command.ExternalId),
                    BookDay.Open(moment.Today),
                    EventOf: command.Id,
                    ReasonCode: command.ReasonCode))
                .Forgetting(
                    member.Id.Value,
                    member.Nik is { } nik && key is not null ? [new NameClaim(Member.HashedNik, hashOfNik(key.Decrypt(nik)), member.Id.Value)] : []);
    }

    private static Decision? CheckObligations(MemberId memberId, IReadOnlyList<StreamState> participations) =>
        participations.FirstOrDefault(part => part.Value is IBindsMembers binding && binding.Binds(memberId)) is { } open
            ? Decision.Refuse(
                "obligation-open",
                pointer: null,
                new Figure("kind", open.Kind.Name),
                new Figure("id", open.Id.ToString()),
                new Figure("number", ((IListed)open.Value!).Listing.Number))
            : null;

    /// <summary>The law wants the papers of money kept; who never had any is kept waiting by nothing.</summary>
    private static Decision? CheckRetention(IReadOnlyList<StreamState> participations, Moment moment)
    {
        var ofMoney = participations.Where(part => part.MovedMoney).ToArray();
        if (ofMoney.Length == 0)
        {
            return null;
        }

        var lastOn = ofMoney.Max(part => part.LastOn);
        var endsOn = lastOn.AddYears(moment.RetentionYears);
        return moment.Today < endsOn
            ? Decision.Refuse("retention-running", pointer: null, new Figure("lastFactOn", lastOn), new Figure("endsOn", endsOn))
            : null;
    }
}

public static class EraseMemberEndpoint
{
    [WolverinePost("/v1/members/{memberId}/erasures", OperationId = "eraseMember")]
    [Tags("Members"), Takes(typeof(EraseMember)), Answers(typeof(MemberAnswer), 201)]
    public static async Task<IResult> Post(Guid memberId, HttpContext http)
    {
        var tenantKey = await http.RequestServices.GetRequiredService<TenantKeys>().Of(Caller.Of(http).Tenant, http.RequestAborted);
        var id = new MemberId(memberId);
        return await http.Record<EraseMember>("eraseMember", command => new WriteSlice
        {
            Needs = states => [Need.Of<Member>(memberId), Need.SubjectKey(memberId), Need.ParticipationsOf(id), .. states.PeekParticipationsOf(id)],
            Decide = (states, moment) => EraseMemberDecider.Decide(
                command,
                states.Find<Member>(memberId),
                states.KeyOf(memberId),
                [.. states.ParticipationsOf(id)],
                nik => Nik.HashOf(nik, tenantKey),
                moment),
            Answer = (states, moment) => new Answer(
                201, MemberAnswer.Of(states.Find<Member>(memberId)!, moment.Sequence), $"/v1/members/{memberId}"),
        });
    }
}
