using Kupang.Ledger.Funds;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

/// <summary>
/// A top-up: a new loan pays an older one of the same borrower off, and only what is left of it leaves the cash box. What the
/// old one is settled with is kept back from the new one as an advance of the borrower, and paid from there in the same
/// command, so the account is as before. When the old loan was in arrears, both say so for ever: such a loan may hide them.
/// </summary>
internal static class Refinancing
{
    /// <summary>Why a loan can't be paid off by a new one of these funds, or null.</summary>
    public static Decision? Check(Loan? old, MemberId memberId, IReadOnlyList<FundingShare> funding) =>
        old is null ? Decision.Refuse("unknown-loan", "/refinances")
        : old.Status != LoanStatus.Active || old.MemberId != memberId || !old.Undisbursed.IsZero
            || funding.Count != 1 || old.Funding.Length != 1 || old.FundId != funding[0].FundId
            ? Decision.Refuse("refinanced-loan-not-fit", "/refinances", new Figure("loanStatus", LedgerJson.WordOf(old.Status)))
        : null;

    /// <summary>What the old loan is paid off with; null when there is none, or it was paid off meanwhile.</summary>
    public static SettlementQuote? QuoteOf(Loan? old, DisburseLoan command, DateOnly effectiveOn) =>
        old is { Status: LoanStatus.Active } ? SettleLoanDecider.Quote(old, command.RefinancePolicy ?? SettlementPolicy.CurrentPeriod, effectiveOn) : null;

    /// <summary>Principal and interest that were due and not paid; a penalty alone is no arrears.</summary>
    public static Money OverdueOf(Loan old, DateOnly day)
    {
        var arrears = LoanPosition.Of(old, day).Arrears;
        return arrears.Principal + arrears.Interest;
    }

    /// <summary>The payout of the new loan with the settlement of the old one beside it.</summary>
    public static Decision WithSettlement(
        Decision payout, TransactionId settlementId, Loan loan, Loan old, SettlementQuote quote, DateOnly effectiveOn, FundBooks funds, Moment moment)
    {
        if (payout is not Decision.ToRecord recorded)
        {
            return payout;
        }

        var arrears = OverdueOf(old, effectiveOn);
        var settled = SettleLoanDecider.Settle(
            settlementId, old, quote.Policy, quote.Amount, new PaymentSource(AccountCode.AdvancesHeld), effectiveOn, (null, null), funds, moment, (loan.Id, arrears));
        return settled is Decision.ToRecord settlement ? Decision.Record([.. recorded.Facts, .. settlement.Facts]) : settled;
    }
}

/// <summary>How a loan that pays another one off did so.</summary>
/// <param name="LoanId">The loan that was paid off.</param>
/// <param name="PaidArrears">What of it was overdue on that day.</param>
public sealed record RefinancedLoan(LoanId LoanId, TransactionId SettlementId, Money PaidArrears);
