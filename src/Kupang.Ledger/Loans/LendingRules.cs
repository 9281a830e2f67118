using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

/// <summary>A fund that a loan draws on, with all that the ledger knows it holds.</summary>
public sealed record LendingFund(Fund Fund, FundBalances Balances)
{
    public static IEnumerable<Need> Needs(Loan loan) => loan.Funding.Select(share => Need.Balances(share.FundId));

    public static IReadOnlyList<LendingFund> Of(Loan loan, FundBooks funds, States states) =>
        [.. loan.Funding.Select(share => new LendingFund(funds[share.FundId], states.Balances(share.FundId)))];
}

/// <summary>Whether funds may lend what is asked of them.</summary>
public static class LendingRules
{
    /// <summary>The most funds that one loan draws on.</summary>
    public const int MostFunds = 10;

    /// <summary>Why the first of the funds that may not lend to such a borrower does not, or null.</summary>
    public static Decision? CheckRestrictions(IReadOnlyList<LendingFund> lenders, LoanProfile profile) =>
        lenders.Select(lender => FundRestriction.Refuse(lender.Fund, profile)).FirstOrDefault(refusal => refusal is not null);

    /// <summary>The first fund that has less to lend than its share, or null.</summary>
    /// <param name="isCommitted">Whether each keeps its share ready for this loan already, besides what it can lend to anybody.</param>
    public static Decision? CheckLendable(ImmutableArray<FundingShare> funding, IReadOnlyList<LendingFund> lenders, bool isCommitted) => funding
        .Select(share =>
        {
            var lender = lenders.First(known => known.Fund.Id == share.FundId);
            var lendable = FundPosition.Of(lender.Balances, lender.Fund).Lendable;
            var available = isCommitted ? lendable + share.Principal : lendable;
            return share.Principal > available
                ? Decision.Refuse(
                    "insufficient-lendable-funds",
                    pointer: null,
                    new Figure("available", available),
                    new Figure("required", share.Principal),
                    new Figure("fundId", share.FundId.ToString()))
                : null;
        })
        .FirstOrDefault(refusal => refusal is not null);
}
