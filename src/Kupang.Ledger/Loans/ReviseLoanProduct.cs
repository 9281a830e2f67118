using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.RateCaps;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>Offers the product otherwise from now on: what is named changes, the rest stays. Code and currency never change.</summary>
public sealed record ReviseLoanProduct(
    [property: TextLimit(120)] string? Name = null,
    InterestRule? Interest = null,
    RepaymentRule? Repayment = null,
    RoundingRule? Rounding = null,
    GraceTerms? Grace = null,
    AllocationOrder? Allocation = null,
    BookingClass? BookingClass = null,
    [property: TextLimit(20)] string? ArrearsTolerance = null,
    [property: JsonConverter(typeof(NullableHolidayRuleJsonConverter))] HolidayRule? Holidays = null,
    ProductLimits? Limits = null,
    AdvanceRule? Advance = null,
    ReductionEffect? Effect = null,
    PenaltyRule? Penalty = null,
    AllocationRule? AllocationRule = null,
    int? MaximumTranches = null) : Command, IConditionalCommand
{
    public LoanTerms Revise(LoanTerms terms) => terms with
    {
        Interest = Interest ?? terms.Interest,
        Repayment = Repayment ?? terms.Repayment,
        Rounding = Rounding ?? terms.Rounding,
        Grace = Grace ?? terms.Grace,
        Allocation = Allocation ?? terms.Allocation,
        BookingClass = BookingClass ?? terms.BookingClass,
        ArrearsTolerance = ArrearsTolerance ?? terms.ArrearsTolerance,
        Holidays = Holidays ?? terms.Holidays,
        Advance = Advance ?? terms.Advance,
        Effect = Advance is null ? Effect ?? terms.Effect : Effect,
        Penalty = Penalty ?? terms.Penalty,
        AllocationRule = Allocation is null ? AllocationRule ?? terms.AllocationRule : AllocationRule,
        MaximumTranches = MaximumTranches ?? terms.MaximumTranches,
    };
}

public static class ReviseLoanProductDecider
{
    /// <param name="version">The version that the caller saw.</param>
    public static Decision Decide(ReviseLoanProduct command, LoanProduct? product, long version, Moment moment)
    {
        if (product is null)
        {
            return Decision.NotFound();
        }

        if (product.ProductVersion != version)
        {
            return Decision.Changed();
        }

        var (terms, limits, name) = (command.Revise(product.Terms), command.Limits ?? product.Limits, command.Name ?? product.Name);
        if ((terms.Check("") ?? limits.Check(Currency.FromCode(terms.Currency), "/limits")) is { } refusal)
        {
            return refusal;
        }

        return (terms, limits, name) == (product.Terms, product.Limits, product.Name)
            ? Decision.Refuse("nothing-to-change")
            : Decision.Record(new NewFact(
                product.Id.Value,
                new LoanProductRevised(product.Id, product.ProductVersion + 1, name, terms, limits),
                BookDay.Open(moment.Today)));
    }
}

public static class ReviseLoanProductEndpoint
{
    [WolverinePatch("/v1/loan-products/{productId}", OperationId = "reviseLoanProduct")]
    [Tags("Loan products"), Takes(typeof(ReviseLoanProduct)), Answers(typeof(LoanProductAnswer), 200)]
    public static Task<IResult> Patch(Guid productId, HttpContext http)
    {
        var version = http.RequireVersion();
        return http.Record<ReviseLoanProduct>("reviseLoanProduct", command =>
        {
            return new WriteSlice
            {
                Needs = _ => [Need.Of<LoanProduct>(productId), Need.Of<TenantRateCaps>(TenantRateCaps.StreamId)],
                Decide = (states, moment) => ReviseLoanProductDecider.Decide(command, states.Find<LoanProduct>(productId), version, moment),
                Answer = (states, moment) => new Answer(200, LoanProductAnswer.Of(states, productId, moment)),
            };
        });
    }
}

/// <summary>The same words, where the rule may be left out.</summary>
public sealed class NullableHolidayRuleJsonConverter : JsonConverter<HolidayRule?>
{
    private static readonly HolidayRuleJsonConverter Inner = new();

    public override HolidayRule? Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options) =>
        Inner.Read(ref reader, typeof(HolidayRule), options);

    public override void Write(System.Text.Json.Utf8JsonWriter writer, HolidayRule? value, System.Text.Json.JsonSerializerOptions options) =>
        Inner.Write(writer, value!.Value, options);
}
