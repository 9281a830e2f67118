using System.Collections.Immutable;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Calendars;

/// <summary>Decides on which days of the week instalments are collected.</summary>
public sealed record SetWorkingDays(ImmutableArray<DayOfWeek> WorkingDays, [property: TextLimit(120)] string? DecisionReference = null) : DatedCommand;

/// <summary>The days of the week on which instalments are collected, Sunday first, as decided up to a day.</summary>
public sealed record WorkingDaysAnswer(ImmutableArray<DayOfWeek> WorkingDays, DateOnly EffectiveOn, long AsOfSequence)
{
    public static WorkingDaysAnswer Of(TenantCalendar calendar, DateOnly day, long sequence) => new(calendar.WorkingDays(day), day, sequence);
}

public static class SetWorkingDaysDecider
{
    public static Decision Decide(SetWorkingDays command, TransactionId id, TenantCalendar calendar, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        ImmutableArray<DayOfWeek> days = [.. command.WorkingDays.Distinct().Order()];
        return days.Length == 0 || days.Length < command.WorkingDays.Length ? Decision.Refuse("working-days-not-possible", "/workingDays")
            : DateRules.Check(effectiveOn, moment) is { } refusal ? refusal
            : calendar.WorkingDays(effectiveOn).SequenceEqual(days) ? Decision.AlreadyRecorded()
            : Decision.Record(new NewFact(
                TenantCalendar.StreamId,
                new WorkingDaysSet(id, days, command.DecisionReference, command.ExternalId),
                BookDay.Open(effectiveOn),
                EventOf: id.Value));
    }
}

public static class SetWorkingDaysEndpoint
{
    [WolverinePost("/v1/working-days", OperationId = "setWorkingDays")]
    [Tags("Calendar"), Takes(typeof(SetWorkingDays)), Answers(typeof(WorkingDaysAnswer), 201)]
    public static async Task<IResult> Post(HttpContext http) => await http.Change<SetWorkingDays>(
        "setWorkingDays",
        await http.ReadChange(),
        SetWorkingDaysDecider.Decide,
        (command, calendar, moment) => new Answer(
            201, WorkingDaysAnswer.Of(calendar, command.EffectiveOn ?? moment.Today, moment.Sequence), "/v1/working-days"));
}

public static class GetWorkingDaysEndpoint
{
    [WolverineGet("/v1/working-days", OperationId = "getWorkingDays")]
    [Tags("Calendar"), Answers(typeof(WorkingDaysAnswer), 200)]
    public static Task<IResult> Get(HttpContext http) => http.Read(async (snapshot, asOf, cancellation) => WorkingDaysAnswer.Of(
        await snapshot.Find<TenantCalendar>(TenantCalendar.StreamId, cancellation) ?? TenantCalendar.Undecided, asOf.EffectiveOn, snapshot.Sequence));
}
