using Kupang.Ledger.LocalPostgres;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;

namespace Kupang.Ledger.Tests.Loans;

/// <summary>
/// The main flow once on every kind of PostgreSQL that can be had here: the one of all tests, and a container of
/// Testcontainers where a Docker engine answers.
/// </summary>
public sealed class MainFlowTests(LedgerService service)
{
    private const string OfAllTests = "the server of all tests";
    private const string Container = "a container";

    /// <summary>Never empty, so that this can't pass by doing nothing; where a container is missing, the run says so.</summary>
    public static TheoryData<string> Servers()
    {
        if (TestPostgres.Container() is not null)
        {
            return [OfAllTests, Container];
        }

        Console.Error.WriteLine("No Docker engine answers here, so the main flow was not run on a container of Testcontainers.");
        return [OfAllTests];
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task From_a_fund_to_a_trial_balance(string server)
    {
        if (server == OfAllTests)
        {
            await Run(service);
            return;
        }

        // No binaries are found and none fetched: what tests do on a machine that has only Docker.
        var folder = Directory.CreateTempSubdirectory("kupang-ledger-nothing-");
        await using var ofContainer = LedgerService.On(await TestPostgres.FindPrivateOrContainer(
            new LocalPostgresOptions { StateFolder = folder.FullName, SearchFolders = [], AllowNpm = false }));
        await Run(ofContainer);
        folder.Delete(recursive: true);
    }

    private static async Task Run(LedgerService service)
    {
        var book = await LoanBook.Open(service, capital: 10_000_000);
        var loanId = await book.Propose();
        await book.Approve(loanId);
        await book.Disburse(loanId);
        var repayment = await book.Repay(loanId, 394_000, "2026-02-05", "KW-1");

        LoanBook.AssertAmount("334000", repayment, "principal");
        LoanBook.AssertAmount("60000", repayment, "interest");
        LoanBook.AssertAmount("3666000", await book.Partner.Get($"/v1/loans/{loanId}"), "outstanding", "principal");
        Assert.Equal("6334000", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("lendable"));
        var balance = await book.Partner.Get("/v1/trial-balance");
        Assert.Equal(
            ["1.1.01.01 394000 0", "1.1.01.02 6000000 0", "1.1.03.01 3666000 0", "3.1.01.01 0 10000000", "4.1.01.01 0 60000"],
            GeneralLedger.SampleBook.Lines(balance));
        LoanBook.AssertAmount("10060000", balance, "totals", "debit");
        LoanBook.AssertAmount("10060000", balance, "totals", "credit");
    }
}
