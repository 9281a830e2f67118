using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Xunit;

namespace Kupang.Ledger.Tests.Members;

public sealed class GroupTests
{
    private static readonly DateOnly March = new(2026, 3, 1);
    private static readonly DateOnly June = new(2026, 6, 1);

    [Fact]
    public void Its_first_members_are_in_a_group_from_the_day_it_was_formed()
    {
        var group = Given.Group();
        Assert.False(group.HasMember(Given.Maria, Given.FormedOn.AddDays(-1)));
        Assert.True(group.HasMember(Given.Maria, Given.FormedOn));
        Assert.False(group.HasMember(Given.Yuliana, Given.Today));
    }

    [Fact]
    public void A_group_may_have_been_formed_long_before_the_books_were_opened()
    {
        var decision = Form(new FormGroup("Melati", new DateOnly(2005, 8, 17), [new GroupSeat(Given.Maria)]), booksOpenFrom: Given.FormedOn);
        Assert.Equal(new DateOnly(2005, 8, 17), Assert.IsType<Decision.ToRecord>(decision).Facts[0].Day.EffectiveOn);
        Assert.Equal("Melati", decision.Recorded<GroupFormed>().Name);
    }

    [Fact]
    public void A_group_is_not_formed_tomorrow_nor_by_strangers_nor_twice_by_the_same_person_nor_with_two_chairs()
    {
        Form(new FormGroup("Melati", Given.Today.AddDays(1), [])).IsRefused("in-the-future", "/formedOn");
        Form(new FormGroup("Melati", Given.Today, [new GroupSeat(Given.Maria), new GroupSeat(new MemberId(Guid.CreateVersion7()))]))
            .IsRefused("unknown-member", "/members/1/memberId");
        Form(new FormGroup("Melati", Given.Today, [new GroupSeat(Given.Maria), new GroupSeat(Given.Maria, GroupRole.Chair)]))
            .IsRefused("already-in-group", "/members/1/memberId");
        Form(new FormGroup("Melati", Given.Today, [new GroupSeat(Given.Maria, GroupRole.Chair), new GroupSeat(Given.Yuliana, GroupRole.Chair)]))
            .IsRefused("role-taken", "/members/1/role");
    }

    [Theory]
    [InlineData(0, MeetingUnit.Week, null, null, "/meeting/every")]
    [InlineData(53, MeetingUnit.Week, null, null, "/meeting/every")]
    [InlineData(1, MeetingUnit.Week, null, 5, "/meeting/dayOfMonth")]
    [InlineData(1, MeetingUnit.Month, DayOfWeek.Monday, null, "/meeting/weekday")]
    [InlineData(1, MeetingUnit.Month, null, 32, "/meeting/dayOfMonth")]
    [InlineData(1, MeetingUnit.Month, null, 0, "/meeting/dayOfMonth")]
    public void Meetings_follow_weeks_or_months(int every, MeetingUnit unit, DayOfWeek? weekday, int? dayOfMonth, string pointer)
    {
        GroupMeeting meeting = new(every, unit, weekday, dayOfMonth);
        Form(new FormGroup("Melati", Given.Today, [], Meeting: meeting)).IsRefused("meeting-not-possible", pointer);
        AmendGroupDecider.Decide(new AmendGroup(Meeting: meeting), 1, Given.Group(), Given.Now()).IsRefused("meeting-not-possible", pointer);
    }

    [Fact]
    public void Whoever_joins_is_in_the_group_until_the_day_of_leaving()
    {
        var joined = Join(new JoinGroup(Given.Yuliana, GroupRole.Treasurer) { EffectiveOn = March }, Given.Group()).Recorded<GroupMemberJoined>();
        var group = Given.Group((joined, March), (new GroupMemberDeparted(Given.Melati, Given.Yuliana), June));

        Assert.False(group.HasMember(Given.Yuliana, March.AddDays(-1)));
        Assert.True(group.HasMember(Given.Yuliana, March));
        Assert.True(group.HasMember(Given.Yuliana, June.AddDays(-1)));
        Assert.False(group.HasMember(Given.Yuliana, June));
    }

