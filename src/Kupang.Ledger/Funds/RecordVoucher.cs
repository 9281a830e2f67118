using System.Collections.Immutable;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Funds;

/// <summary>Records a hand-made voucher: an expense, a bank charge, bank interest, money moved between boxes.</summary>
public sealed record RecordVoucher(VoucherType Kind, FundId FundId, ImmutableArray<VoucherLineInput> Lines) : DatedCommand;

/// <summary>One line as it stands on the paper: an account, and an amount on one of its two sides.</summary>
public sealed record VoucherLineInput(AccountCode Account, Money? Debit = null, Money? Credit = null)
{
    /// <summary>Which side was filled in, as the member's name.</summary>
    public string Side => Debit is null ? "credit" : "debit";

    public Money Filled => Debit ?? Credit!.Value;

    public Money Signed => Debit ?? -Credit!.Value;
}

public sealed record VoucherAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    VoucherType Kind,
    FundId FundId,
    Money Amount,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    Paper? Paper,
    IReadOnlyList<JournalEntryLine> Lines,
    IReadOnlyList<string>? Warnings,
    TransactionId? ReversedBy,
    long AsOfSequence)
{
    public static VoucherAnswer Of(Voucher voucher, long sequence) => Of(voucher.Fact, warnings: null, sequence, voucher.ReversedBy);

    public static VoucherAnswer Of(RecordedFact fact, IReadOnlyList<string>? warnings, long sequence, TransactionId? reversedBy = null)
    {
        var voucher = (VoucherRecorded)fact.Data;
        return new VoucherAnswer(
            voucher.VoucherId,
            voucher.Number,
            voucher.ExternalId,
            voucher.Kind,
            voucher.FundId,
            voucher.Amount,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            fact.Envelope.Paper,
            [.. voucher.Lines.Select(JournalEntryLine.Of)],
            warnings,
            reversedBy,
            sequence);
    }
}

public static class RecordVoucherDecider
{
    /// <summary>More than any paper holds, and few enough that the sum can't become too large to keep.</summary>
    public const int MostLines = 200;

