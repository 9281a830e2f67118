using System.Text.Json;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;
using Xunit;

namespace Kupang.Ledger.Tests.SharedKernel;

public sealed class LedgerJsonTests
{
    [Fact]
    public void What_may_be_missing_is_left_out_and_read_back()
    {
        var advance = new SplitPart(Instalment: null, DueOn: null, SplitComponent.Advance, Money.Rupiah(5_000));

        var written = JsonSerializer.Serialize(advance, LedgerJson.Options);

        Assert.Equal("""{"component":"advance","amount":{"amount":"5000","currency":"IDR"}}""", written);
        Assert.Equal(advance, JsonSerializer.Deserialize<SplitPart>(written, LedgerJson.Options));
    }

    [Fact]
    public void What_must_be_there_is_missed() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<SplitPart>("""{"component":"advance"}""", LedgerJson.Options));

    [Fact]
    public void A_refusal_about_no_member_of_the_request_is_read_back()
    {
        var refusal = new Refusal("loan-not-active", Pointer: null, [new Figure("loanStatus", "repaid")]);

        var read = JsonSerializer.Deserialize<Refusal>(JsonSerializer.Serialize(refusal, LedgerJson.Options), LedgerJson.Options)!;

        Assert.Equal(("loan-not-active", null, "repaid"), (read.Code, read.Pointer, read.Figures[0].Value.ToString()));
    }
}
