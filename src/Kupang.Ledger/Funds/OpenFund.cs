using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Funds;

/// <summary>Opens a fund: a box of money with books of its own.</summary>
public sealed record OpenFund(
    [property: TextLimit(30)] string Code,
    [property: TextLimit(120)] string Name,
    string Currency,
    FundKind Kind = FundKind.Revolving,
    [property: TextLimit(500)] string? Restriction = null,
    FundTerms? Terms = null) : Command;

public static class OpenFundDecider
{
    /// <param name="key">The fund's own key, for notes about it.</param>
    public static Decision Decide(OpenFund command, FundId id, KeyHolder? holderOfCode, SubjectKey key, Moment moment)
    {
        if (holderOfCode is not null)
        {
            return Decision.Refuse("fund-code-taken", "/code", new Figure("fundCode", command.Code));
        }

        if (!Currency.IsKnown(command.Currency))
        {
            return Decision.Refuse("unknown-currency", "/currency", new Figure("currency", command.Currency));
        }

        return FundTermsRules.Check(command.Terms) ?? Decision.Record(new NewFact(
                id.Value,
                new FundOpened(
                    id,
                    moment.NextNumber("DN"),
                    command.Code,
                    command.Name,
                    command.Currency,
                    command.Kind,
                    command.Terms ?? new FundTerms(),
                    command.Restriction,
                    command.ExternalId),
                BookDay.Open(moment.Today),
                EventOf: id.Value))
            .WithClaims(new NameClaim(Fund.CodeName, command.Code, id.Value))
            .WithKeys(key);
    }
}

public static class OpenFundEndpoint
{
    [WolverinePost("/v1/funds", OperationId = "openFund")]
    [Tags("Funds"), Takes(typeof(OpenFund)), Answers(typeof(FundAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<OpenFund>("openFund", command =>
    {
        var id = new FundId(command.NewId());
        return new WriteSlice
        {
            Needs = _ => [Need.Of<Fund>(id.Value), Need.Key(Fund.CodeName, command.Code), Need.Balances(id)],
            Decide = (states, moment) => OpenFundDecider.Decide(
                command, id, states.Holder(new KeyName(Fund.CodeName, command.Code)), SubjectKey.New(id.Value), moment),
            Answer = (states, moment) => new Answer(201, FundAnswer.Of(states, id, moment), $"/v1/funds/{id}"),
        };
    });
}
