using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.Policies;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Funds;

/// <summary>
/// From the day on the fund's loans are classed, and its allowance is counted, by this policy. Reports of days before keep the
/// one before it, and so does every report as it was known before this fact.
/// </summary>
/// <param name="Policy">The code of a policy that the ledger brings or that the tenant defined.</param>
/// <param name="Version">The newest when left out; a tenant's own policies: version 1.</param>
public sealed record AdoptClassificationPolicy(
    [property: JsonConverter(typeof(PolicyCodeConverter))] string Policy,
    [property: TextLimit(100)] string DecisionReference,
    int? Version = null) : DatedCommand;

/// <param name="EffectiveOn">The first day it holds for.</param>
public sealed record PolicyAdoptionAnswer(
    TransactionId Id,
    string? ExternalId,
    FundId FundId,
    ClassificationPolicyAnswer Policy,
    string DecisionReference,
    DateOnly EffectiveOn,
    long AsOfSequence)
{
    public static PolicyAdoptionAnswer Of(RecordedFact fact, long sequence)
    {
        var adopted = (ClassificationPolicyAdopted)fact.Data;
        return new PolicyAdoptionAnswer(
            adopted.AdoptionId,
            adopted.ExternalId,
            adopted.FundId,
            ClassificationPolicyAnswer.Of(adopted.Policy),
            adopted.DecisionReference,
            fact.Envelope.EffectiveOn,
            sequence);
    }
}

/// <param name="InForce">The policy that holds on the day; nothing when none was adopted.</param>
/// <param name="Adoptions">All known, by the day from which each holds.</param>
public sealed record FundPolicyAnswer(
    FundId FundId, DateOnly EffectiveOn, ClassificationPolicyAnswer? InForce, IReadOnlyList<AdoptedPolicyAnswer> Adoptions, long AsOfSequence);

public sealed record AdoptedPolicyAnswer(DateOnly EffectiveOn, string Policy, int Version, long Sequence);

public static class AdoptClassificationPolicyDecider
{
    public static Decision Decide(AdoptClassificationPolicy command, TransactionId id, Fund? fund, OwnPolicy? own, Moment moment)
    {
        if (fund is null)
        {
            return Decision.NotFound();
        }

        if ((ShippedPolicies.Find(command.Policy, command.Version) ?? own?.Policy) is not { } policy)
        {
            return Decision.Refuse("unknown-policy", "/policy", new Figure("policy", command.Policy));
        }

        if (policy.Fault() is { } missing)
        {
            return Decision.Refuse("policy-incomplete", "/policy", new Figure("policy", policy.Code), new Figure("term", missing));
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return DateRules.Check(effectiveOn, moment) ?? Decision.Record(new NewFact(
            fund.Id.Value,
            new ClassificationPolicyAdopted(id, fund.Id, policy, command.DecisionReference, command.ExternalId),
            BookDay.Open(effectiveOn),
            EventOf: id.Value));
    }
}

public static class AdoptClassificationPolicyEndpoint
{
    [WolverinePost("/v1/funds/{fundId}/classification-policy", OperationId = "adoptClassificationPolicy")]
    [Tags("Policies"), Takes(typeof(AdoptClassificationPolicy)), Answers(typeof(PolicyAdoptionAnswer), 201)]
    public static Task<IResult> Post(Guid fundId, HttpContext http) => http.Record<AdoptClassificationPolicy>("adoptClassificationPolicy", command =>
    {
        var id = new TransactionId(command.NewId());
        var name = OwnPolicy.NameOf(command.Policy, command.Version ?? 1);
        return new WriteSlice
        {
            PaperContent = $"{fundId}|policy|{command.Policy}|{command.Version}|{command.EffectiveOn:O}",
            NoteAbout = _ => fundId,
            Needs = states => [Need.Of<Fund>(fundId), Need.Key(name.Kind, name.Value), .. OwnPolicyNeeds(states, name)],
            Decide = (states, moment) => AdoptClassificationPolicyDecider.Decide(
                command, id, states.Find<Fund>(fundId), states.Holder(name) is { } holder ? states.Find<OwnPolicy>(holder.StreamId) : null, moment),
            Answer = (_, moment) => new Answer(
                201,
                PolicyAdoptionAnswer.Of(moment.Recorded<ClassificationPolicyAdopted>(), moment.Sequence),
                $"/v1/funds/{fundId}/classification-policy-adoptions/{id}"),
        };
    });

    [WolverineGet("/v1/funds/{fundId}/classification-policy-adoptions/{adoptionId}", OperationId = "getPolicyAdoption")]
    [Tags("Policies"), Answers(typeof(PolicyAdoptionAnswer), 200)]
    public static Task<IResult> GetAdoption(Guid fundId, Guid adoptionId, HttpContext http) =>
        http.ReadFact<ClassificationPolicyAdopted>(fundId, adoptionId, PolicyAdoptionAnswer.Of);

    [WolverineGet("/v1/funds/{fundId}/classification-policy", OperationId = "getClassificationPolicyOfFund")]
    [Tags("Policies"), Answers(typeof(FundPolicyAnswer), 200)]
    public static Task<IResult> Get(Guid fundId, HttpContext http) => http.Read(async (snapshot, asOf, cancellation) =>
        await snapshot.Find<Fund>(fundId, cancellation) is { } fund
            ? new FundPolicyAnswer(
                fund.Id,
                asOf.EffectiveOn,
                fund.PolicyOn(asOf.EffectiveOn) is { } policy ? ClassificationPolicyAnswer.Of(policy) : null,
                [.. fund.Policies.Select(adopted => new AdoptedPolicyAnswer(adopted.EffectiveOn, adopted.Policy.Code, adopted.Policy.Version, adopted.Sequence))],
                snapshot.Sequence)
            : null);

    private static IEnumerable<Need> OwnPolicyNeeds(States states, KeyName name) =>
        states.PeekHolder(name) is { } holder ? [Need.Of<OwnPolicy>(holder.StreamId)] : [];
}
