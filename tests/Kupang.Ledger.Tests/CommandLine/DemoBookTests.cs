using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kupang.Ledger.CommandLine.Demo;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Spectre.Console;
using Xunit;

namespace Kupang.Ledger.Tests.CommandLine;

/// <summary>The book that <c>demo</c> shows: planned from a seed, and sent through the door like anything else.</summary>
public sealed partial class DemoBookTests(LedgerService service)
{
    private const int Seed = 5371;
    private static readonly BookSize Small = new(Groups: 4, MembersInGroup: 4, Months: 6);

    public static TheoryData<string> BusinessDays => ["2026-11-24", "2026-12-31", "2027-02-28", "2027-03-07", "2028-02-29", "2028-08-31"];

    [Fact]
    public void The_same_seed_size_and_day_plan_the_same_requests_to_the_byte()
    {
        Assert.Equal(Requests(new BookPlan(Seed, BookSize.Whole, LedgerService.Today)), Requests(new BookPlan(Seed, BookSize.Whole, LedgerService.Today)));
        Assert.NotEqual(Requests(new BookPlan(Seed, Small, LedgerService.Today)), Requests(new BookPlan(Seed + 1, Small, LedgerService.Today)));
    }

    [Fact]
    public void The_whole_book_has_two_funds_three_products_12_groups_and_240_members_each_with_a_NIK_that_looks_right()
    {
        var paths = new BookPlan(Seed, BookSize.Whole, LedgerService.Today).Requests.CountBy(request => request.Path).ToDictionary();
        var members = new BookPlan(Seed, BookSize.Whole, LedgerService.Today).Loans.Select(loan => loan.Member).DistinctBy(member => member.Id).ToArray();

        Assert.Equal((2, 3, 12, 240), (paths["/v1/funds"], paths["/v1/loan-products"], paths["/v1/groups"], paths["/v1/members"]));
        Assert.InRange(paths["/v1/loans"], 300, 600);
        Assert.Equal(240, members.Length);
        Assert.Distinct(members.Select(member => member.Nik).OfType<string>());
        Assert.All(members.Where(member => member.Nik is not null), member => Assert.Empty(
            Nik.Warnings(member.Nik!, member.IsFemale ? Sex.Female : Sex.Male, member.Born, birthYear: null)));
        Assert.All(members.Select(member => member.Nik).OfType<string>(), nik => Assert.True(nik.StartsWith("5371", StringComparison.Ordinal) || nik.StartsWith("5301", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(BusinessDays))]
    public void On_whatever_day_it_is_made_5_to_8_percent_of_the_money_out_is_more_than_30_days_late(string day)
    {
        var today = Day(day);
        var loans = new BookPlan(Seed, BookSize.Whole, today).Loans.Select(loan => StandingOf(loan, today)).ToArray();
        var outstanding = loans.Sum(loan => loan.Outstanding);

        Assert.InRange(100m * loans.Where(loan => loan.DaysPastDue > 30).Sum(loan => loan.Outstanding) / outstanding, 5, 8);
        Assert.InRange(100m * loans.Where(loan => loan.DaysPastDue is > 0 and <= 30).Sum(loan => loan.Outstanding) / outstanding, 3, 15);
        Assert.Contains(loans, loan => loan.DaysPastDue is > 90 and <= 180);
        Assert.Contains(loans, loan => loan.DaysPastDue > 180);
    }

    [Theory]
    [MemberData(nameof(BusinessDays))]
    public void Nothing_in_it_is_dated_after_the_day_it_is_made_and_receipts_of_a_book_have_no_gap(string day)
    {
        var plan = new BookPlan(Seed, BookSize.Whole, Day(day));
        var bodies = plan.Requests.Select(request => (request.Path, Body: JsonSerializer.SerializeToElement(request.Body))).ToArray();

        Assert.All(bodies, request => Assert.False(request.Body.TryGetProperty("effectiveOn", out var on) && string.CompareOrdinal(on.GetString(), day) > 0, request.Path));
        var receipts = bodies.Where(request => request.Path.EndsWith("/repayments", StringComparison.Ordinal))
            .ToLookup(request => request.Body.GetProperty("receiptBook").GetString()!, request => int.Parse(request.Body.GetProperty("receiptNumber").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(3, receipts.Count);

        // A receipt that was mistyped is entered twice, under the one number that it has.
        Assert.All(receipts, book => Assert.Equal(Enumerable.Range(1, book.Max()), book.Distinct().Order()));
        Assert.Equal(plan.Loans.Sum(loan => loan.Reversals.Count(reversal => reversal.IsMistyped)), receipts.Sum(book => book.Count() - book.Max()));
        Assert.Contains(plan.Loans.SelectMany(loan => loan.Reversals), reversal => reversal.IsMistyped);
        Assert.Contains(plan.Loans.SelectMany(loan => loan.Reversals), reversal => !reversal.IsMistyped);

        // Some receipts are found when the books of their month are closed, on the fifth or sixth of the next.
        Assert.Contains(
            plan.Loans.SelectMany(loan => loan.Payments), payment => payment.PaidOn.Month != payment.RecordedOn.Month && payment.RecordedOn.Day > 6);
    }

    [Fact]
    public async Task Seeded_twice_it_is_the_same_book_but_for_what_the_ledger_makes_itself()
    {
        var (one, other) = (await Seeded(), await Seeded());

        var facts = await Facts(one);
        Assert.Equal(facts, await Facts(other));
        Assert.Contains(facts, fact => fact.Contains("repayments_reallocated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_seeded_book_holds_what_was_planned_and_its_books_agree()
    {
        var plan = new BookPlan(Seed, Small, LedgerService.Today);

        var partner = await Seeded();

        var facts = (await Facts(partner)).CountBy(fact => fact.Split(' ')[0]).ToDictionary();
        Assert.Equal((16, 4, 2, 3, 6), (facts["member_registered"], facts["group_formed"], facts["fund_opened"], facts["loan_product_defined"], facts["staff_registered"]));
        Assert.Equal(plan.Loans.Count, facts["loan_disbursed"]);
        Assert.Equal(plan.Loans.Sum(loan => loan.Payments.Count + loan.Reversals.Count), facts["repayment_recorded"]);
        Assert.Equal(plan.Loans.Sum(loan => loan.Reversals.Count), facts["repayment_reversed"]);
        Assert.Equal(plan.Requests.Count(request => request.Path == "/v1/vouchers"), facts["voucher_recorded"]);
        Assert.Equal((4, 12), (facts["group_officer_assigned"], facts["fund_period_closed"]));
        Assert.Equal((1, 25), (facts["holidays_imported"], (await partner.Get("/v1/holidays?from=2026-01-01"))["holidays"].AsArray().Count));
        Assert.DoesNotContain("loan_due_dates_moved", facts.Keys);
        var officers = (await partner.Get("/v1/loans?limit=200"))["items"].AsArray().ToDictionary(loan => loan!["id"]!.GetValue<Guid>(), loan => loan!["officerId"]!.GetValue<Guid>());
        Assert.All(plan.Loans, loan => Assert.Equal(loan.Group.Officer, officers[loan.Id]));
        Assert.Empty((await partner.Get("/v1/refusals"))["items"].AsArray());
        foreach (var fund in plan.Funds)
        {
            Assert.InRange(long.Parse((await partner.Get($"/v1/funds/{fund}")).Amount("lendable"), System.Globalization.CultureInfo.InvariantCulture), 0, long.MaxValue);
        }

        Assert.Null((await service.CheckBooks(partner.Tenant)).Difference);
    }

    [Fact]
    public async Task A_seeding_that_was_interrupted_goes_on_and_a_complete_one_records_nothing_more()
    {
        var partner = await service.NewTenant();

        await Assert.ThrowsAsync<IOException>(() => SeedInto(partner, new StopsAt("40 %")));
        var interrupted = await service.LastNumber(partner.Tenant);
        await SeedInto(partner, TextWriter.Null);
        var complete = await service.LastNumber(partner.Tenant);
        await SeedInto(partner, new StopsAt("%"));

        Assert.InRange(interrupted, 100, complete - 100);
        Assert.Equal(complete, await service.LastNumber(partner.Tenant));
        Assert.Equal(await Facts(await Seeded()), await Facts(partner));
    }

    [Fact]
    public async Task Where_no_terminal_is_it_says_in_plain_lines_how_far_it_is()
    {
        using var told = new StringWriter();

        await SeedInto(await service.NewTenant(), told);

        var lines = told.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, lines.Length);
        Assert.DoesNotContain('\u001b', told.ToString());
        Assert.EndsWith("100 %", lines[^1].TrimEnd(), StringComparison.Ordinal);
    }

    private async Task<TenantClient> Seeded()
    {
        var partner = await service.NewTenant();
        await SeedInto(partner, TextWriter.Null);
        return partner;
    }

    private async Task SeedInto(TenantClient partner, TextWriter console)
    {
        using var http = await service.NewClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", partner.Key);
        await new DemoBook(http, new BookPlan(Seed, Small, LedgerService.Today)).Seed(
            AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(console) }));
    }

    private static string[] Requests(BookPlan plan) =>
        [.. plan.Requests.Select(request => $"{request.Step} {request.Path} {request.Acting} {JsonSerializer.Serialize(request.Body)}")];

    /// <summary>
    /// The tenant's facts without ids, instants, printed numbers and ciphers of the ledger's own making, in an order that does not
    /// hang on who of several callers came first. The key's own fact is left out.
    /// </summary>
    private static async Task<string[]> Facts(TenantClient partner)
    {
        List<string> facts = [];
        var plan = new BookPlan(Seed, Small, LedgerService.Today);
        var planned = Requests(plan).SelectMany(request => Ids().Matches(request).Select(match => match.Value)).ToHashSet(StringComparer.Ordinal);
        for (var page = "/v1/events?limit=200"; page is not null;)
        {
            var reply = await partner.Get(page);
            facts.AddRange(reply["items"].AsArray().Select(item => $"{item!["type"]} {item["streamId"]} {item["data"]!.ToJsonString()} {item["envelope"]!.ToJsonString()}"));
            page = reply.Body["next"]?.GetValue<string>();
        }

        return [.. facts
            .Where(fact => !fact.StartsWith("api_key", StringComparison.Ordinal))
            .Select(fact => OwnMaking().Replace(Ids().Replace(fact, id => planned.Contains(id.Value) ? id.Value : "-"), "-"))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>What a borrower owes and how late he is: all he has paid, laid on the rows from the first on, interest before principal.</summary>
    private static (long Outstanding, int DaysPastDue) StandingOf(PlannedLoan loan, DateOnly today)
    {
        var left = loan.Payments.Sum(payment => payment.Amount);
        var outstanding = 0L;
        DateOnly? oldest = null;
        foreach (var row in loan.Rows)
        {
            var interest = Math.Min(left, row.Interest.MinorUnits);
            var principal = Math.Min(left - interest, row.Principal.MinorUnits);
            (left, outstanding) = (left - interest - principal, outstanding + row.Principal.MinorUnits - principal);
            oldest ??= row.DueOn <= today && interest + principal < row.Total.MinorUnits ? row.DueOn : null;
        }

        return (outstanding, oldest is { } since ? today.DayNumber - since.DayNumber : 0);
    }

    private static DateOnly Day(string text) => BusinessDateConverter.TryParse(text, out var day) ? day : throw new FormatException(text);

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ids();

    [GeneratedRegex(
        """(?<="sequence":)\d+|(?<="(recordedAt|cipher)":)"[^"]+"|(?<="number":)"[A-Z]{2,3}-\d{4}-\d{6,}["]""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnMaking();

    /// <summary>A console that breaks when it is told so far.</summary>
    private sealed class StopsAt(string text) : StringWriter
    {
        public override void Write(string? value)
        {
            if (value?.Contains(text, StringComparison.Ordinal) == true)
            {
                throw new IOException("broken");
            }
        }
    }
}
