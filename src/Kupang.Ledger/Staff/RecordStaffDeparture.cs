using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Staff;

/// <summary>Somebody no longer works here: from now on the person neither acts nor agrees to anything.</summary>
public sealed record RecordStaffDeparture([property: JsonConverter(typeof(ReasonCodeConverter))] string? ReasonCode = null) : DatedCommand;

public static class RecordStaffDepartureDecider
{
    public static Decision Decide(RecordStaffDeparture command, StaffMember? staff, Moment moment)
    {
        if (staff is null)
        {
            return Decision.NotFound();
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if (staff.DepartedOn is { } departed)
        {
            return Decision.Refuse("already-departed", pointer: null, new Figure("departedOn", departed));
        }

        return DateRules.Check(effectiveOn, moment)
            ?? Decision.Record(new NewFact(
                staff.Id.Value, new StaffDeparted(staff.Id, command.ExternalId), BookDay.Open(effectiveOn), EventOf: command.Id, ReasonCode: command.ReasonCode));
    }
}

public static class RecordStaffDepartureEndpoint
{
    [WolverinePost("/v1/staff/{staffId}/departures", OperationId = "recordStaffDeparture")]
    [Tags("Staff"), Takes(typeof(RecordStaffDeparture)), Answers(typeof(StaffAnswer), 201)]
    public static Task<IResult> Post(Guid staffId, HttpContext http) => http.Record<RecordStaffDeparture>("recordStaffDeparture", command => new WriteSlice
    {
        NoteAbout = _ => staffId,
        PaperContent = $"{staffId}|{command.EffectiveOn:O}",
        Needs = _ => [Need.Of<StaffMember>(staffId)],
        Decide = (states, moment) => RecordStaffDepartureDecider.Decide(command, states.Find<StaffMember>(staffId), moment),
        Answer = (states, moment) => new Answer(201, StaffAnswer.Of(states.Find<StaffMember>(staffId)!, moment.Sequence), $"/v1/staff/{staffId}"),
    });
}
