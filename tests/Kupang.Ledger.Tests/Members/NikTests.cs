using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Xunit;

namespace Kupang.Ledger.Tests.Members;

public sealed class NikTests
{
    [Theory]
    [InlineData("5371015205870001", Sex.Female, "1987-05-12")]
    [InlineData("5371011205870001", Sex.Male, "1987-05-12")]
    [InlineData("5301092902000017", Sex.Male, "2000-02-29")]
    [InlineData("5301097112690002", Sex.Female, "1969-12-31")]
    public void A_number_that_agrees_with_sex_and_birth_date_is_not_warned_about(string nik, Sex sex, string birthDate) =>
        Assert.Empty(Nik.Warnings(nik, sex, Day(birthDate), birthYear: null));

    [Theory]
    [InlineData("537101520587000", "nik-wrong-length")]
    [InlineData("53710152058700010", "nik-wrong-length")]
    [InlineData("1", "nik-wrong-length")]
    [InlineData("0971015205870001", "nik-impossible-area")]
    [InlineData("5300015205870001", "nik-impossible-area")]
    [InlineData("5371005205870001", "nik-impossible-area")]
    [InlineData("5371017205870001", "nik-impossible-date")]
    [InlineData("5371014005870001", "nik-impossible-date")]
    [InlineData("5371010005870001", "nik-impossible-date")]
    [InlineData("5371015213870001", "nik-impossible-date")]
    [InlineData("5371015200870001", "nik-impossible-date")]
    [InlineData("5371016902870001", "nik-impossible-date")]
    [InlineData("5371011205870001", "nik-sex-differs")]
    [InlineData("5371015205870000", "nik-impossible-serial")]
    public void What_looks_wrong_about_a_womans_number_is_said_as_a_code(string nik, string warning) =>
        Assert.Equal([warning], Nik.Warnings(nik, Sex.Female, birthDate: null, birthYear: null));

    [Fact]
    public void A_mans_number_with_a_womans_day_is_warned_about() =>
        Assert.Equal(["nik-sex-differs"], Nik.Warnings("5371015205870001", Sex.Male, birthDate: null, birthYear: null));

    [Theory]
    [InlineData("1987-05-13")]
    [InlineData("1987-06-12")]
    [InlineData("1986-05-12")]
    public void Another_birth_date_than_the_numbers_is_warned_about(string birthDate) =>
        Assert.Equal(["nik-birth-date-differs"], Nik.Warnings("5371015205870001", Sex.Female, Day(birthDate), birthYear: null));

    [Fact]
    public void Where_only_the_year_is_known_the_year_is_compared()
    {
        Assert.Empty(Nik.Warnings("5371015205870001", Sex.Female, birthDate: null, birthYear: 1987));
        Assert.Equal(["nik-birth-date-differs"], Nik.Warnings("5371015205870001", Sex.Female, birthDate: null, birthYear: 1988));
    }

    [Theory]
    [InlineData("5371015205870001", "5371••••••••0001")]
    [InlineData("53710152", "••••••••")]
    [InlineData("53710152058700012", "•••••••••••••••••")]
    public void A_number_is_shown_with_its_middle_hidden(string nik, string shown) => Assert.Equal(shown, Nik.Mask(nik));

    private static DateOnly Day(string text) => BusinessDateConverter.TryParse(text, out var day) ? day : throw new FormatException(text);
}
