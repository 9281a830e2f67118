using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>Who pays when a borrower dies.</summary>
public enum ClaimPayer
{
    /// <summary>An insurer, whose money comes in.</summary>
    Insurer,

    /// <summary>The fund itself, out of the premiums it kept.</summary>
    OwnFund,
}

/// <summary>
/// A borrower has died, and her principal is paid for her. When it pays all of it, open interest, fees and penalty are let
/// off; when it pays a part, the heirs owe the rest.
/// </summary>
/// <param name="Method">How an insurer's money came in; none when the fund pays itself.</param>
public sealed record RecordInsuranceClaim(
    Money Amount, ClaimPayer PaidBy, [property: TextLimit(100)] string DecisionReference, PaymentMethod? Method = null) : DatedCommand;

public sealed record InsuranceClaimAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    LoanId LoanId,
    Money Amount,
    ClaimPayer PaidBy,
    ImmutableArray<SplitPart> Split,
    string DecisionReference,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    long AsOfSequence)
{
    public static InsuranceClaimAnswer Of(RecordedFact fact, long sequence)
    {
        var claim = (InsuranceClaimPaid)fact.Data;
        return new InsuranceClaimAnswer(
            claim.ClaimId,
            claim.Number,
            claim.ExternalId,
            claim.LoanId,
            claim.Amount,
            claim.PaidBy,
            claim.Split,
            claim.DecisionReference,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            sequence);
    }
}

public static class RecordInsuranceClaimDecider
{
    public static Decision Decide(RecordInsuranceClaim command, TransactionId id, Loan loan, FundBooks funds, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((LoanRules.CheckActive(loan)
            ?? AmountRules.Check(command.Amount, loan.Currency)
            ?? RecordRepaymentDecider.CheckDay(effectiveOn, loan, moment)
            ?? (command.PaidBy == ClaimPayer.Insurer
                ? MethodRules.Check(command.Method, command.Channel)
                : (command.Method, command.Channel) is not (null, null or Channel.Offset) ? Decision.Refuse("channel-is-offset", "/method") : null)) is { } refusal)
        {
            return refusal;
        }

        var owed = LoanPosition.Of(loan, effectiveOn).Outstanding.Principal;
        if (command.Amount > owed)
        {
            return Decision.Refuse("exceeds-outstanding", "/amount", new Figure("outstanding", owed), new Figure("required", command.Amount));
        }

        var source = new PaymentSource(command.PaidBy == ClaimPayer.OwnFund
            ? AccountCode.InsurancePremiumsPayable
            : LoanPostingRules.MoneyAccountOf(MethodRules.ChannelOf(command.Method, command.Channel)));
        var entry = new LoanEntry(id, EntryKind.InsuranceClaim, effectiveOn, moment.Sequence + 1, command.Amount, [], [], source);
        return LoanEntries.Record(loan, entry, funds, allocated => new InsuranceClaimPaid(
            id,
            moment.NextNumber("KA"),
            loan.Id,
            loan.MemberId,
            command.Amount,
            command.PaidBy,
            allocated.Split,
            new JournalLines(LoanPostingRules.Payment(loan, funds, entry, allocated.Split)),
            command.DecisionReference,
            command.ExternalId,
            allocated.Schedule));
    }
}

public static class RecordInsuranceClaimEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/insurance-claims", OperationId = "recordInsuranceClaim")]
    [Tags("Loans"), Takes(typeof(RecordInsuranceClaim)), Answers(typeof(InsuranceClaimAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<RecordInsuranceClaim>("recordInsuranceClaim", command =>
    {
        var id = new TransactionId(command.NewId());
        var channel = command.PaidBy == ClaimPayer.OwnFund ? Channel.Offset : MethodRules.ChannelOf(command.Method, command.Channel);
        return LoanSlice.Of(
            loanId,
            _ => [],
            (loan, funds, _, moment) => RecordInsuranceClaimDecider.Decide(command, id, loan, funds, moment),
            (_, moment) => new Answer(
                201, InsuranceClaimAnswer.Of(moment.Recorded<InsuranceClaimPaid>(), moment.Sequence), $"/v1/loans/{loanId}/insurance-claims/{id}")) with
        {
            Channel = channel,
            PaperContent = $"{loanId}|claim|{command.Amount}|{command.EffectiveOn:O}|{channel}",
        };
    });

    [WolverineGet("/v1/loans/{loanId}/insurance-claims/{claimId}", OperationId = "getInsuranceClaim")]
    [Tags("Loans"), Answers(typeof(InsuranceClaimAnswer), 200)]
    public static Task<IResult> Get(Guid loanId, Guid claimId, HttpContext http) =>
        http.ReadFact<InsuranceClaimPaid>(loanId, claimId, InsuranceClaimAnswer.Of);
}
