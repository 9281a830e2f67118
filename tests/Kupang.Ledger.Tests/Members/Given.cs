using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Staff;
using Kupang.Ledger.Tests.Fixtures;
using Kupang.Ledger.Writing;
using Xunit;

namespace Kupang.Ledger.Tests.Members;

/// <summary>People and groups with a history, and what a decider said about them.</summary>
internal static class Given
{
    public static readonly MemberId Maria = new(Guid.Parse("019ab000-0000-7000-8000-000000000001"));
    public static readonly MemberId Yuliana = new(Guid.Parse("019ab000-0000-7000-8000-000000000002"));
    public static readonly GroupId Melati = new(Guid.Parse("019ab000-0000-7000-8000-000000000003"));
    public static readonly StaffId Petrus = new(Guid.Parse("019ab000-0000-7000-8000-000000000004"));
    public static readonly SubjectKey KeyOfMaria = SubjectKey.New(Maria.Value);
    public static readonly SubjectKey KeyOfPetrus = SubjectKey.New(Petrus.Value);
    public static readonly DateOnly Today = LedgerService.Today;
    public static readonly DateOnly FormedOn = new(2026, 1, 10);

    public static Moment Now(DateOnly? booksOpenFrom = null) =>
        new(new DateTimeOffset(Today, new TimeOnly(4, 0), TimeSpan.Zero), Today, sequence: 7, prefix => $"{prefix}-2026-000001")
        {
            BooksOpenFrom = booksOpenFrom,
        };

    public static Member Member(params IEnumerable<object> more) => Fold<Member>(
        Maria.Value,
        [(new MemberRegistered(Maria, "AG-2026-000001", KeyOfMaria.Encrypt("Maria"), Sex.Female), Today), .. more.Select(fact => (fact, Today))]);

    public static StaffMember Staff(params IEnumerable<(object, DateOnly)> more) => Fold<StaffMember>(
        Petrus.Value, [(new StaffRegistered(Petrus, "PT-2026-000001", KeyOfPetrus.Encrypt("Petrus"), "loan-officer"), Today), .. more]);

    /// <summary>A group formed on 10 January by Maria, its chair.</summary>
    public static Group Group(params IEnumerable<(object, DateOnly)> more) => Fold<Group>(
        Melati.Value, [(new GroupFormed(Melati, "KL-2026-000001", "Melati", [new GroupSeat(Maria, GroupRole.Chair)]), FormedOn), .. more]);

    /// <summary>The one fact that was decided.</summary>
    public static TFact Recorded<TFact>(this Decision decision) =>
        Assert.IsType<TFact>(Assert.Single(Assert.IsType<Decision.ToRecord>(decision).Facts).Data);

    public static void IsRefused(this Decision decision, string code, string? pointer)
    {
        var refusal = Assert.IsType<Decision.Refused>(decision).Refusal;
        Assert.Equal((code, pointer), (refusal.Code, refusal.Pointer));
    }

    private static TState Fold<TState>(Guid streamId, IEnumerable<(object Data, DateOnly Day)> facts)
        where TState : class, IStreamState<TState> =>
        facts.Aggregate(
            (TState?)null,
            (state, fact) => TState.After(state, new RecordedFact(Guid.CreateVersion7(), streamId, fact.Data, EnvelopeOf(fact.Day))))!;

    private static Envelope EnvelopeOf(DateOnly day) =>
        new(1, Now().RecordedAt, day, day, Guid.CreateVersion7(), "test", new Actor(new ApiKeyId(Guid.CreateVersion7())));
}
