using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Cycles;

/// <summary>The cycle ends: everything is divided by shares, debts are kept back, and the next cycle begins with what is left.</summary>
public sealed record ShareOutCycle([property: TextLimit(100)] string? DecisionReference = null) : DatedCommand;

/// <param name="Pool">What was divided first.</param>
/// <param name="Carried">The cash that stays in the box for the next cycle, the social fund beside it.</param>
public sealed record ShareOutAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    CycleId CycleId,
    CycleId NextCycleId,
    Money Pool,
    int TotalShares,
    Money Multiple,
    ImmutableArray<MemberPortion> Portions,
    Money Carried,
    string? DecisionReference,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    long AsOfSequence)
{
    public static ShareOutAnswer Of(RecordedFact fact, long sequence)
    {
        var shared = (CycleSharedOut)fact.Data;
        return new ShareOutAnswer(
            shared.ShareOutId,
            shared.Number,
            shared.ExternalId,
            shared.CycleId,
            shared.NextCycleId,
            shared.Pool,
            shared.TotalShares,
            shared.Multiple,
            shared.Portions,
            shared.Carried,
            shared.DecisionReference,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            sequence);
    }
}

/// <summary>What a share-out on the day would do; nothing is divided while nobody has shares or cash lacks.</summary>
/// <param name="ReturnPercent">What the pool is above the savings, in percent of them, with two decimals.</param>
public sealed record ShareOutPreview(
    CycleId CycleId,
    PoolStatement Pool,
    long TotalShares,
    string? ReturnPercent,
    Money Multiple,
    IReadOnlyList<PortionPreview> Portions,
    Money Carried,
    Money SocialFund,
    long AsOfSequence);

/// <param name="Debts">What the member owes in all.</param>
/// <param name="KeptBack">What of it the payout pays.</param>
public sealed record PortionPreview(MemberId MemberId, int Shares, Money PaidIn, Money Payout, Money Debts, Money KeptBack, Money Cash, Money Unpaid);

/// <summary>What everybody with shares puts into the division, and what comes of it.</summary>
public static class ShareOutRules
{
    public static (IReadOnlyList<MemberDebts> Debts, Division? Division, Decision? Refusal) Divide(
        Cycle cycle, FundBalances balances, IReadOnlyList<OwnLoan> loans, DateOnly day)
    {
        var holdings = cycle.Holdings();
        if (holdings.Count == 0)
        {
            return ([], null, Decision.Refuse("no-shares"));
        }

        MemberDebts[] debts = [.. holdings.Select(holding => MemberDebts.Of(holding.MemberId, cycle, loans, day))];
        var cash = CyclePool.CashOf(balances, cycle.Currency);
        return cash.IsNegative
            ? (debts, null, Decision.Refuse("not-enough-cash-in-box", pointer: null, new Figure("available", cash), new Figure("required", Money.Zero(cycle.Currency))))
            : (debts,
                Division.Of(
                    cash,
                    [.. holdings.Zip(debts, (holding, debt) => new Stake(holding.MemberId, holding.Shares, holding.PaidIn, debt.Total))],
                    cycle.PayoutMultiple),
                null);
    }

    /// <summary>What is divided on a day is what was there on it: nothing that happened later is known.</summary>
    public static Decision? CheckNothingLater(Cycle cycle, IEnumerable<OwnLoan> loans, DateOnly effectiveOn)
    {
        var last = loans.Select(loan => loan.LastOn).Append(cycle.LastOn).Max();
        return LoanRules.NotBefore(effectiveOn, last, "before-last-entry");
    }
}

public static class ShareOutDecider
{
    /// <param name="next">The id of the cycle that begins.</param>
    /// <param name="loans">The loans of the group's own money that run, of everybody with shares.</param>
    public static Decision Decide(
        ShareOutCycle command, TransactionId id, CycleId next, CycleContext context, IReadOnlyList<OwnLoan> loans, Moment moment)
    {
        var cycle = context.Cycle;
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((CycleRules.CheckOpen(cycle, effectiveOn, moment)
            ?? CycleRules.CheckChannel(command.Channel)
            ?? ShareOutRules.CheckNothingLater(cycle, loans, effectiveOn)) is { } refusal)
        {
            return refusal;
        }

        var (debts, divided, unfit) = ShareOutRules.Divide(cycle, context.Balances, loans, effectiveOn);
        if (divided is not { } division)
        {
            return unfit!;
        }

        var channel = command.Channel ?? Channel.Cash;
        var paidOut = Money.Sum(division.Portions.Select(portion => portion.Cash), cycle.Currency);
        var box = Money.OfMinorUnits(context.Balances[LoanPostingRules.MoneyAccountOf(channel).Value], cycle.Currency);
        if (paidOut > box)
        {
            return Decision.Refuse("not-enough-cash-in-box", pointer: null, new Figure("available", box), new Figure("required", paidOut));
        }

        var settled = division.Portions.Zip(debts, (portion, debt) => debt.Settle(portion, cycle.FundId, effectiveOn, moment)).ToArray();
        return settled.Select(member => member.Refusal).FirstOrDefault(member => member is not null)
            ?? Record(command, id, next, context, division, [.. settled.Select(member => member.Portion)], [.. settled.SelectMany(member => member.Repayments)], channel, effectiveOn, moment);
    }

