using System.Globalization;

namespace Kupang.Ledger.CommandLine.Demo;

/// <summary>
/// What a fund's treasurer does beside the loans: the week's cash goes to the bank on Fridays, cash for loans is fetched
/// the day before, the running costs are paid at the end of each month, and the bank's statement is written down.
/// </summary>
public sealed class VoucherPlan(Draws draws, DateOnly first, DateOnly today, Guid manager, Guid treasurer)
{
    private const string Cash = "1.1.01.01";
    private const string Bank = "1.1.01.02";
    private const string OperationsBank = "1.1.01.03";
    private const string RunningCosts = "5.1.01.01";
    private const string BankCharges = "5.3.01.01";
    private const string BankInterest = "4.2.01.01";
    private const long KeptInTheBox = 300_000;

    private readonly Draws ids = draws.Fork(5);

    public IEnumerable<PlannedRequest> Of(Guid fund, int index, IReadOnlyList<PlannedLoan> loans)
    {
        var paidOut = loans.Where(loan => loan.Group.Product.IsWeekly).ToLookup(loan => loan.DisbursedOn, loan => loan.Principal);
        var collected = loans.SelectMany(loan => loan.Payments).Where(payment => !payment.ByBank).ToLookup(payment => payment.RecordedOn, payment => payment.Amount);
        var (inTheBox, number) = (0L, 0);
        for (var day = first.AddDays(7); day <= today; day = day.AddDays(1))
        {
            if (paidOut[day.AddDays(1)].Sum() is > 0 and var needed)
            {
                yield return Voucher(day, "transfer", Bank, Cash, needed, "kas untuk pencairan");
                inTheBox += needed;
            }

            if (IsLastWorkdayOfMonth(day) && inTheBox > KeptInTheBox)
            {
                var small = draws.Between(12, 28) * 5_000L;
                yield return Voucher(day, "cash-out", Cash, RunningCosts, small, "fotokopi dan alat tulis");
                inTheBox -= small;
            }

            foreach (var voucher in IsLastWorkdayOfMonth(day) ? MonthEnd(day) : [])
            {
                yield return voucher;
            }

            inTheBox += collected[day].Sum() - paidOut[day].Sum();
            if (day.DayOfWeek == DayOfWeek.Friday && (inTheBox - KeptInTheBox) / 50_000 * 50_000 is > 0 and var deposit)
            {
                yield return Voucher(day, "transfer", Cash, Bank, deposit, "setoran ke bank");
                inTheBox -= deposit;
            }
        }

        IEnumerable<PlannedRequest> MonthEnd(DateOnly day) =>
        [
            Voucher(day, "cash-out", OperationsBank, RunningCosts, 900_000, "honor pengelola"),
            Voucher(day, "cash-out", OperationsBank, RunningCosts, draws.Between(40, 90) * 5_000L, "transport pendamping"),
            Voucher(day, "cash-out", Bank, BankCharges, 12_500, "administrasi bank"),
            Voucher(day, "cash-in", BankInterest, Bank, draws.Between(60, 190) * 500L, "bunga bank"),
        ];

        PlannedRequest Voucher(DateOnly day, string kind, string from, string to, long amount, string note) =>
            Request(BookPlan.StepOf(day), fund, day, kind, from, to, amount, note, string.Create(CultureInfo.InvariantCulture, $"{index + 1}-{++number:D4}"));
    }

    /// <summary>The bank's letter of the day, which comes when all else is written down.</summary>
    public PlannedRequest Last(Guid fund) => Request(int.MaxValue, fund, today, "cash-out", Bank, BankCharges, 5_000, "biaya surat keterangan saldo", "0-0001");

    private static bool IsLastWorkdayOfMonth(DateOnly day) =>
        day.DayOfWeek != DayOfWeek.Sunday && LoanPlan.Workday(day.AddDays(1)).Month != day.Month;

    private PlannedRequest Request(int step, Guid fund, DateOnly day, string kind, string from, string to, long amount, string note, string number)
    {
        var money = BookPlan.Idr(amount);
        return new PlannedRequest(
            step,
            "/v1/vouchers",
            new
            {
                id = ids.Id(day),
                kind,
                fundId = fund,
                effectiveOn = BookPlan.Text(day),
                lines = new object[] { new { account = to, debit = money }, new { account = from, credit = money } },
                paper = new { kind = PaperOf(kind), book = "bukti-kas", number },
                handledBy = treasurer,
                approvedBy = new[] { new { role = "manager", staffId = manager } },
                note,
            },
            treasurer);
    }

    /// <summary>What is written for money between two boxes is a memorial.</summary>
    private static string PaperOf(string kind) => kind == "transfer" ? "memorial" : kind;
}
