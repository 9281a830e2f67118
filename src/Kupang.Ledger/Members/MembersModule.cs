using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Members;

/// <summary>The people who save and borrow, and their groups.</summary>
public static class MembersModule
{
    public static FactTypes.Builder AddMembers(this FactTypes.Builder facts) => facts
        .Stream<Member>(typeof(MemberRegistered), typeof(MemberAmended), typeof(MemberErased), typeof(NikDisclosed))
        .Stream<Group>(typeof(GroupFormed), typeof(GroupAmended), typeof(GroupMemberJoined), typeof(GroupMemberDeparted), typeof(GroupOfficerAssigned));
}
