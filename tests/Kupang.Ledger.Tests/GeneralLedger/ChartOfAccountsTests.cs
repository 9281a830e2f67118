using System.Net;
using System.Reflection;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;

namespace Kupang.Ledger.Tests.GeneralLedger;

public sealed class ChartOfAccountsTests(LedgerService service)
{
    [Fact]
    public void Every_account_has_a_group_above_it_and_both_names()
    {
        Assert.All(ChartOfAccounts.All, account =>
        {
            Assert.True(account.Parent is null ? account.Code.Value.Length == 1 : ChartOfAccounts.Find(account.Parent.Value) is { IsGroup: true }, account.Code.Value);
            Assert.NotEmpty(account.Name);
            Assert.NotEmpty(account.NameEn);
        });
        Assert.Equal(ChartOfAccounts.All.Select(account => account.Code.Value).Order(StringComparer.Ordinal), ChartOfAccounts.All.Select(account => account.Code.Value));
    }

    [Fact]
    public void Every_account_that_a_posting_rule_names_is_in_the_chart() =>
        Assert.All(
            typeof(AccountCode).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(AccountCode)),
            field => Assert.True(ChartOfAccounts.Find((AccountCode)field.GetValue(null)!) is { IsGroup: false }, field.Name));

    [Theory]
    [InlineData("1.1.03.01")]
    [InlineData("1.1.04.01")]
    [InlineData("1.1.05.01")]
    [InlineData("1.1.06.01")]
    [InlineData("1.1.07.01")]
    [InlineData("2.1.01.04")]
    [InlineData("2.1.02.03")]
    [InlineData("2.1.05.01")]
    [InlineData("2.1.06.01")]
    [InlineData("2.2.01.01")]
    [InlineData("3.1.01.01")]
    [InlineData("3.1.02.02")]
    public void What_has_facts_of_its_own_is_a_control_account(string code) => Assert.True(ChartOfAccounts.Find(new AccountCode(code))!.IsControl);

    [Theory]
    [InlineData("1.1.01.01")]
    [InlineData("2.1.04.01")]
    [InlineData("3.2.01.01")]
    [InlineData("4.2.01.01")]
    [InlineData("5.1.01.01")]
    public void Other_accounts_take_manual_lines(string code) => Assert.False(ChartOfAccounts.Find(new AccountCode(code))!.IsControl);

    [Fact]
    public void Every_fact_that_moves_money_has_words_of_its_own_in_the_journal() =>
        Assert.All(LedgerStore.FactTypes.All.Where(type => type.MovesMoney), type => Assert.True(FactDescription.Knows(type.Alias), type.Alias));

    [Fact]
    public async Task The_chart_is_listed_whole()
    {
        var partner = await service.NewTenant();

        var chart = await partner.Get("/v1/accounts");

        Assert.Equal(ChartOfAccounts.All.Length, chart["items"].AsArray().Count);
        var loans = chart["items"].AsArray().Single(account => account!["code"]!.GetValue<string>() == "1.1.03.01")!;
        Assert.Equal(
            """{"code":"1.1.03.01","name":"Piutang SPP","nameEn":"Loans receivable, women's savings and loan","type":"asset","parent":"1.1.03","isGroup":false,"isControl":true}""",
            loans.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Null(chart.Body["next"]);
        await partner.Get("/v1/accounts?limit=3", HttpStatusCode.BadRequest);
    }
}
