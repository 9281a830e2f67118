using System.Globalization;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>Makes the loans of a tenant through the same door as everybody: funds with capital, a product, members, loans paid out.</summary>
public sealed class LoanSetup(int port, LoadTenant tenant, DateOnly lentOn, CancellationToken cancellation)
{
    /// <summary>Far more than the small payments of a whole run come to, so that no loan is ever repaid.</summary>
    private const long Principal = 10_000_000;

    private const int Connections = 64;
    private const int LoansOfAMember = 10;

    public async Task<Portfolio> Make(int loans, int funds)
    {
        var fundIds = NewIds(funds);
        var memberIds = NewIds((loans + LoansOfAMember - 1) / LoansOfAMember);
        var loanIds = NewIds(loans);
        var productId = Guid.CreateVersion7();
        var capital = Principal * ((loans / funds) + 1);

        using (var client = await LedgerClient.OpenAsync(port, tenant, cancellation))
        {
            await client.Make("/v1/loan-products", Product(productId), cancellation);
        }

        await Each(fundIds.Length, async (client, index) =>
        {
            var fund = fundIds[index];
            await client.Make("/v1/funds", new { id = fund, code = Code("F", index), name = Code("Dana bergulir ", index), currency = "IDR" }, cancellation);
            await client.Make(
                $"/v1/funds/{fund}/contributions",
                new { amount = Rupiah(capital), effectiveOn = Day(lentOn), purpose = "revolving-capital", source = Code("Donor ", index) },
                cancellation);
        });
        await Each(memberIds.Length, (client, index) => client.Make(
            "/v1/members", new { id = memberIds[index], name = Code("Anggota ", index), sex = index % 4 == 0 ? "male" : "female" }, cancellation));
        await Each(loanIds.Length, (client, index) => Lend(
            client, loanIds[index], fundIds[index % fundIds.Length], productId, memberIds[index % memberIds.Length]));
        return new Portfolio(tenant, loanIds);
    }

    private async Task Lend(LedgerClient client, Guid loan, Guid fund, Guid product, Guid member)
    {
        await client.Make(
            "/v1/loans",
            new
            {
                id = loan,
                fundId = fund,
                productId = product,
                memberId = member,
                principal = Rupiah(Principal),
                instalments = 12,
                purpose = "Modal usaha",
                proposedOn = Day(lentOn),
            },
            cancellation);
        await client.Make($"/v1/loans/{loan}/approvals", new { effectiveOn = Day(lentOn), decisionReference = "BA-01" }, cancellation);
        await client.Make($"/v1/loans/{loan}/disbursements", new { effectiveOn = Day(lentOn), method = "bank" }, cancellation);
    }

    /// <summary>Does something for each number, on many connections at once.</summary>
    private async Task Each(int count, Func<LedgerClient, int, Task> action)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Connections, count)).Select(async _ =>
        {
            using var client = await LedgerClient.OpenAsync(port, tenant, cancellation);
            while (Interlocked.Increment(ref next) is var index && index < count)
            {
                await action(client, index);
            }
        }));
    }

    private static object Product(Guid id) => new
    {
        id,
        code = "SPP-15",
        name = "Simpan pinjam perempuan 1,5%",
        currency = "IDR",
        interest = new { method = "flat", ratePercent = "1.5", per = "month" },
        repayment = new { every = 1, unit = "month" },
        rounding = new { multiple = "1000", mode = "up" },
        bookingClass = "spp",
    };

    private static Guid[] NewIds(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];

    private static object Rupiah(long amount) => new { amount = amount.ToString(CultureInfo.InvariantCulture), currency = "IDR" };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Code(string word, int index) => string.Create(CultureInfo.InvariantCulture, $"{word}{index + 1:D4}");
}
