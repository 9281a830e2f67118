using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Funds;

/// <summary>Which terms a fund may have.</summary>
public static class FundTermsRules
{
    /// <summary>Why terms are refused, or null: a list that names nobody would lend to nobody.</summary>
    public static Decision? Check(FundTerms? terms) =>
        terms?.LendsTo is not { } lendsTo ? null
        : lendsTo.Sexes is { IsEmpty: true } ? Empty("sexes")
        : lendsTo.Sectors is { IsEmpty: true } ? Empty("sectors")
        : lendsTo.AreaCodes is { IsEmpty: true } ? Empty("areaCodes")
        : lendsTo.PurposeCodes is { IsEmpty: true } ? Empty("purposeCodes")
        : null;

    private static Decision Empty(string term) => Decision.Refuse("empty-restriction", $"/terms/lendsTo/{term}", new Figure("term", term));
}
