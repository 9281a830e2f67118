using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Cycles;

/// <summary>A group begins to save in cycles, in a fund of its own. Every later cycle begins with a share-out.</summary>
/// <param name="FundId">A fund of kind <c>group-own</c> in which no cycle was opened before.</param>
public sealed record OpenCycle(
    FundId FundId,
    DateOnly StartsOn,
    Money SharePrice,
    int MaximumSharesPerMeeting,
    Money? SocialFundContribution = null,
    ImmutableArray<FineTariff>? Fines = null,
    Money? PayoutMultiple = null,
    bool CatchUp = false,
    LeaverRule Leavers = LeaverRule.SharePrice) : Command
{
    [JsonIgnore]
    public CycleTerms Terms => new(SharePrice, MaximumSharesPerMeeting, SocialFundContribution, Fines, PayoutMultiple, CatchUp, Leavers);
}

public static class OpenCycleDecider
{
    /// <param name="first">Who holds the fund's first cycle, when there was one.</param>
    public static Decision Decide(OpenCycle command, CycleId id, Group? group, Fund? fund, FundBalances balances, KeyHolder? first, Moment moment)
    {
        if (group is null)
        {
            return Decision.NotFound();
        }

        if (fund is null)
        {
            return Decision.Refuse("unknown-fund", "/fundId", new Figure("fundId", command.FundId.ToString()));
        }

        if (fund.FundKind != FundKind.GroupOwn)
        {
            return Decision.Refuse("fund-not-group-own", "/fundId");
        }

        if (first is not null)
        {
            return Decision.Refuse("fund-has-cycles", "/fundId", new Figure("cycleId", first.StreamId.ToString()));
        }

        return CycleTermsRules.Check(command.Terms, fund.Currency) ?? CycleTermsRules.CheckStart(command.StartsOn, group, moment) ?? Decision.Record(new NewFact(
                id.Value,
                new CycleOpened(
                    id,
                    moment.NextNumber("SK"),
                    Ordinal: 1,
                    group.Id,
                    fund.Id,
                    command.Terms,
                    command.StartsOn,
                    CyclePool.FiguresOf(balances, fund.Currency),
                    ExternalId: command.ExternalId),
                BookDay.Open(command.StartsOn),
                EventOf: id.Value))
            .WithClaims(new NameClaim(Cycle.FirstOfFund, fund.Id.ToString(), id.Value));
    }
}

/// <summary>Which terms a cycle may have.</summary>
public static class CycleTermsRules
{
    private const int MostShares = 1_000;

    public static Decision? Check(CycleTerms terms, Currency currency) =>
        AmountRules.Check(terms.SharePrice, currency, "/sharePrice")
            ?? (terms.MaximumSharesPerMeeting is < 1 or > MostShares
                ? OutOfRange("maximumSharesPerMeeting")
            : terms.SharePrice.MinorUnits > Money.MaximumMinorUnits / terms.MaximumSharesPerMeeting ? OutOfRange("sharePrice")
            : terms.SocialFundContribution is { } social && AmountRules.Check(social, currency, "/socialFundContribution") is { } unfit ? unfit
            : terms.PayoutMultiple is { } multiple && AmountRules.Check(multiple, currency, "/payoutMultiple") is { } refusal ? refusal
            : CheckFines(terms.Fines ?? [], currency));

    /// <summary>A cycle has begun, and not before its group.</summary>
    public static Decision? CheckStart(DateOnly startsOn, Group group, Moment moment) =>
        DateRules.Check(startsOn, moment, "/startsOn")
            ?? (startsOn < group.FormedOn
                ? Decision.Refuse("before-group-formed", "/startsOn", new Figure("effectiveOn", startsOn), new Figure("formedOn", group.FormedOn))
                : null);

    private static Decision? CheckFines(ImmutableArray<FineTariff> fines, Currency currency)
    {
        HashSet<string> named = [];
        foreach (var (index, fine) in fines.Index())
        {
            if (AmountRules.Check(fine.Amount, currency, $"/fines/{index}/amount") is { } refusal)
            {
                return refusal;
            }

            if (!named.Add(fine.Code))
            {
                return Decision.Refuse("fine-named-twice", $"/fines/{index}/code", new Figure("fineCode", fine.Code));
            }
        }

        return null;
    }

    private static Decision OutOfRange(string term) => Decision.Refuse("cycle-terms-out-of-range", $"/{term}", new Figure("term", term));
}

public static class OpenCycleEndpoint
{
    [WolverinePost("/v1/groups/{groupId}/cycles", OperationId = "openCycle")]
    [Tags("Cycles"), Takes(typeof(OpenCycle)), Answers(typeof(CycleAnswer), 201)]
    public static Task<IResult> Post(Guid groupId, HttpContext http) => http.Record<OpenCycle>("openCycle", command =>
    {
        var id = new CycleId(command.NewId());
        var first = new KeyName(Cycle.FirstOfFund, command.FundId.ToString());
        return new WriteSlice
        {
            Needs = _ =>
            [
                Need.Of<Cycle>(id.Value),
                Need.Of<Group>(groupId),
                Need.Of<Fund>(command.FundId.Value),
                Need.Balances(command.FundId),
                Need.Key(first.Kind, first.Value),
            ],
            Decide = (states, moment) => OpenCycleDecider.Decide(
                command, id, states.Find<Group>(groupId), states.Find<Fund>(command.FundId.Value), states.Balances(command.FundId), states.Holder(first), moment),
            Answer = (states, moment) => new Answer(201, CycleAnswer.Of(states.Find<Cycle>(id.Value)!, states.Balances(command.FundId), moment.Sequence), $"/v1/cycles/{id}"),
        };
    });
}
