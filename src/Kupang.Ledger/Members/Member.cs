using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Members;

/// <summary>A person who saves and borrows, as deciders see one: what identifies the person stays encrypted.</summary>
public sealed record Member(MemberId Id, string Number, Encrypted Name, Sex Sex, string? ExternalId, long Version)
    : IStreamState<Member>, IListed, IMayAct
{
    /// <summary>The kind of name under which the keyed hash of a NIK is claimed.</summary>
    public const string HashedNik = "nik";

    public static string Kind => "member";

    public Encrypted? Nik { get; init; }

    public Encrypted? MaskedNik { get; init; }

    public ImmutableArray<string> NikWarnings { get; init; } = [];

    public NikConflict? NikConflict { get; init; }

    public Encrypted? BirthDate { get; init; }

    public Encrypted? BirthYear { get; init; }

    /// <summary>Five years of birth, as <c>1985-1989</c>.</summary>
    public string? BirthYearBand { get; init; }

    public ImmutableArray<MemberPhone> Phones { get; init; } = [];

    public Encrypted? Village { get; init; }

    public MemberAddress? Address { get; init; }

    public Encrypted? Business { get; init; }

    /// <summary>The sector as a word, as a loan's profile keeps it.</summary>
    public string? Sector { get; init; }

    /// <summary>The code of the village, as a loan's profile keeps it.</summary>
    public string? AreaCode => Address?.AreaCode;

    /// <summary>The day on which the person's key was destroyed. What is encrypted here stays, and opens no more.</summary>
    public DateOnly? ErasedOn { get; init; }

    /// <summary>Whether the member may agree to something.</summary>
    public bool MayAct => ErasedOn is null;

    public Listing Listing => new(Id.Value, Number, ExternalId);

    public static Member After(Member? state, RecordedFact fact) => fact.Data switch
    {
        MemberRegistered registered => Registered(registered),
        MemberAmended amended => state!.Amended(amended),
        MemberErased => state! with { ErasedOn = fact.Envelope.EffectiveOn, Version = state.Version + 1 },
        NikDisclosed => state!,
        _ => throw new InvalidOperationException($"A member knows no {fact.Data.GetType().Name}."),
    };

    private static Member Registered(MemberRegistered fact) =>
        new(fact.MemberId, fact.Number, fact.Name, fact.Sex, fact.ExternalId, Version: 1)
        {
            Nik = fact.Nik,
            MaskedNik = fact.MaskedNik,
            NikWarnings = fact.NikWarnings ?? [],
            NikConflict = fact.NikConflict,
            BirthDate = fact.BirthDate,
            BirthYear = fact.BirthYear,
            BirthYearBand = fact.BirthYearBand,
            Phones = fact.Phones ?? [],
            Village = fact.Village,
            Address = fact.Address,
            Business = fact.Business,
            Sector = WordOf(fact.Sector),
        };

    private Member Amended(MemberAmended fact) => this with
    {
        Name = fact.Name ?? Name,
        Phones = fact.Phones ?? Phones,
        Village = fact.Village ?? Village,
        Address = fact.Address ?? Address,
        Business = fact.Business ?? Business,
        Sector = WordOf(fact.Sector) ?? Sector,
        Version = Version + 1,
    };

    private static string? WordOf(Sector? sector) =>
        sector is { } known ? LedgerJson.WordOf(known) : null;
}
