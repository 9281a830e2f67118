namespace Kupang.Ledger.SharedKernel;

/// <summary>A line as people read it: an amount on one of two sides.</summary>
public sealed record JournalEntryLine(
    AccountCode Account, FundId FundId, Money? Debit, Money? Credit, DateOnly EffectiveOn, DateOnly BookedOn, Party? Party)
{
    public static JournalEntryLine Of(JournalLine line) => new(
        line.Account,
        line.FundId,
        line.Amount.IsPositive ? line.Amount : null,
        line.Amount.IsNegative ? -line.Amount : null,
        line.EffectiveOn,
        line.BookedOn,
        line.Party);
}
