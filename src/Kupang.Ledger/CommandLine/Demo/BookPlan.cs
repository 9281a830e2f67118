using System.Globalization;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.CommandLine.Demo;

/// <summary>One request of the demo book.</summary>
/// <param name="Step">Requests of a step may come in any order, after all those of the steps before.</param>
/// <param name="Acting">The person of the staff who sends it, if it is one.</param>
public sealed record PlannedRequest(int Step, string Path, object Body, Guid? Acting = null);

/// <summary>How large a demo book is.</summary>
public sealed record BookSize(int Groups, int MembersInGroup, int Months)
{
    /// <summary>What <c>demo</c> shows: 12 groups, 240 members, a year and a half.</summary>
    public static readonly BookSize Whole = new(12, 20, 18);
}

/// <summary>
/// Everything that happens in the demo book, as the requests that record it. The same seed, size and day make the same
/// requests to the byte; nothing is sent here.
/// </summary>
public sealed class BookPlan
{
    private static readonly (string Name, string Village, string AreaCode, int Fund, int Product)[] Groups =
    [
        ("Kelompok Mawar", "Oesapa", "537103", 0, 0), ("Kelompok Lontar", "Lasiana", "537103", 0, 0), ("Kelompok Papalele Oeba", "Fatubesi", "537106", 0, 2),
        ("Kelompok Tafena Kuan", "Oekabiti", "530106", 1, 1), ("Kelompok Melati", "Oesapa", "537103", 0, 0), ("Kelompok Nekamese", "Tesbatan", "530106", 1, 0),
        ("Kelompok Sasando", "Sikumana", "537102", 0, 1), ("Kelompok Papalele Kasih Ibu", "Oebobo", "537104", 0, 2), ("Kelompok Sehati", "Noelbaki", "530105", 1, 0),
        ("Kelompok Moris Foun", "Oebelo", "530105", 1, 1), ("Kelompok Flamboyan", "Liliba", "537104", 0, 0), ("Kelompok Cendana", "Ponain", "530106", 1, 1),
    ];

    private static readonly string[] Roles = ["manager", "treasurer", "supervisor", "officer", "officer", "officer"];

    private readonly DateOnly today;
    private readonly DateOnly first;
    private readonly Draws draws;
    private readonly Draws ids;
    private readonly List<PlannedRequest> requests = [];
    private int setUpStep;

    public BookPlan(int seed, BookSize size, DateOnly today)
    {
        this.today = today;
        first = today.AddMonths(-size.Months);
        draws = new Draws((ulong)seed);
        ids = draws.Fork(0);
        var people = new People(draws.Fork(1), today);
        Staff = [.. Roles.Select(role => Register(people, role))];
        Funds = [ids.Id(first), ids.Id(first)];
        OpenFunds();
        requests.Add(new PlannedRequest(setUpStep++, "/v1/holidays", Holidays2026.Request, Staff[0]));
        Products = [WomensLoan(), EnterpriseLoan(), MarketLoan()];
        requests.AddRange(Products.Select(product => new PlannedRequest(setUpStep++, "/v1/loan-products", product.Request)));
        PlannedGroup[] groups = [.. Groups.Take(size.Groups).Index().Select(group => Form(group.Index, size.MembersInGroup, people))];

        var lending = new LoanPlan(draws.Fork(3), today);
        foreach (var (index, group) in groups.Index())
        {
            // A new group is taken on every other week.
            lending.Lend(group, group.Meetings(first.AddDays(20 + (index * 12)), today).First());
        }

        lending.LetSomeStop();
        lending.LetSomeBeWrong();
        Loans = lending.Loans;
        foreach (var (index, loan) in Loans.Index())
        {
            Lend(loan, index + 1);
        }

        Collect();
        TakeBack();
        Close();
        Receive();
        var vouchers = new VoucherPlan(draws.Fork(4), first, today, Staff[0], Staff[1]);
        foreach (var (index, fund) in Funds.Index())
        {
            requests.AddRange(vouchers.Of(fund, index, [.. Loans.Where(loan => loan.Group.FundId == fund)]));
        }

        var savings = new SavingsPlan(draws.Fork(6), today, groups[0]);
        requests.AddRange(savings.Products().Select(product => new PlannedRequest(setUpStep++, "/v1/savings-products", product)));
        requests.AddRange(savings.From(first.AddDays(20)));

        // What comes last is a voucher, by which a later start sees that nothing is missing.
        requests.Add(vouchers.Last(Funds[0]));
        Requests = [.. requests.OrderBy(request => request.Step)];
    }

