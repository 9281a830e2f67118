namespace Kupang.Ledger.Http;

public static partial class ProblemCatalogue
{
    /// <summary>What the rules of the books refuse.</summary>
    private static IEnumerable<ProblemKind> BookProblems() =>
    [
        Rule("unknown-account",
            new("Akun tidak dikenal", "The account is not known"),
            new("Bagan akun tidak memiliki akun rincian {account}.", "The chart has no account {account} that takes lines.")),
        Rule("control-account",
            new("Akun kontrol tidak menerima baris manual", "A control account takes no manual lines"),
            new("{account} {accountName} hanya bergerak lewat transaksinya sendiri.", "{account} {accountName} moves by transactions of its own only.")),
        Rule("too-few-lines",
            new("Bukti memerlukan dua baris atau lebih", "A voucher needs two lines or more"),
            new("Sebut sedikitnya satu debit dan satu kredit.", "Name at least one debit and one credit.")),
        Rule("too-many-lines",
            new("Baris bukti terlalu banyak", "The voucher has too many lines"),
            new("Satu bukti paling banyak {most} baris.", "A voucher has at most {most} lines.")),
        Rule("one-side-per-line",
            new("Setiap baris berisi debit atau kredit", "Each line is a debit or a credit"),
            new("Isi salah satu sisi saja, dan jangan keduanya kosong.", "Fill in one of the two sides, and not neither.")),
        Rule("lines-do-not-balance",
            new("Debit dan kredit tidak sama", "Debits and credits differ"),
            new("Debit {debit}, kredit {credit}.", "Debits are {debit}, credits are {credit}.")),
        Rule("amount-too-large",
            new("Jumlah terlalu besar", "The amount is too large"),
            new("Satu bukti paling banyak {most}.", "A voucher is about {most} at most.")),
        Rule("voucher-kind-does-not-fit",
            new("Jenis bukti tidak sesuai dengan barisnya", "The kind of voucher does not fit its lines"),
            new("Bukti kas masuk mendebit kas atau bank, kas keluar mengkreditnya, transfer hanya antara kas dan bank, memorial tanpa kas dan bank.",
                "Cash-in debits cash or bank, cash-out credits it, a transfer moves between cash and bank only, a memorial touches neither.")),
    ];
}
