using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Savings;

/// <summary>What a savings account is for.</summary>
public enum SavingsKind
{
    /// <summary>Paid once, when somebody joins (<em>simpanan pokok</em>).</summary>
    Principal,

    /// <summary>So much every so often (<em>simpanan wajib</em>).</summary>
    Compulsory,

    /// <summary>As much and as often as one likes (<em>simpanan sukarela</em>).</summary>
    Voluntary,

    /// <summary>What a group sets aside to pay for those who can't (<em>tabungan tanggung renteng</em>).</summary>
    JointLiability,
}

/// <summary>Whether savings are money owed to the member, or the member's share of the capital.</summary>
public enum SavingsClassification
{
    Liability,
    Equity,
}

/// <summary>
/// The terms savings are kept on. A product names them, and an account copies them with the product's version when it is
/// opened. Amounts are text in units of the currency.
/// </summary>
/// <param name="MinimumBalance">What stays in the account until it is closed; holds come on top of it.</param>
/// <param name="Contribution">What is to be paid in: once of <c>principal</c>, every so often of <c>compulsory</c>; of no other kind.</param>
/// <param name="LockIn">How long after the opening nothing can be taken out; never locked when left out.</param>
/// <param name="Withdrawals">When left out, voluntary savings can be taken out at any time, and others only by closing the account.</param>
/// <param name="Interest">None when left out.</param>
/// <param name="DormantAfterMonths">After so many months without a movement of its owner an account is dormant; never when left out.</param>
public sealed record SavingsTerms(
    [property: TextLimit(3)] string Currency,
    SavingsKind Kind,
    SavingsClassification Classification = SavingsClassification.Liability,
    [property: TextLimit(20)] string MinimumBalance = "0",
    SavingsContribution? Contribution = null,
    LockIn? LockIn = null,
    WithdrawalRule? Withdrawals = null,
    SavingsInterestRule? Interest = null,
    int? DormantAfterMonths = null)
{
    private const int MostMonths = 120;

    /// <summary>The account of the chart that the savings stand on.</summary>
    public AccountCode Account() => (Kind, Classification) switch
    {
        (SavingsKind.Principal, SavingsClassification.Equity) => AccountCode.PrincipalShares,
        (SavingsKind.Compulsory, SavingsClassification.Equity) => AccountCode.CompulsoryShares,
        (SavingsKind.Principal, _) => AccountCode.PrincipalSavings,
        (SavingsKind.Compulsory, _) => AccountCode.CompulsorySavings,
        (SavingsKind.JointLiability, _) => AccountCode.JointLiabilitySavings,
        _ => AccountCode.VoluntarySavings,
    };

    public Money Minimum() => In(MinimumBalance);

    public bool AllowsWithdrawals() => Withdrawals?.Allowed ?? Kind == SavingsKind.Voluntary;

    /// <summary>An amount of these terms. Only for terms that <see cref="Check"/> has passed.</summary>
    public Money In(string amount) => new(LoanTerms.Decimal(amount)!.Value, SharedKernel.Currency.FromCode(Currency));

    /// <summary>Why nobody can save on these terms, or null.</summary>
    public Decision? Check()
    {
        if (!SharedKernel.Currency.IsKnown(Currency))
        {
            return Decision.Refuse("unknown-currency", "/currency", new Figure("currency", Currency));
        }

        var currency = SharedKernel.Currency.FromCode(Currency);
        return Classification == SavingsClassification.Equity && Kind is not (SavingsKind.Principal or SavingsKind.Compulsory) ? Misfit("classification")
            : !IsAmount(MinimumBalance, currency) ? Misfit("minimumBalance")
            : ContributionMisfits(currency) ? Misfit("contribution")
            : LockIn is { } lockIn && (lockIn.Unit == FrequencyUnit.Week || lockIn.Length is < 1 or > LockIn.Longest) ? Misfit("lockIn")
            : Withdrawals is { MaximumPerMonth: { } most, Allowed: var allowed } && (!allowed || most is < 1 or > 31) ? Misfit("withdrawals")
            : Interest is { } interest && interest.Misfits(currency) ? Misfit("interest")
            : DormantAfterMonths is < 1 or > MostMonths ? Misfit("dormantAfterMonths")
            : null;
    }

    internal static bool IsAmount(string text, Currency currency) => LoanTerms.Decimal(text) is { } value && value * currency.MinorUnitsPerUnit % 1 == 0;

    private bool ContributionMisfits(Currency currency) => (Kind, Contribution) switch
    {
        (SavingsKind.Compulsory, { Every: >= 1 and <= 12, Unit: FrequencyUnit.Week or FrequencyUnit.Month } given) => !given.IsPositive(currency),
        (SavingsKind.Principal, { Every: null, Unit: null } given) => !given.IsPositive(currency),
        (SavingsKind.Compulsory, _) => true,
        _ => Contribution is not null,
    };

    private static Decision Misfit(string term) => Decision.Refuse("terms-out-of-range", $"/{term}", new Figure("term", term));
}

