using System.Globalization;
using System.Numerics;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>Why terms make no schedule. The codes are part of the public contract.</summary>
internal static class ScheduleRefusals
{
    public static ScheduleResult.Refused TermsOutOfRange(string detail) =>
        new("terms-out-of-range", "No schedule can be counted with these terms", detail);

    public static ScheduleResult.Refused WrongCurrency(Currency terms, Currency principal) => new(
        "wrong-currency",
        "The loan is kept in another currency",
        $"The terms are in {terms}, the principal in {principal}.");

    public static ScheduleResult.Refused PrincipalNotPositive(Money principal) => new(
        "principal-not-positive", "The principal must be more than zero", $"{principal} was asked for.");

    public static ScheduleResult.Refused InstalmentsOutOfRange(int instalments, int most) => new(
        "instalments-out-of-range",
        "The number of instalments is out of range",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{instalments} instalments were asked for; there are 1 to {most}."));

    public static ScheduleResult.Refused GraceTooLong(int grace, int instalments) => new(
        "grace-too-long",
        "No instalment is left to pay the principal",
        string.Create(CultureInfo.InvariantCulture, $"{grace} of {instalments} instalments are free of principal."));

    public static ScheduleResult.Refused FirstDueOnBeforeDisbursement(DateOnly firstDueOn, DateOnly disbursedOn) => new(
        "first-due-on-before-disbursement",
        "The first instalment is due before the loan is paid out",
        $"The first instalment is due on {firstDueOn:O}, the loan is paid out on {disbursedOn:O}.");

    public static ScheduleResult.Refused TooManyInstalments(Money principal, int instalments) => new(
        "too-many-instalments",
        "The principal is too small for so many instalments",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{principal} leaves nothing for one of {instalments} instalments, whatever it is rounded to."));

    public static ScheduleResult.Refused RoundingTooCoarse(
        BigInteger multiple, BigInteger largest, Currency currency) => new(
        "rounding-too-coarse",
        "The rounding leaves nothing for one of the instalments",
        $"Rounding to multiples of {Text(multiple, currency)} leaves nothing for one of the instalments; "
        + $"the largest multiple that works is {Text(largest, currency)}.");

    private static string Text(BigInteger minorUnits, Currency currency) =>
        Money.OfMinorUnits((long)minorUnits, currency).ToAmountText();
}
