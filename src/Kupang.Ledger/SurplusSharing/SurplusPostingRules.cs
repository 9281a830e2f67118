using Kupang.Ledger.SharedKernel;
using static Kupang.Ledger.SharedKernel.AccountCode;
using static Kupang.Ledger.SharedKernel.JournalLine;

namespace Kupang.Ledger.SurplusSharing;

/// <summary>How a shared surplus reaches the books: out of the current surplus, into what is owed and what is kept.</summary>
public static class SurplusPostingRules
{
    public static JournalLines Shared(FundId fundId, SurplusDivision division, BookDay day)
    {
        var none = Money.Zero(division.Distributable.Currency);
        var reserve = division.Parts.FirstOrDefault(part => part.Item == SurplusItem.Reserve)?.Amount ?? none;
        return new JournalLines(
        [
            Debit(CurrentSurplus, fundId, division.Distributable, day),
            .. division.Members.Select(member => Credit(
                MembersSurplusPayable, fundId, member.BySavings + member.ByInterest, day, new Party(PartyKind.Member, member.MemberId.Value))),
            .. division.Parts.Where(part => part.Item != SurplusItem.Reserve && !SurplusDivision.IsMembers(part.Item))
                .Select(part => Credit(AccountOf(part.Item), fundId, part.Amount, day)),
            Credit(RiskReserve, fundId, reserve + division.Remainder, day),
        ]);
    }

    private static AccountCode AccountOf(SurplusItem item) => item switch
    {
        SurplusItem.Retained => RetainedSurplus,
        SurplusItem.Social => new AccountCode("2.1.04.07"),
        SurplusItem.Management => new AccountCode("2.1.04.08"),
        SurplusItem.Education => new AccountCode("2.1.04.09"),
        SurplusItem.Community => new AccountCode("2.1.04.01"),
        SurplusItem.Village => new AccountCode("2.1.04.02"),
        SurplusItem.Investors => new AccountCode("2.1.04.03"),
        SurplusItem.Bkad => new AccountCode("2.1.04.04"),
        _ => throw new ArgumentOutOfRangeException(nameof(item), item, "It has an account of its own."),
    };
}
