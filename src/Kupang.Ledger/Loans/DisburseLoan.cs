using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>How a person speaks of the way money moved.</summary>
public enum PaymentMethod
{
    Cash,
    Bank,
}

/// <summary>Pays the loan out, and fixes its dates and schedule.</summary>
/// <param name="FirstDueOn">The first due date; one period after the disbursement when left out.</param>
/// <param name="Deductions">Kept back from what the member receives.</param>
/// <param name="RefinancePolicy">How much interest the loan that this one pays off is charged; the current period when left out.</param>
/// <param name="Principal">How much of it, when it is paid out in tranches; all that is left when left out.</param>
public sealed record DisburseLoan(
    PaymentMethod? Method = null, DateOnly? FirstDueOn = null, ImmutableArray<Deduction>? Deductions = null, Money? Principal = null, SettlementPolicy? RefinancePolicy = null)
    : DatedCommand;

public sealed record DisbursementAnswer(
    TransactionId Id,
    string Number,
    LoanId LoanId,
    Money Principal,
    ImmutableArray<FundingShare> Funding,
    Money NetAmount,
    ImmutableArray<Deduction> Deductions,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    LoanStatus Status,
    IReadOnlyList<ScheduleRow> Instalments,
    IReadOnlyList<string>? Warnings,
    long AsOfSequence)
{
    public static DisbursementAnswer Of(RecordedFact fact, long sequence) => Of(fact, sequence, warnings: null);

    public static DisbursementAnswer Of(RecordedFact fact, long sequence, IReadOnlyList<string>? warnings)
    {
        var (id, number, loanId, principal, funding, deductions, schedule) = fact.Data is LoanTrancheDisbursed tranche
            ? (tranche.DisbursementId, tranche.Number, tranche.LoanId, tranche.Principal, tranche.Funding, tranche.Deductions, tranche.Schedule)
            : fact.Data is LoanDisbursed first ? (first.DisbursementId, first.Number, first.LoanId, first.Principal, first.Funding, first.Deductions, first.Schedule)
            : throw new InvalidOperationException("Not a disbursement.");
        var outstanding = Money.Sum(schedule.Select(row => row.Principal), principal.Currency);
        List<ScheduleRow> rows = [];
        foreach (var row in schedule)
        {
            outstanding -= row.Principal;
            rows.Add(new ScheduleRow(row.Number, row.DueOn, row.ContractDueOn, row.Principal, row.Interest, row.Total, outstanding));
        }

        return new DisbursementAnswer(
            id,
            number,
            loanId,
            principal,
            funding,
            deductions.Aggregate(principal, (net, deduction) => net - deduction.Amount),
            deductions,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            LoanStatus.Active,
            rows,
            warnings,
            sequence);
    }
}

