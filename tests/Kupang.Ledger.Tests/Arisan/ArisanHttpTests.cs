using System.Net;
using Kupang.Ledger.Tests.Fixtures;
using Xunit;
using static Kupang.Ledger.Tests.Fixtures.TenantClient;

namespace Kupang.Ledger.Tests.Arisan;

/// <summary>Three women pay 50,000 a month from 31 January 2026 on, and each receives one pot.</summary>
public sealed class ArisanHttpTests(LedgerService service)
{
    private static readonly string[] Names = ["Agnes", "Berta", "Clara"];

    /// <summary>
    /// By hand: in January B pays late, so A receives 100,000 on the day and 50,000 afterwards. Then every pot is 150,000, and
    /// nothing is left in the box.
    /// </summary>
    [Fact]
    public async Task Everybody_pays_three_times_and_receives_one_pot_the_late_money_after_it()
    {
        var book = await Book.Open(service);
        Assert.Equal(["2026-01-31", "2026-02-28", "2026-03-31"], (await book.Get())["rounds"].AsArray().Select(round => round!["on"]!.GetValue<string>()));
        await book.Pay(0, "2026-01-31");
        await book.Pay(2, "2026-01-31");
        Assert.Equal("100000", (await book.Pot(1, "2026-01-31")).Amount("amount"));
        Assert.Equal("50000", Seat(await book.Get("?effectiveOn=2026-01-31"), 1, "owed"));
        Assert.Equal("100000", Seat(await book.Get("?effectiveOn=2026-01-31"), 0, "received"));
        Assert.Equal("0", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("cash"));

        await book.Pay(1, "2026-02-05");
        Assert.Equal("0", (await book.Partner.Get($"/v1/funds/{book.FundId}")).Amount("lendable"));
        Assert.Equal("50000", (await book.Pot(1, "2026-02-05")).Amount("amount"));
        foreach (var (round, day) in new[] { (2, "2026-02-28"), (3, "2026-03-31") })
        {
            foreach (var member in new[] { 0, 1, 2 })
            {
                await book.Pay(member, day);
            }

            Assert.Equal(("150000", book.Members[round - 1].ToString()), await PaidTo(book.Pot(round, day)));
        }

        var settled = await book.Get();
        Assert.True(settled["settled"].GetValue<bool>());
        Assert.Equal(["150000", "150000", "150000"], Enumerable.Range(0, 3).Select(member => Seat(settled, member, "received")));
        Assert.Empty((await book.Partner.Get($"/v1/trial-balance?fundId={book.FundId}"))["lines"].AsArray());
        await book.AssertBooksAgree();
    }

    /// <summary>
    /// By hand: all pay January's pot for A, then B leaves. February was B's: A pays back the 50,000 that B had paid for A, C
    /// nothing. March is C's: A and C pay, 100,000. A 150,000, B 50,000 and C 100,000, in and out.
    /// </summary>
    [Theory]
    [InlineData("rota")]
    [InlineData("drawn")]
    public async Task Who_leaves_before_receiving_gets_back_what_was_paid(string order)
    {
        var book = await Book.Open(service, order);
        foreach (var member in new[] { 0, 1, 2 })
        {
            await book.Pay(member, "2026-01-31");
        }

        if (order == "drawn")
        {
            await book.Draw(1, 0, "2026-01-31");
        }

        await book.Pot(1, "2026-01-31");
        var left = await book.Partner.Post($"/v1/arisan/{book.ArisanId}/departures", new { memberId = book.Members[1], effectiveOn = "2026-02-01" });
        await book.Refused("contributions", new { memberId = book.Members[1], effectiveOn = "2026-02-28" }, "has-left-arisan");

        // The leaver's round is the second of a rota; where lots are drawn it is the last.
        var (leavers, last) = order == "rota" ? (2, 3) : (3, 2);
        if (order == "drawn")
        {
            await book.Draw(2, 2, "2026-02-28");
        }

        Assert.Equal("50000", (await book.Pay(0, "2026-03-31", leavers)).Amount("amount"));
        await book.Refused("contributions", new { memberId = book.Members[2], round = leavers, effectiveOn = "2026-03-31" }, "round-already-paid");
        Assert.Equal(("50000", book.Members[1].ToString()), await PaidTo(book.Pot(leavers, "2026-03-31")));
        await book.Pay(0, "2026-03-31", last);
        await book.Pay(2, "2026-03-31", last);
        Assert.Equal(("100000", book.Members[2].ToString()), await PaidTo(book.Pot(last, "2026-03-31")));

        var settled = await book.Get();
        Assert.True(settled["settled"].GetValue<bool>());
        foreach (var (member, both) in new[] { (0, "150000"), (1, "50000"), (2, "100000") })
        {
            Assert.Equal((both, both), (Seat(settled, member, "paid"), Seat(settled, member, "received")));
        }

        await book.Partner.PostRefused("/v1/reversals", new { transactionId = left.Id }, "later-facts-depend-on-it");
        await book.AssertBooksAgree();
    }

