using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// The terms a loan is made on. A product names them, a proposal copies them with the product's version, and from the
/// approval on they are the loan's own.
/// </summary>
/// <param name="ArrearsTolerance">How much of an instalment may be unpaid without counting as overdue, in units of the currency.</param>
/// <param name="BookingClass">Which accounts the loan's receivable and interest are booked to; a <em>murabahah</em> has accounts of its own.</param>
/// <param name="Effect">What becomes of the schedule when an advance reduces the principal; given with that rule alone.</param>
/// <param name="AllocationRule">Given with the allocation <c>custom</c> alone.</param>
/// <param name="MaximumTranches">In how many parts the principal may be paid out; left out for one.</param>
public sealed record LoanTerms(
    [property: TextLimit(3)] string Currency,
    InterestRule Interest,
    RepaymentRule Repayment,
    RoundingRule? Rounding = null,
    GraceTerms? Grace = null,
    AllocationOrder Allocation = AllocationOrder.OldestInstalmentFirst,
    PenaltyRule? Penalty = null,
    AdvanceRule Advance = AdvanceRule.NextInstalment,
    BookingClass BookingClass = BookingClass.Other,
    [property: TextLimit(20)] string ArrearsTolerance = "0",
    [property: JsonConverter(typeof(HolidayRuleJsonConverter))] HolidayRule Holidays = HolidayRule.SameDay,
    ReductionEffect? Effect = null,
    AllocationRule? AllocationRule = null,
    int? MaximumTranches = null)
{
    private const int MostTranches = 12;

    /// <summary>
    /// Whether it is a sale at a margin agreed once (<em>murabahah</em>). What is called interest is then the margin: it is owed
    /// from the day of the sale on, deferred, and income when it is received.
    /// </summary>
    [JsonIgnore]
    public bool IsFixedMargin => Interest.Method == InterestMethod.FixedMargin;

    /// <summary>What a schedule hangs on. Only for terms that <see cref="Check"/> has passed.</summary>
    public ScheduleTerms ForSchedule()
    {
        var currency = SharedKernel.Currency.FromCode(Currency);
        return new ScheduleTerms(
            currency,
            new InterestTerms(
                Interest.Method, Interest.RatePercent ?? new Percentage(0), Interest.Per ?? RatePeriod.Month, Interest.DayCount, Interest.ChargedPeriods),
            Repayment.Frequency(),
            Rounding is { } rounding ? new RoundingTerms(Decimal(rounding.Multiple)!.Value, rounding.Mode, rounding.AppliesTo) : null,
            Grace ?? GraceTerms.None,
            Holidays,
            Repayment.Harvest());
    }

    /// <summary>The margin of a whole schedule; null where there is none.</summary>
    public Money? MarginOf(ImmutableArray<Instalment> schedule) =>
        IsFixedMargin ? Money.Sum(schedule.Select(row => row.Interest), SharedKernel.Currency.FromCode(Currency)) : null;

    /// <summary>Unpaid amounts of an instalment up to this one do not count as overdue.</summary>
    public Money Tolerance() => new(Decimal(ArrearsTolerance)!.Value, SharedKernel.Currency.FromCode(Currency));

    /// <summary>Why no loan can be made on these terms, or null.</summary>
    public Decision? Check(string pointer)
    {
        if (!SharedKernel.Currency.IsKnown(Currency))
        {
            return Decision.Refuse("unknown-currency", $"{pointer}/currency", new Figure("currency", Currency));
        }

        if (Interest.Method != InterestMethod.None && (Interest.RatePercent is null || Interest.Per is null))
        {
            return Decision.Refuse("rate-required", $"{pointer}/interest");
        }

        if (Advance == AdvanceRule.ReducePrincipal != Effect is not null)
        {
            return Decision.Refuse("effect-with-reduce-principal", $"{pointer}/effect");
        }

        if (Advance == AdvanceRule.ReducePrincipal && !CanBeReduced())
        {
            return Decision.Refuse("terms-out-of-range", $"{pointer}/advance", new Figure("term", "advance"));
        }

        if (Rounding is { } rounding && Decimal(rounding.Multiple) is null)
        {
            return Decision.Refuse("terms-out-of-range", $"{pointer}/rounding/multiple", new Figure("term", "multiple"));
        }

        var currency = SharedKernel.Currency.FromCode(Currency);
        if (Decimal(ArrearsTolerance) is not { } tolerance || tolerance * currency.MinorUnitsPerUnit % 1 != 0)
        {
            return Decision.Refuse("terms-out-of-range", $"{pointer}/arrearsTolerance", new Figure("term", "arrearsTolerance"));
        }

        if (Penalty?.Misfit(currency) is { } misfit)
        {
            return Decision.Refuse("terms-out-of-range", $"{pointer}/penalty/{misfit}", new Figure("term", misfit));
        }

        // A sanction for being late is never income of a murabahah, and there is no social fund to give it to.
        if (IsFixedMargin && Penalty is { Kind: not PenaltyKind.None })
        {
            return Decision.Refuse("terms-out-of-range", $"{pointer}/penalty/kind", new Figure("term", "penalty"));
        }

        if (Allocation == AllocationOrder.Custom != AllocationRule is not null || AllocationRule is { IsComplete: false })
        {
            return Decision.Refuse("allocation-rule-incomplete", $"{pointer}/allocationRule");
        }

        if (MaximumTranches is < 1 or > MostTranches || (MaximumTranches > 1 && (IsFixedMargin || Advance == AdvanceRule.ReducePrincipal || Repayment.Custom is not null)))
        {
            return Decision.Refuse("terms-out-of-range", $"{pointer}/maximumTranches", new Figure("term", "maximumTranches"));
        }

        return ScheduleCalculator.Check(ForSchedule()) is { } refused
            ? Decision.Refuse(refused.Code, pointer.Length == 0 ? null : pointer, refused.Figures)
            : null;
    }

    /// <summary>
    /// What is paid ahead makes the rest of a schedule anew; that knows no shares, and no interest put off or rounded, and a margin
    /// that is agreed once does not change by it.
    /// </summary>
    private bool CanBeReduced() =>
        !IsFixedMargin
        && Repayment.Custom is null
        && Grace is not { InterestPaymentInstalments: > 0 }
        && (Interest.Method == InterestMethod.DecliningEqualInstalments || Rounding?.AppliesTo is null or RoundedPart.Principal);

    /// <summary>A plain decimal of at most a thousand million million, zero or more; null for anything else.</summary>
    public static decimal? Decimal(string text) =>
        text.All(c => char.IsAsciiDigit(c) || c is '.')
        && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value <= Money.MaximumMinorUnits
            ? value
            : null;
}

