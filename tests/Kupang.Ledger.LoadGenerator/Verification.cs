using System.Globalization;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>After the load: every receipt against the books, and the books against themselves.</summary>
public sealed class Verification(LoadEnvironment environment, TextWriter output, CancellationToken cancellation)
{
    /// <summary>Prints what was found. The service is stopped on the way: a command checks its books.</summary>
    public async Task<bool> Check(IReadOnlyList<Portfolio> portfolios, int loansOverHttp)
    {
        ArgumentNullException.ThrowIfNull(portfolios);
        var isRight = true;
        foreach (var portfolio in portfolios)
        {
            var verdict = await ReceiptCheck.InDatabase(environment.Server.ConnectionString, portfolio, cancellation);
            var (compared, differences) = await ReceiptCheck.OverHttp(environment.Service.Port, portfolio, loansOverHttp, cancellation);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{portfolio.Tenant.Name}: {verdict.Acknowledged:#,0} receipts acknowledged, {verdict.Found:#,0} found; "
                + $"Rp{verdict.AcknowledgedAmount:#,0} acknowledged, Rp{verdict.FoundAmount:#,0} found; "
                + $"{compared:#,0} of them read over HTTP as well"));
            foreach (var difference in verdict.Differences.Concat(differences))
            {
                await output.WriteLineAsync($"  WRONG: {difference}");
                isRight = false;
            }

            isRight &= verdict.Acknowledged == verdict.Found && verdict.AcknowledgedAmount == verdict.FoundAmount;
        }

        await environment.Service.StopAsync();

        var (areRight, books) = await environment.CheckBooks(cancellation);
        var lines = areRight ? books.Split('\n').Where(line => line.StartsWith("tenant ", StringComparison.Ordinal)) : books.Split('\n');
        await output.WriteLineAsync($"check-books: {(areRight ? "passed" : "FAILED")}");
        foreach (var line in lines)
        {
            await output.WriteLineAsync($"  {line}");
        }

        return isRight && areRight;
    }
}
