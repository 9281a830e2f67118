using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Wolverine.Http;

namespace Kupang.Ledger.Savings;

public enum SavingsStatus
{
    Open,
    Closed,
}

/// <summary>An account as of a day.</summary>
/// <param name="Balance">At the end of the day.</param>
/// <param name="Available">What can be taken out on the day: balance less holds and minimum balance, on the day and every later one.</param>
/// <param name="BelowFloorBy">By how much the account lies below its holds and minimum balance, on the day or a later one.</param>
/// <param name="LockedUntil">The first day on which savings can be taken out, while it lies ahead.</param>
/// <param name="Contributions">Of savings that are paid in by a rhythm, or once: what was due and what was paid.</param>
public sealed record SavingsAccountAnswer(
    SavingsAccountId Id,
    string Number,
    string? ExternalId,
    FundId FundId,
    MemberId? MemberId,
    GroupId? GroupId,
    SavingsProductId ProductId,
    int ProductVersion,
    SavingsKind Kind,
    SavingsClassification Classification,
    SavingsStatus Status,
    DateOnly OpenedOn,
    DateOnly? ClosedOn,
    Money Balance,
    Money Held,
    Money MinimumBalance,
    Money Available,
    Money BelowFloorBy,
    DateOnly? LockedUntil,
    bool Dormant,
    DateOnly LastMovedOn,
    ContributionStanding? Contributions,
    IReadOnlyList<SavingsHoldAnswer> Holds,
    long AsOfSequence)
{
    public static SavingsAccountAnswer Of(SavingsAccount account, DateOnly day, long sequence)
    {
        var (zero, free) = (Money.Zero(account.Currency), SavingsPosition.LeastFreeFrom(account, day).Amount);
        var closed = account.Closing is { } closing && closing.EffectiveOn <= day ? closing : null;
        return new SavingsAccountAnswer(
            account.Id,
            account.Number,
            account.ExternalId,
            account.FundId,
            account.Owner.Kind == PartyKind.Member ? new MemberId(account.Owner.Id) : null,
            account.Owner.Kind == PartyKind.Group ? new GroupId(account.Owner.Id) : null,
            account.ProductId,
            account.ProductVersion,
            account.Terms.Kind,
            account.Terms.Classification,
            closed is null ? SavingsStatus.Open : SavingsStatus.Closed,
            account.OpenedOn,
            closed?.EffectiveOn,
            account.BalanceOn(day),
            account.HeldOn(day),
            account.Terms.Minimum(),
            account.Closing is null ? Money.Max(free, zero) : zero,
            account.Closing is null ? Money.Max(-free, zero) : zero,
            account.Terms.LockIn?.EndsOn(account.OpenedOn) is { } ends && ends > day ? ends : null,
            SavingsPosition.IsDormant(account, day),
            SavingsPosition.LastMovedOn(account, day),
            SavingsPosition.Contributions(account, day),
            [.. account.Holds.Where(hold => hold.EffectiveOn <= day).Select(SavingsHoldAnswer.Of)],
            sequence);
    }
}

public static class GetSavingsAccountEndpoint
{
    [WolverineGet("/v1/savings-accounts/{accountId}", OperationId = "getSavingsAccount")]
    [Tags("Savings"), Answers(typeof(SavingsAccountAnswer), 200)]
    public static Task<IResult> Get(Guid accountId, HttpContext http) => http.Read(async (snapshot, asOf, cancellation) =>
        await snapshot.Find<SavingsAccount>(accountId, cancellation) is { } account && account.OpenedOn <= asOf.EffectiveOn
            ? SavingsAccountAnswer.Of(account, asOf.EffectiveOn, snapshot.Sequence)
            : null);

    [WolverineGet("/v1/savings-accounts", OperationId = "listSavingsAccounts")]
    [Tags("Savings"), Answers(typeof(Page<SavingsAccountAnswer>), 200)]
    [Query("fundId", "memberId", "groupId", "productId", "status"), QueryWords("status", typeof(SavingsStatus))]
    public static Task<IResult> List(HttpContext http)
    {
        var status = http.QueryWord<SavingsStatus>("status");
        return http.List<SavingsAccount>(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["fundId"] = "fund_id",
                ["memberId"] = "member_id",
                ["groupId"] = "group_id",
                ["productId"] = "product_id",
            },
            ["status"],
            (account, snapshot) =>
            {
                var answer = SavingsAccountAnswer.Of(account, snapshot.Today, snapshot.Sequence);
                return ValueTask.FromResult<object?>(status is null || answer.Status == status ? answer : null);
            });
    }
}
