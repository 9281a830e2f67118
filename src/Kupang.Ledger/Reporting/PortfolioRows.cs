using System.Collections.Immutable;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.Policies;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Reporting;

/// <summary>Something that held as was known from one number on until before another.</summary>
public readonly record struct Known<TRow>(TRow Row, long SeqFrom, long SeqTo);

/// <summary>What a loan owes one fund on the days from <paramref name="From"/> until before <paramref name="To"/>; amounts in minor units.</summary>
/// <param name="IsFirstFund">A loan of several funds has a row for each; this one counts it.</param>
/// <param name="Outstanding">Principal, by the days on which its facts happened: what the receivable accounts show on that basis.</param>
/// <param name="Booked">The same by the days on which they count in the books.</param>
/// <param name="Interest">Scheduled interest that is not paid yet.</param>
/// <param name="OldestUnpaidOn">
/// The due date of the oldest instalment with more than the tolerance unpaid. It may lie ahead: days past due of any day are
/// counted from it, so no row is made for a due date that passes.
/// </param>
public readonly record struct PositionRow(
    FundId FundId,
    DateOnly From,
    DateOnly To,
    bool IsFirstFund,
    bool IsRestructured,
    StaffId? OfficerId,
    GroupId? GroupId,
    long Outstanding,
    long Booked,
    long Interest,
    DateOnly? OldestUnpaidOn);

/// <summary>One instalment's share of a fund, and what of it is open on those days.</summary>
/// <param name="OpenPrincipal">What is neither paid nor let off.</param>
/// <param name="IsUnpaid">Whether more than the tolerance of the whole instalment is open.</param>
public readonly record struct InstalmentRow(
    FundId FundId,
    int Number,
    DateOnly From,
    DateOnly To,
    DateOnly DueOn,
    long DuePrincipal,
    long DueInterest,
    long PaidPrincipal,
    long PaidInterest,
    long OpenPrincipal,
    long OpenInterest,
    bool IsUnpaid);

