using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Cycles;

/// <summary>A group saves, lends, fines and shares out. Every figure was worked out by hand.</summary>
public sealed class CycleHttpTests(LedgerService service)
{
    /// <summary>
    /// The worked share-out of the domain notes: 100 shares x 10,000 = 1,000,000, interest 27,500 (550,000 at 5 %), fines
    /// 4,000, so 1,031,500 or 10,315 a share. P 40 = 412,600; Q 25 = 257,875, cut off 257,800; R 20 = 206,300; S 15 = 154,725,
    /// cut off 154,700; together 1,031,400; 100 stays, and the social fund: 4 x 2,000 − 5,000 = 3,000.
    /// </summary>
    [Fact]
    public async Task The_worked_share_out_is_paid_and_the_remainder_opens_the_next_cycle()
    {
        var book = await CycleBook.Open(service);
        await book.BuyAll(40, 25, 20, 15);
        var loan = await book.Lend(2, 550_000, "5");
        await book.Repay(loan, 577_500, "2026-03-02");
        foreach (var member in new[] { 0, 1, 2, 3 })
        {
            await book.Social(member, "2026-01-05");
        }

        await book.Partner.Post(
            $"/v1/cycles/{book.CycleId}/social-payments", new { memberId = book.Members[3], amount = Idr(5_000), reasonCode = "illness", effectiveOn = "2026-04-06" });
        await book.PayFine((await book.Fine(0, "2026-02-09")).Id, "2026-02-09");
        await book.PayFine((await book.Fine(3, "2026-02-09")).Id, "2026-02-16");

        var preview = await book.Partner.Get($"/v1/cycles/{book.CycleId}/share-out-preview");
        Assert.Equal(("1000000", "27500", "4000", "1031500", "3.15", "100", "3000"), (
            preview["pool"]["savings"]!["amount"]!.GetValue<string>(),
            preview["pool"]["loanIncome"]!["amount"]!.GetValue<string>(),
            preview["pool"]["fines"]!["amount"]!.GetValue<string>(),
            preview["pool"]["pool"]!["amount"]!.GetValue<string>(),
            preview.Value("returnPercent"),
            preview.Amount("carried"),
            preview.Amount("socialFund")));
        Assert.Equal(["412600", "257800", "206300", "154700"], book.Portions(preview, "cash"));

        var shareOut = await book.ShareOut("2026-10-05");

        Assert.Equal(["412600", "257800", "206300", "154700"], book.Portions(shareOut, "cash"));
        Assert.Equal(("1031500", "100"), (shareOut.Amount("pool"), shareOut.Amount("carried")));
        Assert.Equal(shareOut.Value("id"), (await book.Partner.Get($"/v1/cycles/{book.CycleId}/share-outs/{shareOut.Id}")).Value("id"));
        Assert.Equal(("shared-out", shareOut.Value("nextCycleId")), ((await book.Cycle()).Value("status"), (await book.Cycle()).Value("nextCycleId")));
        var next = await book.Partner.Get($"/v1/cycles/{shareOut.Value("nextCycleId")}");
        Assert.Equal(("open", "100", "3000", "2026-10-05"), (next.Value("status"), next.Amount("broughtIn"), next.Amount("socialFund"), next.Value("startsOn")));
        Assert.Equal(
            new Dictionary<string, long> { ["1.1.01.01"] = 3_100, ["2.1.07.01"] = -3_000, ["3.2.02.01"] = 31_400, ["4.1.01.03"] = -27_500, ["4.1.04.01"] = -4_000 },
            await book.Books());
        await book.AssertBooksAgree();
    }

    /// <summary>
    /// P owes 100,000 with 2 % = 102,000 and a fine of 2,000. Savings 1,000,000; cash 1,000,000 − 100,000 = 900,000; pool
    /// 900,000 + 102,000 + 2,000 = 1,004,000 over 100 shares: P 40 = 401,600 less 104,000 = 297,600; Q 25 = 251,000;
    /// R 20 = 200,800; S 15 = 150,600. Cash out 297,600 + 251,000 + 200,800 + 150,600 = 900,000, all there is.
    /// </summary>
    [Fact]
    public async Task A_debt_is_kept_back_from_the_payout_and_repays_the_loan()
    {
        var book = await CycleBook.Open(service);
        await book.BuyAll(40, 25, 20, 15);
        var loan = await book.Lend(0, 100_000, "2");
        await book.Fine(0, "2026-02-09");

        var shareOut = await book.ShareOut("2026-10-05");

        Assert.Equal(["401600", "251000", "200800", "150600"], book.Portions(shareOut, "payout"));
        Assert.Equal(["297600", "251000", "200800", "150600"], book.Portions(shareOut, "cash"));
        Assert.Equal("0", shareOut.Amount("carried"));
        var repaid = await book.Partner.Get($"/v1/loans/{loan}");
        Assert.Equal("repaid", repaid.Value("status"));
        var offset = (await book.Partner.Get($"/v1/loans/{loan}/transactions"))["items"].AsArray()[^1]!;
        Assert.Equal(("102000", shareOut["portions"][0]!["loans"]![0]!["repaymentId"]!.GetValue<string>()), (offset["amount"]!["amount"]!.GetValue<string>(), offset["id"]!.GetValue<string>()));
        Assert.Equal("0", (await book.Cycle()).Amount("finesOwed"));
        Assert.Equal(new Dictionary<string, long> { ["3.2.02.01"] = 4_000, ["4.1.01.03"] = -2_000, ["4.1.04.01"] = -2_000 }, await book.Books());
        await book.AssertBooksAgree();
    }

