using Kupang.Ledger.Arisan;
using Kupang.Ledger.CashBoxes;
using Kupang.Ledger.Cycles;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Savings;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.SurplusSharing;
using Kupang.Ledger.UnidentifiedReceipts;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Corrections;

/// <summary>Takes back a fact, once and whole. What was written stays readable; what it did to the books is undone beside it.</summary>
/// <param name="Kind">
/// <c>entered-in-error</c> takes the day of the original, so that every later day reads as if it had not been written;
/// <c>returned</c> takes its own day: a transfer bounced, cash was handed back.
/// </param>
/// <param name="Reason">In words, which may name people: kept encrypted.</param>
public sealed record ReverseTransaction(
    TransactionId TransactionId,
    ReversalKind Kind = ReversalKind.EnteredInError,
    ReasonCode? ReasonCode = null,
    [property: TextLimit(500)] string? Reason = null) : DatedCommand;

/// <param name="Number">The reversal's own printed number; an approval's reversal has none.</param>
/// <param name="Lines">What it does to the books: the original's lines with the other sign.</param>
public sealed record ReversalAnswer(
    TransactionId Id,
    string? Number,
    TransactionId TransactionId,
    ReversalKind Kind,
    string? ReasonCode,
    Personal? Reason,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    IReadOnlyList<JournalEntryLine> Lines,
    long AsOfSequence)
{
    public static ReversalAnswer Of(RecordedFact fact, long sequence)
    {
        var reversal = (IReversal)fact.Data;
        return new ReversalAnswer(
            reversal.ReversalId,
            FactDescription.NumberOf(fact.Data),
            reversal.TransactionId,
            reversal.Kind,
            fact.Envelope.ReasonCode,
            reversal.Reason is { } reason ? new Personal(reason) : null,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            fact.Data is IMoneyFact money ? [.. money.Lines.Select(JournalEntryLine.Of)] : [],
            sequence);
    }
}

public static class ReverseTransactionDecider
{
    /// <summary>The kind of name that a fact holds for its only reversal.</summary>
    public const string ReversalName = "reversal-of";

    /// <summary>Which day a reversal of this kind takes, or why not the one asked for.</summary>
    public static (DateOnly EffectiveOn, Decision? Refusal) DayOf(ReverseTransaction command, RecordedFact original, Moment moment)
    {
        var happened = original.Envelope.EffectiveOn;
        if (command.Kind == ReversalKind.EnteredInError)
        {
            return (happened, command.EffectiveOn is { } other && other != happened
                ? Decision.Refuse("reversal-takes-original-day", "/effectiveOn", new Figure("effectiveOn", other), new Figure("original", happened))
                : null);
        }

        var day = command.EffectiveOn ?? moment.Today;
        return (day, DateRules.Check(day, moment) ?? (day < happened
            ? Decision.Refuse("before-original", "/effectiveOn", new Figure("effectiveOn", day), new Figure("original", happened))
            : null));
    }

