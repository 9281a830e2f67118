using System.Text.Json.Serialization;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Savings;

/// <summary>
/// Credits what the savings with a fund earned in a month that is over, on its last day. A run keeps to what an earlier one
/// credited: only differences are recorded, so that it may be run again whenever something became known late.
/// </summary>
/// <param name="Month">As <c>2026-10</c>.</param>
public sealed record RunSavingsInterest([property: JsonConverter(typeof(SavingsMonthConverter))] string Month) : Command;

/// <summary>A run as it was recorded.</summary>
public sealed record SavingsInterestRun(SavingsInterestRunRecorded Recorded) : IStreamState<SavingsInterestRun>, IListed
{
    public static string Kind => "savings-interest-run";

    public Listing Listing => new(Recorded.RunId.Value, Recorded.Number, Recorded.ExternalId, FundId: Recorded.FundId.Value);

    public static SavingsInterestRun After(SavingsInterestRun? state, RecordedFact fact) => new((SavingsInterestRunRecorded)fact.Data);
}

/// <param name="Id">Null when nothing differed and nothing was recorded.</param>
/// <param name="Accounts">How many accounts were credited.</param>
/// <param name="Amount">What was credited in all, less what was taken back.</param>
/// <param name="Remaining">How many more accounts differ: the same run, posted again, goes on with them.</param>
public sealed record SavingsInterestRunAnswer(
    TransactionId? Id, string? Number, string? ExternalId, FundId FundId, string Month, int Accounts, Money Amount, int? Remaining, long AsOfSequence)
{
    public static SavingsInterestRunAnswer Of(SavingsInterestRun run, int? remaining, long sequence) => new(
        run.Recorded.RunId,
        run.Recorded.Number,
        run.Recorded.ExternalId,
        run.Recorded.FundId,
        run.Recorded.Month,
        run.Recorded.Accounts,
        run.Recorded.Amount,
        remaining,
        sequence);
}

public static class RunSavingsInterestDecider
{
    /// <summary>So many accounts are credited by one command; what remains is for the next.</summary>
    public const int MostAccounts = 400;

    /// <summary>What is still to be credited for a month, below zero for what was credited too much. A closed account gets no more.</summary>
    public static Money Difference(SavingsAccount account, DateOnly firstDay) => account.Closing is null
        ? SavingsInterest.Of(account, firstDay) - SavingsInterest.CreditedFor(account, SavingsMonth.Of(firstDay))
        : Money.Zero(account.Currency);

    public static Decision Decide(RunSavingsInterest command, TransactionId id, Fund? fund, IEnumerable<SavingsAccount> accounts, Moment moment)
    {
        if (fund is null)
        {
            return Decision.NotFound();
        }

        var firstDay = SavingsMonth.FirstDay(command.Month)!.Value;
        var lastDay = firstDay.AddMonths(1).AddDays(-1);
        if ((lastDay >= moment.Today
                ? Decision.Refuse("month-not-over", "/month", new Figure("month", command.Month), new Figure("today", moment.Today))
                : DateRules.Check(lastDay, moment, "/month")) is { } refusal)
        {
            return refusal;
        }

        var day = fund.DayOf(lastDay);
        NewFact[] credited =
        [
            .. accounts.Select(account => (Account: account, Amount: Difference(account, firstDay)))
                .Where(account => !account.Amount.IsZero)
                .Take(MostAccounts)
                .Select(account => Credit(id, account.Account, command.Month, SavingsInterest.Of(account.Account, firstDay), account.Amount, day, moment)),
        ];
        return credited.Length == 0
            ? Decision.AlreadyRecorded()
            : Decision.Record(
            [
                .. credited,
                new NewFact(
                    id.Value,
                    new SavingsInterestRunRecorded(
                        id,
                        moment.NextNumber("RS"),
                        fund.Id,
                        command.Month,
                        credited.Length,
                        Money.Sum(credited.Select(fact => ((SavingsInterestCredited)fact.Data).Amount), fund.Currency),
                        command.ExternalId),
                    day,
                    EventOf: id.Value),
            ]);
    }

