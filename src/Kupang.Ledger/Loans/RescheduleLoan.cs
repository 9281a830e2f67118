using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>
/// What a loan is rescheduled to (<em>penjadwalan ulang</em>): all that is open moves so many periods later, or what is open
/// of the principal is paid back anew over so many instalments, by another rate or with a new grace where they are named.
/// Overdue interest is never added to the principal and bears none.
/// </summary>
/// <param name="ShiftPeriods">So many periods later; no interest is counted for the time between.</param>
/// <param name="Instalments">Or over so many instalments from the first due date after the day on, or from <paramref name="FirstDueOn"/>.</param>
/// <param name="OverdueInterest">Which of the new instalments the overdue interest is paid with; the first when left out.</param>
public sealed record NewSchedule(
    int? ShiftPeriods = null,
    int? Instalments = null,
    DateOnly? FirstDueOn = null,
    Percentage? RatePercent = null,
    GraceTerms? Grace = null,
    DeferredInterest? OverdueInterest = null);

/// <summary>Reschedules one loan by a decision.</summary>
public sealed record RescheduleLoan(NewSchedule To, [property: TextLimit(100)] string DecisionReference) : DatedCommand;

/// <summary>Reschedules many loans by one decision, such as after a failed harvest.</summary>
/// <param name="Mode"><c>atomic</c>: all or none; <c>each</c>: those that can be.</param>
public sealed record RescheduleLoans(ImmutableArray<LoanId> LoanIds, NewSchedule To, [property: TextLimit(100)] string DecisionReference, BulkMode Mode) : DatedCommand;

public enum BulkMode
{
    Atomic,
    Each,
}

public sealed record ReschedulingAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    LoanId LoanId,
    ImmutableArray<Instalment> Rows,
    Money OverdueInterest,
    string DecisionReference,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    long AsOfSequence)
{
    public static ReschedulingAnswer Of(RecordedFact fact, long sequence)
    {
        var rescheduled = (LoanRescheduled)fact.Data;
        return new ReschedulingAnswer(
            rescheduled.ReschedulingId,
            rescheduled.Number,
            rescheduled.ExternalId,
            rescheduled.LoanId,
            rescheduled.Rows,
            rescheduled.OverdueInterest,
            rescheduled.DecisionReference,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            sequence);
    }
}

/// <param name="Code">Why this loan was not rescheduled; left out when it was.</param>
public sealed record ReschedulingResult(LoanId LoanId, TransactionId? ReschedulingId, string? Code);

/// <summary>What became of each loan, in the order in which they were named.</summary>
public sealed record ReschedulingsAnswer(IReadOnlyList<ReschedulingResult> Results, long AsOfSequence);

public static class RescheduleLoanDecider
{
    public static Decision Decide(
        NewSchedule to, DateOnly? on, string decisionReference, string? externalId, TransactionId id, Loan loan, FundBooks funds, WorkingCalendar calendar, Moment moment)
    {
        var effectiveOn = on ?? moment.Today;
        if ((LoanRules.CheckActive(loan)
            ?? CheckTerms(to, loan, effectiveOn)
            ?? RecordRepaymentDecider.CheckDay(effectiveOn, loan, moment)
            ?? LoanRules.CheckLastTurn(loan, effectiveOn)) is { } refusal)
        {
            return refusal;
        }

        var position = LoanPosition.Of(loan, effectiveOn);
        InstalmentPosition[] open = [.. position.Instalments.Where(row => !row.Open.Total.IsZero)];
        if (open.Length == 0)
        {
            return Decision.Refuse("nothing-to-reschedule");
        }

        var overdue = Money.Sum(open.Where(row => row.Instalment.DueOn <= effectiveOn).Select(row => row.Open.Interest), loan.Currency);
        var after = position.Instalments.Max(row => row.Instalment.Number);
        return to.ShiftPeriods is { } periods
            ? Record(loan.CurrentTerms, Shifted(loan, open, periods, after, calendar))
            : AnewOf(to, loan, position, effectiveOn, calendar) switch
            {
                (_, ScheduleResult.Refused refused) => Decision.Refuse(refused.Code, "/to", refused.Figures),
                (var terms, ScheduleResult.Made(var schedule)) => Record(terms, [.. WithOverdue(schedule.Instalments, overdue, to, after)]),
                _ => throw new System.Diagnostics.UnreachableException(),
            };

        Decision Record(LoanTerms terms, ImmutableArray<Instalment> rows)
        {
            var entry = new LoanEntry(id, EntryKind.Rescheduling, effectiveOn, moment.Sequence + 1, Money.Zero(loan.Currency), [], [])
            {
                Turn = new LoanTurn.Rescheduling(rows, overdue, terms),
            };
            return LoanEntries.Record(loan, entry, funds, allocated => new LoanRescheduled(
                id, moment.NextNumber("RS"), loan.Id, loan.MemberId, rows, overdue, terms, allocated.Schedule!.Value, decisionReference, externalId));
        }
    }

