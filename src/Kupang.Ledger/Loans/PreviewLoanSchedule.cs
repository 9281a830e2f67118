using System.Collections.Immutable;
using System.Globalization;
using Kupang.Ledger.Calendars;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.RateCaps;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>Asks what a loan would look like, on a product's terms or on others. Nothing is recorded.</summary>
/// <param name="Custom">Days and shares of the loan's own, instead of the rhythm of the terms.</param>
/// <param name="Deductions">What would be kept back from the money paid out: the true cost is then shown on the rest, too.</param>
/// <param name="Calendar">Working days, holidays and meetings to move due dates by, where they are not the tenant's.</param>
public sealed record PreviewLoanSchedule(
    Money Principal,
    int Instalments,
    DateOnly DisbursedOn,
    LoanProductId? ProductId = null,
    LoanTerms? Terms = null,
    DateOnly? FirstDueOn = null,
    ImmutableArray<CustomInstalment>? Custom = null,
    ImmutableArray<Deduction>? Deductions = null,
    CalendarRule? Calendar = null)
{
    public LoanTerms On(LoanTerms terms) => Custom is null ? terms : terms with { Repayment = new RepaymentRule(Custom: Custom) };
}

/// <param name="NetCash">What the borrower would have in hand, where something is kept back.</param>
/// <param name="EffectiveRate">What the loan costs on its principal.</param>
/// <param name="EffectiveRateOnNetCash">What it costs on the net cash.</param>
/// <param name="RatesPerYear">The same as a flat rate and as a rate on the balance, beside the tenant's caps.</param>
/// <param name="Warnings">Where one of them is beyond its cap.</param>
public sealed record LoanScheduleAnswer(
    IReadOnlyList<ScheduleRow> Instalments,
    ScheduleTotals Totals,
    EffectiveRateAnswer EffectiveRate,
    Money? NetCash = null,
    EffectiveRateAnswer? EffectiveRateOnNetCash = null,
    RatesPerYear? RatesPerYear = null,
    IReadOnlyList<string>? Warnings = null)
{
    public static LoanScheduleAnswer Of(Schedule schedule, PreviewLoanSchedule preview, ScheduleTerms terms, RateCap caps)
    {
        var outstanding = schedule.TotalPrincipal;
        List<ScheduleRow> rows = [];
        foreach (var row in schedule.Instalments)
        {
            outstanding -= row.Principal;
            rows.Add(new ScheduleRow(row.Number, row.DueOn, row.ContractDueOn, row.Principal, row.Interest, row.Total, outstanding));
        }

        EffectiveRateAnswer CostOf(Money received)
        {
            var rate = EffectiveRateCalculator.Of(received, schedule, terms, preview.DisbursedOn);
            return new EffectiveRateAnswer(Percent(rate.MonthlyIrrPercent), Percent(rate.NominalAprPercent), Percent(rate.EffectiveAnnualPercent));
        }

        var judgement = RateJudgement.Of(schedule, terms, caps, preview.DisbursedOn);
        var answer = new LoanScheduleAnswer(
            rows,
            new ScheduleTotals(schedule.TotalPrincipal, schedule.TotalInterest, schedule.Total),
            CostOf(preview.Principal),
            RatesPerYear: judgement.Rates,
            Warnings: judgement.Warnings);
        if (preview.Deductions is not [_, ..] deductions)
        {
            return answer;
        }

        var netCash = preview.Principal - Money.Sum(deductions.Select(deduction => deduction.Amount), terms.Currency);
        return answer with { NetCash = netCash, EffectiveRateOnNetCash = CostOf(netCash) };
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
        await using var snapshot = await http.OpenSnapshot(caller, KnownAs.Now);
        if (preview.ProductId is { } productId)
        {
            terms = (await snapshot.Find<LoanProduct>(productId.Value, http.RequestAborted))?.Terms;
            if (terms is null)
            {
                return new ProblemResult("unknown-product", refusal: new Refusal("unknown-product", "/productId", [new Figure("productId", productId.ToString())]));
            }
        }

        terms = preview.On(terms!);
        if ((terms.Check("/terms") ?? (preview.Calendar ?? new CalendarRule()).Check("/calendar")) is Decision.Refused(var unusable))
        {
            return new ProblemResult(unusable.Code, refusal: unusable);
        }

        var tenant = await snapshot.Find<TenantCalendar>(TenantCalendar.StreamId, http.RequestAborted) ?? TenantCalendar.Undecided;
        var caps = (await snapshot.Find<TenantRateCaps>(TenantRateCaps.StreamId, http.RequestAborted) ?? TenantRateCaps.Undecided).On(snapshot.Today);
        var calendar = (preview.Calendar ?? new CalendarRule()).ForSchedule(tenant, snapshot.Today);
        return ScheduleCalculator.Calculate(terms.ForSchedule(), preview.Principal, preview.Instalments, preview.DisbursedOn, preview.FirstDueOn, calendar) switch
        {
            ScheduleResult.Made when DisburseLoanDecider.CheckDeductions(preview.Deductions ?? [], preview.Principal) is Decision.Refused(var tooMuch) =>
                new ProblemResult(tooMuch.Code, refusal: tooMuch),
            ScheduleResult.Made(var schedule) => StoredJson.Of(caller.Tenant, LoanScheduleAnswer.Of(schedule, preview, terms.ForSchedule(), caps)),
            ScheduleResult.Refused refused => new ProblemResult(refused.Code, refusal: new Refusal(refused.Code, Pointer: null, refused.Figures)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
