using System.Globalization;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Policies;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Reporting;

/// <summary>What a portfolio is divided by.</summary>
public enum PortfolioGrouping
{
    Fund,

    /// <summary>Who of the staff looks after the loan on the day.</summary>
    Officer,
    Group,
    Product,

    /// <summary>The ten digits of the village's national code, as the loan's profile froze them.</summary>
    Village,
    Sector,
}

/// <summary>How a figure is defined, in both languages.</summary>
public sealed record FigureDefinition(string Figure, string Indonesian, string English);

/// <summary>A ratio with what it is made of.</summary>
/// <param name="Percent">100 x numerator / denominator, rounded half-even to two decimals; left out when the denominator is zero.</param>
public sealed record ReportRatio(string Figure, Money Numerator, Money Denominator, string? Percent)
{
    public static ReportRatio Of(string figure, Money numerator, Money denominator) =>
        new(figure, numerator, denominator, QuotientOf(numerator.MinorUnits * 100m, denominator));

    /// <summary>A quotient with two decimals, or nothing of nothing.</summary>
    public static string? QuotientOf(decimal minorUnits, Money denominator) => denominator.IsZero
        ? null
        : decimal.Round(minorUnits / denominator.MinorUnits, 2, MidpointRounding.ToEven).ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>Loans with more days past due than <paramref name="Days"/>: their whole principal, not only what is overdue.</summary>
public sealed record PortfolioAtRisk(int Days, long Loans, Money Numerator, Money Denominator, string? Percent);

/// <param name="Policy">Code and version of the policy by which these loans are classed: their fund's on the day.</param>
public sealed record ClassFigure(
    string Policy, int Version, int Number, string Code, string Name, long Loans, Money Outstanding, Percentage AllowancePercent, Money AllowanceRequired);

/// <summary>A portfolio, or a part of it, in figures.</summary>
/// <param name="Loans">How many owe principal.</param>
/// <param name="Outstanding">The principal they owe: the gross loan portfolio.</param>
/// <param name="Unclassified">What is owed to funds that have adopted no policy for the day.</param>
/// <param name="AllowanceBooked">What the funds' allowance accounts hold; of the whole and of funds alone, since nothing else has accounts.</param>
public sealed record PortfolioFigures(
    long Loans,
    Money Outstanding,
    IReadOnlyList<PortfolioAtRisk> PortfolioAtRisk,
    ReportRatio AtRiskOrRestructured,
    IReadOnlyList<ClassFigure> Classes,
    Money Unclassified,
    Money AllowanceRequired,
    Money? AllowanceBooked)
{
    private static readonly int[] Bounds = [1, 30, 60, 90, 180];

    /// <param name="sums">Disjoint parts of the portfolio.</param>
    public static PortfolioFigures Of(PortfolioView view, IReadOnlyCollection<PositionSum> sums, Money? allowanceBooked)
    {
        var outstanding = view.Amount(sums.Sum(sum => sum.Outstanding));
        var classes = ClassesOf(view, sums);
        var atRisk = view.Amount(sums.Sum(sum => sum.DaysPastDue(view.Day) > 30 ? sum.Outstanding : sum.Restructured));
        return new PortfolioFigures(
            sums.Sum(sum => sum.Loans),
            outstanding,
            [.. Bounds.Select(days => AtRisk(view, sums, days, outstanding))],
            ReportRatio.Of("par30-or-restructured", atRisk, outstanding),
            classes,
            outstanding - Money.Sum(classes.Select(of => of.Outstanding), view.Currency),
            Money.Sum(classes.Select(of => of.AllowanceRequired), view.Currency),
            allowanceBooked);
    }

    private static PortfolioAtRisk AtRisk(PortfolioView view, IReadOnlyCollection<PositionSum> sums, int days, Money outstanding)
    {
        var late = sums.Where(sum => sum.DaysPastDue(view.Day) > days).ToArray();
        var ratio = ReportRatio.Of("par", view.Amount(late.Sum(sum => sum.Outstanding)), outstanding);
        return new PortfolioAtRisk(days, late.Sum(sum => sum.Loans), ratio.Numerator, ratio.Denominator, ratio.Percent);
    }

    /// <summary>
    /// Each policy's classes, also those that no loan is in. What is required of a class is counted, and rounded, for each fund
    /// and booking class by itself, as it is booked, and then summed.
    /// </summary>
    private static IReadOnlyList<ClassFigure> ClassesOf(PortfolioView view, IReadOnlyCollection<PositionSum> sums) =>
    [
        .. from byPolicy in sums.Where(sum => view.PolicyOf(sum.FundId) is not null).GroupBy(sum => (view.PolicyOf(sum.FundId)!.Code, view.PolicyOf(sum.FundId)!.Version))
           orderby byPolicy.Key.Code, byPolicy.Key.Version
           let policy = view.PolicyOf(byPolicy.First().FundId)!
           let inClasses = byPolicy.ToLookup(sum => policy.ClassOf(sum.LatenessOn(view.Day)))
           from index in Enumerable.Range(0, policy.Classes.Length)
           let part = inClasses[index].ToArray()
           select new ClassFigure(
               policy.Code,
               policy.Version,
               index + 1,
               policy.Classes[index].Code,
               policy.Classes[index].Name,
               part.Sum(sum => sum.Loans),
               view.Amount(part.Sum(sum => sum.Outstanding)),
               policy.Classes[index].AllowancePercent!.Value,
               Money.Sum(
                   part.GroupBy(sum => (sum.FundId, sum.BookingClass)).Select(booked => policy.AllowanceOf(index, view.Amount(booked.Sum(sum => sum.Outstanding)))),
                   view.Currency)),
    ];
}

/// <summary>Loans that a report need not tell apart: of one fund and booking class, and equally late.</summary>
/// <param name="Key">The part of the portfolio they are in, when it is divided.</param>
/// <param name="OldestDueOn">The oldest due date that passed with more than the tolerance unpaid.</param>
/// <param name="Outstanding">Principal in minor units.</param>
/// <param name="Restructured">How much of it is owed by loans that were rescheduled.</param>
public sealed record PositionSum(
    string? Key,
    FundId FundId,
    BookingClass BookingClass,
    RepaymentRhythm Rhythm,
    DateOnly? OldestDueOn,
    int InstalmentsOverdue,
    long Loans,
    long Outstanding,
    long Restructured)
{
    public Lateness LatenessOn(DateOnly day) => new(day, OldestDueOn, Rhythm, InstalmentsOverdue);

    public int DaysPastDue(DateOnly day) => LatenessOn(day).Of(ArrearsMeasure.Days);
}

/// <summary>What a report of the portfolio is about: a day, a basis, funds of one currency, and the policy of each.</summary>
/// <param name="Instead">A policy to be read under instead of the funds' own.</param>
public sealed record PortfolioView(DateOnly Day, Basis Basis, FundScope Scope, ClassificationPolicy? Instead)
{
    public Currency Currency => Scope.Currency;

    /// <summary>Whether a loan of several funds is to be counted once, or once in each.</summary>
    public bool CountsFundsApart(PortfolioGrouping? by) => by == PortfolioGrouping.Fund || Scope.Funds.Count <= 1;

    public ClassificationPolicy? PolicyOf(FundId fundId) => Instead ?? Scope.Funds.First(fund => fund.Id == fundId).PolicyOn(Day);

    /// <summary>Whether any class hangs on how many instalments a loan owes.</summary>
    public bool CountsInstalments => Scope.Funds.Any(fund => PolicyOf(fund.Id)?.CountsInstalments == true);

    public Money Amount(long minorUnits) => Money.OfMinorUnits(minorUnits, Currency);
}
