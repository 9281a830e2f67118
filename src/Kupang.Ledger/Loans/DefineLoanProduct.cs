using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.RateCaps;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>Offers a product. Its members from <c>currency</c> to <c>holidays</c> are its terms.</summary>
public sealed record DefineLoanProduct(
    [property: TextLimit(30)] string Code,
    [property: TextLimit(120)] string Name,
    [property: TextLimit(3)] string Currency,
    InterestRule Interest,
    RepaymentRule Repayment,
    RoundingRule? Rounding = null,
    GraceTerms? Grace = null,
    AllocationOrder Allocation = AllocationOrder.OldestInstalmentFirst,
    PenaltyRule? Penalty = null,
    AdvanceRule Advance = AdvanceRule.NextInstalment,
    BookingClass BookingClass = BookingClass.Other,
    [property: TextLimit(20)] string ArrearsTolerance = "0",
    [property: JsonConverter(typeof(HolidayRuleJsonConverter))] HolidayRule Holidays = HolidayRule.SameDay,
    ProductLimits? Limits = null,
    ReductionEffect? Effect = null,
    AllocationRule? AllocationRule = null,
    int? MaximumTranches = null) : Command
{
    public LoanTerms Terms() => new(
        Currency,
        Interest,
        Repayment,
        Rounding,
        Grace,
        Allocation,
        Penalty,
        Advance,
        BookingClass,
        ArrearsTolerance,
        Holidays,
        Effect,
        AllocationRule,
        MaximumTranches);
}

/// <summary>A product as partners read it: the members it was defined with.</summary>
public sealed record LoanProductAnswer(
    LoanProductId Id,
    string Number,
    string? ExternalId,
    string Code,
    string Name,
    string Currency,
    InterestRule Interest,
    RepaymentRule Repayment,
    RoundingRule? Rounding,
    GraceTerms Grace,
    AllocationOrder Allocation,
    PenaltyRule Penalty,
    AdvanceRule Advance,
    BookingClass BookingClass,
    string ArrearsTolerance,
    HolidayRule Holidays,
    ReductionEffect? Effect,
    AllocationRule? AllocationRule,
    int MaximumTranches,
    ProductLimits Limits,
    long Version) : IVersioned
{
    /// <summary>What its largest and longest loan costs in a year, said when it is defined or revised.</summary>
    public RatesPerYear? RatesPerYear { get; init; }

    /// <summary>Where that is beyond the tenant's caps.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>The product of a change, judged by the caps of its day.</summary>
    public static LoanProductAnswer Of(States states, Guid productId, Moment moment)
    {
        var product = states.Find<LoanProduct>(productId)!;
        var judgement = RateJudgement.OfProduct(product.Terms, product.Limits, TenantRateCaps.In(states).On(moment.Today), moment.Today);
        return Of(product) with { RatesPerYear = judgement?.Rates, Warnings = judgement?.Warnings };
    }

    public static LoanProductAnswer Of(LoanProduct product)
    {
        var terms = product.Terms;
        return new LoanProductAnswer(
            product.Id,
            product.Number,
            product.ExternalId,
            product.Code,
            product.Name,
            terms.Currency,
            terms.Interest,
            terms.Repayment,
            terms.Rounding,
            terms.Grace ?? GraceTerms.None,
            terms.Allocation,
            terms.Penalty ?? new PenaltyRule(PenaltyKind.None),
            terms.Advance,
            terms.BookingClass,
            terms.ArrearsTolerance,
            terms.Holidays,
            terms.Effect,
            terms.AllocationRule,
            terms.MaximumTranches ?? 1,
            product.Limits,
            product.ProductVersion);
    }
}

public static class DefineLoanProductDecider
{
    public static Decision Decide(DefineLoanProduct command, LoanProductId id, KeyHolder? holderOfCode, Moment moment)
    {
        if (holderOfCode is not null)
        {
            return Decision.Refuse("product-code-taken", "/code", new Figure("productCode", command.Code));
        }

        var (terms, limits) = (command.Terms(), command.Limits ?? new ProductLimits());
        if ((terms.Check("") ?? limits.Check(Currency.FromCode(terms.Currency), "/limits")) is { } refusal)
        {
            return refusal;
        }

        return Decision.Record(new NewFact(
                id.Value,
                new LoanProductDefined(id, moment.NextNumber("PR"), command.Code, command.Name, terms, limits, command.ExternalId),
                BookDay.Open(moment.Today),
                EventOf: id.Value))
            .WithClaims(new NameClaim(LoanProduct.CodeName, command.Code, id.Value));
    }
}

public static class DefineLoanProductEndpoint
{
    [WolverinePost("/v1/loan-products", OperationId = "defineLoanProduct")]
    [Tags("Loan products"), Takes(typeof(DefineLoanProduct)), Answers(typeof(LoanProductAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<DefineLoanProduct>("defineLoanProduct", command =>
    {
        var id = new LoanProductId(command.NewId());
        var code = new KeyName(LoanProduct.CodeName, command.Code);
        return new WriteSlice
        {
            Needs = _ => [Need.Of<LoanProduct>(id.Value), Need.Key(code.Kind, code.Value), Need.Of<TenantRateCaps>(TenantRateCaps.StreamId)],
            Decide = (states, moment) => DefineLoanProductDecider.Decide(command, id, states.Holder(code), moment),
            Answer = (states, moment) => new Answer(201, LoanProductAnswer.Of(states, id.Value, moment), $"/v1/loan-products/{id}"),
        };
    });
}

public static class GetLoanProductEndpoint
{
    [WolverineGet("/v1/loan-products/{productId}", OperationId = "getLoanProduct")]
    [Tags("Loan products"), Answers(typeof(LoanProductAnswer), 200)]
    public static Task<IResult> Get(Guid productId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.Find<LoanProduct>(productId, cancellation) is { } product ? LoanProductAnswer.Of(product) : null);

    [WolverineGet("/v1/loan-products", OperationId = "listLoanProducts")]
    [Tags("Loan products"), Answers(typeof(Page<LoanProductAnswer>), 200)]
    public static Task<IResult> List(HttpContext http) => http.List<LoanProduct>(
        new Dictionary<string, string>(StringComparer.Ordinal), [], (product, _) => ValueTask.FromResult<object?>(LoanProductAnswer.Of(product)));
}
