using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Kupang.Ledger.SharedKernel;
using Spectre.Console;

namespace Kupang.Ledger.CommandLine;

/// <summary>
/// A small believable book: a village fund, two women's groups, twelve members, six months of loans and repayments. It comes
/// in through the same door as everything else. The whole book hangs on its first day alone and every request has a fixed
/// key, so a seeding that was interrupted goes on where it stopped and nothing is doubled.
/// </summary>
public sealed class DemoBook(Uri service, string key, DateOnly today) : IDisposable
{
    private static readonly string[] Names =
    [
        "Maria Yasinta Bere", "Yohana Tefa", "Adriana Nenobais", "Martha Lopo", "Theresia Un Bria", "Wilhelmina Kase",
        "Dortia Taneo", "Antonia Seran", "Selfina Boimau", "Ribka Manafe", "Fransina Haning", "Yuliana Bano",
    ];

    private static readonly string[] Businesses =
    [
        "kios sembako", "tenun ikat", "ternak babi", "kebun sayur", "kue dan jagung bose", "jual ikan", "ternak ayam", "warung makan",
        "jahit pakaian", "kebun jagung", "anyaman lontar", "jual pinang",
    ];

    private static readonly string[] Groups = ["Kelompok Mawar", "Kelompok Lontar"];

    private static readonly long[] Principals =
        [3_000_000, 2_500_000, 5_000_000, 2_000_000, 4_000_000, 3_500_000, 2_000_000, 6_000_000, 2_500_000, 3_000_000, 4_500_000, 2_000_000];

