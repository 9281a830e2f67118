using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Funds;

/// <summary>Money goes back to the donor it came from.</summary>
/// <param name="Source">A donor's id, or the name he is registered under.</param>
/// <param name="Nature">What the money was when it came: a gift or a share of capital, or a loan.</param>
public sealed record ReturnCapital(
    Money Amount, [property: TextLimit(160)] string Source, ContributionNature Nature = ContributionNature.Grant) : DatedCommand;

public sealed record CapitalReturnAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    FundId FundId,
    DonorId DonorId,
    Money Amount,
    ContributionNature Nature,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    IReadOnlyList<string>? Warnings,
    long AsOfSequence)
{
    public static CapitalReturnAnswer Of(RecordedFact fact, long sequence) => Of(fact, warnings: null, sequence);

    public static CapitalReturnAnswer Of(RecordedFact fact, IReadOnlyList<string>? warnings, long sequence)
    {
        var returned = (CapitalReturned)fact.Data;
        return new CapitalReturnAnswer(
            returned.CapitalReturnId,
            returned.Number,
            returned.ExternalId,
            returned.FundId,
            returned.DonorId,
            returned.Amount,
            returned.Nature,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            warnings,
            sequence);
    }
}

public static class ReturnCapitalDecider
{
    /// <param name="balances">Of the fund, over everything known.</param>
    public static Decision Decide(ReturnCapital command, TransactionId id, Fund? fund, FundBalances balances, DonorId? known, Moment moment)
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

        if (known is not { } donorId)
        {
            return Decision.Refuse("unknown-donor", "/source");
        }

        var contributed = fund.ContributedBy(donorId, command.Nature);
        if (contributed < command.Amount)
        {
            return Decision.Refuse(
                "more-than-contributed", "/amount", new Figure("contributed", contributed), new Figure("required", command.Amount));
        }

        // A loan to the fund was never part of its capital, so only the money that lies there limits paying it back.
        var position = FundPosition.Of(balances, fund);
        var available = command.Nature == ContributionNature.Loan ? position.ByCash : position.Lendable;
        if (available < command.Amount)
        {
            return Decision.Refuse(
                "insufficient-lendable-funds", "/amount", new Figure("available", available), new Figure("required", command.Amount));
        }

        var day = fund.DayOf(effectiveOn);
        return Decision.Record(new NewFact(
            fund.Id.Value,
            new CapitalReturned(
                id,
                moment.NextNumber("PM"),
                fund.Id,
                donorId,
                command.Amount,
                command.Nature,
                FundPostingRules.CapitalReturn(fund.Id, donorId, command.Amount, command.Nature, command.Channel ?? Channel.BankTransfer, day),
                command.ExternalId),
            day,
            EventOf: id.Value));
    }
}

public static class ReturnCapitalEndpoint
{
    [WolverinePost("/v1/funds/{fundId}/capital-returns", OperationId = "returnCapital")]
    [Tags("Funds"), Takes(typeof(ReturnCapital)), Answers(typeof(CapitalReturnAnswer), 201)]
    public static async Task<IResult> Post(Guid fundId, HttpContext http)
    {
        var tenantKey = await http.RequestServices.GetRequiredService<TenantKeys>().Of(Caller.Of(http).Tenant, http.RequestAborted);
        return await http.Record<ReturnCapital>("returnCapital", command =>
        {
            var id = new TransactionId(command.NewId());
            var fund = new FundId(fundId);
            var source = DonorOf.Source(command.Source, tenantKey);
            return new WriteSlice
            {
                Channel = command.Channel ?? Channel.BankTransfer,
                PaperContent = $"{fundId}|{command.Amount}|{command.EffectiveOn:O}|{command.Channel}",
                NoteAbout = _ => fundId,
                Needs = _ => [Need.Of<Fund>(fundId), Need.Balances(fund), .. source.Needs()],
                Decide = (states, moment) => ReturnCapitalDecider.Decide(
                    command, id, states.Find<Fund>(fundId), states.Balances(fund), source.Known(states), moment),
                Answer = (states, moment) =>
                {
                    var fact = moment.Recorded<CapitalReturned>();
                    var warnings = CashWarnings.Of(states.Balances(fund), ((CapitalReturned)fact.Data).Lines);
                    return new Answer(201, CapitalReturnAnswer.Of(fact, warnings, moment.Sequence), $"/v1/funds/{fundId}/capital-returns/{id}");
                },
            };
        });
    }
}

public static class GetCapitalReturnEndpoint
{
    [WolverineGet("/v1/funds/{fundId}/capital-returns/{capitalReturnId}", OperationId = "getCapitalReturn")]
    [Tags("Funds"), Answers(typeof(CapitalReturnAnswer), 200)]
    public static Task<IResult> Get(Guid fundId, Guid capitalReturnId, HttpContext http) =>
        http.ReadFact<CapitalReturned>(fundId, capitalReturnId, CapitalReturnAnswer.Of);
}
