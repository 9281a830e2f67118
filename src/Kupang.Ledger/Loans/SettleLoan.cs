using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>The borrower pays her loan off before its time.</summary>
/// <param name="Amount">What the quote of that policy and day says, to the last rupiah.</param>
/// <param name="Policy">How much of the interest not due yet she pays.</param>
/// <param name="DecisionReference">Who decided so, where anything but the whole interest is charged.</param>
public sealed record SettleLoan(
    Money Amount, SettlementPolicy Policy, PaymentMethod? Method = null, [property: TextLimit(100)] string? DecisionReference = null) : DatedCommand;

/// <summary>What a loan is paid off with on a day by one policy.</summary>
/// <param name="Amount">What is to be paid: principal, interest, fees and penalty, less what was paid ahead.</param>
/// <param name="Rebate">The interest that need not be paid.</param>
public sealed record SettlementQuote(SettlementPolicy Policy, Money Amount, Money Principal, Money Interest, Money Fee, Money Penalty, Money Rebate);

public sealed record SettlementQuotesAnswer(LoanId LoanId, DateOnly EffectiveOn, IReadOnlyList<SettlementQuote> Quotes, long AsOfSequence);

public sealed record SettlementAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    LoanId LoanId,
    Money Amount,
    SettlementPolicy Policy,
    ImmutableArray<SplitPart> Split,
    string? DecisionReference,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    long AsOfSequence)
{
    public static SettlementAnswer Of(RecordedFact fact, long sequence)
    {
        var settled = (LoanSettled)fact.Data;
        return new SettlementAnswer(
            settled.SettlementId,
            settled.Number,
            settled.ExternalId,
            settled.LoanId,
            settled.Amount,
            settled.Policy,
            settled.Split,
            settled.DecisionReference,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            sequence);
    }
}

/// <summary>
/// Settlement (<em>pelunasan dipercepat</em>) is principal, overdue interest in full, what the policy charges of the interest
/// not due yet, fees and penalty, less what was paid ahead.
/// </summary>
public static class SettleLoanDecider
{
    public static SettlementQuote Quote(Loan loan, SettlementPolicy policy, DateOnly day)
    {
        // More than anybody can owe: what it does not pay comes back as an advance.
        var trial = EntryOf(new TransactionId(Guid.Empty), policy, Money.OfMinorUnits(Money.MaximumMinorUnits, loan.Currency), default, day, long.MaxValue);
        var entries = loan.Entries.Insert(loan.PlaceOf(trial), trial);
        var split = PaymentAllocation.Of(loan, entries, out _)[entries.IndexOf(trial)].Split;
        return new SettlementQuote(
            policy,
            Sum(part => part.IsMoney && part.Component != SplitComponent.Advance),
            Sum(part => part.Component == SplitComponent.Principal),
            Sum(part => part.Component == SplitComponent.Interest),
            Sum(part => part.Component == SplitComponent.Fee),
            Sum(part => part.Component == SplitComponent.Penalty),
            Sum(part => part.Component == SplitComponent.InterestWaived));

        Money Sum(Func<SplitPart, bool> of) => Money.Sum(split.Where(of).Select(part => part.Amount), loan.Currency);
    }

    public static Decision Decide(SettleLoan command, TransactionId id, Loan loan, FundBooks funds, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((LoanRules.CheckActive(loan)
            ?? (loan.Undisbursed.IsPositive ? Decision.Refuse("not-paid-out-in-full", pointer: null, new Figure("left", loan.Undisbursed)) : null)
            ?? AmountRules.Check(command.Amount, loan.Currency)
            ?? RecordRepaymentDecider.CheckDay(effectiveOn, loan, moment)
            ?? MethodRules.Check(command.Method, command.Channel)) is { } refusal)
        {
            return refusal;
        }

        var quote = Quote(loan, command.Policy, effectiveOn);
        return command.Amount != quote.Amount
                ? Decision.Refuse("settlement-amount-differs", "/amount", new Figure("amount", command.Amount), new Figure("quote", quote.Amount))
            : command.DecisionReference is null && quote.Rebate.IsPositive ? Decision.Refuse("decision-required", "/decisionReference", new Figure("rebate", quote.Rebate))
            : Settle(
                id,
                loan,
                command.Policy,
                command.Amount,
                new PaymentSource(LoanPostingRules.MoneyAccountOf(MethodRules.ChannelOf(command.Method, command.Channel))),
                effectiveOn,
                (command.DecisionReference, command.ExternalId),
                funds,
                moment);
    }

