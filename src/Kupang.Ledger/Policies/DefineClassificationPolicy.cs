using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Policies;

/// <summary>A tenant writes down a table of its own. It is never edited: what is decided anew is another version.</summary>
public sealed record DefineClassificationPolicy(
    [property: JsonConverter(typeof(PolicyCodeConverter))] string Code,
    [property: TextLimit(120)] string Name,
    ImmutableArray<LoanClass> Classes,
    ImmutableArray<ClassRule> Rules,
    [property: TextLimit(300)] string Source,
    int Version = 1) : Command
{
    public ClassificationPolicy Policy() => new(Code, Version, Name, Classes, Rules, Source);
}

/// <summary>A policy's code, such as <c>DBM_3</c>.</summary>
public sealed class PolicyCodeConverter() : FormedTextConverter("A policy's code is one to thirty capital letters, digits, hyphens and underscores.")
{
    private const int Longest = 30;

    public override bool HasForm(string text) =>
        text.Length is > 0 and <= Longest && text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '-' or '_');
}

/// <summary>A tenant's own table of classes and percentages.</summary>
public sealed record ClassificationPolicyDefined(PolicyId PolicyId, string Number, ClassificationPolicy Policy, string? ExternalId = null);

/// <summary>A tenant's own policy as it stands for ever.</summary>
public sealed record OwnPolicy(PolicyId Id, string Number, ClassificationPolicy Policy, string? ExternalId) : IStreamState<OwnPolicy>, IListed
{
    /// <summary>The kind of name under which a code and version are claimed.</summary>
    public const string CodeName = "classification-policy";

    public static string Kind => "classification-policy";

    public Listing Listing => new(Id.Value, Number, ExternalId);

    public static OwnPolicy After(OwnPolicy? state, RecordedFact fact) => fact.Data switch
    {
        ClassificationPolicyDefined defined => new OwnPolicy(defined.PolicyId, defined.Number, defined.Policy, defined.ExternalId),
        _ => throw new InvalidOperationException($"A policy knows no {fact.Data.GetType().Name}."),
    };

    public static KeyName NameOf(string code, int version) =>
        new(CodeName, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{code} {version}"));
}

/// <param name="Id">Left out for a policy that the ledger brings.</param>
/// <param name="IsComplete">Whether it can be used: nothing of it is left to be decided.</param>
public sealed record ClassificationPolicyAnswer(
    PolicyId? Id,
    string? Number,
    string? ExternalId,
    string Code,
    int Version,
    string Name,
    IReadOnlyList<LoanClass> Classes,
    IReadOnlyList<ClassRule> Rules,
    string Source,
    bool IsComplete)
{
    public static ClassificationPolicyAnswer Of(ClassificationPolicy policy) => Of(policy, id: null, number: null, externalId: null);

    public static ClassificationPolicyAnswer Of(OwnPolicy own) => Of(own.Policy, own.Id, own.Number, own.ExternalId);

    private static ClassificationPolicyAnswer Of(ClassificationPolicy policy, PolicyId? id, string? number, string? externalId) =>
        new(id, number, externalId, policy.Code, policy.Version, policy.Name, policy.Classes, policy.Rules, policy.Source, policy.IsComplete);
}

public sealed record ClassificationPoliciesAnswer(IReadOnlyList<ClassificationPolicyAnswer> Items, long AsOfSequence);

public static class DefineClassificationPolicyDecider
{
    private const int MostVersions = 1_000;

    public static Decision Decide(DefineClassificationPolicy command, PolicyId id, KeyHolder? holder, Moment moment)
    {
        if (command.Version is < 1 or > MostVersions)
        {
            return Decision.Refuse("policy-inconsistent", "/version", new Figure("term", "/version"));
        }

        // A code of the field means one table: a tenant's own is called otherwise.
        if (holder is not null || ShippedPolicies.Find(command.Code, version: null) is not null)
        {
            return Decision.Refuse("policy-code-taken", "/code", new Figure("policy", command.Code), new Figure("version", command.Version));
        }

        if (command.Policy().Fault() is { } fault)
        {
            return Decision.Refuse("policy-inconsistent", fault, new Figure("term", fault));
        }

        var name = OwnPolicy.NameOf(command.Code, command.Version);
        return Decision.Record(new NewFact(
                id.Value,
                new ClassificationPolicyDefined(id, moment.NextNumber("KK"), command.Policy(), command.ExternalId),
                BookDay.Open(moment.Today),
                EventOf: id.Value))
            .WithClaims(new NameClaim(name.Kind, name.Value, id.Value));
    }
}

public static class DefineClassificationPolicyEndpoint
{
    [WolverinePost("/v1/classification-policies", OperationId = "defineClassificationPolicy")]
    [Tags("Policies"), Takes(typeof(DefineClassificationPolicy)), Answers(typeof(ClassificationPolicyAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<DefineClassificationPolicy>("defineClassificationPolicy", command =>
    {
        var id = new PolicyId(command.NewId());
        var name = OwnPolicy.NameOf(command.Code, command.Version);
        return new WriteSlice
        {
            Needs = _ => [Need.Of<OwnPolicy>(id.Value), Need.Key(name.Kind, name.Value)],
            Decide = (states, moment) => DefineClassificationPolicyDecider.Decide(command, id, states.Holder(name), moment),
            Answer = (states, _) => new Answer(201, ClassificationPolicyAnswer.Of(states.Find<OwnPolicy>(id.Value)!), $"/v1/classification-policies/{id}"),
        };
    });

    [WolverineGet("/v1/classification-policies/{policyId}", OperationId = "getClassificationPolicy")]
    [Tags("Policies"), Answers(typeof(ClassificationPolicyAnswer), 200)]
    public static Task<IResult> Get(Guid policyId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.Find<OwnPolicy>(policyId, cancellation) is { } own ? ClassificationPolicyAnswer.Of(own) : null);

    /// <summary>Those that the ledger brings, then the tenant's own in the order of their making: few enough for one answer.</summary>
    [WolverineGet("/v1/classification-policies", OperationId = "listClassificationPolicies")]
    [Tags("Policies"), Answers(typeof(ClassificationPoliciesAnswer), 200)]
    public static Task<IResult> List(HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
    {
        var ids = await snapshot.Query(
            "select id from ledger.listing where tenant_id = $1 and n <= $2 and kind = $3 order by n",
            reader => reader.GetGuid(0),
            cancellation,
            OwnPolicy.Kind);
        var own = await snapshot.FindAll<OwnPolicy>(ids, cancellation);
        return new ClassificationPoliciesAnswer(
            [.. ShippedPolicies.All.Select(ClassificationPolicyAnswer.Of), .. ids.Select(id => ClassificationPolicyAnswer.Of(own[id]))], snapshot.Sequence);
    });
}
