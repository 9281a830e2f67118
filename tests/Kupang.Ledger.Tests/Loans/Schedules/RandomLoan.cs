using System.Numerics;
using CsCheck;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using static Kupang.Ledger.Tests.Loans.Schedules.ScheduleSample;

namespace Kupang.Ledger.Tests.Loans.Schedules;

/// <summary>
/// Principal and multiple in minor units, the rate in millionths of a percent.
/// </summary>
internal sealed record RandomLoan(
    Currency Currency,
    long Principal,
    int Instalments,
    int Grace,
    int Millionths,
    RatePeriod Per,
    FrequencyUnit Unit,
    int Every,
    long Multiple,
    RoundingMode Mode,
    DateOnly DisbursedOn,
    DateOnly? FirstDueOn,
    HolidayRule Holidays)
{
    public static readonly Gen<RandomLoan> Any = Gen.Select(
        Gen.Select(
            OneOf(Currency.IndonesianRupiah, Currency.UnitedStatesDollar, Currency.FromCode("KWD")),
            Gen.Frequency(
                (1, Gen.Long[1, 2_000]),
                (4, Gen.Long[100_000, 200_000_000]),
                (1, Gen.Long[1, Money.MaximumMinorUnits])),
            Gen.Frequency((30, Gen.Int[1, 52]), (1, Gen.Int[1, 600])),
            Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 12]))),
        Gen.Select(
            Gen.Frequency(
                (1, Gen.Const(0)),
                (3, Gen.Int[0, 300].Select(hundredths => hundredths * 10_000)),
                (2, Gen.Int[0, 60_000_000])),
            Gen.Enum<RatePeriod>(),
            Gen.Enum<FrequencyUnit>(),
            Gen.Int[1, 6]),
        Gen.Select(
            Gen.Frequency((4, OneOf<long>(1, 5, 25, 50, 100, 500, 1_000, 5_000)), (1, Gen.Long[1, 300_000])),
            Gen.Enum<RoundingMode>(),
            Gen.Int[0, 20_000].Select(new DateOnly(2000, 1, 1).AddDays),
            Gen.Int[-70, 70],
            Gen.Enum<HolidayRule>()),
        (amount, rate, rest) => new RandomLoan(
            amount.Item1,
            amount.Item2,
            amount.Item3,
            Grace: amount.Item4 % amount.Item3,
            rate.Item1,
            rate.Item2,
            rate.Item3,
            rate.Item4,
            rest.Item1,
            rest.Item2,
            rest.Item3,
            FirstDueOn: rest.Item4 < 0 ? null : rest.Item3.AddDays(rest.Item4),
            rest.Item5));

    public ScheduleResult Calculate(InterestMethod method) => ScheduleCalculator.Calculate(
        Terms(
            method,
            Millionths / 1_000_000m,
            new RoundingTerms((decimal)Multiple / Currency.MinorUnitsPerUnit, Mode),
            Grace,
            Per,
            new RepaymentFrequency(Every, Unit),
            Holidays,
            Currency),
        Money.OfMinorUnits(Principal, Currency),
        Instalments,
        DisbursedOn,
        FirstDueOn,
        WorkingWeek.MondayToSaturday);

    /// <summary>The rate of a period, written out for each of the twelve ways to quote it and to pay.</summary>
    public (BigInteger Dividend, BigInteger Divisor) Rate()
    {
        const long whole = 100_000_000;
        var quoted = (BigInteger)Millionths * Every;
        return (Per, Unit) switch
        {
            (RatePeriod.Year, FrequencyUnit.Month) => (quoted, whole * 12),
            (RatePeriod.Year, FrequencyUnit.Week) => (quoted, whole * 52),
            (RatePeriod.Year, FrequencyUnit.Day) => (quoted, whole * 365),
            (RatePeriod.Month, FrequencyUnit.Month) => (quoted, whole),
            (RatePeriod.Month, FrequencyUnit.Week) => (quoted * 12, whole * 52),
            (RatePeriod.Month, FrequencyUnit.Day) => (quoted * 12, whole * 365),
            (RatePeriod.Week, FrequencyUnit.Month) => (quoted * 52, whole * 12),
            (RatePeriod.Week, FrequencyUnit.Week) => (quoted, whole),
            (RatePeriod.Week, FrequencyUnit.Day) => (quoted * 52, whole * 365),
            _ => (Millionths, whole * Instalments),
        };
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