public static class DisburseLoanDecider
{
    /// <param name="old">The loan that this one pays off, where there is one.</param>
    public static Decision Decide(
        DisburseLoan command, TransactionId id, Loan loan, IReadOnlyList<LendingFund> lenders, WorkingCalendar calendar, Moment moment, Loan? old = null)
    {
        if (loan.Status != LoanStatus.Approved && !loan.Undisbursed.IsPositive)
        {
            return LoanRules.WrongStatus("loan-not-approved", loan);
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        var left = loan.Disbursement is null ? loan.Principal : loan.Undisbursed;
        var principal = command.Principal ?? left;
        if ((DateRules.Check(effectiveOn, moment)
            ?? LoanRules.NotBefore(effectiveOn, loan.Disbursement?.EffectiveOn ?? loan.Approval!.EffectiveOn, loan.Disbursement is null ? "before-approval" : "before-disbursement")
            ?? MethodRules.Check(command.Method, command.Channel)
            ?? LoanTranches.Check(command, loan, principal, left)
            ?? CheckRefinancing(command, loan, principal, left, old, effectiveOn)
            ?? CheckDeductions(command.Deductions ?? [], principal, Refinancing.QuoteOf(old, command, effectiveOn)?.Amount)
            ?? LoanCalendar.CheckMeetings(loan, calendar)
            ?? LendingRules.CheckRestrictions(lenders, loan.Profile)) is { } refusal)
        {
            return refusal;
        }

        var funding = LoanTranches.FundingOf(loan, principal);
        if (LendingRules.CheckLendable(funding, lenders, isCommitted: true) is { } tooMuch)
        {
            return tooMuch;
        }

        var result = loan.Disbursement is null
            ? LoanSchedules.Of(loan.Terms, principal, loan.InstalmentCount, effectiveOn, command.FirstDueOn, calendar)
            : LoanTranches.RowsOf(loan, principal, effectiveOn);
        return result switch
        {
            ScheduleResult.Refused refused => Decision.Refuse(refused.Code, refused.Code == "first-due-on-before-disbursement" ? "/firstDueOn" : null, refused.Figures),
            ScheduleResult.Made(var schedule) => Disburse(command, id, loan, funding, lenders, effectiveOn, schedule, moment, old),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Decision Disburse(
        DisburseLoan command,
        TransactionId id,
        Loan loan,
        ImmutableArray<FundingShare> funding,
        IReadOnlyList<LendingFund> lenders,
        DateOnly effectiveOn,
        Schedule schedule,
        Moment moment,
        Loan? old)
    {
        var (quote, settlementId) = (Refinancing.QuoteOf(old, command, effectiveOn), new TransactionId(Guid.CreateVersion7()));
        var deductions = command.Deductions ?? [];
        deductions = quote is null ? deductions : deductions.Add(new Deduction(DeductionKind.Refinancing, quote.Amount));
        var funds = new FundBooks([.. lenders.Select(lender => lender.Fund)]);
        var principal = Money.Sum(funding.Select(share => share.Principal), loan.Currency);
        var lines = LoanPostingRules.Disbursement(
            funding,
            loan.MemberId,
            deductions,
            loan.Terms.BookingClass,
            MethodRules.ChannelOf(command.Method, command.Channel),
            fundId => funds.DayOf(fundId, effectiveOn),
            loan.Terms.MarginOf(schedule.Instalments));
        var number = moment.NextNumber("PC");
        if (loan.Disbursement is null)
        {
            var refinanced = quote is null ? null : new RefinancedLoan(old!.Id, settlementId, Refinancing.OverdueOf(old, effectiveOn));
            var payout = Decision.Record(new NewFact(
                loan.Id.Value,
                new LoanDisbursed(id, number, loan.Id, loan.MemberId, principal, funding, deductions, schedule.Instalments, lines, refinanced),
                funds.DayOf(loan.FundId, effectiveOn),
                EventOf: id.Value));
            return quote is null ? payout : Refinancing.WithSettlement(payout, settlementId, loan, old!, quote, effectiveOn, funds, moment);
        }

        var tranche = new LoanEntry(id, EntryKind.Tranche, effectiveOn, moment.Sequence + 1, principal, [], [])
        {
            Turn = new LoanTurn.Tranche(funding, schedule.Instalments),
        };
        return LoanEntries.Record(loan, tranche, funds, allocated => new LoanTrancheDisbursed(
            id, number, loan.Id, loan.MemberId, principal, funding, deductions, schedule.Instalments, allocated.Schedule!.Value, lines));
    }

    /// <summary>Another loan is paid off in one part, by what the engine counts, and not before it was paid out itself.</summary>
    private static Decision? CheckRefinancing(DisburseLoan command, Loan loan, Money principal, Money left, Loan? old, DateOnly effectiveOn) =>
        (command.Deductions ?? []).Any(deduction => deduction.Kind == DeductionKind.Refinancing)
            || (command.RefinancePolicy is not null && loan.Refinances is null)
            || (old is not null && (principal != left || loan.Disbursement is not null))
            ? Decision.Refuse("refinancing-not-as-told", old is null ? "/deductions" : "/principal")
        : old?.Disbursement is { } paidOut ? LoanRules.NotBefore(effectiveOn, paidOut.EffectiveOn, "before-disbursement")
        : null;

    /// <summary>Why so much can't be kept back, or null: the borrower receives something.</summary>
    /// <param name="refinancing">What another loan is paid off with.</param>
    public static Decision? CheckDeductions(ImmutableArray<Deduction> deductions, Money principal, Money? refinancing = null)
    {
        foreach (var (index, deduction) in deductions.Index())
        {
            if (AmountRules.Check(deduction.Amount, principal.Currency, $"/deductions/{index}/amount") is { } refusal)
            {
                return refusal;
            }
        }

        var total = Money.Sum(deductions.Select(deduction => deduction.Amount), principal.Currency) + (refinancing ?? Money.Zero(principal.Currency));
        return total >= principal
            ? Decision.Refuse("deductions-exceed-principal", "/deductions", new Figure("amount", total), new Figure("principal", principal))
            : null;
    }
}

/// <summary>The way money moved: by the short word of <c>method</c>, the exact one of <c>channel</c>, or both when they agree.</summary>
public static class MethodRules
{
    public static Decision? Check(PaymentMethod? method, Channel? channel) => (method, channel) switch
    {
        (null, null) => Decision.Refuse("method-required", "/method"),
        (_, Channel.Offset) => Decision.Refuse("method-required", "/channel"),
        (PaymentMethod.Cash, not null and not Channel.Cash) or (PaymentMethod.Bank, Channel.Cash) => Decision.Refuse("method-required", "/channel"),
        _ => null,
    };

    public static Channel ChannelOf(PaymentMethod? method, Channel? channel) =>
        channel ?? (method == PaymentMethod.Cash ? Channel.Cash : Channel.BankTransfer);
}

public static class DisburseLoanEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/disbursements", OperationId = "disburseLoan")]
    [Tags("Loans"), Takes(typeof(DisburseLoan)), Answers(typeof(DisbursementAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<DisburseLoan>("disburseLoan", command =>
    {
        var id = new TransactionId(command.NewId());
        var channel = MethodRules.ChannelOf(command.Method, command.Channel);
        return LoanSlice.Of(
            loanId,
            loan => [.. LendingFund.Needs(loan), .. LoanCalendar.Needs(loan), .. loan.Refinances is { } old ? (IEnumerable<Need>)[Need.Of<Loan>(old.Value)] : []],
            (loan, funds, states, moment) => DisburseLoanDecider.Decide(
                command,
                id,
                loan,
                LendingFund.Of(loan, funds, states),
                LoanCalendar.Of(loan, states, moment.Today),
                moment,
                loan.Refinances is { } old ? states.Find<Loan>(old.Value) : null),
            (states, moment) => new Answer(
                201,
                DisbursementAnswer.Of(moment.Facts[0], moment.Sequence, WarningsOf(states, moment.Facts[0])),
                $"/v1/loans/{loanId}/disbursements/{id}")) with
        {
            Channel = channel,
            PaperContent = $"{loanId}|disbursement|{command.Principal}|{command.EffectiveOn:O}|{channel}",
        };
    });

    [WolverineGet("/v1/loans/{loanId}/disbursements/{disbursementId}", OperationId = "getDisbursement")]
    [Tags("Loans"), Answers(typeof(DisbursementAnswer), 200)]
    public static Task<IResult> Get(Guid loanId, Guid disbursementId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.FactMaking(disbursementId, cancellation) is { Data: LoanDisbursed or LoanTrancheDisbursed } fact && fact.StreamId == loanId
            ? DisbursementAnswer.Of(fact, snapshot.Sequence)
            : null);

    private static IReadOnlyList<string>? WarningsOf(States states, RecordedFact fact)
    {
        var lines = ((IMoneyFact)fact.Data).Lines;
        IReadOnlyList<string>? cash = CashWarnings.OfAny(lines.Select(line => line.FundId).Distinct().Select(states.Balances), lines);
        return fact.Data is LoanDisbursed { Refinanced.PaidArrears.IsPositive: true } ? [.. cash ?? [], "pays-arrears"] : cash;
    }
}
