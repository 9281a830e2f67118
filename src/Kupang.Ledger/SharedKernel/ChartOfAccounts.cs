using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Kupang.Ledger.SharedKernel;

public enum AccountType
{
    Asset,
    Liability,
    Equity,
    Income,
    Expense,
}

/// <summary>An account of the chart, or a group of accounts.</summary>
/// <param name="IsGroup">A group only sums up the accounts below it; it takes no lines.</param>
/// <param name="IsControl">Moved by facts of its own (loans, savings, capital) alone, never by a hand-made voucher.</param>
public sealed record Account(AccountCode Code, string Name, string NameEn, AccountType Type, AccountCode? Parent, bool IsGroup, bool IsControl);

/// <summary>The default chart, in the code style of Kepmendesa 136/2022: class, field, group, account.</summary>
public static class ChartOfAccounts
{
    /// <summary>Cash boxes and bank accounts lie under this code.</summary>
    public const string Money = "1.1.01.";

    private const int AccountLength = 9;

    /// <summary>Whatever lies under one of these is the sum of things that have facts of their own.</summary>
    private static readonly string[] ControlCodes =
        ["1.1.03", "1.1.04", "1.1.05", "1.1.06", "1.1.07", "2.1.01", "2.1.02", "2.1.04.05", "2.1.04.06", "2.1.05", "2.1.06", "2.1.07", "2.2.01", "3.1", "4.2.02"];

