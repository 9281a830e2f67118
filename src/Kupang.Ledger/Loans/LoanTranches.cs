using System.Collections.Immutable;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// Principal that is paid out in parts. Each part is a loan of its own on the due dates that are left: it bears interest and
/// is rounded by the same terms from the day it is paid out, and the instalments are the sums of the parts.
/// </summary>
internal static class LoanTranches
{
    /// <summary>Why so much can't be paid out now, or null.</summary>
    /// <param name="left">What was approved and is not paid out yet.</param>
    public static Decision? Check(DisburseLoan command, Loan loan, Money principal, Money left)
    {
        var paidOut = loan.Disbursement is null ? 0 : 1 + loan.Entries.Count(entry => entry.Kind == EntryKind.Tranche);
        return AmountCheck(command, loan)
            ?? (principal > left ? Decision.Refuse("exceeds-approved", "/principal", new Figure("available", left), new Figure("required", principal))
            : principal < left && paidOut + 1 >= (loan.Terms.MaximumTranches ?? 1)
                ? Decision.Refuse("too-many-tranches", "/principal", new Figure("most", loan.Terms.MaximumTranches ?? 1), new Figure("left", left))
            : loan.Disbursement is not null && command.FirstDueOn is not null ? Decision.Refuse("first-due-on-fixed", "/firstDueOn")
            : null);
    }

    /// <summary>Of which funds it comes, by what each has not paid out yet.</summary>
    public static ImmutableArray<FundingShare> FundingOf(Loan loan, Money principal)
    {
        var paidOut = loan.DisbursedShares.ToDictionary(share => share.FundId, share => share.Principal.MinorUnits);
        var shares = principal.ProRata([.. loan.Funding.Select(share => share.Principal.MinorUnits - paidOut.GetValueOrDefault(share.FundId))]);
        return [.. loan.Funding.Zip(shares, (share, part) => share with { Principal = part }).Where(share => share.Principal.IsPositive)];
    }

    /// <summary>How a further tranche is paid back: on the due dates after the day it is paid out on.</summary>
    public static ScheduleResult RowsOf(Loan loan, Money principal, DateOnly effectiveOn)
    {
        var dueOn = loan.FirstSchedule.Where(row => row.ContractDueOn > effectiveOn).ToArray();
        if (dueOn.Length == 0)
        {
            return new ScheduleResult.Refused("no-instalment-left", [new Figure("effectiveOn", effectiveOn)]);
        }

        var (terms, passed) = (loan.Terms.ForSchedule(), loan.FirstSchedule.Length - dueOn.Length);
        var result = ScheduleCalculator.On(
            terms with { Grace = After(terms.Grace, passed, dueOn.Length) }, principal, effectiveOn, [.. dueOn.Select(row => row.ContractDueOn)], WorkingWeek.MondayToSaturday);
        return result is ScheduleResult.Made made
            ? new ScheduleResult.Made(new Schedule([.. made.Schedule.Instalments.Zip(dueOn, (part, row) => row with { Principal = part.Principal, Interest = part.Interest })]))
            : result;
    }

    /// <summary>What is left of the grace; the last instalment has none.</summary>
    private static GraceTerms After(GraceTerms grace, int passed, int rows)
    {
        return grace with
        {
            PrincipalInstalments = Left(grace.PrincipalInstalments),
            InterestPaymentInstalments = grace.InterestPaymentInstalments is { } unpaid ? Left(unpaid) : null,
            InterestFreeInstalments = grace.InterestFreeInstalments is { } free ? Left(free) : null,
        };

        int Left(int instalments) => Math.Clamp(instalments - passed, 0, rows - 1);
    }

    private static Decision? AmountCheck(DisburseLoan command, Loan loan) =>
        command.Principal is { } named ? Writing.AmountRules.Check(named, loan.Currency, "/principal") : null;
}
