using System.Collections.Immutable;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Policies;
using Kupang.Ledger.Reporting;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Allowances;

/// <summary>
/// What a fund's allowance must be at the end of a month, counted from what was known at a number before the door is entered:
/// two hundred thousand loans are not read under the tenant's lock. The door takes it only while it still knows the same of the
/// allowance itself: the same runs, the same balances, the same policy. Loans' facts that came meanwhile are late facts like any
/// other, which the next run finds.
/// </summary>
/// <param name="Balances">By account; what the books held at the month's end on the days on which things happened.</param>
/// <param name="Held">What each account held over all days, as a check that nothing was posted since.</param>
/// <param name="Runs">How many runs of the fund were known.</param>
public sealed record AllowanceCount(
    long Sequence,
    ClassificationPolicy Policy,
    ImmutableArray<AllowanceClass> Classes,
    ImmutableArray<AllowanceBalance> Balances,
    ImmutableDictionary<string, long> Held,
    int Runs)
{
    private static readonly ImmutableArray<BookingClass> BookingClasses = [BookingClass.Spp, BookingClass.Uep, BookingClass.Other];

    /// <param name="previous">Debits less credits of the allowance accounts at the end of the month.</param>
    public static AllowanceCount Of(
        PortfolioView view,
        ClassificationPolicy policy,
        IReadOnlyCollection<PositionSum> sums,
        IReadOnlyDictionary<string, long> previous,
        ImmutableDictionary<string, long> held,
        int runs,
        long sequence)
    {
        ImmutableArray<AllowanceClass> classes =
        [
            .. from sum in sums
               group sum by (Account: LoanPostingRules.AllowanceOf(sum.BookingClass), Class: policy.ClassOf(sum.LatenessOn(view.Day))) into part
               orderby part.Key.Account.Value, part.Key.Class
               let of = policy.Classes[part.Key.Class]
               let outstanding = view.Amount(part.Sum(sum => sum.Outstanding))
               select new AllowanceClass(
                   part.Key.Account,
                   part.Key.Class + 1,
                   of.Code,
                   of.AllowancePercent!.Value,
                   part.Sum(sum => sum.Loans),
                   outstanding,
                   policy.AllowanceOf(part.Key.Class, outstanding)),
        ];
        return new AllowanceCount(
            sequence,
            policy,
            classes,
            [
                .. BookingClasses.Select(LoanPostingRules.AllowanceOf)
                    .Select(account => new AllowanceBalance(
                        account,
                        Money.Sum(classes.Where(of => of.Account == account).Select(of => of.Required), view.Currency),
                        view.Amount(-previous.GetValueOrDefault(account.Value))))
                    .Where(balance => !balance.Required.IsZero || !balance.Previous.IsZero),
            ],
            held,
            runs);
    }

    /// <summary>What brings each account to what it must hold: an expense where it grows, and less of it where it falls.</summary>
    public IEnumerable<JournalLine> Lines(FundId fundId, BookDay day) => Balances
        .Select(balance => (balance.Account, Difference: balance.Required - balance.Previous))
        .Where(balance => !balance.Difference.IsZero)
        .SelectMany(balance => new[]
        {
            JournalLine.Debit(AccountCode.LoanLossExpense, fundId, balance.Difference, day),
            JournalLine.Credit(balance.Account, fundId, balance.Difference, day),
        });
}
