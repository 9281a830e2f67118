namespace Kupang.Ledger.Http;

public static partial class ProblemCatalogue
{
    /// <summary>What the rules of the ledger refuse. Each is a 422: it is kept, and a new attempt needs a new key.</summary>
    private static IEnumerable<ProblemKind> RuleProblems() =>
    [
        Rule("id-taken",
            new("Id sudah dipakai", "The id is taken"),
            new("Id {id} milik catatan lain.", "The id {id} belongs to something else.")),
        Rule("external-id-taken",
            new("Id luar sudah dipakai", "The external id is taken"),
            new("externalId {externalId} milik catatan lain.", "The externalId {externalId} belongs to something else.")),
        Rule("receipt-number-taken",
            new("Nomor kuitansi sudah dipakai", "The receipt number is taken"),
            new("Nomor {number} pada buku {book} milik catatan lain.", "Number {number} of book {book} belongs to another record.")),
        Rule("unknown-scope",
            new("Lingkup tidak dikenal", "The scope is not known"),
            new("Lingkup yang ada: {scopes}.", "The scopes are {scopes}.")),
        Rule("same-person",
            new("Pembuat tidak boleh menyetujui sendiri", "The maker can't also approve"),
            new("Persetujuan harus dari orang lain.", "The approval must come from another person.")),
        Rule("unknown-staff",
            new("Petugas tidak dikenal", "The person of the staff is not known"),
            new("Tidak ada petugas aktif dengan id {staffId}.", "No active person of the staff has the id {staffId}.")),
        Rule("unknown-member",
            new("Anggota tidak dikenal", "The member is not known"),
            new("Tidak ada anggota dengan id {memberId}.", "No member has the id {memberId}.")),
        Rule("in-the-future",
            new("Tanggal di masa depan", "The day lies in the future"),
            new("{effectiveOn} sesudah hari kerja {today}.", "{effectiveOn} is after the business day {today}.")),
        Rule("before-cut-over",
            new("Sebelum pembukuan dimulai", "Before the books were opened"),
            new("{effectiveOn} sebelum {booksOpenFrom}.", "{effectiveOn} is before {booksOpenFrom}.")),
        Rule("amount-not-positive",
            new("Jumlah harus lebih dari nol", "The amount must be more than zero"),
            new("Dikirim {amount}.", "{amount} was sent.")),
        Rule("wrong-currency",
            new("Mata uang berbeda", "The currency is another one"),
            new("Catatan ini dalam {currency}, yang dikirim {amount}.", "This is kept in {currency}, and {amount} was sent.")),
    ];

    private static ProblemKind Rule(string code, Text title, Text detail) => new(code, StatusCodes.Status422UnprocessableEntity, title, detail);
}
