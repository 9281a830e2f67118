using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Members;

/// <summary>People who save and borrow together, and answer for each other.</summary>
public sealed record Group(
    GroupId Id, string Number, string Name, DateOnly FormedOn, string? Village, GroupMeeting? Meeting, string? ExternalId, long Version)
    : IStreamState<Group>, IListed, IBindsMembers
{
    public static string Kind => "group";

    /// <summary>Everybody who is or was in the group, in the order they came.</summary>
    public ImmutableList<Membership> Memberships { get; init; } = [];

    public ImmutableList<OfficerAssignment> Officers { get; init; } = [];

    public Listing Listing => new(Id.Value, Number, ExternalId);

    /// <summary>Whether somebody is in the group on a day.</summary>
    public bool HasMember(MemberId memberId, DateOnly day) => Memberships.Any(membership => membership.MemberId == memberId && membership.IsOn(day));

    /// <summary>Who of the staff looked after the group on a day.</summary>
    public StaffId? OfficerOn(DateOnly day) => OfficerAssignment.On(day, Officers);

    /// <summary>Who is in a group answers for the others, and they for him: first he leaves it.</summary>
    public bool Binds(MemberId memberId) => Memberships.Any(membership => membership.MemberId == memberId && membership.LeftOn is null);

    public static Group After(Group? state, RecordedFact fact)
    {
        var day = fact.Envelope.EffectiveOn;
        return fact.Data switch
        {
            GroupFormed formed => new Group(
                formed.GroupId, formed.Number, formed.Name, day, formed.Village, formed.Meeting, formed.ExternalId, Version: 1)
            {
                Memberships = [.. formed.Members.Select(seat => new Membership(seat.MemberId, seat.Role, day))],
            },

            // The version counts what a person would edit, so that an ETag does not grow old with everybody who joins.
            GroupAmended amended => state! with
            {
                Name = amended.Name ?? state.Name,
                Meeting = amended.Meeting ?? state.Meeting,
                Version = state.Version + 1,
            },
            GroupMemberJoined joined => state! with { Memberships = state.Memberships.Add(new Membership(joined.MemberId, joined.Role, day)) },
            GroupOfficerAssigned assigned => state! with { Officers = state.Officers.Add(OfficerAssignment.Of(assigned.OfficerId, fact)) },
            GroupMemberDeparted departed => state!.Without(departed.MemberId, day),
            _ => throw new InvalidOperationException($"A group knows no {fact.Data.GetType().Name}."),
        };
    }

    private Group Without(MemberId memberId, DateOnly day)
    {
        var standing = Memberships.First(membership => membership.MemberId == memberId && membership.LeftOn is null);
        return this with { Memberships = Memberships.Replace(standing, standing with { LeftOn = day }) };
    }
}

/// <summary>Somebody's time in a group.</summary>
/// <param name="LeftOn">The first day on which the person is no longer in the group.</param>
public sealed record Membership(MemberId MemberId, GroupRole Role, DateOnly JoinedOn, DateOnly? LeftOn = null)
{
    public bool IsOn(DateOnly day) => JoinedOn <= day && !HasEndedBy(day);

    public bool HasEndedBy(DateOnly day) => LeftOn <= day;
}
