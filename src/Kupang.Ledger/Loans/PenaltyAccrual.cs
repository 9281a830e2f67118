using System.Collections.Immutable;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// The late penalty (<em>denda</em>) of a loan, as a function of its facts and a day: each overdue instalment bears it for
/// the days from the one after its due date to the day asked for, both counted, on what of it was unpaid when each day
/// began. It is exact until it is asked for; then what all instalments bear together is rounded once.
/// <para>
/// Nothing is borne by an instalment paid within the days of grace, or of which no more than the tolerated amount is
/// unpaid; once the days of grace are over all days count. The most an instalment bears is <c>capPercent</c> of its own
/// principal and interest. <c>flat-per-instalment</c> is borne once, from the first day that counts.
/// </para>
/// </summary>
internal sealed class PenaltyAccrual
{
    private readonly PenaltyRule rule;
    private readonly Currency currency;
    private readonly long tolerance;
    private readonly SortedDictionary<int, Borne> borne = [];
    private DateOnly through = DateOnly.MinValue;

    private PenaltyAccrual(PenaltyRule rule, Currency currency, long tolerance) =>
        (this.rule, this.currency, this.tolerance) = (rule, currency, tolerance);

    /// <summary>Null where the terms know no penalty. What a loan was late for on paper bears none here.</summary>
    public static PenaltyAccrual? Of(Loan loan) => loan.Terms.Penalty is { Kind: not PenaltyKind.None } rule
        ? new PenaltyAccrual(rule, loan.Currency, loan.Terms.Tolerance().MinorUnits) { through = loan.Card?.CutOverOn ?? DateOnly.MinValue }
        : null;

    /// <summary>Goes on to a day, on what is unpaid as long as nothing else happens.</summary>
    public void AccrueTo(DateOnly day, ImmutableArray<Instalment> schedule, IReadOnlyList<PaidParts> paid)
    {
        foreach (var row in schedule)
        {
            var days = day.DayNumber - Math.Max(through.DayNumber, row.DueOn.DayNumber);
            var parts = paid[row.Number - 1];
            var (principal, interest) = (parts.OpenPrincipal(row), parts.OpenInterest(row));
            if (days > 0 && principal + interest > tolerance)
            {
                var before = borne.GetValueOrDefault(row.Number) ?? new Borne(0, IsLate: false, row.Total.MinorUnits);
                borne[row.Number] = before with
                {
                    Exact = before.Exact + (days * BaseOf(row, principal, interest) * (rule.RatePercentPerDay?.Fraction ?? 0)),
                    IsLate = before.IsLate || day.DayNumber > row.DueOn.DayNumber + (rule.GraceDays ?? 0),
                };
            }
        }

        through = day > through ? day : through;
    }

    /// <summary>What is borne until now, in minor units.</summary>
    /// <param name="upTo">Only by the instalments up to this one.</param>
    public long UntilNow(int upTo = int.MaxValue) => Round(borne.TakeWhile(row => row.Key <= upTo).Sum(row => Bears(row.Value)));

    private decimal Bears(Borne row)
    {
        if (!row.IsLate)
        {
            return 0;
        }

        var bears = rule.Kind == PenaltyKind.FlatPerInstalment ? LoanTerms.Decimal(rule.Amount!)!.Value * currency.MinorUnitsPerUnit : row.Exact;
        return rule.CapPercent is { } cap ? Math.Min(bears, row.Instalment * cap.Fraction) : bears;
    }

    private long BaseOf(Instalment row, long principal, long interest) => (rule.Base ?? PenaltyBase.OverduePrincipalAndInterest) switch
    {
        PenaltyBase.OverduePrincipal => principal,
        PenaltyBase.Instalment => row.Total.MinorUnits,
        _ => principal + interest,
    };

    private long Round(decimal exact)
    {
        var multiple = rule.Rounding is { } rounding ? LoanTerms.Decimal(rounding.Multiple)!.Value * currency.MinorUnitsPerUnit : 1;
        return (long)RoundedAmount.Round(Fraction.Of(exact), new System.Numerics.BigInteger(multiple), rule.Rounding?.Mode ?? RoundingMode.Nearest);
    }

    /// <param name="Exact">What its days bear, in minor units.</param>
    /// <param name="IsLate">Whether it was still unpaid after the days of grace.</param>
    /// <param name="Instalment">Its principal and interest, as they were when it fell due.</param>
    private sealed record Borne(decimal Exact, bool IsLate, long Instalment);
}