/// <param name="RatePercent">The rate of one <paramref name="Per"/>; left out when the method is <c>none</c>.</param>
/// <param name="DayCount">Left out for interest by period.</param>
/// <param name="ChargedPeriods">With days of the loan's own: for how many months interest is charged in all.</param>
public sealed record InterestRule(
    InterestMethod Method, Percentage? RatePercent = null, RatePeriod? Per = null, DayCount? DayCount = null, int? ChargedPeriods = null);

/// <param name="Multiple">In units of the currency, as text; a fraction where the currency has decimals.</param>
/// <param name="AppliesTo">Left out for the principal part, and in equal instalments for the instalment.</param>
public sealed record RoundingRule([property: TextLimit(20)] string Multiple, RoundingMode Mode, RoundedPart? AppliesTo = null);

/// <summary>The late penalty (<em>denda</em>); how it is counted stands at <see cref="PenaltyAccrual"/>.</summary>
/// <param name="RatePercentPerDay">Of the base, for each day overdue; given for <c>per-day</c> alone.</param>
/// <param name="Amount">Of each instalment that is overdue, in units of the currency; given for <c>flat-per-instalment</c> alone.</param>
/// <param name="Base">What a day's penalty is counted on; left out for what is overdue of principal and interest.</param>
/// <param name="GraceDays">An instalment paid within so many days after its due date bears none.</param>
/// <param name="CapPercent">The most an instalment bears, of its own principal and interest.</param>
/// <param name="Rounding">To which multiple what the loan owes in all is rounded.</param>
public sealed record PenaltyRule(
    PenaltyKind Kind,
    Percentage? RatePercentPerDay = null,
    [property: TextLimit(20)] string? Amount = null,
    PenaltyBase? Base = null,
    int? GraceDays = null,
    Percentage? CapPercent = null,
    PenaltyRounding? Rounding = null)
{
    private const int MostGraceDays = 366;

    /// <summary>Which member does not fit the kind, or is out of range; null when all is well.</summary>
    public string? Misfit(Currency currency) => Kind switch
    {
        PenaltyKind.None => (RatePercentPerDay, Amount, Base, GraceDays, CapPercent, Rounding) is (null, null, null, null, null, null) ? null : "kind",
        PenaltyKind.PerDay when RatePercentPerDay is not { Percent: > 0 and <= 100 } => "ratePercentPerDay",
        PenaltyKind.PerDay when Amount is not null => "amount",
        PenaltyKind.FlatPerInstalment when !IsAmount(Amount, currency) => "amount",
        PenaltyKind.FlatPerInstalment when RatePercentPerDay is not null => "ratePercentPerDay",
        PenaltyKind.FlatPerInstalment when Base is not null => "base",
        _ when GraceDays is < 0 or > MostGraceDays => "graceDays",
        _ when CapPercent is { Percent: <= 0 or > 1000 } => "capPercent",
        _ when Rounding is { } rounding && !IsAmount(rounding.Multiple, currency) => "rounding",
        _ => null,
    };

    private static bool IsAmount(string? text, Currency currency) =>
        text is not null && LoanTerms.Decimal(text) is { } value && value > 0 && value * currency.MinorUnitsPerUnit % 1 == 0;
}

