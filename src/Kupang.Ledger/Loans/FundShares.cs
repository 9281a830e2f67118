using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans;

/// <summary>
/// Whose money the parts of payments are, when a loan draws on several funds. Each part is divided pro rata by largest
/// remainder, ties to the first fund: principal by what each fund still has out, so that all are paid in full together;
/// the margin of a <em>murabahah</em> by what each has still deferred of it, so that each has none left at the end; what goes
/// out of an advance by what each has of it; everything else by what each has lent.
/// </summary>
internal sealed class FundShares
{
    private readonly FundId[] ids;
    private readonly long[] lent;
    private readonly long[] owed;
    private readonly long[] held;
    private readonly long[]? deferred;

    /// <param name="paid">Parts that are divided already.</param>
    public FundShares(Loan loan, IEnumerable<SplitPart> paid)
    {
        ids = [.. loan.Funding.Select(share => share.FundId)];
        lent = [.. loan.Funding.Select(share => share.Principal.MinorUnits)];
        (owed, held) = (new long[ids.Length], new long[ids.Length]);
        deferred = loan.Terms.MarginOf(loan.FirstSchedule) is { } margin ? [.. margin.ProRata(lent).Select(share => share.MinorUnits)] : null;
        Lend(loan.FirstFunding);
        foreach (var part in paid)
        {
            Count(part);
        }
    }

    /// <summary>More of the loan is paid out.</summary>
    public void Lend(ImmutableArray<FundingShare> funding)
    {
        foreach (var share in funding)
        {
            owed[Array.IndexOf(ids, share.FundId)] += share.Principal.MinorUnits;
        }
    }

    /// <summary>Divides the next part, in the order in which parts come to be.</summary>
    public SplitPart[] Divide(SplitPart part)
    {
        var shares = part.Amount.ProRata(part.Component switch
        {
            SplitComponent.Principal or SplitComponent.PrincipalWrittenOff => owed,
            SplitComponent.Advance when part.Amount.IsNegative => held,
            var component when deferred is not null && IsInterest(component) => deferred,
            _ => lent,
        });
        SplitPart[] divided = [.. ids.Zip(shares, (fundId, share) => part with { Amount = share, FundId = fundId }).Where(share => !share.Amount.IsZero)];
        Array.ForEach(divided, Count);
        return divided;
    }

    /// <summary>Takes a part back: each fund gives what it had of it.</summary>
    public SplitPart[] Undo(SplitPart[] parts)
    {
        SplitPart[] back = [.. parts.Select(part => part with { Amount = -part.Amount, AppliedOn = null })];
        Array.ForEach(back, Count);
        return back;
    }

    private void Count(SplitPart part)
    {
        var index = Array.IndexOf(ids, part.FundId!.Value);
        if (part.Component is SplitComponent.Principal or SplitComponent.PrincipalWrittenOff)
        {
            owed[index] -= part.Amount.MinorUnits;
        }
        else if (part.Component == SplitComponent.Advance)
        {
            held[index] += part.Amount.MinorUnits;
        }
        else if (deferred is not null && IsInterest(part.Component))
        {
            deferred[index] -= part.Amount.MinorUnits;
        }
    }

    private static bool IsInterest(SplitComponent component) =>
        component is SplitComponent.Interest or SplitComponent.InterestWaived or SplitComponent.InterestWrittenOff;
}
