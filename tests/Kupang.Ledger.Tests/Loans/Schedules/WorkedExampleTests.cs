using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;

namespace Kupang.Ledger.Tests.Loans.Schedules;

/// <summary>The page of worked examples: under each request stands the table that it makes.</summary>
public sealed partial class WorkedExampleTests
{
    private static readonly NumberFormatInfo Indonesian = new() { NumberGroupSeparator = ".", NumberDecimalSeparator = "," };

    [Fact]
    public void The_page_shows_what_the_calculator_makes()
    {
        var page = File.ReadAllText(PagePath());
        var made = Example().Replace(page, example =>
            $"```json\n{example.Groups["body"].Value}```\n\n{Table(RequestJson.Read<PreviewLoanSchedule>(Encoding.UTF8.GetBytes(example.Groups["body"].Value)))}");

        Assert.True(Example().Count(page) > 8);
        if (made != page)
        {
            File.WriteAllText(PagePath() + ".new", made);
            Assert.Fail($"The tables differ. When the new ones are right, put {PagePath()}.new in the place of the page.");
        }
    }

    private static string Table(PreviewLoanSchedule request)
    {
        var schedule = Assert.IsType<ScheduleResult.Made>(
            LoanSchedules.Of(request.Terms!, request.Principal, request.Instalments, request.DisbursedOn, request.FirstDueOn)).Schedule;
        var table = new StringBuilder("| ke | kontrak | jatuh tempo | pokok | jasa | angsuran | sisa |\n| ---: | --- | --- | ---: | ---: | ---: | ---: |\n");
        var left = request.Principal;
        foreach (var row in schedule.Instalments)
        {
            left -= row.Principal;
            table.Append(CultureInfo.InvariantCulture, $"| {row.Number} | {Write(row.ContractDueOn)} | {Write(row.DueOn)} | ")
                .AppendJoin(" | ", new[] { row.Principal, row.Interest, row.Total, left }.Select(Write))
                .Append(" |\n");
        }

        return table.ToString();
    }

    private static string Write(DateOnly day) => BusinessDateConverter.Write(day);

    private static string Write(Money money) => money.Amount.ToString("N0", Indonesian);

    private static string PagePath() =>
        Path.Combine(InterfaceDescription.RepositoryFolder(), "src", "Kupang.Ledger", "Loans", "Schedules", "README.md");

    [GeneratedRegex(@"```json\n(?<body>[^`]*)```\n\n(?:\|[^\n]*\n)*", RegexOptions.NonBacktracking)]
    private static partial Regex Example();
}
