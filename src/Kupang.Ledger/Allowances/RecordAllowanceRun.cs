using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Policies;
using Kupang.Ledger.Reporting;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Allowances;

/// <summary>
/// Counts what the fund's policy requires to be set aside at the end of a month, over the loans as they are known now, and
/// posts the difference to what the books hold. Run again it posts nothing, unless something became known since. A run is not
/// reversed: the next one posts what differs.
/// </summary>
/// <param name="Month">A month that is over, such as <c>2026-06</c>.</param>
public sealed record RecordAllowanceRun([property: JsonConverter(typeof(MonthConverter))] string Month) : DatedCommand
{
    public DateOnly MonthEnd => DateOnly.ParseExact(Month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture).AddMonths(1).AddDays(-1);
}

/// <summary>A month as <c>2026-06</c>.</summary>
public sealed class MonthConverter() : FormedTextConverter("A month is written 2026-06.")
{
    public override bool HasForm(string text) => text.Length == 7 && BusinessDateConverter.TryParse(text + "-01", out _);
}

/// <param name="Posted">What this run added; below zero where the allowance fell.</param>
public sealed record AllowanceAccountAnswer(AccountCode Account, Money Required, Money Previous, Money Posted);

/// <param name="Required">What the policy requires at the end of the month.</param>
/// <param name="Previous">What the books held then, before this run.</param>
/// <param name="KnownAtSequence">The number as known at which the loans were counted.</param>
/// <param name="RunAgain">Later months that have a run already: what was posted now stands in them too, and their own difference is due.</param>
public sealed record AllowanceRunAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    FundId FundId,
    string Month,
    string Policy,
    int PolicyVersion,
    IReadOnlyList<AllowanceClass> Classes,
    IReadOnlyList<AllowanceAccountAnswer> Accounts,
    Money Required,
    Money Previous,
    Money Posted,
    IReadOnlyList<JournalEntryLine> Lines,
    IReadOnlyList<string> RunAgain,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    long KnownAtSequence,
    long AsOfSequence)
{
    public static AllowanceRunAnswer Of(AllowanceRun run, FundAllowance all, Currency currency, long sequence)
    {
        var (required, previous) = (Money.Sum(run.Balances.Select(of => of.Required), currency), Money.Sum(run.Balances.Select(of => of.Previous), currency));
        return new AllowanceRunAnswer(
            run.Id,
            run.Number,
            run.ExternalId,
            run.FundId,
            run.Month,
            run.Policy,
            run.PolicyVersion,
            run.Classes,
            [.. run.Balances.Select(of => new AllowanceAccountAnswer(of.Account, of.Required, of.Previous, of.Required - of.Previous))],
            required,
            previous,
            required - previous,
            run.Lines is { } lines ? [.. lines.Select(JournalEntryLine.Of)] : [],
            run.Lines is null
                ? []
                : [.. all.Runs.Where(other => other.Sequence < run.Sequence).Select(other => other.Month).Where(month => string.CompareOrdinal(month, run.Month) > 0).Distinct().Order(StringComparer.Ordinal)],
            run.Day.EffectiveOn,
            run.Day.BookedOn,
            run.KnownAtSequence,
            sequence);
    }
}

public sealed record AllowanceRunsAnswer(FundId FundId, IReadOnlyList<AllowanceRunAnswer> Items, long AsOfSequence);

public static class RecordAllowanceRunDecider
{
    /// <param name="count">What was counted; null when no policy was in force.</param>
    public static Decision Decide(
        RecordAllowanceRun command, TransactionId id, Fund? fund, FundAllowance? allowance, FundBalances balances, AllowanceCount? count, Moment moment)
    {
        if (fund is null)
        {
            return Decision.NotFound();
        }

        var monthEnd = command.MonthEnd;
        if (command.EffectiveOn is { } other && other != monthEnd)
        {
            return Decision.Refuse("run-takes-month-end", "/effectiveOn", new Figure("monthEnd", monthEnd));
        }

        if (DateRules.Check(monthEnd, moment) is { } refusal)
        {
            return refusal;
        }

        var policy = fund.PolicyOn(monthEnd);
        if (policy is null)
        {
            return Decision.Refuse("no-classification-policy", "/month", new Figure("effectiveOn", monthEnd));
        }

        if (count is null || !IsCurrent(count, policy, allowance, balances))
        {
            return Decision.Changed();
        }

        var day = fund.DayOf(monthEnd);
        var lines = count.Lines(fund.Id, day).ToArray();
        if (lines.Length == 0 && allowance?.LastOf(command.Month)?.Found(count) == true)
        {
            return Decision.AlreadyRecorded();
        }

        var number = moment.NextNumber("CK");
        object fact = lines.Length == 0
            ? new AllowanceRunConfirmed(id, number, fund.Id, command.Month, policy.Code, policy.Version, count.Sequence, count.Classes, count.Balances, command.ExternalId)
            : new AllowanceRunPosted(
                id,
                number,
                fund.Id,
                command.Month,
                policy.Code,
                policy.Version,
                count.Sequence,
                count.Classes,
                count.Balances,
                Money.Sum(count.Balances.Select(of => of.Required - of.Previous), fund.Currency),
                new JournalLines(lines),
                command.ExternalId);
        return Decision.Record(new NewFact(FundAllowance.IdOf(fund.Id), fact, day, EventOf: id.Value));
    }

