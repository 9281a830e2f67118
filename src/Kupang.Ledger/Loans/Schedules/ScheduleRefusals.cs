using System.Numerics;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>Why terms make no schedule. The codes are part of the public contract; the figures are those of the case.</summary>
internal static class ScheduleRefusals
{
    public static ScheduleResult.Refused TermsOutOfRange(string term) => new("terms-out-of-range", [new Figure("term", term)]);

    public static ScheduleResult.Refused WrongCurrency(Currency terms, Money principal) =>
        new("wrong-currency", [new Figure("currency", terms.Code), new Figure("amount", principal)]);

    public static ScheduleResult.Refused PrincipalNotPositive(Money principal) =>
        new("principal-not-positive", [new Figure("amount", principal)]);

    public static ScheduleResult.Refused InstalmentsOutOfRange(int instalments, int most) =>
        new("instalments-out-of-range", [new Figure("instalments", instalments), new Figure("most", most)]);

    public static ScheduleResult.Refused GraceTooLong(int grace, int instalments) =>
        new("grace-too-long", [new Figure("grace", grace), new Figure("instalments", instalments)]);

    public static ScheduleResult.Refused FirstDueOnBeforeDisbursement(DateOnly firstDueOn, DateOnly disbursedOn) =>
        new("first-due-on-before-disbursement", [new Figure("firstDueOn", firstDueOn), new Figure("disbursedOn", disbursedOn)]);

    public static ScheduleResult.Refused InstalmentsNotCustom(int instalments, int custom) =>
        new("instalments-not-custom", [new Figure("instalments", instalments), new Figure("custom", custom)]);

    public static ScheduleResult.Refused CustomDatesNotAscending(DateOnly dueOn, DateOnly before) =>
        new("custom-dates-not-ascending", [new Figure("dueOn", dueOn), new Figure("earlier", before)]);

    public static ScheduleResult.Refused CustomSharesNotWhole(string share, decimal percent) =>
        new("custom-shares-not-whole", [new Figure("share", share), new Figure("percent", new Percentage(percent).ToString())]);

    public static ScheduleResult.Refused TooManyInstalments(Money principal, int instalments) =>
        new("too-many-instalments", [new Figure("amount", principal), new Figure("instalments", instalments)]);

    public static ScheduleResult.Refused RoundingTooCoarse(BigInteger multiple, BigInteger largest, Currency currency) => new(
        "rounding-too-coarse", [new Figure("multiple", Text(multiple, currency)), new Figure("largestMultiple", Text(largest, currency))]);

    private static string Text(BigInteger minorUnits, Currency currency) =>
        Money.OfMinorUnits((long)minorUnits, currency).ToAmountText();
}
