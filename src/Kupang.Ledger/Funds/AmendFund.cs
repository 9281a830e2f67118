using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Funds;

/// <summary>Changes what a fund is called or the terms it lends on. What is left out stays as it is.</summary>
/// <param name="Terms">All terms of the fund from now on.</param>
public sealed record AmendFund([property: TextLimit(120)] string? Name = null, FundTerms? Terms = null) : Command, IConditionalCommand;

public static class AmendFundDecider
{
    /// <param name="version">The version the caller saw.</param>
    public static Decision Decide(AmendFund command, Fund? fund, long version, Moment moment) =>
        fund is null ? Decision.NotFound()
        : fund.Version != version ? Decision.Changed()
        : command is { Name: null, Terms: null } ? Decision.Refuse("nothing-to-change", pointer: "")
        : command.Terms is null && fund.Name == command.Name ? Decision.AlreadyRecorded()
        : FundTermsRules.Check(command.Terms)
            ?? Decision.Record(new NewFact(fund.Id.Value, new FundAmended(fund.Id, command.Name ?? fund.Name, command.Terms), BookDay.Open(moment.Today)));
}

public static class AmendFundEndpoint
{
    [WolverinePatch("/v1/funds/{fundId}", OperationId = "amendFund")]
    [Tags("Funds"), Takes(typeof(AmendFund)), Answers(typeof(FundAnswer), 200)]
    public static Task<IResult> Patch(Guid fundId, HttpContext http)
    {
        var version = http.RequireVersion();
        var id = new FundId(fundId);
        return http.Record<AmendFund>("amendFund", command => new WriteSlice
        {
            Needs = _ => [Need.Of<Fund>(fundId), Need.Balances(id)],
            Decide = (states, moment) => AmendFundDecider.Decide(command, states.Find<Fund>(fundId), version, moment),
            Answer = (states, moment) => new Answer(200, FundAnswer.Of(states, id, moment)),
        });
    }
}