    /// <summary>
    /// 100 shares, 1,000,000; A (40) owes 100,000, B (40) owes 700,000, C (20) nothing, no interest; cash 200,000. At first
    /// the pool is 1,000,000: B's 400,000 are less than 700,000, so B leaves and 300,000 stay a claim. 200,000 + 100,000 over
    /// 60 shares is 5,000 a share: A 200,000 less 100,000, C 100,000. The cash is gone, and the claim is the next cycle's.
    /// </summary>
    [Fact]
    public async Task Who_owes_more_than_the_shares_are_worth_leaves_the_division_and_still_owes_the_rest()
    {
        var book = await CycleBook.Open(service);
        await book.BuyAll(40, 40, 20);
        await book.Lend(0, 100_000);
        var loan = await book.Lend(1, 700_000);

        var shareOut = await book.ShareOut("2026-10-05");

        Assert.Equal(["100000", "0", "100000", "-"], book.Portions(shareOut, "cash"));
        Assert.Equal(["0", "300000", "0", "-"], book.Portions(shareOut, "unpaid"));
        LoanBook.AssertAmount("300000", await book.Partner.Get($"/v1/loans/{loan}"), "outstanding", "principal");
        Assert.Equal(new Dictionary<string, long> { ["1.1.03.03"] = 300_000, ["3.2.02.01"] = -300_000 }, await book.Books());
        Assert.Equal("300000", (await book.Partner.Get($"/v1/cycles/{shareOut.Value("nextCycleId")}")).Amount("broughtIn"));
        await book.AssertBooksAgree();
    }

    [Fact]
    public async Task The_members_shares_and_what_they_earned_are_lent_and_the_social_fund_is_not()
    {
        var book = await CycleBook.Open(service);
        await book.BuyAll(10);
        await book.Social(0, "2026-01-05");
        Assert.Equal(("100000", "102000"), await LendableAndCash());

        var loan = await book.Lend(0, 100_000, "5");
        Assert.Equal(("0", "2000"), await LendableAndCash());
        await book.Repay(loan, 105_000, "2026-03-02");

        Assert.Equal(("105000", "107000"), await LendableAndCash());

        async Task<(string, string)> LendableAndCash()
        {
            var fund = await book.Partner.Get($"/v1/funds/{book.FundId}");
            return (fund.Amount("lendable"), fund.Amount("cash"));
        }
    }

