using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

public static class LoansModule
{
    public static FactTypes.Builder AddLoans(this FactTypes.Builder facts) => facts;
}
