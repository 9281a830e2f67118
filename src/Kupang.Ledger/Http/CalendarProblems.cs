namespace Kupang.Ledger.Http;

public static partial class ProblemCatalogue
{
    /// <summary>What the rules of working days, holidays and meetings refuse.</summary>
    private static IEnumerable<ProblemKind> CalendarProblems() =>
    [
        Rule("working-days-not-possible",
            new("Hari kerja tidak mungkin", "The working days are not possible"),
            new("Sebutkan sedikitnya satu hari, masing-masing sekali.", "Name at least one day, each of them once.")),
        Rule("holidays-not-a-table",
            new("Bukan daftar hari libur", "It is no table of holidays"),
            new("Daftar berisi 1 sampai {most} hari.", "A table has 1 to {most} days.")),
        Rule("holiday-named-twice",
            new("Tanggal disebut dua kali", "A day is named twice"),
            new("{date} cukup disebut sekali.", "{date} is named once.")),
        Rule("holiday-in-another-year",
            new("Tanggal di luar tahunnya", "A day lies in another year"),
            new("{date} tidak dalam tahun {year}.", "{date} is not in the year {year}.")),
        Rule("unknown-holiday",
            new("Hari libur tidak ada dalam daftar", "The holiday is not in the table"),
            new("{date} tidak ada dalam daftar wilayah itu.", "{date} is not in the table of that area.")),
        Rule("loan-without-group",
            new("Pinjaman tanpa kelompok", "The loan has no group"),
            new("Produk ini mengikuti pertemuan kelompok; pinjaman perlu kelompok.", "The product follows the meetings of a group; the loan needs one.")),
        Rule("group-without-meeting-day",
            new("Hari pertemuan kelompok belum jelas", "The group's meeting day is not known"),
            new("Catat hari pertemuan kelompok {groupId}: tiap minggu atau tiap bulan, pada hari tertentu.",
                "Record on which day the group {groupId} meets, every week or every month.")),
    ];
}
