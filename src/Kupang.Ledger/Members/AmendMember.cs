using System.Collections.Immutable;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Members;

/// <summary>
/// Changes what is known about a person. What is left out stays as it is; phones and an address are replaced whole, so a part
/// of an address that is left out is gone.
/// </summary>
public sealed record AmendMember(
    [property: TextLimit(120)] string? Name = null,
    [property: TextLimit(30)] string? Phone = null,
    ImmutableArray<PhoneInput>? Phones = null,
    [property: TextLimit(120)] string? Village = null,
    AddressInput? Address = null,
    [property: TextLimit(500)] string? Business = null,
    Sector? Sector = null) : Command, IConditionalCommand
{
    public bool ChangesNothing =>
        Name is null && Phone is null && Phones is null && Village is null && Address is null && Business is null && Sector is null;
}

public static class AmendMemberDecider
{
    /// <param name="version">The version that the caller read.</param>
    /// <param name="key">The member's key, or null when the person was erased.</param>
    public static Decision Decide(AmendMember command, long version, Member? member, SubjectKey? key, Moment moment)
    {
        if (member is null)
        {
            return Decision.NotFound();
        }

        if (key is null)
        {
            return Decision.Refuse("member-erased");
        }

        if (member.Version != version)
        {
            return Decision.Changed();
        }

        return command.ChangesNothing
            ? Decision.Refuse("nothing-to-change", pointer: "")
            : Decision.Record(new NewFact(
                member.Id.Value,
                new MemberAmended(
                    member.Id,
                    MemberParts.Text(key, command.Name),
                    MemberParts.Phones(key, command.Phone, command.Phones),
                    MemberParts.Text(key, command.Village),
                    MemberParts.Address(key, command.Address),
                    MemberParts.Text(key, command.Business),
                    command.Sector),
                BookDay.Open(moment.Today)));
    }
}

public static class AmendMemberEndpoint
{
    [WolverinePatch("/v1/members/{memberId}", OperationId = "amendMember")]
    [Tags("Members"), Takes(typeof(AmendMember)), Answers(typeof(MemberAnswer), 200)]
    public static Task<IResult> Patch(Guid memberId, HttpContext http)
    {
        var version = http.RequireVersion();
        return http.Record<AmendMember>("amendMember", command =>
        {
            RegisterMemberEndpoint.CheckPhones(command.Phone, command.Phones);
            return new WriteSlice
            {
                Needs = _ => [Need.Of<Member>(memberId), Need.SubjectKey(memberId)],
                Decide = (states, moment) => AmendMemberDecider.Decide(
                    command, version, states.Find<Member>(memberId), states.KeyOf(memberId), moment),
                Answer = (states, moment) => new Answer(200, MemberAnswer.Of(states.Find<Member>(memberId)!, moment.Sequence)),
            };
        });
    }
}
