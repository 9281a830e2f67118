using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kupang.Ledger.SharedKernel;

/// <summary>
/// An account of the chart by its code, which is how it is stored; the names are for the posting rules. The Indonesian
/// names a reader sees are those of the chart (<c>GeneralLedger/ChartOfAccounts.cs</c>).
/// </summary>
[JsonConverter(typeof(AccountCodeJsonConverter))]
public readonly record struct AccountCode(string Value)
{
    public static readonly AccountCode Cash = new("1.1.01.01");
    public static readonly AccountCode RevolvingBank = new("1.1.01.02");
    public static readonly AccountCode OperationsBank = new("1.1.01.03");
    public static readonly AccountCode LoansReceivableSpp = new("1.1.03.01");
    public static readonly AccountCode LoansReceivableUep = new("1.1.03.02");
    public static readonly AccountCode LoansReceivableOther = new("1.1.03.03");
    public static readonly AccountCode MurabahahReceivable = new("1.1.03.07");
    public static readonly AccountCode DeferredMurabahahMargin = new("1.1.03.08");
    public static readonly AccountCode LoanLossAllowanceSpp = new("1.1.04.01");
    public static readonly AccountCode LoanLossAllowanceUep = new("1.1.04.02");
    public static readonly AccountCode LoanLossAllowanceOther = new("1.1.04.03");
    public static readonly AccountCode CashCountedShort = new("1.1.05.01");
    public static readonly AccountCode DueFromOtherFunds = new("1.1.06.01");
    public static readonly AccountCode PrincipalSavings = new("2.1.01.01");
    public static readonly AccountCode CompulsorySavings = new("2.1.01.02");
    public static readonly AccountCode VoluntarySavings = new("2.1.01.03");
    public static readonly AccountCode JointLiabilitySavings = new("2.1.01.04");
    public static readonly AccountCode AdvancesHeld = new("2.1.02.01");
    public static readonly AccountCode InsurancePremiumsPayable = new("2.1.02.02");
    public static readonly AccountCode UnidentifiedReceipts = new("2.1.02.03");
    public static readonly AccountCode ArisanPots = new("2.1.02.04");
    public static readonly AccountCode ShareOutPayable = new("2.1.04.05");
    public static readonly AccountCode MembersSurplusPayable = new("2.1.04.06");
    public static readonly AccountCode CashCountedOver = new("2.1.05.01");
    public static readonly AccountCode DueToOtherFunds = new("2.1.06.01");
    public static readonly AccountCode SocialFund = new("2.1.07.01");
    public static readonly AccountCode LoansReceivedPayable = new("2.2.01.01");
    public static readonly AccountCode RevolvingCapital = new("3.1.01.01");
    public static readonly AccountCode RestrictedOperations = new("3.1.01.02");
    public static readonly AccountCode OpeningBalance = new("3.1.01.09");
    public static readonly AccountCode PrincipalShares = new("3.1.02.01");
    public static readonly AccountCode CompulsoryShares = new("3.1.02.02");
    public static readonly AccountCode CycleShares = new("3.1.02.03");
    public static readonly AccountCode RetainedSurplus = new("3.2.01.01");
    public static readonly AccountCode RiskReserve = new("3.2.01.02");
    public static readonly AccountCode CurrentSurplus = new("3.2.02.01");
    public static readonly AccountCode InterestIncomeSpp = new("4.1.01.01");
    public static readonly AccountCode InterestIncomeUep = new("4.1.01.02");
    public static readonly AccountCode InterestIncomeOther = new("4.1.01.03");
    public static readonly AccountCode AdministrationFeeIncome = new("4.1.02.01");
    public static readonly AccountCode MurabahahMarginIncome = new("4.1.02.02");
    public static readonly AccountCode PenaltyIncomeSpp = new("4.1.01.04");
    public static readonly AccountCode PenaltyIncomeUep = new("4.1.01.05");
    public static readonly AccountCode PenaltyIncomeOther = new("4.1.01.06");
    public static readonly AccountCode WriteOffRecoveries = new("4.1.03.01");
    public static readonly AccountCode GroupFineIncome = new("4.1.04.01");
    public static readonly AccountCode RestrictedOperationsReleased = new("4.2.02.01");
    public static readonly AccountCode SavingsInterestExpense = new("5.1.03.01");
    public static readonly AccountCode OtherIncome = new("4.2.03.01");
    public static readonly AccountCode RunningCosts = new("5.1.01.01");
    public static readonly AccountCode LoanLossExpense = new("5.1.04.01");

    public override string ToString() => Value;
}

public sealed class AccountCodeJsonConverter : JsonConverter<AccountCode>
{
    private const int LongestCode = 20;

    public override AccountCode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 and <= LongestCode } code
            && code.All(c => char.IsAsciiDigit(c) || c is '.')
                ? new AccountCode(code)
                : throw new JsonException("An account is its code in the chart, such as \"1.1.01.01\".");

    public override void Write(Utf8JsonWriter writer, AccountCode value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
