using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.UnidentifiedReceipts;

/// <summary>It is known now whose the money is: it repays that loan, on the day it came in or later.</summary>
/// <param name="Amount">How much of it; all that waits when left out.</param>
public sealed record ApplyUnidentifiedReceipt(LoanId LoanId, Money? Amount = null) : DatedCommand;

public static class ApplyUnidentifiedReceiptDecider
{
    /// <param name="funds">The loan's funds, and the one that holds the money.</param>
    public static Decision Decide(ApplyUnidentifiedReceipt command, TransactionId id, UnidentifiedReceipt? receipt, Loan? loan, FundBooks funds, Moment moment)
    {
        if (receipt is null)
        {
            return Decision.NotFound();
        }

        if (loan is null)
        {
            return Decision.Refuse("unknown-loan", "/loanId", new Figure("loanId", command.LoanId.ToString()));
        }

        if (command.Channel is not (null or Channel.Offset))
        {
            // The money moved when it came in; now only whose it is becomes known.
            return Decision.Refuse("channel-is-offset", "/channel");
        }

        var (effectiveOn, amount) = (command.EffectiveOn ?? moment.Today, command.Amount ?? receipt.Unapplied);
        return RecordRepaymentDecider.CheckStatus(loan)
            ?? CheckAmount(receipt, amount, loan)
            ?? RecordRepaymentDecider.CheckDay(effectiveOn, loan, moment)
            ?? LoanRules.NotBefore(effectiveOn, receipt.EffectiveOn, "before-receipt")
            ?? Apply(command, id, receipt, loan, funds, effectiveOn, amount, moment);
    }

    private static Decision? CheckAmount(UnidentifiedReceipt receipt, Money amount, Loan loan) =>
        receipt.Unapplied.IsZero
            ? Decision.Refuse("receipt-not-open", pointer: null, new Figure("receiptStatus", LedgerJson.WordOf(receipt.Status)))
        : receipt.Recorded.Amount.Currency != loan.Currency
            ? Decision.Refuse("wrong-currency", "/loanId", new Figure("currency", loan.Currency.Code), new Figure("amount", receipt.Recorded.Amount))
        : AmountRules.Check(amount, loan.Currency)
            ?? (amount > receipt.Unapplied
                ? Decision.Refuse("exceeds-receipt", "/amount", new Figure("unapplied", receipt.Unapplied), new Figure("required", amount))
                : null);

    private static Decision Apply(
        ApplyUnidentifiedReceipt command, TransactionId id, UnidentifiedReceipt receipt, Loan loan, FundBooks funds, DateOnly effectiveOn, Money amount, Moment moment)
    {
        var holder = receipt.Recorded.FundId;
        var paid = RecordRepaymentDecider.Pay(
            id,
            amount,
            effectiveOn,
            new PaymentSource(AccountCode.UnidentifiedReceipts, holder),
            command.ExternalId,
            receipt.Recorded.ReceiptId,
            loan,
            funds,
            moment);
        return paid is Decision.ToRecord recorded
            ? Decision.Record(
            [
                new NewFact(
                    receipt.Recorded.ReceiptId.Value,
                    new UnidentifiedReceiptApplied(receipt.Recorded.ReceiptId, id, loan.Id, amount),
                    funds.DayOf(holder, effectiveOn)),
                .. recorded.Facts,
            ])
            : paid;
    }
}

public static class ApplyUnidentifiedReceiptEndpoint
{
    [WolverinePost("/v1/unidentified-receipts/{receiptId}/applications", OperationId = "applyUnidentifiedReceipt")]
    [Tags("Unidentified receipts"), Takes(typeof(ApplyUnidentifiedReceipt)), Answers(typeof(RepaymentAnswer), 201)]
    public static Task<IResult> Post(Guid receiptId, HttpContext http) => http.Record<ApplyUnidentifiedReceipt>("applyUnidentifiedReceipt", command =>
    {
        var id = new TransactionId(command.NewId());
        return new WriteSlice
        {
            Channel = Channel.Offset,
            PaperContent = $"{receiptId}|{command.LoanId}|{command.Amount}|{command.EffectiveOn:O}",
            NoteAbout = states => states.Peek<Loan>(command.LoanId.Value)?.MemberId.Value,
            Needs = states =>
            [
                Need.Of<UnidentifiedReceipt>(receiptId),
                Need.Of<Loan>(command.LoanId.Value),
                .. FundsOf(states, receiptId, command.LoanId).Select(fundId => Need.Of<Fund>(fundId.Value)),
            ],
            Decide = (states, moment) => ApplyUnidentifiedReceiptDecider.Decide(
                command,
                id,
                states.Find<UnidentifiedReceipt>(receiptId),
                states.Find<Loan>(command.LoanId.Value),
                new FundBooks([.. FundsOf(states, receiptId, command.LoanId).Select(fundId => states.Find<Fund>(fundId.Value)!)]),
                moment),
            Answer = (_, moment) => new Answer(
                201, RepaymentAnswer.Of(moment.Recorded<RepaymentRecorded>(), moment.Sequence), $"/v1/loans/{command.LoanId}/repayments/{id}"),
        };
    });

    private static IEnumerable<FundId> FundsOf(States states, Guid receiptId, LoanId loanId) =>
        (states.Peek<Loan>(loanId.Value) is { } loan ? LoanSlice.FundsOf(loan) : [])
            .Concat(states.Peek<UnidentifiedReceipt>(receiptId) is { } receipt ? [receipt.Recorded.FundId] : [])
            .Distinct();
}
