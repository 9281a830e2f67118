using Kupang.Ledger.CashBoxes;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Signals;

/// <param name="From">The first day whose recordings were looked at.</param>
/// <param name="To">The last one; boxes and receipt books are looked at as they stood then, and as they stand.</param>
/// <param name="Definitions">What makes each kind of signal that was looked for.</param>
public sealed record SignalsAnswer(
    DateOnly From, DateOnly To, IReadOnlyList<SignalDefinition> Definitions, IReadOnlyList<Signal> Items, long AsOfSequence);

public static class ListSignalsEndpoint
{
    /// <summary>A supervisor looks at a month or a quarter; a longer time is several requests.</summary>
    private const int LongestPeriod = 100;

    private const int DefaultPeriod = 31;

    [WolverineGet("/v1/signals", OperationId = "listSignals")]
    [Tags("Audit"), Answers(typeof(SignalsAnswer), 200), Query("kind", "from", "to"), QueryWords("kind", typeof(SignalKind))]
    public static Task<IResult> Get(HttpContext http)
    {
        var kind = http.QueryWord<SignalKind>("kind");
        return http.Read(
            async (snapshot, _, cancellation) =>
            {
                var to = http.QueryDay("to") ?? snapshot.Today;
                var from = http.QueryDay("from") ?? to.AddDays(1 - DefaultPeriod);
                if (from > to || to.DayNumber - from.DayNumber >= LongestPeriod)
                {
                    throw RequestProblem.Of("malformed-request", "from", "invalid-value", $"A period has 1 to {LongestPeriod} days.");
                }

                var signals = await SignalsOf(snapshot, from, to, kind, cancellation);
                return new SignalsAnswer(
                    from, to, [.. SignalRules.Definitions.Where(definition => (kind ?? definition.Kind) == definition.Kind)], signals, snapshot.Sequence);
            },
            "kind",
            "from",
            "to");
    }

    private static async Task<IReadOnlyList<Signal>> SignalsOf(Snapshot snapshot, DateOnly from, DateOnly to, SignalKind? kind, CancellationToken cancellation)
    {
        var facts = await FactsOf(snapshot, from, to, cancellation);
        List<Signal> signals = [];
        await Add(SignalKind.ReceiptGap, async () => await ReceiptGaps(snapshot, cancellation));
        await Add(SignalKind.PostingLag, () => Task.FromResult(SignalRules.PostingLags(facts)));
        await Add(SignalKind.UndepositedCash, async () => await UndepositedCash(snapshot, to, cancellation));
        await Add(SignalKind.IdenticalAmounts, () => Task.FromResult(SignalRules.IdenticalAmounts(facts)));
        await Add(SignalKind.MovedBetweenBorrowers, async () => await MovedBetweenBorrowers(snapshot, facts, cancellation));
        await Add(SignalKind.OutsideMeetingDay, async () => await OutsideMeetingDay(snapshot, facts, cancellation));
        await Add(SignalKind.AfterCashClose, () => Task.FromResult(SignalRules.AfterCashClose(facts)));
        return signals;

        async Task Add(SignalKind of, Func<Task<IEnumerable<Signal>>> find)
        {
            if ((kind ?? of) == of)
            {
                signals.AddRange(await find());
            }
        }
    }

    /// <summary>The money facts that were recorded in a time, each with the business day of its recording.</summary>
    private static async Task<IReadOnlyList<SeenFact>> FactsOf(Snapshot snapshot, DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        var days = (await snapshot.Query(
            """
            select f.n, (f.recorded_at at time zone t.time_zone)::date
              from ledger.tenant t join ledger.fact f on f.tenant_id = t.tenant_id
             where t.tenant_id = $1 and f.n <= $2
               and f.recorded_at >= ($3::date::timestamp at time zone t.time_zone) and f.recorded_at < ($4::date::timestamp at time zone t.time_zone)
               and exists (select from ledger.journal_line l where l.tenant_id = f.tenant_id and l.n = f.n)
            """,
            reader => (Sequence: reader.GetInt64(0), Day: reader.GetFieldValue<DateOnly>(1)),
            cancellation,
            from,
            to.AddDays(1))).ToDictionary(row => row.Sequence, row => row.Day);
        return [.. (await snapshot.FactsNumbered(days.Keys, cancellation)).Select(fact => new SeenFact(fact, days[fact.Envelope.Sequence]))];
    }

