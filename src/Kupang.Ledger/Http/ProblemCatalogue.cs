using System.Collections.Frozen;

namespace Kupang.Ledger.Http;

/// <summary>A text in both languages.</summary>
public sealed record Text(string Indonesian, string English)
{
    public string In(Language language) => ReferenceEquals(language, Language.English) ? English : Indonesian;
}

/// <summary>One kind of problem. Its detail names figures in braces.</summary>
public sealed record ProblemKind(string Code, int Status, Text Title, Text Detail, bool IsRetryable = false);

/// <summary>
/// Every problem this interface can answer with, each explained at <c>/problems/{code}</c>. A code is never renamed and
/// never means something else.
/// </summary>
public static partial class ProblemCatalogue
{
    private static readonly FrozenDictionary<string, ProblemKind> ByCode =
        RequestProblems().Concat(RuleProblems()).Concat(FundProblems()).Concat(MemberProblems()).Concat(LoanProblems()).Concat(ScheduleProblems())
            .Concat(LoanMoneyProblems()).Concat(LoanTurnProblems()).Concat(CalendarProblems()).Concat(LoanMigrationProblems()).Concat(BookProblems()).Concat(SavingsProblems()).Concat(CashProblems()).Concat(CashDayProblems())
            .Concat(CycleProblems()).Concat(ArisanProblems()).Concat(SurplusProblems())
            .Concat(PolicyProblems())
            .ToFrozenDictionary(kind => kind.Code, StringComparer.Ordinal);

    public static IEnumerable<ProblemKind> All => ByCode.Values.OrderBy(kind => kind.Code, StringComparer.Ordinal);

    public static ProblemKind Of(string code) =>
        ByCode.TryGetValue(code, out var kind) ? kind : throw new InvalidOperationException($"No problem is named '{code}'.");

    public static ProblemKind? Find(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>What is wrong with a request as such, whatever it asks for.</summary>
    private static IEnumerable<ProblemKind> RequestProblems() =>
    [
        new("malformed-request", 400,
            new("Permintaan tidak dapat dibaca", "The request can't be read"),
            new("Ada bagian permintaan yang tidak sesuai; lihat errors.", "Part of the request is not as it must be; see errors.")),
        new("idempotency-key-required", 400,
            new("Idempotency-Key wajib ada", "An Idempotency-Key is required"),
            new("Setiap permintaan yang mencatat sesuatu membawa satu kunci baru buatan pengirim.",
                "Every request that records something carries a key that the sender makes anew.")),
        new("sequence-not-reached", 400,
            new("Nomor urut belum tercapai", "The sequence has not been reached"),
            new("Buku besar baru sampai nomor {last}.", "The ledger has only come to number {last}.")),
        new("invalid-cursor", 400,
            new("Kursor tidak dikenal", "The cursor is not known"),
            new("Pakai tautan next dari jawaban sebelumnya tanpa mengubahnya.", "Use the next link of the answer before it, unchanged.")),
        new("unauthenticated", 401,
            new("Kunci API tidak dikenal", "The API key is not known"),
            new("Kirim Authorization: Bearer dengan kunci yang masih berlaku.", "Send Authorization: Bearer with a key that is in force.")),
        new("scope-missing", 403,
            new("Kunci API tidak berwenang", "The API key may not do this"),
            new("Operasi ini memerlukan lingkup yang tidak dimiliki kunci ini.", "The operation needs a scope that the key lacks.")),
        new("not-found", 404,
            new("Tidak ditemukan", "Not found"),
            new("Tidak ada apa pun di alamat ini.", "There is nothing at this address.")),
        new("method-not-allowed", 405,
            new("Metode tidak berlaku di sini", "The method does not apply here"),
            new("Alamat ini tidak menerima metode tersebut.", "The address does not take this method.")),
        new("not-acceptable", 406,
            new("Bentuk jawaban tidak tersedia", "The form of answer is not available"),
            new("Jawaban selalu berbentuk JSON.", "Answers are always JSON.")),
        new("request-in-progress", 409,
            new("Permintaan yang sama masih diproses", "The same request is still running"),
            new("Ulangi permintaan yang sama sesaat lagi.", "Send the same request again in a moment."), IsRetryable: true),
        new("precondition-failed", 412,
            new("Sudah berubah sejak Anda membacanya", "It has changed since you read it"),
            new("Baca lagi dan putuskan dengan ETag yang baru.", "Read it again and decide with its new ETag.")),
        new("body-too-large", 413,
            new("Isi permintaan terlalu besar", "The body is too large"),
            new("Isi permintaan paling besar satu mebibyte.", "A body has at most one mebibyte.")),
        new("unsupported-media-type", 415,
            new("Jenis isi tidak didukung", "The media type is not supported"),
            new("Kirim Content-Type: application/json.", "Send Content-Type: application/json.")),
        new("idempotency-key-reused", 422,
            new("Idempotency-Key sudah dipakai", "The Idempotency-Key was used before"),
            new("Kunci ini milik permintaan lain; permintaan baru memerlukan kunci baru.", "The key belongs to another request; a new request needs a new key.")),
        new("precondition-required", 428,
            new("If-Match wajib ada", "If-Match is required"),
            new("Kirim ETag yang Anda baca sebagai If-Match.", "Send the ETag you read as If-Match.")),
        new("unexpected", 500,
            new("Kesalahan yang tidak terduga", "An unexpected error"),
            new("Tidak ada yang tercatat. Sebutkan traceId kepada pengelola.", "Nothing was recorded. Name the traceId to the operator."), IsRetryable: true),
        new("unavailable", 503,
            new("Layanan sedang tidak tersedia", "The service is not available"),
            new("Ulangi permintaan yang sama sesaat lagi; mengulang selalu aman.", "Send the same request again in a moment; repeating is always safe."), IsRetryable: true),
    ];
}