    private static readonly (string Code, string Name, string NameEn)[] Rows =
    [
        ("1", "Aset", "Assets"),
        ("1.1", "Aset lancar", "Current assets"),
        ("1.1.01", "Kas dan bank", "Cash and bank"),
        ("1.1.01.01", "Kas", "Cash"),
        ("1.1.01.02", "Bank dana bergulir", "Bank, revolving fund"),
        ("1.1.01.03", "Bank operasional", "Bank, operations"),
        ("1.1.03", "Piutang pinjaman", "Loans receivable"),
        ("1.1.03.01", "Piutang SPP", "Loans receivable, women's savings and loan"),
        ("1.1.03.02", "Piutang UEP", "Loans receivable, productive enterprise"),
        ("1.1.03.03", "Piutang pinjaman lain", "Loans receivable, other"),
        ("1.1.03.04", "Piutang jasa SPP", "Interest receivable, women's savings and loan"),
        ("1.1.03.05", "Piutang jasa UEP", "Interest receivable, productive enterprise"),
        ("1.1.03.06", "Piutang jasa pinjaman lain", "Interest receivable, other"),
        ("1.1.03.07", "Piutang murabahah", "Murabahah receivable"),
        ("1.1.03.08", "Margin murabahah ditangguhkan", "Deferred murabahah margin"),
        ("1.1.04", "Cadangan kerugian piutang", "Allowance for loan losses"),
        ("1.1.04.01", "Cadangan kerugian piutang SPP", "Allowance, women's savings and loan"),
        ("1.1.04.02", "Cadangan kerugian piutang UEP", "Allowance, productive enterprise"),
        ("1.1.04.03", "Cadangan kerugian piutang lain", "Allowance, other"),
        ("1.1.05", "Selisih kas", "Cash differences"),
        ("1.1.05.01", "Selisih kas kurang", "Cash counted short"),
        ("1.1.06", "Piutang antar dana", "Due from other funds"),
        ("1.1.06.01", "Piutang antar dana", "Due from other funds"),
        ("1.1.07", "Piutang anggota", "Due from members"),
        ("1.1.07.01", "Piutang anggota", "Due from members"),
        ("1.2", "Aset tetap", "Fixed assets"),
        ("1.2.01", "Inventaris", "Equipment"),
        ("1.2.01.01", "Inventaris", "Equipment"),
        ("2", "Kewajiban", "Liabilities"),
        ("2.1", "Kewajiban jangka pendek", "Current liabilities"),
        ("2.1.01", "Simpanan", "Savings"),
        ("2.1.01.01", "Simpanan pokok", "Basic savings"),
        ("2.1.01.02", "Simpanan wajib", "Compulsory savings"),
        ("2.1.01.03", "Simpanan sukarela", "Voluntary savings"),
        ("2.1.01.04", "Tabungan tanggung renteng", "Joint-liability savings"),
        ("2.1.02", "Titipan", "Money held for others"),
        ("2.1.02.01", "Titipan angsuran", "Advances held"),
        ("2.1.02.02", "Utang premi", "Insurance premiums payable"),
        ("2.1.02.03", "Penerimaan belum dikenali", "Unidentified receipts"),
        ("2.1.02.04", "Titipan arisan", "Arisan pots"),
        ("2.1.04", "Utang bagian surplus", "Surplus shares payable"),
        ("2.1.04.01", "Utang bagian masyarakat", "Community share payable"),
        ("2.1.04.02", "Utang bagian desa", "Village share payable"),
        ("2.1.04.03", "Utang bagian penyerta modal", "Investors' share payable"),
        ("2.1.04.04", "Utang bagian BKAD", "BKAD share payable"),
        ("2.1.04.05", "Utang bagi hasil siklus", "Cycle share-out payable"),
        ("2.1.04.06", "Utang SHU anggota", "Members' surplus shares payable"),
        ("2.1.04.07", "Utang dana sosial", "Social share payable"),
        ("2.1.04.08", "Utang bagian pengurus", "Management share payable"),
        ("2.1.04.09", "Utang dana pendidikan", "Education share payable"),
        ("2.1.05", "Kas lebih", "Cash counted over"),
        ("2.1.05.01", "Kas lebih", "Cash counted over"),
        ("2.1.06", "Utang antar dana", "Due to other funds"),
        ("2.1.06.01", "Utang antar dana", "Due to other funds"),
        ("2.1.07", "Dana sosial kelompok", "Groups' social funds"),
        ("2.1.07.01", "Dana sosial kelompok", "Groups' social funds"),
        ("2.2", "Kewajiban jangka panjang", "Long-term liabilities"),
        ("2.2.01", "Pinjaman diterima", "Loans received"),
        ("2.2.01.01", "Pinjaman diterima", "Loans received"),
        ("3", "Ekuitas", "Equity"),
        ("3.1", "Modal", "Capital"),
        ("3.1.01", "Modal donasi", "Donated capital"),
        ("3.1.01.01", "Modal dana bergulir", "Revolving capital"),
        ("3.1.01.02", "Dana operasional terikat", "Restricted operations money"),
        ("3.1.01.09", "Saldo awal", "Opening balance"),
        ("3.1.02", "Simpanan anggota (ekuitas)", "Members' shares (equity)"),
        ("3.1.02.01", "Simpanan pokok (ekuitas)", "Basic shares (equity)"),
        ("3.1.02.02", "Simpanan wajib (ekuitas)", "Compulsory shares (equity)"),
        ("3.1.02.03", "Saham siklus (ASKA)", "Cycle shares (VSLA)"),
        ("3.2", "Surplus", "Surplus"),
        ("3.2.01", "Surplus ditahan", "Retained surplus"),
        ("3.2.01.01", "Surplus ditahan", "Retained surplus"),
        ("3.2.01.02", "Cadangan risiko", "Risk reserve"),
        ("3.2.02", "Surplus berjalan", "Current surplus"),
        ("3.2.02.01", "Surplus berjalan", "Current surplus"),
        ("4", "Pendapatan", "Income"),
        ("4.1", "Pendapatan operasional", "Operating income"),
        ("4.1.01", "Pendapatan jasa dan denda", "Interest and penalties"),
        ("4.1.01.01", "Jasa SPP", "Interest, women's savings and loan"),
        ("4.1.01.02", "Jasa UEP", "Interest, productive enterprise"),
        ("4.1.01.03", "Jasa pinjaman lain", "Interest, other"),
        ("4.1.01.04", "Denda SPP", "Penalties, women's savings and loan"),
        ("4.1.01.05", "Denda UEP", "Penalties, productive enterprise"),
        ("4.1.01.06", "Denda pinjaman lain", "Penalties, other"),
        ("4.1.02", "Pendapatan administrasi dan margin", "Fees and margins"),
        ("4.1.02.01", "Administrasi", "Administration fees"),
        ("4.1.02.02", "Margin murabahah", "Murabahah margin"),
        ("4.1.03", "Pemulihan hapus buku", "Recoveries after write-off"),
        ("4.1.03.01", "Pemulihan hapus buku", "Recoveries after write-off"),
        ("4.1.04", "Denda kelompok", "Groups' fines"),
        ("4.1.04.01", "Denda anggota kelompok", "Fines of a group's members"),
        ("4.2", "Pendapatan non-operasional", "Other income"),
        ("4.2.01", "Pendapatan bank", "Bank income"),
        ("4.2.01.01", "Bunga bank", "Bank interest"),
        ("4.2.02", "Dana terikat dilepas", "Restricted money released"),
        ("4.2.02.01", "Dana terikat dilepas", "Restricted money released"),
        ("4.2.03", "Pendapatan lain-lain", "Other income"),
        ("4.2.03.01", "Pendapatan lain-lain", "Other income"),
        ("5", "Beban", "Expenses"),
        ("5.1", "Beban operasional", "Operating expenses"),
        ("5.1.01", "Beban operasional", "Running costs"),
        ("5.1.01.01", "Beban operasional", "Running costs"),
        ("5.1.02", "Insentif pengembalian tepat waktu", "Incentives for punctual repayment"),
        ("5.1.02.01", "Insentif pengembalian tepat waktu (IPTW)", "Incentives for punctual repayment"),
        ("5.1.03", "Jasa simpanan", "Interest on savings"),
        ("5.1.03.01", "Jasa simpanan", "Interest on savings"),
        ("5.1.04", "Beban penyisihan", "Loan loss expense"),
        ("5.1.04.01", "Beban penyisihan kerugian piutang", "Loan loss expense"),
        ("5.3", "Beban bank", "Bank costs"),
        ("5.3.01", "Beban bank dan pajak bank", "Bank charges and tax"),
        ("5.3.01.01", "Beban administrasi bank", "Bank charges"),
        ("5.3.01.02", "Pajak bunga bank", "Tax on bank interest"),
        ("5.4", "Pajak", "Taxes"),
        ("5.4.01", "Beban pajak", "Taxes"),
        ("5.4.01.01", "Beban pajak", "Taxes"),
    ];

