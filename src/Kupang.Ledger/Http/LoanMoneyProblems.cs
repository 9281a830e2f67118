namespace Kupang.Ledger.Http;

public static partial class ProblemCatalogue
{
    /// <summary>What is refused about where a loan's money comes from, and about money paid ahead or not placed.</summary>
    private static IEnumerable<ProblemKind> LoanMoneyProblems() =>
    [
        Rule("funding-required",
            new("Sumber dana wajib jelas", "The funding must be clear"),
            new("Sebut fundId, atau funding dengan 1 sampai {most} dana; salah satu saja.", "Name fundId, or funding with 1 to {most} funds; one of the two.")),
        Rule("fund-named-twice",
            new("Dana disebut dua kali", "A fund is named twice"),
            new("Dana {fundId} sudah disebut di atasnya.", "The fund {fundId} is named above already.")),
        Rule("funding-differs-from-principal",
            new("Jumlah dana tidak sama dengan pokok", "The funding is not the principal"),
            new("Dana berjumlah {funding}, pokok {principal}.", "The funds give {funding}, the principal is {principal}.")),
        Rule("effect-with-reduce-principal",
            new("Effect hanya untuk reduce-principal", "An effect belongs to reduce-principal"),
            new("Sebut effect shorten atau lower-instalments bila advance reduce-principal, dan hanya bila demikian.",
                "Name the effect shorten or lower-instalments when advance is reduce-principal, and only then.")),
        Rule("exceeds-advance",
            new("Melebihi titipan", "More than what was paid ahead"),
            new("Titipan {advance}, diminta {required}.", "{advance} is held, {required} was asked for.")),
        Rule("unknown-loan",
            new("Pinjaman tidak dikenal", "The loan is not known"),
            new("Tidak ada pinjaman dengan id {loanId}.", "No loan has the id {loanId}.")),
        Rule("before-receipt",
            new("Sebelum uang diterima", "Before the money came in"),
            new("{effectiveOn} sebelum {earlier}.", "{effectiveOn} is before {earlier}.")),
        Rule("receipt-not-open",
            new("Penerimaan tidak menunggu lagi", "The receipt waits no more"),
            new("Status penerimaan: {receiptStatus}.", "The receipt is {receiptStatus}.")),
        Rule("exceeds-receipt",
            new("Melebihi penerimaan", "More than the receipt"),
            new("Yang belum ditempatkan {unapplied}, diminta {required}.", "{unapplied} waits, {required} was asked for.")),
        Rule("channel-is-offset",
            new("Uangnya sudah diterima", "The money is there already"),
            new("Penempatan tidak memindahkan uang; channel selalu offset.", "Placing it moves no money; the channel is always offset.")),
    ];
}
