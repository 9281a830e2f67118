using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Staff;

// The facts of the staff. These records are stored for ever: add a member as optional, never rename or retype one.

/// <summary>Somebody works here from now on. The name is readable only with the person's key; the role is a job, not a person.</summary>
public sealed record StaffRegistered(StaffId StaffId, string Number, Encrypted Name, string Role, string? ExternalId = null);

/// <summary>The person no longer works here; the day and the reason stand in the envelope.</summary>
public sealed record StaffDeparted(StaffId StaffId, string? ExternalId = null);