/// <param name="Multiple">In units of the currency, as text.</param>
public sealed record PenaltyRounding([property: TextLimit(20)] string Multiple, RoundingMode Mode);

public enum PenaltyKind
{
    None,
    PerDay,
    FlatPerInstalment,
}

/// <summary>What a day's penalty is counted on.</summary>
public enum PenaltyBase
{
    /// <summary>What of the instalment is unpaid.</summary>
    OverduePrincipalAndInterest,

    /// <summary>What of its principal is unpaid.</summary>
    OverduePrincipal,

    /// <summary>The whole instalment, as long as any of it is unpaid.</summary>
    Instalment,
}

/// <summary>In which order a payment pays what is due.</summary>
public enum AllocationOrder
{
    /// <summary>The oldest instalment first, and inside it interest before principal.</summary>
    OldestInstalmentFirst,

    /// <summary>All overdue interest before any principal.</summary>
    OverdueInterestFirst,

    /// <summary>By an order of the product's own.</summary>
    Custom,
}

/// <summary>An order of the product's own in which a payment pays what is due.</summary>
/// <param name="Order">Penalty, fee, interest and principal, each once.</param>
public sealed record AllocationRule(ImmutableArray<AllocationComponent> Order, AllocationProcessing Processing)
{
    [JsonIgnore]
    public bool IsComplete => !Order.IsDefault && Order.Order().SequenceEqual(Enum.GetValues<AllocationComponent>());

    public bool Equals(AllocationRule? other) => other is not null && Processing == other.Processing && Order.SequenceEqual(other.Order);

    public override int GetHashCode() => HashCode.Combine(Processing, Order.Length);
}

public enum AllocationComponent
{
    Penalty,
    Fee,
    Interest,
    Principal,
}