    private static Decision? CheckTerms(NewSchedule to, Loan loan, DateOnly effectiveOn) =>
        to.ShiftPeriods is null == to.Instalments is null || (to.ShiftPeriods is not null && to is not { FirstDueOn: null, RatePercent: null, Grace: null, OverdueInterest: null })
            ? Decision.Refuse("rescheduling-unclear", "/to")
        : to.ShiftPeriods is < 1 or > 120 ? Decision.Refuse("terms-out-of-range", "/to/shiftPeriods", new Figure("term", "shiftPeriods"))
        : to.FirstDueOn <= effectiveOn ? Decision.Refuse("first-due-on-before-disbursement", "/to/firstDueOn")
        : loan.Terms.Advance == AdvanceRule.ReducePrincipal || loan.Undisbursed.IsPositive || (loan.Terms.IsFixedMargin && to.ShiftPeriods is null) ? Decision.Refuse("rescheduling-not-possible")
        : null;

    /// <summary>Each instalment that is open falls due so many periods later, on the day of the month that the loan has.</summary>
    private static ImmutableArray<Instalment> Shifted(Loan loan, InstalmentPosition[] open, int periods, int after, WorkingCalendar calendar)
    {
        var frequency = loan.Terms.Repayment.Frequency();
        var anchor = loan.Terms.Repayment.Custom is null ? loan.FirstSchedule.Max(row => row.ContractDueOn.Day) : 0;
        DateOnly[] contractDueOn = [.. open.Select(row => LoanCalendar.Later(row.Instalment.ContractDueOn, frequency, periods, anchor))];
        DateOnly[] dueOn = [.. DueDates.Move(contractDueOn, loan.Terms.Holidays, loan.Disbursement!.EffectiveOn, calendar)];
        return [.. open.Select((row, index) => new Instalment(after + index + 1, contractDueOn[index], dueOn[index], row.Open.Principal, row.Open.Interest))];
    }

    private static (LoanTerms Terms, ScheduleResult Schedule) AnewOf(NewSchedule to, Loan loan, LoanPosition position, DateOnly effectiveOn, WorkingCalendar calendar)
    {
        var terms = loan.CurrentTerms with
        {
            Interest = loan.CurrentTerms.Interest with { RatePercent = to.RatePercent ?? loan.CurrentTerms.Interest.RatePercent },
            Grace = to.Grace,
            Repayment = loan.Terms.Repayment.Custom is null ? loan.Terms.Repayment : new RepaymentRule(1, FrequencyUnit.Month),
        };

        // The first period goes on from the last due date, so that no day is left out and none counted twice.
        var begin = position.Instalments.LastOrDefault(row => row.Instalment.ContractDueOn <= effectiveOn)?.Instalment.ContractDueOn ?? loan.DisbursedOn!.Value;
        var frequency = terms.Repayment.Frequency();
        var next = LoanCalendar.Later(begin, frequency, 1, loan.FirstSchedule.Max(row => row.ContractDueOn.Day));
        if (next <= effectiveOn)
        {
            (begin, next) = (effectiveOn, LoanCalendar.Later(effectiveOn, frequency, 1, effectiveOn.Day));
        }

        return (terms, terms.Check("") is Decision.Refused refused
            ? new ScheduleResult.Refused(refused.Refusal.Code, refused.Refusal.Figures)
            : LoanSchedules.Of(terms, position.Outstanding.Principal, to.Instalments!.Value, begin, to.FirstDueOn ?? next, calendar));
    }

    private static IEnumerable<Instalment> WithOverdue(ImmutableArray<Instalment> rows, Money overdue, NewSchedule to, int after)
    {
        var parts = to.OverdueInterest == DeferredInterest.Spread
            ? overdue.ProRata([.. rows.Select(_ => 1L)])
            : [overdue, .. rows.Skip(1).Select(_ => Money.Zero(overdue.Currency))];
        return rows.Zip(parts, (row, part) => row with { Number = after + row.Number, Interest = row.Interest + part });
    }
}

public static class RescheduleLoanEndpoint
{
    /// <summary>The most loans that one request reschedules.</summary>
    private const int MostLoans = 200;

