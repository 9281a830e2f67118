namespace Kupang.Ledger.Http;

public static partial class ProblemCatalogue
{
    /// <summary>What the rules of sharing a surplus refuse.</summary>
    private static IEnumerable<ProblemKind> SurplusProblems() =>
    [
        Rule("year-not-over",
            new("Tahun buku belum berakhir", "The year is not over"),
            new("SHU tahun {year} dibagi sesudah tahun itu, tidak pada {effectiveOn}.", "The surplus of {year} is shared after it, not on {effectiveOn}.")),
        Rule("year-not-closed",
            new("Tahun buku belum ditutup", "The year is not closed"),
            new("Tutup dahulu buku dana ini sampai 31 Desember {year}.", "Close the fund's books through 31 December {year} first.")),
        Rule("surplus-already-shared",
            new("SHU sudah dibagi", "The surplus is shared already"),
            new("SHU tahun {year} dibagi dengan {distributionId}.", "The surplus of {year} was shared by {distributionId}.")),
        Rule("item-named-twice",
            new("Pos disebut dua kali", "An item is named twice"),
            new("Pos {item} sudah disebut di atasnya.", "The item {item} is named above already.")),
        Rule("percentages-not-whole",
            new("Persentase tidak berjumlah 100", "The percentages are not 100"),
            new("Jumlahnya {sum}.", "They come to {sum}.")),
        Rule("nothing-to-share",
            new("Tidak ada yang dapat dibagi", "There is nothing to share"),
            new("Surplus {surplus}, kenaikan risiko {riskRise}, rugi tahun lalu {earlierLoss}.",
                "The surplus is {surplus}, the rise of risk {riskRise}, the loss of earlier years {earlierLoss}.")),
        Rule("nobody-to-share-with",
            new("Tidak ada anggota untuk pos ini", "There is nobody for an item"),
            new("Tidak ada anggota dengan {item} pada tahun itu.", "No member has {item} in that year.")),
        Rule("before-distribution",
            new("Sebelum SHU dibagi", "Before the surplus was shared"),
            new("{effectiveOn} sebelum {earlier}.", "{effectiveOn} is before {earlier}.")),
        Rule("no-surplus-owed",
            new("Tidak ada SHU yang terutang", "No surplus is owed"),
            new("Anggota {memberId} tidak memiliki SHU yang belum dibayar.", "Nothing is owed to the member {memberId}.")),
        Rule("exceeds-surplus-owed",
            new("Melebihi SHU yang terutang", "More than the surplus owed"),
            new("Terutang {owed}, diminta {required}.", "{owed} is owed, {required} was asked for.")),
    ];
}