    private static Decision Record(
        ShareOutCycle command,
        TransactionId id,
        CycleId next,
        CycleContext context,
        Division division,
        ImmutableArray<MemberPortion> portions,
        IReadOnlyList<NewFact> repayments,
        Channel channel,
        DateOnly effectiveOn,
        Moment moment)
    {
        var (cycle, day) = (context.Cycle, context.Fund.DayOf(effectiveOn));
        var shared = new CycleSharedOut(
            id,
            moment.NextNumber("BH"),
            cycle.Id,
            cycle.GroupId,
            cycle.FundId,
            division.Pool,
            (int)division.TotalShares,
            cycle.PayoutMultiple,
            portions,
            division.Carried,
            next,
            CyclePostingRules.Payouts(cycle.FundId, portions, channel, day),
            command.DecisionReference,
            command.ExternalId);
        var after = repayments.Select(fact => fact.Data).Append(shared).OfType<IMoneyFact>().SelectMany(fact => fact.Lines)
            .Where(line => line.FundId == cycle.FundId)
            .Aggregate(context.Balances, (balances, line) => balances.Add(line.Account.Value, line.Amount.MinorUnits));
        var opened = new CycleOpened(
            next,
            moment.NextNumber("SK"),
            cycle.Ordinal + 1,
            cycle.GroupId,
            cycle.FundId,
            cycle.Terms,
            effectiveOn,
            CyclePool.FiguresOf(after, cycle.Currency),
            cycle.Id);
        return Decision.Record(
        [
            .. repayments,
            new NewFact(next.Value, opened, BookDay.Open(effectiveOn), EventOf: next.Value),
            new NewFact(cycle.Id.Value, shared, day, EventOf: id.Value),
        ]);
    }
}

public static class ShareOutEndpoint
{
    [WolverinePost("/v1/cycles/{cycleId}/share-outs", OperationId = "shareOutCycle")]
    [Tags("Cycles"), Takes(typeof(ShareOutCycle)), Answers(typeof(ShareOutAnswer), 201)]
    public static Task<IResult> Post(Guid cycleId, HttpContext http) => http.Record<ShareOutCycle>("shareOutCycle", command =>
    {
        var id = new TransactionId(command.NewId());
        var next = new CycleId(Guid.CreateVersion7());
        return CycleSlice.Of(
            cycleId,
            about: null,
            (context, states, moment) => ShareOutDecider.Decide(
                command, id, next, context, OwnLoan.Of(MembersOf(context.Cycle), context.Cycle.FundId, states), moment),
            (_, moment) => new Answer(
                201, ShareOutAnswer.Of(moment.Recorded<CycleSharedOut>(), moment.Sequence), $"/v1/cycles/{cycleId}/share-outs/{id}"),
            (cycle, states) => [Need.Of<Cycle>(next.Value), .. OwnLoan.NeedsOf(MembersOf(cycle), cycle.FundId, states)]) with
        {
            Channel = command.Channel ?? Channel.Cash,
            PaperContent = $"{cycleId}|share-out|{command.EffectiveOn:O}|{command.Channel}",
        };
    });

    [WolverineGet("/v1/cycles/{cycleId}/share-outs/{shareOutId}", OperationId = "getShareOut")]
    [Tags("Cycles"), Answers(typeof(ShareOutAnswer), 200)]
    public static Task<IResult> Get(Guid cycleId, Guid shareOutId, HttpContext http) =>
        http.ReadFact<CycleSharedOut>(cycleId, shareOutId, ShareOutAnswer.Of);

    /// <summary>By everything this view knows, whatever its day: so would the share-out divide.</summary>
    [WolverineGet("/v1/cycles/{cycleId}/share-out-preview", OperationId = "previewShareOut")]
    [Tags("Cycles"), Answers(typeof(ShareOutPreview), 200)]
    public static Task<IResult> Preview(Guid cycleId, HttpContext http) => http.Read(async (snapshot, asOf, cancellation) =>
    {
        if (await snapshot.Find<Cycle>(cycleId, cancellation) is not { Status: CycleStatus.Open } cycle)
        {
            return null;
        }

        var loanIds = await snapshot.Query(
            "select id from ledger.listing where tenant_id = $1 and n <= $2 and kind = 'loan' and fund_id = $3", reader => reader.GetGuid(0), cancellation, cycle.FundId.Value);
        var loans = (await snapshot.FindAll<Loan>(loanIds, cancellation)).Values
            .Where(loan => OwnLoan.Is(loan, loan.MemberId, cycle.FundId))
            .Select(loan => new OwnLoan(loan, new FundBooks()))
            .ToArray();
        var balances = await FundReads.Balances(snapshot, cycle.FundId, DateOnly.MaxValue, cancellation);
        return PreviewOf(cycle, balances, loans, asOf.EffectiveOn, snapshot.Sequence);
    });

    private static IEnumerable<MemberId> MembersOf(Cycle cycle) => cycle.Holdings().Select(holding => holding.MemberId);

    private static ShareOutPreview PreviewOf(Cycle cycle, FundBalances balances, IReadOnlyList<OwnLoan> loans, DateOnly day, long sequence)
    {
        var (debts, division, _) = ShareOutRules.Divide(cycle, balances, loans, day);
        var statement = CyclePool.StatementOf(cycle, balances, debts);
        return new ShareOutPreview(
            cycle.Id,
            statement,
            division?.TotalShares ?? 0,
            statement.Savings.IsPositive
                ? decimal.Round((statement.Pool.Amount - statement.Savings.Amount) * 100 / statement.Savings.Amount, 2, MidpointRounding.ToEven)
                    .ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)
                : null,
            cycle.PayoutMultiple,
            [.. (division?.Portions ?? []).Select(portion => new PortionPreview(
                portion.Stake.MemberId,
                portion.Stake.Shares,
                portion.Stake.PaidIn,
                portion.Payout,
                portion.Stake.Debt,
                portion.Offset,
                portion.Cash,
                portion.Unpaid))],
            division?.Carried ?? CyclePool.CashOf(balances, cycle.Currency),
            Money.OfMinorUnits(-balances[AccountCode.SocialFund.Value], cycle.Currency),
            sequence);
    }
}