    public Guid[] Staff { get; }

    public Guid[] Funds { get; }

    public PlannedProduct[] Products { get; }

    public IReadOnlyList<PlannedLoan> Loans { get; }

    public IReadOnlyList<PlannedRequest> Requests { get; }

    /// <summary>A loan that is being paid back, to look at.</summary>
    public Guid Example => (Loans.FirstOrDefault(loan => !loan.IsRepaid && loan.Payments.Count > 2) ?? Loans[0]).Id;

    public static object Idr(long amount) => new { amount = amount.ToString(CultureInfo.InvariantCulture), currency = "IDR" };

    /// <summary>The step of what is done on a day; the one after it is for what is done when the day's work is over.</summary>
    public static int StepOf(DateOnly day) => day.DayNumber * 2;

    public static string Text(DateOnly day) => BusinessDateConverter.Write(day);

    private Guid Register(People people, string role)
    {
        var id = ids.Id(first);
        requests.Add(new PlannedRequest(setUpStep++, "/v1/staff", new { id, name = people.Name(draws.Chance(50)), role }));
        return id;
    }

    private void OpenFunds()
    {
        requests.Add(new PlannedRequest(
            setUpStep++, "/v1/funds", new { id = Funds[0], code = "PEM-KUPANG", name = "Dana bergulir pemberdayaan ekonomi Kota Kupang", currency = "IDR" }));
        requests.Add(new PlannedRequest(
            setUpStep++, "/v1/funds", new { id = Funds[1], code = "DBM-AMARASI", name = "Dana bergulir masyarakat Amarasi dan Kupang Tengah", currency = "IDR" }));
    }

    private PlannedProduct WomensLoan() => Offer(
        "SPP-15",
        "Simpan pinjam perempuan 1,5% tetap",
        new { method = "flat", ratePercent = "1.5", per = "month" },
        "month",
        "spp",
        new { minimumPrincipal = "500000", maximumPrincipal = "10000000", maximumInstalments = 12 },
        instalments: [10, 10, 12],
        firstLoan: 1_500_000,
        largest: 6_000_000);

    private PlannedProduct EnterpriseLoan() => Offer(
        "UEP-20",
        "Usaha ekonomi produktif 2% menurun",
        new { method = "declining-equal-principal", ratePercent = "2", per = "month" },
        "month",
        "uep",
        new { minimumPrincipal = "1000000", maximumPrincipal = "25000000", maximumInstalments = 24 },
        instalments: [10, 12, 15],
        firstLoan: 3_000_000,
        largest: 10_000_000);

    private PlannedProduct MarketLoan() => Offer(
        "PPL-0",
        "Modal papalele mingguan tanpa jasa",
        new { method = "none" },
        "week",
        "other",
        new { minimumPrincipal = "250000", maximumPrincipal = "5000000", maximumInstalments = 50 },
        instalments: [20, 25],
        firstLoan: 1_000_000,
        largest: 3_000_000);

    /// <summary>A product by what tells it from the others.</summary>
    private PlannedProduct Offer(
        string code, string name, object interest, string unit, string bookingClass, object limits, int[] instalments, long firstLoan, long largest)
    {
        var id = ids.Id(first);
        return new PlannedProduct(
            id,
            new
            {
                id,
                code,
                name,
                currency = "IDR",
                interest,
                repayment = new { every = 1, unit },
                rounding = new { multiple = "1000", mode = "up" },
                holidays = "next-working-day",
                bookingClass,
                limits,
            },
            instalments,
            firstLoan,
            largest);
    }