    public static Decision Decide(RecordVoucher command, TransactionId id, Fund? fund, Moment moment)
    {
        if (fund is null)
        {
            return Decision.Refuse("unknown-fund", "/fundId", new Figure("fundId", command.FundId.ToString()));
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        var refusal = DateRules.Check(effectiveOn, moment)
            ?? CheckCount(command)
            ?? command.Lines.Index().Select(line => CheckLine(line.Item, fund.Currency, $"/lines/{line.Index}")).FirstOrDefault(found => found is not null)
            ?? CheckSums(command, fund.Currency)
            ?? CheckKind(command);
        if (refusal is not null)
        {
            return refusal;
        }

        var day = fund.DayOf(effectiveOn);
        JournalLine[] given = [.. command.Lines.Select(line => new JournalLine(line.Account, fund.Id, line.Signed, day.EffectiveOn, day.BookedOn))];
        return Decision.Record(new NewFact(
            id.Value,
            new VoucherRecorded(
                id,
                moment.NextNumber(PrefixOf(command.Kind)),
                fund.Id,
                command.Kind,
                SumOf(command.Lines.Select(line => line.Debit), fund.Currency),
                FundPostingRules.Voucher(fund.Id, fund.FundKind, given),
                command.ExternalId),
            day,
            EventOf: id.Value));
    }

    private static Decision? CheckCount(RecordVoucher command) =>
        command.Lines.IsDefault || command.Lines.Length < 2 ? Decision.Refuse("too-few-lines", "/lines")
        : command.Lines.Length > MostLines ? Decision.Refuse("too-many-lines", "/lines", new Figure("most", MostLines))
        : null;

    private static Decision? CheckLine(VoucherLineInput line, Currency currency, string pointer)
    {
        if (ChartOfAccounts.Find(line.Account) is not { IsGroup: false } account)
        {
            return Decision.Refuse("unknown-account", $"{pointer}/account", new Figure("account", line.Account.Value));
        }

        if (account.IsControl)
        {
            return Decision.Refuse(
                "control-account", $"{pointer}/account", new Figure("account", line.Account.Value), new Figure("accountName", account.Name));
        }

        return line.Debit is null == line.Credit is null
            ? Decision.Refuse("one-side-per-line", pointer)
            : AmountRules.Check(line.Filled, currency, $"{pointer}/{line.Side}");
    }

    private static Decision? CheckSums(RecordVoucher command, Currency currency)
    {
        var debit = SumOf(command.Lines.Select(line => line.Debit), currency);
        var credit = SumOf(command.Lines.Select(line => line.Credit), currency);
        return debit != credit
                ? Decision.Refuse("lines-do-not-balance", "/lines", new Figure("debit", debit), new Figure("credit", credit))
            : debit.MinorUnits > Money.MaximumMinorUnits
                ? Decision.Refuse("amount-too-large", "/lines", new Figure("most", Money.OfMinorUnits(Money.MaximumMinorUnits, currency)))
            : null;
    }

    private static Decision? CheckKind(RecordVoucher command)
    {
        var moneyLines = command.Lines.Where(line => ChartOfAccounts.IsMoney(line.Account)).ToArray();
        var fits = command.Kind switch
        {
            VoucherType.CashIn => moneyLines.Any(line => line.Debit is not null),
            VoucherType.CashOut => moneyLines.Any(line => line.Credit is not null),
            VoucherType.Transfer => moneyLines.Length == command.Lines.Length,
            _ => moneyLines.Length == 0,
        };
        return fits ? null : Decision.Refuse("voucher-kind-does-not-fit", "/kind");
    }

    private static Money SumOf(IEnumerable<Money?> amounts, Currency currency) => Money.Sum(amounts.OfType<Money>(), currency);

    /// <summary>Bukti kas masuk, bukti kas keluar, bukti transfer, bukti memorial.</summary>
    private static string PrefixOf(VoucherType kind) => kind switch
    {
        VoucherType.CashIn => "BKM",
        VoucherType.CashOut => "BKK",
        VoucherType.Transfer => "BT",
        _ => "BM",
    };
}

public static class RecordVoucherEndpoint
{
    [WolverinePost("/v1/vouchers", OperationId = "recordVoucher")]
    [Tags("Funds"), Takes(typeof(RecordVoucher)), Answers(typeof(VoucherAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<RecordVoucher>("recordVoucher", command =>
    {
        var id = new TransactionId(command.NewId());
        return new WriteSlice
        {
            PaperContent = $"{command.FundId}|{command.Kind}|{command.EffectiveOn:O}|{LinesOf(command)}",
            NoteAbout = _ => command.FundId.Value,
            Needs = _ => [Need.Of<Fund>(command.FundId.Value), Need.Of<Voucher>(id.Value), Need.Balances(command.FundId)],
            Decide = (states, moment) => RecordVoucherDecider.Decide(command, id, states.Find<Fund>(command.FundId.Value), moment),
            Answer = (states, moment) =>
            {
                var fact = moment.Recorded<VoucherRecorded>();
                var warnings = CashWarnings.Of(states.Balances(command.FundId), ((VoucherRecorded)fact.Data).Lines);
                return new Answer(201, VoucherAnswer.Of(fact, warnings, moment.Sequence), $"/v1/vouchers/{id}");
            },
        };
    });

    private static string LinesOf(RecordVoucher command) =>
        command.Lines.IsDefault ? "" : string.Join(';', command.Lines.Select(line => $"{line.Account} {line.Debit} {line.Credit}"));
}

public static class GetVoucherEndpoint
{
    [WolverineGet("/v1/vouchers/{voucherId}", OperationId = "getVoucher")]
    [Tags("Funds"), Answers(typeof(VoucherAnswer), 200)]
    public static Task<IResult> Get(Guid voucherId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.Find<Voucher>(voucherId, cancellation) is { } voucher
            ? VoucherAnswer.Of(voucher, snapshot.Sequence)
            : null);

    [WolverineGet("/v1/vouchers", OperationId = "listVouchers")]
    [Tags("Funds"), Answers(typeof(Page<VoucherAnswer>), 200), Query("fundId")]
    public static Task<IResult> List(HttpContext http) => http.List<Voucher>(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["fundId"] = "fund_id" },
        [],
        (voucher, snapshot) => ValueTask.FromResult<object?>(VoucherAnswer.Of(voucher, snapshot.Sequence)));
}
