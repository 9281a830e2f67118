using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.UnidentifiedReceipts;

/// <summary>Money came in that nobody can place: it is written down on the day it came, and placed when it is known whose it is.</summary>
public sealed record RecordUnidentifiedReceipt(FundId FundId, Money Amount, PaymentMethod? Method = null) : DatedCommand;

/// <param name="Unapplied">What of it still waits.</param>
public sealed record UnidentifiedReceiptAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    FundId FundId,
    Money Amount,
    Money Unapplied,
    ReceiptStatus Status,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    Paper? Paper,
    string? BankReference,
    Personal? Note,
    IReadOnlyList<ReceiptApplication> Applications,
    TransactionId? ReversedBy,
    long AsOfSequence)
{
    public static UnidentifiedReceiptAnswer Of(UnidentifiedReceipt receipt, long sequence)
    {
        var envelope = receipt.Fact.Envelope;
        return new UnidentifiedReceiptAnswer(
            receipt.Recorded.ReceiptId,
            receipt.Recorded.Number,
            receipt.Recorded.ExternalId,
            receipt.Recorded.FundId,
            receipt.Recorded.Amount,
            receipt.Unapplied,
            receipt.Status,
            envelope.EffectiveOn,
            envelope.BookedOn,
            envelope.Paper,
            envelope.BankReference,
            envelope.Note is { } note ? new Personal(note) : null,
            receipt.Applications,
            receipt.ReversedBy,
            sequence);
    }
}

public static class RecordUnidentifiedReceiptDecider
{
    public static Decision Decide(RecordUnidentifiedReceipt command, TransactionId id, Fund? fund, Moment moment)
    {
        if (fund is null)
        {
            return Decision.Refuse("unknown-fund", "/fundId", new Figure("fundId", command.FundId.ToString()));
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((AmountRules.Check(command.Amount, fund.Currency)
            ?? DateRules.Check(effectiveOn, moment)
            ?? MethodRules.Check(command.Method, command.Channel)) is { } refusal)
        {
            return refusal;
        }

        var day = fund.DayOf(effectiveOn);
        var money = LoanPostingRules.MoneyAccountOf(MethodRules.ChannelOf(command.Method, command.Channel));
        return Decision.Record(new NewFact(
            id.Value,
            new UnidentifiedReceiptRecorded(
                id,
                moment.NextNumber("PD"),
                fund.Id,
                command.Amount,
                new JournalLines(
                    JournalLine.Debit(money, fund.Id, command.Amount, day),
                    JournalLine.Credit(AccountCode.UnidentifiedReceipts, fund.Id, command.Amount, day)),
                command.ExternalId),
            day,
            EventOf: id.Value));
    }
}

public static class UnidentifiedReceiptEndpoint
{
    [WolverinePost("/v1/unidentified-receipts", OperationId = "recordUnidentifiedReceipt")]
    [Tags("Unidentified receipts"), Takes(typeof(RecordUnidentifiedReceipt)), Answers(typeof(UnidentifiedReceiptAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<RecordUnidentifiedReceipt>("recordUnidentifiedReceipt", command =>
    {
        var id = new TransactionId(command.NewId());
        var channel = MethodRules.ChannelOf(command.Method, command.Channel);
        return new WriteSlice
        {
            Channel = channel,
            PaperContent = $"{command.FundId}|unidentified|{command.Amount}|{command.EffectiveOn:O}|{channel}",
            NoteAbout = _ => command.FundId.Value,
            Needs = _ => [Need.Of<Fund>(command.FundId.Value), Need.Of<UnidentifiedReceipt>(id.Value)],
            Decide = (states, moment) => RecordUnidentifiedReceiptDecider.Decide(command, id, states.Find<Fund>(command.FundId.Value), moment),
            Answer = (states, moment) => new Answer(
                201, UnidentifiedReceiptAnswer.Of(states.Find<UnidentifiedReceipt>(id.Value)!, moment.Sequence), $"/v1/unidentified-receipts/{id}"),
        };
    });

    [WolverineGet("/v1/unidentified-receipts/{receiptId}", OperationId = "getUnidentifiedReceipt")]
    [Tags("Unidentified receipts"), Answers(typeof(UnidentifiedReceiptAnswer), 200)]
    public static Task<IResult> Get(Guid receiptId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.Find<UnidentifiedReceipt>(receiptId, cancellation) is { } receipt ? UnidentifiedReceiptAnswer.Of(receipt, snapshot.Sequence) : null);

    [WolverineGet("/v1/unidentified-receipts", OperationId = "listUnidentifiedReceipts")]
    [Tags("Unidentified receipts"), Answers(typeof(Page<UnidentifiedReceiptAnswer>), 200)]
    [Query("fundId", "status"), QueryWords("status", typeof(ReceiptStatus))]
    public static Task<IResult> List(HttpContext http)
    {
        var status = http.QueryWord<ReceiptStatus>("status");
        return http.List<UnidentifiedReceipt>(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["fundId"] = "fund_id" },
            ["status"],
            (receipt, snapshot) => ValueTask.FromResult<object?>(
                status is null || receipt.Status == status ? UnidentifiedReceiptAnswer.Of(receipt, snapshot.Sequence) : null));
    }
}
