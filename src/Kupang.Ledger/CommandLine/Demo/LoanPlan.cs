using System.Collections.Immutable;
using System.Text.Json;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.CommandLine.Demo;

/// <summary>A product as it is asked for, and what its loans look like.</summary>
public sealed record PlannedProduct(Guid Id, object Request, int[] Instalments, long FirstLoan, long Largest)
{
    public LoanTerms Terms { get; } = RequestJson.Read<DefineLoanProduct>(JsonSerializer.SerializeToUtf8Bytes(Request)).Terms();

    /// <summary>The weekly one is paid in cash, at the market.</summary>
    public bool IsWeekly => Terms.Repayment.Unit == FrequencyUnit.Week;
}

public sealed record PlannedGroup(
    Guid Id, Guid FundId, PlannedProduct Product, string Name, string Village, Person[] Members, Guid Officer, string ReceiptBook, int MeetingDay)
{
    /// <summary>The days on which the group meets, as its agreement has them; a Sunday is moved by whoever asks.</summary>
    public IEnumerable<DateOnly> Meetings(DateOnly from, DateOnly to)
    {
        var first = Product.IsWeekly
            ? from.AddDays((MeetingDay + 7 - (int)from.DayOfWeek) % 7)
            : new DateOnly(from.Year, from.Month, MeetingDay);
        return Enumerable.Range(0, 200).Select(index => Meeting(first, index)).Where(day => day >= from).TakeWhile(day => day <= to);
    }

    public DateOnly Meeting(DateOnly from, int later) => Product.IsWeekly ? from.AddDays(7 * later) : from.AddMonths(later);

    public object Rhythm() => Product.IsWeekly
        ? new { every = 1, unit = "week", weekday = ((DayOfWeek)MeetingDay).ToString().ToLowerInvariant() }
        : new { every = 1, unit = "month", dayOfMonth = MeetingDay };
}

/// <param name="Instalment">The one it was paid for.</param>
/// <param name="Completes">Whether nothing of that instalment is left after it.</param>
public sealed record PlannedPayment(Guid Id, int Instalment, long Amount, DateOnly PaidOn, DateOnly RecordedOn, bool ByBank, bool Completes);

/// <summary>A payment as it was first recorded, and taken back.</summary>
/// <param name="Kind"><c>entered-in-error</c>: the clerk mistyped. <c>returned</c>: the bank sent the transfer back.</param>
/// <param name="Right">The payment that stands instead: the same receipt typed again, or cash that came later.</param>
public sealed record PlannedReversal(PlannedPayment Wrong, string Kind, DateOnly ReversedOn, PlannedPayment Right)
{
    public bool IsMistyped => Kind == "entered-in-error";
}

public sealed class PlannedLoan(Guid id, PlannedGroup group, Person member, long principal, int instalments, DateOnly disbursedOn, DateOnly firstDueOn)
{
    public Guid Id => id;

    public PlannedGroup Group => group;

    public Person Member => member;

    public long Principal => principal;

    public int Instalments => instalments;

    public DateOnly DisbursedOn => disbursedOn;

    public DateOnly FirstDueOn => firstDueOn;

    public DateOnly ProposedOn { get; } = LoanPlan.Workday(disbursedOn.AddDays(-8));

    public DateOnly ApprovedOn { get; } = LoanPlan.Workday(disbursedOn.AddDays(-3));

    public ImmutableArray<Instalment> Rows { get; } =
        ((ScheduleResult.Made)LoanSchedules.Of(group.Product.Terms, Money.Rupiah(principal), instalments, disbursedOn, firstDueOn, Holidays2026.Calendar)).Schedule.Instalments;

    /// <summary>The payments that stand.</summary>
    public List<PlannedPayment> Payments { get; } = [];

    public List<PlannedReversal> Reversals { get; } = [];

    public bool IsRepaid => Payments.Count(payment => payment.Completes) == Rows.Length;

    /// <summary>The principal of what is not paid in full.</summary>
    public long Outstanding => Rows.Skip(Payments.Count(payment => payment.Completes)).Sum(row => Rupiah(row.Principal));

    public static long Rupiah(Money amount) => amount.MinorUnits;
}

/// <summary>
/// Who borrows when, and how each pays: most on the meeting's day, some days late, some in two parts, some by bank; some
/// receipts are written into the ledger days later, even after a later payment; a few borrowers stop.
/// </summary>
public sealed class LoanPlan(Draws draws, DateOnly today)
{
    private readonly Draws ids = draws.Fork(2);

    public List<PlannedLoan> Loans { get; } = [];

    public void Lend(PlannedGroup group, DateOnly from)
    {
        foreach (var member in group.Members)
        {
            // Not everybody borrows at the first meeting, and not everybody borrows again.
            var day = group.Meeting(from, draws.Chance(80) ? 0 : draws.Between(1, 3));
            for (var cycle = 0; day < today.AddDays(-10); cycle++)
            {
                var loan = Borrow(group, member, cycle, day);
                Loans.Add(loan);
                Pay(loan);
                if (!loan.IsRepaid || !draws.Chance(97))
                {
                    break;
                }

                day = group.Meetings(loan.Payments.Max(payment => payment.PaidOn).AddDays(9), DateOnly.MaxValue).First();
            }
        }
    }

