using System.Numerics;
using CsCheck;
using Kupang.Ledger.Loans.Schedules;
using Xunit;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

/// <summary>
/// What holds for every schedule by days and with every grace, tried on twenty thousand of each method. Days are counted
/// here one by one, and the equal instalment is found by what later instalments are worth.
/// </summary>
public sealed class DaySchedulePropertyTests
{
    private const int Cases = 20_000;

    /// <summary>Rates in hundredths of a percent a year; one in five loans has a first due date of its own.</summary>
    private static readonly Gen<DayLoan> AnyLoan = Gen.Select(
        Gen.Select(Gen.Frequency((1, Gen.Long[1_000, 50_000]), (4, Gen.Long[1_000_000, 50_000_000_000])), Gen.Int[1, 24], Gen.Int[0, 6_000]),
        Gen.Select(Gen.Enum<DayCount>(), Gen.Enum<FrequencyUnit>(), Gen.Int[1, 6], Gen.Int[0, 12_000], Gen.Int[-80, 20]),
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[0, 6], Gen.Bool),
        (amount, time, grace) => new DayLoan(
            amount.Item1,
            amount.Item2,
            amount.Item3,
            time.Item1,
            new RepaymentFrequency(time.Item3, time.Item2),
            new DateOnly(2019, 1, 1).AddDays(time.Item4),
            time.Item5 < 0 ? null : time.Item5,
            new GraceTerms(
                grace.Item1 % amount.Item2,
                grace.Item2 % amount.Item2,
                grace.Item3 % amount.Item2,
                grace.Item4 ? DeferredInterest.Spread : DeferredInterest.Next)));

    [Theory]
    [InlineData(InterestMethod.Flat)]
    [InlineData(InterestMethod.DecliningEqualPrincipal)]
    [InlineData(InterestMethod.DecliningEqualInstalments)]
    public void Interest_is_the_balance_times_the_rate_of_the_days(InterestMethod method)
    {
        var made = 0;
        AnyLoan.Sample(
            loan =>
            {
                var late = loan.Grace with { InterestPaymentInstalments = 0 };
                if (loan.Calculate(method, late) is not ScheduleResult.Made(var schedule))
                {
                    return;
                }

                Interlocked.Increment(ref made);
                long[] principal = [.. schedule.Instalments.Select(row => row.Principal.MinorUnits)];
                Assert.Equal(loan.Principal, principal.Sum());
                Assert.All(principal, part => Assert.True(part >= 0));
                Assert.All(principal.Take(loan.Grace.PrincipalInstalments), part => Assert.Equal(0, part));
                Assert.True(principal[^1] > 0);

                var rates = loan.Rates([.. schedule.Instalments.Select(row => row.ContractDueOn)]);
                var balance = (BigInteger)loan.Principal;
                foreach (var (row, (dividend, divisor)) in schedule.Instalments.Zip(rates))
                {
                    AssertHalfEven(row.Interest.MinorUnits, balance * dividend, divisor);
                    balance -= method == InterestMethod.Flat ? 0 : row.Principal.MinorUnits;
                }

                AssertEqualInstalments(method, loan, schedule, rates);
                AssertPutOff(loan, schedule, Made(loan.Calculate(method, loan.Grace)));
            },
            iter: Cases);

        Assert.True(made > Cases / 2, $"Only {made} of {Cases} loans made a schedule.");
    }

    /// <summary>All rows after the grace but the last are alike where they pay principal at all.</summary>
    private static void AssertEqualInstalments(
        InterestMethod method, DayLoan loan, Schedule schedule, IReadOnlyList<(BigInteger Dividend, BigInteger Divisor)> rates)
    {
        var rows = schedule.Instalments.Skip(loan.Grace.PrincipalInstalments).SkipLast(1).ToList();
        if (rows.Count == 0)
        {
            return;
        }

        if (method == InterestMethod.DecliningEqualPrincipal)
        {
            AssertHalfEven(Assert.Single(rows.Select(row => row.Principal.MinorUnits).Distinct()), loan.Principal, rows.Count + 1);
            return;
        }

        var instalment = Assert.Single(rows.Where(row => row.Principal.IsPositive).Select(row => row.Total.MinorUnits).Distinct().DefaultIfEmpty(0));
        if (instalment == 0)
        {
            return;
        }

        if (method == InterestMethod.Flat)
        {
            var interest = schedule.Instalments.Skip(loan.Grace.PrincipalInstalments).Sum(row => row.Interest.MinorUnits);
            AssertHalfEven(instalment, loan.Principal + interest, rows.Count + 1);
            return;
        }

        // What n equal instalments are worth today is the sum of 1 / (1 + f1) ... (1 + fk), here over one divisor.
        var later = rates.Skip(loan.Grace.PrincipalInstalments).ToList();
        var (worth, divisor) = (BigInteger.Zero, BigInteger.One);
        for (var row = later.Count - 1; row >= 0; row--)
        {
            var growth = later[row].Dividend + later[row].Divisor;
            (worth, divisor) = ((worth + divisor) * later[row].Divisor, divisor * growth);
        }

        AssertHalfEven(instalment, loan.Principal * divisor, worth);
    }

    /// <summary>Putting interest off changes only when it is paid.</summary>
    private static void AssertPutOff(DayLoan loan, Schedule schedule, Schedule late)
    {
        var putOff = loan.Grace.InterestPaymentInstalments!.Value;
        Assert.Equal(Principals(schedule), Principals(late));
        Assert.Equal(schedule.TotalInterest, late.TotalInterest);
        Assert.All(late.Instalments.Take(putOff), row => Assert.True(row.Interest.IsZero));

        var interest = schedule.Instalments.Take(putOff).Sum(row => row.Interest.MinorUnits);
        var more = late.Instalments.Zip(schedule.Instalments, (paid, due) => paid.Interest.MinorUnits - due.Interest.MinorUnits).Skip(putOff).ToList();
        Assert.All(more, part => Assert.True(part >= 0));
        if (loan.Grace.DeferredInterest == DeferredInterest.Next)
        {
            Assert.Equal(putOff == 0 ? 0 : interest, more[0]);
        }
        else if (putOff > 0)
        {
            Assert.All(more.SkipLast(1).Where((_, index) => index < interest), part => Assert.InRange(part, 0, (interest / more.Count) + 1));
        }
    }

    private static void AssertHalfEven(BigInteger rounded, BigInteger dividend, BigInteger divisor)
    {
        var twiceAway = 2 * BigInteger.Abs((rounded * divisor) - dividend);
        Assert.True(twiceAway < divisor || (twiceAway == divisor && rounded.IsEven), $"{dividend} / {divisor} is not {rounded}.");
    }

    private sealed record DayLoan(
        long Principal,
        int Instalments,
        int Hundredths,
        DayCount DayCount,
        RepaymentFrequency Repayment,
        DateOnly DisbursedOn,
        int? FirstDueAfter,
        GraceTerms Grace)
    {
        public ScheduleResult Calculate(InterestMethod method, GraceTerms grace) => ScheduleSample.Calculate(
            Terms(method, Hundredths / 100m, per: RatePeriod.Year, repayment: Repayment, dayCount: DayCount).With(grace),
            Principal,
            Instalments,
            DisbursedOn,
            FirstDueAfter is { } days ? DisbursedOn.AddDays(days) : null);

        /// <summary>The rate of each period over 10,000 x 365 x 366 x 360 or, for months of thirty days, the days of a month.</summary>
        public IReadOnlyList<(BigInteger Dividend, BigInteger Divisor)> Rates(DateOnly[] dueOn)
        {
            List<(BigInteger, BigInteger)> rates = [];
            for (var row = 0; row < dueOn.Length; row++)
            {
                var from = row == 0 ? DisbursedOn : dueOn[row - 1];
                var rate = row < Grace.InterestFreeInstalments ? 0 : (BigInteger)Hundredths;
                if (DayCount is DayCount.Thirty360 or DayCount.Thirty365 && Repayment.Unit == FrequencyUnit.Month)
                {
                    var (months, ofMonth) = row > 0 || FirstDueAfter is null ? (Repayment.Every, 1) : Broken(from, dueOn[0]);
                    rates.Add((rate * months * 30, (BigInteger)10_000 * ofMonth * (DayCount == DayCount.Thirty360 ? 360 : 365)));
                    continue;
                }

                var (of365, of366) = (0, 0);
                for (var day = from.AddDays(1); day <= dueOn[row]; day = day.AddDays(1))
                {
                    (of365, of366) = DateTime.IsLeapYear(day.Year) ? (of365, of366 + 1) : (of365 + 1, of366);
                }

                rates.Add(DayCount switch
                {
                    DayCount.ActualActual => (rate * ((of365 * 366) + (of366 * 365)), (BigInteger)10_000 * 365 * 366),
                    DayCount.Actual365 or DayCount.Thirty365 => (rate * (of365 + of366), 3_650_000),
                    _ => (rate * (of365 + of366), 3_600_000),
                });
            }

            return rates;
        }

        /// <summary>Fewer days than a month has are a part of that month: there are at most 20.</summary>
        private static (int Days, int OfMonth) Broken(DateOnly from, DateOnly to) =>
            (to.DayNumber - from.DayNumber, from.AddMonths(1).DayNumber - from.DayNumber);
    }
}
