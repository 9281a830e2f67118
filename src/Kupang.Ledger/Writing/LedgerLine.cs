using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Writing;

/// <summary>
/// One row of the journal as tables hold it: a line that a fact carries, or a memorandum figure that it changes. Made from
/// the fact alone, so that the tables can be made again, and checked, from the log.
/// </summary>
public sealed record LedgerLine(
    long Sequence, short Number, Guid FundId, string Account, Money Amount, BookDay Day, string? PartyKind, Guid? PartyId, Guid? MoneyAccount)
{
    /// <summary>
    /// The box that a line moves the money of: its own where it names one, else that of the whole fact, if the line is cash
    /// and cash moved, or a bank's and it did not.
    /// </summary>
    public static MoneyAccountId? MoneyAccountOf(JournalLine line, MoneyAccountId? ofFact, Channel? channel) =>
        line.MoneyAccount ?? (
            ofFact is not null && ChartOfAccounts.IsMoney(line.Account) && (line.Account == AccountCode.Cash) == (channel == Channel.Cash)
                ? ofFact
                : null);

    public static IEnumerable<LedgerLine> Of(RecordedFact fact)
    {
        short number = 0;
        if (fact.Data is IMoneyFact money)
        {
            foreach (var line in money.Lines)
            {
                yield return new LedgerLine(
                    fact.Envelope.Sequence,
                    number++,
                    line.FundId.Value,
                    line.Account.Value,
                    line.Amount,
                    new BookDay(line.EffectiveOn, line.BookedOn),
                    line.Party?.Kind.ToString().ToLowerInvariant(),
                    line.Party?.Id,
                    MoneyAccountOf(line, fact.Envelope.MoneyAccount, fact.Envelope.Channel)?.Value);
            }
        }

        if (fact.Data is IMemorandumFact memorandum)
        {
            foreach (var line in memorandum.Memoranda(fact.Envelope.Day))
            {
                yield return new LedgerLine(
                    fact.Envelope.Sequence, number++, line.FundId.Value, line.Figure, line.Amount, line.Day, PartyKind: null, PartyId: null, MoneyAccount: null);
            }
        }
    }
}