    private static readonly FrozenDictionary<string, Account> ByCode =
        Rows.Select(AccountOf).ToFrozenDictionary(account => account.Code.Value, StringComparer.Ordinal);

    /// <summary>All accounts and groups, in the order of their codes.</summary>
    public static ImmutableArray<Account> All { get; } = [.. Rows.Select(row => ByCode[row.Code])];

    public static Account? Find(AccountCode code) => ByCode.GetValueOrDefault(code.Value);

    public static bool IsMoney(AccountCode code) => code.Value.StartsWith(Money, StringComparison.Ordinal);

    private static Account AccountOf((string Code, string Name, string NameEn) row)
    {
        var lastDot = row.Code.LastIndexOf('.');
        return new Account(
            new AccountCode(row.Code),
            row.Name,
            row.NameEn,
            row.Code[0] switch
            {
                '1' => AccountType.Asset,
                '2' => AccountType.Liability,
                '3' => AccountType.Equity,
                '4' => AccountType.Income,
                _ => AccountType.Expense,
            },
            lastDot < 0 ? null : new AccountCode(row.Code[..lastDot]),
            IsGroup: row.Code.Length < AccountLength,
            ControlCodes.Any(control => row.Code == control || row.Code.StartsWith(control + ".", StringComparison.Ordinal)));
    }
}
