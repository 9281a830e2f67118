using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Savings;

/// <summary>
/// Offers the product otherwise from now on: what is named changes, the rest stays. Code, currency, kind and classification
/// never change, and accounts that are open keep the terms they were opened on.
/// </summary>
public sealed record ReviseSavingsProduct(
    [property: TextLimit(120)] string? Name = null,
    [property: TextLimit(20)] string? MinimumBalance = null,
    SavingsContribution? Contribution = null,
    LockIn? LockIn = null,
    WithdrawalRule? Withdrawals = null,
    SavingsInterestRule? Interest = null,
    int? DormantAfterMonths = null) : Command, IConditionalCommand
{
    public SavingsTerms Revise(SavingsTerms terms) => terms with
    {
        MinimumBalance = MinimumBalance ?? terms.MinimumBalance,
        Contribution = Contribution ?? terms.Contribution,
        LockIn = LockIn ?? terms.LockIn,
        Withdrawals = Withdrawals ?? terms.Withdrawals,
        Interest = Interest ?? terms.Interest,
        DormantAfterMonths = DormantAfterMonths ?? terms.DormantAfterMonths,
    };
}

public static class ReviseSavingsProductDecider
{
    /// <param name="version">The version that the caller saw.</param>
    public static Decision Decide(ReviseSavingsProduct command, SavingsProduct? product, long version, Moment moment)
    {
        if (product is null)
        {
            return Decision.NotFound();
        }

        if (product.ProductVersion != version)
        {
            return Decision.Changed();
        }

        var (terms, name) = (command.Revise(product.Terms), command.Name ?? product.Name);
        return terms.Check()
            ?? ((terms, name) == (product.Terms, product.Name)
                ? Decision.Refuse("nothing-to-change")
                : Decision.Record(new NewFact(
                    product.Id.Value,
                    new SavingsProductRevised(product.Id, product.ProductVersion + 1, name, terms),
                    BookDay.Open(moment.Today))));
    }
}

public static class ReviseSavingsProductEndpoint
{
    [WolverinePatch("/v1/savings-products/{productId}", OperationId = "reviseSavingsProduct")]
    [Tags("Savings products"), Takes(typeof(ReviseSavingsProduct)), Answers(typeof(SavingsProductAnswer), 200)]
    public static Task<IResult> Patch(Guid productId, HttpContext http)
    {
        var version = http.RequireVersion();
        return http.Record<ReviseSavingsProduct>("reviseSavingsProduct", command => new WriteSlice
        {
            Needs = _ => [Need.Of<SavingsProduct>(productId)],
            Decide = (states, moment) => ReviseSavingsProductDecider.Decide(command, states.Find<SavingsProduct>(productId), version, moment),
            Answer = (states, _) => new Answer(200, SavingsProductAnswer.Of(states.Find<SavingsProduct>(productId)!)),
        });
    }
}
