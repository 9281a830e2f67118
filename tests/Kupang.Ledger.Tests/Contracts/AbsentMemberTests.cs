using System.Reflection;
using Kupang.Ledger.SharedKernel;
using Xunit;

namespace Kupang.Ledger.Tests.Contracts;

/// <summary>
/// What is absent is not written, and what is not written must be readable again: a parameter that may be null but has no
/// default would make a stored fact, or a kept refusal, unreadable for ever.
/// </summary>
public sealed class AbsentMemberTests
{
    [Fact]
    public void Everything_that_may_be_absent_from_what_is_stored_has_a_default()
    {
        HashSet<Type> stored = [];
        foreach (var type in LedgerStore.FactTypes.All.Select(fact => fact.Type).Concat([typeof(Envelope), typeof(Refusal)]))
        {
            Collect(type, stored);
        }

        NullabilityInfoContext nullability = new();
        Assert.Contains(typeof(Approver), stored);
        Assert.Empty(
            from type in stored
            from constructor in type.GetConstructors()
            where constructor.GetParameters() is not [{ } only] || only.ParameterType != type
            from parameter in constructor.GetParameters()
            where !parameter.HasDefaultValue && nullability.Create(parameter).WriteState == NullabilityState.Nullable
            select $"{type.Name}.{parameter.Name}");
    }

    private static void Collect(Type type, HashSet<Type> into)
    {
        foreach (var argument in type.GetGenericArguments())
        {
            Collect(argument, into);
        }

        if (type.Assembly != typeof(Envelope).Assembly || type.IsEnum || !into.Add(type))
        {
            return;
        }

        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            Collect(property.PropertyType, into);
        }
    }
}
