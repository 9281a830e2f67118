using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Writing;

/// <summary>A cash box or bank account, as far as the door asks: what may go in, and through which day its cash was counted.</summary>
public interface IHoldsMoney
{
    /// <summary>The account of the chart that its lines stand on.</summary>
    AccountCode Account { get; }

    Currency Currency { get; }

    /// <summary>The only fund whose money it holds; null where several share it.</summary>
    FundId? FundId { get; }

    /// <summary>The last day whose cash was counted and closed.</summary>
    DateOnly? ClosedThrough { get; }

    /// <summary>What it may hold before it is to be emptied.</summary>
    Money? OpenLimit { get; }
}

/// <summary>
/// Which box money goes into or comes out of: one that exists, of the kind that fits how the money moved, for the fund whose
/// money it is; and once a day's cash was counted, nothing changes it without a second person. Commands that name no box
/// pass untouched.
/// </summary>
internal static class MoneyAccountRules
{
    private const string Kind = "money-account";

    public static Need NeedOf(MoneyAccountId id, FactTypes types) => new Need.Stream(types.Kind(Kind), id.Value);

    public static Decision? Check(WriteRequest request, States states)
    {
        if (request.Envelope.MoneyAccount is not { } id)
        {
            return null;
        }

        return Find(states, id) is not { } box
                ? Decision.Refuse("unknown-money-account", "/moneyAccountId", new Figure("moneyAccountId", id.ToString()))
            : request.Envelope.Channel is { } channel && (channel == Channel.Cash) != TakesCash(box)
                ? Decision.Refuse("channel-does-not-fit-money-account", "/moneyAccountId", new Figure("channel", LedgerJson.WordOf(channel)))
            : null;
    }

    /// <summary>Holds what was decided against the boxes that it moves money of.</summary>
    public static Decision CheckLines(WriteRequest request, States states, Decision decision)
    {
        if (decision is not Decision.ToRecord recorded)
        {
            return decision;
        }

        var isMet = request.Envelope.MoneyAccount is null;
        foreach (var fact in recorded.Facts)
        {
            var (ofFact, channel) = Of(request, states, fact);
            foreach (var line in LinesOf(fact))
            {
                if (LedgerLine.MoneyAccountOf(line, ofFact, channel) is { } id)
                {
                    isMet |= id == request.Envelope.MoneyAccount;
                    if (Check(request, Find(states, id)!, line) is { } refusal)
                    {
                        return refusal;
                    }
                }
            }
        }

        return isMet ? decision : Decision.Refuse("money-account-without-money", "/moneyAccountId");
    }

    /// <summary>The box of a fact, and how its money moved: what goes through a box and names no channel moved as the box does.</summary>
    public static (MoneyAccountId? MoneyAccount, Channel? Channel) Of(WriteRequest request, States states, NewFact fact) =>
        (fact.MoneyAccount ?? request.Envelope.MoneyAccount) is { } id
            ? (id, request.Envelope.Channel ?? (TakesCash(Find(states, id)!) ? Channel.Cash : Channel.BankTransfer))
            : (null, request.Envelope.Channel);

    /// <summary>Whether it changes the cash of a day that was counted already.</summary>
    public static bool IsAfterClose(NewFact fact, MoneyAccountId? moneyAccount, Channel? channel, States states) => LinesOf(fact).Any(line =>
        LedgerLine.MoneyAccountOf(line, moneyAccount, channel) is { } id && line.EffectiveOn <= Find(states, id)!.ClosedThrough);

    /// <summary>What is recorded though it looks odd: less than nothing in a box, or more than it may hold.</summary>
    /// <param name="changes">How much a command changed each box by, in minor units.</param>
    public static IEnumerable<string> Warnings(IReadOnlyDictionary<MoneyAccountId, long> changes, States states)
    {
        foreach (var (id, change) in changes)
        {
            if (states.PeekBalances(id) is not { } balances || Find(states, id) is not { } box)
            {
                continue;
            }

            if (change < 0 && balances.Total < 0)
            {
                yield return "cash-below-zero";
            }
            else if (change > 0 && balances.Total > box.OpenLimit?.MinorUnits)
            {
                yield return "open-limit-exceeded";
            }
        }
    }

    private static Decision? Check(WriteRequest request, IHoldsMoney box, JournalLine line) =>
        line.Account != box.Account
            ? Decision.Refuse("money-account-does-not-fit", "/moneyAccountId", new Figure("account", line.Account.Value), new Figure("ofBox", box.Account.Value))
        : line.Amount.Currency != box.Currency
            ? Decision.Refuse("wrong-currency", "/moneyAccountId", new Figure("currency", box.Currency.Code), new Figure("amount", line.Amount))
        : box.FundId is { } fundId && fundId != line.FundId
            ? Decision.Refuse("money-account-of-another-fund", "/moneyAccountId", new Figure("fundId", fundId.ToString()))
        : line.EffectiveOn <= box.ClosedThrough && request.Envelope.ApprovedBy is not { Length: > 0 }
            ? Decision.Refuse("second-person-required", "/approvedBy", new Figure("effectiveOn", line.EffectiveOn), new Figure("closedThrough", box.ClosedThrough.Value))
        : null;

    private static IEnumerable<JournalLine> LinesOf(NewFact fact) => (fact.Data as IMoneyFact)?.Lines ?? Enumerable.Empty<JournalLine>();

    private static bool TakesCash(IHoldsMoney box) => box.Account == AccountCode.Cash;

    private static IHoldsMoney? Find(States states, MoneyAccountId id) => states.Stream(id.Value).Value as IHoldsMoney;
}
