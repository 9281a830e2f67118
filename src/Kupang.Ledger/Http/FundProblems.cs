namespace Kupang.Ledger.Http;

public static partial class ProblemCatalogue
{
    /// <summary>What the rules of funds and donors refuse.</summary>
    private static IEnumerable<ProblemKind> FundProblems() =>
    [
        Rule("fund-code-taken",
            new("Kode dana sudah dipakai", "The fund's code is taken"),
            new("Kode {fundCode} milik dana lain.", "The code {fundCode} belongs to another fund.")),
        Rule("unknown-currency",
            new("Mata uang tidak dikenal", "The currency is not known"),
            new("Buku besar ini tidak memakai mata uang {currency}.", "This ledger keeps no {currency}.")),
        Rule("unknown-fund",
            new("Dana tidak dikenal", "The fund is not known"),
            new("Tidak ada dana dengan id {fundId}.", "No fund has the id {fundId}.")),
        Rule("unknown-donor",
            new("Penyandang dana tidak dikenal", "The donor is not known"),
            new("Yang disebut pada source tidak terdaftar.", "Nobody is registered under what source says.")),
        Rule("donor-already-registered",
            new("Penyandang dana sudah terdaftar", "The donor is registered already"),
            new("Nama itu terdaftar dengan id {donorId}.", "The name is registered under the id {donorId}.")),
        Rule("restriction-needs-own-fund",
            new("Pembatasan memerlukan dana tersendiri", "A restriction needs a fund of its own"),
            new("Dana ini memiliki pembatasan lain; buka dana baru untuk yang ini.", "This fund has another restriction; open a fund for this one.")),
        Rule("loan-is-not-for-operations",
            new("Pinjaman donor hanya untuk modal bergulir", "A donor's loan is for revolving capital only"),
            new("Uang operasional diterima sebagai hibah atau penyertaan.", "Operations money comes as a grant or equity.")),
        Rule("fund-does-not-lend",
            new("Dana ini bukan dana bergulir", "The fund is not a revolving one"),
            new("Modal bergulir dan pinjaman memerlukan dana jenis revolving.", "Revolving capital and loans need a fund of kind revolving.")),
        Rule("period-not-over",
            new("Masa buku belum berakhir", "The period is not over"),
            new("Buku ditutup sampai hari sebelum keputusan: {closedThrough} tidak sebelum {effectiveOn}.",
                "Books are closed through a day before the decision: {closedThrough} is not before {effectiveOn}.")),
        Rule("already-closed",
            new("Masa buku sudah ditutup", "The period is closed already"),
            new("Buku dana ini ditutup sampai {closedThrough}; penutupan tidak pernah mundur.",
                "The fund's books are closed through {closedThrough}; a closing never moves back.")),
        Rule("more-than-contributed",
            new("Lebih dari yang pernah diterima", "More than was received"),
            new("Dari penyandang dana ini masih ada {contributed}, diminta {required}.", "{contributed} of this donor is still in the fund, {required} was asked for.")),
        Rule("insufficient-lendable-funds",
            new("Dana yang dapat dipinjamkan tidak cukup", "There is not enough money to lend"),
            new("Tersedia {available}, diperlukan {required}.", "{available} is available, {required} is needed.")),
    ];
}