    private static bool IsCurrent(AllowanceCount count, ClassificationPolicy policy, FundAllowance? allowance, FundBalances balances) =>
        (count.Policy.Code, count.Policy.Version, count.Runs) == (policy.Code, policy.Version, allowance?.Runs.Count ?? 0)
        && balances.Figures.Where(figure => AllowanceAccounts.Holds(figure.Key)).All(figure => figure.Value == count.Held.GetValueOrDefault(figure.Key));
}

/// <summary>The accounts that allowance is set aside on.</summary>
internal static class AllowanceAccounts
{
    public static bool Holds(string account) => account.StartsWith("1.1.04.", StringComparison.Ordinal);
}

public static class RecordAllowanceRunEndpoint
{
    [WolverinePost("/v1/funds/{fundId}/allowance-runs", OperationId = "recordAllowanceRun")]
    [Tags("Policies"), Takes(typeof(RecordAllowanceRun)), Answers(typeof(AllowanceRunAnswer), 201)]
    public static Task<IResult> Post(Guid fundId, HttpContext http) => http.RecordCounted<RecordAllowanceRun>("recordAllowanceRun", async command =>
    {
        var id = new TransactionId(command.NewId());
        var stream = FundAllowance.IdOf(new FundId(fundId));
        var count = await Count(http, fundId, command.MonthEnd);
        return new WriteSlice
        {
            PaperContent = $"{fundId}|allowance-run|{command.Month}",
            NoteAbout = _ => fundId,
            Needs = _ => [Need.Of<Fund>(fundId), Need.Of<FundAllowance>(stream), Need.Balances(new FundId(fundId))],
            Decide = (states, moment) => RecordAllowanceRunDecider.Decide(
                command, id, states.Find<Fund>(fundId), states.Find<FundAllowance>(stream), states.Balances(new FundId(fundId)), count, moment),
            Answer = (states, moment) =>
            {
                var all = states.Find<FundAllowance>(stream)!;
                var run = all.LastOf(command.Month)!;
                return new Answer(
                    201, AllowanceRunAnswer.Of(run, all, states.Find<Fund>(fundId)!.Currency, moment.Sequence), $"/v1/funds/{fundId}/allowance-runs/{run.Id}");
            },
        };
    });

    [WolverineGet("/v1/funds/{fundId}/allowance-runs/{runId}", OperationId = "getAllowanceRun")]
    [Tags("Policies"), Answers(typeof(AllowanceRunAnswer), 200)]
    public static Task<IResult> Get(Guid fundId, Guid runId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await Runs(snapshot, fundId, cancellation) is { } known && known.All.Runs.Find(of => of.Id.Value == runId) is { } run
            ? AllowanceRunAnswer.Of(run, known.All, known.Fund.Currency, snapshot.Sequence)
            : null);

    /// <summary>Some twelve a year: few enough for one answer.</summary>
    [WolverineGet("/v1/funds/{fundId}/allowance-runs", OperationId = "listAllowanceRuns")]
    [Tags("Policies"), Answers(typeof(AllowanceRunsAnswer), 200)]
    public static Task<IResult> List(Guid fundId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await Runs(snapshot, fundId, cancellation) is { } known
            ? new AllowanceRunsAnswer(
                known.Fund.Id, [.. known.All.Runs.Select(run => AllowanceRunAnswer.Of(run, known.All, known.Fund.Currency, snapshot.Sequence))], snapshot.Sequence)
            : null);

    private static async Task<(Fund Fund, FundAllowance All)?> Runs(Snapshot snapshot, Guid fundId, CancellationToken cancellation) =>
        await snapshot.Find<Fund>(fundId, cancellation) is { } fund
            ? (fund, await snapshot.Find<FundAllowance>(FundAllowance.IdOf(fund.Id), cancellation) ?? new FundAllowance([]))
            : null;

    /// <summary>Counts over everything that is known; null when there is no such fund or no policy in force.</summary>
    private static async Task<AllowanceCount?> Count(HttpContext http, Guid fundId, DateOnly monthEnd)
    {
        var cancellation = http.RequestAborted;
        await using var snapshot = await http.OpenPortfolio(Caller.Of(http));
        if (await FundScope.Of(snapshot, fundId, currency: null, cancellation) is not { Funds: [var fund] } scope || fund.PolicyOn(monthEnd) is not { } policy)
        {
            return null;
        }

        var view = new PortfolioView(monthEnd, Basis.Effective, scope, Instead: null);
        var sums = await PortfolioQueries.Positions(snapshot, view, by: null, cancellation);
        var previous = await PortfolioQueries.Books(snapshot, view, PortfolioQueries.Allowance, from: null, cancellation);
        var held = await PortfolioQueries.Books(snapshot, view with { Day = DateOnly.MaxValue }, PortfolioQueries.Allowance, from: null, cancellation);
        var runs = (await snapshot.Find<FundAllowance>(FundAllowance.IdOf(fund.Id), cancellation))?.Runs.Count ?? 0;
        return AllowanceCount.Of(view, policy, sums, BalancesOf(previous, fund.Id), BalancesOf(held, fund.Id), runs, snapshot.Sequence);
    }

    private static ImmutableDictionary<string, long> BalancesOf(ILookup<FundId, (string Account, long MinorUnits)> books, FundId fundId) =>
        books[fundId].ToImmutableDictionary(balance => balance.Account, balance => balance.MinorUnits, StringComparer.Ordinal);
}
