using System.Globalization;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.RateCaps;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// What a loan costs in a year by both readings of a rate, in percent as text with two decimals, and the caps of the tenant
/// that they are held against.
/// </summary>
/// <param name="FlatPercent">All interest on the principal lent, divided by the years of the term.</param>
/// <param name="EffectivePercent">The nominal rate of a year on the balance that is still owed, without compounding.</param>
/// <param name="Principal">The loan that was judged: of a product, the largest and longest that it allows.</param>
public sealed record RatesPerYear(
    string FlatPercent, string EffectivePercent, Percentage? FlatCapPercent, Percentage? EffectiveCapPercent, Money Principal, int Instalments);

/// <summary>Whether a loan is dearer than the tenant's caps. It is said and never refused: what the figure counts for is for people to decide.</summary>
/// <param name="Warnings"><c>flat-rate-above-cap</c> and <c>effective-rate-above-cap</c>; null when there is none.</param>
public sealed record RateJudgement(RatesPerYear Rates, IReadOnlyList<string>? Warnings)
{
    /// <summary>Of a product that names no largest loan.</summary>
    private const decimal UsualPrincipal = 10_000_000;

    /// <summary>Of a product that names no longest loan.</summary>
    private const int UsualInstalments = 12;

    private const int DaysOfYear = 365;

    /// <summary>A product is judged by the largest and longest loan it allows, paid out on this day; by ten million in twelve where it names none.</summary>
    /// <returns>Null when such a loan has no schedule.</returns>
    public static RateJudgement? OfProduct(LoanTerms terms, ProductLimits limits, RateCap caps, DateOnly day) => Of(
        terms,
        new Money(LoanTerms.Decimal(limits.MaximumPrincipal ?? limits.MinimumPrincipal ?? "") ?? UsualPrincipal, Currency.FromCode(terms.Currency)),
        terms.Repayment.Custom?.Length ?? limits.MaximumInstalments ?? UsualInstalments,
        caps,
        day);

    /// <summary>A loan that would be paid out on this day.</summary>
    /// <returns>Null when it has no schedule.</returns>
    public static RateJudgement? Of(LoanTerms terms, Money principal, int instalments, RateCap caps, DateOnly disbursedOn) =>
        LoanSchedules.Of(terms, principal, instalments, disbursedOn, firstDueOn: null) is ScheduleResult.Made(var schedule)
            ? Of(schedule, terms.ForSchedule(), caps, disbursedOn)
            : null;

    public static RateJudgement Of(Schedule schedule, ScheduleTerms terms, RateCap caps, DateOnly disbursedOn)
    {
        var flat = FlatPercentOf(schedule, terms, disbursedOn);
        var effective = EffectiveRateCalculator.Of(schedule.TotalPrincipal, schedule, terms, disbursedOn).NominalAprPercent;
        List<string> warnings = [];
        if (flat > caps.FlatPercentPerYear?.Percent)
        {
            warnings.Add("flat-rate-above-cap");
        }

        if (effective > caps.EffectivePercentPerYear?.Percent)
        {
            warnings.Add("effective-rate-above-cap");
        }

        return new RateJudgement(
            new RatesPerYear(
                Text(flat), Text(effective), caps.FlatPercentPerYear, caps.EffectivePercentPerYear, schedule.TotalPrincipal, schedule.Instalments.Length),
            warnings.Count == 0 ? null : warnings);
    }

    /// <summary>
    /// Interest on principal, a year's share of it, half-even to two decimals. The term is as many periods as there are
    /// instalments; with days of the loan's own it is the days to the last of them, a year having 365.
    /// </summary>
    private static decimal FlatPercentOf(Schedule schedule, ScheduleTerms terms, DateOnly disbursedOn)
    {
        var (parts, ofYear) = terms.Harvest is null
            ? (schedule.Instalments.Length * terms.Repayment.Every, terms.Repayment.UnitsPerYear)
            : (Math.Max(1, schedule.Instalments[^1].ContractDueOn.DayNumber - disbursedOn.DayNumber), DaysOfYear);
        return decimal.Round(
            100m * schedule.TotalInterest.MinorUnits * ofYear / schedule.TotalPrincipal.MinorUnits / parts, 2, MidpointRounding.ToEven);
    }

    private static string Text(decimal percent) => percent.ToString("0.00", CultureInfo.InvariantCulture);
}
