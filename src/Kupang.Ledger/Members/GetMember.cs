using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Wolverine.Http;

namespace Kupang.Ledger.Members;

/// <summary>A person as a loan officer sees one.</summary>
/// <param name="Nik">With its middle hidden.</param>
/// <param name="BirthYear">As text; present where the day is not known.</param>
/// <param name="Phone">The first of the phones.</param>
/// <param name="Flags">What somebody should look at: <c>nik-conflict</c>.</param>
/// <param name="Warnings">What looked wrong when the person was registered.</param>
/// <param name="ErasedOn">Present once the person was erased: what was known about him or her reads <c>[DIHAPUS]</c>.</param>
public sealed record MemberAnswer(
    MemberId Id,
    string Number,
    string? ExternalId,
    Personal Name,
    Sex Sex,
    Personal? Nik,
    Personal? BirthDate,
    Personal? BirthYear,
    Personal? Phone,
    IReadOnlyList<PhoneAnswer> Phones,
    Personal? Village,
    AddressAnswer? Address,
    Personal? Business,
    string? Sector,
    NikConflict? NikConflict,
    IReadOnlyList<string> Flags,
    IReadOnlyList<string> Warnings,
    DateOnly? ErasedOn,
    long AsOfSequence,
    long Version) : IVersioned
{
    public static MemberAnswer Of(Member member, long sequence) => new(
        member.Id,
        member.Number,
        member.ExternalId,
        new Personal(member.Name),
        member.Sex,
        PersonalOf(member.MaskedNik),
        PersonalOf(member.BirthDate),
        PersonalOf(member.BirthYear),
        PersonalOf(member.Phones.FirstOrDefault()?.Number),
        [.. member.Phones.Select(phone => new PhoneAnswer(new Personal(phone.Number), phone.SharedWith))],
        PersonalOf(member.Village),
        member.Address is { } address
            ? new AddressAnswer(
                address.AreaCode, PersonalOf(address.Dusun), PersonalOf(address.Rt), PersonalOf(address.Rw), PersonalOf(address.Landmark))
            : null,
        PersonalOf(member.Business),
        member.Sector,
        member.NikConflict,
        member.NikConflict is null ? [] : ["nik-conflict"],
        member.NikWarnings,
        member.ErasedOn,
        sequence,
        member.Version);

    private static Personal? PersonalOf(Encrypted? text) => text is null ? null : new Personal(text);
}

public sealed record PhoneAnswer(Personal Number, PhoneSharing SharedWith);

public sealed record AddressAnswer(string AreaCode, Personal? Dusun, Personal? Rt, Personal? Rw, Personal? Landmark);

public static class GetMemberEndpoint
{
    [WolverineGet("/v1/members/{memberId}", OperationId = "getMember")]
    [Tags("Members"), Answers(typeof(MemberAnswer), 200)]
    public static Task<IResult> Get(Guid memberId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.Find<Member>(memberId, cancellation) is { } member ? MemberAnswer.Of(member, snapshot.Sequence) : null);
}

public static class ListMembersEndpoint
{
    [WolverineGet("/v1/members", OperationId = "listMembers")]
    [Tags("Members"), Query("groupId"), Answers(typeof(Page<MemberAnswer>), 200)]
    public static Task<IResult> Get(HttpContext http)
    {
        var groupId = http.QueryId("groupId");
        Task<Group?>? group = null;
        return http.List<Member>(new Dictionary<string, string>(StringComparer.Ordinal), ["groupId"], async (member, snapshot) =>
        {
            if (groupId is { } wanted)
            {
                group ??= snapshot.Find<Group>(wanted, http.RequestAborted);
                if (await group is not { } known || !known.HasMember(member.Id, snapshot.Today))
                {
                    return null;
                }
            }

            return MemberAnswer.Of(member, snapshot.Sequence);
        });
    }
}
