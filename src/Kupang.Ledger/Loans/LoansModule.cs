using Kupang.Ledger.Calendars;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

/// <summary>Loans and the products they are made on.</summary>
public static class LoansModule
{
    public static FactTypes.Builder AddLoans(this FactTypes.Builder facts) => facts
        .Stream<LoanProduct>(typeof(LoanProductDefined), typeof(LoanProductRevised))
        .Stream<Loan>(
            typeof(LoanProposed),
            typeof(LoanApproved),
            typeof(LoanRejected),
            typeof(LoanCancelled),
            typeof(LoanDisbursed),
            typeof(LoanTrancheDisbursed),
            typeof(LoanTrancheReversed),
            typeof(LoanRemainderCancelled),
            typeof(RepaymentRecorded),
            typeof(RepaymentsReallocated),
            typeof(RepaymentsReassigned),
            typeof(LoanApprovalReversed),
            typeof(LoanDisbursementReversed),
            typeof(RepaymentReversed),
            typeof(AdvanceRefunded),
            typeof(AdvanceRefundReversed),
            typeof(LoanMigrated),
            typeof(LoanMigrationReversed),
            typeof(LoanOfficerAssigned),
            typeof(LoanSettled),
            typeof(LoanRescheduled),
            typeof(LoanWrittenOff),
            typeof(RecoveryRecorded),
            typeof(ClaimForgiven),
            typeof(InsuranceClaimPaid),
            typeof(LoanTurnReversed),
            typeof(LoanTransferred),
            typeof(LoanFeeCharged),
            typeof(LoanChargeWaived),
            typeof(LoanEntryReversed),
            typeof(LoanDueDatesMoved));

    public static IServiceCollection AddLoans(this IServiceCollection services) => services.AddSingleton<ICalendarFollower, DueDateFollower>();
}
