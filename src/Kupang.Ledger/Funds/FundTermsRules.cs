using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Funds;

/// <summary>Which terms a fund may have.</summary>
public static class FundTermsRules
{
    /// <summary>Why terms are refused, or null: a list that names nobody would lend to nobody, and a reserve is a part of savings that are lent.</summary>
    public static Decision? Check(FundTerms? terms) =>
        terms?.ReservePercent is { } reserve && (terms.LendsSavings != true || reserve.Percent > 100)
            ? Decision.Refuse("terms-out-of-range", "/terms/reservePercent", new Figure("term", "reservePercent"))
        : terms?.LendsTo is not { } lendsTo ? null
        : lendsTo.Sexes is { IsEmpty: true } ? Empty("sexes")
        : lendsTo.Sectors is { IsEmpty: true } ? Empty("sectors")
        : lendsTo.AreaCodes is { IsEmpty: true } ? Empty("areaCodes")
        : lendsTo.PurposeCodes is { IsEmpty: true } ? Empty("purposeCodes")
        : null;

    private static Decision Empty(string term) => Decision.Refuse("empty-restriction", $"/terms/lendsTo/{term}", new Figure("term", term));
}
