using System.Globalization;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.CashBoxes;

/// <summary>
/// Holds every count of cash against the lines before it: what a closing says the books said is what they said, and what it
/// found missing or too much stands in a fact of its own. Also that money goes only into boxes that exist, by the account
/// they stand on. Facts are handed in one after the other and none is kept.
/// </summary>
public sealed class CashBookCheck
{
    private readonly Dictionary<MoneyAccountId, (AccountCode Account, MoneyAccountBalances Balances)> boxes = [];
    private readonly Dictionary<TransactionId, Money> differences = [];

    /// <summary>What a fact says that the books before it do not, or null.</summary>
    public string? Add(RecordedFact fact)
    {
        switch (fact.Data)
        {
            case MoneyAccountOpened opened:
                boxes[opened.MoneyAccountId] = (opened.Account, MoneyAccountBalances.Empty(opened.MoneyAccountId));
                return null;
            case CashDifferenceRecorded recorded:
                differences[recorded.DifferenceId] = recorded.Kind == CashDifferenceKind.Short ? -recorded.Amount : recorded.Amount;
                return AddLines(fact);
            case CashDayClosed closed:
                return Check(closed, fact.Envelope.EffectiveOn);
            default:
                return fact.Data is IMoneyFact ? AddLines(fact) : null;
        }
    }

    private string? AddLines(RecordedFact fact)
    {
        foreach (var line in LedgerLine.Of(fact))
        {
            if (line.MoneyAccount is not { } id)
            {
                continue;
            }

            if (!boxes.TryGetValue(new MoneyAccountId(id), out var box) || box.Account.Value != line.Account)
            {
                return $"account {line.Account} in the money account {id}";
            }

            boxes[new MoneyAccountId(id)] = box with { Balances = box.Balances.Add(new FundId(line.FundId), line.Day.EffectiveOn, line.Amount.MinorUnits) };
        }

        return null;
    }

    /// <summary>The difference was put into the books first, so that they now say what was counted.</summary>
    private string? Check(CashDayClosed closed, DateOnly day)
    {
        var posted = closed.DifferenceId is { } id && differences.Remove(id, out var difference) ? difference.MinorUnits : 0;
        var books = boxes.TryGetValue(closed.MoneyAccountId, out var box) ? box.Balances.At(day) : 0;
        return books == closed.Total.MinorUnits && closed.Difference.MinorUnits == posted && closed.Total - closed.Books == closed.Difference
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"cash counted {closed.Total}, books {closed.Books}, difference {closed.Difference}, lines {books}, posted {posted}");
    }
}