    public static Decision Decide(ReverseTransaction command, TransactionId id, RecordedFact original, States states, Moment moment)
    {
        if (states.Holder(new KeyName(ReversalName, command.TransactionId.ToString())) is not null)
        {
            return Decision.Refuse("already-reversed", "/transactionId", new Figure("transactionId", command.TransactionId.ToString()));
        }

        var (effectiveOn, refusal) = DayOf(command, original, moment);
        if (refusal is not null)
        {
            return refusal;
        }

        if (command is { Kind: ReversalKind.EnteredInError, MoneyAccountId: { } box } && !ReversedFact.MoneyAccountsOf(original).Contains(box))
        {
            return Decision.Refuse("reversal-takes-original-money-account", "/moneyAccountId", new Figure("moneyAccountId", box.ToString()));
        }

        var subject = ReversedFact.SubjectOf(original);
        var loan = ReversedFact.LoanOf(original) is { } loanId ? states.Find<Loan>(loanId.Value)! : null;
        var fundId = loan?.FundId ?? ReversedFact.FundOf(original)!.Value;
        var funds = original.Data is ISavingsEntry saved ? SavingsReversals.BooksOf(saved, states)
            : loan is null ? new FundBooks(states.Find<Fund>(fundId.Value)!)
            : LoanSlice.BooksOf(loan, states);
        var key = states.KeyOf(subject);
        if (command.Reason is not null && key is null)
        {
            return Decision.Refuse("member-erased", "/reason");
        }

        var order = new ReversalOrder(
            id,
            command.TransactionId,
            command.Kind,
            funds,
            funds.DayOf(fundId, effectiveOn),
            command.Reason is { } reason ? key!.Encrypt(reason) : null);
        var decision = original.Data switch
        {
            ContributionReceived or CapitalReturned or VoucherRecorded => FundReversals.Decide(order, original, moment),
            ISavingsEntry entry => SavingsReversals.Decide(
                order, entry, [.. SavingsReversals.AccountsOf(entry).Select(accountId => states.Find<SavingsAccount>(accountId.Value)!)], moment),
            ISurplusFact => SurplusReversals.Decide(order, original, states.Find<SurplusYear>(original.StreamId)!, moment),
            IArisanFact => ArisanReversals.Decide(order, original, states.Find<ArisanCircle>(original.StreamId)!, moment),
            ICycleFact => CycleReversals.Decide(order, original, CycleFacts.Of(states.Find<Cycle>(original.StreamId)!, original, states), moment),
            RepaymentRecorded paid when CycleReversals.IsPartOfPayout(paid) => CycleReversals.PartOfPayout(paid),
            CashDifferenceRecorded or CashDifferenceResolved =>
                CashDifferenceReversals.Decide(order, original, states.Find<CashDifference>(original.StreamId)!, moment),
            UnidentifiedReceiptRecorded => UnidentifiedReceiptReversals.Decide(order, states.Find<UnidentifiedReceipt>(original.StreamId)!, moment),
            RepaymentRecorded { AppliedFrom: { } receipt } applied =>
                UnidentifiedReceiptReversals.WithMoneyWaitingAgain(LoanReversals.Decide(order, original, loan!, funds, moment), receipt, applied, order.Day),
            LoanDisbursed { Refinanced: { } refinanced } => WithSettlement(LoanReversals.Decide(order, original, loan!, funds, moment), order, refinanced, states, moment),
            _ => LoanReversals.Decide(order, original, loan!, funds, moment),
        };
        return decision is Decision.ToRecord recorded
            ? WithReasonCode(WithMoneyAccount(recorded, command, original), command.ReasonCode)
                .WithClaims([.. recorded.Facts.Select(fact => fact.Data).OfType<IReversal>().Select(
                    reversal => new NameClaim(ReversalName, reversal.TransactionId.ToString(), original.StreamId))])
                .Releasing(original.Envelope.Paper)
            : decision;
    }

    /// <summary>Money goes back to the box it came from, unless it was handed back from another.</summary>
    /// <summary>The loan that was paid off owes again what it owed before, unless it was put right already.</summary>
    private static Decision WithSettlement(Decision payout, ReversalOrder order, RefinancedLoan refinanced, States states, Moment moment)
    {
        var settlement = states.FactMaking(refinanced.SettlementId.Value)!;
        var old = states.Find<Loan>(refinanced.LoanId.Value)!;
        var own = order with { Id = new TransactionId(Guid.CreateVersion7()), TransactionId = refinanced.SettlementId, Reason = null, IsPartOfAnother = true };
        return payout is not Decision.ToRecord first ? payout
            : LoanReversals.Decide(own, settlement, old, order.Funds, moment) switch
            {
                Decision.ToRecord second => Decision.Record([.. first.Facts, .. second.Facts]),
                var refused => refused,
            };
    }

    private static Decision.ToRecord WithMoneyAccount(Decision.ToRecord decision, ReverseTransaction command, RecordedFact original) =>
        (command.MoneyAccountId ?? original.Envelope.MoneyAccount) is { } box
            ? decision with { Facts = [.. decision.Facts.Select(fact => fact with { MoneyAccount = box })] }
            : decision;

    private static Decision.ToRecord WithReasonCode(Decision.ToRecord decision, ReasonCode? code) => code is { } given
        ? decision with { Facts = [.. decision.Facts.Select(fact => fact with { ReasonCode = LedgerJson.WordOf(given) })] }
        : decision;
}

/// <summary>Which facts can be taken back, and what they belong to.</summary>
internal static class ReversedFact
{
    /// <summary>Whether a fact can be taken back at all.</summary>
    public static bool IsReversible(RecordedFact fact) => FundOf(fact) is not null || LoanOf(fact) is not null;

