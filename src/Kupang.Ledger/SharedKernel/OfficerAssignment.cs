namespace Kupang.Ledger.SharedKernel;

/// <summary>From a day on, a person of the staff looks after a group or a loan, until another one does.</summary>
public sealed record OfficerAssignment(StaffId OfficerId, DateOnly From, long Sequence)
{
    public static OfficerAssignment Of(StaffId officerId, RecordedFact fact) => new(officerId, fact.Envelope.EffectiveOn, fact.Envelope.Sequence);

    /// <summary>Who looked after it on a day: by the day of the assignment, whatever order they became known in.</summary>
    public static StaffId? On(DateOnly day, IEnumerable<OfficerAssignment> assignments) =>
        assignments.Where(assignment => assignment.From <= day).MaxBy(assignment => (assignment.From, assignment.Sequence))?.OfficerId;
}
