using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Xunit;

namespace Kupang.Ledger.Tests.Members;

public sealed class MemberTests
{
    private const string NikOfMaria = "5371015205870001";
    private static readonly KeyHolder HeldByYuliana = new(Given.Yuliana.Value, "", "registerMember", "k");

    [Fact]
    public void One_word_is_a_whole_name_and_nothing_else_need_be_known()
    {
        var fact = Decide(new RegisterMember("Maria", Sex.Female)).Recorded<MemberRegistered>();

        Assert.Equal("Maria", Given.KeyOfMaria.Decrypt(fact.Name));
        Assert.Equal(("AG-2026-000001", Sex.Female), (fact.Number, fact.Sex));
        Assert.Null(fact.Nik);
        Assert.Null(fact.BirthYearBand);
    }

    [Fact]
    public void Everything_that_could_identify_somebody_stands_in_the_fact_encrypted()
    {
        var fact = Decide(new RegisterMember(
            "Maria Bria",
            Sex.Female,
            NikOfMaria,
            new DateOnly(1987, 5, 12),
            Phone: "081234567890",
            Village: "Oesapa",
            Address: new AddressInput("5371031003", "Dusun II", "004", "002", "belakang kapela"),
            Business: "tenun ikat",
            Sector: Sector.Craft)).Recorded<MemberRegistered>();

        var stored = System.Text.Json.JsonSerializer.Serialize(fact, LedgerJson.Options);
        Assert.All(
            ["Maria", NikOfMaria, "1987-05-12", "0812", "Oesapa", "Dusun", "004", "belakang", "tenun"],
            text => Assert.DoesNotContain(text, stored, StringComparison.Ordinal));
        Assert.Equal(("1985-1989", "5371031003", Sector.Craft), (fact.BirthYearBand, fact.Address!.AreaCode, fact.Sector));
        Assert.Equal("5371••••••••0001", Given.KeyOfMaria.Decrypt(fact.MaskedNik!));
    }

    [Theory]
    [InlineData(1985, "1985-1989")]
    [InlineData(1989, "1985-1989")]
    [InlineData(1990, "1990-1994")]
    public void The_year_of_birth_stands_in_clear_only_as_five_years(int year, string band) =>
        Assert.Equal(band, Decide(new RegisterMember("Maria", Sex.Female, BirthYear: year)).Recorded<MemberRegistered>().BirthYearBand);

    [Fact]
    public void A_number_that_looks_wrong_is_recorded_with_its_warnings() =>
        Assert.Equal(
            ["nik-sex-differs"],
            Decide(new RegisterMember("Yoseph", Sex.Male, NikOfMaria)).Recorded<MemberRegistered>().NikWarnings!.Value);

    [Fact]
    public void The_number_of_another_member_is_refused() =>
        Decide(new RegisterMember("Maria", Sex.Female, NikOfMaria), HeldByYuliana).IsRefused("nik-already-registered", "/nik");

    [Fact]
    public void A_decision_lets_two_members_have_one_number_and_the_first_keeps_it()
    {
        var decision = Decide(
            new RegisterMember("Maria", Sex.Female, NikOfMaria, NikConflict: new NikConflictInput("decision", "BA-12/2026")), HeldByYuliana);

        Assert.Equal(new NikConflict("decision", "BA-12/2026", Given.Yuliana), decision.Recorded<MemberRegistered>().NikConflict);
        Assert.Empty(Assert.IsType<Decision.ToRecord>(decision).Claims);
    }

    [Fact]
    public void A_number_that_is_free_belongs_to_the_member_from_now_on() => Assert.Equal(
        [new NameClaim("nik", "hash", Given.Maria.Value)],
        Assert.IsType<Decision.ToRecord>(Decide(new RegisterMember("Maria", Sex.Female, NikOfMaria))).Claims);

    [Fact]
    public void A_decision_about_a_conflict_that_is_not_there_is_refused() =>
        Decide(new RegisterMember("Maria", Sex.Female, NikOfMaria, NikConflict: new NikConflictInput("decision", "BA-12/2026")))
            .IsRefused("no-nik-conflict", "/nikConflict");

    [Fact]
    public void A_birth_that_cannot_be_is_refused_without_repeating_it()
    {
        Decide(new RegisterMember("Maria", Sex.Female, BirthDate: Given.Today.AddDays(1))).IsRefused("birth-not-plausible", "/birthDate");
        Decide(new RegisterMember("Maria", Sex.Female, BirthYear: 1899)).IsRefused("birth-not-plausible", "/birthYear");
        Decide(new RegisterMember("Maria", Sex.Female, BirthYear: 2027)).IsRefused("birth-not-plausible", "/birthYear");
        Decide(new RegisterMember("Maria", Sex.Female, BirthDate: new DateOnly(1987, 5, 12), BirthYear: 1988))
            .IsRefused("birth-year-differs", "/birthYear");
    }

    [Fact]
    public void A_change_says_only_what_changed()
    {
        var fact = AmendMemberDecider.Decide(new AmendMember(Phone: "0811"), version: 1, Given.Member(), Given.KeyOfMaria, Given.Now())
            .Recorded<MemberAmended>();

        Assert.Equal("0811", Given.KeyOfMaria.Decrypt(Assert.Single(fact.Phones!.Value).Number));
        Assert.Null(fact.Name);
        var after = Given.Member(fact);
        Assert.Equal(2, after.Version);
        Assert.Equal("Maria", Given.KeyOfMaria.Decrypt(after.Name));
    }

    [Fact]
    public void A_change_of_an_old_version_is_told_so()
    {
        var changed = Given.Member(new MemberAmended(Given.Maria, Sector: Sector.Trade));
        Assert.IsType<Decision.Stale>(AmendMemberDecider.Decide(new AmendMember("Ria"), version: 1, changed, Given.KeyOfMaria, Given.Now()));
    }

    [Fact]
    public void A_change_of_nothing_of_nobody_or_of_somebody_erased_is_refused()
    {
        AmendMemberDecider.Decide(new AmendMember(), 1, Given.Member(), Given.KeyOfMaria, Given.Now()).IsRefused("nothing-to-change", "");
        AmendMemberDecider.Decide(new AmendMember("Ria"), 1, Given.Member(), key: null, Given.Now()).IsRefused("member-erased", pointer: null);
        Assert.IsType<Decision.Missing>(AmendMemberDecider.Decide(new AmendMember("Ria"), 1, member: null, key: null, Given.Now()));
    }

    private static Decision Decide(RegisterMember command, KeyHolder? holderOfNik = null) =>
        RegisterMemberDecider.Decide(command, Given.Maria, Given.KeyOfMaria, command.Nik is null ? null : "hash", holderOfNik, Given.Now());
}
