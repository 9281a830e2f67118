using System.Collections.Immutable;
using System.Globalization;
using Kupang.Ledger.Calendars;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

/// <summary>
/// The calendar changed after the loan was paid out, and these of its due dates were still ahead and move with it. Amounts
/// and contract dates stay, and no money moves; what is held for a date that moves is re-dated by the fact beside this one.
/// </summary>
/// <param name="CausedBy">The fact of the calendar that it follows.</param>
public sealed record LoanDueDatesMoved(TransactionId MoveId, LoanId LoanId, TransactionId CausedBy, ImmutableArray<MovedDueDate> Dates)
{
    /// <summary>The loan with its new dates, in whatever schedule an instalment stands: its number is the same in all of them.</summary>
    public Loan Apply(Loan loan) => loan with
    {
        FirstSchedule = Apply(loan.FirstSchedule),
        Entries = [.. loan.Entries.Select(entry => entry with
        {
            Schedule = entry.Schedule is { } schedule ? Apply(schedule) : null,
            Turn = entry.Turn is LoanTurn.Rescheduling turn ? turn with { Rows = Apply(turn.Rows) } : entry.Turn,
        })],
    };

    private ImmutableArray<Instalment> Apply(ImmutableArray<Instalment> schedule) =>
        [.. schedule.Select(row => Dates.FirstOrDefault(date => date.Instalment == row.Number) is { } moved ? row with { DueOn = moved.To } : row)];
}

/// <summary>One due date, as it was and as it is from then on.</summary>
public sealed record MovedDueDate(int Instalment, DateOnly From, DateOnly To);

public static class MoveDueDatesDecider
{
    /// <summary>The due dates after a day that are others by this calendar. Nothing moves to that day or before it: nobody is in arrears by hearing of a holiday.</summary>
    public static ImmutableArray<MovedDueDate> DatesOf(Loan loan, WorkingCalendar calendar, DateOnly today) => loan.Status != LoanStatus.Active
        ? []
        : [.. loan.Schedule.Zip(DueDates.MoveAhead(loan.Schedule, loan.Terms.Holidays, today, calendar))
            .Where(row => row.First.DueOn != row.Second)
            .Select(row => new MovedDueDate(row.First.Number, row.First.DueOn, row.Second))];

    public static Decision Decide(TransactionId id, TransactionId causedBy, Loan loan, FundBooks funds, WorkingCalendar calendar, Moment moment)
    {
        if (DatesOf(loan, calendar, moment.Today) is not [_, ..] dates)
        {
            return Decision.AlreadyRecorded();
        }

        var day = funds.DayOf(loan.FundId, moment.Today);
        var fact = new LoanDueDatesMoved(id, loan.Id, causedBy, dates);
        var onNewDates = fact.Apply(loan);
        var (moved, refusal) = Reallocation.Of(onNewDates, onNewDates.Entries, id, funds, day);
        return refusal ?? Decision.Record([new NewFact(loan.Id.Value, fact, day, EventOf: id.Value), .. moved]);
    }
}

/// <summary>
/// Lets the due dates of running loans follow the calendar: a command a loan, some loans at once, so that whoever else waits
/// at the door gets his turn between them.
/// </summary>
public sealed class DueDateFollower(Door door, LedgerReader reader, TenantKeys tenantKeys, IHostApplicationLifetime life) : ICalendarFollower
{
    private const int LoansAtOnce = 200;

    public async Task<bool> Follow(string tenant, Actor actor, string operation)
    {
        var key = await tenantKeys.Of(tenant, life.ApplicationStopping);
        for (PageOfLoans? page = new([], After: 0, Version: 0); page is not null;)
        {
            page = await Next(tenant, page.After);
            var outcomes = await Task.WhenAll((page?.Ahead ?? []).Select(loanId => door.Enter(RequestOf(tenant, key, actor, operation, loanId, page!.Version))));
            foreach (var outcome in outcomes)
            {
                switch (outcome)
                {
                    case Outcome.Answered:
                        break;
                    case Outcome.Unavailable or Outcome.InProgress:
                        return false;
                    case Outcome.Failed failed:
                        throw new InvalidOperationException("A loan's due dates could not be moved.", failed.Exception);
                    default:
                        throw new InvalidOperationException($"A move of due dates ended as {outcome.GetType().Name}.");
                }
            }
        }

        return true;
    }

    /// <summary>The next loans of the list, and which of them have dates to move; null at its end.</summary>
    private async Task<PageOfLoans?> Next(string tenant, long after)
    {
        await using var snapshot = await reader.Open(tenant, KnownAs.Now, life.ApplicationStopping);
        var rows = await snapshot.Query(
            "select id, n from ledger.listing where tenant_id = $1 and n <= $2 and kind = $3 and n > $4 order by n limit $5",
            row => (Id: row.GetGuid(0), Number: row.GetInt64(1)),
            life.ApplicationStopping,
            Loan.Kind,
            after,
            LoansAtOnce);
        if (rows.Count == 0)
        {
            return null;
        }

        var calendar = await snapshot.Find<TenantCalendar>(TenantCalendar.StreamId, life.ApplicationStopping) ?? TenantCalendar.Undecided;
        var loans = await snapshot.FindAll<Loan>([.. rows.Select(row => row.Id)], life.ApplicationStopping);
        var groups = await snapshot.FindAll<Group>(
            [.. loans.Values.Select(LoanCalendar.GroupOf).OfType<GroupId>().Select(groupId => groupId.Value).Distinct()], life.ApplicationStopping);
        var ahead = loans.Values.Where(loan => MoveDueDatesDecider.DatesOf(
            loan,
            LoanCalendar.Of(loan, calendar, LoanCalendar.GroupOf(loan) is { } groupId ? groups.GetValueOrDefault(groupId.Value) : null, snapshot.Today),
            snapshot.Today).Length > 0);
        return new PageOfLoans([.. ahead.Select(loan => loan.Id.Value)], rows[^1].Number, calendar.Version);
    }

    /// <summary>The key names the state of the calendar and the loan, and holds a space, which no caller's can.</summary>
    private static WriteRequest RequestOf(string tenant, TenantKey key, Actor actor, string operation, Guid loanId, int version)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"due-dates {version} {loanId}");
        var id = new TransactionId(Guid.CreateVersion7());
        var slice = LoanSlice.Of(
            loanId,
            LoanCalendar.Needs,
            (loan, funds, states, moment) => MoveDueDatesDecider.Decide(
                id, TenantCalendar.In(states).LastChange!.Value, loan, funds, LoanCalendar.Of(loan, states, moment.Today), moment),
            (_, moment) => new Answer(200, new DueDatesFollowed(loanId, moment.Sequence)));
        return new WriteRequest
        {
            Tenant = tenant,
            Operation = operation,
            IdempotencyKey = name,
            Fingerprint = key.Hash("due-dates", System.Text.Encoding.UTF8.GetBytes(name)),
            Actor = actor,
            Needs = slice.Needs,
            Decide = slice.Decide,
            Answer = slice.Answer,
        };
    }

    private sealed record DueDatesFollowed(Guid LoanId, long AsOfSequence);

    /// <param name="Version">The calendar's that was looked at.</param>
    private sealed record PageOfLoans(IReadOnlyList<Guid> Ahead, long After, int Version);
}
