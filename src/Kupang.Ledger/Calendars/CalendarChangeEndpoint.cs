using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Calendars;

/// <summary>What has dates that follow the calendar. A capability that has such dates says so here, since the calendar knows none of them.</summary>
public interface ICalendarFollower
{
    /// <summary>
    /// Brings everything in line with the calendar as it is now. What is in line already is left alone, so doing it again
    /// finishes what was interrupted and doubles nothing.
    /// </summary>
    /// <param name="operation">What was asked for, by whoever changed the calendar.</param>
    /// <returns>Whether all of it is in line; if not, it is to be done again.</returns>
    Task<bool> Follow(string tenant, Actor actor, string operation);
}

/// <summary>What all changes of the calendar have in common: the change is one fact, and what follows it comes after, in many small ones.</summary>
public static class CalendarChangeEndpoint
{
    /// <summary>In bytes; twice the longest table.</summary>
    public const int LongestBody = 128 * 1024;

    /// <summary>
    /// Records the change, and then lets everything follow. Whoever is told that the service was not available sends the
    /// same request again: the change stays as it is, and the rest follows.
    /// </summary>
    public static async Task<IResult> Change<TCommand>(
        this HttpContext http,
        string operation,
        ReadOnlyMemory<byte> body,
        Func<TCommand, TransactionId, TenantCalendar, Moment, Decision> decide,
        Func<TCommand, TenantCalendar, Moment, Answer> answer)
        where TCommand : DatedCommand
    {
        var result = await http.Record<TCommand>(operation, body, command =>
        {
            var id = new TransactionId(command.NewId());
            return new WriteSlice
            {
                Needs = _ => [Need.Of<TenantCalendar>(TenantCalendar.StreamId)],
                Decide = (states, moment) => decide(command, id, TenantCalendar.In(states), moment),
                Answer = (states, moment) => answer(command, TenantCalendar.In(states), moment),
            };
        });
        if (result is not StoredJson)
        {
            return result;
        }

        var caller = Caller.Of(http);
        var follower = http.RequestServices.GetRequiredService<ICalendarFollower>();
        return await follower.Follow(caller.Tenant, ActorHeaders.ActorOf(http, caller), operation) ? result : new ProblemResult("unavailable");
    }

    /// <summary>The body of a change that is sent as JSON.</summary>
    public static ValueTask<ReadOnlyMemory<byte>> ReadChange(this HttpContext http)
    {
        http.RefuseQuery();
        return http.ReadBody(LongestBody);
    }
}
