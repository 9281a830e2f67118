namespace Kupang.Ledger.Http;

public static partial class ProblemCatalogue
{
    /// <summary>What is refused about loans that are taken over from paper cards.</summary>
    private static IEnumerable<ProblemKind> LoanMigrationProblems() =>
    [
        Rule("cards-have-errors",
            new("Ada kartu yang salah", "There are mistakes in the cards"),
            new("{count} kesalahan; yang pertama pada baris {row}, kolom {column}: {problem}. Kirim dengan dryRun=true untuk melihat semuanya.",
                "{count} mistakes; the first in row {row}, column {column}: {problem}. Send it with dryRun=true to see them all.")),
        Rule("control-total-differs",
            new("Jumlah kontrol tidak cocok", "A control total differs"),
            new("{total}: disebut {given}, dihitung dari kartu {counted}.", "{total}: {given} was named, the cards make {counted}.")),
        Rule("too-many-cards",
            new("Jumlah kartu di luar batas", "The number of cards is out of range"),
            new("Sekali kirim 1 sampai {most} kartu, dikirim {count}.", "From 1 to {most} cards are taken at once, {count} were sent.")),
        Rule("card-number-taken",
            new("Nomor kartu sudah dipakai", "The card number is taken"),
            new("Kartu {number} sudah diambil alih.", "The card {number} was taken over already.")),
        Rule("card-named-twice",
            new("Kartu disebut dua kali", "A card is named twice"),
            new("Kartu {number} sudah ada di atasnya.", "The card {number} stands above already.")),
        Rule("card-after-cut-over",
            new("Pencairan tidak sebelum tanggal peralihan", "It was not paid out before the cut-over"),
            new("Dicairkan {disbursedOn}, peralihan {cutOverOn}: catat sebagai pinjaman baru.", "Paid out on {disbursedOn}, cut-over on {cutOverOn}: record it as a new loan.")),
        Rule("card-is-paid",
            new("Pinjaman sudah lunas", "The loan is paid"),
            new("Pokok {principal} sudah dibayar seluruhnya.", "The principal of {principal} is paid in full.")),
        Rule("paid-exceeds-schedule",
            new("Lebih dari jadwal", "More than the schedule"),
            new("Dibayar {paid}, menurut jadwal paling banyak {total}.", "{paid} was paid, the schedule has {total} at most.")),
        Rule("paid-ahead-changed-the-schedule",
            new("Bayar di muka mengubah jadwal", "What was paid ahead changed the schedule"),
            new("Dibayar {paid}, jatuh tempo {due}: pokok yang dibayar di muka telah mengubah jadwal kartu ini. Pakai produk lain.",
                "{paid} was paid and {due} is due: principal paid ahead has changed the schedule of this card. Use another product.")),
        Rule("advance-not-held",
            new("Produk ini tidak menyimpan titipan", "This product holds no advance"),
            new("Titipan hanya ada pada produk dengan advance hold; catat sebagai angsuran yang dibayar.", "There is an advance only where the product's advance is hold; count it as paid instalments.")),
        Rule("advance-with-arrears",
            new("Ada titipan dan tunggakan", "There is an advance and something due"),
            new("Titipan membayar dulu yang jatuh tempo; hitung sebagai yang dibayar.", "An advance pays first what is due; count it as paid.")),
        Rule("member-required",
            new("Peminjam wajib jelas", "The borrower must be clear"),
            new("Sebut memberId atau memberExternalId; salah satu saja.", "Name memberId or memberExternalId, one of the two.")),
    ];
}
