using System.Globalization;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Savings;

/// <summary>
/// Holds the savings accounts of the chart against what the accounts' own facts say: by fund, account and person, day by day.
/// It is given every fact of a tenant in order, and keeps sums and what each movement moved. What a loan's fact keeps back as savings of somebody who
/// has no account is no account's, and is passed over.
/// </summary>
public sealed class SavingsBook
{
    private static readonly string[] Codes = ["2.1.01.", "3.1.02."];

    private readonly Dictionary<SavingsAccountId, SavingsPlace> places = [];
    private readonly Dictionary<TransactionId, long> movements = [];
    private readonly Dictionary<TransactionId, long> received = [];
    private readonly Dictionary<(SavingsPlace Place, DateOnly Day), (long Accounts, long Lines)> sums = [];

    public void Add(RecordedFact fact)
    {
        var day = fact.Envelope.EffectiveOn;
        switch (fact.Data)
        {
            case SavingsAccountOpened opened:
                places[opened.AccountId] = new SavingsPlace(opened.FundId, opened.Terms.Account(), opened.Owner);
                break;
            case SavingsTransferReceived transfer:
                received[transfer.TransferId] = transfer.Amount.MinorUnits;
                Move(transfer.AccountId, day, transfer.Amount.MinorUnits);
                break;
            case SavingsTransferTakenBack back:
                Move(back.AccountId, day, -received[back.TransferId]);
                break;
            case SavingsEntryReversed reversed:
                Move(reversed.AccountId, day, -movements[reversed.TransactionId]);
                break;
            case ISavingsEntry entry:
                var minorUnits = entry is SavingsWithdrawn or SavingsTransferred or SavingsAccountPaidOut ? -entry.Amount.MinorUnits : entry.Amount.MinorUnits;
                movements[entry.EntryId] = minorUnits;
                Move(entry.AccountId, day, minorUnits);
                break;
        }

        if (fact.Data is ISavingsEntry { Lines: var lines })
        {
            foreach (var line in lines.Where(line => Codes.Any(code => line.Account.Value.StartsWith(code, StringComparison.Ordinal))))
            {
                Sum((new SavingsPlace(line.FundId, line.Account, line.Party), line.EffectiveOn), 0, -line.Amount.MinorUnits);
            }
        }
    }

    /// <summary>The first place and day where the lines say something else than the accounts; null when all agree.</summary>
    public (string What, long Accounts, long Lines)? FirstDifference()
    {
        foreach (var ((place, day), sum) in sums)
        {
            if (sum.Accounts != sum.Lines)
            {
                var what = string.Create(
                    CultureInfo.InvariantCulture,
                    $"savings on {place.Account} of fund {place.FundId}, {place.Owner?.Kind.ToString() ?? "nobody"} {place.Owner?.Id}, moved on {day:yyyy-MM-dd}");
                return (what, sum.Accounts, sum.Lines);
            }
        }

        return null;
    }

    private void Move(SavingsAccountId accountId, DateOnly day, long minorUnits) => Sum((places[accountId], day), minorUnits, 0);

    private void Sum((SavingsPlace, DateOnly) key, long accounts, long lines)
    {
        var (knownAccounts, knownLines) = sums.GetValueOrDefault(key);
        sums[key] = (knownAccounts + accounts, knownLines + lines);
    }

    private sealed record SavingsPlace(FundId FundId, AccountCode Account, Party? Owner);
}
