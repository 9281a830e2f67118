using System.Text.Json;
using System.Text.Json.Nodes;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;

namespace Kupang.Ledger.Tests.Contracts;

/// <summary>
/// Who asks again gets the schedule he was shown: the same request makes the same rows in every release. Each file in
/// StoredSchedules is a request and the rows that some version answered. A file is added for what is new; none is edited.
/// </summary>
public sealed class StoredScheduleTests
{
    private static readonly string Folder = Path.Combine(InterfaceDescription.RepositoryFolder(), "tests", "Kupang.Ledger.Tests", "Contracts", "StoredSchedules");

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = LedgerJson.Options.Encoder };

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_same_request_makes_the_same_schedule(string file)
    {
        var path = Path.Combine(Folder, file);
        var sample = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        var request = RequestJson.Read<PreviewLoanSchedule>(JsonSerializer.SerializeToUtf8Bytes(sample["request"]));
        var schedule = Assert.IsType<ScheduleResult.Made>(LoanSchedules.Of(
            request.Terms!, request.Principal, request.Instalments, request.DisbursedOn, request.FirstDueOn)).Schedule;

        string[] rows = [.. schedule.Instalments.Select(Line)];
        string[] stored = [.. sample["rows"]!.AsArray().Select(row => row!.GetValue<string>())];
        if (stored.Length == 0)
        {
            sample["rows"] = JsonSerializer.SerializeToNode(rows);
            File.WriteAllText(path + ".new", sample.ToJsonString(Indented) + "\n");
            Assert.Fail($"A new request. When its rows are right, put {path}.new in the place of the file.");
        }

        Assert.Equal(stored, rows);
    }

    /// <summary>Number, contract date, due date, principal and interest.</summary>
    private static string Line(Instalment row) =>
        $"{row.Number} {BusinessDateConverter.Write(row.ContractDueOn)} {BusinessDateConverter.Write(row.DueOn)} {row.Principal.ToAmountText()} {row.Interest.ToAmountText()}";
}