/// <param name="Amount">What is paid in each time.</param>
/// <param name="Every">With <paramref name="Unit"/>: how often. Left out for what is paid once.</param>
public sealed record SavingsContribution([property: TextLimit(20)] string Amount, int? Every = null, FrequencyUnit? Unit = null)
{
    public bool IsPositive(Currency currency) => SavingsTerms.IsAmount(Amount, currency) && LoanTerms.Decimal(Amount) > 0;

    /// <summary>How many contributions are due up to a day and with it: the first on the day of opening, the next one rhythm later.</summary>
    public int CountDue(DateOnly openedOn, DateOnly day)
    {
        if (day < openedOn)
        {
            return 0;
        }

        if (Unit != FrequencyUnit.Month)
        {
            return Every is { } weeks ? 1 + ((day.DayNumber - openedOn.DayNumber) / (7 * weeks)) : 1;
        }

        // Months are counted from the day of opening, so that the 31st comes back after a short month.
        var months = ((day.Year - openedOn.Year) * 12) + day.Month - openedOn.Month;
        var whole = openedOn.AddMonths(months) > day ? months - 1 : months;
        return 1 + (whole / Every!.Value);
    }
}

/// <summary>Days or months from the opening in which nothing can be taken out.</summary>
public sealed record LockIn(int Length, FrequencyUnit Unit)
{
    public const int Longest = 3_660;

    /// <summary>The first day on which savings can be taken out.</summary>
    public DateOnly EndsOn(DateOnly openedOn) => Unit == FrequencyUnit.Month ? openedOn.AddMonths(Length) : openedOn.AddDays(Length);
}

/// <param name="MaximumPerMonth">How many withdrawals and transfers a calendar month may have; any number when left out.</param>
public sealed record WithdrawalRule(bool Allowed, int? MaximumPerMonth = null);

/// <summary>What savings earn (<em>jasa simpanan</em>); how it is counted stands at <see cref="SavingsInterest"/>.</summary>
/// <param name="Per">A year or a month.</param>
/// <param name="DayCount">Given with daily balances and a rate a year, and then alone: <c>actual-365</c>, <c>actual-360</c> or <c>actual-actual</c>.</param>
/// <param name="MinimumBalance">Less than this earns nothing.</param>
public sealed record SavingsInterestRule(
    Percentage RatePercent,
    RatePeriod Per,
    InterestBasis Basis,
    DayCount? DayCount = null,
    SavingsRounding? Rounding = null,
    [property: TextLimit(20)] string MinimumBalance = "0")
{
    public bool Misfits(Currency currency) =>
        RatePercent.Percent is <= 0 or > 100
        || Per is not (RatePeriod.Month or RatePeriod.Year)
        || (Basis == InterestBasis.DailyBalance && Per == RatePeriod.Year) != (DayCount is not null)
        || DayCount is Loans.Schedules.DayCount.Thirty360 or Loans.Schedules.DayCount.Thirty365
        || !SavingsTerms.IsAmount(MinimumBalance, currency)
        || (Rounding is { } rounding && (!SavingsTerms.IsAmount(rounding.Multiple, currency) || LoanTerms.Decimal(rounding.Multiple) == 0));
}

/// <param name="Multiple">In units of the currency, as text.</param>
public sealed record SavingsRounding([property: TextLimit(20)] string Multiple, RoundingMode Mode);

public enum InterestBasis
{
    /// <summary>What was there at the end of each day.</summary>
    DailyBalance,

    /// <summary>The least that was there at the end of any day of the month, or when it began.</summary>
    MinimumMonthlyBalance,
}
