using System.Collections.Immutable;
using System.Numerics;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// The schedule after principal was paid ahead of time, or came back. What is due stays as it is, and the dates of the rest are
/// those of the loan's first schedule. The interest of the period that is running stays too, since it was counted on what
/// was owed when it began; later rows count on what is owed then, or on what is lent less what was paid ahead where
/// interest is flat, half-even to the scale. The last row takes the rest, so the rows sum to the principal left.
/// </summary>
internal static class PrincipalReduction
{
    /// <param name="disbursedOn">The day from which the first period is counted.</param>
    /// <param name="first">The schedule that the disbursement fixed.</param>
    /// <param name="before">The schedule until now.</param>
    /// <param name="due">How many rows of it are due.</param>
    /// <param name="left">The principal of the rows that are not.</param>
    /// <param name="lent">What was lent less all that was paid ahead of time.</param>
    /// <param name="isRunning">Whether the first period that is not due has begun.</param>
    public static ImmutableArray<Instalment> Of(
        LoanTerms terms, DateOnly disbursedOn, ImmutableArray<Instalment> first, ImmutableArray<Instalment> before, int due, Money left, Money lent, bool isRunning)
    {
        if (due == first.Length)
        {
            // Principal came back after the last due date: it is owed since then.
            return before.SetItem(due - 1, before[^1] with { Principal = before[^1].Principal + left });
        }

        var rule = terms.ForSchedule();
        var rates = PeriodRates.Of(rule, disbursedOn, [.. first.Select(row => row.ContractDueOn)]).From(due);
        var rest = new Rest(rule, new Amortisation(left.MinorUnits, rates, Math.Max(0, rule.Grace.PrincipalInstalments - due)), lent.MinorUnits);
        var target = terms.Effect == ReductionEffect.Shorten ? rest.AsBefore(first[Math.Min(rule.Grace.PrincipalInstalments, first.Length - 1)]) : rest.Lowered();
        var schedule = before.Take(due).ToList();
        var balance = (BigInteger)left.MinorUnits;
        for (var index = due; index < first.Length; index++)
        {
            var counted = rest.InterestOn(balance, index - due);
            var interest = index == due && isRunning && before.Length > due ? before[due].Interest.MinorUnits : counted;
            if (balance.IsZero && (index > due || interest.IsZero))
            {
                break;
            }

            var principal = index == first.Length - 1 ? balance
                : index - due < rest.Loan.Grace ? BigInteger.Zero
                : BigInteger.Clamp(target - (rest.IsEqualInstalments ? (terms.Effect == ReductionEffect.Shorten ? interest : counted) : 0), 0, balance);
            balance -= principal;
            schedule.Add(first[index] with
            {
                Principal = Money.OfMinorUnits((long)principal, left.Currency),
                Interest = Money.OfMinorUnits((long)interest, left.Currency),
            });
        }

        return [.. schedule];
    }

    /// <summary>The rows that are not due yet.</summary>
    private sealed record Rest(ScheduleTerms Terms, Amortisation Loan, BigInteger Lent)
    {
        public bool IsEqualInstalments => Terms.Interest.Method == InterestMethod.DecliningEqualInstalments;

        public BigInteger InterestOn(BigInteger balance, int row) =>
            Loan.InterestOn(Terms.Interest.Method == InterestMethod.Flat ? Lent : balance, row).HalfEven();

        /// <summary>What a row pays when it pays as much as before: its principal, or the whole of it where instalments are equal.</summary>
        public BigInteger AsBefore(Instalment row) => IsEqualInstalments ? row.Total.MinorUnits : row.Principal.MinorUnits;

        /// <summary>The same when as many rows as there are pay what is left.</summary>
        public BigInteger Lowered()
        {
            var exact = IsEqualInstalments ? new Fraction(Loan.EqualInstalment(), BigInteger.One) : Loan.EqualPart.Exact;
            var multiple = Terms.Rounding is { } rounding ? new BigInteger(rounding.Multiple * Terms.Currency.MinorUnitsPerUnit) : BigInteger.One;
            return RoundedAmount.Round(exact, multiple, Terms.Rounding?.Mode ?? RoundingMode.Nearest);
        }
    }
}
