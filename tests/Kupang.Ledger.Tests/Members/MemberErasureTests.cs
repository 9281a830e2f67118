using Kupang.Ledger.Loans;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Xunit;

namespace Kupang.Ledger.Tests.Members;

/// <summary>When a person may be erased, and what goes with the person.</summary>
public sealed class MemberErasureTests
{
    private static readonly DateOnly LastPaidOn = new(2026, 2, 5);
    private static readonly EraseMember Erase = new("own-request");

    [Fact]
    public void The_fact_says_in_clear_that_somebody_was_erased_and_nothing_about_whom()
    {
        var decision = Assert.IsType<Decision.ToRecord>(Decide());

        var fact = Assert.Single(decision.Facts);
        Assert.Equal((new MemberErased(Given.Maria), "own-request"), (fact.Data, fact.ReasonCode));
        Assert.Equal([Given.Maria.Value], decision.ForgottenSubjects);
        Assert.Empty(decision.ForgottenNames);
    }

    [Fact]
    public void The_hash_that_a_nik_is_found_by_goes_with_the_key()
    {
        var registered = RegisterMemberDecider.Decide(
                new RegisterMember("Maria", Sex.Female, "5371015205870001"), Given.Maria, Given.KeyOfMaria, "hash", holderOfNik: null, Given.Now())
            .Recorded<MemberRegistered>();

        var decision = EraseMemberDecider.Decide(Erase, Given.Member(registered), Given.KeyOfMaria, [], nik => $"hash of {nik}", Given.Now());

        Assert.Equal([new NameClaim("nik", "hash of 5371015205870001", Given.Maria.Value)], Assert.IsType<Decision.ToRecord>(decision).ForgottenNames);
    }

    [Fact]
    public void Erasing_again_records_nothing_and_nobody_is_not_found()
    {
        Assert.IsType<Decision.NothingToRecord>(EraseMemberDecider.Decide(
            Erase, Given.Member(new MemberErased(Given.Maria)), key: null, [], nik => nik, Given.Now()));
        Assert.IsType<Decision.Missing>(EraseMemberDecider.Decide(Erase, member: null, key: null, [], nik => nik, Given.Now()));
    }

    [Fact]
    public void A_loan_that_is_asked_for_approved_or_owed_keeps_the_person()
    {
        var facts = LoanHistory.Flat().Facts;

        Decide(Loan([facts[0]])).IsRefused("obligation-open", pointer: null);
        Decide(Loan([facts[0], facts[1]])).IsRefused("obligation-open", pointer: null);
        Decide(Loan(facts)).IsRefused("obligation-open", pointer: null);
        Decide(today: LastPaidOn.AddYears(50), Loan(LoanHistory.Flat().Pay(4_719_999, LastPaidOn).Facts)).IsRefused("obligation-open", pointer: null);
    }

    [Fact]
    public void The_refusal_names_what_is_open()
    {
        var refusal = Assert.IsType<Decision.Refused>(Decide(Loan(LoanHistory.Flat().Facts))).Refusal;

        Assert.Equal(
            [new Figure("kind", "loan"), new Figure("id", LoanHistory.TheLoan.ToString()), new Figure("number", "PJ-1")],
            refusal.Figures);
    }

    [Fact]
    public void An_advance_that_is_held_keeps_the_person() =>
        Decide(today: LastPaidOn.AddYears(50), Loan(LoanHistory.Flat().Pay(4_720_001, LastPaidOn).Facts)).IsRefused("obligation-open", pointer: null);

    [Fact]
    public void A_group_keeps_the_person_until_it_is_left()
    {
        Decide(GroupOf()).IsRefused("obligation-open", pointer: null);
        Assert.IsType<Decision.ToRecord>(Decide(GroupOf(new GroupMemberDeparted(Given.Melati, Given.Maria))));
    }

    [Fact]
    public void Ten_years_after_the_last_payment_the_person_may_be_erased_and_not_a_day_before()
    {
        var repaid = Loan(LoanHistory.Flat().Pay(4_000_000, new DateOnly(2026, 1, 6)).Pay(720_000, LastPaidOn).Facts);

        var refused = Assert.IsType<Decision.Refused>(Decide(today: new DateOnly(2036, 2, 4), repaid)).Refusal;
        Assert.Equal("retention-running", refused.Code);
        Assert.Equal([new Figure("lastFactOn", LastPaidOn), new Figure("endsOn", new DateOnly(2036, 2, 5))], refused.Figures);
        Assert.IsType<Decision.ToRecord>(Decide(today: new DateOnly(2036, 2, 5), repaid));
        Assert.IsType<Decision.ToRecord>(Decide(today: LastPaidOn, repaid, retentionYears: 0));
    }

    [Fact]
    public void Of_several_loans_the_last_counts()
    {
        var early = Loan(LoanHistory.Flat().Pay(4_720_000, new DateOnly(2026, 1, 6)).Facts);
        var late = Loan(LoanHistory.Flat().Pay(4_720_000, LastPaidOn).Facts);

        Decide(today: new DateOnly(2036, 1, 6), late, early).IsRefused("retention-running", pointer: null);
    }

    [Fact]
    public void A_person_who_never_had_money_is_kept_waiting_by_nothing()
    {
        var asked = LoanHistory.Flat().Facts[0];
        var refused = asked with { Data = new LoanRejected(LoanHistory.NewTransaction(), LoanHistory.TheLoan, new Encrypted(Given.Maria.Value, "")) };

        Assert.IsType<Decision.ToRecord>(Decide(Loan([asked, refused])));
    }

    private static Decision Decide(params StreamState[] participations) => Decide(Given.Today, participations);

    private static Decision Decide(DateOnly today, params StreamState[] participations) => Decide(today, participations, retentionYears: 10);

    private static Decision Decide(DateOnly today, StreamState participation, int retentionYears) => Decide(today, [participation], retentionYears);

    private static Decision Decide(DateOnly today, StreamState[] participations, int retentionYears) => EraseMemberDecider.Decide(
        Erase,
        Given.Member(),
        Given.KeyOfMaria,
        participations,
        nik => nik,
        new Moment(new DateTimeOffset(today, new TimeOnly(4, 0), TimeSpan.Zero), today, sequence: 7, prefix => prefix) { RetentionYears = retentionYears });

    private static StreamState Loan(IEnumerable<RecordedFact> facts) => Fold<Loan>(facts);

    private static StreamState GroupOf(params IEnumerable<object> more) => Fold<Group>(
        more.Prepend(new GroupFormed(Given.Melati, "KL-1", "Melati", [new GroupSeat(Given.Maria), new GroupSeat(Given.Yuliana)]))
            .Select(data => LoanHistory.Flat().Facts[0] with { StreamId = Given.Melati.Value, Data = data }));

    private static StreamState Fold<TState>(IEnumerable<RecordedFact> facts)
        where TState : class, IStreamState<TState> =>
        facts.Aggregate(StreamState.Empty(StreamKind.Of<TState>(), facts.First().StreamId), (state, fact) => state.Apply(fact));
}