    /// <summary>Only the loan of 100,000 at 2 % is kept back: 1,002,000 over 100 shares is 10,020 each.</summary>
    [Fact]
    public async Task A_share_out_is_taken_back_whole_while_the_next_cycle_is_empty()
    {
        var book = await CycleBook.Open(service);
        await book.BuyAll(40, 25, 20, 15);
        var loan = await book.Lend(0, 100_000, "2");
        var before = await book.Books();
        var shareOut = await book.ShareOut("2026-10-05");
        var repayment = shareOut["portions"][0]!["loans"]![0]!["repaymentId"]!.GetValue<string>();
        var next = Guid.Parse(shareOut.Value("nextCycleId"));

        await book.Partner.PostRefused("/v1/reversals", new { transactionId = repayment }, "part-of-payout");
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = shareOut.Id, kind = "returned" }, "payout-not-returned");
        var bought = await book.Partner.Post($"/v1/cycles/{next}/share-purchases", new { memberId = book.Members[0], shares = 1, effectiveOn = "2026-10-12" });
        var refused = await book.Partner.PostRefused("/v1/reversals", new { transactionId = shareOut.Id }, "later-facts-depend-on-it");
        Assert.Contains(bought.Value("id"), refused.Value("detail"), StringComparison.Ordinal);
        await book.Partner.Post("/v1/reversals", new { transactionId = bought.Id, reasonCode = "typing-error" });

        await book.Partner.Post("/v1/reversals", new { transactionId = shareOut.Id, reasonCode = "typing-error", reason = "Rosa belum hadir" });

        Assert.Equal(before, await book.Books());
        Assert.Equal("active", (await book.Partner.Get($"/v1/loans/{loan}")).Value("status"));
        Assert.Equal("open", (await book.Cycle()).Value("status"));
        Assert.Equal("withdrawn", (await book.Partner.Get($"/v1/cycles/{next}")).Value("status"));
        await book.Partner.PostRefused($"/v1/cycles/{next}/share-purchases", new { memberId = book.Members[0], shares = 1, effectiveOn = "2026-10-12" }, "cycle-closed");
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = repayment }, "already-reversed");
        Assert.Equal(["400800", "250500", "200400", "150300"], book.Portions(await book.ShareOut("2026-10-06"), "payout"));
        await book.AssertBooksAgree();
    }

    /// <summary>
    /// 40 + 20 shares, 600,000, and 60,000 interest earned: a share is worth 11,000. Who leaves by the price gets 200,000, by the
    /// value 220,000; R owes 52,500 (50,000 at 5 %), which is kept back.
    /// </summary>
    [Theory]
    [InlineData("share-price", "200000", "147500", 460_000)]
    [InlineData("share-value", "220000", "167500", 440_000)]
    public async Task Who_leaves_is_paid_for_the_shares_less_what_is_owed(string leavers, string payout, string cash, long left)
    {
        var book = await CycleBook.Open(service, leavers);
        await book.BuyAll(40, 0, 20);
        await book.Repay(await book.Lend(0, 100_000, "60"), 160_000, "2026-03-02");
        var loan = await book.Lend(2, 50_000, "5");

        var paid = await book.Partner.Post($"/v1/cycles/{book.CycleId}/member-payouts", new { memberId = book.Members[2], effectiveOn = "2026-06-01" });

        Assert.Equal((payout, cash), (paid["portion"]["payout"]!["amount"]!.GetValue<string>(), paid["portion"]["cash"]!["amount"]!.GetValue<string>()));
        Assert.Equal("repaid", (await book.Partner.Get($"/v1/loans/{loan}")).Value("status"));
        Assert.Equal(("400000", 40), ((await book.Cycle()).Amount("savings"), (await book.Cycle())["shares"].GetValue<int>()));
        await book.Refused("share-purchases", new { memberId = book.Members[2], shares = 1, effectiveOn = "2026-06-08" }, "member-paid-out");
        await book.Refused("member-payouts", new { memberId = book.Members[2], effectiveOn = "2026-06-08" }, "no-shares");
        Assert.Equal(left + 2_500, (await book.Books())["1.1.01.01"]);
        await book.AssertBooksAgree();

        await book.Partner.Post("/v1/reversals", new { transactionId = paid.Id });
        Assert.Equal(("600000", "active"), ((await book.Cycle()).Amount("savings"), (await book.Partner.Get($"/v1/loans/{loan}")).Value("status")));
        await book.AssertBooksAgree();
    }

    [Fact]
    public async Task Who_joins_later_may_buy_from_then_on_and_catch_up_where_it_was_agreed()
    {
        var book = await CycleBook.Open(service);
        var late = (await book.Partner.Post("/v1/members", new { name = "Yuliana", sex = "female" })).Id;
        await book.Refused("share-purchases", new { memberId = late, shares = 1, effectiveOn = "2026-05-04" }, "not-in-group");
        await book.Partner.Post($"/v1/groups/{book.GroupId}/members", new { memberId = late, effectiveOn = "2026-05-04" });

        await book.Partner.Post($"/v1/cycles/{book.CycleId}/share-purchases", new { memberId = late, shares = 10, effectiveOn = "2026-05-04" });
        await book.Partner.Post($"/v1/cycles/{book.CycleId}/share-purchases", new { memberId = late, shares = 10, effectiveOn = "2026-05-04", forMeetingOn = "2026-01-05" });

        await book.Refused("share-purchases", new { memberId = late, shares = 1, effectiveOn = "2026-05-04", forMeetingOn = "2026-01-05" }, "more-shares-than-allowed");
        await book.Refused("share-purchases", new { memberId = late, shares = 1, effectiveOn = "2026-05-04", forMeetingOn = "2026-01-04" }, "meeting-outside-cycle");
        await book.Refused("share-purchases", new { memberId = late, shares = 1, effectiveOn = "2026-05-04", forMeetingOn = "2026-05-05" }, "meeting-outside-cycle");
        await book.Refused("share-purchases", new { memberId = late, shares = 1, effectiveOn = "2026-04-27" }, "not-in-group");
        Assert.Equal("200000", (await book.Cycle()).Amount("savings"));
    }

    [Fact]
    public async Task What_was_paid_by_mistake_is_taken_back_and_an_entry_says_so()
    {
        var book = await CycleBook.Open(service);
        var (bought, social) = (await book.Buy(0, 3, "2026-01-05"), await book.Social(0, "2026-01-05"));
        var fine = await book.Fine(0, "2026-01-12");
        var paid = await book.PayFine(fine.Id, "2026-01-12", 500);
        await book.Refused("fine-payments", new { fineId = fine.Id, effectiveOn = "2026-01-12", amount = Idr(1_501) }, "exceeds-fine");
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = fine.Id }, "later-facts-depend-on-it");

        foreach (var wrong in new[] { paid, fine, social, bought })
        {
            await book.Partner.Post("/v1/reversals", new { transactionId = wrong.Id, reasonCode = "typing-error" });
        }

        var cycle = await book.Cycle();
        Assert.Equal(("0", "0", "0"), (cycle.Amount("savings"), cycle.Amount("finesOwed"), cycle.Amount("socialFund")));
        Assert.Empty(await book.Books());
        var entries = (await book.Partner.Get($"/v1/cycles/{book.CycleId}/entries"))["items"].AsArray();
        Assert.Equal(["share-purchase", "social-contribution", "fine", "fine-payment"], entries.Select(entry => entry!["type"]!.GetValue<string>()));
        Assert.All(entries, entry => Assert.NotNull(entry!["reversedBy"]));
        Assert.Equal("fine", (await book.Partner.Get($"/v1/cycles/{book.CycleId}/entries/{fine.Id}")).Value("type"));
        await book.AssertBooksAgree();
    }

    [Fact]
    public async Task Terms_change_only_while_nothing_was_paid()
    {
        var book = await CycleBook.Open(service);
        var revised = await book.Partner.Post($"/v1/cycles/{book.CycleId}/revisions", new { startsOn = "2026-01-12", sharePrice = Idr(20_000), maximumSharesPerMeeting = 3 });
        Assert.Equal(("2026-01-12", "20000"), (revised.Value("startsOn"), revised["terms"]["sharePrice"]!["amount"]!.GetValue<string>()));

        await book.Buy(0, 3, "2026-01-12");

        await book.Refused("revisions", new { startsOn = "2026-01-12", sharePrice = Idr(10_000), maximumSharesPerMeeting = 3 }, "cycle-has-entries");
        Assert.Equal("60000", (await book.Cycle()).Amount("savings"));
    }

    [Fact]
    public async Task What_a_cycle_can_not_be_is_refused_and_nothing_is_written()
    {
        var book = await CycleBook.Open(service);
        var revolving = (await book.Partner.Post("/v1/funds", new { code = "DB", name = "Dana", currency = "IDR" })).Id;
        var last = await service.LastNumber(book.Partner.Tenant);
        var path = $"/v1/groups/{book.GroupId}/cycles";

        await book.Partner.PostRefused(path, book.Terms(), "fund-has-cycles");
        await book.Partner.PostRefused(path, Cycle(revolving), "fund-not-group-own");
        await book.Partner.PostRefused(path, Cycle(Guid.CreateVersion7()), "unknown-fund");
        await book.Partner.PostRefused($"/v1/groups/{Guid.CreateVersion7()}/cycles", book.Terms(), "not-found", HttpStatusCode.NotFound);
        await book.Refused("revisions", Revision(sharePrice: 0), "amount-not-positive");
        await book.Refused("revisions", Revision(most: 0), "cycle-terms-out-of-range");
        await book.Refused("revisions", Revision(most: 1_001), "cycle-terms-out-of-range");
        await book.Refused("revisions", Revision(startsOn: "2025-12-31"), "before-group-formed");
        await book.Refused("revisions", Revision(startsOn: "2026-11-25"), "in-the-future");
        await book.Refused("revisions", new { startsOn = "2026-01-05", sharePrice = Idr(1), maximumSharesPerMeeting = 1, fines = new[] { new { code = "late", amount = Idr(1) }, new { code = "late", amount = Idr(2) } } }, "fine-named-twice");

        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));

        object Cycle(Guid fundId) => new { fundId, startsOn = "2026-01-05", sharePrice = Idr(10_000), maximumSharesPerMeeting = 5 };
        object Revision(long sharePrice = 10_000, int most = 5, string startsOn = "2026-01-05") => new { startsOn, sharePrice = Idr(sharePrice), maximumSharesPerMeeting = most };
    }

    [Fact]
    public async Task What_the_group_can_not_have_done_is_refused_and_nothing_is_written()
    {
        var book = await CycleBook.Open(service, catchUp: false);
        var memberId = book.Members[0];
        await book.Buy(0, 9, "2026-01-05");
        var fine = await book.Fine(0, "2026-02-02");
        var last = await service.LastNumber(book.Partner.Tenant);

        await book.Refused("share-purchases", new { memberId, shares = 2, effectiveOn = "2026-01-05" }, "more-shares-than-allowed");
        await book.Refused("share-purchases", new { memberId, shares = 11, effectiveOn = "2026-01-12" }, "more-shares-than-allowed");
        await book.Refused("share-purchases", new { memberId, shares = 0, effectiveOn = "2026-01-12" }, "shares-not-positive");
        await book.Refused("share-purchases", new { memberId, shares = 1, effectiveOn = "2026-01-12", forMeetingOn = "2026-01-05" }, "no-catching-up");
        await book.Refused("share-purchases", new { memberId, shares = 1, effectiveOn = "2026-01-04" }, "before-cycle");
        await book.Refused("share-purchases", new { memberId, shares = 1, effectiveOn = "2026-11-25" }, "in-the-future");
        await book.Refused("share-purchases", new { memberId, shares = 1, effectiveOn = "2026-01-12", channel = "offset" }, "method-required");
        await book.Refused("social-payments", new { memberId, amount = Idr(1), effectiveOn = "2026-02-02" }, "exceeds-social-fund");
        await book.Refused("social-payments", new { memberId = Guid.CreateVersion7(), amount = Idr(1), effectiveOn = "2026-02-02" }, "not-in-group");
        await book.Refused("fines", new { memberId, code = "late", effectiveOn = "2026-02-02" }, "unknown-fine");
        await book.Refused("fine-payments", new { fineId = Guid.CreateVersion7(), effectiveOn = "2026-02-02" }, "unknown-fine");
        await book.Refused("fine-payments", new { fineId = fine.Id, effectiveOn = "2026-02-01" }, "before-fine");
        await book.Refused("member-payouts", new { memberId = book.Members[1], effectiveOn = "2026-06-01" }, "no-shares");
        await book.Refused("member-payouts", new { memberId, effectiveOn = "2026-01-05" }, "before-last-entry");
        await book.Refused("share-outs", new { effectiveOn = "2026-01-05" }, "before-last-entry");
        await book.Refused("share-outs", new { effectiveOn = "2026-10-05", channel = "bank-transfer" }, "not-enough-cash-in-box");
        await book.Partner.PostRefused($"/v1/cycles/{Guid.CreateVersion7()}/share-outs", new { }, "not-found", HttpStatusCode.NotFound);

        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));
    }

    /// <summary>9 shares, 90,000; the member owes 80,000 and then more than the shares are worth.</summary>
    [Fact]
    public async Task What_ends_a_cycle_is_refused_when_it_can_not_be()
    {
        var book = await CycleBook.Open(service);
        await book.Refused("share-outs", new { effectiveOn = "2026-10-05" }, "no-shares");
        await book.BuyAll(9, 9);
        await book.Lend(0, 80_000);
        await book.Partner.Post($"/v1/cycles/{book.CycleId}/fines", new { memberId = book.Members[0], code = "late", amount = Idr(10_001), effectiveOn = "2026-02-09" });
        await book.Refused("member-payouts", new { memberId = book.Members[0], effectiveOn = "2026-06-01" }, "debts-exceed-payout");
        var fine = await book.PayFine((await book.Fine(1, "2026-02-09")).Id, "2026-02-09");
        await book.Partner.Get($"/v1/cycles/{book.CycleId}/share-out-preview");

        await book.ShareOut("2026-10-05");

        await book.Refused("share-purchases", new { memberId = book.Members[0], shares = 1, effectiveOn = "2026-09-07" }, "cycle-closed");
        await book.Refused("share-outs", new { effectiveOn = "2026-10-05" }, "cycle-closed");
        await book.Refused("fine-payments", new { fineId = fine.Value("fineId"), effectiveOn = "2026-10-05" }, "fine-already-paid");
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = fine.Id }, "later-facts-depend-on-it");
        await book.Partner.Get($"/v1/cycles/{book.CycleId}/share-out-preview", HttpStatusCode.NotFound);
        Assert.Equal(2, (await book.Partner.Get($"/v1/cycles?groupId={book.GroupId}&fundId={book.FundId}"))["items"].AsArray().Count);
        await book.AssertBooksAgree();
    }
}
