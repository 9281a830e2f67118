using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Savings;

/// <summary>What several commands about an account are refused for.</summary>
public static class SavingsRules
{
    public static Decision? CheckOpen(SavingsAccount account, string? pointer = null) => account.Closing is { } closing
        ? Decision.Refuse("savings-account-closed", pointer, new Figure("closedOn", closing.EffectiveOn), new Figure("number", account.Number))
        : null;

    public static Decision? CheckDay(DateOnly effectiveOn, SavingsAccount account, Moment moment) =>
        DateRules.Check(effectiveOn, moment)
            ?? (effectiveOn < account.OpenedOn
                ? Decision.Refuse("before-opening", "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("openedOn", account.OpenedOn))
                : null);

    /// <summary>Why so much can't be paid in, or null: what is paid once is paid whole, and once.</summary>
    public static Decision? CheckDeposit(SavingsAccount account, Money amount)
    {
        if (account.Terms.Kind != SavingsKind.Principal)
        {
            return null;
        }

        return account.Movements.Find(movement =>
                movement.Kind is (SavingsMovementKind.Deposit or SavingsMovementKind.TransferIn) && !account.IsReversed(movement)) is { } paid
            ? Decision.Refuse("principal-already-paid", "/amount", new Figure("transactionId", paid.Id.ToString()), new Figure("paidOn", paid.Day.EffectiveOn))
            : account.Terms.Contribution is { } contribution && amount != account.Terms.In(contribution.Amount)
                ? Decision.Refuse("contribution-differs", "/amount", new Figure("contribution", account.Terms.In(contribution.Amount)), new Figure("amount", amount))
            : null;
    }

    /// <summary>Why so much can't be taken out on a day, or null.</summary>
    public static Decision? CheckTakingOut(SavingsAccount account, Money amount, DateOnly effectiveOn)
    {
        if (!account.Terms.AllowsWithdrawals())
        {
            return Decision.Refuse("withdrawals-not-allowed", pointer: null, new Figure("kind", LedgerJson.WordOf(account.Terms.Kind)));
        }

        return CheckLock(account, effectiveOn) ?? CheckCount(account, effectiveOn) ?? CheckFree(account, amount, effectiveOn);
    }

    public static Decision? CheckLock(SavingsAccount account, DateOnly effectiveOn) =>
        account.Terms.LockIn?.EndsOn(account.OpenedOn) is { } until && effectiveOn < until
            ? Decision.Refuse("savings-locked", "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("lockedUntil", until))
            : null;

    /// <summary>On no day from this one on may the balance fall below holds and minimum balance.</summary>
    public static Decision? CheckFree(SavingsAccount account, Money amount, DateOnly effectiveOn)
    {
        var least = SavingsPosition.LeastFreeFrom(account, effectiveOn);
        return amount > least.Amount
            ? Decision.Refuse(
                "insufficient-savings",
                "/amount",
                new Figure("available", Money.Max(least.Amount, Money.Zero(account.Currency))),
                new Figure("required", amount),
                new Figure("balance", account.BalanceOn(least.On)),
                new Figure("held", account.HeldOn(least.On)),
                new Figure("minimumBalance", account.Terms.Minimum()),
                new Figure("limitedOn", least.On))
            : null;
    }

    private static Decision? CheckCount(SavingsAccount account, DateOnly effectiveOn)
    {
        if (account.Terms.Withdrawals?.MaximumPerMonth is not { } most)
        {
            return null;
        }

        var count = account.Movements.Count(movement =>
            movement.Kind is (SavingsMovementKind.Withdrawal or SavingsMovementKind.TransferOut)
            && (movement.Day.EffectiveOn.Year, movement.Day.EffectiveOn.Month) == (effectiveOn.Year, effectiveOn.Month)
            && !account.IsReversed(movement));
        return count >= most
            ? Decision.Refuse("too-many-withdrawals", "/effectiveOn", new Figure("count", count), new Figure("most", most))
            : null;
    }
}

/// <summary>What every command about an existing account tells the door: it needs the account and its fund, and notes are about the owner.</summary>
public static class SavingsSlice
{
    /// <param name="needs">What it needs besides, once the account is known.</param>
    public static WriteSlice Of(
        Guid accountId, Func<States, IEnumerable<Need>> needs, Func<SavingsAccount, FundBooks, States, Moment, Decision> decide, Func<States, Moment, Answer> answer) => new()
        {
            NoteAbout = states => states.Peek<SavingsAccount>(accountId)?.Owner.Id,
            Needs = states =>
            [
                Need.Of<SavingsAccount>(accountId),
                .. states.Peek<SavingsAccount>(accountId) is { } account ? [Need.Of<Fund>(account.FundId.Value), Need.Balances(account.FundId), .. needs(states)] : (IEnumerable<Need>)[],
            ],
            Decide = (states, moment) => states.Find<SavingsAccount>(accountId) is { } account
                ? decide(account, new FundBooks(states.Find<Fund>(account.FundId.Value)!), states, moment)
                : Decision.NotFound(),
            Answer = answer,
        };

    public static WriteSlice Of(
        Guid accountId, Func<SavingsAccount, FundBooks, Moment, Decision> decide, Func<States, Moment, Answer> answer) =>
        Of(accountId, _ => [], (account, funds, _, moment) => decide(account, funds, moment), answer);

    /// <summary>What moved money is answered with the account's balance after it, and with a warning when the box was empty.</summary>
    public static Answer Moved<TFact>(Guid accountId, States states, Moment moment)
        where TFact : ISavingsEntry
    {
        var fact = moment.Recorded<TFact>();
        var account = states.Find<SavingsAccount>(accountId)!;
        var warnings = CashWarnings.Of(states.Balances(account.FundId), ((ISavingsEntry)fact.Data).Lines);
        return new Answer(
            201,
            SavingsTransactionAnswer.Of(fact, account, warnings.Count > 0 ? warnings : null, moment.Sequence),
            $"/v1/savings-accounts/{accountId}/transactions/{((ISavingsEntry)fact.Data).EntryId}");
    }
}