    /// <summary>
    /// Some stop paying, until as much of the money out is at risk as in a fund that is run with care: 6 to 7 % with borrowers
    /// more than 30 days late, and as much again with those who are a little late.
    /// </summary>
    public void LetSomeStop()
    {
        var outstanding = Loans.Sum(loan => loan.Outstanding);
        (int From, int To)[] lateness = [(33, 60), (35, 60), (62, 90), (33, 58), (95, 178), (184, 330)];
        var atRisk = 0L;
        var stopped = 0;
        foreach (var loan in draws.Shuffled(Loans.Where(loan => !loan.IsRepaid)))
        {
            var (from, to) = atRisk * 1000 < outstanding * 62 ? lateness[stopped % lateness.Length] : (3, 25);
            if (atRisk * 1000 >= outstanding * 125)
            {
                break;
            }

            var stop = loan.Rows.FirstOrDefault(row => row.Number > 2 && today.DayNumber - row.DueOn.DayNumber is var days && days >= from && days <= to);
            if (stop is not null && (atRisk + loan.Outstanding) * 1000 < outstanding * (from > 30 ? 78 : 140))
            {
                loan.Payments.RemoveAll(payment => payment.Instalment >= stop.Number);
                atRisk += loan.Outstanding;
                stopped++;
            }
        }
    }

    /// <summary>
    /// Now and then a clerk mistypes an amount, which is taken back the next day and typed again under the same receipt; and a
    /// transfer comes back from the bank, and the borrower brings cash.
    /// </summary>
    public void LetSomeBeWrong()
    {
        var (receipts, transfers) = (0, 0);
        foreach (var loan in Loans)
        {
            for (var index = 0; index < loan.Payments.Count - 1; index++)
            {
                var right = loan.Payments[index];
                var isAlone = right.Instalment < loan.Rows.Length - 3
                    && right.RecordedOn == right.PaidOn
                    && right.PaidOn < today.AddDays(-14)
                    && !loan.Payments.Any(other => other.RecordedOn > right.RecordedOn && other.RecordedOn <= right.RecordedOn.AddDays(6));
                if (isAlone && (right.ByBank ? ++transfers % 5 == 3 : ++receipts % 40 == 20))
                {
                    var reversal = right.ByBank ? Returned(right) : Mistyped(right);
                    loan.Reversals.Add(reversal);
                    loan.Payments[index] = reversal.Right;
                }
            }
        }
    }

    public static DateOnly Workday(DateOnly day) => day.DayOfWeek == DayOfWeek.Sunday ? day.AddDays(1) : day;

    private PlannedReversal Mistyped(PlannedPayment payment)
    {
        var reversedOn = Workday(payment.PaidOn.AddDays(1));
        return new PlannedReversal(
            payment with { Id = ids.Id(payment.PaidOn), Amount = payment.Amount + 90_000 },
            "entered-in-error",
            reversedOn,
            payment with { RecordedOn = Workday(reversedOn.AddDays(1)) });
    }

    private PlannedReversal Returned(PlannedPayment payment)
    {
        var reversedOn = Workday(payment.PaidOn.AddDays(2));
        var broughtOn = Workday(reversedOn.AddDays(2));
        return new PlannedReversal(
            payment, "returned", reversedOn, payment with { Id = ids.Id(broughtOn), PaidOn = broughtOn, RecordedOn = broughtOn, ByBank = false });
    }

    private PlannedLoan Borrow(PlannedGroup group, Person member, int cycle, DateOnly meeting)
    {
        var product = group.Product;
        var principal = Math.Min(product.Largest, product.FirstLoan + (draws.Below(5) * 500_000L) + (cycle * 1_000_000L));
        return new PlannedLoan(ids.Id(meeting), group, member, principal, draws.Of(product.Instalments), Workday(meeting), group.Meeting(meeting, 1));
    }

    private void Pay(PlannedLoan loan)
    {
        foreach (var row in loan.Rows)
        {
            var isFirst = row.Number == 1;
            var due = PlannedLoan.Rupiah(row.Total);
            var rest = Workday(row.DueOn.AddDays(draws.Between(3, 6)));
            switch (draws.Below(100))
            {
                case < 74:
                    Add(due, row.DueOn, 0);
                    break;
                case < 84:
                    Add(due, rest, 0);
                    break;
                case < 88:
                    // In two parts; the first one's receipt is found in a bag two days after the second was written down.
                    var part = due / 2000 * 1000;
                    Add(part, row.DueOn, draws.Chance(50) ? rest.DayNumber - row.DueOn.DayNumber + 2 : 0, completes: false);
                    Add(due - part, rest, 0);
                    break;
                case < 94:
                    Add(due, row.DueOn, draws.Between(1, loan.Group.Product.IsWeekly ? 9 : 5));
                    break;
                case < 97 when !isFirst:
                    Add(due, Workday(row.DueOn.AddDays(-2)), 0);
                    break;
                default:
                    Add(due, row.DueOn, 0, byBank: true);
                    break;
            }

            void Add(long amount, DateOnly paidOn, int recordedLater, bool byBank = false, bool completes = true)
            {
                var recordedOn = Workday(paidOn.AddDays(recordedLater));

                // Two receipts of one loan are never entered on one day, so that their order is the plan's.
                while (loan.Payments.Any(payment => payment.RecordedOn == recordedOn))
                {
                    recordedOn = Workday(recordedOn.AddDays(1));
                }

                if (recordedOn <= today && loan.Payments.Count(payment => payment.Completes) == row.Number - 1)
                {
                    loan.Payments.Add(new PlannedPayment(ids.Id(paidOn), row.Number, amount, paidOn, recordedOn, byBank, completes));
                }
            }
        }
    }
}