public enum AllocationProcessing
{
    /// <summary>All components of the oldest instalment before the next.</summary>
    Horizontal,

    /// <summary>One component of all due instalments before the next component.</summary>
    Vertical,
}

/// <summary>What happens to money beyond what is due.</summary>
public enum AdvanceRule
{
    /// <summary>It pays the next instalments at once, interest before principal.</summary>
    NextInstalment,

    /// <summary>It is held (<em>titipan</em>), and pays each instalment on the day it falls due.</summary>
    Hold,

    /// <summary>It brings the principal down at once, and the rest of the schedule is made anew.</summary>
    ReducePrincipal,
}

/// <summary>What becomes of the schedule when principal is paid ahead of time.</summary>
public enum ReductionEffect
{
    /// <summary>The instalments stay as large as they are, and the last ones fall away.</summary>
    Shorten,

    /// <summary>There stay as many instalments, each of them lower.</summary>
    LowerInstalments,
}

/// <summary>Savings and loans for women (<em>SPP</em>), productive enterprise (<em>UEP</em>), or other.</summary>
public enum BookingClass
{
    Spp,
    Uep,
    Other,
}

/// <summary>The smallest and largest loan of a product, and its longest; amounts in units of its currency.</summary>
public sealed record ProductLimits(
    [property: TextLimit(20)] string? MinimumPrincipal = null,
    [property: TextLimit(20)] string? MaximumPrincipal = null,
    int? MaximumInstalments = null)
{
    public Decision? Check(Currency currency, string pointer) =>
        new[] { (MinimumPrincipal, "minimumPrincipal"), (MaximumPrincipal, "maximumPrincipal") }
            .Where(limit => limit.Item1 is { } text
                && (LoanTerms.Decimal(text) is not { } value || value * currency.MinorUnitsPerUnit % 1 != 0))
            .Select(limit => Decision.Refuse("terms-out-of-range", $"{pointer}/{limit.Item2}", new Figure("term", limit.Item2)))
            .FirstOrDefault()
        ?? (MaximumInstalments is < 1 or > ScheduleCalculator.MaximumInstalments
            ? Decision.Refuse("terms-out-of-range", $"{pointer}/maximumInstalments", new Figure("term", "maximumInstalments"))
            : null);

    /// <summary>Why a loan of this size is not one of the product's, or null.</summary>
    public Decision? Refuse(Money principal, int instalments)
    {
        if ((MinimumPrincipal is { } least && principal.Amount < LoanTerms.Decimal(least))
            || (MaximumPrincipal is { } most && principal.Amount > LoanTerms.Decimal(most)))
        {
            return Decision.Refuse(
                "outside-product-limits",
                "/principal",
                new Figure("amount", principal),
                new Figure("minimumPrincipal", MinimumPrincipal ?? "-"),
                new Figure("maximumPrincipal", MaximumPrincipal ?? "-"));
        }

        return MaximumInstalments is { } longest && instalments > longest
            ? Decision.Refuse("instalments-out-of-range", "/instalments", new Figure("instalments", instalments), new Figure("most", longest))
            : null;
    }
}

/// <summary>Reads <c>next-working-day</c>, and the longer name that a peer's users know: <c>move-to-next-working-day</c>.</summary>
public sealed class HolidayRuleJsonConverter : JsonConverter<HolidayRule>
{
    private const string LongForm = "move-to-";

    public override HolidayRule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var word = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        foreach (var rule in Enum.GetValues<HolidayRule>())
        {
            if (LedgerJson.WordOf(rule) == word || LongForm + LedgerJson.WordOf(rule) == word)
            {
                return rule;
            }
        }

        throw new JsonException("The rule for holidays is same-day, next-working-day, previous-working-day or next-meeting.");
    }

    public override void Write(Utf8JsonWriter writer, HolidayRule value, JsonSerializerOptions options) => writer.WriteStringValue(LedgerJson.WordOf(value));
}
