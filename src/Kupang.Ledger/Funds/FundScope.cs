using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Funds;

/// <summary>
/// Which funds a report of the books is about, in the one currency they are kept in: the one that is named, or all but the
/// groups' own boxes, which are not the organisation's money.
/// </summary>
public sealed record FundScope(FundId? FundId, Currency Currency, IReadOnlyList<Fund> Funds)
{
    public Guid[] Ids => [.. Funds.Select(fund => fund.Id.Value)];

    /// <summary>Null when there is no such fund.</summary>
    /// <exception cref="RequestProblem">The funds have several currencies and none is named, or one that is not theirs.</exception>
    public static async Task<FundScope?> Of(Snapshot snapshot, Guid? fundId, string? currency, CancellationToken cancellation)
    {
        var funds = fundId is { } id
            ? await snapshot.Find<Fund>(id, cancellation) is { } fund ? [fund] : []
            : await OwnFunds(snapshot, cancellation);
        if (fundId is not null && funds.Count == 0)
        {
            return null;
        }

        var kept = CurrencyOf(currency, funds);
        return new FundScope(fundId is { } one ? new FundId(one) : null, kept, [.. funds.Where(fund => fund.Currency == kept)]);
    }

    private static async Task<IReadOnlyList<Fund>> OwnFunds(Snapshot snapshot, CancellationToken cancellation)
    {
        var ids = await snapshot.Query(
            "select id from ledger.listing where tenant_id = $1 and n <= $2 and kind = $3 order by n", reader => reader.GetGuid(0), cancellation, Fund.Kind);
        var funds = await snapshot.FindAll<Fund>(ids, cancellation);
        return [.. ids.Select(id => funds[id]).Where(fund => fund.FundKind != FundKind.GroupOwn)];
    }

    private static Currency CurrencyOf(string? code, IReadOnlyList<Fund> funds)
    {
        Currency[] kept = [.. funds.Select(fund => fund.Currency).Distinct()];
        if (code is null)
        {
            return kept switch
            {
                [] => Currency.IndonesianRupiah,
                [var only] => only,
                _ => throw Mistake($"There are books in {string.Join(", ", kept.Select(currency => currency.Code).Order(StringComparer.Ordinal))}: name one."),
            };
        }

        var named = Currency.IsKnown(code) ? Currency.FromCode(code) : throw Mistake("The currency is not one that this ledger keeps.");
        return kept.Length == 0 || kept.Contains(named) ? named : throw Mistake("There are no books in this currency.");
    }

    private static RequestProblem Mistake(string detail) => RequestProblem.Of("malformed-request", "currency", "invalid-value", detail);
}
