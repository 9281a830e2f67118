using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

/// <summary>What every command about an existing loan tells the door: it needs the loan and its fund, and notes are about the member.</summary>
public static class LoanSlice
{
    /// <param name="needs">What it needs besides, once the loan is known.</param>
    public static WriteSlice Of(
        Guid loanId, Func<Loan, IEnumerable<Need>> needs, Func<Loan, Fund, States, Moment, Decision> decide, Func<States, Moment, Answer> answer) => new()
        {
            NoteAbout = states => states.Peek<Loan>(loanId)?.MemberId.Value,
            Needs = states => states.Peek<Loan>(loanId) is { } loan
                ? [Need.Of<Loan>(loanId), Need.Of<Fund>(loan.FundId.Value), .. needs(loan)]
                : [Need.Of<Loan>(loanId)],
            Decide = (states, moment) => states.Find<Loan>(loanId) is { } loan
                ? decide(loan, states.Find<Fund>(loan.FundId.Value)!, states, moment)
                : Decision.NotFound(),
            Answer = answer,
        };
}
