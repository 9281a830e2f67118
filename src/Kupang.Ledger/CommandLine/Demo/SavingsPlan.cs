using System.Globalization;

namespace Kupang.Ledger.CommandLine.Demo;

/// <summary>
/// One group's members save at its meetings: 10,000 a month that all must, and now and then what somebody has left. Some of it
/// is taken out again, and each month that is over earns its interest.
/// </summary>
public sealed class SavingsPlan(Draws draws, DateOnly today, PlannedGroup group)
{
    private const string Book = "SS-1";

    private readonly Guid compulsory = draws.Id(today);
    private readonly Guid voluntary = draws.Id(today);
    private int receipt;

    /// <summary>The products, before anything else is done on them.</summary>
    public IEnumerable<object> Products() =>
    [
        new
        {
            id = compulsory,
            code = "WAJIB",
            name = "Simpanan wajib bulanan",
            currency = "IDR",
            kind = "compulsory",
            contribution = new { amount = "10000", every = 1, unit = "month" },
        },
        new
        {
            id = voluntary,
            code = "SUKARELA",
            name = "Simpanan sukarela, jasa harian 3% setahun",
            currency = "IDR",
            kind = "voluntary",
            minimumBalance = "10000",
            interest = new { ratePercent = "3", per = "year", basis = "daily-balance", dayCount = "actual-365", minimumBalance = "20000" },
            dormantAfterMonths = 12,
        },
    ];

    /// <param name="from">The day on which the group begins to save.</param>
    public IEnumerable<PlannedRequest> From(DateOnly from)
    {
        DateOnly[] meetings = [.. group.Meetings(from, today).Select(LoanPlan.Workday).Where(day => day <= today)];
        foreach (var member in group.Members)
        {
            var (must, may) = (draws.Id(from), draws.Id(from));
            foreach (var (id, productId) in new[] { (must, compulsory), (may, voluntary) })
            {
                // Before the first deposits of the day, which may come in any order.
                yield return new PlannedRequest(
                    BookPlan.StepOf(meetings[0]) - 1,
                    "/v1/savings-accounts",
                    new { id, productId, fundId = group.FundId, memberId = member.Id, effectiveOn = BookPlan.Text(meetings[0]) },
                    group.Officer);
            }

            foreach (var request in Movements(must, may, meetings))
            {
                yield return request;
            }
        }

        for (var month = new DateOnly(from.Year, from.Month, 1); month.AddMonths(1) <= today; month = month.AddMonths(1))
        {
            // Before the month's books are closed, so that its interest counts in it.
            var day = LoanPlan.Workday(month.AddMonths(1).AddDays(2));
            if (day <= today)
            {
                yield return new PlannedRequest(
                    BookPlan.StepOf(day) + 1,
                    $"/v1/funds/{group.FundId}/savings-interest-runs",
                    new { id = draws.Id(day), month = month.ToString("yyyy-MM", CultureInfo.InvariantCulture) },
                    group.Officer);
            }
        }
    }

    private IEnumerable<PlannedRequest> Movements(Guid must, Guid may, DateOnly[] meetings)
    {
        var saved = 0L;
        foreach (var day in meetings)
        {
            if (draws.Chance(95))
            {
                yield return Deposit(must, 10_000, day);
            }

            if (draws.Chance(25))
            {
                var amount = 5_000 * draws.Between(2, 10);
                saved += amount;
                yield return Deposit(may, amount, day);
            }
            else if (saved > 60_000 && draws.Chance(15))
            {
                saved -= 40_000;
                yield return At(day, $"/v1/savings-accounts/{may}/withdrawals", new
                {
                    id = draws.Id(day),
                    amount = BookPlan.Idr(40_000),
                    effectiveOn = BookPlan.Text(day),
                    method = "cash",
                    handledBy = group.Officer,
                });
            }
        }
    }

    private PlannedRequest Deposit(Guid account, long amount, DateOnly day) => At(day, $"/v1/savings-accounts/{account}/deposits", new
    {
        id = draws.Id(day),
        amount = BookPlan.Idr(amount),
        effectiveOn = BookPlan.Text(day),
        method = "cash",
        receiptBook = Book,
        receiptNumber = string.Create(CultureInfo.InvariantCulture, $"{++receipt:D4}"),
        handledBy = group.Officer,
    });

    private PlannedRequest At(DateOnly day, string path, object body) => new(BookPlan.StepOf(day), path, body, group.Officer);
}