/// <summary>
/// Everything that reports need of one loan, on any day as it was known at any number. Pure: the loan's facts go in, and the
/// same facts always give the same rows, so that rows which are lost can be made again.
/// </summary>
public sealed record PortfolioRows(
    Loan Loan, long Sequence, IReadOnlyList<Known<PositionRow>> Positions, IReadOnlyList<Known<InstalmentRow>> Instalments)
{
    /// <summary>Where a row goes on without end.</summary>
    public static readonly DateOnly Endless = DateOnly.MaxValue;

    /// <summary>What is known until now may be known for ever.</summary>
    public const long StillKnown = long.MaxValue;

    /// <summary>Principal is owed on these accounts; of murabahah, what the margin put off leaves of the receivable.</summary>
    private static readonly ImmutableArray<string> Receivables = ["1.1.03.01", "1.1.03.02", "1.1.03.03", "1.1.03.07", "1.1.03.08"];

    public RepaymentRhythm Rhythm => Loan.Terms.Repayment switch
    {
        { Custom: not null } => RepaymentRhythm.Seasonal,
        { Unit: FrequencyUnit.Day } => RepaymentRhythm.Daily,
        { Unit: FrequencyUnit.Week } => RepaymentRhythm.Weekly,
        _ => RepaymentRhythm.Monthly,
    };

    /// <param name="facts">All facts of one loan in the order of their recording.</param>
    public static PortfolioRows Of(IReadOnlyList<RecordedFact> facts)
    {
        Loan? loan = null;
        SortedSet<DateOnly> days = [];
        List<JournalLine> receivable = [];
        History<PositionRow> positions = new();
        History<InstalmentRow> instalments = new();
        for (var index = 0; index < facts.Count; index++)
        {
            var fact = facts[index];
            loan = Loan.After(loan, fact);
            days.UnionWith(DaysOf(fact));
            receivable.AddRange(((fact.Data as IMoneyFact)?.Lines ?? Enumerable.Empty<JournalLine>()).Where(line => Receivables.Contains(line.Account.Value)));

            // What one command records is never seen in part.
            if (index + 1 == facts.Count || facts[index + 1].Envelope.CommandId != fact.Envelope.CommandId)
            {
                var slices = SlicesOf(loan, [.. days], receivable);
                positions.Become(slices.Positions, fact.Envelope.Sequence);
                instalments.Become(slices.Instalments, fact.Envelope.Sequence);
            }
        }

        return new PortfolioRows(loan!, facts[^1].Envelope.Sequence, positions.Rows, instalments.Rows);
    }

    /// <summary>Days on which something of the loan may change by this fact: its own, those of its lines, and those of what is applied later.</summary>
    private static IEnumerable<DateOnly> DaysOf(RecordedFact fact)
    {
        yield return fact.Envelope.EffectiveOn;
        foreach (var line in (fact.Data as IMoneyFact)?.Lines ?? Enumerable.Empty<JournalLine>())
        {
            yield return line.EffectiveOn;
            yield return line.BookedOn;
        }
    }

    private static (List<PositionRow> Positions, List<InstalmentRow> Instalments) SlicesOf(
        Loan loan, SortedSet<DateOnly> days, List<JournalLine> receivable)
    {
        days.UnionWith(loan.Entries.SelectMany(entry => entry.Split).Select(part => part.AppliedOn).OfType<DateOnly>());
        Slices<PositionRow> positions = new((row, from, to) => row with { From = from, To = to });
        Slices<InstalmentRow> instalments = new((row, from, to) => row with { From = from, To = to });
        var lent = loan.Funding.Select(share => share.Principal.MinorUnits).ToArray();
        foreach (var day in days)
        {
            var position = LoanPosition.Of(loan, day);
            positions.Begin(day, PositionsOf(loan, position, day, lent, receivable));
            instalments.Begin(day, InstalmentsOf(loan, position, lent));
        }

        return (positions.End(), instalments.End());
    }

    private static IEnumerable<PositionRow> PositionsOf(Loan loan, LoanPosition position, DateOnly day, long[] lent, List<JournalLine> receivable)
    {
        var tolerance = loan.Terms.Tolerance();
        var oldest = position.Instalments.FirstOrDefault(instalment => instalment.Open.Total > tolerance)?.Instalment.DueOn;
        var interest = position.Outstanding.Interest.ProRata(lent);
        var isRestructured = loan.Entries.Exists(entry => entry.Kind == EntryKind.Rescheduling && entry.EffectiveOn <= day);
        foreach (var (index, share) in loan.Funding.Index())
        {
            var (outstanding, booked) = (0L, 0L);
            foreach (var line in receivable.Where(line => line.FundId == share.FundId))
            {
                outstanding += line.EffectiveOn <= day ? line.Amount.MinorUnits : 0;
                booked += line.BookedOn <= day ? line.Amount.MinorUnits : 0;
            }

            if ((outstanding, booked, interest[index].MinorUnits) != (0, 0, 0))
            {
                yield return new PositionRow(
                    share.FundId, day, Endless, index == 0, isRestructured, loan.OfficerOn(day), loan.GroupOn(day), outstanding, booked, interest[index].MinorUnits, oldest);
            }
        }
    }

    private static IEnumerable<InstalmentRow> InstalmentsOf(Loan loan, LoanPosition position, long[] lent)
    {
        var tolerance = loan.Terms.Tolerance();
        foreach (var instalment in position.Instalments)
        {
            var open = instalment.Open;
            ImmutableArray<Money>[] parts =
            [
                .. new[] { instalment.Due.Principal, instalment.Due.Interest, instalment.Paid.Principal, instalment.Paid.Interest, open.Principal, open.Interest }
                    .Select(amount => amount.ProRata(lent)),
            ];
            foreach (var (index, share) in loan.Funding.Index())
            {
                yield return new InstalmentRow(
                    share.FundId,
                    instalment.Instalment.Number,
                    default,
                    Endless,
                    instalment.Instalment.DueOn,
                    parts[0][index].MinorUnits,
                    parts[1][index].MinorUnits,
                    parts[2][index].MinorUnits,
                    parts[3][index].MinorUnits,
                    parts[4][index].MinorUnits,
                    parts[5][index].MinorUnits,
                    open.Total > tolerance);
            }
        }
    }

    /// <summary>Rows of consecutive days, of which those that say the same are one.</summary>
    private sealed class Slices<TRow>(Func<TRow, DateOnly, DateOnly, TRow> during)
        where TRow : struct, IEquatable<TRow>
    {
        private readonly List<TRow> ended = [];
        private Dictionary<TRow, DateOnly> running = [];

        public void Begin(DateOnly day, IEnumerable<TRow> rows)
        {
            Dictionary<TRow, DateOnly> now = [];
            foreach (var row in rows)
            {
                var content = during(row, default, default);
                now[content] = running.Remove(content, out var since) ? since : day;
            }

            ended.AddRange(running.Select(row => during(row.Key, row.Value, day)));
            running = now;
        }

        public List<TRow> End()
        {
            ended.AddRange(running.Select(row => during(row.Key, row.Value, Endless)));
            return ended;
        }
    }

    /// <summary>Rows as they were known: each from the number that brought it until the one that took it away.</summary>
    private sealed class History<TRow>
        where TRow : struct, IEquatable<TRow>
    {
        private readonly List<Known<TRow>> past = [];
        private Dictionary<TRow, long> current = [];

        public IReadOnlyList<Known<TRow>> Rows => [.. past, .. current.Select(row => new Known<TRow>(row.Key, row.Value, StillKnown))];

        public void Become(IEnumerable<TRow> rows, long sequence)
        {
            Dictionary<TRow, long> now = [];
            foreach (var row in rows)
            {
                now[row] = current.Remove(row, out var since) ? since : sequence;
            }

            past.AddRange(current.Select(row => new Known<TRow>(row.Key, row.Value, sequence)));
            current = now;
        }
    }
}
