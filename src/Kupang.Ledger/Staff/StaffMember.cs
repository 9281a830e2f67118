using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Staff;

/// <summary>A person of the staff: who acts, who takes the cash, who agrees.</summary>
public sealed record StaffMember(StaffId Id, string Number, Encrypted Name, string Role, string? ExternalId)
    : IStreamState<StaffMember>, IListed, IMayAct
{
    public static string Kind => "staff";

    public DateOnly? DepartedOn { get; init; }

    public bool MayAct => DepartedOn is null;

    public Listing Listing => new(Id.Value, Number, ExternalId);

    public static StaffMember After(StaffMember? state, RecordedFact fact) => fact.Data switch
    {
        StaffRegistered registered => new StaffMember(
            registered.StaffId, registered.Number, registered.Name, registered.Role, registered.ExternalId),
        StaffDeparted => state! with { DepartedOn = fact.Envelope.EffectiveOn },
        _ => throw new InvalidOperationException($"A person of the staff knows no {fact.Data.GetType().Name}."),
    };
}
