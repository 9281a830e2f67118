using System.Collections.Immutable;
using System.Globalization;
using Kupang.Ledger.SharedKernel;
using static Kupang.Ledger.Policies.ArrearsMeasure;
using static Kupang.Ledger.Policies.RepaymentRhythm;

namespace Kupang.Ledger.Policies;

/// <summary>
/// The tables that are known in the field. What a source leaves open is left open here too: such a policy is shown, can't be
/// used, and a fund that follows it defines its own with what its decision says. A changed table is a new version; none is
/// ever edited.
/// </summary>
public static class ShippedPolicies
{
    private const string Lancar = "lancar";

    public static ImmutableArray<ClassificationPolicy> All { get; } =
    [
        new(
            "DBM_3",
            1,
            "SI DBM, tiga kelas (3/5 bulan)",
            Classes((Lancar, "Lancar", "0"), ("diragukan", "Diragukan", "50"), ("macet", "Macet", "100")),
            [new ClassRule(Months, [3, 5])],
            "SI DBM untuk BUMDesma LKD, cadangan penghapusan versi 1. SI DBM membagi tunggakan pokok dengan angsuran pokok wajib; di sini bulan dihitung dari jatuh tempo tertua, yang sama bila angsuran tidak dibayar sebagian."),
        new(
            "DBM_3",
            2,
            "SI DBM, tiga kelas (6/12 bulan)",
            Classes((Lancar, "Lancar", "0"), ("diragukan", "Diragukan", "50"), ("macet", "Macet", "100")),
            [new ClassRule(Months, [6, 12])],
            "SI DBM untuk BUMDesma LKD, cadangan penghapusan versi 2."),
        new(
            "POJK62_3",
            1,
            "POJK 62/2015, tiga kelas menurut jenis angsuran",
            Classes((Lancar, "Lancar", "0"), ("diragukan", "Diragukan", "50"), ("macet", "Macet", "100")),
            [
                new ClassRule(Days, [4, 8], Daily),
                new ClassRule(Weeks, [4, 8], Weekly),
                new ClassRule(Months, [3, 9], Monthly),
                new ClassRule(Instalments, [1, 2], Seasonal),
            ],
            "POJK 62/POJK.05/2015 lampiran III (batas kelas); bobot 0/50/100 % adalah kebiasaan, tidak tercantum di lampiran itu. Diganti POJK 41/2024, masih dipakai."),
        new(
            "PNPM_5",
            1,
            "PNPM Mandiri Perdesaan, lima kolektibilitas",
            Classes(("kolek-1", "Kolektibilitas I", "1"), ("kolek-2", "Kolektibilitas II", "10"), ("kolek-3", "Kolektibilitas III", "25"), ("kolek-4", "Kolektibilitas IV", "50"), ("kolek-5", "Kolektibilitas V", "100")),
            [new ClassRule(Months, [0, 2, 4, 6])],
            "Kebiasaan UPK PNPM Mandiri Perdesaan; tabelnya tidak ditemukan dalam naskah resmi."),
        new(
            "URBAN_PNPM_5",
            1,
            "PNPM Mandiri Perkotaan, lima kelas menurut angsuran tertunggak",
            Classes(("kelas-1", "Tidak menunggak", null), ("kelas-2", "Menunggak 1-3 angsuran", null), ("kelas-3", "Kelas 3", null), ("kelas-4", "Kelas 4", null), ("kelas-5", "Kelas 5", null)),
            [new ClassRule(Instalments, [0, 3])],
            "POB Pinjaman Bergulir 2013: kelas 1 dan 2 diketahui; batas kelas 3-5 dan semua bobot ditetapkan tiap LKM."),
        new(
            "BPR_5",
            1,
            "BPR, lima kualitas menurut hari tunggakan",
            Classes((Lancar, "Lancar", "0.5"), ("dpk", "Dalam perhatian khusus", "3"), ("kurang-lancar", "Kurang lancar", "10"), ("diragukan", "Diragukan", "50"), ("macet", "Macet", "100")),
            [new ClassRule(Days, [0, 90, 120, 180])],
            "PPKA BPR (bobot) dan rentang hari SLIK; agunan tidak dikurangkan."),
        new(
            "KSP_4",
            1,
            "KSP, risiko pinjaman untuk penilaian kesehatan",
            Classes((Lancar, "Lancar", "0"), ("kurang-lancar", "Kurang lancar", "50"), ("diragukan", "Diragukan", "75"), ("macet", "Macet", "100")),
            [],
            "Rasio risiko pinjaman KSP: bobot diketahui; batas bulan menurut jenis angsuran ditetapkan koperasi."),
    ];

    /// <summary>The policy of a code, the newest unless a version is named.</summary>
    public static ClassificationPolicy? Find(string code, int? version) =>
        All.LastOrDefault(policy => policy.Code == code && (version is null || policy.Version == version));

    private static ImmutableArray<LoanClass> Classes(params (string Code, string Name, string? Percent)[] classes) =>
    [
        .. classes.Select(of => new LoanClass(
            of.Code, of.Name, of.Percent is { } percent ? new Percentage(decimal.Parse(percent, CultureInfo.InvariantCulture)) : null)),
    ];
}
