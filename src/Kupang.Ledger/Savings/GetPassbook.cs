using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Savings;

/// <summary>One movement of an account, as its passbook (<em>buku simpanan</em>) says it, and what was there afterwards.</summary>
/// <param name="Type">What it is, such as <c>deposit</c> or <c>transfer-out</c>.</param>
public sealed record PassbookRow(
    long Sequence,
    TransactionId Id,
    SavingsMovementKind Type,
    string? Number,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    DateTimeOffset RecordedAt,
    string Description,
    Paper? Paper,
    StaffId? HandledBy,
    Money? In,
    Money? Out,
    Money Balance,
    TransactionId? Reverses,
    TransactionId? ReversedBy);

/// <param name="From">The first day; without it, the passbook begins with the account.</param>
public sealed record Passbook(
    SavingsAccountId AccountId,
    string Number,
    DateOnly? From,
    DateOnly To,
    Basis Basis,
    Money Opening,
    IReadOnlyList<PassbookRow> Rows,
    Money Closing,
    long AsOfSequence);

/// <summary>An account's movements with running balance. Pure: facts in, rows out.</summary>
public static class PassbookRules
{
    /// <param name="facts">All facts of the account, each with the name it is stored under.</param>
    /// <param name="basis">By the days on which money moved, or by those on which it counts in the books.</param>
    public static Passbook Of(
        SavingsAccount account, IReadOnlyDictionary<long, (RecordedFact Fact, string Alias)> facts, DateOnly? from, DateOnly to, Basis basis, long sequence)
    {
        var ordered = basis == Basis.Effective
            ? account.Movements
            : account.Movements.OrderBy(movement => movement.Day.BookedOn).ToList() as IReadOnlyList<SavingsMovement>;
        var reversals = account.Movements.Where(movement => movement.Reverses is not null).ToDictionary(movement => movement.Reverses!.Value, movement => movement.Id);
        var opening = Money.Sum(ordered.Where(movement => DayOf(movement) < from).Select(movement => movement.Amount), account.Currency);
        var balance = opening;
        List<PassbookRow> rows = [];
        foreach (var movement in ordered.Where(movement => !(DayOf(movement) < from) && DayOf(movement) <= to))
        {
            balance += movement.Amount;
            var (fact, alias) = facts[movement.Sequence];
            rows.Add(new PassbookRow(
                movement.Sequence,
                movement.Id,
                movement.Kind,
                FactDescription.NumberOf(fact.Data),
                movement.Day.EffectiveOn,
                movement.Day.BookedOn,
                fact.Envelope.RecordedAt,
                FactDescription.Of(alias, fact.Data),
                fact.Envelope.Paper,
                fact.Envelope.HandledBy,
                movement.Amount.IsPositive ? movement.Amount : null,
                movement.Amount.IsNegative ? -movement.Amount : null,
                balance,
                movement.Reverses,
                movement.Kind != SavingsMovementKind.Reversal && reversals.TryGetValue(movement.Id, out var reversal) ? reversal : null));
        }

        return new Passbook(account.Id, account.Number, from, to, basis, opening, rows, balance, sequence);

        DateOnly DayOf(SavingsMovement movement) => basis == Basis.Effective ? movement.Day.EffectiveOn : movement.Day.BookedOn;
    }
}

public static class GetPassbookEndpoint
{
    [WolverineGet("/v1/savings-accounts/{accountId}/passbook", OperationId = "getPassbook")]
    [Tags("Savings"), Answers(typeof(Passbook), 200), Query("from", "to", "basis"), QueryWords("basis", typeof(Basis))]
    public static Task<IResult> Get(Guid accountId, HttpContext http) => http.Read(
        async (snapshot, asOf, cancellation) =>
        {
            var (from, to) = (http.QueryDay("from"), http.QueryDay("to") ?? asOf.EffectiveOn);
            var basis = http.QueryWord<Basis>("basis") ?? Basis.Booked;
            if (from > to)
            {
                throw RequestProblem.Of("malformed-request", "from", "invalid-value", "The first day is not after the last.");
            }

            var facts = await snapshot.FactsOf([accountId], cancellation);
            if (facts is not [{ Data: SavingsAccountOpened }, ..])
            {
                return null;
            }

            var types = http.RequestServices.GetRequiredService<FactTypes>();
            return PassbookRules.Of(
                facts.Aggregate<RecordedFact, SavingsAccount?>(null, SavingsAccount.After)!,
                facts.ToDictionary(fact => fact.Envelope.Sequence, fact => (fact, types.Of(fact.Data).Alias)),
                from,
                to,
                basis,
                snapshot.Sequence);
        },
        "from",
        "to",
        "basis");
}

/// <summary>A movement of an account as it was recorded.</summary>
/// <param name="Amount">What came in; below zero for what went out.</param>
/// <param name="Balance">The account's balance over everything known.</param>
public sealed record SavingsTransactionAnswer(
    TransactionId Id,
    SavingsMovementKind Type,
    string? Number,
    SavingsAccountId AccountId,
    SavingsAccountId? ToAccountId,
    Money Amount,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    Paper? Paper,
    Money Balance,
    TransactionId? Reverses,
    IReadOnlyList<string>? Warnings,
    long AsOfSequence)
{
    public static SavingsTransactionAnswer Of(RecordedFact fact, SavingsAccount account, IReadOnlyList<string>? warnings, long sequence)
    {
        var movement = account.Movements.Find(known => known.Sequence == fact.Envelope.Sequence)!;
        return new SavingsTransactionAnswer(
            movement.Id,
            movement.Kind,
            FactDescription.NumberOf(fact.Data),
            account.Id,
            (fact.Data as SavingsTransferred)?.ToAccountId,
            movement.Amount,
            movement.Day.EffectiveOn,
            movement.Day.BookedOn,
            fact.Envelope.Paper,
            account.Balance,
            movement.Reverses,
            warnings,
            sequence);
    }
}

public static class GetSavingsTransactionEndpoint
{
    [WolverineGet("/v1/savings-accounts/{accountId}/transactions/{transactionId}", OperationId = "getSavingsTransaction")]
    [Tags("Savings"), Answers(typeof(SavingsTransactionAnswer), 200)]
    public static Task<IResult> Get(Guid accountId, Guid transactionId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.FactMaking(transactionId, cancellation) is { Data: ISavingsEntry } fact
        && fact.StreamId == accountId
        && await snapshot.Find<SavingsAccount>(accountId, cancellation) is { } account
            ? SavingsTransactionAnswer.Of(fact, account, warnings: null, snapshot.Sequence)
            : null);
}
