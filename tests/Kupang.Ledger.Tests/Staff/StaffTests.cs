using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Staff;
using Kupang.Ledger.Tests.Members;
using Xunit;

namespace Kupang.Ledger.Tests.Staff;

public sealed class StaffTests
{
    [Fact]
    public void A_person_of_the_staff_may_act_until_leaving()
    {
        Assert.True(Given.Staff().MayAct);
        Assert.False(Given.Staff((new StaffDeparted(Given.Petrus), Given.Today)).MayAct);
    }

    [Fact]
    public void A_departure_has_a_day_and_a_reason()
    {
        var decision = RecordStaffDepartureDecider.Decide(
            new RecordStaffDeparture("resigned") { EffectiveOn = Given.Today.AddDays(-3) }, Given.Staff(), Given.Now());

        decision.Recorded<StaffDeparted>();
        var fact = Assert.Single(Assert.IsType<Decision.ToRecord>(decision).Facts);
        Assert.Equal((Given.Today.AddDays(-3), "resigned"), (fact.Day.EffectiveOn, fact.ReasonCode));
    }

    [Fact]
    public void Nobody_leaves_twice_or_tomorrow()
    {
        RecordStaffDepartureDecider.Decide(new RecordStaffDeparture(), Given.Staff((new StaffDeparted(Given.Petrus), Given.Today)), Given.Now())
            .IsRefused("already-departed", pointer: null);
        RecordStaffDepartureDecider.Decide(new RecordStaffDeparture { EffectiveOn = Given.Today.AddDays(1) }, Given.Staff(), Given.Now())
            .IsRefused("in-the-future", "/effectiveOn");
        Assert.IsType<Decision.Missing>(RecordStaffDepartureDecider.Decide(new RecordStaffDeparture(), staff: null, Given.Now()));
    }

    [Fact]
    public void The_name_of_a_person_of_the_staff_is_encrypted_and_the_role_is_not()
    {
        var fact = RegisterStaffDecider.Decide(new RegisterStaff("Petrus", "loan-officer"), Given.Petrus, Given.KeyOfPetrus, Given.Now())
            .Recorded<StaffRegistered>();

        Assert.Equal(("Petrus", "loan-officer"), (Given.KeyOfPetrus.Decrypt(fact.Name), fact.Role));
    }
}
