using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Members;

// The facts of members and groups. These records are stored for ever: add a member as optional, never rename or retype one.
// What could tell who a person is stands in them only encrypted under that person's own key. What stands in clear is what
// reports count by: it must not change when a person moves or is erased.

/// <summary>A person became known to the ledger.</summary>
/// <param name="Nik">The national identity number as it was given. Many people have none at hand.</param>
/// <param name="MaskedNik">The same with its middle hidden: what answers show, so that no read has to open the number itself.</param>
/// <param name="NikWarnings">What looked wrong about the number's form on that day, as codes.</param>
/// <param name="NikConflict">Set when the number belonged to another member already, and somebody decided to go on.</param>
/// <param name="BirthYear">Given where the day of birth is not known.</param>
/// <param name="BirthYearBand">
/// Five years of birth, as <c>1985-1989</c>. Loans freeze an age band from it for reports that must survive an erasure; it is
/// wide enough to say nothing about one person, and a birth date in clear would not be.
/// </param>
/// <param name="Village">What people call the place; the address's area code is its precise form.</param>
/// <param name="Business">What the person makes or sells, in words; the sector is its countable form.</param>
public sealed record MemberRegistered(
    MemberId MemberId,
    string Number,
    Encrypted Name,
    Sex Sex,
    Encrypted? Nik = null,
    Encrypted? MaskedNik = null,
    ImmutableArray<string>? NikWarnings = null,
    NikConflict? NikConflict = null,
    Encrypted? BirthDate = null,
    Encrypted? BirthYear = null,
    string? BirthYearBand = null,
    ImmutableArray<MemberPhone>? Phones = null,
    Encrypted? Village = null,
    MemberAddress? Address = null,
    Encrypted? Business = null,
    Sector? Sector = null,
    string? ExternalId = null);

/// <summary>Something about the person is otherwise from now on. What is absent did not change; phones and address change whole.</summary>
public sealed record MemberAmended(
    MemberId MemberId,
    Encrypted? Name = null,
    ImmutableArray<MemberPhone>? Phones = null,
    Encrypted? Village = null,
    MemberAddress? Address = null,
    Encrypted? Business = null,
    Sector? Sector = null);

/// <summary>
/// The person's key was destroyed, so that nothing written about the person can be read again. The day and the reason stand
/// in the envelope.
/// </summary>
public sealed record MemberErased(MemberId MemberId, string? ExternalId = null);

/// <summary>The NIK was shown whole; to whom, and why, stands in the envelope.</summary>
public sealed record NikDisclosed(MemberId MemberId, Encrypted? Note = null, string? ExternalId = null);

/// <summary>
/// People agreed to be a group. The day they did stands in the envelope; its first members are members from that day on.
/// </summary>
public sealed record GroupFormed(
    GroupId GroupId,
    string Number,
    string Name,
    ImmutableArray<GroupSeat> Members,
    string? Village = null,
    GroupMeeting? Meeting = null,
    string? ExternalId = null) : IHasParticipants
{
    public IEnumerable<MemberId> Participants() => Members.Select(seat => seat.MemberId);
}

/// <summary>The group is called otherwise or meets otherwise from now on. What is absent did not change.</summary>
public sealed record GroupAmended(GroupId GroupId, string? Name = null, GroupMeeting? Meeting = null);

/// <summary>A member came into the group, on the day that stands in the envelope.</summary>
public sealed record GroupMemberJoined(GroupId GroupId, MemberId MemberId, GroupRole Role, string? ExternalId = null) : IHasParticipants
{
    public IEnumerable<MemberId> Participants() => [MemberId];
}

/// <summary>A person of the staff looks after the group from the day on that stands in the envelope.</summary>
public sealed record GroupOfficerAssigned(GroupId GroupId, StaffId OfficerId, string? ExternalId = null);

/// <summary>A member is no longer in the group from the day on that stands in the envelope.</summary>
public sealed record GroupMemberDeparted(GroupId GroupId, MemberId MemberId, string? ExternalId = null);

/// <param name="AreaCode">The ten-digit national code of the village, in clear: reports count by it.</param>
/// <param name="Landmark">How the house is found where houses have no numbers.</param>
public sealed record MemberAddress(
    string AreaCode, Encrypted? Dusun = null, Encrypted? Rt = null, Encrypted? Rw = null, Encrypted? Landmark = null);

public sealed record MemberPhone(Encrypted Number, PhoneSharing SharedWith = PhoneSharing.Self);

/// <summary>Who else answers a phone: a reminder about a debt is not for everybody's eyes.</summary>
public enum PhoneSharing
{
    Self,
    Household,
    Chair,
}

/// <summary>The decision to register a member under a number that another one holds.</summary>
/// <param name="HeldBy">Who held the number at that time.</param>
public sealed record NikConflict(string ReasonCode, string DecisionReference, MemberId HeldBy);

public sealed record GroupSeat(MemberId MemberId, GroupRole Role = GroupRole.Member);

public enum GroupRole
{
    Chair,
    Secretary,
    Treasurer,
    Member,
}

/// <summary>How often a group meets, and on which day if it keeps to one.</summary>
/// <param name="WeekOfMonth">With a weekday, in which week of the month: 1 to 4, or 5 for the last.</param>
public sealed record GroupMeeting(int Every, MeetingUnit Unit, DayOfWeek? Weekday = null, int? DayOfMonth = null, int? WeekOfMonth = null);

public enum MeetingUnit
{
    Week,
    Month,
}