    [Fact]
    public async Task Mistakes_are_taken_back_in_their_order()
    {
        var book = await Book.Open(service, "drawn");
        var paid = await book.Pay(0, "2026-01-31");
        var draw = await book.Draw(1, 0, "2026-01-31");
        var pot = await book.Pot(1, "2026-01-31");
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = paid.Id }, "later-facts-depend-on-it");
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = draw.Id }, "later-facts-depend-on-it");

        await book.Partner.Post("/v1/reversals", new { transactionId = pot.Id, reasonCode = "typing-error" });
        await book.Partner.PostRefused("/v1/reversals", new { transactionId = draw.Id, kind = "returned" }, "reversible-only-as-error");
        await book.Partner.Post("/v1/reversals", new { transactionId = draw.Id, reason = "salah sebut nama" });
        await book.Partner.Post("/v1/reversals", new { transactionId = paid.Id, kind = "returned", effectiveOn = "2026-02-02" });

        var circle = await book.Get();
        Assert.Equal(("0", "0"), (circle.Amount("held"), Seat(circle, 0, "paid")));
        var entries = (await book.Partner.Get($"/v1/arisan/{book.ArisanId}/entries"))["items"].AsArray();
        Assert.Equal(["contribution", "draw", "pot-payment"], entries.Select(entry => entry!["type"]!.GetValue<string>()));
        Assert.All(entries, entry => Assert.NotNull(entry!["reversedBy"]));
        Assert.Equal("draw", (await book.Partner.Get($"/v1/arisan/{book.ArisanId}/entries/{draw.Id}")).Value("type"));
        Assert.Single((await book.Partner.Get($"/v1/arisan?groupId={book.GroupId}"))["items"].AsArray());
        await book.AssertBooksAgree();
    }

    [Fact]
    public async Task What_an_arisan_can_not_be_is_refused_and_nothing_is_written()
    {
        var book = await Book.Open(service, "drawn");
        var rota = await Book.Open(service);
        var revolving = (await book.Partner.Post("/v1/funds", new { code = "DB", name = "Dana", currency = "IDR" })).Id;
        await book.Pay(0, "2026-01-31");
        await book.Draw(1, 0, "2026-01-31");
        await book.Pot(1, "2026-01-31");
        await book.Pay(1, "2026-01-31", 2);
        var last = await service.LastNumber(book.Partner.Tenant);
        var path = $"/v1/groups/{book.GroupId}/arisan";

        await book.Partner.PostRefused(path, Terms(fund: revolving), "fund-not-group-own");
        await book.Partner.PostRefused(path, Terms(fund: Guid.CreateVersion7()), "unknown-fund");
        await book.Partner.PostRefused(path, Terms(contribution: 0), "amount-not-positive");
        await book.Partner.PostRefused(path, Terms(every: 0), "arisan-terms-out-of-range");
        await book.Partner.PostRefused(path, Terms(startsOn: "2028-01-01"), "arisan-terms-out-of-range");
        await book.Partner.PostRefused(path, Terms(seats: [book.Members[0]]), "arisan-terms-out-of-range");
        await book.Partner.PostRefused(path, Terms(seats: [book.Members[0], book.Members[0]]), "seat-named-twice");
        await book.Partner.PostRefused(path, Terms(seats: [book.Members[0], Guid.CreateVersion7()]), "not-in-group");
        await book.Partner.PostRefused($"/v1/groups/{Guid.CreateVersion7()}/arisan", Terms(), "not-found", HttpStatusCode.NotFound);
        await book.Refused("contributions", new { memberId = Guid.CreateVersion7(), effectiveOn = "2026-01-31" }, "not-in-arisan");
        await book.Refused("contributions", new { memberId = book.Members[0], round = 4, effectiveOn = "2026-01-31" }, "no-such-round");
        await book.Refused("contributions", new { memberId = book.Members[0], round = 1, effectiveOn = "2026-01-31" }, "round-already-paid");
        await book.Refused("contributions", new { memberId = book.Members[1], amount = Idr(50_001), effectiveOn = "2026-01-31" }, "exceeds-contribution");
        await book.Refused("contributions", new { memberId = book.Members[1], effectiveOn = "2026-01-30" }, "before-arisan");
        await book.Refused("contributions", new { memberId = book.Members[1], effectiveOn = "2026-11-25" }, "in-the-future");
        await book.Refused("contributions", new { memberId = book.Members[1], effectiveOn = "2026-01-31", channel = "offset" }, "method-required");
        await book.Refused("pot-payments", new { round = 1, effectiveOn = "2026-01-31" }, "pot-is-empty");
        await book.Refused("pot-payments", new { round = 1, amount = Idr(1), effectiveOn = "2026-01-31" }, "exceeds-pot");
        await book.Refused("pot-payments", new { round = 2, effectiveOn = "2026-02-28" }, "receiver-not-drawn");
        await book.Refused("pot-payments", new { round = 2, effectiveOn = "2026-02-27" }, "before-round");
        await book.Refused("draws", new { round = 1, memberId = book.Members[1], effectiveOn = "2026-01-31" }, "round-already-drawn");
        await book.Refused("draws", new { round = 2, memberId = book.Members[0], effectiveOn = "2026-02-28" }, "member-already-drawn");
        await book.Refused("departures", new { memberId = book.Members[0], effectiveOn = "2026-02-28" }, "still-owes-contributions");
        await rota.Refused("draws", new { round = 1, memberId = rota.Members[0], effectiveOn = "2026-01-31" }, "receivers-not-drawn");

        Assert.Equal(last, await service.LastNumber(book.Partner.Tenant));

        object Terms(Guid? fund = null, long contribution = 50_000, int every = 1, string startsOn = "2026-01-31", Guid[]? seats = null) =>
            new { fundId = fund ?? book.FundId, contribution = Idr(contribution), every, unit = "month", startsOn, seats = seats ?? book.Members };
    }

    /// <summary>C has paid ahead for B's pot, 50,000 that would not be owed if B left: B had paid nothing for C's.</summary>
    [Fact]
    public async Task Nobody_leaves_while_others_have_paid_ahead_for_the_leaver()
    {
        var book = await Book.Open(service);
        var ahead = await book.Pay(2, "2026-01-31", 2);

        await book.Refused("departures", new { memberId = book.Members[1], effectiveOn = "2026-02-01" }, "paid-for-a-leaver");
        await book.Partner.Post("/v1/reversals", new { transactionId = ahead.Id, kind = "returned", effectiveOn = "2026-02-01" });

        await book.Partner.Post($"/v1/arisan/{book.ArisanId}/departures", new { memberId = book.Members[1], effectiveOn = "2026-02-01" });
    }

    private static string Seat(Reply circle, int member, string what) => circle["seats"][member]![what]!["amount"]!.GetValue<string>();

    private static async Task<(string Amount, string To)> PaidTo(Task<Reply> pot) => ((await pot).Amount("amount"), (await pot).Value("memberId"));

    private sealed record Book(LedgerService Service, TenantClient Partner, Guid GroupId, Guid FundId, Guid[] Members, Guid ArisanId)
    {
        public static async Task<Book> Open(LedgerService service, string order = "rota")
        {
            var partner = await service.NewTenant();
            var members = new Guid[3];
            foreach (var (index, name) in Names.Index())
            {
                members[index] = (await partner.Post("/v1/members", new { name, sex = "female" })).Id;
            }

            var group = await partner.Post("/v1/groups", new { name = "Mawar", formedOn = "2026-01-01", members = members.Select(memberId => new { memberId, role = "member" }) });
            var fund = await partner.Post("/v1/funds", new { code = "MAWAR", name = "Kotak Mawar", currency = "IDR", kind = "group-own" });
            var arisan = await partner.Post(
                $"/v1/groups/{group.Id}/arisan", new { fundId = fund.Id, contribution = Idr(50_000), every = 1, unit = "month", startsOn = "2026-01-31", seats = members, order });
            return new Book(service, partner, group.Id, fund.Id, members, arisan.Id);
        }

        public Task<Reply> Get(string query = "") => Partner.Get($"/v1/arisan/{ArisanId}{query}");

        public Task<Reply> Pay(int member, string effectiveOn, int? round = null) =>
            Partner.Post($"/v1/arisan/{ArisanId}/contributions", new { memberId = Members[member], round, effectiveOn });

        public Task<Reply> Pot(int round, string effectiveOn) => Partner.Post($"/v1/arisan/{ArisanId}/pot-payments", new { round, effectiveOn });

        public Task<Reply> Draw(int round, int member, string effectiveOn) =>
            Partner.Post($"/v1/arisan/{ArisanId}/draws", new { round, memberId = Members[member], effectiveOn });

        public Task<Reply> Refused(string act, object body, string code) => Partner.PostRefused($"/v1/arisan/{ArisanId}/{act}", body, code);

        public async Task AssertBooksAgree() => Assert.Null((await Service.CheckBooks(Partner.Tenant)).Difference);
    }
}