    [Fact]
    public void Somebody_who_left_may_come_back_but_not_while_still_there()
    {
        var group = Given.Group(
            (new GroupMemberJoined(Given.Melati, Given.Yuliana, GroupRole.Member), March),
            (new GroupMemberDeparted(Given.Melati, Given.Yuliana), June));

        Join(new JoinGroup(Given.Yuliana) { EffectiveOn = June }, group).Recorded<GroupMemberJoined>();
        Join(new JoinGroup(Given.Yuliana) { EffectiveOn = June.AddDays(-1) }, group).IsRefused("already-in-group", "/memberId");
        Join(new JoinGroup(Given.Yuliana) { EffectiveOn = March.AddDays(-9) }, group).IsRefused("already-in-group", "/memberId");
    }

    [Fact]
    public void An_office_is_free_when_its_holder_has_left()
    {
        JoinGroup command = new(Given.Yuliana, GroupRole.Chair) { EffectiveOn = June };
        Join(command, Given.Group()).IsRefused("role-taken", "/role");
        Join(command, Given.Group((new GroupMemberDeparted(Given.Melati, Given.Maria), June))).Recorded<GroupMemberJoined>();
    }

    [Fact]
    public void Joining_is_refused_to_strangers_before_the_group_was_formed_and_tomorrow()
    {
        JoinGroupDecider.Decide(new JoinGroup(Given.Yuliana), Given.Group(), member: null, Given.Now()).IsRefused("unknown-member", "/memberId");
        Join(new JoinGroup(Given.Yuliana) { EffectiveOn = Given.FormedOn.AddDays(-1) }, Given.Group()).IsRefused("before-group-formed", "/effectiveOn");
        Join(new JoinGroup(Given.Yuliana) { EffectiveOn = Given.Today.AddDays(1) }, Given.Group()).IsRefused("in-the-future", "/effectiveOn");
        Assert.IsType<Decision.Missing>(Join(new JoinGroup(Given.Yuliana), group: null));
    }

    [Fact]
    public void Nobody_who_was_erased_comes_into_a_group()
    {
        var erased = Given.Member(new MemberErased(Given.Maria));

        JoinGroupDecider.Decide(new JoinGroup(Given.Maria), Given.Group(), erased, Given.Now()).IsRefused("member-erased", "/memberId");
        FormGroupDecider.Decide(
                new FormGroup("Melati", Given.FormedOn, [new GroupSeat(Given.Maria)]), Given.Melati, _ => erased, SubjectKey.New(Given.Melati.Value), Given.Now())
            .IsRefused("member-erased", "/members/0/memberId");
    }

    [Fact]
    public void Leaving_is_refused_to_whoever_is_not_there_and_before_joining()
    {
        LeaveGroupDecider.Decide(new LeaveGroup(Given.Yuliana), Given.Group(), Given.Now()).IsRefused("not-in-group", "/memberId");
        LeaveGroupDecider.Decide(new LeaveGroup(Given.Maria) { EffectiveOn = Given.FormedOn.AddDays(-1) }, Given.Group(), Given.Now())
            .IsRefused("before-joining", "/effectiveOn");
        LeaveGroupDecider.Decide(new LeaveGroup(Given.Maria) { EffectiveOn = Given.Today.AddDays(1) }, Given.Group(), Given.Now())
            .IsRefused("in-the-future", "/effectiveOn");
        Assert.IsType<Decision.Missing>(LeaveGroupDecider.Decide(new LeaveGroup(Given.Maria), group: null, Given.Now()));
    }

    [Fact]
    public void The_version_that_an_editor_names_does_not_grow_with_everybody_who_joins()
    {
        var group = Given.Group((new GroupMemberJoined(Given.Melati, Given.Yuliana, GroupRole.Member), March));
        Assert.Equal("Mawar", AmendGroupDecider.Decide(new AmendGroup("Mawar"), version: 1, group, Given.Now()).Recorded<GroupAmended>().Name);

        var renamed = Given.Group((new GroupAmended(Given.Melati, "Mawar"), Given.Today));
        Assert.IsType<Decision.Stale>(AmendGroupDecider.Decide(new AmendGroup("Anggrek"), version: 1, renamed, Given.Now()));
        AmendGroupDecider.Decide(new AmendGroup(), version: 2, renamed, Given.Now()).IsRefused("nothing-to-change", "");
    }

    private static Decision Form(FormGroup command, DateOnly? booksOpenFrom = null) => FormGroupDecider.Decide(
        command, Given.Melati, id => id == Given.Maria || id == Given.Yuliana ? Given.Member() : null, SubjectKey.New(Given.Melati.Value), Given.Now(booksOpenFrom));

    private static Decision Join(JoinGroup command, Group? group) => JoinGroupDecider.Decide(command, group, Given.Member(), Given.Now());
}
