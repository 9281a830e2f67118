using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>
/// Takes a loan out of the books (<em>hapus buku</em>): its principal against the fund's allowance as far as that goes, the
/// rest as an expense. What was paid ahead pays first. The claim lives on.
/// </summary>
public sealed record WriteOffLoan([property: TextLimit(100)] string DecisionReference) : DatedCommand;

/// <param name="Amount">The principal that left the books.</param>
/// <param name="Claim">What is still claimed: that principal, and interest, fees and penalty that were due.</param>
public sealed record WriteOffAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    LoanId LoanId,
    Money Amount,
    Money Claim,
    ImmutableArray<FundAmount> FromAllowance,
    ImmutableArray<SplitPart> Split,
    string DecisionReference,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    long AsOfSequence)
{
    public static WriteOffAnswer Of(RecordedFact fact, long sequence)
    {
        var writtenOff = (LoanWrittenOff)fact.Data;
        return new WriteOffAnswer(
            writtenOff.WriteOffId,
            writtenOff.Number,
            writtenOff.ExternalId,
            writtenOff.LoanId,
            writtenOff.Amount,
            writtenOff.Claim,
            writtenOff.Allowance,
            writtenOff.Split,
            writtenOff.DecisionReference,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            sequence);
    }
}

/// <summary>A thing of a member's that holds money pledged for loans.</summary>
public interface IHoldsPledges
{
    Guid Id { get; }

    Money PledgedFor(LoanId loanId);
}

public static class WriteOffLoanDecider
{
    /// <summary>What is pledged for a loan pays before anything of it is lost.</summary>
    public static Decision? CheckPledges(Loan loan, IEnumerable<IHoldsPledges> pledges)
    {
        var pledged = pledges.Where(holder => holder.PledgedFor(loan.Id).IsPositive).ToArray();
        return pledged.Length == 0 ? null : Decision.Refuse(
            "pledged-savings-first",
            pointer: null,
            new Figure("pledged", Money.Sum(pledged.Select(holder => holder.PledgedFor(loan.Id)), loan.Currency)),
            new Figure("accounts", string.Join(", ", pledged.Select(holder => holder.Id))));
    }

    /// <param name="lenders">The funds it was made from, with their allowances.</param>
    public static Decision Decide(WriteOffLoan command, TransactionId id, Loan loan, FundBooks funds, IReadOnlyList<LendingFund> lenders, Moment moment)
    {
        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((LoanRules.CheckActive(loan)
            ?? (loan.Undisbursed.IsPositive ? Decision.Refuse("not-paid-out-in-full", pointer: null, new Figure("left", loan.Undisbursed)) : null)
            ?? RecordRepaymentDecider.CheckDay(effectiveOn, loan, moment)
            ?? LoanRules.CheckLastTurn(loan, effectiveOn)
            ?? CheckReturns(loan, effectiveOn)) is { } refusal)
        {
            return refusal;
        }

        var account = LoanPostingRules.AllowanceOf(loan.Terms.BookingClass).Value;
        ImmutableArray<FundAmount> allowance =
        [
            .. lenders.Select(lender => new FundAmount(lender.Fund.Id, Money.OfMinorUnits(Math.Max(0, -lender.Balances[account]), loan.Currency))),
        ];
        var entry = new LoanEntry(id, EntryKind.WriteOff, effectiveOn, moment.Sequence + 1, Money.Zero(loan.Currency), [], []) { Turn = new LoanTurn.WriteOff(allowance) };
        return LoanEntries.Record(loan, entry, funds, allocated =>
        {
            var principal = Sum(allocated.Split, [SplitComponent.PrincipalWrittenOff], loan);
            return new LoanWrittenOff(
                id,
                moment.NextNumber("HB"),
                loan.Id,
                loan.MemberId,
                principal,
                Sum(allocated.Split, LoanRules.WrittenOffComponents, loan),
                allowance,
                allocated.Split,
                new JournalLines(LoanPostingRules.Payment(loan, funds, entry, allocated.Split)),
                command.DecisionReference,
                command.ExternalId);
        });
    }

    /// <summary>What went back after that day would be owed again in books that the loan has left: it is written off after it.</summary>
    private static Decision? CheckReturns(Loan loan, DateOnly effectiveOn)
    {
        TransactionId[] later = [.. loan.Entries.Where(entry => entry.Kind == EntryKind.Return && entry.EffectiveOn >= effectiveOn).Select(entry => entry.Id)];
        return later.Length == 0 ? null : LoanRules.DependsOn(later);
    }

    private static Money Sum(ImmutableArray<SplitPart> split, SplitComponent[] components, Loan loan) =>
        Money.Sum(split.Where(part => components.Contains(part.Component)).Select(part => part.Amount), loan.Currency);
}

public static class WriteOffLoanEndpoint
{
    [WolverinePost("/v1/loans/{loanId}/write-offs", OperationId = "writeOffLoan")]
    [Tags("Loans"), Takes(typeof(WriteOffLoan)), Answers(typeof(WriteOffAnswer), 201)]
    public static Task<IResult> Post(Guid loanId, HttpContext http) => http.Record<WriteOffLoan>("writeOffLoan", command =>
    {
        var id = new TransactionId(command.NewId());
        var slice = LoanSlice.Of(
            loanId,
            LendingFund.Needs,
            (loan, funds, states, moment) =>
                WriteOffLoanDecider.CheckPledges(loan, states.ParticipationsOf(loan.MemberId).Select(part => part.Value).OfType<IHoldsPledges>())
                ?? WriteOffLoanDecider.Decide(command, id, loan, funds, LendingFund.Of(loan, funds, states), moment),
            (_, moment) => new Answer(201, WriteOffAnswer.Of(moment.Recorded<LoanWrittenOff>(), moment.Sequence), $"/v1/loans/{loanId}/write-offs/{id}"));
        return slice with
        {
            Needs = states => states.Peek<Loan>(loanId) is { } loan
                ? [.. slice.Needs(states), Need.ParticipationsOf(loan.MemberId), .. states.PeekParticipationsOf(loan.MemberId)]
                : slice.Needs(states),
            PaperContent = $"{loanId}|write-off|{command.EffectiveOn:O}",
        };
    });

    [WolverineGet("/v1/loans/{loanId}/write-offs/{writeOffId}", OperationId = "getWriteOff")]
    [Tags("Loans"), Answers(typeof(WriteOffAnswer), 200)]
    public static Task<IResult> Get(Guid loanId, Guid writeOffId, HttpContext http) => http.ReadFact<LoanWrittenOff>(loanId, writeOffId, WriteOffAnswer.Of);
}