    private static async Task<IEnumerable<Signal>> ReceiptGaps(Snapshot snapshot, CancellationToken cancellation)
    {
        List<Signal> signals = [];
        foreach (var book in (await AllOf<ReceiptBook>(snapshot, cancellation)).OrderBy(book => book.Number, StringComparer.Ordinal))
        {
            signals.AddRange(SignalRules.ReceiptGaps(await GetReceiptGapsEndpoint.GapsOf(book, snapshot, cancellation)));
        }

        return signals;
    }

    private static Task<List<(DateOnly Day, long MinorUnits)>> ReceivedBy(MoneyAccountId id, Snapshot snapshot, CancellationToken cancellation) => snapshot.Query(
        """
        select effective_on, sum(amount)::bigint from ledger.journal_line
         where tenant_id = $1 and n <= $2 and money_account = $3 and amount > 0 group by effective_on
        """,
        reader => (reader.GetFieldValue<DateOnly>(0), reader.GetInt64(1)),
        cancellation,
        id.Value);

    private static async Task<IEnumerable<Signal>> UndepositedCash(Snapshot snapshot, DateOnly day, CancellationToken cancellation)
    {
        List<Signal> signals = [];
        foreach (var box in (await AllOf<MoneyAccount>(snapshot, cancellation)).OrderBy(box => box.Number, StringComparer.Ordinal))
        {
            var balance = (await MoneyAccountAnswer.BalancesOf(box.Id, snapshot, cancellation)).At(day);
            if (SignalRules.UndepositedCash(box, balance, await ReceivedBy(box.Id, snapshot, cancellation), day) is { } signal)
            {
                signals.Add(signal);
            }
        }

        return signals;
    }

    private static async Task<IEnumerable<Signal>> MovedBetweenBorrowers(Snapshot snapshot, IReadOnlyList<SeenFact> facts, CancellationToken cancellation)
    {
        Dictionary<TransactionId, RecordedFact?> originals = [];
        foreach (var reversed in facts.Select(seen => seen.Fact.Data).OfType<RepaymentReversed>())
        {
            originals[reversed.TransactionId] = await snapshot.FactMaking(reversed.TransactionId.Value, cancellation);
        }

        return SignalRules.MovedBetweenBorrowers(facts, transactionId => originals.GetValueOrDefault(transactionId));
    }

    /// <summary>A loan that went to another group later is left out: which of the groups met on its day is not known here.</summary>
    private static async Task<IEnumerable<Signal>> OutsideMeetingDay(Snapshot snapshot, IReadOnlyList<SeenFact> facts, CancellationToken cancellation)
    {
        var groupIds = (await snapshot.Query(
            $"""
            select l.id, l.group_id from ledger.listing l
             where l.tenant_id = $1 and l.n <= $2 and l.kind = 'loan' and l.group_id is not null and l.id = any($3)
               and not exists (select from ledger.natural_key k where k.tenant_id = $1 and k.stream_id = l.id and k.kind like '{NameClaim.InGroup}%')
            """,
            reader => (LoanId: new LoanId(reader.GetGuid(0)), GroupId: reader.GetGuid(1)),
            cancellation,
            facts.Select(seen => seen.Fact.Data).OfType<RepaymentRecorded>().Select(repayment => repayment.LoanId.Value).Distinct().ToArray()))
            .ToDictionary(row => row.LoanId, row => row.GroupId);
        var groups = await snapshot.FindAll<Group>([.. groupIds.Values.Distinct()], cancellation);
        return SignalRules.OutsideMeetingDay(facts, loanId => groupIds.TryGetValue(loanId, out var groupId) ? groups.GetValueOrDefault(groupId) : null);
    }

    private static async Task<IEnumerable<TState>> AllOf<TState>(Snapshot snapshot, CancellationToken cancellation)
        where TState : class, IStreamState<TState> => (await snapshot.FindAll<TState>(
        await snapshot.Query(
            "select id from ledger.listing where tenant_id = $1 and n <= $2 and kind = $3", reader => reader.GetGuid(0), cancellation, TState.Kind),
        cancellation)).Values;
}