    /// <summary>The fund whose days the reversal takes, where the fact names it.</summary>
    public static FundId? FundOf(RecordedFact fact) => fact.Data switch
    {
        ContributionReceived contribution => contribution.FundId,
        CapitalReturned returned => returned.FundId,
        VoucherRecorded voucher => voucher.FundId,
        UnidentifiedReceiptRecorded receipt => receipt.FundId,
        ISavingsEntry entry when SavingsReversals.IsReversible(entry) => entry.FundId,
        ISurplusFact surplus => surplus.FundId,
        IArisanFact arisan => arisan.FundId,
        ICycleFact cycle => cycle.FundId,
        LoanApproved approved => approved.Funding[0].FundId,
        LoanDisbursed disbursed => disbursed.Funding[0].FundId,
        LoanTrancheDisbursed tranche => tranche.Funding[0].FundId,
        LoanMigrated migrated => migrated.FundId,
        CashDifferenceRecorded difference => difference.FundId,
        CashDifferenceResolved resolved => resolved.Lines[0].FundId,
        RepaymentRecorded repayment => repayment.Lines[0].FundId,
        AdvanceRefunded refund => refund.Lines[0].FundId,
        _ => null,
    };

    /// <summary>The loan it is a fact of, where it is one of a loan.</summary>
    public static LoanId? LoanOf(RecordedFact fact) =>
        fact.Data is LoanApproved or LoanMigrated or LoanDisbursed or LoanTrancheDisbursed or RepaymentRecorded or AdvanceRefunded or LoanFeeCharged or LoanChargeWaived or LoanRescheduled or ClaimForgiven or IPaysALoan ? new LoanId(fact.StreamId) : null;

    /// <summary>The boxes whose money it moved.</summary>
    public static IEnumerable<MoneyAccountId> MoneyAccountsOf(RecordedFact fact) => fact.Data is IMoneyFact money
        ? money.Lines.Select(line => line.MoneyAccount ?? fact.Envelope.MoneyAccount).OfType<MoneyAccountId>().Distinct()
        : [];

    /// <summary>Whom words about it are about: the borrower where there is one, else the fund.</summary>
    public static Guid SubjectOf(RecordedFact fact) => fact.Data switch
    {
        LoanDisbursed disbursed => disbursed.MemberId.Value,
        LoanMigrated migrated => migrated.MemberId.Value,
        LoanTrancheDisbursed tranche => tranche.MemberId.Value,
        LoanFeeCharged fee => fee.MemberId.Value,
        LoanRescheduled rescheduled => rescheduled.MemberId.Value,
        ClaimForgiven forgiven => forgiven.MemberId.Value,
        IPaysALoan paying => paying.MemberId.Value,
        LoanChargeWaived waived => waived.MemberId.Value,
        RepaymentRecorded repayment => repayment.MemberId.Value,
        AdvanceRefunded refund => refund.MemberId.Value,
        ISavingsEntry entry => entry.Owner.Id,
        ISurplusFact { MemberId: { } memberId } => memberId.Value,
        IArisanFact arisan => arisan.MemberId.Value,
        ICycleFact { MemberId: { } memberId } => memberId.Value,
        _ => FundOf(fact)!.Value.Value,
    };
}

