using System.Net;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>A fund that a donor gave for some lends to nobody else.</summary>
public sealed class FundRestrictionTests(LedgerService service)
{
    private static readonly LendingRestriction WomenTradersOfKupang = new(
        [Sex.Female], [Sector.Trade, Sector.Food], [new AreaPrefix("5371"), new AreaPrefix("530105")], [new PurposeCode("working-capital")]);

    private static readonly string[] Men = ["male"];
    private static readonly string[] Women = ["female"];
    private static readonly string[] Kupang = ["5371"];
    private static readonly string[] Trade = ["trade"];
    private static readonly string[] WorkingCapital = ["working-capital"];

    [Theory]
    [InlineData(Sex.Female, "trade", "5371011001", "working-capital", null)]
    [InlineData(Sex.Female, "food", "5301052003", "working-capital", null)]
    [InlineData(Sex.Male, "trade", "5371011001", "working-capital", "sexes")]
    [InlineData(Sex.Female, "fishery", "5371011001", "working-capital", "sectors")]
    [InlineData(Sex.Female, null, "5371011001", "working-capital", "sectors")]
    [InlineData(Sex.Female, "trade", "5301062003", "working-capital", "areaCodes")]
    [InlineData(Sex.Female, "trade", null, "working-capital", "areaCodes")]
    [InlineData(Sex.Female, "trade", "5371011001", "school-fees", "purposeCodes")]
    [InlineData(Sex.Female, "trade", "5371011001", null, "purposeCodes")]
    public void A_borrower_meets_every_term_and_what_is_not_known_meets_none(Sex sex, string? sector, string? areaCode, string? purposeCode, string? missed)
    {
        var profile = new LoanProfile(sex, "35-44", areaCode, sector, purposeCode, FirstLoan: true, 1, OfficerId: null, Programme: null);

        var refusal = (FundRestriction.Refuse(FundOf(WomenTradersOfKupang), profile) as Decision.Refused)?.Refusal;

        Assert.Equal(missed, refusal?.Figures.Single(figure => figure.Name == "term").Value);
        Assert.Equal(missed is null ? null : "outside-fund-restriction", refusal?.Code);
    }

    [Fact]
    public void A_fund_without_terms_of_that_kind_lends_to_everybody()
    {
        var profile = new LoanProfile(Sex.Male, null, null, null, null, FirstLoan: true, 1, OfficerId: null, Programme: null);

        Assert.Null(FundRestriction.Refuse(FundOf(lendsTo: null), profile));
        Assert.Null(FundRestriction.Refuse(FundOf(new LendingRestriction()), profile));
    }

    [Fact]
    public async Task A_loan_outside_the_restriction_is_neither_approved_nor_paid_out_when_the_terms_change_between()
    {
        var book = await LoanBook.Open(service);
        var fund = $"/v1/funds/{book.FundId}";
        await Amend(new { terms = new { lendsTo = new { sexes = Men } } }, "\"1\"");
        var loanId = await book.Propose();

        var refused = await book.Approve(loanId, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("outside-fund-restriction", refused.Value("code"));
        Assert.Contains("sexes", refused.Value("detail"), StringComparison.Ordinal);
        Assert.Equal("0", (await book.Partner.Get(fund)).Amount("committed"));

        await Amend(new { terms = new { lendsTo = new { sexes = Women } } }, "\"2\"");
        await book.Approve(loanId);
        await Amend(new { terms = new { lendsTo = new { sexes = Women, areaCodes = Kupang } } }, "\"3\"");
        var stopped = await book.Partner.PostRefused(
            $"/v1/loans/{loanId}/disbursements", new { effectiveOn = "2026-01-05", method = "bank" }, "outside-fund-restriction");
        Assert.Contains("areaCodes", stopped.Value("detail"), StringComparison.Ordinal);

        await Amend(new { terms = new { } }, "\"4\"");
        await book.Disburse(loanId);

        Task<Reply> Amend(object change, string etag) => book.Partner.Patch(fund, change, etag);
    }

    [Fact]
    public async Task A_fund_tells_whom_it_lends_to_and_keeps_its_terms_when_it_is_renamed()
    {
        var partner = await service.NewTenant();
        var fund = await partner.Post("/v1/funds", new
        {
            code = "DB",
            name = "Dana perempuan",
            currency = "IDR",
            terms = new { lendsTo = new { sexes = Women, sectors = Trade, areaCodes = Kupang, purposeCodes = WorkingCapital } },
        });

        await partner.Patch($"/v1/funds/{fund.Id}", new { name = "Dana Mawar" }, "\"1\"");

        var lendsTo = (await partner.Get($"/v1/funds/{fund.Id}"))["terms"]["lendsTo"]!;
        Assert.Equal(
            """{"sexes":["female"],"sectors":["trade"],"areaCodes":["5371"],"purposeCodes":["working-capital"]}""", lendsTo.ToJsonString());
    }

    [Theory]
    [InlineData("""{"lendsTo":{"sexes":[]}}""", "empty-restriction", "/terms/lendsTo/sexes")]
    [InlineData("""{"lendsTo":{"purposeCodes":[]}}""", "empty-restriction", "/terms/lendsTo/purposeCodes")]
    [InlineData("""{"lendsTo":{"areaCodes":["537"]}}""", "malformed-request", "/terms/lendsTo/areaCodes/0")]
    [InlineData("""{"lendsTo":{"areaCodes":["53.71"]}}""", "malformed-request", "/terms/lendsTo/areaCodes/0")]
    [InlineData("""{"lendsTo":{"purposeCodes":["Modal kios Maria"]}}""", "malformed-request", "/terms/lendsTo/purposeCodes/0")]
    [InlineData("""{"lendsTo":{"sectors":["magic"]}}""", "malformed-request", "/terms/lendsTo/sectors/0")]
    [InlineData("""{"lendsTo":{"religions":["x"]}}""", "malformed-request", "/terms/lendsTo/religions")]
    public async Task Terms_that_name_nobody_or_nothing_known_are_refused(string terms, string code, string pointer)
    {
        var partner = await service.NewTenant();
        var status = code == "malformed-request" ? HttpStatusCode.BadRequest : HttpStatusCode.UnprocessableEntity;
        var opened = await partner.PostRefused("/v1/funds", $$"""{"code":"DB","name":"Dana","currency":"IDR","terms":{{terms}}}""", code, status);
        var fund = await partner.Post("/v1/funds", new { code = "DB", name = "Dana bergulir", currency = "IDR" });
        var amended = await partner.Patch($"/v1/funds/{fund.Id}", $$"""{"terms":{{terms}}}""", "\"1\"", status);

        Assert.Equal((pointer, code), (opened["errors"][0]!["pointer"]!.GetValue<string>(), amended.Value("code")));
    }

    private static Fund FundOf(LendingRestriction? lendsTo) => new(
        LoanHistory.TheFund,
        "DN-2026-000001",
        "DB",
        "Dana perempuan",
        Currency.IndonesianRupiah,
        FundKind.Revolving,
        new FundTerms(LendsTo: lendsTo),
        Restriction: "Untuk perempuan",
        ExternalId: null,
        Version: 1);
}