    /// <param name="source">Where the money comes from.</param>
    /// <param name="refinanced">The loan that pays this one off, and what was overdue.</param>
    internal static Decision Settle(
        TransactionId id,
        Loan loan,
        SettlementPolicy policy,
        Money amount,
        PaymentSource source,
        DateOnly effectiveOn,
        (string? Decision, string? External) references,
        FundBooks funds,
        Moment moment,
        (LoanId By, Money PaidArrears)? refinanced = null)
    {
        var entry = EntryOf(id, policy, amount, source, effectiveOn, moment.Sequence + 1);
        return LoanEntries.Record(loan, entry, funds, allocated => new LoanSettled(
            id,
            moment.NextNumber("PL"),
            loan.Id,
            loan.MemberId,
            amount,
            policy,
            allocated.Split,
            new JournalLines(LoanPostingRules.Payment(loan, funds, entry, allocated.Split)),
            references.Decision,
            references.External,
            allocated.Schedule,
            refinanced?.By,
            refinanced?.PaidArrears));
    }

    private static LoanEntry EntryOf(TransactionId id, SettlementPolicy policy, Money amount, PaymentSource source, DateOnly day, long sequence) =>
        new(id, EntryKind.Settlement, day, sequence, amount, [], [], source) { Turn = new LoanTurn.Settlement(policy) };
}

public static class SettleLoanEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/settlements", OperationId = "settleLoan")]
    [Tags("Loans"), Takes(typeof(SettleLoan)), Answers(typeof(SettlementAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<SettleLoan>("settleLoan", command =>
    {
        var id = new TransactionId(command.NewId());
        var channel = MethodRules.ChannelOf(command.Method, command.Channel);
        return LoanSlice.Of(
            loanId,
            _ => [],
            (loan, funds, _, moment) => SettleLoanDecider.Decide(command, id, loan, funds, moment),
            (_, moment) => new Answer(201, SettlementAnswer.Of(moment.Recorded<LoanSettled>(), moment.Sequence), $"/v1/loans/{loanId}/settlements/{id}")) with
        {
            Channel = channel,
            PaperContent = $"{loanId}|settlement|{command.Policy}|{command.Amount}|{command.EffectiveOn:O}|{channel}",
        };
    });

    [WolverineGet("/v1/loans/{loanId}/settlements/{settlementId}", OperationId = "getSettlement")]
    [Tags("Loans"), Answers(typeof(SettlementAnswer), 200)]
    public static Task<IResult> Get(Guid loanId, Guid settlementId, HttpContext http) => http.ReadFact<LoanSettled>(loanId, settlementId, SettlementAnswer.Of);

    [WolverineGet("/v1/loans/{loanId}/settlement-quotes", OperationId = "listSettlementQuotes")]
    [Tags("Loans"), Answers(typeof(SettlementQuotesAnswer), 200)]
    public static Task<IResult> GetQuotes(Guid loanId, HttpContext http) => http.Read(async (snapshot, asOf, cancellation) =>
        await snapshot.Find<Loan>(loanId, cancellation) is { } loan
            ? new SettlementQuotesAnswer(
                loan.Id,
                asOf.EffectiveOn,
                loan.Disbursement is { } paidOut && paidOut.EffectiveOn <= asOf.EffectiveOn && loan.Status == LoanStatus.Active
                    ? [.. Enum.GetValues<SettlementPolicy>().Select(policy => SettleLoanDecider.Quote(loan, policy, asOf.EffectiveOn))]
                    : [],
                snapshot.Sequence)
            : null);
}
