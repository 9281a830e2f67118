using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Wolverine.Http;

namespace Kupang.Ledger.Staff;

/// <summary>A person of the staff, to those who may read names.</summary>
public sealed record StaffAnswer(
    StaffId Id, string Number, string? ExternalId, Personal Name, string Role, DateOnly? DepartedOn, long AsOfSequence)
{
    public static StaffAnswer Of(StaffMember staff, long sequence) =>
        new(staff.Id, staff.Number, staff.ExternalId, new Personal(staff.Name), staff.Role, staff.DepartedOn, sequence);
}

public static class GetStaffEndpoint
{
    [WolverineGet("/v1/staff/{staffId}", OperationId = "getStaff")]
    [Tags("Staff"), Answers(typeof(StaffAnswer), 200)]
    public static Task<IResult> Get(Guid staffId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.Find<StaffMember>(staffId, cancellation) is { } staff ? StaffAnswer.Of(staff, snapshot.Sequence) : null);
}

public static class ListStaffEndpoint
{
    [WolverineGet("/v1/staff", OperationId = "listStaff")]
    [Tags("Staff"), Answers(typeof(Page<StaffAnswer>), 200)]
    public static Task<IResult> Get(HttpContext http) => http.List<StaffMember>(
        new Dictionary<string, string>(StringComparer.Ordinal),
        [],
        (staff, snapshot) => ValueTask.FromResult<object?>(StaffAnswer.Of(staff, snapshot.Sequence)));
}
