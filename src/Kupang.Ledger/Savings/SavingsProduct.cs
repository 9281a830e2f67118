using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Savings;

/// <summary>A savings product as it is offered now.</summary>
/// <param name="ProductVersion">Counts its revisions; an account copies the terms together with it.</param>
public sealed record SavingsProduct(
    SavingsProductId Id, string Number, string? ExternalId, string Code, string Name, int ProductVersion, SavingsTerms Terms)
    : IStreamState<SavingsProduct>, IListed
{
    /// <summary>The kind of name under which a product's code is claimed.</summary>
    public const string CodeName = "savings-product-code";

    public static string Kind => "savings-product";

    public Listing Listing => new(Id.Value, Number, ExternalId, ProductId: Id.Value);

    public static SavingsProduct After(SavingsProduct? state, RecordedFact fact) => fact.Data switch
    {
        SavingsProductDefined defined => new SavingsProduct(
            defined.ProductId, defined.Number, defined.ExternalId, defined.Code, defined.Name, ProductVersion: 1, defined.Terms),
        SavingsProductRevised revised => state! with { ProductVersion = revised.ProductVersion, Name = revised.Name, Terms = revised.Terms },
        _ => throw new InvalidOperationException($"A savings product knows no {fact.Data.GetType().Name}."),
    };
}
