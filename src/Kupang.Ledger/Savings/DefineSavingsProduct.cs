using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Savings;

/// <summary>Offers a savings product. Its members from <c>currency</c> on are its terms.</summary>
public sealed record DefineSavingsProduct(
    [property: TextLimit(30)] string Code,
    [property: TextLimit(120)] string Name,
    [property: TextLimit(3)] string Currency,
    SavingsKind Kind,
    SavingsClassification Classification = SavingsClassification.Liability,
    [property: TextLimit(20)] string MinimumBalance = "0",
    SavingsContribution? Contribution = null,
    LockIn? LockIn = null,
    WithdrawalRule? Withdrawals = null,
    SavingsInterestRule? Interest = null,
    int? DormantAfterMonths = null) : Command
{
    public SavingsTerms Terms() => new(
        Currency, Kind, Classification, MinimumBalance, Contribution, LockIn, Withdrawals, Interest, DormantAfterMonths);
}

/// <summary>A savings product as partners read it: the members it was defined with.</summary>
public sealed record SavingsProductAnswer(
    SavingsProductId Id,
    string Number,
    string? ExternalId,
    string Code,
    string Name,
    string Currency,
    SavingsKind Kind,
    SavingsClassification Classification,
    AccountCode Account,
    string MinimumBalance,
    SavingsContribution? Contribution,
    LockIn? LockIn,
    WithdrawalRule Withdrawals,
    SavingsInterestRule? Interest,
    int? DormantAfterMonths,
    long Version) : IVersioned
{
    public static SavingsProductAnswer Of(SavingsProduct product)
    {
        var terms = product.Terms;
        return new SavingsProductAnswer(
            product.Id,
            product.Number,
            product.ExternalId,
            product.Code,
            product.Name,
            terms.Currency,
            terms.Kind,
            terms.Classification,
            terms.Account(),
            terms.MinimumBalance,
            terms.Contribution,
            terms.LockIn,
            terms.Withdrawals ?? new WithdrawalRule(terms.AllowsWithdrawals()),
            terms.Interest,
            terms.DormantAfterMonths,
            product.ProductVersion);
    }
}

public static class DefineSavingsProductDecider
{
    public static Decision Decide(DefineSavingsProduct command, SavingsProductId id, KeyHolder? holderOfCode, Moment moment)
    {
        if (holderOfCode is not null)
        {
            return Decision.Refuse("product-code-taken", "/code", new Figure("productCode", command.Code));
        }

        var terms = command.Terms();
        return terms.Check() ?? Decision.Record(new NewFact(
                id.Value,
                new SavingsProductDefined(id, moment.NextNumber("PS"), command.Code, command.Name, terms, command.ExternalId),
                BookDay.Open(moment.Today),
                EventOf: id.Value))
            .WithClaims(new NameClaim(SavingsProduct.CodeName, command.Code, id.Value));
    }
}

public static class DefineSavingsProductEndpoint
{
    [WolverinePost("/v1/savings-products", OperationId = "defineSavingsProduct")]
    [Tags("Savings products"), Takes(typeof(DefineSavingsProduct)), Answers(typeof(SavingsProductAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<DefineSavingsProduct>("defineSavingsProduct", command =>
    {
        var id = new SavingsProductId(command.NewId());
        var code = new KeyName(SavingsProduct.CodeName, command.Code);
        return new WriteSlice
        {
            Needs = _ => [Need.Of<SavingsProduct>(id.Value), Need.Key(code.Kind, code.Value)],
            Decide = (states, moment) => DefineSavingsProductDecider.Decide(command, id, states.Holder(code), moment),
            Answer = (states, _) => new Answer(201, SavingsProductAnswer.Of(states.Find<SavingsProduct>(id.Value)!), $"/v1/savings-products/{id}"),
        };
    });

    [WolverineGet("/v1/savings-products/{productId}", OperationId = "getSavingsProduct")]
    [Tags("Savings products"), Answers(typeof(SavingsProductAnswer), 200)]
    public static Task<IResult> Get(Guid productId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.Find<SavingsProduct>(productId, cancellation) is { } product ? SavingsProductAnswer.Of(product) : null);

    [WolverineGet("/v1/savings-products", OperationId = "listSavingsProducts")]
    [Tags("Savings products"), Answers(typeof(Page<SavingsProductAnswer>), 200)]
    public static Task<IResult> List(HttpContext http) => http.List<SavingsProduct>(
        new Dictionary<string, string>(StringComparer.Ordinal), [], (product, _) => ValueTask.FromResult<object?>(SavingsProductAnswer.Of(product)));
}
