namespace Kupang.Ledger.Http;

public static partial class ProblemCatalogue
{
    /// <summary>What the rules of classes, allowance and portfolio reports refuse.</summary>
    private static IEnumerable<ProblemKind> PolicyProblems() =>
    [
        Rule("unknown-policy",
            new("Kebijakan kolektibilitas tidak dikenal", "The classification policy is not known"),
            new("Tidak ada kebijakan {policy} dengan versi itu.", "There is no policy {policy} of that version.")),
        Rule("policy-code-taken",
            new("Kode kebijakan sudah dipakai", "The policy's code is taken"),
            new("{policy} versi {version} sudah ada; kebijakan yang berubah memakai nomor versi baru, dan kode bawaan tidak dipakai ulang.",
                "{policy} version {version} exists; a changed policy takes a new version, and a code that the ledger brings is not used again.")),
        Rule("policy-incomplete",
            new("Kebijakan belum lengkap", "The policy is not complete"),
            new("Sumber {policy} tidak menetapkan {term}; buat kebijakan sendiri menurut keputusan dana.",
                "The source of {policy} leaves {term} open; define a policy of your own as the fund's decision says.")),
        Rule("policy-inconsistent",
            new("Kebijakan tidak konsisten", "The policy is not consistent"),
            new("Periksa {term}: dua sampai sepuluh kelas, bobot 0-100 % yang tidak turun, dan batas yang naik, satu kurang dari jumlah kelas.",
                "Look at {term}: two to ten classes, percentages of 0 to 100 that do not fall, and bounds that rise, one fewer than classes.")),
        Rule("no-classification-policy",
            new("Dana belum menetapkan kebijakan kolektibilitas", "The fund has adopted no classification policy"),
            new("Tidak ada kebijakan yang berlaku pada {effectiveOn}; tetapkan lebih dahulu.", "No policy is in force on {effectiveOn}; adopt one first.")),
        Rule("run-takes-month-end",
            new("Penyisihan dihitung pada akhir bulan", "Allowance is counted at the end of a month"),
            new("Tanggal efektif bulan itu adalah {monthEnd}.", "The effective day of that month is {monthEnd}.")),
        new("portfolio-behind", 503,
            new("Portofolio sedang disusun", "The portfolio is being made"),
            new("Ada banyak catatan baru; ulangi permintaan yang sama, yang sudah tersusun tidak hilang.",
                "There are many new facts; send the same request again, what is made is kept."), IsRetryable: true),
    ];
}