    private readonly HttpClient http = new()
    {
        BaseAddress = service,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    private int requests;

    public string FundId { get; private set; } = "";

    public string LoanId { get; private set; } = "";

    public async Task Seed(IAnsiConsole console)
    {
        await console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(async progress =>
        {
            var bar = progress.AddTask("Mengisi buku contoh (seeding the demo book)", maxValue: 5 + (Names.Length * 4) + (Names.Length * 5));
            FundId = await OpenFund();
            bar.Increment(3);
            var productId = await DefineProduct();
            var groups = await FormGroups(bar);
            for (var index = 0; index < Names.Length; index++)
            {
                var loanId = await LendTo(index, groups[index].MemberId, groups[index].GroupId, productId);
                bar.Increment(3);
                await Repay(index, loanId);
                bar.Increment(5);
                LoanId = index == 0 ? loanId : LoanId;
            }

            bar.Value = bar.MaxValue;
        });
    }

    public void Dispose() => http.Dispose();

    private async Task<string> OpenFund()
    {
        var fund = await Post("/v1/funds", new { code = "PEM-OESAPA", name = "Dana bergulir perempuan Oesapa", currency = "IDR" });
        await Post($"/v1/funds/{fund}/contributions", new
        {
            amount = Idr(50_000_000),
            effectiveOn = Day(-185),
            purpose = "revolving-capital",
            source = "Yayasan Flobamora Sejahtera",
            agreementReference = "PKS/01",
        });
        await Post($"/v1/funds/{fund}/contributions", new
        {
            amount = Idr(3_000_000),
            effectiveOn = Day(-185),
            purpose = "operations",
            source = "Yayasan Flobamora Sejahtera",
        });
        return fund;
    }

    private Task<string> DefineProduct() => Post("/v1/loan-products", new
    {
        code = "SPP-15",
        name = "Simpan pinjam perempuan 1,5% tetap",
        currency = "IDR",
        interest = new { method = "flat", ratePercent = "1.5", per = "month" },
        repayment = new { every = 1, unit = "month" },
        rounding = new { multiple = "1000", mode = "up" },
        holidays = "next-working-day",
        bookingClass = "spp",
        limits = new { minimumPrincipal = "500000", maximumPrincipal = "10000000", maximumInstalments = 12 },
    });

    private async Task<(string MemberId, string GroupId)[]> FormGroups(ProgressTask bar)
    {
        List<(string, string)> members = [];
        foreach (var (groupIndex, groupName) in Groups.Index())
        {
            List<string> ids = [];
            foreach (var index in Enumerable.Range(groupIndex * 6, 6))
            {
                ids.Add(await Post("/v1/members", new
                {
                    name = Names[index],
                    sex = "female",
                    birthDate = BusinessDateConverter.Write(new DateOnly(1972 + (index * 2), 1 + index, 3 + index)),
                    village = "Oesapa",
                    business = Businesses[index],
                }));
                bar.Increment(1);
            }

            var group = await Post("/v1/groups", new
            {
                name = groupName,
                village = "Oesapa",
                formedOn = Day(-200),
                members = ids.Select((id, index) => new
                {
                    memberId = id,
                    role = index switch { 0 => "chair", 1 => "secretary", 2 => "treasurer", _ => "member" },
                }),
                meeting = new { every = 1, unit = "month", dayOfMonth = 10 },
            });
            members.AddRange(ids.Select(id => (id, group)));
        }

        return [.. members];
    }

    private async Task<string> LendTo(int index, string memberId, string groupId, string productId)
    {
        var start = -180 + (index * 3);
        var loan = await Post("/v1/loans", new
        {
            fundId = FundId,
            productId,
            memberId,
            groupId,
            principal = Idr(Principals[index]),
            instalments = 10,
            purpose = $"Modal {Businesses[index]}",
            proposedOn = Day(start - 4),
        });
        await Post($"/v1/loans/{loan}/approvals", new
        {
            effectiveOn = Day(start - 2),
            decisionReference = string.Create(CultureInfo.InvariantCulture, $"BA-{index + 1:D2}"),
        });
        await Post($"/v1/loans/{loan}/disbursements", new
        {
            effectiveOn = Day(start),
            method = "bank",
            deductions = new[] { new { kind = "administration-fee", amount = Idr(25_000) } },
        });
        return loan;
    }

    /// <summary>Most pay on time; one in four stops after some months, one pays half, one pays a month ahead.</summary>
    private async Task Repay(int index, string loanId)
    {
        var schedule = (await Get($"/v1/loans/{loanId}/schedule"))["instalments"]!.AsArray();
        foreach (var row in schedule.Where(row => IsPaid(index, row!)))
        {
            var number = row!["number"]!.GetValue<int>();
            var total = Amount(row["due"]!["principal"]!) + Amount(row["due"]!["interest"]!);
            var paid = index % 5 == 1 && number == 3 ? total / 2000 * 1000 : total;
            await Post($"/v1/loans/{loanId}/repayments", new
            {
                amount = Idr(paid),
                effectiveOn = row["dueOn"]!.GetValue<string>(),
                method = "cash",
                receiptNumber = string.Create(CultureInfo.InvariantCulture, $"KW-{index + 1:D2}{number:D2}"),
            });
        }
    }

    private bool IsPaid(int index, JsonNode row)
    {
        var isDue = string.CompareOrdinal(row["dueOn"]!.GetValue<string>(), Day(-1)) <= 0;
        return isDue && (index % 4 != 3 || row["number"]!.GetValue<int>() <= 2);
    }

    private string Day(int offset) => BusinessDateConverter.Write(today.AddDays(offset));

    private static object Idr(long amount) => new { amount = amount.ToString(CultureInfo.InvariantCulture), currency = "IDR" };

    private static long Amount(JsonNode money) => long.Parse(money["amount"]!.GetValue<string>(), CultureInfo.InvariantCulture);

    private async Task<JsonNode> Get(string path) => JsonNode.Parse(await http.GetStringAsync(path))!;

    /// <summary>Posts under a key that is the same each time the book is seeded, and answers the new thing's id.</summary>
    private async Task<string> Post(string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"demo-{++requests:D4}"));
        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(answer)!["id"]!.GetValue<string>()
            : throw new InvalidOperationException($"Seeding stopped at {path}: {answer}");
    }
}
