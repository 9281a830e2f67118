using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Loans.Schedules;

/// <summary>
/// One row of a schedule. <paramref name="ContractDueOn"/> is the day agreed, which interest is counted by;
/// <paramref name="DueOn"/> is the day it is really awaited, moved off days without work, which arrears and penalties
/// are counted by. The number begins at 1.
/// </summary>
public sealed record Instalment(int Number, DateOnly ContractDueOn, DateOnly DueOn, Money Principal, Money Interest)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public Money Total => Principal + Interest;
}

/// <summary>
/// The instalments of a loan, at least one, oldest first. Two schedules are equal when all their rows are.
/// </summary>
public sealed record Schedule(ImmutableArray<Instalment> Instalments)
{
    public Money TotalPrincipal => SumOf(instalment => instalment.Principal);

    public Money TotalInterest => SumOf(instalment => instalment.Interest);

    public Money Total => TotalPrincipal + TotalInterest;

    public bool Equals(Schedule? other) =>
        other is not null && Instalments.AsSpan().SequenceEqual(other.Instalments.AsSpan());

    public override int GetHashCode() =>
        Instalments.IsDefaultOrEmpty ? 0 : HashCode.Combine(Instalments.Length, Instalments[0], Instalments[^1]);

    private Money SumOf(Func<Instalment, Money> part) =>
        Money.Sum(Instalments.Select(part), Instalments[0].Principal.Currency);
}

/// <summary>Either a schedule or the reason why these terms make none.</summary>
public abstract record ScheduleResult
{
    private ScheduleResult()
    {
    }

    public sealed record Made(Schedule Schedule) : ScheduleResult;

    /// <param name="Code">Stable and in kebab-case; clients branch on it.</param>
    /// <param name="Figures">What this case is about, by name.</param>
    public sealed record Refused(string Code, IReadOnlyList<Figure> Figures) : ScheduleResult;
}
