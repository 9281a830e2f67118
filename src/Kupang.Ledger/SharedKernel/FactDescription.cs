using System.Collections.Frozen;

namespace Kupang.Ledger.SharedKernel;

/// <summary>
/// What a journal or statement says of a fact: its kind in Bahasa Indonesia and its printed number. It names nobody, so it
/// reads the same after a person was erased.
/// </summary>
public static class FactDescription
{
    private static readonly FrozenDictionary<string, string> Kinds = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["contribution_received"] = "Penerimaan modal dan dana",
        ["capital_returned"] = "Pengembalian modal",
        ["allowance_run_posted"] = "Penyisihan kerugian piutang",
        ["voucher_recorded"] = "Bukti kas dan memorial",
        ["loan_disbursed"] = "Pencairan pinjaman",
        ["loan_tranche_disbursed"] = "Pencairan tahap pinjaman",
        ["loan_tranche_reversed"] = "Pembatalan pencairan tahap",
        ["repayment_recorded"] = "Angsuran",
        ["unidentified_receipt_recorded"] = "Penerimaan belum dikenali",
        ["unidentified_receipt_reversed"] = "Pembatalan penerimaan belum dikenali",
        ["contribution_reversed"] = "Pembatalan penerimaan modal dan dana",
        ["capital_return_reversed"] = "Pembatalan pengembalian modal",
        ["voucher_reversed"] = "Pembatalan bukti kas dan memorial",
        ["loan_disbursement_reversed"] = "Pembatalan pencairan",
        ["repayment_reversed"] = "Pembatalan angsuran",
        ["advance_refunded"] = "Pengembalian titipan",
        ["advance_refund_reversed"] = "Pembatalan pengembalian titipan",
        ["loan_settled"] = "Pelunasan dipercepat",
        ["loan_written_off"] = "Hapus buku",
        ["recovery_recorded"] = "Pemulihan hapus buku",
        ["insurance_claim_paid"] = "Klaim asuransi jiwa",
        ["loan_turn_reversed"] = "Pembatalan tindakan pinjaman",
        ["loan_migrated"] = "Saldo awal pinjaman dari kartu",
        ["loan_migration_reversed"] = "Pembatalan saldo awal pinjaman",
        ["repayments_reallocated"] = "Pembagian ulang angsuran",
        ["savings_deposited"] = "Setoran simpanan",
        ["savings_withdrawn"] = "Penarikan simpanan",
        ["savings_transferred"] = "Pemindahan simpanan",
        ["savings_transfer_received"] = "Pemindahan simpanan masuk",
        ["savings_interest_credited"] = "Jasa simpanan",
        ["savings_account_paid_out"] = "Penutupan simpanan",
        ["savings_entry_reversed"] = "Pembatalan transaksi simpanan",
        ["savings_transfer_taken_back"] = "Pembatalan pemindahan simpanan masuk",
        ["surplus_shared"] = "Pembagian SHU",
        ["surplus_paid"] = "Pembayaran SHU anggota",
        ["surplus_entry_reversed"] = "Pembatalan catatan SHU",
        ["arisan_contributed"] = "Setoran arisan",
        ["arisan_pot_paid"] = "Penerimaan arisan",
        ["arisan_entry_reversed"] = "Pembatalan catatan arisan",
        ["shares_purchased"] = "Pembelian saham siklus",
        ["social_fund_contributed"] = "Setoran dana sosial",
        ["social_fund_paid"] = "Santunan dana sosial",
        ["fine_paid"] = "Denda anggota kelompok",
        ["cycle_member_paid_out"] = "Pembayaran anggota keluar siklus",
        ["cycle_shared_out"] = "Bagi hasil akhir siklus",
        ["cycle_entry_reversed"] = "Pembatalan catatan siklus",
        ["cycle_share_out_reversed"] = "Pembatalan bagi hasil akhir siklus",
        ["cash_difference_recorded"] = "Selisih kas",
        ["cash_difference_resolved"] = "Penyelesaian selisih kas",
        ["cash_difference_reversed"] = "Pembatalan selisih kas",
        ["cash_difference_resolution_reversed"] = "Pembatalan penyelesaian selisih kas",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a kind of fact has words of its own. Every fact that moves money must have.</summary>
    public static bool Knows(string alias) => Kinds.ContainsKey(alias);

    public static string Of(string alias, object fact)
    {
        var kind = Kinds.GetValueOrDefault(alias, "Transaksi");
        return NumberOf(fact) is { } number ? $"{kind} {number}" : kind;
    }

    public static string? NumberOf(object fact) => (fact as INumberedFact)?.Number;
}