    private PlannedGroup Form(int index, int size, People people)
    {
        var (name, village, areaCode, fund, product) = Groups[index];

        // Only women borrow as women; traders of the market are women but for a few; farmers are both.
        var womenPercent = product switch { 0 => 100, 1 => 45, _ => 85 };
        Person[] members = [.. Enumerable.Range(0, size).Select(_ => people.Next(areaCode, village, draws.Chance(womenPercent)))];
        requests.AddRange(members.Select(member => new PlannedRequest(setUpStep++, "/v1/members", member.Request())));
        var officer = 3 + (index % 3);
        var group = new PlannedGroup(
            ids.Id(first),
            Funds[fund],
            Products[product],
            name,
            village,
            members,
            Staff[officer],
            string.Create(CultureInfo.InvariantCulture, $"KW-{officer - 2}"),
            Products[product].IsWeekly ? 1 + (index % 6) : 3 + (index * 2));
        requests.Add(new PlannedRequest(setUpStep++, "/v1/groups", new
        {
            id = group.Id,
            name,
            village,
            formedOn = Text(first.AddDays(-draws.Between(30, 900))),
            members = members.Index().Select(member => new
            {
                memberId = member.Item.Id,
                role = member.Index switch { 0 => "chair", 1 => "secretary", 2 => "treasurer", _ => "member" },
            }),
            meeting = group.Rhythm(),
        }));
        requests.Add(new PlannedRequest(
            setUpStep++, $"/v1/groups/{group.Id}/officer-assignments", new { staffId = group.Officer, effectiveOn = Text(first) }, Staff[0]));
        return group;
    }

    /// <summary>Asked for through the group's officer, agreed to by the manager and the supervisor, paid out by the treasurer at the next meeting.</summary>
    private void Lend(PlannedLoan loan, int number)
    {
        var group = loan.Group;
        var path = $"/v1/loans/{loan.Id}";
        var (proposedOn, approvedOn) = (loan.ProposedOn, loan.ApprovedOn);
        At(proposedOn, "/v1/loans", group.Officer, new
        {
            id = loan.Id,
            fundId = group.FundId,
            productId = group.Product.Id,
            memberId = loan.Member.Id,
            groupId = group.Id,
            principal = Idr(loan.Principal),
            instalments = loan.Instalments,
            purpose = $"Modal {loan.Member.Business}",
            purposeCode = loan.Member.Sector,
            proposedOn = Text(proposedOn),
        });
        At(approvedOn, $"{path}/approvals", group.Officer, new
        {
            effectiveOn = Text(approvedOn),
            decisionReference = string.Create(CultureInfo.InvariantCulture, $"BA-{approvedOn.Year}/{number:D3}"),
            approvedBy = new[] { new { role = "manager", staffId = Staff[0] }, new { role = "supervisor", staffId = Staff[2] } },
        });
        At(loan.DisbursedOn, $"{path}/disbursements", Staff[1], new
        {
            effectiveOn = Text(loan.DisbursedOn),
            method = group.Product.IsWeekly ? "cash" : "bank",
            firstDueOn = Text(loan.FirstDueOn),
            deductions = group.Product.IsWeekly ? null : new[] { new { kind = "administration-fee", amount = Idr(loan.Principal / 100) } },
            handledBy = Staff[1],
            paper = new { kind = "agreement", book = "SPK", number = string.Create(CultureInfo.InvariantCulture, $"{number:D4}") },
        });
    }

    /// <summary>Each officer writes receipts from a book of his own, one after the other as the money comes; late is only who enters them.</summary>
    private void Collect()
    {
        var books = new Dictionary<string, int>(StringComparer.Ordinal);
        var payments = from loan in Loans
                       from payment in loan.Payments.Concat(loan.Reversals.Where(reversal => !reversal.IsMistyped).Select(reversal => reversal.Wrong))
                       orderby payment.PaidOn, payment.Id
                       select (loan, payment);
        foreach (var (loan, payment) in payments)
        {
            var number = books[loan.Group.ReceiptBook] = books.GetValueOrDefault(loan.Group.ReceiptBook) + 1;
            Record(loan, payment, number);
            if (loan.Reversals.Find(reversal => reversal.IsMistyped && reversal.Right == payment) is { } mistyped)
            {
                Record(loan, mistyped.Wrong, number);
            }
        }

        void Record(PlannedLoan loan, PlannedPayment payment, int number) =>
            At(payment.RecordedOn, $"/v1/loans/{loan.Id}/repayments", loan.Group.Officer, new
            {
                id = payment.Id,
                amount = Idr(payment.Amount),
                effectiveOn = Text(payment.PaidOn),
                method = payment.ByBank ? "bank" : "cash",
                bankReference = payment.ByBank ? $"TRF {Text(payment.PaidOn)}" : null,
                receiptBook = loan.Group.ReceiptBook,
                receiptNumber = string.Create(CultureInfo.InvariantCulture, $"{number:D4}"),
                handledBy = loan.Group.Officer,
            });
    }

