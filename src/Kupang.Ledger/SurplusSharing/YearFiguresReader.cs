using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.SurplusSharing;

/// <summary>
/// Reads what a year of a fund came to, by the day facts count in the books. Once the year is closed nothing is booked in it
/// any more, so it may be read ahead of the tenant's lock.
/// </summary>
public static class YearFiguresReader
{
    /// <summary>The figures, or null while the year is open.</summary>
    public static async Task<YearFigures?> Read(Snapshot snapshot, FundId fundId, int year, SavingsBasis basis, CancellationToken cancellation)
    {
        if (await snapshot.Find<Fund>(fundId.Value, cancellation) is not { } fund || year is < 1900 or > 2199 || !SurplusRules.IsClosed(fund, year))
        {
            return null;
        }

        var (first, last) = (new DateOnly(year, 1, 1), new DateOnly(year, 12, 31));
        var (result, accumulated) = (await snapshot.Query(
            """
            select coalesce(-sum(amount) filter (where left(account, 2) in ('4.', '5.') and booked_on >= $4), 0)::bigint,
                   coalesce(-sum(amount) filter (where left(account, 2) in ('4.', '5.') or account like '3.2.%'), 0)::bigint
              from ledger.journal_line where tenant_id = $1 and n <= $2 and fund_id = $3 and booked_on <= $5
            """,
            reader => (reader.GetInt64(0), reader.GetInt64(1)),
            cancellation,
            fundId.Value,
            first,
            last))[0];

        // A line counts in every month end from its own on: in twelve when booked before the year, in one in December.
        var members = await snapshot.Query(
            """
            select party_id,
                   coalesce(-sum(amount * case when not $6 then 1 when booked_on < $4 then 12 else 13 - extract(month from booked_on)::int end)
                       filter (where account in ('2.1.01.01', '2.1.01.02', '2.1.01.03', '3.1.02.01', '3.1.02.02')), 0)::bigint,
                   coalesce(-sum(amount) filter (where account in ('4.1.01.01', '4.1.01.02', '4.1.01.03') and booked_on >= $4), 0)::bigint
              from ledger.journal_line
             where tenant_id = $1 and n <= $2 and fund_id = $3 and booked_on <= $5 and party_kind = 'member'
             group by party_id order by party_id
            """,
            reader => (reader.GetGuid(0), reader.GetInt64(1), reader.GetInt64(2)),
            cancellation,
            fundId.Value,
            first,
            last,
            basis == SavingsBasis.MonthEndAverage);
        return new YearFigures(
            In(result), In(accumulated), [.. members.Select(member => new MemberFigures(new MemberId(member.Item1), In(member.Item2), In(member.Item3)))]);

        Money In(long minorUnits) => Money.OfMinorUnits(minorUnits, fund.Currency);
    }
}
