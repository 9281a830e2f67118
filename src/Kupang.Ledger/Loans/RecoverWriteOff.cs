using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>A borrower pays of the claim after the write-off. It is income of that day.</summary>
public sealed record RecoverWriteOff(Money Amount, PaymentMethod? Method = null) : DatedCommand;

/// <summary>The claim is given up (<em>hapus tagih</em>). Nothing is booked: the loan left the books before.</summary>
public sealed record ForgiveClaim([property: TextLimit(100)] string DecisionReference) : DatedCommand;

public sealed record RecoveryAnswer(
    TransactionId Id, string Number, string? ExternalId, LoanId LoanId, Money Amount, DateOnly EffectiveOn, DateOnly BookedOn, string? ReceiptNumber, long AsOfSequence)
{
    public static RecoveryAnswer Of(RecordedFact fact, long sequence)
    {
        var (id, number, externalId, loanId, amount) = fact.Data switch
        {
            RecoveryRecorded recovery => (recovery.RecoveryId, recovery.Number, recovery.ExternalId, recovery.LoanId, recovery.Amount),
            ClaimForgiven forgiven => (forgiven.ForgivenessId, forgiven.Number, forgiven.ExternalId, forgiven.LoanId, forgiven.Amount),
            _ => throw new InvalidOperationException("Neither a recovery nor a forgiveness."),
        };
        return new RecoveryAnswer(
            id, number, externalId, loanId, amount, fact.Envelope.EffectiveOn, fact.Envelope.BookedOn, fact.Envelope.Paper?.Number, sequence);
    }
}

public static class RecoverWriteOffDecider
{
    public static Decision Decide(RecoverWriteOff command, TransactionId id, Loan loan, FundBooks funds, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((CheckClaim(loan)
            ?? AmountRules.Check(command.Amount, loan.Currency)
            ?? RecordRepaymentDecider.CheckDay(effectiveOn, loan, moment)
            ?? LoanRules.NotBefore(effectiveOn, loan.WriteOff!.EffectiveOn, "before-write-off")
            ?? MethodRules.Check(command.Method, command.Channel)) is { } refusal)
        {
            return refusal;
        }

        var claim = LoanPosition.Of(loan, DateOnly.MaxValue).Claim;
        if (command.Amount > claim)
        {
            return Decision.Refuse("exceeds-claim", "/amount", new Figure("claim", claim), new Figure("required", command.Amount));
        }

        var source = new PaymentSource(LoanPostingRules.MoneyAccountOf(MethodRules.ChannelOf(command.Method, command.Channel)));
        var entry = new LoanEntry(id, EntryKind.Recovery, effectiveOn, moment.Sequence + 1, command.Amount, [], [], source);
        return LoanEntries.Record(loan, entry, funds, allocated => new RecoveryRecorded(
            id,
            moment.NextNumber("PH"),
            loan.Id,
            loan.MemberId,
            command.Amount,
            allocated.Split,
            new JournalLines(LoanPostingRules.Payment(loan, funds, entry, allocated.Split)),
            command.ExternalId));
    }

    public static Decision Decide(ForgiveClaim command, TransactionId id, Loan loan, FundBooks funds, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        return CheckClaim(loan)
            ?? RecordRepaymentDecider.CheckDay(effectiveOn, loan, moment)
            ?? LoanRules.NotBefore(effectiveOn, loan.WriteOff!.EffectiveOn, "before-write-off")
            ?? Forgive();

        Decision Forgive()
        {
            var entry = new LoanEntry(id, EntryKind.Forgiveness, effectiveOn, moment.Sequence + 1, LoanPosition.Of(loan, DateOnly.MaxValue).Claim, [], []);
            return LoanEntries.Record(loan, entry, funds, _ => new ClaimForgiven(
                id, moment.NextNumber("HT"), loan.Id, loan.MemberId, entry.Amount, command.DecisionReference, command.ExternalId));
        }
    }

    /// <summary>Why nothing is claimed any more, or not yet; null when something is.</summary>
    private static Decision? CheckClaim(Loan loan) =>
        loan.WriteOff is null ? LoanRules.WrongStatus("loan-not-written-off", loan)
        : loan.Entries.Exists(entry => entry.Kind == EntryKind.Forgiveness) ? Decision.Refuse("claim-forgiven")
        : null;
}

public static class RecoverWriteOffEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/recoveries", OperationId = "recoverWriteOff")]
    [Tags("Loans"), Takes(typeof(RecoverWriteOff)), Answers(typeof(RecoveryAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<RecoverWriteOff>("recoverWriteOff", command =>
    {
        var id = new TransactionId(command.NewId());
        var channel = MethodRules.ChannelOf(command.Method, command.Channel);
        return LoanSlice.Of(
            loanId,
            _ => [],
            (loan, funds, _, moment) => RecoverWriteOffDecider.Decide(command, id, loan, funds, moment),
            (_, moment) => new Answer(201, RecoveryAnswer.Of(moment.Recorded<RecoveryRecorded>(), moment.Sequence), $"/v1/loans/{loanId}/recoveries/{id}")) with
        {
            Channel = channel,
            PaperContent = $"{loanId}|recovery|{command.Amount}|{command.EffectiveOn:O}|{channel}",
        };
    });

    [WolverineGet("/v1/loans/{loanId}/recoveries/{recoveryId}", OperationId = "getRecovery")]
    [Tags("Loans"), Answers(typeof(RecoveryAnswer), 200)]
    public static Task<IResult> Get(Guid loanId, Guid recoveryId, HttpContext http) => http.ReadFact<RecoveryRecorded>(loanId, recoveryId, RecoveryAnswer.Of);

    [WolverinePost("/v1/loans/{loanId}/forgivenesses", OperationId = "forgiveClaim")]
    [Tags("Loans"), Takes(typeof(ForgiveClaim)), Answers(typeof(RecoveryAnswer), 201)]
    public static Task<IResult> Forgive(Guid loanId, HttpContext http) => http.Record<ForgiveClaim>("forgiveClaim", command =>
    {
        var id = new TransactionId(command.NewId());
        return LoanSlice.Of(
            loanId,
            _ => [],
            (loan, funds, _, moment) => RecoverWriteOffDecider.Decide(command, id, loan, funds, moment),
            (_, moment) => new Answer(201, RecoveryAnswer.Of(moment.Recorded<ClaimForgiven>(), moment.Sequence), $"/v1/loans/{loanId}/forgivenesses/{id}")) with
        {
            PaperContent = $"{loanId}|forgiveness|{command.EffectiveOn:O}",
        };
    });

    [WolverineGet("/v1/loans/{loanId}/forgivenesses/{forgivenessId}", OperationId = "getForgiveness")]
    [Tags("Loans"), Answers(typeof(RecoveryAnswer), 200)]
    public static Task<IResult> GetForgiveness(Guid loanId, Guid forgivenessId, HttpContext http) =>
        http.ReadFact<ClaimForgiven>(loanId, forgivenessId, RecoveryAnswer.Of);
}
