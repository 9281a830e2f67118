using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Policies;

/// <summary>How loans are classed and what is set aside for them.</summary>
public static class PoliciesModule
{
    public static FactTypes.Builder AddPolicies(this FactTypes.Builder facts) => facts.Stream<OwnPolicy>(typeof(ClassificationPolicyDefined));
}