    [WolverinePost("/v1/loans/{loanId}/reschedulings", OperationId = "rescheduleLoan")]
    [Tags("Loans"), Takes(typeof(RescheduleLoan)), Answers(typeof(ReschedulingAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<RescheduleLoan>("rescheduleLoan", command =>
    {
        var id = new TransactionId(command.NewId());
        return LoanSlice.Of(
            loanId,
            LoanCalendar.Needs,
            (loan, funds, states, moment) => RescheduleLoanDecider.Decide(
                command.To, command.EffectiveOn, command.DecisionReference, command.ExternalId, id, loan, funds, LoanCalendar.Of(loan, states, moment.Today), moment),
            (_, moment) => new Answer(201, ReschedulingAnswer.Of(moment.Recorded<LoanRescheduled>(), moment.Sequence), $"/v1/loans/{loanId}/reschedulings/{id}")) with
        {
            PaperContent = $"{loanId}|rescheduling|{command.To}|{command.EffectiveOn:O}",
        };
    });

    [WolverineGet("/v1/loans/{loanId}/reschedulings/{reschedulingId}", OperationId = "getRescheduling")]
    [Tags("Loans"), Answers(typeof(ReschedulingAnswer), 200)]
    public static Task<IResult> Get(Guid loanId, Guid reschedulingId, HttpContext http) =>
        http.ReadFact<LoanRescheduled>(loanId, reschedulingId, ReschedulingAnswer.Of);

    [WolverinePost("/v1/reschedulings", OperationId = "rescheduleLoans")]
    [Tags("Loans"), Takes(typeof(RescheduleLoans)), Answers(typeof(ReschedulingsAnswer), 201)]
    public static Task<IResult> PostMany(HttpContext http) => http.Record<RescheduleLoans>("rescheduleLoans", command =>
    {
        if (command.LoanIds.IsDefaultOrEmpty || command.LoanIds.Length > MostLoans || command.LoanIds.Distinct().Count() != command.LoanIds.Length)
        {
            throw RequestProblem.Malformed("/loanIds", "invalid-value", $"Name 1 to {MostLoans} loans, each once.");
        }

        var ids = command.LoanIds.ToDictionary(loanId => loanId, _ => new TransactionId(Guid.CreateVersion7()));
        return new WriteSlice
        {
            PaperContent = $"reschedulings|{string.Join(',', command.LoanIds)}|{command.To}|{command.EffectiveOn:O}",
            Needs = states => command.LoanIds.SelectMany(loanId => states.Peek<Loan>(loanId.Value) is { } loan
                ? (IEnumerable<Need>)[Need.Of<Loan>(loanId.Value), .. LoanSlice.FundsOf(loan).Select(fundId => Need.Of<Fund>(fundId.Value)), .. LoanCalendar.Needs(loan)]
                : [Need.Of<Loan>(loanId.Value)]),
            Decide = (states, moment) => DecideMany(command, ids, states, moment),
            Answer = (states, moment) => new Answer(201, ResultsOf(command, ids, states, moment)),
        };
    });

    private static Decision DecideMany(RescheduleLoans command, Dictionary<LoanId, TransactionId> ids, States states, Moment moment)
    {
        List<NewFact> facts = [];
        foreach (var (index, loanId) in command.LoanIds.Index())
        {
            switch (DecideOne(command, loanId, ids[loanId], states, moment))
            {
                case Decision.ToRecord recorded:
                    facts.AddRange(recorded.Facts);
                    break;
                case Decision.Refused refused when command.Mode == BulkMode.Atomic:
                    return Decision.Refuse(refused.Refusal.Code, $"/loanIds/{index}", refused.Refusal.Figures);
            }
        }

        return facts.Count == 0 ? Decision.Refuse("nothing-to-reschedule", "/loanIds") : Decision.Record(facts);
    }

    private static Decision DecideOne(RescheduleLoans command, LoanId loanId, TransactionId id, States states, Moment moment) =>
        states.Find<Loan>(loanId.Value) is { } loan
            ? RescheduleLoanDecider.Decide(
                command.To,
                command.EffectiveOn,
                command.DecisionReference,
                externalId: null,
                id,
                loan,
                LoanSlice.BooksOf(loan, states),
                LoanCalendar.Of(loan, states, moment.Today),
                moment)
            : Decision.Refuse("unknown-loan", pointer: null, new Figure("loanId", loanId.ToString()));

    /// <summary>Those that were not recorded are decided once more, to say why.</summary>
    private static ReschedulingsAnswer ResultsOf(RescheduleLoans command, Dictionary<LoanId, TransactionId> ids, States states, Moment moment)
    {
        var recorded = moment.Facts.Select(fact => fact.Data).OfType<LoanRescheduled>().Select(fact => fact.LoanId).ToHashSet();
        return new ReschedulingsAnswer(
            [
                .. command.LoanIds.Select(loanId => recorded.Contains(loanId)
                    ? new ReschedulingResult(loanId, ids[loanId], Code: null)
                    : new ReschedulingResult(loanId, ReschedulingId: null, (DecideOne(command, loanId, ids[loanId], states, moment) as Decision.Refused)?.Refusal.Code)),
            ],
            moment.Sequence);
    }
}
