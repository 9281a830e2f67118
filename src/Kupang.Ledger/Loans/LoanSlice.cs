using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

/// <summary>What every command about an existing loan tells the door: it needs the loan and its funds, and notes are about the member.</summary>
public static class LoanSlice
{
    /// <param name="needs">What it needs besides, once the loan is known.</param>
    public static WriteSlice Of(
        Guid loanId, Func<Loan, IEnumerable<Need>> needs, Func<Loan, FundBooks, States, Moment, Decision> decide, Func<States, Moment, Answer> answer) => new()
        {
            NoteAbout = states => states.Peek<Loan>(loanId)?.MemberId.Value,
            Needs = states => states.Peek<Loan>(loanId) is { } loan
                ? [Need.Of<Loan>(loanId), .. FundsOf(loan).Select(fundId => Need.Of<Fund>(fundId.Value)), .. needs(loan)]
                : [Need.Of<Loan>(loanId)],
            Decide = (states, moment) => states.Find<Loan>(loanId) is { } loan
                ? decide(loan, BooksOf(loan, states), states, moment)
                : Decision.NotFound(),
            Answer = answer,
        };

    /// <summary>The funds that a loan's money moves through: those it draws on, and those that hold money paid on it.</summary>
    public static IEnumerable<FundId> FundsOf(Loan loan) =>
        loan.Funding.Select(share => share.FundId)
            .Concat(loan.Entries.Select(entry => entry.Source.HeldBy).OfType<FundId>())
            .Distinct();

    public static FundBooks BooksOf(Loan loan, States states) => new([.. FundsOf(loan).Select(fundId => states.Find<Fund>(fundId.Value)!)]);
}
