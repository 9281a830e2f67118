using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Writing;

/// <summary>Which amounts of money a fact may be about.</summary>
public static class AmountRules
{
    /// <summary>Why an amount is refused, or null: it is in the currency of what it is for, and more than zero.</summary>
    public static Decision? Check(Money amount, Currency currency, string pointer = "/amount") =>
        amount.Currency != currency
            ? Decision.Refuse("wrong-currency", pointer, new Figure("currency", currency.Code), new Figure("amount", amount))
        : !amount.IsPositive
            ? Decision.Refuse("amount-not-positive", pointer, new Figure("amount", amount))
        : null;
}
