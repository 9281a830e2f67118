using JasperFx.CommandLine;
using Kupang.Ledger.GeneralLedger;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Npgsql;

namespace Kupang.Ledger.CommandLine;

/// <summary>Checks the books of every tenant against its log, all as of one instant; other programs may go on writing.</summary>
[Description("Makes every tenant's books again from its log and says where they differ", Name = "check-books")]
public sealed class CheckBooksCommand : JasperFxAsyncCommand<NetCoreInput>
{
    private const int BatchSize = 2_000;

    public override async Task<bool> Execute(NetCoreInput input)
    {
        using var host = input.BuildHost();
        return await Check(
            host.Services.GetRequiredService<NpgsqlDataSource>(),
            host.Services.GetRequiredService<FactTypes>(),
            () => new LoanReceivables(),
            Console.WriteLine,
            CancellationToken.None);
    }

    /// <summary>Reports one line per tenant. True when all books agree.</summary>
    public static async Task<bool> Check(
        NpgsqlDataSource dataSource, FactTypes types, Func<ILoanBook> newLoanBook, Action<string> report, CancellationToken cancellation)
    {
        await using var books = await StoredBooks.Open(dataSource, cancellation);
        var agree = true;
        foreach (var tenant in await books.Tenants(cancellation))
        {
            var verdict = await CheckTenant(books, tenant, new BookCheck(types, newLoanBook()), cancellation);
            report(verdict.ToString());
            agree &= verdict.Difference is null;
        }

        return agree;
    }

    public static async Task<BookVerdict> CheckTenant(StoredBooks books, string tenant, BookCheck check, CancellationToken cancellation)
    {
        var after = long.MinValue;
        while (await books.Numbers(tenant, after, BatchSize, cancellation) is { Count: > 0 } batch)
        {
            var lines = (await books.Lines(tenant, after, batch[^1].Sequence, cancellation)).ToLookup(line => line.Sequence);
            foreach (var row in batch)
            {
                if (check.Add(row, [.. lines[row.Sequence]]) is { } difference)
                {
                    return new BookVerdict(tenant, check.Facts, check.Lines, difference);
                }
            }

            after = batch[^1].Sequence;
        }

        return new BookVerdict(
            tenant,
            check.Facts,
            check.Lines,
            check.Complete(
                await books.Head(tenant, cancellation),
                await books.EventWithoutNumber(tenant, cancellation),
                [.. await books.Lines(tenant, long.MinValue, 0, cancellation), .. await books.Lines(tenant, after, long.MaxValue, cancellation)],
                await books.Balances(tenant, cancellation)));
    }
}