    private static NewFact Credit(TransactionId runId, SavingsAccount account, string month, Money earned, Money amount, BookDay day, Moment moment)
    {
        var id = new TransactionId(Guid.CreateVersion7());
        return new NewFact(
            account.Id.Value,
            new SavingsInterestCredited(
                id, moment.NextNumber("JS"), account.Id, account.FundId, account.Owner, runId, month, earned, amount, SavingsPostingRules.Interest(account, amount, day)),
            day,
            EventOf: id.Value);
    }
}

public static class RunSavingsInterestEndpoint
{
    [WolverinePost("/v1/funds/{fundId}/savings-interest-runs", OperationId = "runSavingsInterest")]
    [Tags("Savings"), Takes(typeof(RunSavingsInterest)), Answers(typeof(SavingsInterestRunAnswer), 201)]
    public static Task<IResult> Post(Guid fundId, HttpContext http) => http.RecordPrepared<RunSavingsInterest>("runSavingsInterest", async command =>
    {
        var id = new TransactionId(command.NewId());
        var differing = await Differing(fundId, SavingsMonth.FirstDay(command.Month)!.Value, http);
        Guid[] now = [.. differing.Take(RunSavingsInterestDecider.MostAccounts)];
        return new WriteSlice
        {
            Needs = _ => [Need.Of<Fund>(fundId), Need.Of<SavingsInterestRun>(id.Value), .. now.Select(Need.Of<SavingsAccount>)],
            Decide = (states, moment) => RunSavingsInterestDecider.Decide(
                command, id, states.Find<Fund>(fundId), now.Select(accountId => states.Find<SavingsAccount>(accountId)!), moment),
            Answer = (states, moment) => states.Find<SavingsInterestRun>(id.Value) is { } run
                ? new Answer(201, SavingsInterestRunAnswer.Of(run, differing.Count - now.Length, moment.Sequence), $"/v1/funds/{fundId}/savings-interest-runs/{id}")
                : new Answer(200, NothingDiffers(states.Find<Fund>(fundId)!, command.Month, moment)),
        };
    });

    [WolverineGet("/v1/funds/{fundId}/savings-interest-runs/{runId}", OperationId = "getSavingsInterestRun")]
    [Tags("Savings"), Answers(typeof(SavingsInterestRunAnswer), 200)]
    public static Task<IResult> Get(Guid fundId, Guid runId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.Find<SavingsInterestRun>(runId, cancellation) is { } run && run.Recorded.FundId.Value == fundId
            ? SavingsInterestRunAnswer.Of(run, remaining: null, snapshot.Sequence)
            : null);

    private static SavingsInterestRunAnswer NothingDiffers(Fund fund, string month, Moment moment) =>
        new(Id: null, Number: null, ExternalId: null, fund.Id, month, Accounts: 0, Money.Zero(fund.Currency), Remaining: 0, moment.Sequence);

    /// <summary>The fund's accounts whose interest for the month differs from what was credited, in the order in which they were opened.</summary>
    private static async Task<List<Guid>> Differing(Guid fundId, DateOnly firstDay, HttpContext http)
    {
        await using var snapshot = await http.OpenSnapshot(Caller.Of(http), KnownAs.Now);
        var ids = await snapshot.Query(
            "select id from ledger.listing where tenant_id = $1 and n <= $2 and kind = $3 and fund_id = $4 order by n",
            reader => reader.GetGuid(0),
            http.RequestAborted,
            SavingsAccount.Kind,
            fundId);
        var accounts = await snapshot.FindAll<SavingsAccount>(ids, http.RequestAborted);
        return [.. ids.Where(id => !RunSavingsInterestDecider.Difference(accounts[id], firstDay).IsZero)];
    }
}
