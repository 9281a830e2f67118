using System.Globalization;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>Asks what a loan would look like, on a product's terms or on others. Nothing is recorded.</summary>
public sealed record PreviewLoanSchedule(
    Money Principal, int Instalments, DateOnly DisbursedOn, LoanProductId? ProductId = null, LoanTerms? Terms = null, DateOnly? FirstDueOn = null);

public sealed record LoanScheduleAnswer(
    IReadOnlyList<ScheduleRow> Instalments, ScheduleTotals Totals, EffectiveRateAnswer EffectiveRate)
{
    public static LoanScheduleAnswer Of(Schedule schedule, Money received, ScheduleTerms terms, DateOnly disbursedOn)
    {
        var outstanding = schedule.TotalPrincipal;
        List<ScheduleRow> rows = [];
        foreach (var row in schedule.Instalments)
        {
            outstanding -= row.Principal;
            rows.Add(new ScheduleRow(row.Number, row.DueOn, row.ContractDueOn, row.Principal, row.Interest, row.Total, outstanding));
        }

        var rate = Schedules.EffectiveRateCalculator.Of(received, schedule, terms, disbursedOn);
        return new LoanScheduleAnswer(
            rows,
            new ScheduleTotals(schedule.TotalPrincipal, schedule.TotalInterest, schedule.Total),
            new EffectiveRateAnswer(Percent(rate.MonthlyIrrPercent), Percent(rate.NominalAprPercent), Percent(rate.EffectiveAnnualPercent)));
    }

    private static string Percent(decimal percent) => percent.ToString("0.00", CultureInfo.InvariantCulture);
}

/// <param name="Outstanding">The principal still owed after this instalment.</param>
public sealed record ScheduleRow(int Number, DateOnly DueOn, DateOnly ContractDueOn, Money Principal, Money Interest, Money Total, Money Outstanding);

public sealed record ScheduleTotals(Money Principal, Money Interest, Money Total);

/// <summary>What the loan really costs, in percent as text: by month, by year without and with compounding.</summary>
public sealed record EffectiveRateAnswer(string MonthlyIrrPercent, string NominalAprPercent, string EffectiveAnnualPercent);

public static class PreviewLoanScheduleEndpoint
{
    [WolverinePost("/v1/loan-schedules", OperationId = "previewLoanSchedule")]
    [Tags("Loan products"), Takes(typeof(PreviewLoanSchedule)), Answers(typeof(LoanScheduleAnswer), 200)]
    public static async Task<IResult> Post(HttpContext http)
    {
        http.RefuseQuery();
        var caller = Caller.Of(http);
        var preview = RequestJson.Read<PreviewLoanSchedule>(await http.ReadBody(64 * 1024));
        if (preview.ProductId is null == preview.Terms is null)
        {
            throw RequestProblem.Malformed("/terms", "invalid-value", "A preview names a product or terms, one of the two.");
        }

        var terms = preview.Terms;
        if (preview.ProductId is { } productId)
        {
            await using var snapshot = await http.OpenSnapshot(caller, KnownAs.Now);
            terms = (await snapshot.Find<LoanProduct>(productId.Value, http.RequestAborted))?.Terms;
            if (terms is null)
            {
                return new ProblemResult("unknown-product", refusal: new Refusal("unknown-product", "/productId", [new Figure("productId", productId.ToString())]));
            }
        }

        if (terms!.Check("/terms") is Decision.Refused(var unusable))
        {
            return new ProblemResult(unusable.Code, refusal: unusable);
        }

        return ScheduleCalculator.Calculate(
            terms.ForSchedule(), preview.Principal, preview.Instalments, preview.DisbursedOn, preview.FirstDueOn, WorkingWeek.MondayToSaturday) switch
        {
            ScheduleResult.Made(var schedule) => StoredJson.Of(caller.Tenant, LoanScheduleAnswer.Of(schedule, preview.Principal, terms.ForSchedule(), preview.DisbursedOn)),
            ScheduleResult.Refused refused => new ProblemResult(refused.Code, refusal: new Refusal(refused.Code, Pointer: null, refused.Figures)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
