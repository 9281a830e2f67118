namespace Kupang.Ledger.Http;

public static partial class ProblemCatalogue
{
    /// <summary>What is refused about the turns that a loan can take.</summary>
    private static IEnumerable<ProblemKind> LoanTurnProblems() =>
    [
        Rule("settlement-amount-differs",
            new("Jumlah pelunasan tidak sesuai", "The settlement is another amount"),
            new("Dibayar {amount}, pelunasan pada hari itu {quote}.", "{amount} was paid, the settlement of that day is {quote}.")),
        Rule("decision-required",
            new("Perlu keputusan", "A decision is needed"),
            new("Keringanan jasa {rebate} perlu decisionReference.", "A rebate of {rebate} interest needs a decisionReference.")),
        Rule("not-paid-out-in-full",
            new("Belum dicairkan seluruhnya", "Not paid out in full"),
            new("Sisa {left} belum dicairkan; cairkan atau batalkan dahulu.", "{left} is not paid out; pay it out or cancel it first.")),
        Rule("rescheduling-unclear",
            new("Penjadwalan ulang tidak jelas", "The rescheduling is not clear"),
            new("Sebut shiftPeriods saja, atau instalments dengan firstDueOn, ratePercent, grace, overdueInterest bila perlu.",
                "Name shiftPeriods alone, or instalments and, where needed, firstDueOn, ratePercent, grace, overdueInterest.")),
        Rule("rescheduling-not-possible",
            new("Pinjaman ini tidak dapat dijadwal ulang", "This loan can't be rescheduled"),
            new("Pinjaman yang pokoknya dikurangi lebih dahulu (reduce-principal) atau belum dicairkan seluruhnya tidak dijadwal ulang; murabahah hanya digeser (shiftPeriods).",
                "A loan whose principal is brought down ahead of time (reduce-principal), or that is not paid out in full, is not rescheduled; a murabahah is only shifted (shiftPeriods).")),
        Rule("nothing-to-reschedule",
            new("Tidak ada yang dijadwal ulang", "Nothing to reschedule"),
            new("Tidak ada angsuran yang terbuka.", "No instalment is open.")),
        Rule("loan-not-written-off",
            new("Pinjaman belum dihapus buku", "The loan is not written off"),
            new("Status pinjaman: {loanStatus}.", "The loan is {loanStatus}.")),
        Rule("before-write-off",
            new("Sebelum hapus buku", "Before the write-off"),
            new("{effectiveOn} sebelum {earlier}; catat sebagai angsuran.", "{effectiveOn} is before {earlier}; record it as a repayment.")),
        Rule("exceeds-claim",
            new("Melebihi tagihan", "More than is claimed"),
            new("Tagihan {claim}, dibayar {required}.", "{claim} is claimed, {required} was paid.")),
        Rule("claim-forgiven",
            new("Tagihan sudah dihapus", "The claim was given up"),
            new("Pinjaman ini sudah hapus tagih.", "The claim of this loan was given up.")),
        Rule("exceeds-outstanding",
            new("Melebihi sisa pokok", "More than the outstanding principal"),
            new("Sisa pokok {outstanding}, klaim {required}.", "{outstanding} of principal is owed, the claim is {required}.")),
    ];
}