public static class ReverseTransactionEndpoint
{
    [WolverinePost("/v1/reversals", OperationId = "reverseTransaction")]
    [Tags("Corrections"), Takes(typeof(ReverseTransaction)), Answers(typeof(ReversalAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<ReverseTransaction>("reverseTransaction", command => SliceOf(command, loanId: null));

    [WolverinePost("/v1/loans/{loanId}/reversals", OperationId = "reverseLoanTransaction")]
    [Tags("Corrections"), Takes(typeof(ReverseTransaction)), Answers(typeof(ReversalAnswer), 201)]
    public static Task<IResult> PostOfLoan(Guid loanId, HttpContext http) =>
        http.Record<ReverseTransaction>("reverseLoanTransaction", command => SliceOf(command, loanId));

    [WolverineGet("/v1/reversals/{reversalId}", OperationId = "getReversal")]
    [Tags("Corrections"), Answers(typeof(ReversalAnswer), 200)]
    public static Task<IResult> Get(Guid reversalId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.FactMaking(reversalId, cancellation) is { Data: IReversal } fact ? ReversalAnswer.Of(fact, snapshot.Sequence) : null);

    private static WriteSlice SliceOf(ReverseTransaction command, Guid? loanId)
    {
        var id = new TransactionId(command.NewId());
        var transaction = command.TransactionId.Value;
        return new WriteSlice
        {
            PaperContent = $"{transaction}|reversal|{command.Kind}|{command.EffectiveOn:O}",
            NoteAbout = states => states.PeekFactMaking(transaction) is { } fact && ReversedFact.IsReversible(fact) ? ReversedFact.SubjectOf(fact) : null,
            Needs = states => Needs(states, transaction, loanId),
            Decide = (states, moment) => Decide(command, id, states, loanId, moment),
            Answer = (_, moment) => new Answer(
                201, ReversalAnswer.Of(moment.Facts.First(fact => fact.Data is IReversal), moment.Sequence), $"/v1/reversals/{id}"),
        };
    }

    private static IEnumerable<Need> Needs(States states, Guid transaction, Guid? loanId)
    {
        yield return Need.FactMaking(transaction);
        yield return Need.Key(ReverseTransactionDecider.ReversalName, transaction.ToString());
        if (loanId is { } asked)
        {
            yield return Need.Of<Loan>(asked);
        }

        if (states.PeekFactMaking(transaction) is { } fact && ReversedFact.IsReversible(fact))
        {
            if (ReversedFact.FundOf(fact) is { } fundId)
            {
                yield return Need.Of<Fund>(fundId.Value);
            }

            yield return Need.SubjectKey(ReversedFact.SubjectOf(fact));
            foreach (var box in ReversedFact.MoneyAccountsOf(fact))
            {
                yield return Need.Of<MoneyAccount>(box.Value);
                yield return Need.Balances(box);
            }

            foreach (var need in NeedsOf(fact, states))
            {
                yield return need;
            }
        }
    }

    /// <summary>The things that this kind of fact is one of.</summary>
    private static IEnumerable<Need> NeedsOf(RecordedFact fact, States states) => fact.Data switch
    {
        VoucherRecorded => [Need.Of<Voucher>(fact.StreamId)],
        UnidentifiedReceiptRecorded => [Need.Of<UnidentifiedReceipt>(fact.StreamId)],
        ISavingsEntry entry => SavingsReversals.Needs(entry),
        ISurplusFact => [Need.Of<SurplusYear>(fact.StreamId)],
        IArisanFact => [Need.Of<ArisanCircle>(fact.StreamId)],
        ICycleFact => CycleFacts.NeedsOf(fact, states),
        CashDifferenceRecorded or CashDifferenceResolved => [Need.Of<CashDifference>(fact.StreamId)],
        _ when ReversedFact.LoanOf(fact) is { } loanId => NeedsOfLoan(fact, loanId, states),
        _ => [],
    };

    private static IEnumerable<Need> NeedsOfLoan(RecordedFact fact, LoanId loanId, States states)
    {
        yield return Need.Of<Loan>(loanId.Value);
        if (fact.Data is LoanDisbursed { Refinanced: { } refinanced })
        {
            yield return Need.FactMaking(refinanced.SettlementId.Value);
            yield return Need.Of<Loan>(refinanced.LoanId.Value);
        }

        if (fact.Data is RepaymentRecorded { AppliedFrom: { } receipt })
        {
            yield return Need.Of<UnidentifiedReceipt>(receipt.Value);
        }

        foreach (var of in states.Peek<Loan>(loanId.Value) is { } loan ? LoanSlice.FundsOf(loan) : [])
        {
            yield return Need.Of<Fund>(of.Value);
        }
    }

    private static Decision Decide(ReverseTransaction command, TransactionId id, States states, Guid? loanId, Moment moment)
    {
        if (loanId is { } asked && states.Find<Loan>(asked) is null)
        {
            return Decision.NotFound();
        }

        var fact = states.FactMaking(command.TransactionId.Value);
        return fact is null || (loanId is { } loan && fact.StreamId != loan)
                ? Decision.Refuse("unknown-transaction", "/transactionId", new Figure("transactionId", command.TransactionId.ToString()))
            : !ReversedFact.IsReversible(fact)
                ? Decision.Refuse("not-reversible", "/transactionId", new Figure("transactionId", command.TransactionId.ToString()))
            : ReverseTransactionDecider.Decide(command, id, fact, states, moment);
    }
}
