using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Funds;

/// <summary>Registers somebody who gives or lends money to funds.</summary>
public sealed record RegisterDonor([property: TextLimit(160)] string Name, DonorKind Kind) : Command;

public sealed record DonorAnswer(DonorId Id, string Number, string? ExternalId, DonorKind Kind, Personal Name)
{
    public static DonorAnswer Of(Donor donor) => new(donor.Id, donor.Number, donor.ExternalId, donor.DonorKind, new Personal(donor.Name));
}

public static class RegisterDonorDecider
{
    public static Decision Decide(RegisterDonor command, DonorOf donor, DonorId? known, Moment moment) => known is { } id
        ? Decision.Refuse("donor-already-registered", "/name", new Figure("donorId", id.ToString()))
        : Register(donor, command.Kind, moment, command.ExternalId);

    /// <summary>Registers the donor together with the fact that brought him.</summary>
    public static Decision Register(DonorOf donor, DonorKind kind, Moment moment, NewFact alongside) =>
        Register(donor, kind, moment, externalId: null, alongside);

    private static Decision Register(DonorOf donor, DonorKind kind, Moment moment, string? externalId, params IReadOnlyList<NewFact> alongside)
    {
        var id = new DonorId(donor.NewKey.Subject);
        NewFact registered = new(
            id.Value,
            new DonorRegistered(id, moment.NextNumber("DR"), kind, donor.NewKey.Encrypt(donor.Name!), externalId),
            BookDay.Open(moment.Today),
            EventOf: id.Value);
        return Decision.Record([registered, .. alongside])
            .WithClaims(new NameClaim(Donor.HashedName, donor.NameHash, id.Value))
            .WithKeys(donor.NewKey);
    }
}

public static class RegisterDonorEndpoint
{
    [WolverinePost("/v1/donors", OperationId = "registerDonor")]
    [Tags("Funds"), Takes(typeof(RegisterDonor)), Answers(typeof(DonorAnswer), 201)]
    public static async Task<IResult> Post(HttpContext http)
    {
        var tenantKey = await http.RequestServices.GetRequiredService<TenantKeys>().Of(Caller.Of(http).Tenant, http.RequestAborted);
        return await http.Record<RegisterDonor>("registerDonor", command =>
        {
            var donor = new DonorOf(ById: null, command.Name, DonorOf.HashOf(command.Name, tenantKey), SubjectKey.New(command.NewId()));
            return new WriteSlice
            {
                Needs = _ => donor.Needs(),
                Decide = (states, moment) => RegisterDonorDecider.Decide(command, donor, donor.Known(states), moment),
                Answer = (states, _) => new Answer(201, DonorAnswer.Of(states.Find<Donor>(donor.NewKey.Subject)!), $"/v1/donors/{donor.NewKey.Subject}"),
            };
        });
    }
}

public static class GetDonorEndpoint
{
    [WolverineGet("/v1/donors/{donorId}", OperationId = "getDonor")]
    [Tags("Funds"), Answers(typeof(DonorAnswer), 200)]
    public static Task<IResult> Get(Guid donorId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.Find<Donor>(donorId, cancellation) is { } donor ? DonorAnswer.Of(donor) : null);

    [WolverineGet("/v1/donors", OperationId = "listDonors")]
    [Tags("Funds"), Answers(typeof(Page<DonorAnswer>), 200)]
    public static Task<IResult> List(HttpContext http) => http.List<Donor>(
        new Dictionary<string, string>(StringComparer.Ordinal), [], (donor, _) => ValueTask.FromResult<object?>(DonorAnswer.Of(donor)));
}
