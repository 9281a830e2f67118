using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Funds;

/// <summary>A donor's money comes into a fund.</summary>
/// <param name="Source">A donor's id, or the name of a donor, who is registered when the name is new.</param>
/// <param name="Restriction">When given, it must be the fund's own: a restriction belongs to a fund.</param>
public sealed record ReceiveContribution(
    Money Amount,
    ContributionPurpose Purpose,
    [property: TextLimit(160)] string Source,
    ContributionNature Nature = ContributionNature.Grant,
    [property: TextLimit(100)] string? AgreementReference = null,
    [property: TextLimit(500)] string? Restriction = null) : DatedCommand;

public sealed record ContributionAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    FundId FundId,
    DonorId DonorId,
    Money Amount,
    ContributionPurpose Purpose,
    ContributionNature Nature,
    string? AgreementReference,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    long AsOfSequence)
{
    public static ContributionAnswer Of(RecordedFact fact, long sequence)
    {
        var contribution = (ContributionReceived)fact.Data;
        return new ContributionAnswer(
            contribution.ContributionId,
            contribution.Number,
            contribution.ExternalId,
            contribution.FundId,
            contribution.DonorId,
            contribution.Amount,
            contribution.Purpose,
            contribution.Nature,
            contribution.AgreementReference,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            sequence);
    }
}

public static class ReceiveContributionDecider
{
    /// <param name="known">The donor, when the ledger knows him.</param>
    public static Decision Decide(ReceiveContribution command, TransactionId id, Fund? fund, DonorOf source, DonorId? known, Moment moment)
    {
        if (fund is null)
        {
            return Decision.NotFound();
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((DateRules.Check(effectiveOn, moment) ?? AmountRules.Check(command.Amount, fund.Currency)) is { } refusal)
        {
            return refusal;
        }

        if (known is null && source.ById is { } unknown)
        {
            return Decision.Refuse("unknown-donor", "/source", new Figure("donorId", unknown.ToString()));
        }

        if (command.Restriction is { } restriction && restriction != fund.Restriction)
        {
            return Decision.Refuse("restriction-needs-own-fund", "/restriction");
        }

        if (command is { Nature: ContributionNature.Loan, Purpose: ContributionPurpose.Operations })
        {
            return Decision.Refuse("loan-is-not-for-operations", "/nature");
        }

        if (fund.FundKind == FundKind.Operations && command.Purpose == ContributionPurpose.RevolvingCapital)
        {
            return Decision.Refuse("fund-does-not-lend", "/purpose");
        }

        var day = fund.DayOf(effectiveOn);
        var donorId = known ?? new DonorId(source.NewKey.Subject);
        NewFact contribution = new(
            fund.Id.Value,
            new ContributionReceived(
                id,
                moment.NextNumber("KT"),
                fund.Id,
                donorId,
                command.Amount,
                command.Purpose,
                command.Nature,
                FundPostingRules.Contribution(
                    fund.Id, donorId, command.Amount, command.Purpose, command.Nature, command.Channel ?? Channel.BankTransfer, day),
                command.AgreementReference,
                command.ExternalId),
            day,
            EventOf: id.Value);
        return known is not null ? Decision.Record(contribution) : RegisterDonorDecider.Register(source, DonorKind.Other, moment, contribution);
    }
}

public static class ReceiveContributionEndpoint
{
    [WolverinePost("/v1/funds/{fundId}/contributions", OperationId = "receiveContribution")]
    [Tags("Funds"), Takes(typeof(ReceiveContribution)), Answers(typeof(ContributionAnswer), 201)]
    public static async Task<IResult> Post(Guid fundId, HttpContext http)
    {
        var tenantKey = await http.RequestServices.GetRequiredService<TenantKeys>().Of(Caller.Of(http).Tenant, http.RequestAborted);
        return await http.Record<ReceiveContribution>("receiveContribution", command =>
        {
            var id = new TransactionId(command.NewId());
            var source = DonorOf.Source(command.Source, tenantKey);
            return new WriteSlice
            {
                Channel = command.Channel ?? Channel.BankTransfer,
                PaperContent = $"{fundId}|{command.Amount}|{command.EffectiveOn:O}|{command.Channel}",
                NoteAbout = _ => fundId,
                Needs = _ => [Need.Of<Fund>(fundId), .. source.Needs()],
                Decide = (states, moment) => ReceiveContributionDecider.Decide(
                    command, id, states.Find<Fund>(fundId), source, source.Known(states), moment),
                Answer = (_, moment) => new Answer(201, ContributionAnswer.Of(moment.Recorded<ContributionReceived>(), moment.Sequence), $"/v1/funds/{fundId}/contributions/{id}"),
            };
        });
    }
}

public static class GetContributionEndpoint
{
    [WolverineGet("/v1/funds/{fundId}/contributions/{contributionId}", OperationId = "getContribution")]
    [Tags("Funds"), Answers(typeof(ContributionAnswer), 200)]
    public static Task<IResult> Get(Guid fundId, Guid contributionId, HttpContext http) =>
        http.ReadFact<ContributionReceived>(fundId, contributionId, ContributionAnswer.Of);
}
