using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>What was found in the books of a tenant, against what its journal says.</summary>
public sealed record ReceiptVerdict(long Acknowledged, long Found, long AcknowledgedAmount, long FoundAmount, IReadOnlyList<string> Differences)
{
    public bool IsRight => Differences.Count == 0;
}

/// <summary>
/// Finds every acknowledged receipt in the log of events exactly once, with its amount and its loan, and nothing else that
/// nobody asked for.
/// </summary>
public static class ReceiptCheck
{
    private const int MostDifferences = 20;

    /// <summary>Reads the events themselves, past everything that the service says.</summary>
    public static async Task<ReceiptVerdict> InDatabase(string connectionString, Portfolio portfolio, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(portfolio);
        var acknowledged = portfolio.Journal.Acknowledged.ToDictionary(receipt => receipt.Number);
        var unknown = portfolio.Journal.Unknown.ToDictionary(receipt => receipt.Number);
        HashSet<long> seen = [];
        List<string> differences = [];
        var (found, foundAmount) = (0L, 0L);

        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var command = dataSource.CreateCommand(
            """
            select headers -> 'envelope' -> 'paper' ->> 'number', stream_id, (data -> 'amount' ->> 'amount')::bigint
              from ledger.mt_events where tenant_id = $1 and type = 'repayment_recorded'
            """);
        command.CommandTimeout = 600;
        command.Parameters.Add(new NpgsqlParameter { Value = portfolio.Tenant.Name });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var paper = await reader.IsDBNullAsync(0, cancellation) ? null : reader.GetString(0);
            var (loan, amount) = (reader.GetGuid(1), reader.GetInt64(2));
            var number = Receipt.NumberIn(paper) ?? 0;
            if (acknowledged.TryGetValue(number, out var receipt))
            {
                found++;
                foundAmount += amount;
            }
            else if (!unknown.TryGetValue(number, out receipt))
            {
                differences.Add($"receipt {paper} is in the books, and nobody asked for it");
                continue;
            }

            if (!seen.Add(number))
            {
                differences.Add($"receipt {paper} is in the books more than once");
            }
            else if (receipt.LoanId != loan || receipt.Amount != amount)
            {
                differences.Add(string.Create(
                    CultureInfo.InvariantCulture, $"receipt {paper} is in the books with {amount} on loan {loan}, not with {receipt.Amount} on {receipt.LoanId}"));
            }
        }

        differences.AddRange(acknowledged.Keys.Where(number => !seen.Contains(number))
            .Select(number => $"receipt {Receipt.ReceiptNumber(number)} was acknowledged and is not in the books"));
        return new ReceiptVerdict(
            acknowledged.Count, found, acknowledged.Values.Sum(receipt => (long)receipt.Amount), foundAmount, [.. differences.Take(MostDifferences)]);
    }

    /// <summary>Reads the transactions of some loans as a partner would, and compares them with the journal.</summary>
    /// <returns>How many receipts were compared, and what differs.</returns>
    public static async Task<(int Compared, IReadOnlyList<string> Differences)> OverHttp(
        int port, Portfolio portfolio, int loans, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(portfolio);
        List<string> differences = [];
        var compared = 0;
        using var client = await LedgerClient.OpenAsync(port, portfolio.Tenant, cancellation);
        var wanted = Enumerable.Range(0, Math.Min(loans, portfolio.Loans.Count))
            .Select(index => portfolio.Loans[(int)((long)index * portfolio.Loans.Count / loans)]).ToHashSet();
        var journal = portfolio.Journal.Acknowledged.Where(receipt => wanted.Contains(receipt.LoanId)).ToLookup(receipt => receipt.LoanId);
        var unknown = portfolio.Journal.Unknown.Select(receipt => receipt.Number).ToHashSet();
        foreach (var loan in wanted)
        {
            var read = await Receipts(client, loan, cancellation);
            var expected = journal[loan].Select(receipt => receipt.Number).Order().ToArray();
            compared += expected.Length;
            if (!read.Where(number => !unknown.Contains(number)).Order().SequenceEqual(expected))
            {
                differences.Add($"GET /v1/loans/{loan}/transactions shows other receipts than were acknowledged");
            }
        }

        return (compared, differences);
    }

    private static async Task<List<long>> Receipts(LedgerClient client, Guid loan, CancellationToken cancellation)
    {
        List<long> numbers = [];
        for (var path = $"/v1/loans/{loan}/transactions?limit=200"; path is not null;)
        {
            var answer = await client.Get(path, cancellation);
            if (answer.Status != 200)
            {
                throw new LoadFailure($"GET {path} was answered {answer.Status}: {answer.Text}");
            }

            using var page = JsonDocument.Parse(answer.Body);
            numbers.AddRange(page.RootElement.GetProperty("items").EnumerateArray()
                .Where(item => item.GetProperty("type").GetString() == "repayment")
                .Select(item => Receipt.NumberIn(item.GetProperty("paper").GetProperty("number").GetString()) ?? 0));
            path = page.RootElement.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        return numbers;
    }
}
