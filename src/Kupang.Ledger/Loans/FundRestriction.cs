using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// Whether a fund lends to a borrower at all. Asked when the loan is approved and again when it is paid out, since a fund's
/// terms may have changed between; a loan that is paid out stays what it is.
/// </summary>
public static class FundRestriction
{
    /// <summary>Why the fund does not lend to such a borrower, or null. What is not known of the borrower meets no term.</summary>
    public static Decision? Refuse(Fund fund, LoanProfile profile)
    {
        if (fund.Terms.LendsTo is not { } lendsTo)
        {
            return null;
        }

        var term = lendsTo.Sexes is { } sexes && !sexes.Contains(profile.Sex) ? "sexes"
            : lendsTo.Sectors is { } sectors && !sectors.Any(sector => LedgerJson.WordOf(sector) == profile.Sector) ? "sectors"
            : lendsTo.AreaCodes is { } areas && !areas.Any(area => profile.AreaCode is { } code && area.Holds(code)) ? "areaCodes"
            : lendsTo.PurposeCodes is { } purposes && !purposes.Any(purpose => purpose.Value == profile.PurposeCode) ? "purposeCodes"
            : null;
        return term is null
            ? null
            : Decision.Refuse("outside-fund-restriction", pointer: null, new Figure("fundCode", fund.Code), new Figure("term", term));
    }
}
