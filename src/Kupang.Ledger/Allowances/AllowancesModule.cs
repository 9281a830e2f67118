using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Allowances;

/// <summary>What funds set aside for loans that may not come back.</summary>
public static class AllowancesModule
{
    public static FactTypes.Builder AddAllowances(this FactTypes.Builder facts) =>
        facts.Stream<FundAllowance>(typeof(AllowanceRunPosted), typeof(AllowanceRunConfirmed));
}
