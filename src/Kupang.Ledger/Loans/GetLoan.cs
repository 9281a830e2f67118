using System.Collections.Immutable;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>The parts of what is owed or paid, each as money.</summary>
public sealed record LoanParts(Money Principal, Money Interest, Money Fee, Money Penalty)
{
    public static LoanParts Of(LoanAmounts amounts) => new(amounts.Principal, amounts.Interest, amounts.Fee, amounts.Penalty);
}

/// <param name="DaysPastDue">Days since <paramref name="OldestDueOn"/>; the due day itself is 0.</param>
public sealed record LoanArrears(Money Principal, Money Interest, Money Fee, Money Penalty, int DaysPastDue, DateOnly? OldestDueOn);

/// <summary>A loan as a loan officer sees it on a day.</summary>
/// <param name="FundId">The fund it is made from, the first of <paramref name="Funding"/>.</param>
/// <param name="OfficerId">Who of the staff looks after it on that day.</param>
/// <param name="Claim">What is still claimed of a loan that was written off.</param>
/// <param name="Flags">What happened to it, for ever.</param>
/// <param name="Card">The paper card it was taken over from: what was paid by then is among what is paid, and was no income here.</param>
public sealed record LoanAnswer(
    LoanId Id,
    string Number,
    string? ExternalId,
    LoanStatus Status,
    FundId FundId,
    ImmutableArray<FundingShare> Funding,
    LoanProductId ProductId,
    int ProductVersion,
    MemberId MemberId,
    GroupId? GroupId,
    Money Principal,
    int Instalments,
    Personal Purpose,
    LoanProfile Profile,
    StaffId? OfficerId,
    DateOnly ProposedOn,
    DateOnly? ApprovedOn,
    DateOnly? DisbursedOn,
    LoanId? Refinances,
    IReadOnlyList<string> Flags,
    LoanParts Outstanding,
    LoanArrears Arrears,
    LoanParts Paid,
    LoanParts Waived,
    Money Undisbursed,
    Money Claim,
    Money Advance,
    DateOnly EffectiveOn,
    long AsOfSequence,
    LoanCard? Card = null)
{
    /// <summary>What it costs in a year, said when it is proposed.</summary>
    public RatesPerYear? RatesPerYear { get; init; }

    /// <summary>Where that is beyond the tenant's caps.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    public static LoanAnswer Of(Loan loan, DateOnly day, long sequence)
    {
        var position = LoanPosition.Of(loan, day);
        var arrears = LoanParts.Of(position.Arrears);
        return new LoanAnswer(
            loan.Id,
            loan.Number,
            loan.ExternalId,
            position.Status,
            loan.FundId,
            loan.Funding,
            loan.ProductId,
            loan.ProductVersion,
            loan.MemberId,
            loan.GroupOn(day),
            loan.Principal,
            loan.InstalmentCount,
            new Personal(loan.Purpose),
            loan.Profile,
            loan.OfficerOn(day),
            loan.ProposedOn,
            Until(loan.Approval, day),
            Until(loan.Disbursement, day) is null ? null : loan.DisbursedOn,
            loan.Refinances,
            loan.FlagsOn(day),
            LoanParts.Of(position.Outstanding),
            new LoanArrears(arrears.Principal, arrears.Interest, arrears.Fee, arrears.Penalty, position.DaysPastDue, position.OldestDueOn),
            LoanParts.Of(position.Paid),
            LoanParts.Of(position.Waived),
            loan.Undisbursed,
            position.Claim,
            position.Advance,
            day,
            sequence,
            loan.Card);
    }

    private static DateOnly? Until(Step? step, DateOnly day) => step is not null && step.EffectiveOn <= day ? step.EffectiveOn : null;
}

/// <summary>One instalment on a day: what is due, what of it is paid, and what is open.</summary>
public sealed record InstalmentAnswer(
    int Number, DateOnly DueOn, DateOnly ContractDueOn, LoanParts Due, LoanParts Paid, LoanParts LetOff, LoanParts Open, bool IsDue);

public sealed record LoanInstalmentsAnswer(LoanId LoanId, DateOnly EffectiveOn, IReadOnlyList<InstalmentAnswer> Instalments, long AsOfSequence);

public static class GetLoanEndpoint
{
    [WolverineGet("/v1/loans/{loanId}", OperationId = "getLoan")]
    [Tags("Loans"), Answers(typeof(LoanAnswer), 200)]
    public static Task<IResult> Get(Guid loanId, HttpContext http) => http.Read(async (snapshot, asOf, cancellation) =>
        await snapshot.Find<Loan>(loanId, cancellation) is { } loan ? LoanAnswer.Of(loan, asOf.EffectiveOn, snapshot.Sequence) : null);

    [WolverineGet("/v1/loans/{loanId}/schedule", OperationId = "getLoanSchedule")]
    [Tags("Loans"), Answers(typeof(LoanInstalmentsAnswer), 200)]
    public static Task<IResult> GetSchedule(Guid loanId, HttpContext http) => http.Read(async (snapshot, asOf, cancellation) =>
        await snapshot.Find<Loan>(loanId, cancellation) is { } loan
            ? new LoanInstalmentsAnswer(
                loan.Id,
                asOf.EffectiveOn,
                [.. LoanPosition.Of(loan, asOf.EffectiveOn).Instalments.Select(instalment => new InstalmentAnswer(
                    instalment.Instalment.Number,
                    instalment.Instalment.DueOn,
                    instalment.Instalment.ContractDueOn,
                    LoanParts.Of(instalment.Due),
                    LoanParts.Of(instalment.Paid),
                    LoanParts.Of(instalment.LetOff),
                    LoanParts.Of(instalment.Open),
                    instalment.Instalment.DueOn <= asOf.EffectiveOn))],
                snapshot.Sequence)
            : null);
}

public static class ListLoansEndpoint
{
    private static readonly Dictionary<string, string> IdFilters = new(StringComparer.Ordinal)
    {
        ["fundId"] = "fund_id",
        ["groupId"] = "group_id",
        ["memberId"] = "member_id",
        ["productId"] = "product_id",
    };

    [WolverineGet("/v1/loans", OperationId = "listLoans")]
    [Tags("Loans"), Answers(typeof(Page<LoanAnswer>), 200)]
    [Query("status", "fundId", "groupId", "memberId", "productId", "overdueDaysFrom", "effectiveOn"), QueryWords("status", typeof(LoanStatus))]
    public static Task<IResult> Get(HttpContext http)
    {
        var status = http.QueryWord<LoanStatus>("status");
        var overdueDaysFrom = http.QueryNumber("overdueDaysFrom", 0, 100_000);
        var effectiveOn = http.QueryDay("effectiveOn");
        var fundId = http.QueryId("fundId");
        var groupId = http.QueryId("groupId");
        return http.List<Loan>(IdFilters, ["status", "overdueDaysFrom", "effectiveOn"], (loan, snapshot) =>
        {
            var day = effectiveOn ?? snapshot.Today;
            var answer = loan.ProposedOn > day ? null : LoanAnswer.Of(loan, day, snapshot.Sequence);
            var isWanted = answer is not null
                && (fundId is null || loan.Funding.Any(share => share.FundId.Value == fundId))
                && (groupId is null || loan.GroupOn(day)?.Value == groupId)
                && (status is null || answer.Status == status)
                && (overdueDaysFrom is null || (answer.Arrears.OldestDueOn is not null && answer.Arrears.DaysPastDue >= overdueDaysFrom));
            return ValueTask.FromResult<object?>(isWanted ? answer : null);
        });
    }
}