    /// <summary>What was taken back, by the treasurer and with the manager's word.</summary>
    private void TakeBack()
    {
        foreach (var reversal in Loans.SelectMany(loan => loan.Reversals))
        {
            At(reversal.ReversedOn, "/v1/reversals", Staff[1], new
            {
                id = ids.Id(reversal.ReversedOn),
                transactionId = reversal.Wrong.Id,
                kind = reversal.Kind,
                reasonCode = reversal.IsMistyped ? "typing-error" : "returned",
                effectiveOn = Text(reversal.IsMistyped ? reversal.Wrong.PaidOn : reversal.ReversedOn),
                approvedBy = new[] { new { role = "manager", staffId = Staff[0] } },
            });
        }
    }

    /// <summary>
    /// Each month's books are closed on the fifth of the next. A receipt that is found later keeps its day and counts in the
    /// month that is open.
    /// </summary>
    private void Close()
    {
        for (var month = new DateOnly(first.Year, first.Month, 1).AddMonths(1); LoanPlan.Workday(month.AddDays(4)) is var day && day <= today; month = month.AddMonths(1))
        {
            foreach (var (index, fund) in Funds.Index())
            {
                requests.Add(new PlannedRequest(
                    StepOf(day) + 1,
                    $"/v1/funds/{fund}/closings",
                    new
                    {
                        id = ids.Id(day),
                        closedThrough = Text(month.AddDays(-1)),
                        decisionReference = string.Create(CultureInfo.InvariantCulture, $"BA-TB-{index + 1}/{month.AddDays(-1):yyyy-MM}"),
                        effectiveOn = Text(day),
                    },
                    Staff[0]));
            }
        }
    }

    /// <summary>
    /// Capital comes in up to three parts, each large enough for what is lent until the next one and a tenth more; money for
    /// the running of the fund comes every half year.
    /// </summary>
    private void Receive()
    {
        DateOnly[] parts = [LoanPlan.Workday(first), LoanPlan.Workday(first.AddMonths(4)), LoanPlan.Workday(first.AddMonths(9)), today.AddDays(1)];
        foreach (var (index, fund) in Funds.Index())
        {
            var received = 0L;
            foreach (var (number, (from, until)) in parts.Zip(parts.Skip(1)).Index())
            {
                var needed = (MostLent(fund, until) * 11 / 10 / 5_000_000 * 5_000_000) + 10_000_000 - received;
                if (needed > 0)
                {
                    received += needed;
                    Contribute(fund, from, needed, "revolving-capital", index == 0 && number < 2 ? "Pemerintah Kota Kupang" : "Yayasan Flobamora Sejahtera", $"PKS-{index + 1}/{number + 1}");
                }
            }

            for (var day = first; day < today; day = day.AddMonths(6))
            {
                Contribute(fund, LoanPlan.Workday(day), 9_000_000, "operations", "Yayasan Flobamora Sejahtera", $"PKS-{index + 1}/OPS");
            }
        }
    }

    private void Contribute(Guid fund, DateOnly day, long amount, string purpose, string source, string agreementReference) => requests.Add(new PlannedRequest(
        StepOf(day), $"/v1/funds/{fund}/contributions", new { id = ids.Id(day), amount = Idr(amount), effectiveOn = Text(day), purpose, source, agreementReference }, Staff[1]));

    /// <summary>The most that a fund has out or promised on any day before this one, what comes in counted after what goes out.</summary>
    private long MostLent(Guid fund, DateOnly before)
    {
        var loans = Loans.Where(loan => loan.Group.FundId == fund).ToArray();
        var changes = loans.Select(loan => (Day: loan.ApprovedOn, Amount: loan.Principal))
            .Concat(
                from loan in loans
                from payment in loan.Payments
                where payment.Completes
                select (Day: payment.RecordedOn, Amount: -PlannedLoan.Rupiah(loan.Rows[payment.Instalment - 1].Principal)))
            .Where(change => change.Day < before)
            .OrderBy(change => change.Day).ThenByDescending(change => change.Amount);
        var (lent, most) = (0L, 0L);
        foreach (var change in changes)
        {
            lent += change.Amount;
            most = Math.Max(most, lent);
        }

        return most;
    }

    private void At(DateOnly day, string path, Guid acting, object body) => requests.Add(new PlannedRequest(StepOf(day), path, body, acting));
}
