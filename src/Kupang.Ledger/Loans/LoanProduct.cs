using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

/// <summary>A product as it is offered now.</summary>
/// <param name="ProductVersion">Counts its revisions; a proposal copies the terms together with it.</param>
public sealed record LoanProduct(
    LoanProductId Id, string Number, string? ExternalId, string Code, string Name, int ProductVersion, LoanTerms Terms, ProductLimits Limits)
    : IStreamState<LoanProduct>, IListed
{
    /// <summary>The kind of name under which a product's code is claimed.</summary>
    public const string CodeName = "product-code";

    public static string Kind => "loan-product";

    public Listing Listing => new(Id.Value, Number, ExternalId, ProductId: Id.Value);

    public static LoanProduct After(LoanProduct? state, RecordedFact fact) => fact.Data switch
    {
        LoanProductDefined defined => new LoanProduct(
            defined.ProductId, defined.Number, defined.ExternalId, defined.Code, defined.Name, ProductVersion: 1, defined.Terms, defined.Limits),
        LoanProductRevised revised => state! with
        {
            ProductVersion = revised.ProductVersion,
            Name = revised.Name,
            Terms = revised.Terms,
            Limits = revised.Limits,
        },
        _ => throw new InvalidOperationException($"A loan product knows no {fact.Data.GetType().Name}."),
    };
}
